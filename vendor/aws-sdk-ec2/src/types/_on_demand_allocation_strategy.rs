#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum OnDemandAllocationStrategy {
    #[allow(missing_docs)] // documentation missing in model
    LowestPrice,
    #[allow(missing_docs)] // documentation missing in model
    Prioritized,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for OnDemandAllocationStrategy {
    fn from(s: &str) -> Self {
        match s {
            "lowestPrice" => OnDemandAllocationStrategy::LowestPrice,
            "prioritized" => OnDemandAllocationStrategy::Prioritized,
            other => OnDemandAllocationStrategy::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for OnDemandAllocationStrategy {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(OnDemandAllocationStrategy::from(s))
    }
}
impl OnDemandAllocationStrategy {
    pub fn as_str(&self) -> &str {
        match self {
            OnDemandAllocationStrategy::LowestPrice => "lowestPrice",
            OnDemandAllocationStrategy::Prioritized => "prioritized",
            OnDemandAllocationStrategy::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["lowestPrice", "prioritized"]
    }
}
impl ::std::convert::AsRef<str> for OnDemandAllocationStrategy {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl OnDemandAllocationStrategy {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for OnDemandAllocationStrategy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            OnDemandAllocationStrategy::LowestPrice => write!(f, "lowestPrice"),
            OnDemandAllocationStrategy::Prioritized => write!(f, "prioritized"),
            OnDemandAllocationStrategy::Unknown(value) => write!(f, "{value}"),
        }
    }
}
