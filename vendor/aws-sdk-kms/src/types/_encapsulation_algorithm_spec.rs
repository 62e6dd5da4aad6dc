#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum EncapsulationAlgorithmSpec {
    #[allow(missing_docs)] // documentation missing in model
    MlKem,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for EncapsulationAlgorithmSpec {
    fn from(s: &str) -> Self {
        match s {
            "ML_KEM" => EncapsulationAlgorithmSpec::MlKem,
            other => EncapsulationAlgorithmSpec::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for EncapsulationAlgorithmSpec {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(EncapsulationAlgorithmSpec::from(s))
    }
}
impl EncapsulationAlgorithmSpec {
    pub fn as_str(&self) -> &str {
        match self {
            EncapsulationAlgorithmSpec::MlKem => "ML_KEM",
            EncapsulationAlgorithmSpec::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["ML_KEM"]
    }
}
impl ::std::convert::AsRef<str> for EncapsulationAlgorithmSpec {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl EncapsulationAlgorithmSpec {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for EncapsulationAlgorithmSpec {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            EncapsulationAlgorithmSpec::MlKem => write!(f, "ML_KEM"),
            EncapsulationAlgorithmSpec::Unknown(value) => write!(f, "{value}"),
        }
    }
}
