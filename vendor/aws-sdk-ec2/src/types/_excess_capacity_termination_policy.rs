#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ExcessCapacityTerminationPolicy {
    #[allow(missing_docs)] // documentation missing in model
    Default,
    #[allow(missing_docs)] // documentation missing in model
    NoTermination,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ExcessCapacityTerminationPolicy {
    fn from(s: &str) -> Self {
        match s {
            "default" => ExcessCapacityTerminationPolicy::Default,
            "noTermination" => ExcessCapacityTerminationPolicy::NoTermination,
            other => ExcessCapacityTerminationPolicy::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ExcessCapacityTerminationPolicy {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ExcessCapacityTerminationPolicy::from(s))
    }
}
impl ExcessCapacityTerminationPolicy {
    pub fn as_str(&self) -> &str {
        match self {
            ExcessCapacityTerminationPolicy::Default => "default",
            ExcessCapacityTerminationPolicy::NoTermination => "noTermination",
            ExcessCapacityTerminationPolicy::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["default", "noTermination"]
    }
}
impl ::std::convert::AsRef<str> for ExcessCapacityTerminationPolicy {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ExcessCapacityTerminationPolicy {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ExcessCapacityTerminationPolicy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ExcessCapacityTerminationPolicy::Default => write!(f, "default"),
            ExcessCapacityTerminationPolicy::NoTermination => write!(f, "noTermination"),
            ExcessCapacityTerminationPolicy::Unknown(value) => write!(f, "{value}"),
        }
    }
}
