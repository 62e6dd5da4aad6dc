//! The machine's side: it makes a key, asks with its token, and writes its TLS folder.
//!
//! ```text
//! DIR/joining.pem     key and signing request, from before the first call until the certificate is there
//! ```
//!
//! A machine that was interrupted asks again with the same key: another key would look like a second machine, which
//! revokes the token.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer};
use sysio::Dir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::proto::{JoinRequest, JoinResponse, SigningRequest};

use super::pinned;
use super::token::JoinToken;
use crate::certificate::Certificate;
use crate::client::{CallError, call_failed, endpoint, explain};
use crate::connector::Once;
use crate::policy;
use crate::services::join_service_client::JoinServiceClient;
use crate::tls::{FILES, TlsDir, TlsError};

const JOINING: &str = "joining.pem";

/// Pause between two attempts while the server is out of reach.
const PAUSE: Duration = Duration::from_secs(2);

/// Time limit for connecting and for one call, which waits 30 s at the server.
const CALL_WITHIN: Duration = Duration::from_secs(60);

/// What a machine needs to get its certificate.
#[derive(Clone, Debug)]
pub struct Joining {
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

/// The reason why a machine got no certificate.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The folder has a certificate.
    #[error("{} has a certificate: give --replace to get another in its place", .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error.
        source: std::io::Error,
    },
    /// Key and signing request cannot be made.
    #[error("the signing request cannot be made: {0}")]
    Request(#[from] rcgen::Error),
    /// The server refused, or was not to be trusted.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Nobody signed in time.
    #[error(
        "nobody signed the certificate within {within:?}: run this command again with the same token, and `imaged pki sign` where the CA's key is{}",
        if .problem.is_empty() { String::new() } else { format!(" (last problem: {})", .problem) }
    )]
    Late {
        /// The limit.
        within: Duration,
        /// The last problem of the connection, in words; may be empty.
        problem: String,
    },
    /// The files that came do not fit the key or the CA.
    #[error("the certificate that came cannot be used: {0}")]
    Unfit(#[from] TlsError),
}

impl JoinError {
    /// Returns the class of the error.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Exists(_) => ErrorClass::Conflict,
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Request(_) => ErrorClass::Internal,
            Self::Call(error) => error.class,
            Self::Late { .. } => ErrorClass::Unavailable,
            Self::Unfit(error) => error.class(),
        }
    }
}

/// Gets a certificate with a token, and writes it with its key into a TLS folder. If it is interrupted or ends late, the
/// same call goes on.
///
/// # Errors
/// [`JoinError`]. The folder has a whole old or a whole new certificate, or none.
pub async fn join(joining: &Joining) -> Result<Certificate, JoinError> {
    let folder = &joining.folder;
    if folder.join(FILES[1]).exists() && !joining.replaces {
        return Err(JoinError::Exists(folder.clone()));
    }
    let pending = Pending::of(folder)?;
    let answer = ask_until_answered(joining, &pending).await?;
    let files = [
        (FILES[2], pending.key.as_bytes()),
        (FILES[0], answer.authority.as_bytes()),
        (FILES[3], &answer.revoked),
        (FILES[1], answer.certificate.as_bytes()),
    ];
    let [(_, key), (_, ca), (_, revoked), (_, cert)] = files;
    let checked = TlsDir::of_files(folder, ca, cert, key, revoked)?;
    checked.check_chain()?;
    for (name, bytes) in files {
        if name != FILES[3] || !bytes.is_empty() {
            put(folder, name, bytes)?;
        }
    }
    // A server needs a policy; one that is there stays.
    if checked.certificate().is_server && !folder.join(policy::FILE_NAME).exists() {
        put(folder, policy::FILE_NAME, policy::DEFAULT.as_bytes())?;
    }
    remove(folder, JOINING)?;
    Ok(checked.certificate().clone())
}

/// Key and signing request of a machine that has no certificate yet.
struct Pending {
    key: String,
    request: Vec<u8>,
}

impl Pending {
    /// Returns the key and request of an earlier attempt, or makes and keeps new ones.
    fn of(folder: &Path) -> Result<Self, JoinError> {
        let path = folder.join(JOINING);
        if let Ok(text) = std::fs::read_to_string(&path)
            && let Ok(key) = KeyPair::from_pem(&text)
            && let Ok(request) = CertificateSigningRequestDer::from_pem_slice(text.as_bytes())
        {
            return Ok(Self { key: key.serialize_pem(), request: request.to_vec() });
        }
        let key = KeyPair::generate()?;
        let request = CertificateParams::default().serialize_request(&key)?;
        let text = format!("{}{}", key.serialize_pem(), request.pem()?);
        put(folder, JOINING, text.as_bytes())?;
        Ok(Self { key: key.serialize_pem(), request: request.der().to_vec() })
    }
}

/// What the server answered.
struct Answer {
    certificate: String,
    authority: String,
    revoked: Bytes,
}

async fn ask_until_answered(joining: &Joining, pending: &Pending) -> Result<Answer, JoinError> {
    let end = Instant::now() + joining.within;
    let mut problem = String::new();
    loop {
        match tokio::time::timeout(CALL_WITHIN, ask(joining, pending)).await {
            Ok(Ok(Some(answer))) => return Ok(answer),
            Ok(Ok(None)) => problem.clear(),
            Ok(Err(error)) if error.class == ErrorClass::Unavailable => problem = error.message,
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => problem = format!("no answer within {CALL_WITHIN:?}"),
        }
        if Instant::now() + PAUSE > end {
            return Err(JoinError::Late { within: joining.within, problem });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks once; `None` if nobody has signed yet.
async fn ask(joining: &Joining, pending: &Pending) -> Result<Option<Answer>, CallError> {
    let (channel, authority) = connect(joining).await?;
    let (token, request) = (&joining.token, pending.request.clone());
    let mac = token.mac_key().sign(token.id(), &request).0;
    let asked = JoinRequest {
        id: token.id().as_bytes().to_vec().into(),
        proof: token.proof().as_bytes().to_vec().into(),
        request: Some(SigningRequest { request: request.into(), mac: mac.into() }),
    };
    let answered = JoinServiceClient::new(channel).join(asked).await;
    let answered = answered.map_err(|status| call_failed(&status, &joining.address))?;
    let JoinResponse { certificate, revoked } = answered.into_inner();
    let answer = Answer { certificate, authority, revoked };
    Ok((!answer.certificate.is_empty()).then_some(answer))
}

/// Connects to the join listener. Returns the pinned CA's certificate, PEM, as well.
async fn connect(joining: &Joining) -> Result<(Channel, String), CallError> {
    let address = &joining.address;
    let io = |error: std::io::Error| explain(&error, address);
    let tls = |error: rustls::Error| explain(&error, address);
    let (endpoint, server) = endpoint(address)?;
    let connector = TlsConnector::from(Arc::new(pinned::config(&joining.token).map_err(tls)?));
    let socket = TcpStream::connect(address).await.map_err(io)?;
    let stream = connector.connect(server, socket).await.map_err(io)?;
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let authority = pinned::authority(&joining.token, shown).map(pem).unwrap_or_default();
    let channel = endpoint.connect_with_connector(Once(Some(stream))).await;
    Ok((channel.map_err(|error| explain(&error, address))?, authority))
}

fn pem(der: &CertificateDer<'_>) -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", der.to_vec()))
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), JoinError> {
    let put = Dir::create_all(folder).and_then(|folder| {
        let is_secret = name == FILES[2] || name == JOINING;
        if is_secret {
            sysio::publish::replace_secret(&folder, name.as_bytes(), bytes)
        } else {
            sysio::publish::replace(&folder, name.as_bytes(), bytes)
        }
    });
    put.map_err(|source| JoinError::Io { path: folder.join(name), source })
}

fn remove(folder: &Path, name: &str) -> Result<(), JoinError> {
    let removed =
        Dir::create_all(folder).and_then(|folder| sysio::publish::remove(&folder, name.as_bytes()));
    removed.map_err(|source| JoinError::Io { path: folder.join(name), source })
}
