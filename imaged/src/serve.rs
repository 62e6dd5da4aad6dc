//! Serving: from a configuration to a running server and back.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rpc::policy::Policy;
use rpc::services::image_service_server::ImageServiceServer;
use rpc::services::publish_service_server::PublishServiceServer;
use rpc::tls::TlsDir;
use statuspage::server::Pages;
use store::Store;
use wire::digest::Algorithm;

use crate::catalog::Catalog;
use crate::publishing::Publishing;
use crate::service::Service;

/// How often expired images and idle uploads are looked for.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// What a server needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where catalog and store are.
    pub data_dir: PathBuf,
    /// Where to listen: `ADDRESS:PORT`, port 0 for any.
    pub listen: String,
    /// Where the status pages are, if anywhere.
    pub status_listen: Option<String>,
    /// The folder of certificates, with policy.toml.
    pub tls_dir: PathBuf,
    /// The policy, where it is not in `tls_dir`.
    pub policy: Option<PathBuf>,
    /// The digest algorithm of a store that is created.
    pub algorithm: Algorithm,
}

/// Serves until SIGTERM or SIGINT. `listening` is called with the address, and that of the status pages, once
/// calls are taken.
///
/// # Errors
/// Errors of configuration, certificates, store and catalog, each with what to do.
pub async fn run(
    config: Config,
    listening: impl FnOnce(SocketAddr, Option<SocketAddr>),
) -> anyhow::Result<()> {
    let tls = TlsDir::load(&config.tls_dir)?;
    let policy_path =
        config.policy.clone().unwrap_or_else(|| config.tls_dir.join(rpc::policy::FILE_NAME));
    let policy = Policy::load(&policy_path)?;
    let data_dir = config.data_dir.clone();
    let service = tokio::task::spawn_blocking(move || open(&data_dir, config.algorithm, policy))
        .await
        .context("open the store")??;
    let (listener, address) = rpc::daemon::listen(&config.listen)
        .await
        .with_context(|| format!("listen at {}", config.listen))?;
    let stats = service.shared.store.stats();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        %address,
        data_dir = %config.data_dir.display(),
        algorithm = %service.shared.store.algorithm(),
        packs = stats.packs,
        objects = stats.objects,
        "imaged serves"
    );
    let pages =
        Pages::start(config.status_listen.as_deref(), crate::status::router(&service)).await?;
    let tidier = service.clone();
    let tidy = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TIDY_EVERY);
        loop {
            ticks.tick().await;
            let service = tidier.clone();
            if tokio::task::spawn_blocking(move || service.tidy()).await.is_err() {
                return;
            }
        }
    });
    let publishing = PublishServiceServer::new(service.clone())
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let server = ImageServiceServer::new(service)
        .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
        .max_encoding_message_size(rpc::MESSAGE_LEN_MAX);
    let mut router = rpc::daemon::server(&tls).context("use the certificates")?;
    let router = router.add_service(server).add_service(publishing);
    listening(address, pages.as_ref().map(Pages::address));
    let result = rpc::daemon::serve(router, listener).await;
    tidy.abort();
    drop(pages);
    result.context("serve")
}

fn open(
    data_dir: &std::path::Path,
    algorithm: Algorithm,
    policy: Policy,
) -> anyhow::Result<Service> {
    let store = Arc::new(Store::open_or_create(&data_dir.join("store"), algorithm)?);
    let catalog = Catalog::open(&data_dir.join("catalog.redb"), Arc::clone(&store))?;
    let publishing = Publishing::open(&data_dir.join("publishing.redb"))?;
    Ok(Service::new(store, catalog, publishing, policy))
}
