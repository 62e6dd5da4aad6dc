//! Who is calling: the common name of the client's certificate.

use rustls::pki_types::CertificateDer;
use tonic::Status;

/// A caller, as its certificate names it. TLS has verified the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub(crate) String);

impl Caller {
    /// Reads the caller from the certificates of a connection, the caller's own first.
    ///
    /// # Errors
    /// `Unauthenticated` where the certificate has no common name.
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

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
