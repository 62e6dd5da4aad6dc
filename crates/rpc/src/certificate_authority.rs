//! The certificate authority of a TLS folder, which vouches for signers and knows what it revoked.

use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};

use crate::certificate::Certificate;
use crate::identity::Caller;
use crate::revocation::Revoked;

/// The algorithms of signatures that are verified. The type of the key selects one.
const ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 4] = [
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
];

/// The certificate authority of a TLS folder, which vouches for signers.
#[derive(Clone, Debug)]
pub struct CertificateAuthority {
    anchors: Vec<TrustAnchor<'static>>,
    revoked: Revoked,
    /// Seconds since the epoch when the last of its certificates ends.
    end: i64,
}

/// The reason why a signature cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// `ca.pem` holds no certificate, or a malformed one.
    #[error("ca.pem is malformed: {0}")]
    Authority(String),
    /// `revoked.pem` is malformed, or not of our CA.
    #[error(
        "revoked.pem is not accepted: {0}; `imaged pki revoke` writes it where the CA's key is"
    )]
    Revoked(String),
    /// The signer's certificate is malformed, not of our CA, or was not valid at the time of the signature.
    #[error("the signer's certificate is not accepted: {0}")]
    Certificate(String),
    /// The signer's certificate was revoked before it signed.
    #[error("the certificate of '{identity}' was revoked, and it signed afterwards")]
    SignedRevoked {
        /// The identity in the certificate.
        identity: String,
    },
    /// The signature does not belong to the message and the certificate.
    #[error("the signature is wrong")]
    Signature,
}

impl CertificateAuthority {
    /// Reads all certificates of a `ca.pem`, and the list `revoked.pem`, which may be empty.
    ///
    /// # Errors
    /// [`VerifyError::Authority`], [`VerifyError::Revoked`].
    pub fn of_pem(ca: &[u8], revoked: &[u8]) -> Result<Self, VerifyError> {
        let malformed = |error: String| VerifyError::Authority(error);
        let anchors: Vec<_> = CertificateDer::pem_slice_iter(ca)
            .map(|der| {
                let der = der.map_err(|error| malformed(error.to_string()))?;
                let anchor = anchor_from_trusted_cert(&der);
                anchor.map(|anchor| anchor.to_owned()).map_err(|error| malformed(error.to_string()))
            })
            .collect::<Result<_, _>>()?;
        if anchors.is_empty() {
            return Err(malformed("it holds no certificate".to_owned()));
        }
        let revoked = Revoked::of_pem(revoked, ca).map_err(VerifyError::Revoked)?;
        let ends = CertificateDer::pem_slice_iter(ca).flatten();
        let ends = ends.filter_map(|der| Some(Certificate::of_der(&der).ok()?.valid.1));
        Ok(Self { anchors, revoked, end: ends.max().unwrap_or(i64::MAX) })
    }

    /// Returns when the CA ends, in seconds since the epoch. Where `ca.pem` holds several certificates, because one
    /// replaces another, the last of them counts; `i64::MAX` if none has a common name.
    pub fn end(&self) -> i64 {
        self.end
    }

    /// Returns the certificates that this CA revoked.
    pub fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    /// Checks that this CA vouches for a client's certificate now: directly or, for a machine, by the intermediates that
    /// follow it; and that none of them is revoked.
    ///
    /// # Errors
    /// [`VerifyError::Certificate`].
    fn check_chain(&self, chain: &[CertificateDer<'_>]) -> Result<(), VerifyError> {
        let refused = |error: String| VerifyError::Certificate(error);
        let (first, rest) = chain.split_first().ok_or_else(|| refused("it is empty".to_owned()))?;
        for der in chain {
            let shown = Certificate::of_der(der).map_err(|error| refused(error.to_string()))?;
            if self.revoked.since(&shown.serial).is_some() {
                return Err(refused(format!("that of '{}' is revoked", shown.identity)));
            }
        }
        let shown = Certificate::of_der(first).map_err(|error| refused(error.to_string()))?;
        let rest = if shown.may_be_indirect() { rest } else { &[] };
        let cert = EndEntityCert::try_from(first).map_err(|error| refused(error.to_string()))?;
        let (time, usage) = (UnixTime::now(), KeyUsage::client_auth());
        cert.verify_for_usage(ALL_VERIFICATION_ALGS, &self.anchors, rest, time, usage, None, None)
            .map(drop)
            .map_err(|error| refused(certificate_problem(&error)))
    }

    /// Checks that this CA vouches now for a client's certificate, given as PEM with the intermediates that follow it.
    ///
    /// # Errors
    /// [`VerifyError::Certificate`].
    pub fn check_chain_of_pem(&self, pem: &str) -> Result<(), VerifyError> {
        let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>();
        self.check_chain(&chain.map_err(|error| VerifyError::Certificate(error.to_string()))?)
    }

    /// Verifies the signature of a message, and that this CA made the signer's certificate (PEM), which was valid at a
    /// time since the epoch and not revoked before. Returns the signer.
    ///
    /// # Errors
    /// [`VerifyError::Certificate`], [`VerifyError::SignedRevoked`], [`VerifyError::Signature`].
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
        let signer = Certificate::of_der(&der).map_err(|error| refused(error.to_string()))?;
        let seconds = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
        if self.revoked.since(&signer.serial).is_some_and(|since| seconds >= since) {
            return Err(VerifyError::SignedRevoked { identity: signer.identity });
        }
        Ok(Caller(signer.identity))
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
        // A CA of the same name has another key.
        webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey => {
            "another CA made it".to_owned()
        }
        other => other.to_string(),
    }
}
