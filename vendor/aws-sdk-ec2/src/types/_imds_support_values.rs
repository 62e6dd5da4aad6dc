#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ImdsSupportValues {
    #[allow(missing_docs)] // documentation missing in model
    V20,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ImdsSupportValues {
    fn from(s: &str) -> Self {
        match s {
            "v2.0" => ImdsSupportValues::V20,
            other => ImdsSupportValues::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ImdsSupportValues {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ImdsSupportValues::from(s))
    }
}
impl ImdsSupportValues {
    pub fn as_str(&self) -> &str {
        match self {
            ImdsSupportValues::V20 => "v2.0",
            ImdsSupportValues::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["v2.0"]
    }
}
impl ::std::convert::AsRef<str> for ImdsSupportValues {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ImdsSupportValues {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ImdsSupportValues {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ImdsSupportValues::V20 => write!(f, "v2.0"),
            ImdsSupportValues::Unknown(value) => write!(f, "{value}"),
        }
    }
}
