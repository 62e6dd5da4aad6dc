#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum TransferType {
    #[allow(missing_docs)] // documentation missing in model
    Standard,
    #[allow(missing_docs)] // documentation missing in model
    TimeBased,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for TransferType {
    fn from(s: &str) -> Self {
        match s {
            "standard" => TransferType::Standard,
            "time-based" => TransferType::TimeBased,
            other => TransferType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for TransferType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(TransferType::from(s))
    }
}
impl TransferType {
    pub fn as_str(&self) -> &str {
        match self {
            TransferType::Standard => "standard",
            TransferType::TimeBased => "time-based",
            TransferType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["standard", "time-based"]
    }
}
impl ::std::convert::AsRef<str> for TransferType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl TransferType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for TransferType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            TransferType::Standard => write!(f, "standard"),
            TransferType::TimeBased => write!(f, "time-based"),
            TransferType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
