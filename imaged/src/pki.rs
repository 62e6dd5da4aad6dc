//! Certificates for first users: a CA of one's own, and a folder for each role.
//!
//! ```text
//! DIR/ca.pem, ca-key.pem                    the CA; its key belongs on no server
//! DIR/{imaged,unpackd}/{ca,cert,key}.pem    serve under every --name; policy.toml beside them
//! DIR/{read,upload,replicate,publish,admin}/{ca,cert,key}.pem    clients
//! ```

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use sysio::Dir;
use time::{Duration, OffsetDateTime};

/// Folders whose certificates may serve.
const SERVERS: [&str; 2] = ["imaged", "unpackd"];
/// Folders of clients, named like the roles that policy.toml gives them.
const CLIENTS: [&str; 5] = ["read", "upload", "replicate", "publish", "admin"];

/// How long a CA is valid. Leaves are made for [`LEAF_DAYS`].
const CA_DAYS: i64 = 3650;
/// How long a certificate is valid.
pub const LEAF_DAYS: i64 = 90;

/// Clocks of machines may be apart by this much.
const CLOCK_SKEW: Duration = Duration::hours(1);

/// Why certificates could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A CA is there already.
    #[error("{} exists: name a new folder, or remove it first", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("write {path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A name is no host name.
    #[error("make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
}

/// Makes a CA and everything that a first user needs.
///
/// # Errors
/// [`PkiError::Exists`] where `dir` has a CA: it is never overwritten.
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
    // The CA comes last: where it is, all else is.
    write(dir, "ca-key.pem", ca.key().serialize_pem().as_bytes())?;
    write(dir, "ca.pem", ca.pem().as_bytes())
}

/// Issues a certificate with its own key into a folder.
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
    // unpackd is a client of imaged, so servers may be clients too; clients never serve.
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

/// Writes a file in a folder of mode 0700, so that keys are the owner's alone.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), PkiError> {
    let path = dir.join(name);
    Dir::create_all(dir)
        .and_then(|folder| sysio::publish::replace(&folder, name.as_bytes(), bytes))
        .map_err(|source| PkiError::Io { path, source })
}
