//! The frame around every daemon's services: logging, listening and shutdown.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tower_layer::{Identity, Stack};

use crate::MESSAGE_LEN_MAX;
use crate::acceptor::{ListenerKind, accept};
use crate::client::{HTTP_FRAME_LEN_MAX, WINDOW_LEN};
use crate::current::Current;
use crate::gate::{GateLayer, Gatekeeper};
use crate::join::REQUEST_LEN_MAX;
use crate::services::join_service_server::{JoinService, JoinServiceServer};
use crate::tls::TlsDir;

/// Limit on concurrent requests of one connection; further ones wait.
const CONCURRENCY_MAX: usize = 64;

/// How callers with a certificate are accepted.
const CALLERS: ListenerKind =
    ListenerKind { config: TlsDir::server, connections_max: 8192, of_one_address_max: 8192 };

/// How machines are accepted that have a token and no certificate.
const JOINERS: ListenerKind =
    ListenerKind { config: TlsDir::join_server, connections_max: 256, of_one_address_max: 32 };

/// Longest message of a machine that joins, in bytes: everybody may send one.
const JOIN_MESSAGE_LEN_MAX: usize = 2 * REQUEST_LEN_MAX;

/// Limit on concurrent requests of one connection of a machine that joins; it needs one.
const JOIN_CONCURRENCY_MAX: usize = 4;

/// A connection of a machine that joins ends after this time and the grace: nobody holds one of the few places for ever. A
/// call waits 30 s.
const JOIN_AGE_MAX: Duration = Duration::from_secs(45);
const JOIN_AGE_GRACE: Duration = Duration::from_secs(5);

/// Time that running requests get to end after a stop signal.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Form in which the log goes to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON document per line.
    Json,
}

/// Returns the log's level. Without flags it is `normal`, which is `info` or `warn`. `-q` gives one step less, one `-v`
/// gives `debug`, and more give `trace`.
pub fn log_level(normal: &'static str, is_quiet: bool, verbose: u8) -> &'static str {
    match (is_quiet, verbose, normal) {
        (true, _, "warn") => "error",
        (true, _, _) => "warn",
        (false, 0, _) => normal,
        (false, 1, _) => "debug",
        (false, _, _) => "trace",
    }
}

/// Starts logging to standard error. The variable `IMPRINT_LOG` sets the level; `default` applies without it.
pub fn start_log(format: LogFormat, default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("IMPRINT_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    // Only a terminal gets colour codes, and only if the variable `NO_COLOR` is unset or empty.
    let is_coloured = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(is_coloured)
        .with_writer(|| Quiet(std::io::stderr()));
    // Tests run two daemons in one process: the second start keeps the first log.
    match format {
        LogFormat::Text => builder.with_target(false).try_init().ok(),
        LogFormat::Json => builder.json().try_init().ok(),
    };
}

/// Standard error that never fails: a daemon must not end because the reader of its log is gone.
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

/// Prints a command's error and its causes to standard error; ignores a closed stream.
pub fn tell_error(program: &str, error: &(dyn std::error::Error + 'static)) {
    let mut stderr = Quiet(std::io::stderr());
    let text = format!("{program}: {}\n", crate::status::describe(error));
    std::io::Write::write_all(&mut stderr, text.as_bytes()).ok();
}

/// The layers of a server: the gate in front of all services.
pub type Layers = Stack<GateLayer, Identity>;

/// Builds a server that refuses every call that the policy does not allow.
pub fn server(keeper: Gatekeeper) -> Server<Layers> {
    Server::builder()
        .layer(GateLayer::new(keeper))
        .concurrency_limit_per_connection(CONCURRENCY_MAX)
        .initial_stream_window_size(WINDOW_LEN)
        .initial_connection_window_size(WINDOW_LEN)
        .max_frame_size(HTTP_FRAME_LEN_MAX)
}

/// Listens on an address and returns the bound address; port 0 takes a free port.
///
/// # Errors
/// As `bind(2)`.
pub async fn listen(address: &str) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let local = listener.local_addr()?;
    Ok((listener, local))
}

/// Serves over mutual TLS until SIGTERM or SIGINT, then calls `stopping` and lets running requests end within ten seconds. `stopping`
/// must end the requests that wait for something to happen.
///
/// # Errors
/// Errors of the transport.
pub async fn serve(
    router: Router<Layers>,
    listener: TcpListener,
    tls: Current<TlsDir>,
    stopping: impl FnOnce() + Send + 'static,
) -> Result<(), tonic::transport::Error> {
    let warning = tokio::spawn(crate::expiry::warn(tls.clone()));
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        stop_requested().await;
        stopping();
        stop.send_replace(true);
    });
    let mut drain = stopped.clone();
    let signal = async move {
        stopped.wait_for(|stop| *stop).await.ok();
    };
    let serving = router.serve_with_incoming_shutdown(accept(listener, tls, CALLERS), signal);
    let served = tokio::select! {
        result = serving => result,
        () = async {
            drain.wait_for(|stop| *stop).await.ok();
            tokio::time::sleep(DRAIN_TIMEOUT).await;
        } => {
            tracing::warn!("giving up requests that did not end within {DRAIN_TIMEOUT:?}");
            Ok(())
        }
    };
    warning.abort();
    served
}

/// Serves machines that have a token and no certificate, over TLS of the server alone, until the returned task is
/// aborted. The service must check the token of every call.
pub fn serve_joins(
    service: JoinServiceServer<impl JoinService>,
    listener: TcpListener,
    tls: Current<TlsDir>,
) -> JoinHandle<()> {
    let service = service
        .max_decoding_message_size(JOIN_MESSAGE_LEN_MAX)
        .max_encoding_message_size(MESSAGE_LEN_MAX);
    let serving = Server::builder()
        .concurrency_limit_per_connection(JOIN_CONCURRENCY_MAX)
        .max_connection_age(JOIN_AGE_MAX)
        .max_connection_age_grace(JOIN_AGE_GRACE)
        .add_service(service)
        .serve_with_incoming(accept(listener, tls, JOINERS));
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!("machines can join no longer: {error}; restart the server");
        }
    })
}

/// Waits for SIGTERM or SIGINT. If signals cannot be received, logs that and never returns.
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
