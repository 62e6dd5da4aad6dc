//! Connections to daemons.
//!
//! Each connection uses the certificates as they are when it is made. A connection ends when the certificate that the
//! server showed is revoked.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::certificate::Certificate;
use crate::current::Current;
use crate::tls::TlsDir;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Connects to one address.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    /// `HOST:PORT`.
    address: String,
    server: ServerName<'static>,
    tls: Current<TlsDir>,
}

impl Connector {
    /// Prepares connections to `address`, whose server must show a certificate for `server`.
    pub(crate) fn new(address: String, server: ServerName<'static>, tls: Current<TlsDir>) -> Self {
        Self { address, server, tls }
    }

    async fn connect(self) -> io::Result<TokioIo<Connection>> {
        let socket = TcpStream::connect(&self.address).await?;
        socket.set_nodelay(true)?;
        let shown_by_us = self.tls.now();
        let own = shown_by_us.certificate().clone();
        let connector = TlsConnector::from(shown_by_us.client());
        let stream = connector.connect(self.server, socket).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let server = shown.and_then(|der| Certificate::of_der(der).ok());
        let server = server.ok_or_else(|| io::Error::other("the server showed no certificate"))?;
        let revoked: Boxed<()> = {
            // With our own certificate revoked, the next connection shows the one that replaced it.
            let (tls, serials) = (self.tls, [server.serial.clone(), own.serial]);
            Box::pin(async move {
                let is_revoked =
                    |tls: &TlsDir, serial| tls.authority().revoked().since(serial).is_some();
                tls.until(|tls| serials.iter().any(|serial| is_revoked(tls, serial))).await;
            })
        };
        let (server, own) = (server.identity, own.identity);
        Ok(TokioIo::new(Connection { stream, server, own, revoked }))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Connection>;
    type Error = io::Error;
    type Future = Boxed<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        Box::pin(self.clone().connect())
    }
}

/// Gives a stream that is connected already, once.
pub(crate) struct GivenStream(pub Option<TlsStream<TcpStream>>);

impl Service<Uri> for GivenStream {
    type Response = TokioIo<TlsStream<TcpStream>>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let lost = || io::Error::from(io::ErrorKind::NotConnected);
        std::future::ready(self.0.take().map(TokioIo::new).ok_or_else(lost))
    }
}

/// A connection to a server, which ends when the server's certificate or ours is revoked.
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    server: String,
    own: String,
    revoked: Boxed<()>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.revoked.as_mut().poll(context).is_ready() {
            let Self { server, own, .. } = &*self;
            let problem =
                format!("the certificate of the server '{server}' was revoked, or ours, '{own}'");
            return Poll::Ready(Err(io::Error::other(problem)));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
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
