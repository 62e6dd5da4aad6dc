#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ParameterTier {
    #[allow(missing_docs)] // documentation missing in model
    Advanced,
    #[allow(missing_docs)] // documentation missing in model
    IntelligentTiering,
    #[allow(missing_docs)] // documentation missing in model
    Standard,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ParameterTier {
    fn from(s: &str) -> Self {
        match s {
            "Advanced" => ParameterTier::Advanced,
            "Intelligent-Tiering" => ParameterTier::IntelligentTiering,
            "Standard" => ParameterTier::Standard,
            other => ParameterTier::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ParameterTier {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ParameterTier::from(s))
    }
}
impl ParameterTier {
    pub fn as_str(&self) -> &str {
        match self {
            ParameterTier::Advanced => "Advanced",
            ParameterTier::IntelligentTiering => "Intelligent-Tiering",
            ParameterTier::Standard => "Standard",
            ParameterTier::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["Advanced", "Intelligent-Tiering", "Standard"]
    }
}
impl ::std::convert::AsRef<str> for ParameterTier {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ParameterTier {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ParameterTier {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ParameterTier::Advanced => write!(f, "Advanced"),
            ParameterTier::IntelligentTiering => write!(f, "Intelligent-Tiering"),
            ParameterTier::Standard => write!(f, "Standard"),
            ParameterTier::Unknown(value) => write!(f, "{value}"),
        }
    }
}
