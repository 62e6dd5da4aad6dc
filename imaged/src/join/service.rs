//! The RPCs of tokens: of issuers, who show a certificate, and of machines, who show a token.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rpc::authority::Permit;
use rpc::certificate::Certificate;
use rpc::current::Current;
use rpc::gate::Gatekeeper;
use rpc::identity::{Caller, check_identity, is_machine};
use rpc::join::{MacKey, Proof, ProofHash, REQUEST_LEN_MAX, TokenId};
use rpc::policy::{Policy, Role};
use rpc::services::join_service_server::JoinService;
use rpc::services::token_service_server::TokenService;
use rpc::status::{denied, invalid, status};
use rpc::tls::{FILES, TlsDir};
use tokio::sync::watch;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tonic::{Request, Response, Status};
use wire::ErrorClass;
use wire::proto::answer_token_request::Answer;
use wire::proto::{
    AnswerTokenRequest, AnswerTokenResponse, BindTokenRequest, BindTokenResponse, JoinRequest,
    JoinResponse, ListTokensRequest, ListTokensResponse, PutTokenRequest, PutTokenResponse, Token,
    TokenRecord,
};

use super::machine_authority::MachineAuthority;
use super::tokens::{RequestOutcome, TokenCounts, Tokens};
use crate::pki::leaf::check_request;

/// A machine's call waits so long for its certificate; then it calls again.
const WAIT: Duration = Duration::from_secs(30);

/// Longest life of a token: who finds one later has no use of it.
const TTL_MAX_MS: i64 = 7 * 24 * 3600 * 1000;

/// Longest certificate with its chain in bytes.
const ANSWER_LEN_MAX: usize = 32 << 10;
/// Longest reason for a refusal in bytes: a machine gets it in a header.
const REASON_LEN_MAX: usize = 500;

/// Longest validity of a machine's certificate in days.
const DAYS_MAX: u32 = 3650;

/// The tokens of a server, for issuers and machines. Clones share them.
#[derive(Clone, Debug)]
pub struct Joins {
    tokens: Arc<Tokens>,
    machines: Arc<MachineAuthority>,
    policy: Current<Policy>,
    tls: Current<TlsDir>,
    stopping: watch::Sender<bool>,
}

impl Joins {
    /// Opens the tokens of a data folder.
    ///
    /// # Errors
    /// Errors of reading the folder.
    pub fn open(data_dir: &Path, keeper: &Gatekeeper) -> std::io::Result<Self> {
        let (tls, policy) = (keeper.tls.clone(), keeper.policy.clone());
        let tokens = Arc::new(Tokens::open(data_dir)?);
        let machines = Arc::new(MachineAuthority::new(tls.clone(), data_dir));
        Ok(Self { tokens, machines, policy, tls, stopping: watch::Sender::new(false) })
    }

    /// Ends the calls of machines that wait.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Counts the tokens.
    pub fn counts(&self) -> TokenCounts {
        self.tokens.counts()
    }

    /// Checks that a token of an identity may be signed here, by somebody with this permit.
    fn check_sign_here(&self, permit: &Permit, identity: &str) -> Result<(), Status> {
        if !permit.is_admin() {
            return Err(denied(format!(
                "'{}' lacks the role 'admin' for all streams, which a token needs that the server itself signs",
                permit.caller()
            )));
        }
        if !identity.is_empty() && !is_machine(identity) {
            return Err(denied("the server itself signs for machine/… alone"));
        }
        self.machines.check()
    }

    /// Returns whether the maker of a token may still make such tokens.
    fn may_make_tokens(&self, record: &TokenRecord) -> bool {
        let maker = record.token.as_ref().map_or("", |token| &token.maker);
        let (maker, policy) = (Caller::of_certificate(maker), self.policy.now());
        match record.sign_here {
            true => policy.allows_everywhere(&maker, Role::Admin),
            false => policy.allows_somewhere(&maker, Role::Operate),
        }
    }

    /// Returns the list of revoked certificates, as the machine needs it; empty without one.
    fn revoked(&self) -> Vec<u8> {
        std::fs::read(self.tls.now().path().join(FILES[3])).unwrap_or_default()
    }

    /// Handles a machine's request, once.
    fn ask(&self, request: &JoinRequest, from: &str) -> Result<Option<String>, Status> {
        let id = id_of(&request.id)?;
        let hash = Proof::of_bytes(request.proof.to_vec()).hash();
        let asked = request.request.as_ref().ok_or_else(|| invalid("there is no request"))?;
        if asked.request.len() > REQUEST_LEN_MAX || asked.mac.len() > REQUEST_LEN_MAX {
            return Err(invalid(format!("a request has at most {REQUEST_LEN_MAX} bytes")));
        }
        // What nobody could sign must not become the one request of its token.
        check_request(&asked.request)
            .map_err(|error| invalid(format!("the signing request is not accepted: {error}")))?;
        let is_trusted = |record: &TokenRecord| self.may_make_tokens(record);
        let (identity, days) = match self.tokens.ask(id, hash, asked, from, is_trusted)? {
            RequestOutcome::Answered(certificate) => return Ok(Some(certificate)),
            RequestOutcome::Waits => return Ok(None),
            RequestOutcome::SignHere(identity, days) => (identity, days),
        };
        let certificate = self.machines.sign(&asked.request, &identity, days)?;
        self.tokens.change(id, |_, token| {
            check_not_revoked(id, token)?;
            // Another call with the same request may have been quicker.
            if token.certificate.is_empty() {
                token.certificate.clone_from(&certificate);
            }
            Ok(())
        })?;
        if let Ok(signed) = Certificate::of_pem(certificate.as_bytes()) {
            tracing::info!(%id, from, identity, serial = %signed.serial, "signed a machine's certificate");
        }
        self.ask(request, from)
    }
}

/// Runs work that reads and writes files on a thread of its own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<T, Status> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(status(ErrorClass::Internal, error.to_string())))
}

fn check_not_revoked(id: TokenId, token: &Token) -> Result<(), Status> {
    if token.revoked.is_empty() {
        return Ok(());
    }
    let why = &token.revoked;
    Err(status(ErrorClass::Conflict, format!("the token {id} was revoked: {why}")))
}

fn id_of(bytes: &[u8]) -> Result<TokenId, Status> {
    TokenId::of_bytes(bytes).ok_or_else(|| invalid("a token's id has 8 bytes"))
}

/// Answers a token's request with a certificate.
fn take_certificate(id: TokenId, token: &mut Token, pem: String) -> Result<(), Status> {
    check_not_revoked(id, token)?;
    let conflict = |why: &str| Err(status(ErrorClass::Conflict, format!("the token {id} {why}")));
    if token.request.is_none() {
        return conflict("was not used yet");
    }
    if !token.certificate.is_empty() && token.certificate != pem {
        return conflict("has another certificate");
    }
    let signed = Certificate::of_pem(pem.as_bytes()).map_err(|error| invalid(error.to_string()))?;
    if signed.identity != token.identity {
        return conflict(&format!("is for '{}'", token.identity));
    }
    token.certificate = pem;
    Ok(())
}

/// Checks that a caller may see or change a token.
fn check_maker(permit: &Permit, token: &Token) -> Result<(), Status> {
    if token.maker == permit.caller().as_str() || permit.is_admin() {
        return Ok(());
    }
    let (caller, maker) = (permit.caller(), &token.maker);
    Err(denied(format!("'{maker}' made the token, and '{caller}' is no admin")))
}

#[tonic::async_trait]
impl TokenService for Joins {
    async fn put_token(
        &self,
        request: Request<PutTokenRequest>,
    ) -> Result<Response<PutTokenResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let asked = request.into_inner();
        let (id, joins) = (id_of(&asked.id)?, self.clone());
        let hash =
            ProofHash::of_bytes(&asked.hash).ok_or_else(|| invalid("a hash has 32 bytes"))?;
        let now = sysio::clock::now_ms();
        if asked.expires_at_ms <= now || asked.expires_at_ms > now.saturating_add(TTL_MAX_MS) {
            return Err(invalid("a token ends within seven days: check both clocks, and --ttl"));
        }
        if !asked.identity.is_empty() {
            check_identity(&asked.identity).map_err(invalid)?;
        }
        if asked.sign_here != MacKey::of_bytes(&asked.mac_key).is_some() {
            return Err(invalid(
                "the server needs the key of the HMAC, of 32 bytes, if it signs itself",
            ));
        }
        if asked.days == 0 || asked.days > DAYS_MAX {
            return Err(invalid(format!("a certificate is valid for 1 to {DAYS_MAX} days")));
        }
        let token = Token {
            id: asked.id,
            maker: permit.caller().to_string(),
            identity: asked.identity,
            expires_at_ms: asked.expires_at_ms,
            ..Token::default()
        };
        blocking(move || {
            if asked.sign_here {
                joins.check_sign_here(&permit, &token.identity)?;
            }
            let (maker, identity) = (token.maker.clone(), token.identity.clone());
            let record = TokenRecord {
                token: Some(token),
                hash: hash.as_bytes().to_vec().into(),
                sign_here: asked.sign_here,
                days: asked.days,
                mac_key: asked.mac_key,
            };
            joins.tokens.put(id, record)?;
            tracing::info!(%id, maker, identity, "a token was made");
            Ok(Response::new(PutTokenResponse {}))
        })
        .await
    }

    async fn bind_token(
        &self,
        request: Request<BindTokenRequest>,
    ) -> Result<Response<BindTokenResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let BindTokenRequest { id, identity } = request.into_inner();
        let (id, joins) = (id_of(&id)?, self.clone());
        check_identity(&identity).map_err(invalid)?;
        blocking(move || {
            joins.tokens.change(id, |record, token| {
                check_maker(&permit, token)?;
                if record.sign_here {
                    joins.check_sign_here(&permit, &identity)?;
                }
                check_not_revoked(id, token)?;
                if !token.identity.is_empty() && token.identity != identity {
                    let why = format!("the token {id} is bound to '{}'", token.identity);
                    return Err(status(ErrorClass::Conflict, why));
                }
                token.identity = identity;
                Ok(())
            })?;
            Ok(Response::new(BindTokenResponse {}))
        })
        .await
    }

    async fn list_tokens(
        &self,
        request: Request<ListTokensRequest>,
    ) -> Result<Response<ListTokensResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let joins = self.clone();
        blocking(move || {
            let tokens = joins.tokens.list(|token| check_maker(&permit, token).is_ok());
            Ok(Response::new(ListTokensResponse { tokens }))
        })
        .await
    }

    async fn answer_token(
        &self,
        request: Request<AnswerTokenRequest>,
    ) -> Result<Response<AnswerTokenResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let AnswerTokenRequest { id, answer } = request.into_inner();
        let (id, joins) = (id_of(&id)?, self.clone());
        let answer = answer.ok_or_else(|| invalid("there is no answer"))?;
        let (Answer::Certificate(text) | Answer::Refusal(text)) = &answer;
        let len_max = match &answer {
            Answer::Certificate(_) => ANSWER_LEN_MAX,
            Answer::Refusal(_) => REASON_LEN_MAX,
        };
        if text.is_empty() || text.len() > len_max {
            return Err(invalid(format!("this answer has 1 to {len_max} bytes")));
        }
        blocking(move || {
            joins.tokens.change(id, |_, token| {
                check_maker(&permit, token)?;
                match answer {
                    Answer::Refusal(why) if token.revoked.is_empty() => {
                        tracing::warn!(%id, identity = token.identity, by = %permit.caller(), "the token is revoked: {why}");
                        token.revoked = why;
                    }
                    // The first reason stays.
                    Answer::Refusal(_) => {}
                    Answer::Certificate(pem) => take_certificate(id, token, pem)?,
                }
                Ok(())
            })?;
            Ok(Response::new(AnswerTokenResponse {}))
        })
        .await
    }
}

#[tonic::async_trait]
impl JoinService for Joins {
    async fn join(&self, request: Request<JoinRequest>) -> Result<Response<JoinResponse>, Status> {
        let connection = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
        let peer = connection.and_then(|tls| tls.get_ref().remote_addr());
        let from =
            peer.as_ref().map_or_else(|| "an unknown address".to_owned(), SocketAddr::to_string);
        let request = Arc::new(request.into_inner());
        let (mut changed, mut stopping) =
            (self.tokens.changed.subscribe(), self.stopping.subscribe());
        let end = tokio::time::Instant::now() + WAIT;
        loop {
            let (joins, asked, from) = (self.clone(), Arc::clone(&request), from.clone());
            changed.mark_unchanged();
            let answer = blocking(move || {
                let certificate = joins.ask(&asked, &from)?;
                Ok(certificate.map(|certificate| (certificate, joins.revoked())))
            });
            if let Some((certificate, revoked)) = answer.await? {
                let revoked = revoked.into();
                return Ok(Response::new(JoinResponse { certificate, revoked }));
            }
            tokio::select! {
                _ = changed.changed() => {}
                _ = stopping.wait_for(|stopping| *stopping) => {
                    return Ok(Response::new(JoinResponse::default()));
                }
                () = tokio::time::sleep_until(end) => {
                    return Ok(Response::new(JoinResponse::default()));
                }
            }
        }
    }
}
