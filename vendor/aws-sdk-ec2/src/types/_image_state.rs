#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum ImageState {
    #[allow(missing_docs)] // documentation missing in model
    Available,
    #[allow(missing_docs)] // documentation missing in model
    Deregistered,
    #[allow(missing_docs)] // documentation missing in model
    Disabled,
    #[allow(missing_docs)] // documentation missing in model
    Error,
    #[allow(missing_docs)] // documentation missing in model
    Failed,
    #[allow(missing_docs)] // documentation missing in model
    Invalid,
    #[allow(missing_docs)] // documentation missing in model
    Pending,
    #[allow(missing_docs)] // documentation missing in model
    Transient,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for ImageState {
    fn from(s: &str) -> Self {
        match s {
            "available" => ImageState::Available,
            "deregistered" => ImageState::Deregistered,
            "disabled" => ImageState::Disabled,
            "error" => ImageState::Error,
            "failed" => ImageState::Failed,
            "invalid" => ImageState::Invalid,
            "pending" => ImageState::Pending,
            "transient" => ImageState::Transient,
            other => ImageState::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for ImageState {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(ImageState::from(s))
    }
}
impl ImageState {
    pub fn as_str(&self) -> &str {
        match self {
            ImageState::Available => "available",
            ImageState::Deregistered => "deregistered",
            ImageState::Disabled => "disabled",
            ImageState::Error => "error",
            ImageState::Failed => "failed",
            ImageState::Invalid => "invalid",
            ImageState::Pending => "pending",
            ImageState::Transient => "transient",
            ImageState::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "available",
            "deregistered",
            "disabled",
            "error",
            "failed",
            "invalid",
            "pending",
            "transient",
        ]
    }
}
impl ::std::convert::AsRef<str> for ImageState {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl ImageState {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for ImageState {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            ImageState::Available => write!(f, "available"),
            ImageState::Deregistered => write!(f, "deregistered"),
            ImageState::Disabled => write!(f, "disabled"),
            ImageState::Error => write!(f, "error"),
            ImageState::Failed => write!(f, "failed"),
            ImageState::Invalid => write!(f, "invalid"),
            ImageState::Pending => write!(f, "pending"),
            ImageState::Transient => write!(f, "transient"),
            ImageState::Unknown(value) => write!(f, "{value}"),
        }
    }
}
