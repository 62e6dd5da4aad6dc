//! The issuer's side: makes tokens, binds them, signs what machines ask for.

use std::path::Path;
use std::time::{Duration, Instant};

use rpc::certificate::Certificate;
use rpc::client::{CallError, call_failed};
use rpc::join::{JoinToken, TokenId};
use rpc::services::token_service_client::TokenServiceClient;
use rpc::tls::TlsDir;
use sysio::clock::now_ms;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use tonic::{Response, Status};
use wire::ErrorClass;
use wire::proto::answer_token_request::Answer;
use wire::proto::{
    AnswerTokenRequest, BindTokenRequest, ListTokensRequest, PutTokenRequest, Token,
};

use super::super::moments::day;
use super::super::print_line;
use super::{ServerArgs, TokenRole};
use crate::pki::authority::Authority;
use crate::pki::leaf::Subject;
use crate::pki::tokens::{self, IssuedToken, Verdict};

/// Interval between two looks for requests.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A connection to the server that knows the tokens.
pub(super) struct TokenServer {
    address: String,
    client: TokenServiceClient<Channel>,
    runtime: Runtime,
}

impl TokenServer {
    pub(super) fn connect(server: &ServerArgs) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let tls = TlsDir::load(&server.tls_dir)?;
        let channel = runtime.block_on(rpc::client::connect(&server.imaged, &tls))?;
        let client = rpc::client::tokens(channel);
        Ok(Self { address: server.imaged.clone(), client, runtime })
    }

    fn answered<T>(&self, answer: Result<Response<T>, Status>) -> Result<T, CallError> {
        answer.map(Response::into_inner).map_err(|status| call_failed(&status, &self.address))
    }

    pub(super) fn list(&mut self) -> Result<Vec<Token>, CallError> {
        let answer = self.runtime.block_on(self.client.list_tokens(ListTokensRequest {}));
        Ok(self.answered(answer)?.tokens)
    }

    fn put(&mut self, request: PutTokenRequest) -> Result<(), CallError> {
        let answer = self.runtime.block_on(self.client.put_token(request));
        self.answered(answer).map(drop)
    }

    fn bind(&mut self, id: TokenId, identity: &str) -> Result<(), CallError> {
        let id = id.as_bytes().to_vec().into();
        let request = BindTokenRequest { id, identity: identity.to_owned() };
        let answer = self.runtime.block_on(self.client.bind_token(request));
        self.answered(answer).map(drop)
    }

    fn answer(&mut self, id: TokenId, answer: Answer) -> Result<(), CallError> {
        let id = id.as_bytes().to_vec().into();
        let request = AnswerTokenRequest { id, answer: Some(answer) };
        let answer = self.runtime.block_on(self.client.answer_token(request));
        self.answered(answer).map(drop)
    }
}

/// Makes a token and prints it. The record is durable before the server knows the token.
pub(super) fn make(
    dir: &Path,
    role: TokenRole,
    bound: Option<(String, Vec<String>)>,
    ttl: Duration,
    days: u32,
    server: &ServerArgs,
) -> anyhow::Result<()> {
    let ca = Authority::open(dir)?;
    let token = JoinToken::new(&ca.der()?)?;
    let id = token.id();
    let expires_at_ms = now_ms().saturating_add(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
    let mut record = IssuedToken::new(role.name(), &token.mac_key(), days, expires_at_ms);
    if let Some((identity, hosts)) = &bound {
        record.bind(id, identity, hosts)?;
    }
    let mut server = TokenServer::connect(server)?;
    tokens::save(dir, id, &record)?;
    server.put(PutTokenRequest {
        id: id.as_bytes().to_vec().into(),
        hash: token.proof().hash().as_bytes().to_vec().into(),
        expires_at_ms,
        identity: record.identity.clone().unwrap_or_default(),
        sign_here: role == TokenRole::Machine,
        days,
    })?;
    let whom = record.identity.unwrap_or_else(|| "no machine yet: imaged pki bind".to_owned());
    // Standard output has the token alone, so that it can be stored or handed on.
    tracing::warn!("token {id}, for {whom}; it ends in {ttl:?}");
    Ok(print_line(&token.to_text())?)
}

/// Binds a token. The server learns of it last: a request that comes earlier revokes the token.
pub(super) fn bind(
    dir: &Path,
    id: TokenId,
    name: &str,
    hosts: Vec<String>,
    server: &ServerArgs,
) -> anyhow::Result<()> {
    let _lock = Authority::open(dir)?;
    let mut record = tokens::load(dir, id)?;
    let role = <TokenRole as clap::ValueEnum>::from_str(&record.role, false);
    let role = role.map_err(|problem| record_problem(dir, id, problem))?;
    let identity = role.identity(name)?;
    record.bind(id, &identity, &role.hosts(name, hosts))?;
    tokens::save(dir, id, &record)?;
    TokenServer::connect(server)?.bind(id, &identity)?;
    Ok(print_line(&format!("the token {id} is for '{identity}'"))?)
}

fn record_problem(dir: &Path, id: TokenId, problem: String) -> crate::pki::PkiError {
    crate::pki::PkiError::Record { path: dir.join("tokens").join(id.to_string()), problem }
}

/// Signs what machines ask for; with `wait`, until all tokens have their certificates or have ended.
pub(super) fn sign(dir: &Path, wait: Option<Duration>, server: &ServerArgs) -> anyhow::Result<()> {
    let mut server = TokenServer::connect(server)?;
    let end = wait.map(|wait| Instant::now() + wait);
    let mut handled = 0;
    loop {
        let (done, open) = sign_once(dir, &mut server)?;
        handled += done;
        match end {
            Some(end) if open > 0 && Instant::now() < end => std::thread::park_timeout(LOOK_EVERY),
            Some(_) if open > 0 => {
                let message = format!("{open} tokens have no certificate yet: run this again");
                return Err(CallError { class: ErrorClass::Unavailable, message }.into());
            }
            _ => break,
        }
    }
    if handled == 0 {
        print_line("no machine waits for a certificate")?;
    }
    Ok(())
}

/// Handles all requests that are there. Returns how many were handled, and how many tokens are open.
fn sign_once(dir: &Path, server: &mut TokenServer) -> anyhow::Result<(usize, usize)> {
    let ca = Authority::open(dir)?;
    let (mut handled, mut open) = (0, 0);
    let shown = server.list()?;
    for id in tokens::all(dir)? {
        let mut record = tokens::load(dir, id)?;
        let Some(token) = shown.iter().find(|token| *token.id == *id.as_bytes()) else { continue };
        match record.verdict(id, token, now_ms()) {
            Verdict::Leave => {}
            Verdict::HandOver => {
                server.answer(id, Answer::Certificate(record.certificate.clone()))?;
                handled += 1;
            }
            Verdict::Sign => {
                sign_one(&ca, server, id, &mut record, token)?;
                handled += 1;
            }
            Verdict::Refuse(why) => {
                server.answer(id, Answer::Refusal(why.to_owned()))?;
                print_line(&format!("refused the token {id}, from {}: {why}", token.asked_from))?;
                handled += 1;
                continue;
            }
        }
        open += usize::from(record.is_open(now_ms()) && token.revoked.is_empty());
        warn_of_theft(id, token);
    }
    Ok((handled, open))
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
    let pem = ca.sign(&request.request, &subject, i64::from(record.days))?;
    // The record is durable first: after a crash the same certificate is handed over again.
    record.signed(pem.clone());
    tokens::save(ca.folder(), id, record)?;
    let until = Certificate::of_pem(pem.as_bytes()).map(|signed| day(signed.valid.1));
    server.answer(id, Answer::Certificate(pem))?;
    let until = until.unwrap_or_default();
    let from = &token.asked_from;
    Ok(print_line(&format!("signed '{identity}', which asked from {from}, valid until {until}"))?)
}

/// Tells of a token that was revoked after its certificate was signed: somebody else may have the certificate.
fn warn_of_theft(id: TokenId, token: &Token) {
    if token.revoked.is_empty() {
        return;
    }
    let signed = Certificate::of_pem(token.certificate.as_bytes());
    let remedy = signed.map(|it| {
        format!(
            "; '{}' may be in wrong hands: imaged pki revoke DIR --serial {}",
            it.identity, it.serial
        )
    });
    tracing::warn!("the token {id} is revoked: {}{}", token.revoked, remedy.unwrap_or_default());
}
