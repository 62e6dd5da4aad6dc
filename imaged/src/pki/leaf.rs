//! Certificates of servers, clients and machines: what they say, and how a machine's request is signed.

use rcgen::{
    CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use time::{Duration, OffsetDateTime};

/// The validity of a new certificate begins this long before now, so that machines with slow clocks accept it.
const CLOCK_SKEW: Duration = Duration::hours(1);

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The identity.
    pub identity: &'a str,
    /// The hosts of a server; a client has none.
    pub hosts: &'a [String],
}

/// Returns what a certificate says of its subject.
pub(super) fn leaf_params(
    subject: &Subject<'_>,
    days: i64,
) -> Result<CertificateParams, rcgen::Error> {
    let mut leaf = CertificateParams::new(subject.hosts.to_vec())?;
    name_and_date(&mut leaf, subject.identity, days);
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    // A server's certificate is valid for clients too, because unpackd is a client of imaged. A client's certificate
    // is not valid for servers.
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    if !subject.hosts.is_empty() {
        leaf.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    }
    Ok(leaf)
}

/// Gives a certificate its common name, and a validity that begins now.
pub(super) fn name_and_date(params: &mut CertificateParams, common_name: &str, days: i64) {
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    // By default it would be a hash of the key: a key that is signed twice would have two certificates of one number, and
    // revoking the first would revoke the second.
    params.serial_number = Some(SerialNumber::from_slice(&random_serial()));
    let now = OffsetDateTime::now_utc();
    params.not_before = now - CLOCK_SKEW;
    params.not_after = now + Duration::days(days);
}

/// Returns 16 random bytes of which the first is neither zero nor above 127, as DER wants the number of a certificate.
fn random_serial() -> [u8; 16] {
    let mut bytes: [u8; 16] = rand::random();
    bytes[0] = bytes[0] & 0x7f | 0x40;
    bytes
}

/// Checks that a machine's request (DER) is well-formed and that the machine has its key.
///
/// # Errors
/// The problem.
pub(crate) fn check_request(request: &[u8]) -> Result<(), rcgen::Error> {
    CertificateSigningRequestParams::from_der(&request.into()).map(drop)
}

/// Signs a machine's request (DER) and returns the certificate, PEM. Of the request only the public key counts, and that
/// the machine has its key.
///
/// # Errors
/// The request is malformed, or its signature wrong; a host is no host.
pub(crate) fn sign_request(
    issuer: &Issuer<'_, KeyPair>,
    request: &[u8],
    subject: &Subject<'_>,
    days: i64,
) -> Result<String, rcgen::Error> {
    let mut signing = CertificateSigningRequestParams::from_der(&request.into())?;
    signing.params = leaf_params(subject, days)?;
    Ok(signing.signed_by(issuer)?.pem())
}
