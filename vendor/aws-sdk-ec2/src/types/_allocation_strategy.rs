#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum AllocationStrategy {
    #[allow(missing_docs)] // documentation missing in model
    CapacityOptimized,
    #[allow(missing_docs)] // documentation missing in model
    CapacityOptimizedPrioritized,
    #[allow(missing_docs)] // documentation missing in model
    Diversified,
    #[allow(missing_docs)] // documentation missing in model
    LowestPrice,
    #[allow(missing_docs)] // documentation missing in model
    PriceCapacityOptimized,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for AllocationStrategy {
    fn from(s: &str) -> Self {
        match s {
            "capacityOptimized" => AllocationStrategy::CapacityOptimized,
            "capacityOptimizedPrioritized" => AllocationStrategy::CapacityOptimizedPrioritized,
            "diversified" => AllocationStrategy::Diversified,
            "lowestPrice" => AllocationStrategy::LowestPrice,
            "priceCapacityOptimized" => AllocationStrategy::PriceCapacityOptimized,
            other => AllocationStrategy::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for AllocationStrategy {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(AllocationStrategy::from(s))
    }
}
impl AllocationStrategy {
    pub fn as_str(&self) -> &str {
        match self {
            AllocationStrategy::CapacityOptimized => "capacityOptimized",
            AllocationStrategy::CapacityOptimizedPrioritized => "capacityOptimizedPrioritized",
            AllocationStrategy::Diversified => "diversified",
            AllocationStrategy::LowestPrice => "lowestPrice",
            AllocationStrategy::PriceCapacityOptimized => "priceCapacityOptimized",
            AllocationStrategy::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "capacityOptimized",
            "capacityOptimizedPrioritized",
            "diversified",
            "lowestPrice",
            "priceCapacityOptimized",
        ]
    }
}
impl ::std::convert::AsRef<str> for AllocationStrategy {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl AllocationStrategy {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for AllocationStrategy {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            AllocationStrategy::CapacityOptimized => write!(f, "capacityOptimized"),
            AllocationStrategy::CapacityOptimizedPrioritized => write!(f, "capacityOptimizedPrioritized"),
            AllocationStrategy::Diversified => write!(f, "diversified"),
            AllocationStrategy::LowestPrice => write!(f, "lowestPrice"),
            AllocationStrategy::PriceCapacityOptimized => write!(f, "priceCapacityOptimized"),
            AllocationStrategy::Unknown(value) => write!(f, "{value}"),
        }
    }
}
