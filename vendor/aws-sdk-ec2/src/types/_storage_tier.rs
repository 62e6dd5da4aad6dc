#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum StorageTier {
    #[allow(missing_docs)] // documentation missing in model
    Archive,
    #[allow(missing_docs)] // documentation missing in model
    Standard,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for StorageTier {
    fn from(s: &str) -> Self {
        match s {
            "archive" => StorageTier::Archive,
            "standard" => StorageTier::Standard,
            other => StorageTier::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for StorageTier {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(StorageTier::from(s))
    }
}
impl StorageTier {
    pub fn as_str(&self) -> &str {
        match self {
            StorageTier::Archive => "archive",
            StorageTier::Standard => "standard",
            StorageTier::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["archive", "standard"]
    }
}
impl ::std::convert::AsRef<str> for StorageTier {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl StorageTier {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for StorageTier {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            StorageTier::Archive => write!(f, "archive"),
            StorageTier::Standard => write!(f, "standard"),
            StorageTier::Unknown(value) => write!(f, "{value}"),
        }
    }
}
