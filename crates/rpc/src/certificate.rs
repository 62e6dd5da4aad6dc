//! What a certificate says: whose it is, for which hosts, and from when until when it is valid.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::time::ASN1Time;

use crate::identity::{check_identity, is_machine};

/// The facts of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The identity: the common name.
    pub identity: String,
    /// The serial number, which the CA gave to this certificate alone.
    pub serial: Serial,
    /// The hosts for which it is valid as a server's certificate, names and addresses.
    pub hosts: Vec<String>,
    /// Whether servers may show it; clients may show every certificate.
    pub is_server: bool,
    /// Beginning and end of its validity, in seconds since the epoch.
    pub valid: (i64, i64),
}

/// A certificate's serial number: its bytes without leading zeros.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// Wraps the bytes of a serial number.
    pub fn new(bytes: &[u8]) -> Self {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Self(bytes[zeros..].to_vec())
    }

    /// Returns the number's bytes, without leading zeros.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Display for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl std::fmt::Debug for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// Reads a host name or an address that a server's certificate can be for.
///
/// # Errors
/// The problem in words.
pub fn parse_host(text: &str) -> Result<String, String> {
    let is_host = ServerName::try_from(text).is_ok();
    is_host.then(|| text.to_owned()).ok_or_else(|| format!("'{text}' is no host name or address"))
}

/// The reason why a certificate cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("it is no X.509 certificate with a common name: {0}")]
pub struct CertificateError(String);

/// Returns the DER of the first certificate of a PEM text.
///
/// # Errors
/// [`CertificateError`]: there is none, or it is malformed.
pub fn der_of_pem(pem: &[u8]) -> Result<Vec<u8>, CertificateError> {
    let der = CertificateDer::from_pem_slice(pem);
    der.map(|der| der.to_vec()).map_err(|error| CertificateError(error.to_string()))
}

impl Certificate {
    /// Reads the first certificate of a PEM text.
    ///
    /// # Errors
    /// [`CertificateError`]: there is none, it is malformed, or it has no common name.
    pub fn of_pem(pem: &[u8]) -> Result<Self, CertificateError> {
        let der = CertificateDer::from_pem_slice(pem);
        Self::of_der(&der.map_err(|error| CertificateError(error.to_string()))?)
    }

    /// Reads all certificates of a PEM text.
    ///
    /// # Errors
    /// [`CertificateError`]: one of them is malformed, or has no common name.
    pub fn all_of_pem(pem: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let all = CertificateDer::pem_slice_iter(pem);
        all.map(|der| Self::of_der(&der.map_err(|error| CertificateError(error.to_string()))?))
            .collect()
    }

    /// Returns how many CAs the first certificate of a PEM text permits below itself; `None` if it sets no limit or is
    /// malformed.
    pub fn authority_depth(pem: &[u8]) -> Option<u32> {
        let der = CertificateDer::from_pem_slice(pem).ok()?;
        let (_, cert) = x509_parser::parse_x509_certificate(&der).ok()?;
        cert.basic_constraints().ok()??.value.path_len_constraint
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// [`CertificateError`]: it is malformed, or it has no common name.
    pub fn of_der(der: &[u8]) -> Result<Self, CertificateError> {
        let malformed = |error: &dyn std::fmt::Display| CertificateError(error.to_string());
        let (_, cert) =
            x509_parser::parse_x509_certificate(der).map_err(|error| malformed(&error))?;
        let name = cert.subject().iter_common_name().next();
        let name = name.and_then(|name| name.as_str().ok()).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| CertificateError("it has no common name".to_owned()))?;
        let usage = cert.extended_key_usage().ok().flatten();
        Ok(Self {
            identity: name.to_owned(),
            serial: Serial::new(cert.raw_serial()),
            hosts: hosts(&cert),
            is_server: usage.is_some_and(|usage| usage.value.server_auth),
            valid: (cert.validity().not_before.timestamp(), cert.validity().not_after.timestamp()),
        })
    }

    /// Returns whether an intermediate of the CA may have signed it: it is for a machine.
    pub(crate) fn may_be_indirect(&self) -> bool {
        is_machine(&self.identity) && check_identity(&self.identity).is_ok()
    }

    /// Returns why the certificate is not valid now, in words.
    pub(crate) fn problem_now(&self) -> Option<String> {
        let now = ASN1Time::now().timestamp();
        let (begin, end) = self.valid;
        if now >= end {
            Some(format!("expired on {}", moment(end)))
        } else if now < begin {
            Some(format!("is not valid before {}: check this machine's clock", moment(begin)))
        } else {
            None
        }
    }
}

fn moment(seconds: i64) -> String {
    ASN1Time::from_timestamp(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

fn hosts(cert: &X509Certificate<'_>) -> Vec<String> {
    let names = cert.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter());
    let host = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(v4) => Some(std::net::Ipv4Addr::from(v4).to_string()),
            Err(_) => {
                <[u8; 16]>::try_from(*bytes).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string())
            }
        },
        _ => None,
    };
    names.into_iter().flatten().filter_map(host).collect()
}
