#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum KeyUsageType {
    #[allow(missing_docs)] // documentation missing in model
    EncapsulateDecapsulate,
    #[allow(missing_docs)] // documentation missing in model
    EncryptDecrypt,
    #[allow(missing_docs)] // documentation missing in model
    GenerateVerifyMac,
    #[allow(missing_docs)] // documentation missing in model
    KeyAgreement,
    #[allow(missing_docs)] // documentation missing in model
    SignVerify,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for KeyUsageType {
    fn from(s: &str) -> Self {
        match s {
            "ENCAPSULATE_DECAPSULATE" => KeyUsageType::EncapsulateDecapsulate,
            "ENCRYPT_DECRYPT" => KeyUsageType::EncryptDecrypt,
            "GENERATE_VERIFY_MAC" => KeyUsageType::GenerateVerifyMac,
            "KEY_AGREEMENT" => KeyUsageType::KeyAgreement,
            "SIGN_VERIFY" => KeyUsageType::SignVerify,
            other => KeyUsageType::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for KeyUsageType {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(KeyUsageType::from(s))
    }
}
impl KeyUsageType {
    pub fn as_str(&self) -> &str {
        match self {
            KeyUsageType::EncapsulateDecapsulate => "ENCAPSULATE_DECAPSULATE",
            KeyUsageType::EncryptDecrypt => "ENCRYPT_DECRYPT",
            KeyUsageType::GenerateVerifyMac => "GENERATE_VERIFY_MAC",
            KeyUsageType::KeyAgreement => "KEY_AGREEMENT",
            KeyUsageType::SignVerify => "SIGN_VERIFY",
            KeyUsageType::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "ENCAPSULATE_DECAPSULATE",
            "ENCRYPT_DECRYPT",
            "GENERATE_VERIFY_MAC",
            "KEY_AGREEMENT",
            "SIGN_VERIFY",
        ]
    }
}
impl ::std::convert::AsRef<str> for KeyUsageType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl KeyUsageType {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for KeyUsageType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            KeyUsageType::EncapsulateDecapsulate => write!(f, "ENCAPSULATE_DECAPSULATE"),
            KeyUsageType::EncryptDecrypt => write!(f, "ENCRYPT_DECRYPT"),
            KeyUsageType::GenerateVerifyMac => write!(f, "GENERATE_VERIFY_MAC"),
            KeyUsageType::KeyAgreement => write!(f, "KEY_AGREEMENT"),
            KeyUsageType::SignVerify => write!(f, "SIGN_VERIFY"),
            KeyUsageType::Unknown(value) => write!(f, "{value}"),
        }
    }
}
