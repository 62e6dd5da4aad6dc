//! Plain HTTP server for people, Prometheus and health checks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use maud::Markup;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::page;

/// Limit on the connections that are served at once; further connections wait in the listen queue.
const CONNECTIONS_MAX: usize = 32;

/// Time limits for a request's head to arrive, and for a whole connection.
const HEAD_WAIT: Duration = Duration::from_secs(10);
const CONNECTION_MAX: Duration = Duration::from_secs(120);

/// Maximum bytes of a connection's read buffer, which limits a request's head.
const HEAD_LEN_MAX: usize = 16 << 10;

/// Pause after an error of `accept`, such as running out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Headers of each answer: the browser may load nothing from elsewhere, run no script, show the page in no frame, and
/// cache nothing.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The reason why a page cannot be shown.
#[derive(Debug)]
pub enum Problem {
    /// There is no such page; answered with status 404.
    Missing(String),
    /// The page's data cannot be read; answered with status 503.
    Failed(String),
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Missing(text) => (StatusCode::NOT_FOUND, text),
            Self::Failed(text) => (StatusCode::SERVICE_UNAVAILABLE, text),
        };
        (status, page::problem(&text)).into_response()
    }
}

/// Renders a page on a thread that may block, for example on the disk.
///
/// # Errors
/// Errors of `make`; [`Problem::Failed`] if it panics.
pub async fn make<F>(make: F) -> Result<Markup, Problem>
where
    F: FnOnce() -> Result<Markup, Problem> + Send + 'static,
{
    let made = tokio::task::spawn_blocking(make).await;
    made.unwrap_or_else(|error| Err(Problem::Failed(format!("a worker ended: {error}"))))
}

/// Adds the routes that all daemons share: the style sheet, `/healthz` and `/metrics`.
///
/// `health` returns an error if the daemon is unhealthy; `metrics` returns the exposition. Errors become status 503.
pub fn routes<H, M>(pages: Router, health: H, metrics: M) -> Router
where
    H: Fn() -> Result<(), String> + Clone + Send + Sync + 'static,
    M: Fn() -> Result<String, String> + Clone + Send + Sync + 'static,
{
    let healthz = move || answer(health.clone(), |()| plain("ok\n"));
    let exposition = move || {
        answer(metrics.clone(), |text| ([(header::CONTENT_TYPE, crate::metrics::TYPE)], text))
    };
    pages
        .route("/healthz", get(healthz))
        .route("/metrics", get(exposition))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], page::STYLE) }))
        .fallback(|| async { Problem::Missing("There is no such page.".to_owned()) })
        .layer(from_fn(add_headers))
}

fn plain(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// Runs `look` on a thread that may block. Answers with the result of `look`, or with its error and status 503.
async fn answer<T: Send + 'static, R: IntoResponse>(
    look: impl FnOnce() -> Result<T, String> + Send + 'static,
    show: impl FnOnce(T) -> R,
) -> Response {
    match tokio::task::spawn_blocking(look).await {
        Ok(Ok(found)) => show(found).into_response(),
        Ok(Err(problem)) => (StatusCode::SERVICE_UNAVAILABLE, problem + "\n").into_response(),
        Err(error) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("a worker ended: {error}\n")).into_response()
        }
    }
}

async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A running server of status pages, stopped on drop.
#[derive(Debug)]
pub struct Pages {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Pages {
    /// Serves pages at an address; `None` starts no server. Port 0 picks a free port.
    ///
    /// # Errors
    /// Those of `bind(2)`, with the address in the message.
    pub async fn start(at: Option<&str>, router: Router) -> std::io::Result<Option<Self>> {
        let Some(at) = at else { return Ok(None) };
        let explained = |error: std::io::Error| {
            std::io::Error::new(
                error.kind(),
                format!("listen for the status pages at {at}: {error}"),
            )
        };
        let listener = TcpListener::bind(at).await.map_err(explained)?;
        let address = listener.local_addr().map_err(explained)?;
        tracing::info!(%address, "status pages");
        let task = tokio::spawn(accept(listener, router));
        Ok(Some(Self { address, task }))
    }

    /// Returns the address that the server listens at, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    tokio::time::timeout(CONNECTION_MAX, connection(stream, router)).await.ok();
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!("status page: accept: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WAIT)
        .max_buf_size(HEAD_LEN_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = served.await {
        tracing::debug!("status page: {error}");
    }
}
