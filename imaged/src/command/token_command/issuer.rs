//! The issuer's side: makes tokens, binds and cancels them.

use std::path::Path;
use std::time::Duration;

use rpc::join::{JoinToken, TokenId};
use serde::Serialize;
use sysio::clock::now_ms;
use wire::proto::PutTokenRequest;
use wire::proto::answer_token_request::Answer;

use super::super::moments::moment;
use super::super::{print_document, print_line};
use super::server::TokenServer;
use super::{ServerArgs, TokenRole};
use crate::pki::PkiError;
use crate::pki::authority::Authority;
use crate::pki::tokens::{self, IssuedToken};

/// A token, as `token --json` prints it.
#[derive(Debug, Serialize)]
struct NewTokenDocument {
    id: String,
    token: String,
    identity: Option<String>,
    expires_at: String,
}

/// Makes a token and prints it. The record is durable before the server knows the token.
pub(super) fn make(
    dir: &Path,
    role: TokenRole,
    bound: Option<(String, Vec<String>)>,
    (ttl, days): (Duration, u32),
    server: &ServerArgs,
    json: bool,
) -> anyhow::Result<()> {
    let mut server = TokenServer::connect(server)?;
    let ca = Authority::open(dir)?;
    let token = JoinToken::new(&ca.der()?)?;
    let id = token.id();
    let expires_at_ms = now_ms().saturating_add(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
    let mut record = IssuedToken::new(role.name(), &token.mac_key(), days, expires_at_ms);
    if let Some((identity, hosts)) = &bound {
        record.bind(id, identity, hosts)?;
    }
    let sign_here = role == TokenRole::Machine;
    tokens::save(dir, id, &record)?;
    server.put(PutTokenRequest {
        id: id.as_bytes().to_vec().into(),
        hash: token.proof().hash().as_bytes().to_vec().into(),
        expires_at_ms,
        identity: record.identity.clone().unwrap_or_default(),
        sign_here,
        days,
        mac_key: match sign_here {
            true => token.mac_key().as_bytes().to_vec().into(),
            false => Vec::new().into(),
        },
    })?;
    let document = NewTokenDocument {
        id: id.to_string(),
        token: token.to_text(),
        identity: record.identity.clone(),
        expires_at: moment(expires_at_ms / 1000),
    };
    // Standard output has the token alone, so that it can be stored or handed on.
    print_document(json, &document, &document.token)?;
    let whom = record.identity.unwrap_or_else(|| "no machine yet: imaged pki bind".to_owned());
    tracing::warn!("token {id}, for {whom}; it ends in {ttl:?}");
    Ok(())
}

/// Binds a token. The server learns of it last: a request that comes earlier revokes the token.
pub(super) fn bind(
    dir: &Path,
    id: TokenId,
    name: &str,
    hosts: Vec<String>,
    server: &ServerArgs,
) -> anyhow::Result<()> {
    let mut server = TokenServer::connect(server)?;
    let _lock = Authority::open(dir)?;
    let mut record = tokens::load(dir, id)?;
    let role = <TokenRole as clap::ValueEnum>::from_str(&record.role, false);
    let malformed = |problem| PkiError::Record { path: dir.join("tokens"), problem };
    let role = role.map_err(malformed)?;
    let identity = role.identity(name)?;
    record.bind(id, &identity, &role.hosts(name, hosts))?;
    tokens::save(dir, id, &record)?;
    server.bind(id, &identity)?;
    Ok(print_line(&format!("the token {id} is for '{identity}'"))?)
}

/// Revokes a token: in the issuer's record first, so that nothing is signed whatever the server says.
pub(super) fn cancel(
    dir: &Path,
    id: TokenId,
    reason: &str,
    server: &ServerArgs,
) -> anyhow::Result<()> {
    let mut server = TokenServer::connect(server)?;
    let _lock = Authority::open(dir)?;
    let has_certificate = match tokens::load(dir, id) {
        Ok(mut record) => {
            record.revoke(reason.to_owned());
            tokens::save(dir, id, &record)?;
            !record.certificate.is_empty()
        }
        // An admin may cancel what was made elsewhere.
        Err(PkiError::NoToken { .. }) => false,
        Err(error) => return Err(error.into()),
    };
    server.answer(id, Answer::Refusal(reason.to_owned()))?;
    let more = if has_certificate { "; its certificate stays good: imaged pki revoke" } else { "" };
    Ok(print_line(&format!("the token {id} is revoked{more}"))?)
}
