#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SnapshotState {
    #[allow(missing_docs)] // documentation missing in model
    Completed,
    #[allow(missing_docs)] // documentation missing in model
    Error,
    #[allow(missing_docs)] // documentation missing in model
    Pending,
    #[allow(missing_docs)] // documentation missing in model
    Recoverable,
    #[allow(missing_docs)] // documentation missing in model
    Recovering,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SnapshotState {
    fn from(s: &str) -> Self {
        match s {
            "completed" => SnapshotState::Completed,
            "error" => SnapshotState::Error,
            "pending" => SnapshotState::Pending,
            "recoverable" => SnapshotState::Recoverable,
            "recovering" => SnapshotState::Recovering,
            other => SnapshotState::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SnapshotState {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SnapshotState::from(s))
    }
}
impl SnapshotState {
    pub fn as_str(&self) -> &str {
        match self {
            SnapshotState::Completed => "completed",
            SnapshotState::Error => "error",
            SnapshotState::Pending => "pending",
            SnapshotState::Recoverable => "recoverable",
            SnapshotState::Recovering => "recovering",
            SnapshotState::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["completed", "error", "pending", "recoverable", "recovering"]
    }
}
impl ::std::convert::AsRef<str> for SnapshotState {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SnapshotState {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SnapshotState {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SnapshotState::Completed => write!(f, "completed"),
            SnapshotState::Error => write!(f, "error"),
            SnapshotState::Pending => write!(f, "pending"),
            SnapshotState::Recoverable => write!(f, "recoverable"),
            SnapshotState::Recovering => write!(f, "recovering"),
            SnapshotState::Unknown(value) => write!(f, "{value}"),
        }
    }
}
