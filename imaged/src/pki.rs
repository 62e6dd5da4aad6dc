//! Certificates for first users: a new CA, and a folder for each role.
//!
//! ```text
//! DIR/ca.pem, ca-key.pem                    the CA; keep its key off all servers
//! DIR/{imaged,unpackd}/{ca,cert,key}.pem    servers, valid for every --name; with a policy.toml
//! DIR/{read,upload,replicate,publish,admin}/{ca,cert,key}.pem    clients
//! ```

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use sysio::Dir;
use time::{Duration, OffsetDateTime};

/// Identities with certificates for servers; each has a folder with the identity's name.
const SERVERS: [&str; 2] = ["imaged", "unpackd"];
/// Identities of clients, named after the roles that policy.toml gives them; each has a folder with the identity's
/// name.
const CLIENTS: [&str; 5] = ["read", "upload", "replicate", "publish", "admin"];

/// Days for which a CA is valid: ten years. No command renews a CA, and a new CA needs new certificates on every
/// machine.
const CA_DAYS: i64 = 3650;
/// Days for which a server's or client's certificate is valid by default.
pub const LEAF_DAYS: i64 = 90;

/// The validity of a new certificate begins this long before now, so that machines with slow clocks accept it.
const CLOCK_SKEW: Duration = Duration::hours(1);

/// The reason why `imaged pki init` failed. Every reason has the exit code of a refusal.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The folder already has a CA, which is never overwritten.
    #[error("{} exists, and a CA is never overwritten: name a new folder", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("cannot write {path}: {source}", path = path.display())]
    Io {
        /// The file to write, also if only its folder could not be made.
        path: PathBuf,
        /// Error of making the folder, or of writing the file.
        source: std::io::Error,
    },
    /// rcgen failed, for example because a `--name` is no valid host name.
    #[error("cannot make a certificate: {0}; check the hosts that --name gives")]
    Certificate(#[from] rcgen::Error),
}

/// Makes a CA, and the certificates and policy files of all servers and clients. `names` are the servers' hosts.
///
/// # Errors
/// [`PkiError::Exists`] if `dir` has a CA, which is never overwritten; [`PkiError::Io`], [`PkiError::Certificate`].
pub fn init(dir: &Path, names: &[String], days: i64) -> Result<(), PkiError> {
    let ca_path = dir.join("ca.pem");
    if ca_path.exists() {
        return Err(PkiError::Exists(ca_path));
    }
    let mut params = params("imprint CA", CA_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    for name in SERVERS {
        issue(&ca, &dir.join(name), name, names, days)?;
        write(&dir.join(name), "policy.toml", rpc::policy::DEFAULT.as_bytes())?;
    }
    for name in CLIENTS {
        issue(&ca, &dir.join(name), name, &[], days)?;
    }
    // The CA is written last: if `ca.pem` exists, all other files exist too.
    write_key(dir, "ca-key.pem", &ca.key().serialize_pem())?;
    write(dir, "ca.pem", ca.pem().as_bytes())
}

/// Issues a certificate with a new key into a folder. Without `hosts` it is a client's certificate.
fn issue(
    ca: &CertifiedIssuer<'_, KeyPair>,
    dir: &Path,
    identity: &str,
    hosts: &[String],
    days: i64,
) -> Result<(), PkiError> {
    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(hosts.to_vec())?;
    let base = params(identity, days);
    leaf.distinguished_name = base.distinguished_name;
    (leaf.not_before, leaf.not_after) = (base.not_before, base.not_after);
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    // A server's certificate is valid for clients too, because unpackd is a client of imaged. A client's certificate is
    // not valid for servers.
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    if !hosts.is_empty() {
        leaf.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    }
    let cert = leaf.signed_by(&key, ca)?;
    write_key(dir, "key.pem", &key.serialize_pem())?;
    write(dir, "cert.pem", cert.pem().as_bytes())?;
    write(dir, "ca.pem", ca.pem().as_bytes())
}

fn params(common_name: &str, days: i64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - CLOCK_SKEW;
    params.not_after = now + Duration::days(days);
    params
}

/// Writes a file into a folder; a missing folder is made with mode 0700. Everybody may read the file, as far as the
/// folder lets them.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), PkiError> {
    publish(dir, name, |folder| sysio::publish::replace(folder, name.as_bytes(), bytes))
}

/// Writes a key, which only the owner can read, whatever the folder's mode.
fn write_key(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
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
