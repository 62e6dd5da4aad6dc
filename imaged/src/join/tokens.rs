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
use rpc::join::{Hash, TokenId};
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

/// Tokens are kept for a day after their end, so that an issuer sees what became of them.
const KEPT_MS: i64 = 24 * 3600 * 1000;

/// How many tokens there are, for the status page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// Tokens that no machine has used, and that have not ended.
    pub open: u64,
    /// Tokens whose request waits for an issuer.
    pub asked: u64,
    /// Tokens that were revoked, because they were used twice or too early, or by an issuer.
    pub revoked: u64,
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
        if records.len() >= TOKENS_MAX {
            return Err(status(
                ErrorClass::Full,
                format!("there are {TOKENS_MAX} tokens: some must end first"),
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

    /// Takes a machine's request, and returns what became of it.
    ///
    /// # Errors
    /// `PermissionDenied`: the token is unknown, ended, revoked, or is revoked now; errors of writing.
    pub(super) fn ask(
        &self,
        id: TokenId,
        hash: Hash,
        request: &SigningRequest,
        from: &str,
    ) -> Result<Asked, Status> {
        let mut records = self.records.lock();
        let found = records.get(&id);
        let step = decide(found, hash, request, from, now_ms());
        let Some(mut record) = found.cloned() else { return refused(id, from, step) };
        let found = record.token.clone().unwrap_or_default();
        let mut token = found.clone();
        match step {
            Step::Answer(certificate) => return Ok(Asked::Answered(certificate)),
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
                    tracing::warn!(%id, "the certificate of '{identity}' may be in wrong hands: imaged pki revoke --serial {serial}");
                }
                token.revoked.clone_from(&why);
                record.token = Some(token);
                self.keep(&mut records, id, record)?;
                return Err(denied(format!("the token is revoked: {why}")));
            }
        }
        let (identity, days) = (found.identity, record.days);
        Ok(if record.sign_here { Asked::SignHere(identity, days) } else { Asked::Waits })
    }

    /// Counts the tokens.
    pub(super) fn counts(&self) -> TokenCounts {
        let (records, now) = (self.records.lock(), now_ms());
        let mut counts = TokenCounts::default();
        for token in records.values().filter_map(|record| record.token.as_ref()) {
            match () {
                () if !token.revoked.is_empty() => counts.revoked += 1,
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
            let end = record.token.as_ref().map_or(0, |token| token.expires_at_ms);
            end.saturating_add(KEPT_MS) < now
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
pub(super) enum Asked {
    /// An issuer must sign it.
    Waits,
    /// This server signs it, for an identity and so many days.
    SignHere(String, u32),
    /// It has its certificate, PEM with its chain.
    Answered(String),
}

fn refused(id: TokenId, from: &str, step: Step) -> Result<Asked, Status> {
    let Step::Refuse(why) = step else {
        return Err(denied("this server knows no such token"));
    };
    tracing::info!(%id, from, "a machine was refused: {why}");
    Err(denied(why))
}
