//! The file of a machine that joins: what it must not lose before its TLS folder is whole.
//!
//! ```text
//! DIR/joining-TOKEN.json     1 key and request, before the first call   2 the answer too, before the folder changes
//! ```
//!
//! A machine that was interrupted asks again with the same key: another key would look like a second machine, which
//! revokes the token. Another token gets another key, so that a certificate never has a key that was in other hands.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use sysio::Dir;
use sysio::lock::FolderLock;

use super::error::JoinError;
use super::token::TokenId;

const PREFIX: &str = "joining-";

/// The TLS folder of a machine that joins. While this value exists, no other process joins into it.
#[derive(Debug)]
pub(super) struct JoinFolder {
    pub path: PathBuf,
    dir: Dir,
    _lock: FolderLock,
}

/// Key, request and, once it came, the answer.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attempt {
    /// PEM.
    pub key: String,
    /// PEM.
    request: String,
    pub answer: Option<Answer>,
}

/// What the server answered; all PEM.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub certificate: String,
    pub authority: String,
    /// May be empty.
    pub revoked: String,
}

impl JoinFolder {
    /// Opens the folder, and creates it if it is missing.
    ///
    /// # Errors
    /// [`JoinError::Busy`], [`JoinError::Io`].
    pub(super) fn open(path: &Path) -> Result<Self, JoinError> {
        let io = |source| JoinError::Io { path: path.to_owned(), source };
        let dir = Dir::create_all(path).map_err(io)?;
        let lock = FolderLock::try_take(&dir, b"joining.lock");
        let lock = lock.map_err(|source| match source.kind() {
            ErrorKind::WouldBlock => JoinError::Busy(path.to_owned()),
            _ => io(source),
        })?;
        Ok(Self { path: path.to_owned(), dir, _lock: lock })
    }

    /// Returns the attempt with a token that was begun before, if there is one.
    ///
    /// # Errors
    /// [`JoinError::Io`]: the file cannot be read, or is malformed.
    pub(super) fn attempt(&self, id: TokenId) -> Result<Option<Attempt>, JoinError> {
        let path = self.path.join(name(id));
        let io = |source| JoinError::Io { path: path.clone(), source };
        match std::fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => {
                let attempt = serde_json::from_slice(&read.map_err(io)?);
                attempt.map(Some).map_err(|error| io(error.into()))
            }
        }
    }

    /// Keeps an attempt durably.
    ///
    /// # Errors
    /// [`JoinError::Io`].
    pub(super) fn keep(&self, id: TokenId, attempt: &Attempt) -> Result<(), JoinError> {
        let name = name(id);
        let bytes = serde_json::to_vec(attempt).map_err(std::io::Error::from);
        let kept = bytes
            .and_then(|bytes| sysio::publish::replace_secret(&self.dir, name.as_bytes(), &bytes));
        kept.map_err(|source| JoinError::Io { path: self.path.join(name), source })
    }

    /// Writes a file of the folder durably; only the owner can read a secret.
    ///
    /// # Errors
    /// [`JoinError::Io`].
    pub(super) fn put(&self, name: &str, bytes: &[u8], is_secret: bool) -> Result<(), JoinError> {
        let put = match is_secret {
            true => sysio::publish::replace_secret(&self.dir, name.as_bytes(), bytes),
            false => sysio::publish::replace(&self.dir, name.as_bytes(), bytes),
        };
        put.map_err(|source| JoinError::Io { path: self.path.join(name), source })
    }

    /// Forgets all attempts.
    ///
    /// # Errors
    /// [`JoinError::Io`].
    pub(super) fn forget(&self) -> Result<(), JoinError> {
        let io = |source| JoinError::Io { path: self.path.clone(), source };
        for name in self.dir.names().map_err(io)? {
            if name.starts_with(PREFIX.as_bytes()) {
                sysio::publish::remove(&self.dir, &name).map_err(io)?;
            }
        }
        Ok(())
    }
}

impl Attempt {
    /// Makes a key and a signing request.
    ///
    /// # Errors
    /// [`JoinError::Request`].
    pub(super) fn new() -> Result<Self, JoinError> {
        let key = KeyPair::generate()?;
        let request = CertificateParams::default().serialize_request(&key)?.pem()?;
        Ok(Self { key: key.serialize_pem(), request, answer: None })
    }

    /// Returns the signing request, DER.
    ///
    /// # Errors
    /// [`JoinError::Request`]: it is malformed.
    pub(super) fn request(&self) -> Result<Vec<u8>, JoinError> {
        let request = CertificateSigningRequestDer::from_pem_slice(self.request.as_bytes());
        let request = request.map_err(|_| rcgen::Error::CouldNotParseCertificationRequest)?;
        Ok(request.to_vec())
    }
}

fn name(id: TokenId) -> String {
    format!("{PREFIX}{id}.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::join::JoinToken;

    #[test]
    fn an_attempt_survives_and_belongs_to_its_token() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tls");
        let ids = [(); 2].map(|()| JoinToken::new(b"ca").unwrap().id());
        let (key, file) = {
            let open = JoinFolder::open(&path).unwrap();
            assert!(matches!(JoinFolder::open(&path), Err(JoinError::Busy(_))));
            assert!(open.attempt(ids[0]).unwrap().is_none());
            let attempt = Attempt::new().unwrap();
            open.keep(ids[0], &attempt).unwrap();
            (attempt.key, path.join(name(ids[0])))
        };
        let open = JoinFolder::open(&path).unwrap();
        assert_eq!(open.attempt(ids[0]).unwrap().unwrap().key, key);
        assert!(open.attempt(ids[1]).unwrap().is_none());
        // A damaged file is an error: another key would cost the token.
        open.put(&name(ids[1]), b"{", true).unwrap();
        assert!(matches!(open.attempt(ids[1]), Err(JoinError::Io { .. })));
        open.forget().unwrap();
        assert!(!file.exists());
    }
}
