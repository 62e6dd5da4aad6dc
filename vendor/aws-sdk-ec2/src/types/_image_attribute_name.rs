#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ImageAttributeName {
    #[allow(missing_docs)] // documentation missing in model
    BlockDeviceMapping,
    #[allow(missing_docs)] // documentation missing in model
    BootMode,
    #[allow(missing_docs)] // documentation missing in model
    DeregistrationProtection,
    #[allow(missing_docs)] // documentation missing in model
    Description,
    #[allow(missing_docs)] // documentation missing in model
    ImdsSupport,
    #[allow(missing_docs)] // documentation missing in model
    Kernel,
    #[allow(missing_docs)] // documentation missing in model
    LastLaunchedTime,
    #[allow(missing_docs)] // documentation missing in model
    LaunchPermission,
    #[allow(missing_docs)] // documentation missing in model
    ProductCodes,
    #[allow(missing_docs)] // documentation missing in model
    Ramdisk,
    #[allow(missing_docs)] // documentation missing in model
    SriovNetSupport,
    #[allow(missing_docs)] // documentation missing in model
    TpmSupport,
    #[allow(missing_docs)] // documentation missing in model
    UefiData,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ImageAttributeName {
    fn from(s: &str) -> Self {
        match s {
            "blockDeviceMapping" => ImageAttributeName::BlockDeviceMapping,
            "bootMode" => ImageAttributeName::BootMode,
            "deregistrationProtection" => ImageAttributeName::DeregistrationProtection,
            "description" => ImageAttributeName::Description,
            "imdsSupport" => ImageAttributeName::ImdsSupport,
            "kernel" => ImageAttributeName::Kernel,
            "lastLaunchedTime" => ImageAttributeName::LastLaunchedTime,
            "launchPermission" => ImageAttributeName::LaunchPermission,
            "productCodes" => ImageAttributeName::ProductCodes,
            "ramdisk" => ImageAttributeName::Ramdisk,
            "sriovNetSupport" => ImageAttributeName::SriovNetSupport,
            "tpmSupport" => ImageAttributeName::TpmSupport,
            "uefiData" => ImageAttributeName::UefiData,
            other => ImageAttributeName::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ImageAttributeName {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ImageAttributeName::from(s))
    }
}
impl ImageAttributeName {
    pub fn as_str(&self) -> &str {
        match self {
            ImageAttributeName::BlockDeviceMapping => "blockDeviceMapping",
            ImageAttributeName::BootMode => "bootMode",
            ImageAttributeName::DeregistrationProtection => "deregistrationProtection",
            ImageAttributeName::Description => "description",
            ImageAttributeName::ImdsSupport => "imdsSupport",
            ImageAttributeName::Kernel => "kernel",
            ImageAttributeName::LastLaunchedTime => "lastLaunchedTime",
            ImageAttributeName::LaunchPermission => "launchPermission",
            ImageAttributeName::ProductCodes => "productCodes",
            ImageAttributeName::Ramdisk => "ramdisk",
            ImageAttributeName::SriovNetSupport => "sriovNetSupport",
            ImageAttributeName::TpmSupport => "tpmSupport",
            ImageAttributeName::UefiData => "uefiData",
            ImageAttributeName::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "blockDeviceMapping",
            "bootMode",
            "deregistrationProtection",
            "description",
            "imdsSupport",
            "kernel",
            "lastLaunchedTime",
            "launchPermission",
            "productCodes",
            "ramdisk",
            "sriovNetSupport",
            "tpmSupport",
            "uefiData",
        ]
    }
}
impl ::std::convert::AsRef<str> for ImageAttributeName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ImageAttributeName {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ImageAttributeName {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ImageAttributeName::BlockDeviceMapping => write!(f, "blockDeviceMapping"),
            ImageAttributeName::BootMode => write!(f, "bootMode"),
            ImageAttributeName::DeregistrationProtection => write!(f, "deregistrationProtection"),
            ImageAttributeName::Description => write!(f, "description"),
            ImageAttributeName::ImdsSupport => write!(f, "imdsSupport"),
            ImageAttributeName::Kernel => write!(f, "kernel"),
            ImageAttributeName::LastLaunchedTime => write!(f, "lastLaunchedTime"),
            ImageAttributeName::LaunchPermission => write!(f, "launchPermission"),
            ImageAttributeName::ProductCodes => write!(f, "productCodes"),
            ImageAttributeName::Ramdisk => write!(f, "ramdisk"),
            ImageAttributeName::SriovNetSupport => write!(f, "sriovNetSupport"),
            ImageAttributeName::TpmSupport => write!(f, "tpmSupport"),
            ImageAttributeName::UefiData => write!(f, "uefiData"),
            ImageAttributeName::Unknown(value) => write!(f, "{value}"),
        }
    }
}
