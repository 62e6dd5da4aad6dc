#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ReplacementStrategy {
    #[allow(missing_docs)] // documentation missing in model
    Launch,
    #[allow(missing_docs)] // documentation missing in model
    LaunchBeforeTerminate,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ReplacementStrategy {
    fn from(s: &str) -> Self {
        match s {
            "launch" => ReplacementStrategy::Launch,
            "launch-before-terminate" => ReplacementStrategy::LaunchBeforeTerminate,
            other => ReplacementStrategy::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ReplacementStrategy {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ReplacementStrategy::from(s))
    }
}
impl ReplacementStrategy {
    pub fn as_str(&self) -> &str {
        match self {
            ReplacementStrategy::Launch => "launch",
            ReplacementStrategy::LaunchBeforeTerminate => "launch-before-terminate",
            ReplacementStrategy::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["launch", "launch-before-terminate"]
    }
}
impl ::std::convert::AsRef<str> for ReplacementStrategy {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ReplacementStrategy {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ReplacementStrategy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ReplacementStrategy::Launch => write!(f, "launch"),
            ReplacementStrategy::LaunchBeforeTerminate => write!(f, "launch-before-terminate"),
            ReplacementStrategy::Unknown(value) => write!(f, "{value}"),
        }
    }
}
