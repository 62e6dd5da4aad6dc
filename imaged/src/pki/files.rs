//! The files of a CA's folder, and how they are read and written.

use std::path::Path;

use rpc::tls::FILES;
use sysio::Dir;

use super::PkiError;

pub(super) const CA: &str = FILES[0];
pub(super) const CA_KEY: &str = "ca-key.pem";
pub(super) const ISSUED: &str = "issued.pem";
/// The intermediate that signs for machines, in a server's TLS folder, and its key.
pub(crate) const MACHINE_CA: &str = "machine-ca.pem";
pub(crate) const MACHINE_CA_KEY: &str = "machine-ca-key.pem";
pub(super) const REVOKED: &str = FILES[3];

/// Reads a file; `None` if it does not exist.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, PkiError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PkiError::Io { path: path.to_owned(), source }),
    }
}

/// Writes a file into a folder; a missing folder is made with mode 0700. Everybody may read the file, as far as the
/// folder lets them.
pub(super) fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), PkiError> {
    publish(dir, name, |folder| sysio::publish::replace(folder, name.as_bytes(), bytes))
}

/// Writes a key, which only the owner can read, whatever the folder's mode.
pub(super) fn write_key(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
    publish(dir, name, |folder| {
        sysio::publish::replace_secret(folder, name.as_bytes(), pem.as_bytes())
    })
}

fn publish(
    dir: &Path,
    name: &str,
    put: impl FnOnce(&Dir) -> std::io::Result<()>,
) -> Result<(), PkiError> {
    let path = dir.join(name);
    let put = Dir::create_all(dir).and_then(|folder| put(&folder));
    put.map_err(|source| PkiError::Io { path, source })
}
