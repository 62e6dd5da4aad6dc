#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SnapshotReturnCodes {
    #[allow(missing_docs)] // documentation missing in model
    ErrorCodeClientError,
    #[allow(missing_docs)] // documentation missing in model
    ErrorCodeInternalError,
    #[allow(missing_docs)] // documentation missing in model
    ErrorMissingPermissions,
    #[allow(missing_docs)] // documentation missing in model
    WarnSkipped,
    #[allow(missing_docs)] // documentation missing in model
    Success,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SnapshotReturnCodes {
    fn from(s: &str) -> Self {
        match s {
            "client-error" => SnapshotReturnCodes::ErrorCodeClientError,
            "internal-error" => SnapshotReturnCodes::ErrorCodeInternalError,
            "missing-permissions" => SnapshotReturnCodes::ErrorMissingPermissions,
            "skipped" => SnapshotReturnCodes::WarnSkipped,
            "success" => SnapshotReturnCodes::Success,
            other => SnapshotReturnCodes::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SnapshotReturnCodes {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SnapshotReturnCodes::from(s))
    }
}
impl SnapshotReturnCodes {
    pub fn as_str(&self) -> &str {
        match self {
            SnapshotReturnCodes::ErrorCodeClientError => "client-error",
            SnapshotReturnCodes::ErrorCodeInternalError => "internal-error",
            SnapshotReturnCodes::ErrorMissingPermissions => "missing-permissions",
            SnapshotReturnCodes::WarnSkipped => "skipped",
            SnapshotReturnCodes::Success => "success",
            SnapshotReturnCodes::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["client-error", "internal-error", "missing-permissions", "skipped", "success"]
    }
}
impl ::std::convert::AsRef<str> for SnapshotReturnCodes {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SnapshotReturnCodes {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SnapshotReturnCodes {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SnapshotReturnCodes::ErrorCodeClientError => write!(f, "client-error"),
            SnapshotReturnCodes::ErrorCodeInternalError => write!(f, "internal-error"),
            SnapshotReturnCodes::ErrorMissingPermissions => write!(f, "missing-permissions"),
            SnapshotReturnCodes::WarnSkipped => write!(f, "skipped"),
            SnapshotReturnCodes::Success => write!(f, "success"),
            SnapshotReturnCodes::Unknown(value) => write!(f, "{value}"),
        }
    }
}
