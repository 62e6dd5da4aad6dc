//! Connections of clients, after their TLS handshake.
//!
//! Each handshake uses the certificates as they are at that moment, so that new ones need no restart; connections that
//! are open stay as they are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use crate::current::Current;
use crate::tls::TlsDir;

/// Time limit for a client's handshake. Without a limit, a silent client would hold a connection
/// for ever.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Limit on handshakes at the same time; further clients are dropped.
const HANDSHAKES_MAX: usize = 1024;

/// Pause after a failed `accept(2)`, such as one without a free file descriptor.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts clients for as long as the returned stream exists.
pub(crate) fn accept(
    listener: TcpListener,
    tls: Current<TlsDir>,
) -> impl Stream<Item = std::io::Result<TlsStream<TcpStream>>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
        let mut is_full = false;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sender.closed() => return,
            };
            match accepted {
                Ok((socket, peer)) => {
                    // Who is silent must not keep others from connecting: with too many of them, a new one is dropped.
                    let Ok(permit) = Arc::clone(&handshakes).try_acquire_owned() else {
                        if !is_full {
                            tracing::warn!(%peer, "more than {HANDSHAKES_MAX} clients do not finish their handshake: new ones are dropped");
                        }
                        is_full = true;
                        continue;
                    };
                    is_full = false;
                    let acceptor = TlsAcceptor::from(tls.now().server());
                    tokio::spawn(shake_hands(socket, peer, acceptor, sender.clone(), permit));
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

async fn shake_hands(
    socket: TcpStream,
    peer: SocketAddr,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<std::io::Result<TlsStream<TcpStream>>>,
    _permit: OwnedSemaphorePermit,
) {
    // Without this, an answer in two writes waits 40 ms for the client's delayed acknowledgement.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%peer, "the connection was lost: {error}");
        return;
    }
    match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(socket)).await {
        Ok(Ok(stream)) => drop(sender.send(Ok(stream)).await),
        Ok(Err(error)) => tracing::debug!(%peer, "the handshake failed: {error}"),
        Err(_) => tracing::debug!(%peer, "the handshake took more than {HANDSHAKE_WITHIN:?}"),
    }
}
