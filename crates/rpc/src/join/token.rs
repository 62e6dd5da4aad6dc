//! The token, and what is derived from it.
//!
//! ```text
//! text       imprint-join-BASE32(version 1 · id 8 · secret 32 · SHA-256 of the CA's certificate 32 · check 4)
//! proof      HMAC(secret, "imprint join proof")         the machine shows it: it has the token
//! hash       SHA-256(proof)                             imaged keeps it
//! MAC key    HMAC(secret, "imprint join request")       machine and issuer
//! MAC        HMAC(MAC key, id · signing request)        the request is of the machine that has the token
//! ```

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

const VERSION: u8 = 1;
const PREFIX: &str = "imprint-join-";
const ID_LEN: usize = 8;
const HASH_LEN: usize = 32;
const CHECK_LEN: usize = 4;
const LEN: usize = 1 + ID_LEN + 2 * HASH_LEN + CHECK_LEN;

/// The number by which everybody refers to a token; it is no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId([u8; ID_LEN]);

impl TokenId {
    /// Reads an id of 8 bytes; `None` for another length.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads the 16 hexadecimal digits that [`std::fmt::Display`] writes.
    ///
    /// # Errors
    /// The problem in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok();
        let id = bytes.and_then(|bytes| Self::of_bytes(&bytes));
        id.ok_or_else(|| format!("'{text}' is no number of a token: 16 hexadecimal digits"))
    }

    /// Returns its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Display for TokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl std::fmt::Debug for TokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// What a machine shows to prove that it has a token.
#[derive(Clone)]
pub struct Proof(Vec<u8>);

impl Proof {
    /// Wraps a proof that came from a machine.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns what imaged keeps.
    pub fn hash(&self) -> ProofHash {
        let mut hash = [0; HASH_LEN];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        ProofHash(hash)
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(…)")
    }
}

/// The hash of a [`Proof`]. Two of them are compared, never two proofs: an early end of the comparison tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofHash([u8; HASH_LEN]);

impl ProofHash {
    /// Reads a hash of 32 bytes; `None` for another length.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The HMAC of a signing request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac(pub Vec<u8>);

/// The key with which a machine proves to the issuer that a signing request is its own.
#[derive(Clone)]
pub struct MacKey([u8; HASH_LEN]);

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(…)")
    }
}

impl MacKey {
    /// Reads a key of 32 bytes; `None` for another length.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns its bytes, which are a secret.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Computes the HMAC of a token's signing request.
    pub fn sign(&self, id: TokenId, request: &[u8]) -> Mac {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        Mac(hmac::sign(&key, &Self::message(id, request)).as_ref().to_vec())
    }

    /// Returns whether a signing request is of the machine that has the token.
    pub fn verifies(&self, id: TokenId, request: &[u8], mac: &Mac) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::verify(&key, &Self::message(id, request), &mac.0).is_ok()
    }

    fn message(id: TokenId, request: &[u8]) -> Vec<u8> {
        [id.as_bytes(), request].concat()
    }
}

/// A token: it stands for one certificate, until it ends.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinToken {
    id: TokenId,
    secret: [u8; HASH_LEN],
    /// SHA-256 of the CA's certificate.
    pub(super) authority: [u8; HASH_LEN],
}

impl std::fmt::Debug for JoinToken {
    /// Shows only the id, because the secret must stay one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The reason why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is something else.
    #[error("this is no token: a token begins with {PREFIX}, as `imaged pki token` prints it")]
    Other,
    /// Characters are missing or wrong.
    #[error("the token is damaged: copy it whole, as `imaged pki token` printed it")]
    Damaged,
    /// It was made by a later version.
    #[error("a later version of Imprint made the token: update this program")]
    Later,
}

impl JoinToken {
    /// Makes a token for machines that shall trust a CA, given by the DER of its certificate.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(authority: &[u8]) -> std::io::Result<Self> {
        let (mut id, mut secret) = ([0; ID_LEN], [0; HASH_LEN]);
        let random = SystemRandom::new();
        let filled = random.fill(&mut id).and_then(|()| random.fill(&mut secret));
        filled.map_err(|_| std::io::Error::other("the system gives no random numbers"))?;
        Ok(Self { id: TokenId(id), secret, authority: fingerprint(authority) })
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let digits = text.trim().strip_prefix(PREFIX).ok_or(TokenError::Other)?;
        let bytes = BASE32_NOPAD.decode(digits.to_ascii_uppercase().as_bytes());
        let bytes = bytes.map_err(|_| TokenError::Damaged)?;
        if bytes.first().is_some_and(|version| *version > VERSION) {
            return Err(TokenError::Later);
        }
        let bytes: [u8; LEN] = bytes.try_into().map_err(|_| TokenError::Damaged)?;
        let (body, check) = bytes.split_at(LEN - CHECK_LEN);
        if body[0] != VERSION || check != Self::check(body) {
            return Err(TokenError::Damaged);
        }
        let (id, rest) = body[1..].split_at(ID_LEN);
        let (secret, authority) = rest.split_at(HASH_LEN);
        let part = |bytes: &[u8]| bytes.try_into().map_err(|_| TokenError::Damaged);
        let id = TokenId::of_bytes(id).ok_or(TokenError::Damaged)?;
        Ok(Self { id, secret: part(secret)?, authority: part(authority)? })
    }

    /// Returns the text that [`JoinToken::parse`] reads; it is a secret.
    pub fn to_text(&self) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(&self.secret);
        bytes.extend_from_slice(&self.authority);
        bytes.extend_from_slice(&Self::check(&bytes));
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    /// Returns the number by which everybody refers to the token.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// Returns what a machine shows to prove that it has the token.
    pub fn proof(&self) -> Proof {
        Proof(self.derive(b"imprint join proof").to_vec())
    }

    /// Returns the key of its signing request's HMAC.
    pub fn mac_key(&self) -> MacKey {
        MacKey(self.derive(b"imprint join request"))
    }

    /// Returns whether the token pins a certificate (DER) of a CA.
    pub fn pins(&self, authority: &[u8]) -> bool {
        self.authority == fingerprint(authority)
    }

    fn derive(&self, purpose: &[u8]) -> [u8; HASH_LEN] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let mut derived = [0; HASH_LEN];
        derived.copy_from_slice(hmac::sign(&key, purpose).as_ref());
        derived
    }

    fn check(body: &[u8]) -> [u8; CHECK_LEN] {
        let hash = fingerprint(body);
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

fn fingerprint(bytes: &[u8]) -> [u8; HASH_LEN] {
    let mut hash = [0; HASH_LEN];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text_and_damage_is_told() {
        let token = JoinToken::new(b"a certificate").unwrap();
        let text = token.to_text();
        assert_eq!(JoinToken::parse(&format!(" {text}\n")).unwrap(), token);
        assert_eq!(JoinToken::parse(&text.to_uppercase()), Err(TokenError::Other));
        assert_eq!(JoinToken::parse("ca.pem"), Err(TokenError::Other));
        for at in PREFIX.len()..text.len() {
            let mut damaged = text.clone().into_bytes();
            damaged[at] = if damaged[at] == b'a' { b'b' } else { b'a' };
            let damaged = String::from_utf8(damaged).unwrap();
            assert!(JoinToken::parse(&damaged).is_err(), "{at}");
            JoinToken::parse(&text[..at]).unwrap_err();
        }
        assert!(token.pins(b"a certificate") && !token.pins(b"another"));
        let id = token.id().to_string();
        assert_eq!((TokenId::parse(&id), id.len()), (Ok(token.id()), 16));
        for shown in [format!("{token:?}"), format!("{:?}", token.mac_key())] {
            assert!(!shown.contains(&HEXLOWER.encode(&token.secret)), "{shown}");
        }
    }

    #[test]
    fn only_the_token_makes_the_mac_of_a_request() {
        let (token, other) = (JoinToken::new(b"ca").unwrap(), JoinToken::new(b"ca").unwrap());
        let (key, id) = (token.mac_key(), token.id());
        let mac = key.sign(id, b"request");
        assert!(key.verifies(id, b"request", &mac));
        assert!(!key.verifies(id, b"another", &mac) && !key.verifies(other.id(), b"request", &mac));
        assert!(!other.mac_key().verifies(id, b"request", &mac));
        // What imaged knows after the request does not make it.
        let from_proof = MacKey::of_bytes(token.proof().as_bytes()).unwrap();
        let from_hash = MacKey::of_bytes(token.proof().hash().as_bytes()).unwrap();
        assert!(!from_proof.verifies(id, b"request", &mac));
        assert!(!from_hash.verifies(id, b"request", &mac));
    }
}
