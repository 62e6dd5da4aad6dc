//! The identity of a caller: the common name of its client certificate.

use rustls::pki_types::CertificateDer;
use tonic::Status;

/// A caller, named by its certificate's common name. TLS has verified the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub(crate) String);

impl Caller {
    /// Reads the caller from a connection's certificates; the first one is the caller's own.
    ///
    /// # Errors
    /// `Unauthenticated` if the certificate has no common name.
    pub(crate) fn of_certificates(
        certificates: Option<&[CertificateDer<'_>]>,
    ) -> Result<Self, Status> {
        let name = certificates.and_then(|certificates| certificates.first()).and_then(|cert| {
            let (_, cert) = x509_parser::parse_x509_certificate(cert.as_ref()).ok()?;
            let name = cert.subject().iter_common_name().next()?.as_str().ok()?.to_owned();
            Some(name)
        });
        name.filter(|name| !name.is_empty()).map(Self).ok_or_else(|| {
            crate::status::unidentified("the client's certificate has no common name to go by")
        })
    }

    /// Returns the common name, as grants in policy.toml refer to it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
