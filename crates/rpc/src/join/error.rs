//! Why a machine got no certificate.

use std::path::PathBuf;
use std::time::Duration;

use wire::ErrorClass;

use crate::client::CallError;
use crate::tls::TlsError;

/// The reason why a machine got no certificate.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The folder has a certificate.
    #[error("{} has a certificate: give --replace to get another in its place", .0.display())]
    Exists(PathBuf),
    /// Another process joins into the folder.
    #[error("another process joins into {}: wait for its end", .0.display())]
    Busy(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error.
        source: std::io::Error,
    },
    /// Key and signing request cannot be made.
    #[error("the signing request cannot be made: {0}")]
    Request(#[from] rcgen::Error),
    /// The server refused, or was not to be trusted.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Nobody signed in time.
    #[error(
        "nobody signed the certificate within {within:?}: run this command again with the same token, and `imaged pki sign` where the CA's key is{}",
        if .problem.is_empty() { String::new() } else { format!(" (last problem: {})", .problem) }
    )]
    Late {
        /// The limit.
        within: Duration,
        /// The last problem of the connection, in words; may be empty.
        problem: String,
    },
    /// The files that came do not fit the key or the CA.
    #[error("the certificate that came cannot be used: {0}")]
    Unfit(#[from] TlsError),
    /// A certificate of the other side or of this one is revoked.
    #[error("the certificate of {0} was revoked: tell the keeper of the CA")]
    IsRevoked(String),
}

impl JoinError {
    /// Returns the class of the error.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Exists(_) | Self::Busy(_) => ErrorClass::Conflict,
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Request(_) => ErrorClass::Internal,
            Self::Call(error) => error.class,
            Self::Late { .. } => ErrorClass::Unavailable,
            Self::Unfit(error) => error.class(),
            Self::IsRevoked(_) => ErrorClass::Refused,
        }
    }
}
