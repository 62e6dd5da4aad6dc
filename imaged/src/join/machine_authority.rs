//! The intermediate with which a server signs certificates of machines. `imaged pki delegate` makes it; without it the
//! server signs nothing. Every verifier refuses what it signs for another identity than `machine/…`, and for servers.

use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rcgen::{Issuer, KeyPair};
use rpc::certificate::Certificate;
use rpc::current::Current;
use rpc::status::status;
use rpc::tls::TlsDir;
use time::OffsetDateTime;
use tonic::Status;
use wire::ErrorClass;

use crate::pki::leaf::{Subject, sign_request};
use crate::pki::{MACHINE_CA, MACHINE_CA_KEY};

/// Name of the record in the data folder, and the line after which its next certificate begins.
const RECORD: &str = "machines.pem";
const END: &str = "-----END CERTIFICATE-----";

/// An intermediate with less time left signs no more, and one with less than this is told of.
const LEFT_MIN_DAYS: i64 = 1;
const LEFT_TOLD_DAYS: i64 = 14;

/// The intermediate of a TLS folder, whose files are read for each signature, so that new ones need no restart.
#[derive(Debug)]
pub(super) struct MachineAuthority {
    tls: Current<TlsDir>,
    /// Where all certificates are recorded before they are handed out, so that they can be revoked.
    data_dir: PathBuf,
    recording: Mutex<()>,
}

impl MachineAuthority {
    /// Uses the intermediate of a TLS folder; `data_dir` keeps the record.
    pub(super) fn new(tls: Current<TlsDir>, data_dir: &Path) -> Self {
        Self { tls, data_dir: data_dir.to_owned(), recording: Mutex::new(()) }
    }

    /// Checks that there is an intermediate.
    ///
    /// # Errors
    /// `FailedPrecondition`, with the next step.
    pub(super) fn check(&self) -> Result<(), Status> {
        self.issuer().map(drop)
    }

    /// Signs a request (DER) for an identity, and records the certificate durably. Returns it with its chain, PEM.
    ///
    /// # Errors
    /// There is no intermediate, it ends too soon, or the CA does not vouch for it; the request is malformed, or its signature
    /// wrong; the record cannot be written.
    pub(super) fn sign(&self, request: &[u8], identity: &str, days: u32) -> Result<String, Status> {
        let (issuer, chain, end) = self.issuer()?;
        let subject = Subject { identity, hosts: &[] };
        let left = (end - OffsetDateTime::now_utc().unix_timestamp()) / (24 * 3600);
        if left < LEFT_MIN_DAYS {
            return Err(unable(&format!("the certificate {MACHINE_CA} ends within a day")));
        }
        if left < LEFT_TOLD_DAYS {
            tracing::warn!("the certificate {MACHINE_CA} ends in {left} days: imaged pki delegate");
        }
        let signed = sign_request(&issuer, request, &subject, i64::from(days).min(left));
        let signed = signed.map_err(|error| {
            status(ErrorClass::Refused, format!("the signing request is not accepted: {error}"))
        })?;
        let chain = format!("{signed}{chain}");
        // Files of two intermediates, for example while new ones are copied, must not cost the machine its token.
        self.tls.now().authority().check_chain_of_pem(&chain).map_err(|error| unable(&error))?;
        self.record(&signed).map_err(|error| {
            status(ErrorClass::of_io(&error), format!("{}: {error}", self.record_path().display()))
        })?;
        Ok(chain)
    }

    /// Returns the file with all certificates that were signed here and have not ended.
    pub(super) fn record_path(&self) -> PathBuf {
        self.data_dir.join(RECORD)
    }

    fn record(&self, signed: &str) -> std::io::Result<()> {
        let _recording = self.recording.lock();
        let before = match std::fs::read_to_string(self.record_path()) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            before => before?,
        };
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let mut all = String::new();
        for pem in before.split_inclusive(END) {
            let end = Certificate::of_pem(pem.as_bytes()).map(|certificate| certificate.valid.1);
            if end.is_ok_and(|end| end > now) {
                all.push_str(pem.trim_start());
                all.push('\n');
            }
        }
        all.push_str(signed);
        let folder = sysio::Dir::open(&self.data_dir)?;
        sysio::publish::replace(&folder, RECORD.as_bytes(), all.as_bytes())
    }

    fn issuer(&self) -> Result<(Issuer<'static, KeyPair>, String, i64), Status> {
        let folder = self.tls.now().path().to_owned();
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path)
                .map_err(|error| unable(&format!("{}: {error}", path.display())))
        };
        let (chain, key) = (read(MACHINE_CA)?, read(MACHINE_CA_KEY)?);
        let key = KeyPair::from_pem(&key).map_err(|error| unable(&error))?;
        let end = Certificate::of_pem(chain.as_bytes()).map_err(|error| unable(&error))?.valid.1;
        let issuer = Issuer::from_ca_cert_pem(&chain, key).map_err(|error| unable(&error))?;
        Ok((issuer, chain, end))
    }
}

fn unable(problem: &dyn std::fmt::Display) -> Status {
    let message = format!(
        "this server cannot sign for machines ({problem}): `imaged pki delegate` makes the files that it needs"
    );
    status(ErrorClass::Refused, message)
}
