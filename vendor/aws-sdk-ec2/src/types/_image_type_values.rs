#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ImageTypeValues {
    #[allow(missing_docs)] // documentation missing in model
    Kernel,
    #[allow(missing_docs)] // documentation missing in model
    Machine,
    #[allow(missing_docs)] // documentation missing in model
    Ramdisk,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ImageTypeValues {
    fn from(s: &str) -> Self {
        match s {
            "kernel" => ImageTypeValues::Kernel,
            "machine" => ImageTypeValues::Machine,
            "ramdisk" => ImageTypeValues::Ramdisk,
            other => ImageTypeValues::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ImageTypeValues {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ImageTypeValues::from(s))
    }
}
impl ImageTypeValues {
    pub fn as_str(&self) -> &str {
        match self {
            ImageTypeValues::Kernel => "kernel",
            ImageTypeValues::Machine => "machine",
            ImageTypeValues::Ramdisk => "ramdisk",
            ImageTypeValues::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["kernel", "machine", "ramdisk"]
    }
}
impl ::std::convert::AsRef<str> for ImageTypeValues {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ImageTypeValues {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ImageTypeValues {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ImageTypeValues::Kernel => write!(f, "kernel"),
            ImageTypeValues::Machine => write!(f, "machine"),
            ImageTypeValues::Ramdisk => write!(f, "ramdisk"),
            ImageTypeValues::Unknown(value) => write!(f, "{value}"),
        }
    }
}
