//! The machine's side: it makes a key, asks with its token, and writes its TLS folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::proto::{JoinRequest, JoinResponse, SigningRequest};

use super::attempt::{Answer, Attempt, JoinFolder};
use super::error::JoinError;
use super::pinned;
use super::token::JoinToken;
use crate::certificate::{Certificate, Serial};
use crate::client::{CallError, call_failed, endpoint, explain};
use crate::connector::GivenStream;
use crate::policy;
use crate::revocation::Revoked;
use crate::services::join_service_client::JoinServiceClient;
use crate::tls::{FILES, TlsDir};

/// Pause between two attempts while the server is out of reach.
const PAUSE: Duration = Duration::from_secs(2);

/// Time limit for connecting and for one call, which waits 30 s at the server.
const CALL_WITHIN: Duration = Duration::from_secs(60);

/// What a machine needs to get its certificate.
#[derive(Clone, Debug)]
pub struct JoinPlan {
    /// `HOST:PORT` of imaged's join listener.
    pub address: String,
    /// The token.
    pub token: JoinToken,
    /// The TLS folder, which is created if it is missing.
    pub folder: PathBuf,
    /// Whether a certificate in the folder is replaced.
    pub replaces: bool,
    /// Limit on the time until the certificate is there.
    pub within: Duration,
}

/// Gets a certificate with a token, and writes it with its key into a TLS folder. If it is interrupted or ends late, the
/// same call goes on; once the answer is here, it needs no server.
///
/// # Errors
/// [`JoinError`].
pub async fn join(plan: &JoinPlan) -> Result<Certificate, JoinError> {
    let folder = JoinFolder::open(&plan.folder)?;
    let id = plan.token.id();
    let mut attempt = match folder.attempt(id)? {
        Some(attempt) => attempt,
        None if plan.folder.join(FILES[1]).exists() && !plan.replaces => {
            return Err(JoinError::Exists(plan.folder.clone()));
        }
        None => {
            let attempt = Attempt::new()?;
            folder.keep(id, &attempt)?;
            attempt
        }
    };
    let answer = match attempt.answer.clone() {
        Some(answer) => answer,
        None => {
            let answer = ask_until_answered(plan, &attempt).await?;
            check(plan, &attempt, &answer)?;
            attempt.answer = Some(answer.clone());
            folder.keep(id, &attempt)?;
            answer
        }
    };
    let joined = check(plan, &attempt, &answer)?;
    install(&folder, &attempt, &answer, joined.is_server)?;
    folder.forget()?;
    Ok(joined)
}

/// Checks that key, certificate and CA fit together and that nothing is revoked.
fn check(plan: &JoinPlan, attempt: &Attempt, answer: &Answer) -> Result<Certificate, JoinError> {
    let (ca, cert) = (answer.authority.as_bytes(), answer.certificate.as_bytes());
    let (key, revoked) = (attempt.key.as_bytes(), answer.revoked.as_bytes());
    let tls = TlsDir::of_files(&plan.folder, ca, cert, key, revoked)?;
    tls.check_chain()?;
    Ok(tls.certificate().clone())
}

/// Writes the TLS folder; `cert.pem`, by which it is known to be whole, comes last.
fn install(
    folder: &JoinFolder,
    attempt: &Attempt,
    answer: &Answer,
    is_server: bool,
) -> Result<(), JoinError> {
    // A server needs a policy; one that is there stays.
    if is_server && !folder.path.join(policy::FILE_NAME).exists() {
        folder.put(policy::FILE_NAME, policy::DEFAULT.as_bytes(), false)?;
    }
    folder.put(FILES[0], answer.authority.as_bytes(), false)?;
    if !answer.revoked.is_empty() {
        folder.put(FILES[3], answer.revoked.as_bytes(), false)?;
    }
    folder.put(FILES[2], attempt.key.as_bytes(), true)?;
    folder.put(FILES[1], answer.certificate.as_bytes(), false)
}

async fn ask_until_answered(plan: &JoinPlan, attempt: &Attempt) -> Result<Answer, JoinError> {
    let end = Instant::now() + plan.within;
    let mut problem = String::new();
    loop {
        match tokio::time::timeout(CALL_WITHIN, ask(plan, attempt)).await {
            Ok(Ok(Some(answer))) => return Ok(answer),
            Ok(Ok(None)) => problem.clear(),
            Ok(Err(JoinError::Call(error))) if error.class == ErrorClass::Unavailable => {
                problem = error.message;
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => problem = format!("no answer within {CALL_WITHIN:?}"),
        }
        if Instant::now() + PAUSE > end {
            return Err(JoinError::Late { within: plan.within, problem });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks once; `None` if nobody has signed yet.
async fn ask(plan: &JoinPlan, attempt: &Attempt) -> Result<Option<Answer>, JoinError> {
    let (channel, server) = connect(plan).await?;
    let known = std::fs::read_to_string(plan.folder.join(FILES[3])).unwrap_or_default();
    // A thief of a server's key would learn the proof: it is sent to no server that is known to be revoked.
    server.check(&known)?;
    let (token, request) = (&plan.token, attempt.request()?);
    let mac = token.mac_key().sign(token.id(), &request).0;
    let asked = JoinRequest {
        id: token.id().as_bytes().to_vec().into(),
        proof: token.proof().as_bytes().to_vec().into(),
        request: Some(SigningRequest { request: request.into(), mac: mac.into() }),
    };
    let answered = JoinServiceClient::new(channel).join(asked).await;
    let answered = answered.map_err(|status| call_failed(&status, &plan.address))?;
    let JoinResponse { certificate, revoked } = answered.into_inner();
    if certificate.is_empty() {
        return Ok(None);
    }
    let revoked = server.newer(known, String::from_utf8_lossy(&revoked).into_owned());
    server.check(&revoked)?;
    let own = Certificate::of_pem(certificate.as_bytes()).ok();
    if own.is_some_and(|own| server.lists(&revoked, &own.serial)) {
        return Err(JoinError::IsRevoked("this machine".to_owned()));
    }
    Ok(Some(Answer { certificate, authority: server.authority, revoked }))
}

/// The server, as its handshake showed it.
struct JoinServer {
    address: String,
    serial: Serial,
    /// The certificate of the CA that the token pins, PEM.
    authority: String,
}

impl JoinServer {
    fn lists(&self, revoked: &str, serial: &Serial) -> bool {
        let revoked = Revoked::of_pem(revoked.as_bytes(), self.authority.as_bytes());
        revoked.is_ok_and(|revoked| revoked.since(serial).is_some())
    }

    fn check(&self, revoked: &str) -> Result<(), JoinError> {
        match self.lists(revoked, &self.serial) {
            true => Err(JoinError::IsRevoked(format!("the server {}", self.address))),
            false => Ok(()),
        }
    }

    /// Returns the newer of two lists of revoked certificates: a list never loses an entry.
    fn newer(&self, known: String, came: String) -> String {
        let read = |list: &str| Revoked::of_pem(list.as_bytes(), self.authority.as_bytes());
        let (Ok(old), Ok(new)) = (read(&known), read(&came)) else { return came };
        let has_all = old.iter().all(|(serial, _)| new.since(serial).is_some());
        if has_all { came } else { known }
    }
}

/// Connects to the join listener.
async fn connect(plan: &JoinPlan) -> Result<(Channel, JoinServer), CallError> {
    let address = &plan.address;
    let io = |error: std::io::Error| explain(&error, address);
    let tls = |error: rustls::Error| explain(&error, address);
    let (endpoint, server) = endpoint(address)?;
    let connector = TlsConnector::from(Arc::new(pinned::config(&plan.token).map_err(tls)?));
    let socket = TcpStream::connect(address).await.map_err(io)?;
    let stream = connector.connect(server, socket).await.map_err(io)?;
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let authority = pinned::authority(&plan.token, shown).map(pem).unwrap_or_default();
    let first = shown.first().and_then(|der| Certificate::of_der(der).ok());
    let nameless = || io(std::io::Error::other("the server showed no certificate"));
    let serial = first.ok_or_else(nameless)?.serial;
    let server = JoinServer { address: address.clone(), serial, authority };
    let channel = endpoint.connect_with_connector(GivenStream(Some(stream))).await;
    Ok((channel.map_err(|error| explain(&error, address))?, server))
}

fn pem(der: &CertificateDer<'_>) -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", der.to_vec()))
}
