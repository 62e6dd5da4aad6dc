//! The tokens that an issuer made: for whom they are, and what it does with the requests that machines make with them.
//!
//! The issuer trusts no image server that hands it a request: it checks the HMAC, which only the machine with the token can
//! make, and signs what its own record says, whatever the request asks for.

use std::path::{Path, PathBuf};

use rpc::identity::is_machine;
use rpc::join::{Mac, MacKey, TokenId};
use serde::{Deserialize, Serialize};
use wire::proto::Token;

use super::PkiError;
use super::files::{read_if_there, write_key};

const FOLDER: &str = "tokens";

/// An issuer's record of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuedToken {
    /// What the machine is: the first component of its identity.
    pub role: String,
    /// The key of the HMAC of its request, in hexadecimal digits; a secret. Empty once the token has its certificate.
    mac_key: String,
    /// The identity; `None`: not bound yet.
    pub identity: Option<String>,
    /// The hosts of a server; a client has none.
    pub hosts: Vec<String>,
    /// Days for which the certificate is valid.
    pub days: u32,
    /// When the token ends, in milliseconds since the epoch.
    pub expires_at_ms: i64,
    /// The certificate that was signed, PEM; empty before.
    pub certificate: String,
    /// Why the token was revoked; empty if it was not. A server that went back in time cannot bring it back.
    pub revoked: String,
}

/// A request that was made before the token's end is signed so long after it: the issuer need not be quick.
const GRACE_MS: i64 = 24 * 3600 * 1000;

/// What an issuer does with a token that an image server shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: no machine has asked, or all is done.
    Leave,
    /// The machine's request is signed.
    Sign,
    /// The certificate that was signed before is handed over again.
    HandOver,
    /// The token is revoked, for this reason.
    Refuse(String),
    /// The server revoked it, for this reason, and this issuer learns of it now.
    Note(String),
}

impl IssuedToken {
    /// Makes the record of a token.
    pub fn new(role: &str, mac_key: &MacKey, days: u32, expires_at_ms: i64) -> Self {
        Self {
            role: role.to_owned(),
            mac_key: data_encoding::HEXLOWER.encode(mac_key.as_bytes()),
            identity: None,
            hosts: Vec::new(),
            days,
            expires_at_ms,
            certificate: String::new(),
            revoked: String::new(),
        }
    }

    /// Binds the token to an identity with its hosts.
    ///
    /// # Errors
    /// [`PkiError::Bound`] if it is bound to another.
    pub fn bind(&mut self, id: TokenId, name: &str, hosts: &[String]) -> Result<(), PkiError> {
        match &self.identity {
            Some(identity) if identity != name || self.hosts != hosts => {
                Err(PkiError::Bound { id, identity: identity.clone() })
            }
            _ => {
                (self.identity, self.hosts) = (Some(name.to_owned()), hosts.to_vec());
                Ok(())
            }
        }
    }

    /// Notes that the token is revoked, and why.
    pub fn revoke(&mut self, why: String) {
        self.revoked = why;
        self.mac_key.clear();
    }

    /// Notes the certificate; the key of the HMAC is needed no longer.
    pub fn signed(&mut self, certificate: String) {
        self.certificate = certificate;
        self.mac_key.clear();
    }

    /// Returns whether the image server itself signs.
    fn is_of_server(&self) -> bool {
        is_machine(&format!("{}/", self.role))
    }

    /// Returns whether this issuer may still have to sign: image servers themselves sign for machines.
    pub fn is_open(&self, now_ms: i64) -> bool {
        !self.is_of_server()
            && self.certificate.is_empty()
            && self.revoked.is_empty()
            && self.expires_at_ms > now_ms
    }

    /// Returns whether nothing more can come of the token.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.expires_at_ms.saturating_add(2 * GRACE_MS) < now_ms
    }

    /// Decides what is done with a token, as an image server shows it.
    pub fn verdict(&self, id: TokenId, shown: &Token, now_ms: i64) -> Verdict {
        if !shown.revoked.is_empty() {
            return match self.revoked.is_empty() {
                true => Verdict::Note(shown.revoked.clone()),
                false => Verdict::Leave,
            };
        }
        if !self.revoked.is_empty() {
            return Verdict::Refuse(self.revoked.clone());
        }
        let Some(request) = &shown.request else { return Verdict::Leave };
        if self.is_of_server() || !shown.certificate.is_empty() {
            return Verdict::Leave;
        }
        if !self.certificate.is_empty() {
            return Verdict::HandOver;
        }
        if self.identity.is_none() {
            return Verdict::Refuse("it was used before it was bound".to_owned());
        }
        // The server refuses requests after the end; it is not believed for longer than the grace.
        if self.expires_at_ms.saturating_add(GRACE_MS) <= now_ms {
            return Verdict::Leave;
        }
        let key = data_encoding::HEXLOWER.decode(self.mac_key.as_bytes()).ok();
        let key = key.and_then(|key| MacKey::of_bytes(&key));
        let mac = Mac(request.mac.to_vec());
        match key.is_some_and(|key| key.verifies(id, &request.request, &mac)) {
            true => Verdict::Sign,
            false => Verdict::Refuse("the request was not made with it".to_owned()),
        }
    }
}

fn path(folder: &Path, id: TokenId) -> PathBuf {
    folder.join(FOLDER).join(format!("{id}.json"))
}

/// Reads an issuer's record of a token from the folder of its CA.
///
/// # Errors
/// [`PkiError::NoToken`], [`PkiError::Record`], [`PkiError::Io`].
pub fn load(folder: &Path, id: TokenId) -> Result<IssuedToken, PkiError> {
    let path = path(folder, id);
    let missing = || PkiError::NoToken { folder: folder.to_owned(), id };
    let bytes = read_if_there(&path)?.ok_or_else(missing)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| PkiError::Record { path, problem: error.to_string() })
}

/// Writes an issuer's record of a token.
///
/// # Durability
/// The record survives a power loss once this returned.
///
/// # Errors
/// [`PkiError::Io`].
pub fn save(folder: &Path, id: TokenId, token: &IssuedToken) -> Result<(), PkiError> {
    let path = path(folder, id);
    let text = serde_json::to_string_pretty(token);
    let text = text.map_err(|error| PkiError::Record { path, problem: error.to_string() })?;
    write_key(&folder.join(FOLDER), &format!("{id}.json"), &text)
}

/// Forgets a token.
///
/// # Errors
/// [`PkiError::Io`].
pub fn remove(folder: &Path, id: TokenId) -> Result<(), PkiError> {
    let path = path(folder, id);
    let removed = sysio::Dir::open(&folder.join(FOLDER))
        .and_then(|dir| sysio::publish::remove(&dir, format!("{id}.json").as_bytes()));
    removed.map_err(|source| PkiError::Io { path, source })
}

/// Returns the numbers of all tokens of a CA's folder, sorted.
///
/// # Errors
/// [`PkiError::Io`].
pub fn all(folder: &Path) -> Result<Vec<TokenId>, PkiError> {
    let path = folder.join(FOLDER);
    let failed = |source| PkiError::Io { path: path.clone(), source };
    let entries = match std::fs::read_dir(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut ids = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
        ids.extend(id.and_then(|id| TokenId::parse(id).ok()));
    }
    ids.sort_unstable();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use rpc::join::JoinToken;
    use wire::proto::SigningRequest;

    use super::*;

    #[test]
    fn only_a_bound_token_with_the_right_mac_is_signed() {
        let token = JoinToken::new(b"ca").unwrap();
        let (id, key) = (token.id(), token.mac_key());
        let mut record = IssuedToken::new("unpackd", &key, 90, 100);
        let mac = key.sign(id, b"request").0;
        let mut shown = Token::default();
        assert_eq!(record.verdict(id, &shown, 0), Verdict::Leave);
        let request = b"request".as_slice().into();
        shown.request = Some(SigningRequest { request, mac: mac.into() });
        assert!(
            matches!(record.verdict(id, &shown, 0), Verdict::Refuse(why) if why.contains("bound"))
        );
        record.bind(id, "unpackd/a", &[]).unwrap();
        record.bind(id, "unpackd/a", &[]).unwrap();
        record.bind(id, "unpackd/b", &[]).unwrap_err();
        record.bind(id, "unpackd/a", &["host".to_owned()]).unwrap_err();
        assert_eq!(record.verdict(id, &shown, 0), Verdict::Sign);
        assert_eq!(record.verdict(id, &shown, 99 + GRACE_MS), Verdict::Sign);
        assert_eq!(record.verdict(id, &shown, 100 + GRACE_MS), Verdict::Leave);

        // A server that puts another request in its place is found out.
        let mut forged = shown.clone();
        forged.request.as_mut().unwrap().request = b"another".as_slice().into();
        let verdict = record.verdict(id, &forged, 0);
        assert!(matches!(verdict, Verdict::Refuse(why) if why.contains("not made with it")));

        // What a server revoked stays revoked, whatever it shows later.
        let (mut stolen, mut told) = (record.clone(), shown.clone());
        told.revoked = "it was used twice".to_owned();
        assert_eq!(stolen.verdict(id, &told, 0), Verdict::Note(told.revoked.clone()));
        stolen.revoke(told.revoked.clone());
        assert_eq!(stolen.verdict(id, &told, 0), Verdict::Leave);
        assert_eq!(stolen.verdict(id, &shown, 0), Verdict::Refuse(told.revoked));
        assert!(!stolen.is_open(0) && stolen.mac_key.is_empty());

        record.signed("pem".to_owned());
        assert_eq!(record.verdict(id, &shown, 0), Verdict::HandOver);
        assert!(!record.is_open(0) && record.mac_key.is_empty());
        shown.certificate = "pem".to_owned();
        assert_eq!(record.verdict(id, &shown, 0), Verdict::Leave);
    }

    #[test]
    fn records_survive_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let token = JoinToken::new(b"ca").unwrap();
        assert!(all(folder.path()).unwrap().is_empty());
        let record = IssuedToken::new("unpackd", &token.mac_key(), 90, 100);
        save(folder.path(), token.id(), &record).unwrap();
        assert_eq!(load(folder.path(), token.id()).unwrap(), record);
        assert_eq!(all(folder.path()).unwrap(), [token.id()]);
        let other = JoinToken::new(b"ca").unwrap().id();
        assert!(matches!(load(folder.path(), other), Err(PkiError::NoToken { .. })));
    }
}
