//! Signatures with the key of a TLS folder, for statements that others verify later.

use data_encoding::HEXLOWER;
use rustls::SignatureScheme;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use wire::digest::Algorithm;

use crate::tls::TlsDir;

/// Schemes that common tools can verify. The type of the key selects one.
const SCHEMES: [SignatureScheme; 4] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ED25519,
    SignatureScheme::RSA_PKCS1_SHA256,
];

/// A signature and the signer's certificate.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The signature itself: DER for ECDSA keys.
    pub bytes: Vec<u8>,
    /// SHA-256 of the signer's certificate, in hexadecimal digits.
    pub key_id: String,
    /// The signer's certificate, PEM.
    pub certificate: String,
}

/// The reason why the key of a TLS folder cannot sign; the message names the folder.
#[derive(Debug, thiserror::Error)]
#[error("the key in {folder} cannot sign: {problem}")]
pub struct SignError {
    folder: String,
    problem: String,
}

impl TlsDir {
    /// Signs a message with the folder's key.
    ///
    /// # Errors
    /// [`SignError`] if the key or certificate is malformed, or the key's type cannot sign.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let failed = |problem: String| {
            let folder = self.path().display().to_string();
            SignError { folder, problem }
        };
        let (certificate, key) = self.pem();
        let der = CertificateDer::from_pem_slice(certificate);
        let der = der.map_err(|error| failed(error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| failed(error.to_string()))?;
        let key = default_provider().key_provider.load_private_key(key);
        let key = key.map_err(|error| failed(error.to_string()))?;
        let signer = key.choose_scheme(&SCHEMES);
        let signer = signer.ok_or_else(|| failed("it is of an unsupported kind".to_owned()))?;
        let bytes = signer.sign(message).map_err(|error| failed(error.to_string()))?;
        Ok(Signature {
            bytes,
            key_id: HEXLOWER.encode(Algorithm::Sha256.digest(&der).hash()),
            certificate: String::from_utf8_lossy(certificate).into_owned(),
        })
    }
}
