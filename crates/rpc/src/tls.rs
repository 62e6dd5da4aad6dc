//! Mutual TLS from a folder of three files: `ca.pem`, `cert.pem`, `key.pem`.
//!
//! Client and server always authenticate each other; no option turns that off.

use std::path::{Path, PathBuf};

use std::time::Duration;

use tonic::transport::{Certificate, ClientTlsConfig, Identity, ServerTlsConfig};
use wire::ErrorClass;

/// Time limit for a client's handshake. Without a limit, a silent client would hold a connection
/// for ever.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// The certificates and the key of a TLS folder, as PEM, read once.
#[derive(Clone)]
pub struct TlsDir {
    path: PathBuf,
    ca: Vec<u8>,
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl std::fmt::Debug for TlsDir {
    /// Shows only the folder's path, because the key must stay secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsDir").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The reason why a TLS folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One of the three files is missing or unreadable.
    #[error("the TLS file {path} cannot be read: {source}; `imaged pki init` makes a folder of certificates", path = path.display())]
    Read {
        /// Path of `ca.pem`, `cert.pem` or `key.pem`.
        path: PathBuf,
        /// The error of reading the file, for example that it does not exist.
        source: std::io::Error,
    },
    /// `cert.pem` holds no valid certificate; [`TlsDir::load`] parses no other file.
    #[error("TLS file {path} holds no valid certificate", path = .0.display())]
    Malformed(PathBuf),
    /// The certificate has expired or is not valid yet.
    #[error("the certificate {path} {problem}; `imaged pki init` makes new certificates, with a new CA", path = path.display())]
    NotValidNow {
        /// Path of `cert.pem`; the dates of the CA's certificate are not checked.
        path: PathBuf,
        /// The problem in words: `expired on …` or `is not valid before …`.
        problem: String,
    },
}

impl TlsError {
    /// Returns the class of all these errors: the user must give the program other files.
    pub fn class(&self) -> ErrorClass {
        ErrorClass::Refused
    }
}

impl TlsDir {
    /// Reads a TLS folder and checks that its certificate is valid now.
    ///
    /// # Errors
    /// [`TlsError`], with the name of the file.
    pub fn load(path: &Path) -> Result<Self, TlsError> {
        let read = |name: &str| {
            let path = path.join(name);
            std::fs::read(&path).map_err(|source| TlsError::Read { path, source })
        };
        let dir = Self {
            path: path.to_owned(),
            ca: read("ca.pem")?,
            cert: read("cert.pem")?,
            key: read("key.pem")?,
        };
        dir.check_validity()?;
        Ok(dir)
    }

    fn check_validity(&self) -> Result<(), TlsError> {
        let path = self.path.join("cert.pem");
        let malformed = || TlsError::Malformed(path.clone());
        let (_, pem) = x509_parser::pem::parse_x509_pem(&self.cert).map_err(|_| malformed())?;
        let cert = pem.parse_x509().map_err(|_| malformed())?;
        let (validity, now) = (cert.validity(), x509_parser::time::ASN1Time::now());
        let problem = if now > validity.not_after {
            format!("expired on {}", validity.not_after)
        } else if now < validity.not_before {
            format!("is not valid before {}: check this machine's clock", validity.not_before)
        } else {
            return Ok(());
        };
        Err(TlsError::NotValidNow { path, problem })
    }

    /// Returns the folder's path, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the CA's certificate, our certificate and our key, as PEM.
    pub(crate) fn pem(&self) -> (&[u8], &[u8], &[u8]) {
        (&self.ca, &self.cert, &self.key)
    }

    /// Returns a server's configuration: it demands a certificate from every client.
    pub fn server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new()
            .timeout(HANDSHAKE_WITHIN)
            .identity(Identity::from_pem(&self.cert, &self.key))
            .client_ca_root(Certificate::from_pem(&self.ca))
            .client_auth_optional(false)
    }

    /// Returns a client's configuration: the server's certificate must be valid for `host`.
    pub fn client(&self, host: &str) -> ClientTlsConfig {
        ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(&self.ca))
            .identity(Identity::from_pem(&self.cert, &self.key))
            .domain_name(host)
    }
}
