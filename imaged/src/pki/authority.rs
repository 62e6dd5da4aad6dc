//! The CA of a folder: it issues certificates into folders below, and signs the list of those that it revoked.

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use rpc::certificate::{Certificate, Serial};
use rpc::revocation::Revoked;
use rpc::tls::FILES;
use sysio::Dir;
use sysio::lock::FolderLock;
use time::{Duration, OffsetDateTime};

use super::PkiError;
use super::files::{
    CA, CA_KEY, ISSUED, MACHINE_CA, MACHINE_CA_KEY, REVOKED, read_if_there, write, write_key,
};
use super::inventory::{issued, tls_folders};
use super::leaf::{Subject, leaf_params, name_and_date, sign_request};

/// Days for which a CA is valid: ten years. No command renews a CA, and a new CA needs new certificates on every
/// machine.
const CA_DAYS: i64 = 3650;

/// What the common name of an intermediate begins with; the identity of its server follows.
const MACHINE_AUTHORITY: &str = "machine-ca/";

/// The CA of a folder, with its key. While it exists, no other process changes the folder.
pub struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    _lock: FolderLock,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes a new CA for a folder, without writing it: [`Authority::save`] does.
    pub(super) fn create(folder: &Path) -> Result<Self, PkiError> {
        let path = folder.join(CA);
        let help = "name a new folder";
        if path.exists() {
            return Err(PkiError::Exists { path, help });
        }
        let lock = lock(folder)?;
        let mut params = CertificateParams::default();
        name_and_date(&mut params, "imprint CA", CA_DAYS);
        // One level below: the intermediate of a server, which signs for machines.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);
        Ok(Self { folder: folder.to_owned(), issuer, certificate, _lock: lock })
    }

    /// Opens the CA of a folder.
    ///
    /// # Errors
    /// [`PkiError::NoAuthority`], [`PkiError::Busy`].
    pub fn open(folder: &Path) -> Result<Self, PkiError> {
        let read = |name: &str| {
            let absent = |source| PkiError::NoAuthority { folder: folder.to_owned(), source };
            std::fs::read_to_string(folder.join(name)).map_err(absent)
        };
        let (certificate, key) = (read(CA)?, read(CA_KEY)?);
        let lock = lock(folder)?;
        let issuer = Issuer::from_ca_cert_pem(&certificate, KeyPair::from_pem(&key)?)?;
        Ok(Self { folder: folder.to_owned(), issuer, certificate, _lock: lock })
    }

    /// Writes a new CA into its folder.
    pub(super) fn save(&self) -> Result<(), PkiError> {
        write_key(&self.folder, CA_KEY, &self.issuer.key().serialize_pem())?;
        write(&self.folder, CA, self.certificate.as_bytes())
    }

    /// Issues a certificate with a new key into the folder of its identity, over an earlier one. Records it first, so
    /// that it can be revoked.
    ///
    /// # Errors
    /// [`PkiError::Name`], [`PkiError::Io`], [`PkiError::Certificate`].
    pub fn issue(&self, subject: &Subject<'_>, days: i64) -> Result<Certificate, PkiError> {
        check_name(subject.identity)?;
        let key = KeyPair::generate()?;
        let leaf = leaf_params(subject, days)?;
        let pem = leaf.signed_by(&key, &self.issuer)?.pem();
        let folder = self.folder.join(subject.identity);
        // What an earlier version issued has no record yet, and could not be revoked after it was replaced.
        if let Some(old) = read_if_there(&folder.join(FILES[1]))? {
            self.record(&old)?;
        }
        self.record(pem.as_bytes())?;
        write_key(&folder, FILES[2], &key.serialize_pem())?;
        write(&folder, FILES[1], pem.as_bytes())?;
        self.write_shared(&folder)?;
        let path = folder.join(FILES[1]);
        Certificate::of_pem(pem.as_bytes()).map_err(|source| PkiError::Malformed { path, source })
    }

    /// Returns the identity of the intermediate that a server has.
    pub fn delegate_identity(identity: &str) -> String {
        format!("{MACHINE_AUTHORITY}{identity}")
    }

    /// Signs a machine's request (DER), and records the certificate first, so that it can be revoked. Returns it, PEM.
    ///
    /// # Errors
    /// [`PkiError::Certificate`]: the request is malformed, or its signature wrong; [`PkiError::Io`].
    pub fn sign(
        &self,
        request: &[u8],
        subject: &Subject<'_>,
        days: i64,
    ) -> Result<String, PkiError> {
        let pem = sign_request(&self.issuer, request, subject, days)?;
        self.record(pem.as_bytes())?;
        Ok(pem)
    }

    /// Makes an intermediate that signs for machines, into the folder of a server.
    ///
    /// # Errors
    /// [`PkiError::NoMachines`] if an earlier version made the CA; [`PkiError::Unknown`] without such a folder;
    /// [`PkiError::Io`], [`PkiError::Certificate`].
    pub fn delegate(&self, identity: &str, days: i64) -> Result<Certificate, PkiError> {
        check_name(identity)?;
        let folder = self.folder.join(identity);
        if !folder.join(FILES[1]).is_file() {
            return Err(self.unknown(format!("for '{identity}'")));
        }
        if !self.permits_intermediates() {
            return Err(PkiError::NoMachines { folder: self.folder.clone() });
        }
        let mut params = CertificateParams::default();
        name_and_date(&mut params, &Self::delegate_identity(identity), days);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let pem = params.signed_by(&key, &self.issuer)?.pem();
        self.record(pem.as_bytes())?;
        write_key(&folder, MACHINE_CA_KEY, &key.serialize_pem())?;
        write(&folder, MACHINE_CA, pem.as_bytes())?;
        let path = folder.join(MACHINE_CA);
        Certificate::of_pem(pem.as_bytes()).map_err(|source| PkiError::Malformed { path, source })
    }

    /// Returns whether the CA's certificate permits an intermediate below it.
    fn permits_intermediates(&self) -> bool {
        Certificate::authority_depth(self.certificate.as_bytes()).is_none_or(|depth| depth >= 1)
    }

    /// Returns the DER of the CA's certificate, which tokens pin.
    ///
    /// # Errors
    /// [`PkiError::Malformed`].
    pub fn der(&self) -> Result<Vec<u8>, PkiError> {
        let path = self.folder.join(CA);
        rpc::certificate::der_of_pem(self.certificate.as_bytes())
            .map_err(|source| PkiError::Malformed { path, source })
    }

    /// Returns the folder of the CA.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Adds certificates to the list of those that are not to be trusted from a time on, in seconds since the epoch, and
    /// writes the list into all folders below. A certificate that is revoked already keeps the earlier time.
    ///
    /// # Errors
    /// [`PkiError::Io`], [`PkiError::RevocationList`], [`PkiError::Certificate`].
    pub fn revoke(&self, serials: &[Serial], since: i64) -> Result<(), PkiError> {
        let revoked = self.revoked()?;
        let since_of = |serial: &Serial| revoked.since(serial).map_or(since, |old| old.min(since));
        let mut all: Vec<(Serial, i64)> =
            serials.iter().map(|serial| (serial.clone(), since_of(serial))).collect();
        let rest = revoked.iter().filter(|(serial, _)| !serials.contains(serial));
        all.extend(rest.map(|(serial, since)| (serial.clone(), since)));
        all.sort();
        let now = OffsetDateTime::now_utc();
        let entry = |(serial, since): &(Serial, i64)| RevokedCertParams {
            serial_number: SerialNumber::from_slice(serial.as_bytes()),
            revocation_time: OffsetDateTime::from_unix_timestamp(*since).unwrap_or(now),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: now,
            next_update: now + Duration::days(CA_DAYS),
            crl_number: SerialNumber::from(now.unix_timestamp().unsigned_abs()),
            issuing_distribution_point: None,
            revoked_certs: all.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer)?.pem()?;
        write(&self.folder, REVOKED, list.as_bytes())?;
        let folders = tls_folders(&self.folder)?;
        folders.iter().try_for_each(|folder| write(folder, REVOKED, list.as_bytes()))
    }

    /// Returns the certificates that this CA revoked so far.
    ///
    /// # Errors
    /// [`PkiError::Io`], [`PkiError::RevocationList`].
    pub fn revoked(&self) -> Result<Revoked, PkiError> {
        let path = self.folder.join(REVOKED);
        let list = read_if_there(&path)?.unwrap_or_default();
        Revoked::of_pem(&list, self.certificate.as_bytes())
            .map_err(|problem| PkiError::RevocationList { path, problem })
    }

    /// Returns all certificates that this CA issued, the latest last.
    ///
    /// # Errors
    /// [`PkiError::Io`], [`PkiError::Malformed`].
    pub fn issued(&self) -> Result<Vec<Certificate>, PkiError> {
        issued(&self.folder)
    }

    /// Returns the certificates of an identity that had not ended at a time, in seconds since the epoch: a signature is judged
    /// by the time at which it was made, so that the key of an ended certificate still counts.
    ///
    /// # Errors
    /// [`PkiError::Unknown`] if the CA never issued one; as [`Authority::issued`].
    pub fn issued_to(&self, identity: &str, since: i64) -> Result<Vec<Certificate>, PkiError> {
        let mut found = self.issued()?;
        found.retain(|certificate| certificate.identity == identity);
        if found.is_empty() {
            return Err(self.unknown(format!("for '{identity}'")));
        }
        found.retain(|it| it.valid.1 > since);
        if found.is_empty() {
            return Err(self.unknown(format!("for '{identity}' that is still good")));
        }
        Ok(found)
    }

    /// Returns the error for a certificate that this CA did not issue.
    pub fn unknown(&self, what: String) -> PkiError {
        PkiError::Unknown { folder: self.folder.clone(), what }
    }

    /// Writes into a TLS folder what all of them have: the CA's certificate, and the list of those that it revoked.
    fn write_shared(&self, folder: &Path) -> Result<(), PkiError> {
        write(folder, CA, self.certificate.as_bytes())?;
        match read_if_there(&self.folder.join(REVOKED))? {
            Some(list) => write(folder, REVOKED, &list),
            None => Ok(()),
        }
    }

    /// Adds a certificate to the record, unless it is there.
    fn record(&self, pem: &[u8]) -> Result<(), PkiError> {
        let mut all = read_if_there(&self.folder.join(ISSUED))?.unwrap_or_default();
        if all.windows(pem.len()).any(|part| part == pem) {
            return Ok(());
        }
        all.extend_from_slice(pem);
        write(&self.folder, ISSUED, &all)
    }
}

/// Checks that a name can be an identity with a folder of its own.
pub(super) fn check_name(name: &str) -> Result<(), PkiError> {
    let is_simple = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_good = name.bytes().all(|c| is_simple(c) || b"._-".contains(&c))
        && name.bytes().next().is_some_and(is_simple)
        && name.len() <= 64;
    if is_good { Ok(()) } else { Err(PkiError::Name(name.to_owned())) }
}

fn lock(folder: &Path) -> Result<FolderLock, PkiError> {
    let io = |source| PkiError::Io { path: folder.to_owned(), source };
    let dir = Dir::create_all(folder).map_err(io)?;
    FolderLock::try_take(&dir, b"lock").map_err(|source| match source.kind() {
        std::io::ErrorKind::WouldBlock => PkiError::Busy(folder.to_owned()),
        _ => io(source),
    })
}
