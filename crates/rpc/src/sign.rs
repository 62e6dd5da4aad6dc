//! Signatures with the key of a TLS folder: who said something, for whoever reads it later.

use rustls::SignatureScheme;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use wire::digest::{Algorithm, hex};

use crate::tls::TlsDir;

/// Schemes that other tools verify without ado; the key's kind decides among them.
const SCHEMES: [SignatureScheme; 4] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ED25519,
    SignatureScheme::RSA_PKCS1_SHA256,
];

/// A signature, and whose it is.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its bytes: DER for ECDSA.
    pub bytes: Vec<u8>,
    /// The SHA-256 of the signer's certificate, in hexadecimal digits.
    pub key_id: String,
    /// The signer's certificate, as PEM.
    pub certificate: String,
}

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
#[error("signing with the key in {folder}: {problem}")]
pub struct SignError {
    folder: String,
    problem: String,
}

impl TlsDir {
    /// Signs a message with our key.
    ///
    /// # Errors
    /// A key or certificate that is none, or of a kind that cannot sign.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let failed = |problem: String| {
            let folder = self.path().display().to_string();
            SignError { folder, problem }
        };
        let (_, certificate, key) = self.pem();
        let der = CertificateDer::from_pem_slice(certificate);
        let der = der.map_err(|error| failed(error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| failed(error.to_string()))?;
        let key = default_provider().key_provider.load_private_key(key);
        let key = key.map_err(|error| failed(error.to_string()))?;
        let signer = key.choose_scheme(&SCHEMES);
        let signer = signer.ok_or_else(|| failed("a key of an unknown kind".to_owned()))?;
        let bytes = signer.sign(message).map_err(|error| failed(error.to_string()))?;
        Ok(Signature {
            bytes,
            key_id: hex(Algorithm::Sha256.digest(&der).hash()),
            certificate: String::from_utf8_lossy(certificate).into_owned(),
        })
    }
}
