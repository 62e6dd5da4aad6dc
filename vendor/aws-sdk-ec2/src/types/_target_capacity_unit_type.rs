#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum TargetCapacityUnitType {
    #[allow(missing_docs)] // documentation missing in model
    MemoryMib,
    #[allow(missing_docs)] // documentation missing in model
    Units,
    #[allow(missing_docs)] // documentation missing in model
    Vcpu,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for TargetCapacityUnitType {
    fn from(s: &str) -> Self {
        match s {
            "memory-mib" => TargetCapacityUnitType::MemoryMib,
            "units" => TargetCapacityUnitType::Units,
            "vcpu" => TargetCapacityUnitType::Vcpu,
            other => TargetCapacityUnitType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for TargetCapacityUnitType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(TargetCapacityUnitType::from(s))
    }
}
impl TargetCapacityUnitType {
    pub fn as_str(&self) -> &str {
        match self {
            TargetCapacityUnitType::MemoryMib => "memory-mib",
            TargetCapacityUnitType::Units => "units",
            TargetCapacityUnitType::Vcpu => "vcpu",
            TargetCapacityUnitType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["memory-mib", "units", "vcpu"]
    }
}
impl ::std::convert::AsRef<str> for TargetCapacityUnitType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl TargetCapacityUnitType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for TargetCapacityUnitType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            TargetCapacityUnitType::MemoryMib => write!(f, "memory-mib"),
            TargetCapacityUnitType::Units => write!(f, "units"),
            TargetCapacityUnitType::Vcpu => write!(f, "vcpu"),
            TargetCapacityUnitType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
