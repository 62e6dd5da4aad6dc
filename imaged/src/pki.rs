//! Certificates: a CA, and a TLS folder for each identity.
//!
//! ```text
//! authority    the CA of a folder: issues certificates, signs the list of revoked ones
//! leaf         what a certificate says, and how a machine's request is signed
//! tokens       the tokens that an issuer made, and what it does with the requests of machines
//! files        the files of a CA's folder
//! inventory    what a folder holds: identities, roles, hosts, until when
//!
//! DIR/ca.pem, ca-key.pem                    the CA; keep its key off all servers
//! DIR/issued.pem                            all certificates that it issued
//! DIR/revoked.pem                           the list of those that it revoked, if there are any
//! DIR/tokens/ID.json                        tokens that it made; secrets while they are open
//! DIR/{imaged,unpackd}/{ca,cert,key}.pem    servers, valid for every --name; with a policy.toml
//! DIR/{read,upload,replicate,publish,admin}/{ca,cert,key}.pem    clients
//! ```
//!
//! The operator copies the folders to where they are used, and daemons take new files while they run. Machines that join
//! by a token make their own keys.

pub mod authority;
mod files;
pub mod inventory;
pub mod leaf;
pub mod tokens;

use std::path::{Path, PathBuf};

use rpc::certificate::CertificateError;
use rpc::join::TokenId;
use wire::ErrorClass;

pub(crate) use files::{MACHINE_CA, MACHINE_CA_KEY};

use authority::Authority;
use leaf::Subject;

/// Identities with certificates for servers; each has a folder with the identity's name.
const SERVERS: [&str; 2] = ["imaged", "unpackd"];
/// Identities of clients, named after the roles that policy.toml gives them; each has a folder with the identity's
/// name.
const CLIENTS: [&str; 5] = ["read", "upload", "replicate", "publish", "admin"];

/// Days for which a server's or client's certificate is valid by default.
pub const LEAF_DAYS: i64 = 90;

/// The reason why a command of certificates failed.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The folder already has a CA or an identity, which is never overwritten.
    #[error("{} exists, and is never overwritten: {help}", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
        /// The next step.
        help: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file, also if only its folder could not be made.
        path: PathBuf,
        /// The error.
        source: std::io::Error,
    },
    /// The folder has no CA with its key.
    #[error("{} holds no CA with its key ({source}): name the folder that `imaged pki init` made", .folder.display())]
    NoAuthority {
        /// The folder.
        folder: PathBuf,
        /// The problem of the file.
        source: std::io::Error,
    },
    /// There is no certificate of this identity, or with this serial number.
    #[error("the CA in {} issued no certificate {what}: `imaged pki show` lists all", .folder.display())]
    Unknown {
        /// The folder of the CA.
        folder: PathBuf,
        /// `for NAME` or `with the serial number …`.
        what: String,
    },
    /// A name cannot be an identity with a folder of its own.
    #[error(
        "'{0}' cannot be an identity: use up to 64 lower-case letters, digits, dots, hyphens and underscores, a letter or digit first"
    )]
    Name(String),
    /// Another process changes the folder.
    #[error("another `imaged pki` works in {}: try again when it has ended", .0.display())]
    Busy(PathBuf),
    /// A file holds no certificate, or a malformed one.
    #[error("{path}: {source}", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: CertificateError,
    },
    /// The list of revoked certificates is malformed, or of another CA.
    #[error("{path}: {problem}", path = path.display())]
    RevocationList {
        /// The file.
        path: PathBuf,
        /// The problem in words.
        problem: String,
    },
    /// An earlier version made the CA, and it permits no intermediate.
    #[error("the CA in {} permits no intermediate, because an earlier version made it: make a new one with `imaged pki init`, or sign each machine with `imaged pki sign`", .folder.display())]
    NoMachines {
        /// The folder of the CA.
        folder: PathBuf,
    },
    /// The issuer has no record of a token.
    #[error("{} holds no token {id}: use the folder in which `imaged pki token` made it", .folder.display())]
    NoToken {
        /// The folder of the CA.
        folder: PathBuf,
        /// The token's number.
        id: TokenId,
    },
    /// A token has another identity already, or a certificate.
    #[error("the token {id} is for '{identity}' already")]
    Bound {
        /// The token's number.
        id: TokenId,
        /// Its identity.
        identity: String,
    },
    /// A token's record is malformed.
    #[error("{path}: {problem}", path = path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The problem in words.
        problem: String,
    },
    /// rcgen failed, for example because a `--name` is no valid host name.
    #[error("cannot make a certificate: {0}; check the hosts that --name gives")]
    Certificate(#[from] rcgen::Error),
}

impl PkiError {
    /// Returns the class of the error.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Unknown { .. } | Self::NoToken { .. } => ErrorClass::NotFound,
            Self::Busy(_) | Self::Bound { .. } => ErrorClass::Conflict,
            Self::RevocationList { .. } | Self::Malformed { .. } | Self::Record { .. } => {
                ErrorClass::Damaged
            }
            Self::Exists { .. }
            | Self::NoAuthority { .. }
            | Self::NoMachines { .. }
            | Self::Name(_)
            | Self::Certificate(_) => ErrorClass::Refused,
        }
    }
}

/// Makes a CA, and the certificates and policy files of all servers and clients. `names` are the servers' hosts.
///
/// # Errors
/// [`PkiError::Exists`] if `dir` has a CA, which is never overwritten; [`PkiError::Io`], [`PkiError::Certificate`].
pub fn init(dir: &Path, names: &[String], days: i64) -> Result<(), PkiError> {
    let ca = Authority::create(dir)?;
    for name in SERVERS {
        ca.issue(&Subject { identity: name, hosts: names }, days)?;
        files::write(&dir.join(name), rpc::policy::FILE_NAME, rpc::policy::DEFAULT.as_bytes())?;
    }
    for name in CLIENTS {
        ca.issue(&Subject { identity: name, hosts: &[] }, days)?;
    }
    // The CA is written last: if `ca.pem` exists, all other files exist too.
    ca.save()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keys_are_the_owners_alone_in_a_folder_that_others_may_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open.clone()).expect("a mode");
        for name in SERVERS.iter().chain(&CLIENTS) {
            let inside = folder.path().join(name);
            std::fs::create_dir(&inside).expect("a folder");
            std::fs::set_permissions(&inside, open.clone()).expect("a mode");
        }
        init(folder.path(), &["localhost".to_owned()], LEAF_DAYS).expect("certificates");
        let keys =
            SERVERS.iter().chain(&CLIENTS).map(|name| folder.path().join(name).join("key.pem"));
        for path in keys.chain([folder.path().join("ca-key.pem")]) {
            let mode = std::fs::metadata(&path).expect("a key").permissions().mode();
            assert_eq!(mode & 0o777, 0o400, "{}", path.display());
        }
    }
}
