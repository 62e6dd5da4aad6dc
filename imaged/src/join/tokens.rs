//! The tokens of a server. Each is a file, so that a restart forgets none.
//!
//! ```text
//! DATA_DIR/tokens/ID    TokenRecord of the schema; mode 0400
//! ```
//!
//! *Locking:* the lock is held while a file is written: requests of machines are few, and two of them with one token must
//! not both be the first.

use std::collections::BTreeMap;
use std::path::Path;

use parking_lot::Mutex;
use prost::Message;
use rpc::join::{ProofHash, TokenId};
use rpc::status::{denied, status};
use sysio::Dir;
use sysio::clock::now_ms;
use tokio::sync::watch;
use tonic::Status;
use wire::ErrorClass;
use wire::proto::{SigningRequest, Token, TokenRecord};

use super::decide::{Step, decide};

/// Limit on tokens, the ended ones of the last day among them.
pub(super) const TOKENS_MAX: usize = 1000;

/// Limit on tokens of one maker, so that one cannot take all places.
pub(super) const TOKENS_OF_MAKER_MAX: usize = 400;

/// Tokens are kept for a day after their end, so that an issuer sees what became of them.
const KEPT_MS: i64 = 24 * 3600 * 1000;

/// How many tokens there are, for the status page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// Tokens that no machine has used, and that have not ended.
    pub open: u64,
    /// Tokens whose request waits for an issuer.
    pub asked: u64,
    /// Tokens that were used twice or before they were bound.
    pub misused: u64,
    /// Tokens that an issuer revoked.
    pub refused: u64,
}

/// The tokens of a server.
#[derive(Debug)]
pub(super) struct Tokens {
    folder: Dir,
    records: Mutex<BTreeMap<TokenId, TokenRecord>>,
    /// Is sent to whenever a token changes.
    pub(super) changed: watch::Sender<()>,
}

impl Tokens {
    /// Opens the tokens of a server's data folder. A file that cannot be read ends only its token.
    pub(super) fn open(data_dir: &Path) -> std::io::Result<Self> {
        let path = data_dir.join("tokens");
        let folder = Dir::create_all(&path)?;
        let mut records = BTreeMap::new();
        for name in folder.names()? {
            let name = String::from_utf8_lossy(&name).into_owned();
            let Ok(id) = TokenId::parse(&name) else { continue };
            match std::fs::read(path.join(&name)).map(|bytes| TokenRecord::decode(bytes.as_slice()))
            {
                Ok(Ok(record)) => drop(records.insert(id, record)),
                other => {
                    tracing::warn!(%id, "the token is left out: its file is malformed: {other:?}")
                }
            }
        }
        Ok(Self { folder, records: Mutex::new(records), changed: watch::Sender::new(()) })
    }

    /// Adds a token.
    ///
    /// # Errors
    /// The id is taken, or there are too many tokens; errors of writing.
    pub(super) fn put(&self, id: TokenId, record: TokenRecord) -> Result<(), Status> {
        let mut records = self.records.lock();
        self.sweep(&mut records);
        if records.contains_key(&id) {
            return Err(status(ErrorClass::Conflict, format!("there is a token {id}")));
        }
        let maker = |record: &TokenRecord| record.token.clone().unwrap_or_default().maker;
        let of_maker = records.values().filter(|other| maker(other) == maker(&record)).count();
        if records.len() >= TOKENS_MAX || of_maker >= TOKENS_OF_MAKER_MAX {
            return Err(status(
                ErrorClass::Full,
                format!(
                    "there are {} tokens, {of_maker} of them yours, and at most {TOKENS_MAX} and {TOKENS_OF_MAKER_MAX} are kept: some must end first, or `imaged pki cancel` revokes them",
                    records.len()
                ),
            ));
        }
        self.write(id, &record)?;
        records.insert(id, record);
        Ok(())
    }

    /// Returns the tokens that a filter selects, by id.
    pub(super) fn list(&self, mut is_shown: impl FnMut(&Token) -> bool) -> Vec<Token> {
        let mut records = self.records.lock();
        self.sweep(&mut records);
        let tokens = records.values().filter_map(|record| record.token.clone());
        tokens.filter(|token| is_shown(token)).collect()
    }

    /// Changes a token, durably; nothing changes if `change` fails.
    ///
    /// # Errors
    /// `NotFound`; those of `change`; errors of writing.
    pub(super) fn change(
        &self,
        id: TokenId,
        change: impl FnOnce(&mut TokenRecord, &mut Token) -> Result<(), Status>,
    ) -> Result<(), Status> {
        let mut records = self.records.lock();
        let missing = || status(ErrorClass::NotFound, format!("there is no token {id}"));
        let mut record = records.get(&id).cloned().ok_or_else(missing)?;
        let mut token = record.token.take().unwrap_or_default();
        change(&mut record, &mut token)?;
        record.token = Some(token);
        self.keep(&mut records, id, record)
    }

    /// Takes a machine's request, and returns what became of it. `is_trusted` says whether a token's maker may still make
    /// tokens.
    ///
    /// # Errors
    /// `PermissionDenied`: the token is unknown, ended, revoked, or is revoked now; errors of writing.
    pub(super) fn ask(
        &self,
        id: TokenId,
        hash: ProofHash,
        request: &SigningRequest,
        from: &str,
        is_trusted: impl Fn(&TokenRecord) -> bool,
    ) -> Result<RequestOutcome, Status> {
        let mut records = self.records.lock();
        let found = records.get(&id);
        let is_trusted = found.is_none_or(is_trusted);
        let step = match decide(found, id, hash, request, from, now_ms()) {
            Step::Keep | Step::Wait if !is_trusted => Step::Refuse(
                "its maker may make no tokens any longer: ask for a new one".to_owned(),
            ),
            step => step,
        };
        let Some(mut record) = found.cloned() else { return refused(id, from, step) };
        let found = record.token.clone().unwrap_or_default();
        let mut token = found.clone();
        match step {
            Step::Answer(certificate) => return Ok(RequestOutcome::Answered(certificate)),
            Step::Refuse(_) => return refused(id, from, step),
            Step::Wait => {}
            Step::Keep => {
                (token.request, token.asked_from) = (Some(request.clone()), from.to_owned());
                token.asked_at_ms = now_ms();
                record.token = Some(token);
                self.keep(&mut records, id, record.clone())?;
                tracing::info!(%id, from, identity = found.identity, "a machine asks for its certificate");
            }
            Step::Revoke(why) => {
                tracing::warn!(%id, identity = token.identity, "the token is revoked: {why}");
                let had = token.certificate.clone();
                if let Ok(had) = rpc::certificate::Certificate::of_pem(had.as_bytes()) {
                    let (identity, serial) = (had.identity, had.serial);
                    // What this server signed itself is in its own record, and not in the CA's.
                    let more =
                        if record.sign_here { " --issued DATA_DIR/machines.pem" } else { "" };
                    tracing::warn!(%id, "the certificate of '{identity}' may be in wrong hands: imaged pki revoke DIR --serial {serial}{more}");
                }
                (token.revoked, token.is_misused) = (why.clone(), true);
                record.token = Some(token);
                self.keep(&mut records, id, record)?;
                return Err(denied(format!("the token is revoked: {why}")));
            }
        }
        let (identity, days) = (found.identity, record.days);
        Ok(if record.sign_here {
            RequestOutcome::SignHere(identity, days)
        } else {
            RequestOutcome::Waits
        })
    }

    /// Counts the tokens.
    pub(super) fn counts(&self) -> TokenCounts {
        let (records, now) = (self.records.lock(), now_ms());
        let mut counts = TokenCounts::default();
        for token in records.values().filter_map(|record| record.token.as_ref()) {
            match () {
                () if token.is_misused => counts.misused += 1,
                () if !token.revoked.is_empty() => counts.refused += 1,
                () if !token.certificate.is_empty() => {}
                () if token.request.is_some() => counts.asked += 1,
                () if token.expires_at_ms > now => counts.open += 1,
                () => {}
            }
        }
        counts
    }

    fn keep(
        &self,
        records: &mut BTreeMap<TokenId, TokenRecord>,
        id: TokenId,
        record: TokenRecord,
    ) -> Result<(), Status> {
        self.write(id, &record)?;
        records.insert(id, record);
        self.changed.send_replace(());
        Ok(())
    }

    fn write(&self, id: TokenId, record: &TokenRecord) -> Result<(), Status> {
        let name = id.to_string();
        let bytes = record.encode_to_vec();
        sysio::publish::replace_secret(&self.folder, name.as_bytes(), &bytes)
            .map_err(|error| status(ErrorClass::of_io(&error), format!("the token: {error}")))
    }

    /// Forgets the tokens that ended more than a day ago.
    fn sweep(&self, records: &mut BTreeMap<TokenId, TokenRecord>) {
        let now = now_ms();
        let is_old = |record: &TokenRecord| {
            let token = record.token.clone().unwrap_or_default();
            // One that its issuer revoked has nothing more to tell.
            let kept_ms = if token.revoked.is_empty() || token.is_misused { KEPT_MS } else { 0 };
            token.expires_at_ms.saturating_add(kept_ms) < now
        };
        records.retain(|id, record| {
            let goes = is_old(record);
            if goes && let Err(error) = self.folder.remove(id.to_string().as_bytes()) {
                tracing::warn!(%id, "the file of an ended token stays: {error}");
            }
            !goes
        });
    }
}

/// What became of a machine's request.
#[derive(Debug)]
pub(super) enum RequestOutcome {
    /// An issuer must sign it.
    Waits,
    /// This server signs it, for an identity and so many days.
    SignHere(String, u32),
    /// It has its certificate, PEM with its chain.
    Answered(String),
}

fn refused(id: TokenId, from: &str, step: Step) -> Result<RequestOutcome, Status> {
    let Step::Refuse(why) = step else {
        return Err(denied("this server knows no such token"));
    };
    // Strangers can ask as often as they like.
    tracing::debug!(%id, from, "a machine was refused: {why}");
    Err(denied(why))
}

#[cfg(test)]
mod tests {
    use rpc::join::JoinToken;

    use super::*;

    fn record(maker: &str, expires_at_ms: i64) -> TokenRecord {
        let token = Token {
            maker: maker.to_owned(),
            identity: "unpackd/a".to_owned(),
            expires_at_ms,
            ..Token::default()
        };
        TokenRecord { token: Some(token), ..TokenRecord::default() }
    }

    fn id() -> TokenId {
        JoinToken::new(b"ca").unwrap().id()
    }

    #[test]
    fn a_maker_has_its_share_of_the_tokens_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path()).unwrap();
        let soon = now_ms() + 60_000;
        let is_full = |error: Status| assert!(error.message().contains("imaged pki cancel"));
        for maker in ["a", "b"] {
            for _ in 0..TOKENS_OF_MAKER_MAX {
                tokens.put(id(), record(maker, soon)).unwrap();
            }
            is_full(tokens.put(id(), record(maker, soon)).unwrap_err());
        }
        for _ in 2 * TOKENS_OF_MAKER_MAX..TOKENS_MAX {
            tokens.put(id(), record("c", now_ms() - KEPT_MS - 1)).unwrap();
        }
        // Those that ended more than a day ago make room.
        tokens.put(id(), record("d", soon)).unwrap();
        assert_eq!(tokens.counts().open as usize, 2 * TOKENS_OF_MAKER_MAX + 1);
        let again = Tokens::open(folder.path()).unwrap();
        assert_eq!(again.counts(), tokens.counts());
    }

    #[test]
    fn a_token_whose_maker_lost_the_right_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path()).unwrap();
        let token = JoinToken::new(b"ca").unwrap();
        let (id, hash) = (token.id(), token.proof().hash());
        let kept =
            TokenRecord { hash: hash.as_bytes().to_vec().into(), ..record("a", now_ms() + 60_000) };
        tokens.put(id, kept).unwrap();
        let request = SigningRequest { request: b"one".as_slice().into(), ..Default::default() };
        let error = tokens.ask(id, hash, &request, "there", |_| false).unwrap_err();
        assert!(error.message().contains("its maker may make no tokens"), "{error}");
        assert!(matches!(
            tokens.ask(id, hash, &request, "there", |_| true),
            Ok(RequestOutcome::Waits)
        ));
    }
}
