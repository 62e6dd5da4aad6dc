//! What every daemon does around its services: logging, listening, ending.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::{Router, TcpIncoming};
use tower_layer::{Identity, Stack};

use crate::gate::GateLayer;
use crate::policy::Policy;
use crate::tls::TlsDir;

/// Requests on one connection that are under way at once; more wait.
const CONCURRENCY_MAX: usize = 64;

/// Bytes in flight on one stream, as the client allows too.
const WINDOW_LEN: u32 = 16 << 20;

/// How long running requests may take to end once the daemon was asked to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// How to write the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON document a line.
    Json,
}

/// Starts logging to standard error, at the level that `IMPRINT_LOG` or `default` says.
pub fn start_log(format: LogFormat, default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("IMPRINT_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Quiet(std::io::stderr()));
    // A second start, as in tests that run two daemons in one process, keeps the first.
    match format {
        LogFormat::Text => builder.with_target(false).try_init().ok(),
        LogFormat::Json => builder.json().try_init().ok(),
    };
}

/// Standard error, where somebody may have stopped reading: what nobody reads is nobody's loss, and no reason to end.
struct Quiet(std::io::Stderr);

impl std::io::Write for Quiet {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush().ok();
        Ok(())
    }
}

/// Tells a command's error on standard error, where anybody reads it.
pub fn tell_error(program: &str, error: &(dyn std::error::Error + 'static)) {
    let mut stderr = Quiet(std::io::stderr());
    let text = format!("{program}: {}\n", crate::status::describe(error));
    std::io::Write::write_all(&mut stderr, text.as_bytes()).ok();
}

/// A server's layers: the gate before all services.
pub type Layers = Stack<GateLayer, Identity>;

/// Begins a server with mutual TLS, whose calls are those that a policy allows.
///
/// # Errors
/// Errors of the certificates.
pub fn server(tls: &TlsDir, policy: Policy) -> Result<Server<Layers>, tonic::transport::Error> {
    Ok(Server::builder()
        .layer(GateLayer::new(policy))
        .tls_config(tls.server())?
        .concurrency_limit_per_connection(CONCURRENCY_MAX)
        .initial_stream_window_size(WINDOW_LEN)
        .initial_connection_window_size(WINDOW_LEN))
}

/// Listens at an address; port 0 takes any free one.
///
/// # Errors
/// As `bind(2)`.
pub async fn listen(address: &str) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let local = listener.local_addr()?;
    Ok((listener, local))
}

/// Serves until SIGTERM or SIGINT, then lets running requests end within ten seconds.
///
/// # Errors
/// Errors of the transport.
pub async fn serve(
    router: Router<Layers>,
    listener: TcpListener,
) -> Result<(), tonic::transport::Error> {
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        stop_requested().await;
        stop.send_replace(true);
    });
    let mut drain = stopped.clone();
    let signal = async move {
        stopped.wait_for(|stop| *stop).await.ok();
    };
    // Here, since what the server is told of its sockets holds only for a listener that it makes itself. Without it
    // an answer in two writes waits 40 ms for an acknowledgement that the other side delays.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let serving = router.serve_with_incoming_shutdown(incoming, signal);
    tokio::select! {
        result = serving => result,
        () = async {
            drain.wait_for(|stop| *stop).await.ok();
            tokio::time::sleep(DRAIN_TIMEOUT).await;
        } => {
            tracing::warn!("giving up requests that did not end within {DRAIN_TIMEOUT:?}");
            Ok(())
        }
    }
}

/// Waits for SIGTERM or SIGINT.
pub async fn stop_requested() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(error) => {
                tracing::error!("failed to listen for signals: {error}");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => tracing::info!("stopping: SIGTERM"),
        () = wait(SignalKind::interrupt()) => tracing::info!("stopping: SIGINT"),
    }
}
