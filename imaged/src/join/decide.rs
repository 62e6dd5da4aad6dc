//! What a request with a token asks for.

use rpc::join::{Mac, MacKey, ProofHash, TokenId};
use wire::proto::{SigningRequest, TokenRecord};

/// What happens with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is the first one with this token: it is kept.
    Keep,
    /// It is there already and nobody has signed yet.
    Wait,
    /// It has its certificate.
    Answer(String),
    /// The token is revoked, for this reason.
    Revoke(String),
    /// It is refused, for this reason.
    Refuse(String),
}

/// Decides about a request from a machine. `hash` is that of the proof that it showed.
pub(super) fn decide(
    record: Option<&TokenRecord>,
    id: TokenId,
    hash: ProofHash,
    request: &SigningRequest,
    from: &str,
    now_ms: i64,
) -> Step {
    // One answer for both, so that ids cannot be found by trying.
    let unknown = || Step::Refuse("this server knows no such token: ask for a new one".to_owned());
    let Some(record) = record.filter(|record| record.hash == hash.as_bytes()) else {
        return unknown();
    };
    let token = record.token.clone().unwrap_or_default();
    if !token.revoked.is_empty() {
        let why = &token.revoked;
        return Step::Refuse(format!("the token was revoked ({why}): ask for a new one"));
    }
    match &token.request {
        Some(first) if first != request => {
            return Step::Revoke(format!(
                "it was used twice, from {} and from {from}",
                token.asked_from
            ));
        }
        Some(_) if !token.certificate.is_empty() => return Step::Answer(token.certificate),
        _ => {}
    }
    if now_ms >= token.expires_at_ms {
        return Step::Refuse("the token has ended: ask for a new one".to_owned());
    }
    if token.identity.is_empty() {
        return Step::Revoke(format!("it was used from {from} before it was bound"));
    }
    // Another issuer checks the HMAC itself, with a key that imaged does not have.
    if record.sign_here && !is_of_token(record, id, request) {
        return Step::Refuse("the request was not made with this token".to_owned());
    }
    if token.request.is_some() { Step::Wait } else { Step::Keep }
}

fn is_of_token(record: &TokenRecord, id: TokenId, request: &SigningRequest) -> bool {
    let mac = Mac(request.mac.to_vec());
    MacKey::of_bytes(&record.mac_key).is_some_and(|key| key.verifies(id, &request.request, &mac))
}

#[cfg(test)]
mod tests {
    use rpc::join::JoinToken;
    use wire::proto::Token;

    use super::*;

    fn request(bytes: &'static [u8]) -> SigningRequest {
        SigningRequest { request: bytes.into(), mac: b"mac".as_slice().into() }
    }

    #[test]
    fn a_token_gives_one_certificate_to_the_first_that_asks() {
        let join_token = JoinToken::new(b"ca").unwrap();
        let (id, hash) = (join_token.id(), join_token.proof().hash());
        let mut record = TokenRecord {
            token: Some(Token {
                identity: "unpackd/a".to_owned(),
                expires_at_ms: 100,
                ..Token::default()
            }),
            hash: hash.as_bytes().to_vec().into(),
            ..TokenRecord::default()
        };
        let (one, two) = (request(b"one"), request(b"two"));
        let ask = |record: &TokenRecord, request: &SigningRequest, now_ms| {
            decide(Some(record), id, hash, request, "there", now_ms)
        };
        let is_refused = |step: Step, word: &str| match step {
            Step::Refuse(why) => assert!(why.contains(word), "{why}"),
            other => panic!("{other:?}"),
        };
        assert_eq!(ask(&record, &one, 99), Step::Keep);
        is_refused(ask(&record, &one, 100), "has ended");
        let other = JoinToken::new(b"ca").unwrap().proof().hash();
        is_refused(decide(Some(&record), id, other, &one, "there", 0), "no such token");
        is_refused(decide(None, id, hash, &one, "there", 0), "no such token");

        let token = record.token.as_mut().unwrap();
        (token.request, token.asked_from) = (Some(one.clone()), "here".to_owned());
        assert_eq!(ask(&record, &one, 99), Step::Wait);
        let twice = Step::Revoke("it was used twice, from here and from there".to_owned());
        assert_eq!(ask(&record, &two, 99), twice);
        record.token.as_mut().unwrap().certificate = "pem".to_owned();
        // Who was interrupted may fetch it again, also later.
        assert_eq!(ask(&record, &one, 1000), Step::Answer("pem".to_owned()));
        assert_eq!(ask(&record, &two, 99), twice);
        record.token.as_mut().unwrap().revoked = "it was used twice".to_owned();
        is_refused(ask(&record, &one, 99), "used twice");
    }

    #[test]
    fn a_token_that_is_used_before_it_is_bound_is_revoked() {
        let join_token = JoinToken::new(b"ca").unwrap();
        let (id, hash) = (join_token.id(), join_token.proof().hash());
        let token = Some(Token { expires_at_ms: 100, ..Token::default() });
        let hash_bytes = hash.as_bytes().to_vec().into();
        let record = TokenRecord { token, hash: hash_bytes, ..TokenRecord::default() };
        let step = decide(Some(&record), id, hash, &request(b"one"), "there", 0);
        assert_eq!(step, Step::Revoke("it was used from there before it was bound".to_owned()));
    }

    #[test]
    fn what_the_server_signs_itself_must_be_of_the_token() {
        let join_token = JoinToken::new(b"ca").unwrap();
        let (id, hash, key) = (join_token.id(), join_token.proof().hash(), join_token.mac_key());
        let record = TokenRecord {
            token: Some(Token {
                identity: "machine/a".to_owned(),
                expires_at_ms: 100,
                ..Token::default()
            }),
            hash: hash.as_bytes().to_vec().into(),
            sign_here: true,
            mac_key: key.as_bytes().to_vec().into(),
            ..TokenRecord::default()
        };
        let step = decide(Some(&record), id, hash, &request(b"one"), "there", 0);
        assert!(matches!(step, Step::Refuse(why) if why.contains("not made with this token")));
        let mac = key.sign(id, b"one").0.into();
        let good = SigningRequest { request: b"one".as_slice().into(), mac };
        assert_eq!(decide(Some(&record), id, hash, &good, "there", 0), Step::Keep);
    }
}
