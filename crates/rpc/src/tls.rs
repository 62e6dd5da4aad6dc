//! Mutual TLS from a folder of files: `ca.pem`, `cert.pem`, `key.pem`, and `revoked.pem` where certificates were revoked.
//!
//! Client and server always authenticate each other; no option turns that off.

mod configs;
mod verifiers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, ServerConfig};
use wire::ErrorClass;

use crate::certificate::Certificate;
use crate::certificate_authority::{CertificateAuthority, VerifyError};
use crate::current::Current;
use configs::Configs;

/// The files of a TLS folder. The last one is optional: the list of revoked certificates, signed by the CA.
pub const FILES: [&str; 4] = ["ca.pem", "cert.pem", "key.pem", "revoked.pem"];

/// The content of a TLS folder, read once.
#[derive(Clone)]
pub struct TlsDir {
    path: PathBuf,
    cert: Vec<u8>,
    key: Vec<u8>,
    shown: Certificate,
    authority: CertificateAuthority,
    configs: Configs,
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
    /// One of the files is missing or unreadable.
    #[error("the TLS file {path} cannot be read: {source}; `imaged pki init` makes a folder of certificates", path = path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The error of reading the file, for example that it does not exist.
        source: std::io::Error,
    },
    /// A file holds no valid certificate.
    #[error("TLS file {path} holds no valid certificate", path = .0.display())]
    Malformed(PathBuf),
    /// `ca.pem` or `revoked.pem` is malformed, or another CA signed the list.
    #[error("the TLS folder {path} cannot be used: {source}", path = path.display())]
    Authority {
        /// Path of the folder.
        path: PathBuf,
        /// The problem; it names the file.
        source: VerifyError,
    },
    /// The certificate has expired or is not valid yet.
    #[error("the certificate {path} {problem}; `imaged pki renew` makes a new one where the CA's key is", path = path.display())]
    NotValidNow {
        /// Path of `cert.pem`; the dates of the CA's certificate are not checked.
        path: PathBuf,
        /// The problem in words: `expired on …` or `is not valid before …`.
        problem: String,
    },
    /// The key does not belong to the certificate, or is malformed.
    #[error("the certificate and the key in {path} do not fit together: {problem}; if `unpackd join` was interrupted, run it again with the same token", path = path.display())]
    Key {
        /// Path of the folder.
        path: PathBuf,
        /// The problem in words.
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
    /// Reads a TLS folder, and checks that its files fit together and that its certificate is valid now.
    ///
    /// # Errors
    /// [`TlsError`], with the name of the file.
    pub fn load(path: &Path) -> Result<Self, TlsError> {
        let read = |name: &str| {
            let path = path.join(name);
            std::fs::read(&path).map_err(|source| TlsError::Read { path, source })
        };
        let [ca, cert, key] = [read(FILES[0])?, read(FILES[1])?, read(FILES[2])?];
        let revoked = match read(FILES[3]) {
            Err(TlsError::Read { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Vec::new()
            }
            revoked => revoked?,
        };
        Self::of_files(path, &ca, &cert, &key, &revoked)
    }

    /// Makes a TLS folder's content from its files, in the order of [`FILES`]; the list of revoked certificates may be empty.
    /// Checks what [`TlsDir::load`] checks.
    ///
    /// # Errors
    /// As [`TlsDir::load`].
    pub(crate) fn of_files(
        path: &Path,
        ca: &[u8],
        cert: &[u8],
        key: &[u8],
        revoked: &[u8],
    ) -> Result<Self, TlsError> {
        let shown =
            Certificate::of_pem(cert).map_err(|_| TlsError::Malformed(path.join(FILES[1])))?;
        if let Some(problem) = shown.problem_now() {
            return Err(TlsError::NotValidNow { path: path.join(FILES[1]), problem });
        }
        let unusable = |source| TlsError::Authority { path: path.to_owned(), source };
        let authority = CertificateAuthority::of_pem(ca, revoked).map_err(unusable)?;
        let configs = Configs::new(ca, cert, key)
            .map_err(|problem| TlsError::Key { path: path.to_owned(), problem })?;
        let (path, cert, key) = (path.to_owned(), cert.to_vec(), key.to_vec());
        Ok(Self { path, cert, key, shown, authority, configs })
    }

    /// Reads a TLS folder, and reads it again whenever its files change. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// As [`TlsDir::load`].
    pub fn follow(path: &Path) -> Result<Current<Self>, TlsError> {
        let path = path.to_owned();
        let files = FILES.iter().map(|name| path.join(name)).collect();
        Current::follow(files, move || Self::load(&path))
    }

    /// Returns the folder's path, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the certificate that is shown to others.
    pub fn certificate(&self) -> &Certificate {
        &self.shown
    }

    /// Returns the CA, which knows the certificates that it revoked.
    pub fn authority(&self) -> &CertificateAuthority {
        &self.authority
    }

    /// Returns our certificate and our key, as PEM.
    pub(crate) fn pem(&self) -> (&[u8], &[u8]) {
        (&self.cert, &self.key)
    }

    /// Checks that the CA vouches for the certificate that is shown to others.
    ///
    /// # Errors
    /// [`TlsError::Authority`].
    pub(crate) fn check_chain(&self) -> Result<(), TlsError> {
        let unfit = |source| TlsError::Authority { path: self.path.clone(), source };
        let chain = String::from_utf8_lossy(&self.cert);
        self.authority.check_chain_of_pem(&chain).map_err(unfit)
    }

    /// Returns a server's configuration: it demands a certificate from every client.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.configs.server)
    }

    /// Returns the configuration of a join listener: it demands no certificate, and shows the CA's with its own.
    pub(crate) fn join_server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.configs.join_server)
    }

    /// Returns a client's configuration.
    pub(crate) fn client(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.configs.client)
    }
}
