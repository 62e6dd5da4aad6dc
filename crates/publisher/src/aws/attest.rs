//! Signed statement of publication: an in-toto statement in a DSSE envelope.
//!
//! ```text
//! envelope   payloadType, payload (base64 of the statement), signatures [{keyid, sig, cert}]
//! signed     "DSSEv1" SP length SP payloadType SP length SP payload
//! statement  subject: each AMI, by the SHA-256 of its block map
//!            predicate: image, manifest, run, publisher, and each target with its snapshot
//! ```
//!
//! The publisher signs with the key of its client certificate: anybody with the CA's certificate can check signature
//! and signer. `docs/publishing.md` shows how, with openssl alone.

use data_encoding::BASE64;
use rpc::sign::{SignError, Signature};
use serde_json::{Value, json};
use wire::run::{Run, Step, TargetRun};

/// The envelope's `payloadType`, which the signature covers, too. *Source:* in-toto.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The statement's `_type`: the version of its form. *Source:* in-toto.
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The statement's `predicateType`: Imprint itself defines what the predicate holds.
const PREDICATE_TYPE: &str = "urn:imprint:published:v1";

/// Makes a statement of the finished targets; `None` if there are none.
pub(super) fn statement(run: &Run, published_at: &str) -> Option<Value> {
    let done: Vec<&TargetRun> =
        run.targets.iter().filter(|target| target.step == Step::Done).collect();
    let subject = |target: &&TargetRun| {
        json!({
            "name": format!("{}/{}", target.target.region, target.ami.as_deref().unwrap_or_default()),
            "digest": {"sha256": run.map},
        })
    };
    let place = |target: &&TargetRun| {
        json!({
            "account": target.account_id,
            "region": target.target.region,
            "ami": target.ami,
            "snapshot": target.made_of(),
            "encrypted": target.encryption.is_encrypted,
        })
    };
    (!done.is_empty()).then(|| {
        json!({
            "_type": STATEMENT_TYPE,
            "subject": done.iter().map(subject).collect::<Vec<_>>(),
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "image": run.image,
                "manifest": run.manifest,
                "run": run.id,
                "publisher": run.by,
                "publishedAt": published_at,
                "blockMap": format!("sha256:{}", run.map),
                "sizeGiB": run.size_gib,
                "targets": done.iter().map(place).collect::<Vec<_>>(),
            },
        })
    })
}

/// Signs a statement and wraps it into a DSSE envelope.
///
/// # Errors
/// The key cannot sign.
pub(super) fn envelope(
    statement: &Value,
    sign: impl FnOnce(&[u8]) -> Result<Signature, SignError>,
) -> Result<Value, SignError> {
    let payload = statement.to_string();
    let signature = sign(&signed_bytes(payload.as_bytes()))?;
    Ok(json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": BASE64.encode(payload.as_bytes()),
        "signatures": [{
            "keyid": signature.key_id,
            "sig": BASE64.encode(&signature.bytes),
            "cert": signature.certificate,
        }],
    }))
}

/// Returns the bytes to sign for a payload: DSSE's pre-authentication encoding.
fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::signed_bytes;

    #[test]
    fn what_is_signed_is_as_dsse_says() {
        assert_eq!(signed_bytes(b"{}"), b"DSSEv1 28 application/vnd.in-toto+json 2 {}");
    }
}
