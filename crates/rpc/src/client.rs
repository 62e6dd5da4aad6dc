//! Connections to daemons, with errors that say which side must act.

use std::error::Error as StdError;
use std::time::Duration;

use http::Uri;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError};
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use wire::ErrorClass;

use crate::MESSAGE_LEN_MAX;
use crate::connector::Connector;
use crate::current::Current;
use crate::services::image_service_client::ImageServiceClient;
use crate::services::publish_service_client::PublishServiceClient;
use crate::services::store_service_client::StoreServiceClient;
use crate::services::token_service_client::TokenServiceClient;
use crate::services::unpacker_service_client::UnpackerServiceClient;
use crate::status::describe;
use crate::tls::TlsDir;

/// Time limit for establishing a connection; a handshake across the world takes under one
/// second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// During a call: time without a byte from the server after which the connection is probed, and time limit for the
/// probe's answer.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Flow-control window in bytes of a stream and of a connection: enough for 1 GB/s if a round trip takes 16 ms. Servers use
/// the same.
pub(crate) const WINDOW_LEN: u32 = 16 << 20;

/// Longest frame of HTTP/2 that is accepted, in bytes: fewer calls of the kernel for the same bytes, and a small answer
/// waits about 5 ms behind a frame on a link of 100 Mbit/s.
pub(crate) const HTTP_FRAME_LEN_MAX: u32 = 64 << 10;

/// Error of a call: the daemon was unreachable, or refused.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    /// `Unavailable` if nothing answers, `Refused` for a wrong address or a TLS error, otherwise the class of the
    /// daemon's status.
    pub class: ErrorClass,
    /// Message for a person: the failure, the server, and the next step.
    pub message: String,
}

/// Connects to `host:port`, after a probe that learns the server's verdict on our certificate.
///
/// # Errors
/// [`CallError`]: a malformed address, no listener, or a TLS error on either side.
pub async fn connect(address: &str, tls: &TlsDir) -> Result<Channel, CallError> {
    let (endpoint, server) = endpoint(address)?;
    let connector = Connector::new(address.to_owned(), server, Current::fixed(tls.clone()));
    let (target, tls) = (address.to_owned(), tls.clone());
    let verdict = tokio::task::spawn_blocking(move || crate::probe::verdict(&target, &tls)).await;
    if let Ok(Some(error)) = verdict {
        return Err(explain(&error, address));
    }
    let connected = endpoint.connect_with_connector(connector).await;
    connected.map_err(|error| explain(&error, address))
}

/// Prepares a connection to `host:port`. The first call establishes the connection; if it is lost, the next call
/// establishes it again, with the certificates as they are then. Daemons use this, because they must outlive restarts of
/// the server and their own certificates.
///
/// # Errors
/// [`CallError`]: a malformed address.
pub fn connect_lazily(address: &str, tls: Current<TlsDir>) -> Result<Channel, CallError> {
    let (endpoint, server) = endpoint(address)?;
    let connector = Connector::new(address.to_owned(), server, tls);
    Ok(endpoint.connect_with_connector_lazy(connector))
}

/// Prepares a connection to `host:port`, over a stream that the caller makes. Returns also the name that the server's
/// certificate must have.
pub(crate) fn endpoint(address: &str) -> Result<(Endpoint, ServerName<'static>), CallError> {
    let malformed = || CallError {
        class: ErrorClass::Refused,
        message: format!("'{address}' is not HOST:PORT"),
    };
    let (host, port) = address.rsplit_once(':').ok_or_else(malformed)?;
    let host = host.trim_matches(['[', ']']);
    port.parse::<u16>().map_err(|_| malformed())?;
    let server = ServerName::try_from(host.to_owned()).map_err(|_| malformed())?;
    let uri = Uri::try_from(format!("https://{address}")).map_err(|_| malformed())?;
    // The scheme of the endpoint decides whether tonic adds TLS of its own, that of the origin is sent.
    let endpoint = Endpoint::from_shared(format!("http://{address}"))
        .map_err(|_| malformed())?
        .origin(uri)
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE)
        .initial_stream_window_size(WINDOW_LEN)
        .initial_connection_window_size(WINDOW_LEN)
        .max_frame_size(HTTP_FRAME_LEN_MAX);
    Ok((endpoint, server))
}

/// Returns a client of imaged's image service, with our message size limits.
pub fn images(channel: Channel) -> ImageServiceClient<Channel> {
    ImageServiceClient::new(channel)
        .max_decoding_message_size(MESSAGE_LEN_MAX)
        .max_encoding_message_size(MESSAGE_LEN_MAX)
}

/// Returns a client of imaged's store service, which looks after its store.
pub fn store(channel: Channel) -> StoreServiceClient<Channel> {
    StoreServiceClient::new(channel)
        .max_decoding_message_size(MESSAGE_LEN_MAX)
        .max_encoding_message_size(MESSAGE_LEN_MAX)
}

/// Returns a client of imaged's token service, which hands tokens of issuers to machines.
pub fn tokens(channel: Channel) -> TokenServiceClient<Channel> {
    TokenServiceClient::new(channel).max_decoding_message_size(MESSAGE_LEN_MAX)
}

/// Returns a client of imaged's publish service, which keeps the records of publishing.
pub fn publishing(channel: Channel) -> PublishServiceClient<Channel> {
    PublishServiceClient::new(channel)
        .max_decoding_message_size(MESSAGE_LEN_MAX)
        .max_encoding_message_size(MESSAGE_LEN_MAX)
}

/// Returns a client of unpackd's only service, with the same limits as [`images`].
pub fn volumes(channel: Channel) -> UnpackerServiceClient<Channel> {
    UnpackerServiceClient::new(channel)
        .max_decoding_message_size(MESSAGE_LEN_MAX)
        .max_encoding_message_size(MESSAGE_LEN_MAX)
}

/// Turns the status of a failed call to `address` into an error that tells the user what to do.
pub fn call_failed(status: &Status, address: &str) -> CallError {
    match status.source() {
        Some(source) => explain(source, address),
        None => {
            CallError { class: crate::status::class(status), message: status.message().to_owned() }
        }
    }
}

fn unreachable(problem: &str, address: &str) -> CallError {
    CallError {
        class: ErrorClass::Unavailable,
        message: format!("{address} does not answer ({problem}): is the daemon running there?"),
    }
}

/// Explains why a connection to `address` failed.
pub(crate) fn explain(error: &(dyn StdError + 'static), address: &str) -> CallError {
    let Some(tls) = tls_error(error) else {
        return unexplained(&describe(error), address);
    };
    let message = match tls {
        rustls::Error::InvalidCertificate(problem) => not_accepted(problem, address),
        rustls::Error::AlertReceived(alert) => refused(&format!("{alert:?}"), address),
        other => format!("TLS with {address} failed: {other}"),
    };
    CallError { class: ErrorClass::Refused, message }
}

/// Returns the message that says why we reject a server's certificate, with a remedy.
fn not_accepted(problem: &CertificateError, address: &str) -> String {
    let CertificateError::NotValidForNameContext { expected, presented } = problem else {
        return format!(
            "the certificate of {address} is not accepted ({problem}): check that --tls-dir has the \
             ca.pem that signed it"
        );
    };
    // rustls prefixes each name with its kind: DnsName("imaged"), IpAddress(127.0.0.1).
    let bare = |name: &String| {
        let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inside.unwrap_or(name).trim_matches('"').to_owned()
    };
    let names: Vec<String> = presented.iter().map(bare).collect();
    format!(
        "the certificate of {address} is not accepted: it is for {}, and not for {}: call it by a name that it has, or \
         make certificates with this one (`imaged pki init DIR --name HOST`)",
        names.join(", "),
        expected.to_str()
    )
}

/// Returns a message for the TLS alert with which a server rejected us. `alert` is the alert's name.
fn refused(alert: &str, address: &str) -> String {
    let is = |description: AlertDescription| format!("{description:?}") == alert;
    let hint = if is(AlertDescription::CertificateExpired) {
        "our certificate has expired"
    } else if is(AlertDescription::UnknownCA) || is(AlertDescription::DecryptError) {
        "our certificate was signed by another CA than the server trusts"
    } else if is(AlertDescription::CertificateRequired) {
        "the server demands a certificate"
    } else {
        "the server does not accept our certificate"
    };
    format!("{address} refused our certificate ({alert}): {hint}; check --tls-dir")
}

/// Explains an error without a TLS error in its chain. With TLS 1.3 the server's verdict on our certificate comes
/// after the handshake, when the HTTP/2 layer keeps errors only as text.
fn unexplained(problem: &str, address: &str) -> CallError {
    match problem.split_once("received fatal alert: ") {
        Some((_, alert)) => {
            let alert = alert.split([':', ' ', ')']).next().unwrap_or(alert);
            CallError { class: ErrorClass::Refused, message: refused(alert, address) }
        }
        None => unreachable(problem, address),
    }
}

/// Finds the first TLS error among an error and its causes, also inside an `io::Error`.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        // `io::Error::source` skips the wrapped error itself and returns that error's source.
        if let Some(inner) =
            error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && let Some(found) = tls_error(inner)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::ServerName;

    use super::*;

    #[test]
    fn a_certificate_for_another_name_is_told_by_its_names() {
        let expected = ServerName::try_from("images.example.net").unwrap();
        let presented =
            ["DnsName(\"imaged\")", "IpAddress(127.0.0.1)", "other"].map(str::to_owned).to_vec();
        let problem = CertificateError::NotValidForNameContext { expected, presented };
        let said = not_accepted(&problem, "images.example.net:7440");
        let names = "it is for imaged, 127.0.0.1, other, and not for images.example.net: ";
        assert!(said.contains(names), "{said}");
        let said = not_accepted(&CertificateError::UnknownIssuer, "images.example.net:7440");
        assert!(said.contains("UnknownIssuer") && said.contains("ca.pem"), "{said}");
    }
}
