//! A probe: one TLS handshake that learns a server's verdict on our certificate.
//!
//! With TLS 1.3 the server's verdict comes after the client's handshake is done, and the HTTP/2 layer above may see the
//! closed connection before the alert that gives the reason. The probe reads the first bytes itself: a server that
//! accepts us first sends its HTTP/2 settings, and a server that rejects us sends the alert.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, Stream};

use crate::tls::TlsDir;

/// Time limit for connecting, and for the server's first bytes.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Returns the TLS error with which a connection to `host:port` fails. `None` if the connection works, or
/// fails for another reason, which the real connection will report.
pub(crate) fn verdict(address: &str, tls: &TlsDir) -> Option<std::io::Error> {
    let host = address.rsplit_once(':')?.0.trim_matches(['[', ']']).to_owned();
    let mut connection =
        ClientConnection::new(tls.client(), ServerName::try_from(host).ok()?).ok()?;
    let target = address.to_socket_addrs().ok()?.next()?;
    let mut socket = TcpStream::connect_timeout(&target, TIMEOUT).ok()?;
    socket.set_read_timeout(Some(TIMEOUT)).ok()?;
    socket.set_write_timeout(Some(TIMEOUT)).ok()?;
    let mut stream = Stream::new(&mut connection, &mut socket);
    let spoken = stream.flush().and_then(|()| stream.read(&mut [0; 1]));
    let error = spoken.err()?;
    let is_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    is_tls.then_some(error)
}
