#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SseType {
    #[allow(missing_docs)] // documentation missing in model
    None,
    #[allow(missing_docs)] // documentation missing in model
    SseEbs,
    #[allow(missing_docs)] // documentation missing in model
    SseKms,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SseType {
    fn from(s: &str) -> Self {
        match s {
            "none" => SseType::None,
            "sse-ebs" => SseType::SseEbs,
            "sse-kms" => SseType::SseKms,
            other => SseType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SseType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SseType::from(s))
    }
}
impl SseType {
    pub fn as_str(&self) -> &str {
        match self {
            SseType::None => "none",
            SseType::SseEbs => "sse-ebs",
            SseType::SseKms => "sse-kms",
            SseType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["none", "sse-ebs", "sse-kms"]
    }
}
impl ::std::convert::AsRef<str> for SseType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SseType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SseType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SseType::None => write!(f, "none"),
            SseType::SseEbs => write!(f, "sse-ebs"),
            SseType::SseKms => write!(f, "sse-kms"),
            SseType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
