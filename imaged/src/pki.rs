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

/// Identities whose certificates may serve; each has a folder of its name.
const SERVERS: [&str; 2] = ["imaged", "unpackd"];
/// Identities of clients, named after the roles that policy.toml gives them; each has a folder of its name.
const CLIENTS: [&str; 5] = ["read", "upload", "replicate", "publish", "admin"];

/// Days for which a CA is valid: ten years. No command renews a CA, and a new CA needs new certificates on every
/// machine.
const CA_DAYS: i64 = 3650;
/// Days for which a server's or client's certificate is valid by default.
pub const LEAF_DAYS: i64 = 90;

/// A new certificate is valid from this long before now, so that machines with slow clocks accept it.
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
        /// The file to write; perhaps its folder could not be made.
        path: PathBuf,
        /// The system's error.
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
    write(dir, "ca-key.pem", ca.key().serialize_pem().as_bytes())?;
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
    write(dir, "key.pem", key.serialize_pem().as_bytes())?;
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

/// Writes a file into a folder of mode 0700, so that only the owner can read keys.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), PkiError> {
    let path = dir.join(name);
    Dir::create_all(dir)
        .and_then(|folder| sysio::publish::replace(&folder, name.as_bytes(), bytes))
        .map_err(|source| PkiError::Io { path, source })
}
