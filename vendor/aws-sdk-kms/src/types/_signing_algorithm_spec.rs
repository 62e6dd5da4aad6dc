#[allow(missing_docs)] // documentation missing in model
#[non_exhaustive]
#[derive(
    ::std::clone::Clone, ::std::cmp::Eq, ::std::cmp::Ord, ::std::cmp::PartialEq, ::std::cmp::PartialOrd, ::std::fmt::Debug, ::std::hash::Hash,
)]
pub enum SigningAlgorithmSpec {
    #[allow(missing_docs)] // documentation missing in model
    EcdsaSha256,
    #[allow(missing_docs)] // documentation missing in model
    EcdsaSha384,
    #[allow(missing_docs)] // documentation missing in model
    EcdsaSha512,
    #[allow(missing_docs)] // documentation missing in model
    Ed25519PhSha512,
    #[allow(missing_docs)] // documentation missing in model
    Ed25519Sha512,
    #[allow(missing_docs)] // documentation missing in model
    MlDsaShake256,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPkcs1V15Sha256,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPkcs1V15Sha384,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPkcs1V15Sha512,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPssSha256,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPssSha384,
    #[allow(missing_docs)] // documentation missing in model
    RsassaPssSha512,
    #[allow(missing_docs)] // documentation missing in model
    Sm2Dsa,
    #[deprecated(note = "Don't directly match on `Unknown`. See the docs on this enum for the correct way to handle unknown variants.")]
    Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue),
}
impl ::std::convert::From<&str> for SigningAlgorithmSpec {
    fn from(s: &str) -> Self {
        match s {
            "ECDSA_SHA_256" => SigningAlgorithmSpec::EcdsaSha256,
            "ECDSA_SHA_384" => SigningAlgorithmSpec::EcdsaSha384,
            "ECDSA_SHA_512" => SigningAlgorithmSpec::EcdsaSha512,
            "ED25519_PH_SHA_512" => SigningAlgorithmSpec::Ed25519PhSha512,
            "ED25519_SHA_512" => SigningAlgorithmSpec::Ed25519Sha512,
            "ML_DSA_SHAKE_256" => SigningAlgorithmSpec::MlDsaShake256,
            "RSASSA_PKCS1_V1_5_SHA_256" => SigningAlgorithmSpec::RsassaPkcs1V15Sha256,
            "RSASSA_PKCS1_V1_5_SHA_384" => SigningAlgorithmSpec::RsassaPkcs1V15Sha384,
            "RSASSA_PKCS1_V1_5_SHA_512" => SigningAlgorithmSpec::RsassaPkcs1V15Sha512,
            "RSASSA_PSS_SHA_256" => SigningAlgorithmSpec::RsassaPssSha256,
            "RSASSA_PSS_SHA_384" => SigningAlgorithmSpec::RsassaPssSha384,
            "RSASSA_PSS_SHA_512" => SigningAlgorithmSpec::RsassaPssSha512,
            "SM2DSA" => SigningAlgorithmSpec::Sm2Dsa,
            other => SigningAlgorithmSpec::Unknown(crate::primitives::sealed_enum_unknown::UnknownVariantValue(other.to_owned())),
        }
    }
}
impl ::std::str::FromStr for SigningAlgorithmSpec {
    type Err = ::std::convert::Infallible;

    fn from_str(s: &str) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
        ::std::result::Result::Ok(SigningAlgorithmSpec::from(s))
    }
}
impl SigningAlgorithmSpec {
    pub fn as_str(&self) -> &str {
        match self {
            SigningAlgorithmSpec::EcdsaSha256 => "ECDSA_SHA_256",
            SigningAlgorithmSpec::EcdsaSha384 => "ECDSA_SHA_384",
            SigningAlgorithmSpec::EcdsaSha512 => "ECDSA_SHA_512",
            SigningAlgorithmSpec::Ed25519PhSha512 => "ED25519_PH_SHA_512",
            SigningAlgorithmSpec::Ed25519Sha512 => "ED25519_SHA_512",
            SigningAlgorithmSpec::MlDsaShake256 => "ML_DSA_SHAKE_256",
            SigningAlgorithmSpec::RsassaPkcs1V15Sha256 => "RSASSA_PKCS1_V1_5_SHA_256",
            SigningAlgorithmSpec::RsassaPkcs1V15Sha384 => "RSASSA_PKCS1_V1_5_SHA_384",
            SigningAlgorithmSpec::RsassaPkcs1V15Sha512 => "RSASSA_PKCS1_V1_5_SHA_512",
            SigningAlgorithmSpec::RsassaPssSha256 => "RSASSA_PSS_SHA_256",
            SigningAlgorithmSpec::RsassaPssSha384 => "RSASSA_PSS_SHA_384",
            SigningAlgorithmSpec::RsassaPssSha512 => "RSASSA_PSS_SHA_512",
            SigningAlgorithmSpec::Sm2Dsa => "SM2DSA",
            SigningAlgorithmSpec::Unknown(value) => value.as_str(),
        }
    }
    pub const fn values() -> &'static [&'static str] {
        &[
            "ECDSA_SHA_256",
            "ECDSA_SHA_384",
            "ECDSA_SHA_512",
            "ED25519_PH_SHA_512",
            "ED25519_SHA_512",
            "ML_DSA_SHAKE_256",
            "RSASSA_PKCS1_V1_5_SHA_256",
            "RSASSA_PKCS1_V1_5_SHA_384",
            "RSASSA_PKCS1_V1_5_SHA_512",
            "RSASSA_PSS_SHA_256",
            "RSASSA_PSS_SHA_384",
            "RSASSA_PSS_SHA_512",
            "SM2DSA",
        ]
    }
}
impl ::std::convert::AsRef<str> for SigningAlgorithmSpec {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl SigningAlgorithmSpec {
    pub fn try_parse(value: &str) -> ::std::result::Result<Self, crate::error::UnknownVariantError> {
        match Self::from(value) {
            #[allow(deprecated)]
            Self::Unknown(_) => ::std::result::Result::Err(crate::error::UnknownVariantError::new(value)),
            known => Ok(known),
        }
    }
}
impl ::std::fmt::Display for SigningAlgorithmSpec {
    fn fmt(&self, f: &mut ::std::fmt::Formatter) -> ::std::fmt::Result {
        match self {
            SigningAlgorithmSpec::EcdsaSha256 => write!(f, "ECDSA_SHA_256"),
            SigningAlgorithmSpec::EcdsaSha384 => write!(f, "ECDSA_SHA_384"),
            SigningAlgorithmSpec::EcdsaSha512 => write!(f, "ECDSA_SHA_512"),
            SigningAlgorithmSpec::Ed25519PhSha512 => write!(f, "ED25519_PH_SHA_512"),
            SigningAlgorithmSpec::Ed25519Sha512 => write!(f, "ED25519_SHA_512"),
            SigningAlgorithmSpec::MlDsaShake256 => write!(f, "ML_DSA_SHAKE_256"),
            SigningAlgorithmSpec::RsassaPkcs1V15Sha256 => write!(f, "RSASSA_PKCS1_V1_5_SHA_256"),
            SigningAlgorithmSpec::RsassaPkcs1V15Sha384 => write!(f, "RSASSA_PKCS1_V1_5_SHA_384"),
            SigningAlgorithmSpec::RsassaPkcs1V15Sha512 => write!(f, "RSASSA_PKCS1_V1_5_SHA_512"),
            SigningAlgorithmSpec::RsassaPssSha256 => write!(f, "RSASSA_PSS_SHA_256"),
            SigningAlgorithmSpec::RsassaPssSha384 => write!(f, "RSASSA_PSS_SHA_384"),
            SigningAlgorithmSpec::RsassaPssSha512 => write!(f, "RSASSA_PSS_SHA_512"),
            SigningAlgorithmSpec::Sm2Dsa => write!(f, "SM2DSA"),
            SigningAlgorithmSpec::Unknown(value) => write!(f, "{value}"),
        }
    }
}
