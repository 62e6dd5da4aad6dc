//! `imaged pki sign`: checks and signs what machines ask for.

use std::path::Path;
use std::time::{Duration, Instant};

use rpc::certificate::Certificate;
use rpc::client::CallError;
use rpc::join::TokenId;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::proto::Token;
use wire::proto::answer_token_request::Answer;
use wire::units::format_count;

use super::super::moments::day;
use super::super::print_line;
use super::ServerArgs;
use super::server::TokenServer;
use crate::pki::PkiError;
use crate::pki::authority::Authority;
use crate::pki::leaf::Subject;
use crate::pki::tokens::{self, IssuedToken, Verdict};

/// Interval between two looks for requests.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What one look at all tokens came to.
#[derive(Default)]
struct Look {
    /// Requests that were answered.
    answered: usize,
    /// Tokens whose machines have not asked, or have no certificate yet.
    open: u64,
    /// The first failure; other tokens were handled all the same.
    failure: Option<anyhow::Error>,
    /// Tokens that were found to be misused.
    misused: u64,
}

/// Signs what machines ask for; with `wait`, until all tokens have their certificates or have ended.
pub(super) fn sign(dir: &Path, wait: Option<Duration>, server: &ServerArgs) -> anyhow::Result<()> {
    let mut connection = TokenServer::connect(server)?;
    let end = wait.map(|wait| Instant::now() + wait);
    let (mut answered, mut misused) = (0, 0_u64);
    loop {
        let is_last = end.is_none_or(|end| Instant::now() >= end);
        match look(dir, &mut connection) {
            Ok(look) => {
                answered += look.answered;
                misused += look.misused;
                match (look.failure, look.open) {
                    (Some(error), _) if is_last || !may_pass(&error) => return Err(error),
                    (None, 0) => break,
                    (None, _) if end.is_none() => break,
                    (None, open) if is_last => return Err(unanswered(open)),
                    _ => {}
                }
            }
            Err(error) if is_last || !may_pass(&error) => return Err(error),
            // A server that restarts, or another command that works in the folder, ends no wait.
            Err(error) => tracing::warn!("trying again: {error}"),
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
    if misused > 0 {
        let message = format!("{} misused: see above", format_count(misused, "token"));
        return Err(CallError { class: ErrorClass::Conflict, message }.into());
    }
    if answered == 0 {
        print_line("no machine waits for a certificate")?;
    }
    Ok(())
}

fn unanswered(open: u64) -> anyhow::Error {
    let message =
        format!("{} without a certificate yet: run this again", format_count(open, "token"));
    CallError { class: ErrorClass::Unavailable, message }.into()
}

fn may_pass(error: &anyhow::Error) -> bool {
    let is_away = error
        .downcast_ref::<CallError>()
        .is_some_and(|error| error.class == ErrorClass::Unavailable);
    is_away || matches!(error.downcast_ref::<PkiError>(), Some(PkiError::Busy(_)))
}

/// Handles all requests that are there. A failure with one token holds up no other.
fn look(dir: &Path, server: &mut TokenServer) -> anyhow::Result<Look> {
    let shown = server.list()?;
    let mut look = Look::default();
    let ca = Authority::open(dir)?;
    for id in tokens::all(dir)? {
        let token = shown.iter().find(|token| *token.id == *id.as_bytes());
        if let Err(error) = handle(&ca, server, id, token, &mut look) {
            print_line(&format!("the token {id} is left: {error}"))?;
            look.failure.get_or_insert(error);
        }
    }
    Ok(look)
}

fn handle(
    ca: &Authority,
    server: &mut TokenServer,
    id: TokenId,
    token: Option<&Token>,
    look: &mut Look,
) -> anyhow::Result<()> {
    let mut record = tokens::load(ca.folder(), id)?;
    if record.is_over(now_ms()) {
        return Ok(tokens::remove(ca.folder(), id)?);
    }
    // Another server knows it, or this one was made anew.
    let Some(token) = token else { return Ok(()) };
    match record.verdict(id, token, now_ms()) {
        Verdict::Leave => look.open += u64::from(record.is_open(now_ms())),
        Verdict::HandOver => {
            server.answer(id, Answer::Certificate(record.certificate))?;
            look.answered += 1;
        }
        Verdict::Sign => {
            sign_one(ca, server, id, &mut record, token)?;
            look.answered += 1;
        }
        Verdict::Refuse(why) => {
            refuse(ca, server, id, &mut record, &why)?;
            print_line(&format!("refused the token {id}, from {}: {why}", token.asked_from))?;
            look.answered += 1;
        }
        Verdict::Note(why) => {
            record.revoke(why.clone());
            tokens::save(ca.folder(), id, &record)?;
            look.misused += u64::from(token.is_misused);
            let remedy = remedy(&record, token);
            print_line(&format!("the token {id} is revoked: {why}{remedy}"))?;
        }
    }
    Ok(())
}

fn refuse(
    ca: &Authority,
    server: &mut TokenServer,
    id: TokenId,
    record: &mut IssuedToken,
    why: &str,
) -> anyhow::Result<()> {
    record.revoke(why.to_owned());
    tokens::save(ca.folder(), id, record)?;
    Ok(server.answer(id, Answer::Refusal(why.to_owned()))?)
}

fn sign_one(
    ca: &Authority,
    server: &mut TokenServer,
    id: TokenId,
    record: &mut IssuedToken,
    token: &Token,
) -> anyhow::Result<()> {
    let identity = record.identity.clone().unwrap_or_default();
    let subject = Subject { identity: &identity, hosts: &record.hosts };
    let request = token.request.clone().unwrap_or_default();
    if let Err(error) = crate::pki::leaf::check_request(&request.request) {
        let why = format!("its signing request is not accepted: {error}");
        print_line(&format!("refused the token {id}: {why}"))?;
        return refuse(ca, server, id, record, &why);
    }
    let pem = ca.sign(&request.request, &subject, i64::from(record.days))?;
    // The record is durable first: after a crash the same certificate is handed over again.
    record.signed(pem.clone());
    tokens::save(ca.folder(), id, record)?;
    let until = Certificate::of_pem(pem.as_bytes()).map(|signed| day(signed.valid.1));
    server.answer(id, Answer::Certificate(pem))?;
    let (until, from) = (until.unwrap_or_default(), &token.asked_from);
    Ok(print_line(&format!("signed '{identity}', which asked from {from}, valid until {until}"))?)
}

/// Returns what to do about the certificate of a token that was revoked; empty if it has none. An issuer's own record says
/// which certificate it signed: the server could name another.
fn remedy(record: &IssuedToken, token: &Token) -> String {
    let (pem, issued) = match record.certificate.is_empty() {
        false => (&record.certificate, ""),
        true => {
            (&token.certificate, " --issued FILE, with machines.pem of the server's data folder")
        }
    };
    let Ok(signed) = Certificate::of_pem(pem.as_bytes()) else { return String::new() };
    let (identity, serial) = (signed.identity, signed.serial);
    format!("; '{identity}' may be in wrong hands: imaged pki revoke DIR --serial {serial}{issued}")
}
