#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum TpmSupportValues {
    #[allow(missing_docs)] // documentation missing in model
    V20,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for TpmSupportValues {
    fn from(s: &str) -> Self {
        match s {
            "v2.0" => TpmSupportValues::V20,
            other => TpmSupportValues::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for TpmSupportValues {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(TpmSupportValues::from(s))
    }
}
impl TpmSupportValues {
    pub fn as_str(&self) -> &str {
        match self {
            TpmSupportValues::V20 => "v2.0",
            TpmSupportValues::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["v2.0"]
    }
}
impl ::std::convert::AsRef<str> for TpmSupportValues {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl TpmSupportValues {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for TpmSupportValues {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            TpmSupportValues::V20 => write!(f, "v2.0"),
            TpmSupportValues::Unknown(value) => write!(f, "{value}"),
        }
    }
}
