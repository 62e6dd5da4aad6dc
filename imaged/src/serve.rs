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
use rpc::daemon::Layers;
use rpc::gate::Gatekeeper;
use rpc::image_signature::ImageSigners;
use rpc::policy::Policy;
use rpc::services::image_service_server::ImageServiceServer;
use rpc::services::join_service_server::JoinServiceServer;
use rpc::services::publish_service_server::PublishServiceServer;
use rpc::services::store_service_server::StoreServiceServer;
use rpc::services::token_service_server::TokenServiceServer;
use rpc::tls::TlsDir;
use statuspage::server::Pages;
use tokio::task::JoinHandle;
use tonic::transport::server::Router;
use wire::digest::Algorithm;

use crate::join::Joins;
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
    /// Address for machines that join by a token; `None`: they cannot.
    pub join_listen: Option<String>,
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

/// Where a server listens.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// For calls.
    pub calls: SocketAddr,
    /// For the status pages.
    pub status: Option<SocketAddr>,
    /// For machines that join by a token.
    pub joins: Option<SocketAddr>,
}

/// Serves until SIGTERM or SIGINT. Once the server accepts calls, calls `listening` with the addresses.
///
/// # Errors
/// Errors of the configuration, certificates, store and catalog; each message says what to do.
pub async fn run(config: Config, listening: impl FnOnce(Addresses)) -> anyhow::Result<()> {
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
    let replica =
        link.map(|link| link.follow(server.clone(), signers, &config.data_dir, address.port()));
    let joins = Joins::open(&config.data_dir, &keeper)
        .with_context(|| format!("the tokens in {}", config.data_dir.display()))?;
    let router =
        crate::status::router(&server, replica.transpose()?, &joins, config.schedule, &keeper);
    upkeep::start(server.clone(), config.schedule)?;
    let pages = Pages::start(config.status_listen.as_deref(), router).await?;
    let tidy = tokio::spawn(tidy(server.clone()));
    let router = services(&server, &joins, &keeper);
    let join_listener = listen_for_joins(&config, &joins, &keeper.tls).await?;
    let status = pages.as_ref().map(Pages::address);
    let at = join_listener.as_ref().map(|(address, _)| *address);
    listening(Addresses { calls: address, status, joins: at });
    let stop = move || {
        joins.stop();
        server.stop();
    };
    let result = rpc::daemon::serve(router, listener, keeper.tls, stop).await;
    tidy.abort();
    if let Some((_, serving)) = join_listener {
        serving.abort();
    }
    drop(pages);
    result.context("serve")
}

/// Returns all services for callers with a certificate, behind the gate.
fn services(server: &ImageServer, joins: &Joins, keeper: &Gatekeeper) -> Router<Layers> {
    let images = ImageServiceServer::new(server.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let publishing = PublishServiceServer::new(server.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let store = StoreServiceServer::new(server.clone());
    let tokens =
        TokenServiceServer::new(joins.clone()).max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let mut gated = rpc::daemon::server(keeper.clone());
    gated.add_service(images).add_service(publishing).add_service(store).add_service(tokens)
}

/// Removes what is out of date, again and again.
async fn tidy(server: ImageServer) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    loop {
        ticks.tick().await;
        let server = server.clone();
        if tokio::task::spawn_blocking(move || server.tidy()).await.is_err() {
            return;
        }
    }
}

/// Serves machines that join by a token, if the configuration says where.
async fn listen_for_joins(
    config: &Config,
    joins: &Joins,
    tls: &Current<TlsDir>,
) -> anyhow::Result<Option<(SocketAddr, JoinHandle<()>)>> {
    let Some(address) = &config.join_listen else { return Ok(None) };
    let (listener, address) = rpc::daemon::listen(address)
        .await
        .with_context(|| format!("cannot listen for machines at {address}"))?;
    tracing::info!(%address, "machines join here");
    let service = JoinServiceServer::new(joins.clone());
    Ok(Some((address, rpc::daemon::serve_joins(service, listener, tls.clone()))))
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
