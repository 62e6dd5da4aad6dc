//! What a folder of certificates holds: one TLS folder, or a CA with the TLS folders below it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rpc::certificate::{Certificate, Serial};
use rpc::policy::Policy;
use rpc::revocation::Revoked;
use rpc::tls::FILES;

use super::PkiError;
use super::files::{CA, ISSUED, REVOKED, read_if_there};

/// A certificate of a folder.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The certificate.
    pub certificate: Certificate,
    /// Names of the roles that the folder's policy gives to its identity.
    pub roles: Vec<&'static str>,
    /// Since when it is revoked, in seconds since the epoch; `None` if it is not.
    pub revoked_since: Option<i64>,
    /// Whether a folder shows it now; others were replaced, or their folders are elsewhere.
    pub is_in_use: bool,
}

/// Lists the certificates of a TLS folder, or of a CA's folder: those in the folders below, and those that the CA issued
/// before and that have not ended.
///
/// # Errors
/// [`PkiError::NoAuthority`] without a `ca.pem`; [`PkiError::Io`], [`PkiError::Malformed`], [`PkiError::RevocationList`].
pub fn list(folder: &Path, now: i64) -> Result<Vec<Listed>, PkiError> {
    let absent = |source| PkiError::NoAuthority { folder: folder.to_owned(), source };
    let ca = std::fs::read(folder.join(CA)).map_err(absent)?;
    let path = folder.join(REVOKED);
    let revoked = Revoked::of_pem(&read_if_there(&path)?.unwrap_or_default(), &ca)
        .map_err(|problem| PkiError::RevocationList { path, problem })?;
    let policy = policy(folder);
    let mut certificates = Vec::new();
    for inside in std::iter::once(folder.to_owned()).chain(tls_folders(folder)?) {
        certificates.extend(shown(&inside)?);
    }
    let in_use: HashSet<Serial> = certificates.iter().map(|it| it.serial.clone()).collect();
    let mut others = issued(folder)?;
    others.retain(|other| !in_use.contains(&other.serial) && other.valid.1 > now);
    certificates.extend(others);
    certificates.sort_by(|a, b| (&a.identity, a.valid).cmp(&(&b.identity, b.valid)));
    let listed = |certificate: Certificate| Listed {
        roles: policy
            .as_ref()
            .map(|policy| policy.roles_of(&certificate.identity))
            .unwrap_or_default(),
        revoked_since: revoked.since(&certificate.serial),
        is_in_use: in_use.contains(&certificate.serial),
        certificate,
    };
    Ok(certificates.into_iter().map(listed).collect())
}

/// Returns the policy of a TLS folder, or of the first of a CA's servers that has one.
fn policy(folder: &Path) -> Option<Policy> {
    let places = std::iter::once(folder.to_owned())
        .chain(super::SERVERS.iter().map(|server| folder.join(server)));
    places.map(|place| place.join(rpc::policy::FILE_NAME)).find_map(|path| Policy::load(&path).ok())
}

/// Returns the certificate that a TLS folder shows, if it is one.
///
/// # Errors
/// [`PkiError::Io`], [`PkiError::Malformed`].
pub fn shown(folder: &Path) -> Result<Option<Certificate>, PkiError> {
    let path = folder.join(FILES[1]);
    let Some(pem) = read_if_there(&path)? else { return Ok(None) };
    Certificate::of_pem(&pem).map(Some).map_err(|source| PkiError::Malformed { path, source })
}

/// Returns the TLS folders directly below a folder, sorted.
pub(super) fn tls_folders(folder: &Path) -> Result<Vec<PathBuf>, PkiError> {
    let failed = |source| PkiError::Io { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join(FILES[1]).is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns all certificates that the CA of a folder issued: those that it recorded, and those in the folders below, which
/// an earlier version may have issued without a record.
pub(super) fn issued(folder: &Path) -> Result<Vec<Certificate>, PkiError> {
    let path = folder.join(ISSUED);
    let recorded = read_if_there(&path)?.unwrap_or_default();
    let malformed = |source| PkiError::Malformed { path: path.clone(), source };
    let mut found = Certificate::all_of_pem(&recorded).map_err(malformed)?;
    for inside in tls_folders(folder)? {
        found.extend(shown(&inside)?);
    }
    let mut seen = HashSet::new();
    found.retain(|certificate| seen.insert(certificate.serial.clone()));
    Ok(found)
}
