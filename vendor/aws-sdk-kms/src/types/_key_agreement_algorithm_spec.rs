#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum KeyAgreementAlgorithmSpec {
    #[allow(missing_docs)] // documentation missing in model
    Ecdh,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for KeyAgreementAlgorithmSpec {
    fn from(s: &str) -> Self {
        match s {
            "ECDH" => KeyAgreementAlgorithmSpec::Ecdh,
            other => KeyAgreementAlgorithmSpec::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for KeyAgreementAlgorithmSpec {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(KeyAgreementAlgorithmSpec::from(s))
    }
}
impl KeyAgreementAlgorithmSpec {
    pub fn as_str(&self) -> &str {
        match self {
            KeyAgreementAlgorithmSpec::Ecdh => "ECDH",
            KeyAgreementAlgorithmSpec::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &["ECDH"]
    }
}
impl ::std::convert::AsRef<str> for KeyAgreementAlgorithmSpec {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl KeyAgreementAlgorithmSpec {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for KeyAgreementAlgorithmSpec {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            KeyAgreementAlgorithmSpec::Ecdh => write!(f, "ECDH"),
            KeyAgreementAlgorithmSpec::Unknown(value) => write!(f, "{value}"),
        }
    }
}
