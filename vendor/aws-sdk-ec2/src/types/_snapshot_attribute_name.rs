#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SnapshotAttributeName {
    #[allow(missing_docs)] // documentation missing in model
    CreateVolumePermission,
    #[allow(missing_docs)] // documentation missing in model
    ProductCodes,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SnapshotAttributeName {
    fn from(s: &str) -> Self {
        match s {
            "createVolumePermission" => SnapshotAttributeName::CreateVolumePermission,
            "productCodes" => SnapshotAttributeName::ProductCodes,
            other => SnapshotAttributeName::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SnapshotAttributeName {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SnapshotAttributeName::from(s))
    }
}
impl SnapshotAttributeName {
    pub fn as_str(&self) -> &str {
        match self {
            SnapshotAttributeName::CreateVolumePermission => "createVolumePermission",
            SnapshotAttributeName::ProductCodes => "productCodes",
            SnapshotAttributeName::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["createVolumePermission", "productCodes"]
    }
}
impl ::std::convert::AsRef<str> for SnapshotAttributeName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SnapshotAttributeName {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SnapshotAttributeName {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SnapshotAttributeName::CreateVolumePermission => write!(f, "createVolumePermission"),
            SnapshotAttributeName::ProductCodes => write!(f, "productCodes"),
            SnapshotAttributeName::Unknown(value) => write!(f, "{value}"),
        }
    }
}
