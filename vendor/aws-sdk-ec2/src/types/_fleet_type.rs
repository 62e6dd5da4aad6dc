#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum FleetType {
    #[allow(missing_docs)] // documentation missing in model
    Instant,
    #[allow(missing_docs)] // documentation missing in model
    Maintain,
    #[allow(missing_docs)] // documentation missing in model
    Request,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for FleetType {
    fn from(s: &str) -> Self {
        match s {
            "instant" => FleetType::Instant,
            "maintain" => FleetType::Maintain,
            "request" => FleetType::Request,
            other => FleetType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for FleetType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(FleetType::from(s))
    }
}
impl FleetType {
    pub fn as_str(&self) -> &str {
        match self {
            FleetType::Instant => "instant",
            FleetType::Maintain => "maintain",
            FleetType::Request => "request",
            FleetType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["instant", "maintain", "request"]
    }
}
impl ::std::convert::AsRef<str> for FleetType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl FleetType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for FleetType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            FleetType::Instant => write!(f, "instant"),
            FleetType::Maintain => write!(f, "maintain"),
            FleetType::Request => write!(f, "request"),
            FleetType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
