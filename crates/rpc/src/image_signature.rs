//! Signatures of images: the client that adds an image signs the record that it sends, with its own key.
//!
//! Everybody who receives the image verifies the signature, and that the signer may add images to the stream. So a
//! server that relays images needs no trust: it cannot invent an image.
//!
//! A signature is judged by the time at which it was made, since an image outlives its signer's certificate. That time
//! is the signer's own word. The server to which the image is added compares it with its own clock.

use std::time::Duration;

use prost::Message;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::proto::{ImageRecord, ImageSignature, ImageStatement};

use crate::certificate_authority::{CertificateAuthority, VerifyError};
use crate::current::Current;
use crate::identity::Caller;
use crate::policy::{Policy, PolicyError, Role};
use crate::sign::SignError;
use crate::tls::TlsDir;

/// Bytes before a statement that is signed: a signature made for anything else never fits.
const CONTEXT: &[u8] = b"imprint image v1\n";

/// Limit on the difference between the signer's clock and the clock of the server to which the image is added.
pub const CLOCK_DIFFERENCE_MAX: Duration = Duration::from_secs(15 * 60);

/// The signer of an image, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSigner {
    /// The identity in the signer's certificate.
    pub caller: Caller,
    /// Time of the signature in milliseconds since the epoch, by the signer's clock.
    pub signed_at_ms: i64,
}

/// The reason why an image's signature is refused.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The record has no signature.
    #[error(
        "image {0} is not signed: add it again with a newer publish-cli, or list its stream under `unsigned` in policy.toml"
    )]
    Unsigned(String),
    /// The statement cannot be decoded, or states something else than the record does.
    #[error("the signature of image {name} is for something else: {problem}")]
    OtherStatement {
        /// The name in the record.
        name: String,
        /// The difference.
        problem: String,
    },
    /// The signature does not fit the certificate, or the certificate is not of our CA, or was not valid then.
    #[error("the signature of image {name} cannot be verified: {source}")]
    Unverified {
        /// The name in the record.
        name: String,
        /// The problem of signature or certificate.
        source: VerifyError,
    },
    /// The signer may not add images to the stream.
    #[error(
        "image {name} was signed by '{signer}', who lacks the role 'upload' for its stream in this machine's policy.toml"
    )]
    NotAllowed {
        /// The name in the record.
        name: String,
        /// The identity in the signer's certificate.
        signer: String,
    },
    /// The signer's clock differs from ours by more than [`CLOCK_DIFFERENCE_MAX`], or the signature is too old.
    #[error(
        "image {name} was signed {} s {}, by the clock of the machine that signed it: set the clock there or here right",
        difference_ms.unsigned_abs() / 1000,
        if *difference_ms < 0 { "ago" } else { "from now" }
    )]
    OtherTime {
        /// The name in the record.
        name: String,
        /// The signer's time minus ours, in milliseconds.
        difference_ms: i64,
    },
}

impl SignatureError {
    /// Returns the class of all these errors: the image must be signed otherwise, or the policy must change.
    pub fn class(&self) -> ErrorClass {
        ErrorClass::Refused
    }
}

impl TlsDir {
    /// Signs an image's record, as it is sent, with the folder's key.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign_image(
        &self,
        record: &ImageRecord,
        now_ms: i64,
    ) -> Result<ImageSignature, SignError> {
        let record = ImageRecord { signature: None, ..record.clone() };
        let statement = ImageStatement { record: Some(record), signed_at_ms: now_ms };
        let statement = statement.encode_to_vec();
        let signature = self.sign(&signed_bytes(&statement))?;
        Ok(ImageSignature {
            statement: statement.into(),
            signature: signature.bytes.into(),
            certificate: signature.certificate,
        })
    }
}

/// Verifies who signed an image, and whether the signer may add it.
#[derive(Clone, Debug)]
pub struct ImageSigners {
    tls: Current<TlsDir>,
    policy: Option<Current<Policy>>,
}

impl ImageSigners {
    /// Trusts certificates of the CA of a TLS folder. The policy says which of them may add to a stream. Without a
    /// policy, each of them may.
    pub fn new(tls: Current<TlsDir>, policy: Option<Current<Policy>>) -> Self {
        Self { tls, policy }
    }

    /// As [`ImageSigners::new`], with the policy of a TLS folder if the folder has one; for programs that end soon.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn of_folder(tls: &TlsDir) -> Result<Self, PolicyError> {
        let path = tls.path().join(crate::policy::FILE_NAME);
        let policy = path.exists().then(|| Policy::load(&path)).transpose()?;
        Ok(Self::new(Current::fixed(tls.clone()), policy.map(Current::fixed)))
    }

    /// Verifies the signature of a record that its signer sent, and that nothing in it was changed on the way. Returns
    /// the signer; `None` if the image is unsigned and the policy accepts that for its stream.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_sent(&self, sent: &ImageRecord) -> Result<Option<ImageSigner>, SignatureError> {
        let signer = self.verify(sent)?;
        let stated = sent.signature.as_ref().and_then(stated_record);
        let plain = ImageRecord { signature: None, ..sent.clone() };
        if signer.is_some() && stated.as_ref() != Some(&plain) {
            let problem = "its tags, expiry or facts were changed after it was signed".to_owned();
            return Err(SignatureError::OtherStatement { name: sent.name.clone(), problem });
        }
        Ok(signer)
    }

    /// Verifies the signature of an image that a server keeps, by [`verify_image`].
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, record: &ImageRecord) -> Result<Option<ImageSigner>, SignatureError> {
        let (tls, policy) = (self.tls.now(), self.policy.as_ref().map(Current::now));
        verify_image(record, tls.authority(), policy.as_deref())
    }
}

impl ImageSigner {
    /// Checks that the image was signed at most `age_max` ago and, as far as two clocks agree, not in the future.
    ///
    /// # Errors
    /// [`SignatureError::OtherTime`].
    pub fn check_time(
        &self,
        name: &str,
        now_ms: i64,
        age_max: Duration,
    ) -> Result<(), SignatureError> {
        let difference_ms = self.signed_at_ms.saturating_sub(now_ms);
        let limit = if difference_ms < 0 { age_max } else { CLOCK_DIFFERENCE_MAX };
        let is_now = Duration::from_millis(difference_ms.unsigned_abs()) <= limit;
        let error = || SignatureError::OtherTime { name: name.to_owned(), difference_ms };
        is_now.then_some(()).ok_or_else(error)
    }
}

/// Verifies the signature of an image that a server keeps, and returns its signer; `None` if the image is unsigned
/// and the policy accepts that for its stream. Name, manifest, attached objects and settings of a container must be
/// those that were signed; tags, expiry and what the server found may differ. Without a policy, every identity of the CA
/// may add images, and each must be signed.
///
/// # Errors
/// [`SignatureError`].
pub fn verify_image(
    record: &ImageRecord,
    authority: &CertificateAuthority,
    policy: Option<&Policy>,
) -> Result<Option<ImageSigner>, SignatureError> {
    let Some(signature) = &record.signature else {
        return accept_unsigned(record, policy).map(|()| None);
    };
    let name = || record.name.clone();
    let other = |problem: String| SignatureError::OtherStatement { name: name(), problem };
    let statement = ImageStatement::decode(signature.statement.as_ref())
        .map_err(|error| other(error.to_string()))?;
    let stated = statement.record.unwrap_or_default();
    for (what, stated, is) in [
        ("its name", &stated.name, &record.name),
        ("its manifest", &stated.manifest, &record.manifest),
        ("its build log", &stated.build_log, &record.build_log),
        ("its release notes", &stated.release_notes, &record.release_notes),
    ] {
        if stated != is {
            return Err(other(format!("it was signed for '{stated}' as {what}, not '{is}'")));
        }
    }
    if stated.oci != record.oci {
        return Err(other("its settings of a container were changed".to_owned()));
    }
    let unverified = |source| SignatureError::Unverified { name: name(), source };
    let signed_at_ms = u64::try_from(statement.signed_at_ms)
        .map_err(|_| other("it was signed before 1970".to_owned()))?;
    let message = signed_bytes(&signature.statement);
    let caller = authority
        .verify(
            &signature.certificate,
            &message,
            &signature.signature,
            Duration::from_millis(signed_at_ms),
        )
        .map_err(unverified)?;
    let stream = record.name.parse::<ImageName>().map(|name| name.stream());
    let stream = stream.map_err(|error| other(error.to_string()))?;
    if policy.is_some_and(|policy| !policy.allows(&caller, Role::Upload, &stream)) {
        let signer = caller.to_string();
        return Err(SignatureError::NotAllowed { name: name(), signer });
    }
    Ok(Some(ImageSigner { caller, signed_at_ms: statement.signed_at_ms }))
}

fn accept_unsigned(record: &ImageRecord, policy: Option<&Policy>) -> Result<(), SignatureError> {
    let stream = record.name.parse::<ImageName>().map(|name| name.stream());
    let is_accepted = policy
        .is_some_and(|policy| stream.as_ref().is_ok_and(|stream| policy.accepts_unsigned(stream)));
    is_accepted.then_some(()).ok_or_else(|| SignatureError::Unsigned(record.name.clone()))
}

/// Returns an image's record as its signer sent it, with the signature; `None` if it is unsigned or the statement cannot be
/// decoded. Nothing is verified.
pub fn sent_record(record: &ImageRecord) -> Option<ImageRecord> {
    let signature = record.signature.as_ref()?;
    Some(ImageRecord { signature: Some(signature.clone()), ..stated_record(signature)? })
}

fn stated_record(signature: &ImageSignature) -> Option<ImageRecord> {
    ImageStatement::decode(signature.statement.as_ref()).ok()?.record
}

fn signed_bytes(statement: &[u8]) -> Vec<u8> {
    [CONTEXT, statement].concat()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests {
    use std::path::Path;

    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
        IsCa, KeyPair,
    };

    use super::*;

    const POLICY: &str = "unsigned = ['old/**']\n[[grant]]\nidentity='builder'\nroles=['upload']\nstreams=['base/**']\n";

    /// Writes a TLS folder of an identity with a certificate of a CA.
    fn tls_dir(folder: &Path, ca: &CertifiedIssuer<'_, KeyPair>, identity: &str) -> TlsDir {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, identity);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, ca).unwrap();
        let folder = folder.join(identity);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in
            [("ca.pem", ca.pem()), ("cert.pem", cert.pem()), ("key.pem", key.serialize_pem())]
        {
            std::fs::write(folder.join(name), text).unwrap();
        }
        TlsDir::load(&folder).unwrap()
    }

    fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    fn signers(tls: &TlsDir, policy: Option<&str>) -> ImageSigners {
        let policy = policy.map(|text| Current::fixed(Policy::parse(text).unwrap()));
        ImageSigners::new(Current::fixed(tls.clone()), policy)
    }

    fn record() -> ImageRecord {
        let (name, manifest) = ("base/debian/1".to_owned(), "sha256:aa".to_owned());
        ImageRecord { name, manifest, release_notes: "sha256:bb".to_owned(), ..Default::default() }
    }

    fn now_ms() -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        i64::try_from(now.as_millis()).unwrap()
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_and_for_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let ca = authority("CA");
        let builder = tls_dir(folder.path(), &ca, "builder");
        let signers = signers(&builder, Some(POLICY));
        let mut signed = record();
        signed.signature = Some(builder.sign_image(&signed, now_ms()).unwrap());
        let signer = signers.verify(&signed).unwrap().unwrap();
        assert_eq!(signer.caller.as_str(), "builder");
        let check = |now| signer.check_time("x", now, CLOCK_DIFFERENCE_MAX);
        check(now_ms()).unwrap();
        let day = 24 * 3600 * 1000;
        for (shift, word) in [(day, "ago"), (-day, "from now")] {
            let late = check(now_ms() + shift).unwrap_err().to_string();
            assert!(late.contains(word) && late.contains("clock"), "{late}");
        }

        signers.verify_sent(&signed).unwrap();
        // Tags and expiry may change at the server, and not on the way there.
        signed.tags.insert("stage".to_owned(), "production".to_owned());
        signers.verify(&signed).unwrap();
        signers.verify_sent(&signed).unwrap_err();
        signed.tags.clear();
        signed.expires_at_ms = 1;
        signers.verify(&signed).unwrap();
        signers.verify_sent(&signed).unwrap_err();
        let changes: [fn(&mut ImageRecord); 5] = [
            |record| record.oci = Some(wire::proto::OciConfig::default()),
            |record| record.name = "base/debian/2".to_owned(),
            |record| record.manifest = "sha256:cc".to_owned(),
            |record| record.build_log = "sha256:cc".to_owned(),
            |record| record.release_notes.clear(),
        ];
        for change in changes {
            let mut forged = signed.clone();
            change(&mut forged);
            let error = signers.verify(&forged).unwrap_err();
            assert!(matches!(error, SignatureError::OtherStatement { .. }), "{error}");
        }
        let statement =
            |forged: &mut ImageSignature| forged.statement = b"\x0a\x01x".to_vec().into();
        let flipped = |forged: &mut ImageSignature| {
            let mut bytes = forged.signature.to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            forged.signature = bytes.into();
        };
        let empty = |forged: &mut ImageSignature| forged.certificate.clear();
        let forgeries: [fn(&mut ImageSignature); 3] = [statement, flipped, empty];
        for forge in forgeries {
            let mut forged = signed.clone();
            forge(forged.signature.as_mut().unwrap());
            signers.verify(&forged).unwrap_err();
        }
    }

    #[test]
    fn strangers_and_identities_without_the_role_sign_in_vain() {
        let folder = tempfile::tempdir().unwrap();
        let ca = authority("CA");
        let builder = tls_dir(folder.path(), &ca, "builder");
        let signers = signers(&builder, Some(POLICY));
        let signed_by = |tls: &TlsDir, name: &str, at: i64| {
            let mut record = ImageRecord { name: name.to_owned(), ..record() };
            record.signature = Some(tls.sign_image(&record, at).unwrap());
            record
        };
        let reader = tls_dir(folder.path(), &ca, "reader");
        let error = signers.verify(&signed_by(&reader, "base/x/1", now_ms())).unwrap_err();
        assert!(matches!(error, SignatureError::NotAllowed { .. }), "{error}");
        let error = signers.verify(&signed_by(&builder, "other/1", now_ms())).unwrap_err();
        assert!(matches!(error, SignatureError::NotAllowed { .. }), "{error}");
        let other = tls_dir(&folder.path().join("other"), &authority("CA"), "builder");
        let error = signers.verify(&signed_by(&other, "base/x/1", now_ms())).unwrap_err();
        assert!(matches!(error, SignatureError::Unverified { .. }), "{error}");
        // The certificate was not valid in 1970.
        let error = signers.verify(&signed_by(&builder, "base/x/1", 1)).unwrap_err();
        assert!(matches!(error, SignatureError::Unverified { .. }), "{error}");
        let error = signers.verify(&signed_by(&builder, "base/x/1", -1)).unwrap_err();
        assert!(matches!(error, SignatureError::OtherStatement { .. }), "{error}");
    }

    #[test]
    fn unsigned_images_are_accepted_only_where_the_policy_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let tls = tls_dir(folder.path(), &authority("CA"), "builder");
        let by_policy = signers(&tls, Some(POLICY));
        let unsigned = |name: &str| ImageRecord { name: name.to_owned(), ..record() };
        assert_eq!(by_policy.verify(&unsigned("old/debian/1")).unwrap(), None);
        let error = by_policy.verify(&unsigned("base/debian/1")).unwrap_err();
        assert!(matches!(error, SignatureError::Unsigned(_)), "{error}");
        let any = signers(&tls, None);
        any.verify(&unsigned("old/debian/1")).unwrap_err();
    }
}
