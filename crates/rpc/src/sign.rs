//! Signatures with the key of a TLS folder, for statements that others verify later.

use std::time::Duration;

use data_encoding::HEXLOWER;
use rustls::SignatureScheme;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};
use wire::digest::Algorithm;

use crate::identity::Caller;
use crate::tls::TlsDir;

/// Schemes that common tools can verify. The type of the key selects one.
const SCHEMES: [SignatureScheme; 4] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ED25519,
    SignatureScheme::RSA_PKCS1_SHA256,
];

/// The algorithms of [`SCHEMES`], for verifying. The type of the key selects one.
const ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 4] = [
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
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
        let (_, certificate, key) = self.pem();
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

/// The certificate authority of a TLS folder, which vouches for signers.
#[derive(Clone, Debug)]
pub struct CertificateAuthority {
    anchors: Vec<TrustAnchor<'static>>,
}

/// The reason why a signature cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// `ca.pem` holds no certificate, or a malformed one.
    #[error("ca.pem is malformed: {0}")]
    Authority(String),
    /// The signer's certificate is malformed, not of our CA, or was not valid at the time of the signature.
    #[error("the signer's certificate is not accepted: {0}")]
    Certificate(String),
    /// The signature does not belong to the message and the certificate.
    #[error("the signature is wrong")]
    Signature,
}

impl CertificateAuthority {
    /// Reads all certificates of the folder's `ca.pem`.
    ///
    /// # Errors
    /// [`VerifyError::Authority`].
    pub fn of(tls: &TlsDir) -> Result<Self, VerifyError> {
        let malformed = |error: String| VerifyError::Authority(error);
        let (ca, ..) = tls.pem();
        let anchors: Vec<_> = CertificateDer::pem_slice_iter(ca)
            .map(|der| {
                let der = der.map_err(|error| malformed(error.to_string()))?;
                let anchor = anchor_from_trusted_cert(&der);
                anchor.map(|anchor| anchor.to_owned()).map_err(|error| malformed(error.to_string()))
            })
            .collect::<Result<_, _>>()?;
        match anchors.is_empty() {
            true => Err(malformed("it holds no certificate".to_owned())),
            false => Ok(Self { anchors }),
        }
    }

    /// Verifies the signature of a message, and that this CA made the signer's certificate (PEM), which was valid at a
    /// time since the epoch. Returns the signer.
    ///
    /// # Errors
    /// [`VerifyError::Certificate`], [`VerifyError::Signature`].
    pub fn verify(
        &self,
        certificate: &str,
        message: &[u8],
        signature: &[u8],
        at: Duration,
    ) -> Result<Caller, VerifyError> {
        let refused = |error: String| VerifyError::Certificate(error);
        let der = CertificateDer::from_pem_slice(certificate.as_bytes());
        let der = der.map_err(|error| refused(error.to_string()))?;
        let cert = EndEntityCert::try_from(&der).map_err(|error| refused(error.to_string()))?;
        let (time, usage) = (UnixTime::since_unix_epoch(at), KeyUsage::client_auth());
        cert.verify_for_usage(ALL_VERIFICATION_ALGS, &self.anchors, &[], time, usage, None, None)
            .map_err(|error| refused(certificate_problem(&error)))?;
        let is_right = |algorithm: &&dyn SignatureVerificationAlgorithm| {
            cert.verify_signature(*algorithm, message, signature).is_ok()
        };
        if !ALGORITHMS.iter().any(is_right) {
            return Err(VerifyError::Signature);
        }
        Caller::of_certificates(Some(std::slice::from_ref(&der)))
            .map_err(|status| refused(status.message().to_owned()))
    }
}

fn certificate_problem(error: &webpki::Error) -> String {
    match error {
        webpki::Error::CertNotValidYet { .. } => {
            "it was not valid yet when it signed: check the clock of the machine that signed"
                .to_owned()
        }
        webpki::Error::CertExpired { .. } => {
            "it had expired when it signed: renew it, and check the clock of the machine that signed"
                .to_owned()
        }
        webpki::Error::UnknownIssuer => "another CA made it".to_owned(),
        other => other.to_string(),
    }
}
