//! The list of certificates that a CA revoked: an X.509 revocation list, which the CA signed.

use std::collections::HashMap;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

use crate::certificate::Serial;

/// The certificates that a CA revoked.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    /// Seconds since the epoch from when on a certificate is not to be trusted, by serial number.
    since: HashMap<Serial, i64>,
}

impl Revoked {
    /// Reads all lists of a PEM text. Each must be signed by one of the CA's certificates, also PEM.
    ///
    /// # Errors
    /// The problem in words.
    pub fn of_pem(lists: &[u8], ca: &[u8]) -> Result<Self, String> {
        let ca = CertificateDer::pem_slice_iter(ca).collect::<Result<Vec<_>, _>>();
        let ca = ca.map_err(|error| error.to_string())?;
        let mut since = HashMap::new();
        for list in CertificateRevocationListDer::pem_slice_iter(lists) {
            let list = list.map_err(|error| error.to_string())?;
            let (_, list) =
                CertificateRevocationList::from_der(&list).map_err(|error| error.to_string())?;
            if !ca.iter().any(|ca| is_signed_by(&list, ca)) {
                return Err("another CA signed the list of revoked certificates".to_owned());
            }
            for entry in list.iter_revoked_certificates() {
                let from = entry.invalidity_date().map_or(entry.revocation_date, |(_, at)| at);
                let from = from.timestamp();
                let known = since.entry(Serial::new(entry.raw_serial())).or_insert(from);
                *known = from.min(*known);
            }
        }
        Ok(Self { since })
    }

    /// Returns from when on a certificate is not to be trusted, in seconds since the epoch; `None` if it is not revoked.
    pub fn since(&self, serial: &Serial) -> Option<i64> {
        self.since.get(serial).copied()
    }

    /// Returns all revoked certificates, with the time from when on they are not to be trusted.
    pub fn iter(&self) -> impl Iterator<Item = (&Serial, i64)> {
        self.since.iter().map(|(serial, since)| (serial, *since))
    }
}

fn is_signed_by(list: &CertificateRevocationList<'_>, ca: &CertificateDer<'_>) -> bool {
    let ca = x509_parser::parse_x509_certificate(ca);
    ca.is_ok_and(|(_, ca)| list.verify_signature(ca.public_key()).is_ok())
}
