//! Runs the server: from reading its configuration to its shutdown.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use imageserver::upkeep::Peer;
use imageserver::{ImageServer, Setup};
use rpc::calls::Calls;
use rpc::current::Current;
use rpc::gate::Gatekeeper;
use rpc::image_signature::ImageSigners;
use rpc::policy::Policy;
use rpc::services::image_service_server::ImageServiceServer;
use rpc::services::publish_service_server::PublishServiceServer;
use rpc::services::store_service_server::StoreServiceServer;
use rpc::tls::TlsDir;
use statuspage::server::Pages;
use wire::digest::Algorithm;

use crate::replica::{Link, Primary};
use crate::upkeep::{self, HealingPeer, Schedule};

/// Interval between two removals of expired images and idle uploads.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// What `imaged serve` takes from its arguments.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the catalog and the store; created if it is missing.
    pub data_dir: PathBuf,
    /// Address to listen at: `ADDRESS:PORT`; port 0 picks a free one.
    pub listen: String,
    /// Address of the status pages; `None` for no pages.
    pub status_listen: Option<String>,
    /// Folder with `ca.pem`, `cert.pem` and `key.pem`, and with `policy.toml` unless `policy` is set.
    pub tls_dir: PathBuf,
    /// The policy file, if it is not in `tls_dir`.
    pub policy: Option<PathBuf>,
    /// The image server to follow; `None`: this server follows no other.
    pub primary: Option<Primary>,
    /// Servers from which damage is healed, besides the primary: `HOST:PORT`.
    pub heal_from: Vec<String>,
    /// When the store is looked after.
    pub schedule: Schedule,
    /// Digest algorithm for a new store; an existing store keeps its own.
    pub algorithm: Algorithm,
}

impl Config {
    fn policy_path(&self) -> PathBuf {
        self.policy.clone().unwrap_or_else(|| self.tls_dir.join(rpc::policy::FILE_NAME))
    }
}

/// Serves until SIGTERM or SIGINT. Once the server accepts calls, calls `listening` with the server's address and the
/// address of the status pages.
///
/// # Errors
/// Errors of the configuration, certificates, store and catalog; each message says what to do.
pub async fn run(
    config: Config,
    listening: impl FnOnce(SocketAddr, Option<SocketAddr>),
) -> anyhow::Result<()> {
    let keeper = Gatekeeper {
        tls: TlsDir::follow(&config.tls_dir)?,
        policy: Policy::follow(&config.policy_path())?,
        calls: Calls::default(),
    };
    let tls = &keeper.tls;
    let signers = ImageSigners::new(tls.clone(), Some(keeper.policy.clone()));
    let link = config.primary.clone();
    let link = link.map(|primary| Link::new(primary, tls, tokio::runtime::Handle::current()));
    let link = link.transpose()?;
    let setup = Setup {
        algorithm: config.algorithm,
        signers: Some(signers.clone()),
        primary: link.as_ref().map(Link::primary),
        peers: peers(&config, link.as_ref(), tls)?,
    };
    let data_dir = config.data_dir.clone();
    let server = tokio::task::spawn_blocking(move || ImageServer::open(&data_dir, setup))
        .await
        .context("the task that opens the store ended")??;
    let (listener, address) = rpc::daemon::listen(&config.listen)
        .await
        .with_context(|| format!("cannot listen at {}", config.listen))?;
    let stats = server.store().stats();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        %address,
        data_dir = %config.data_dir.display(),
        algorithm = %server.store().algorithm(),
        packs = stats.packs,
        objects = stats.objects,
        "imaged serves"
    );
    let replica = link.map(|link| link.follow(server.clone(), signers, &config.data_dir));
    let router = crate::status::router(&server, replica.transpose()?, &keeper);
    upkeep::start(server.clone(), config.schedule)?;
    let pages = Pages::start(config.status_listen.as_deref(), router).await?;
    let tidier = server.clone();
    let tidy = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TIDY_EVERY);
        loop {
            ticks.tick().await;
            let server = tidier.clone();
            if tokio::task::spawn_blocking(move || server.tidy()).await.is_err() {
                return;
            }
        }
    });
    let publishing = PublishServiceServer::new(server.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let store = StoreServiceServer::new(server.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let images = ImageServiceServer::new(server.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let mut server_of_calls = rpc::daemon::server(keeper.clone());
    let router = server_of_calls.add_service(images).add_service(publishing).add_service(store);
    listening(address, pages.as_ref().map(Pages::address));
    let result = rpc::daemon::serve(router, listener, keeper.tls, move || server.stop()).await;
    tidy.abort();
    drop(pages);
    result.context("serve")
}

/// Returns the servers from which damage is healed: the primary first.
fn peers(
    config: &Config,
    link: Option<&Link>,
    tls: &Current<TlsDir>,
) -> anyhow::Result<Vec<Arc<dyn Peer>>> {
    let mut peers: Vec<Arc<dyn Peer>> = Vec::new();
    peers.extend(link.map(|link| Arc::new(link.peer()) as Arc<dyn Peer>));
    for address in &config.heal_from {
        let runtime = tokio::runtime::Handle::current();
        peers.push(Arc::new(HealingPeer::at(address, tls.clone(), runtime)?));
    }
    Ok(peers)
}
