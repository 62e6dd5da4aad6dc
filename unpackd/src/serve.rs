//! Serving: starts a daemon from its configuration and runs it until a signal.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use patch::engine::EngineChoice;
use rpc::calls::Calls;
use rpc::gate::Gatekeeper;
use rpc::image_signature::ImageSigners;
use rpc::policy::Policy;
use rpc::services::unpacker_service_server::UnpackerServiceServer;
use rpc::tls::TlsDir;
use statuspage::server::Pages;
use transfer::fetch::Remote;
use wire::digest::Algorithm;

use crate::fetch_ahead::FetchAhead;
use crate::imaged::ImagedSource;
use crate::manager::Manager;
use crate::service::Service;

/// What `unpackd serve` takes from its arguments.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the registry, the ledgers and the store; created if missing.
    pub state_dir: PathBuf,
    /// Address of the RPC server, `ADDRESS:PORT`; port 0 takes a free one.
    pub listen: String,
    /// Address of the status pages, `ADDRESS:PORT`; `None` for no pages.
    pub status_listen: Option<String>,
    /// The imaged that images come from, `HOST:PORT`.
    pub imaged: String,
    /// Folder with the certificates and, unless `policy` is set, policy.toml.
    pub tls_dir: PathBuf,
    /// How often the store is collected; zero: only when space is short.
    pub collect_every: Duration,
    /// The policy file; `None` for policy.toml in `tls_dir`.
    pub policy: Option<PathBuf>,
    /// I/O engine for volumes: io_uring, threads, or automatic choice.
    pub engine: EngineChoice,
    /// Limit on the content of an image that is fetched ahead, in bytes; `None`: nothing is fetched ahead.
    pub fetch_ahead_max: Option<u64>,
}

/// Serves until SIGTERM or SIGINT. Once the daemon accepts calls, calls `listening` with the RPC address and the
/// address of the status pages.
///
/// # Errors
/// Errors of configuration, certificates, imaged, store and state. Each message names a remedy.
pub async fn run(
    config: Config,
    listening: impl FnOnce(SocketAddr, Option<SocketAddr>),
) -> anyhow::Result<()> {
    let policy_path =
        config.policy.clone().unwrap_or_else(|| config.tls_dir.join(rpc::policy::FILE_NAME));
    let keeper = Gatekeeper {
        tls: TlsDir::follow(&config.tls_dir)?,
        policy: Policy::follow(&policy_path)?,
        calls: Calls::default(),
    };
    let signers = ImageSigners::new(keeper.tls.clone(), Some(keeper.policy.clone()));
    let channel = rpc::client::connect_lazily(&config.imaged, keeper.tls.clone())?;
    let runtime = tokio::runtime::Handle::current();
    let connect = || Remote::new(config.imaged.clone(), channel.clone(), runtime.clone());
    let (remote, ahead) = (connect(), connect());
    let (remote, algorithm) = tokio::task::spawn_blocking(move || {
        let algorithm = remote.algorithm();
        (remote, algorithm)
    })
    .await
    .context("the task that asks imaged ended")?;
    let algorithm = match algorithm {
        Ok(algorithm) => algorithm,
        // Continues without an answer: an existing store keeps its own algorithm, and imaged may come up later.
        Err(error) if config.state_dir.join("store").is_dir() => {
            tracing::warn!("going on without imaged for now: {error}");
            Algorithm::Sha256
        }
        Err(error) => return Err(error.into()),
    };
    let (state_dir, engine, patch_signers) =
        (config.state_dir.clone(), config.engine, signers.clone());
    let manager = tokio::task::spawn_blocking(move || {
        let source = Box::new(ImagedSource::new(remote, Some(patch_signers)));
        Manager::open(&state_dir, algorithm, source, engine.engine()?)
    })
    .await
    .context("the task that opens the state folder ended")??;
    let manager = Arc::new(manager);
    if let Some(len_max) = config.fetch_ahead_max {
        let imaged = ImagedSource::new(ahead, Some(signers));
        FetchAhead::start(Arc::clone(&manager), imaged, len_max)?;
    }
    crate::upkeep::start(Arc::clone(&manager), config.collect_every)?;
    let (listener, address) = rpc::daemon::listen(&config.listen)
        .await
        .with_context(|| format!("cannot listen at {}", config.listen))?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        %address,
        imaged = config.imaged,
        state_dir = %config.state_dir.display(),
        io_engine = manager.engine_name(),
        volumes = manager.volumes().map_or(0, |volumes| volumes.len()),
        "unpackd serves"
    );
    let pages = crate::status::router(&manager, &config.imaged, &keeper);
    let pages = Pages::start(config.status_listen.as_deref(), pages).await?;
    let service = Service::new(manager, config.imaged.clone());
    let server = UnpackerServiceServer::new(service)
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let router = rpc::daemon::server(keeper.clone()).add_service(server);
    listening(address, pages.as_ref().map(Pages::address));
    let result = rpc::daemon::serve(router, listener, keeper.tls, || {}).await;
    drop(pages);
    result.context("serve")
}
