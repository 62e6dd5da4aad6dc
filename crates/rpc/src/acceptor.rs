//! Connections of clients, after their TLS handshake.
//!
//! Each handshake uses the certificates as they are at that moment, so that new ones need no restart; connections that
//! are open stay as they are. The number of connections has a limit, so that clients without a certificate cannot take all
//! file descriptors.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, TcpConnectInfo, TlsConnectInfo};

use crate::current::Current;
use crate::places::{Place, Places};
use crate::tls::TlsDir;

/// Time limit for a client's handshake. Without a limit, a silent client would hold a connection
/// for ever.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Pause after a failed `accept(2)`, such as one without a free file descriptor.
const PAUSE: Duration = Duration::from_millis(100);

/// How a listener accepts clients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListenerKind {
    /// Returns the configuration of the TLS folder as it is at that moment.
    pub config: fn(&TlsDir) -> Arc<ServerConfig>,
    /// Limit on connections at the same time, handshakes among them; further clients are dropped.
    pub connections_max: usize,
    /// Limit on those from one address.
    pub of_one_address_max: usize,
}

/// Accepts clients for as long as the returned stream exists.
pub(crate) fn accept(
    listener: TcpListener,
    tls: Current<TlsDir>,
    kind: ListenerKind,
) -> impl Stream<Item = io::Result<ClientConnection>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let places = Places::new(kind.connections_max, kind.of_one_address_max);
        let mut is_full = false;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sender.closed() => return,
            };
            match accepted {
                Ok((socket, peer)) => {
                    // Who is silent must not keep others from connecting: with too many of them, a new one is dropped.
                    let Some(place) = places.take(peer.ip()) else {
                        if !is_full {
                            tracing::warn!(%peer, "too many clients are connected: new ones are dropped");
                        }
                        is_full = true;
                        continue;
                    };
                    is_full = false;
                    let acceptor = TlsAcceptor::from((kind.config)(&tls.now()));
                    tokio::spawn(shake_hands(socket, peer, acceptor, sender.clone(), place));
                }
                Err(error) => {
                    tracing::warn!("a connection was not accepted: {error}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(receiver)
}

/// A connection after its handshake. It counts until it is dropped.
#[derive(Debug)]
pub(crate) struct ClientConnection {
    stream: TlsStream<TcpStream>,
    _place: Place,
}

impl Connected for ClientConnection {
    type ConnectInfo = TlsConnectInfo<TcpConnectInfo>;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for ClientConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for ClientConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

async fn shake_hands(
    socket: TcpStream,
    peer: SocketAddr,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<io::Result<ClientConnection>>,
    place: Place,
) {
    // Without this, an answer in two writes waits 40 ms for the client's delayed acknowledgement.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%peer, "the connection was lost: {error}");
        return;
    }
    match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(socket)).await {
        Ok(Ok(stream)) => drop(sender.send(Ok(ClientConnection { stream, _place: place })).await),
        Ok(Err(error)) => tracing::debug!(%peer, "the handshake failed: {error}"),
        Err(_) => tracing::debug!(%peer, "the handshake took more than {HANDSHAKE_WITHIN:?}"),
    }
}
