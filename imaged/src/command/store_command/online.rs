//! Upkeep of the store of a server that runs.

use std::path::Path;
use std::time::{Duration, Instant};

use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use transfer::fetch::Remote;
use wire::proto::UpkeepProgress;

use super::document::{CheckDocument, CollectDocument, StatsDocument};

/// Interval of lines about progress, on standard error.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Runs work with a connection to a server.
fn with_server<T>(
    address: &str,
    tls_dir: &Path,
    work: impl FnOnce(&Remote) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let runtime = Runtime::new()?;
    let tls = TlsDir::load(tls_dir)?;
    let channel = runtime.block_on(rpc::client::connect(address, &tls))?;
    work(&Remote::new(address.to_owned(), channel, runtime.handle().clone()))
}

/// Returns a callback that tells of progress now and then.
fn tell_progress() -> impl FnMut(&UpkeepProgress) {
    let mut told = Instant::now();
    move |progress| {
        if told.elapsed() >= TELL_EVERY {
            tracing::warn!("{}: {} of {}", progress.phase, progress.done, progress.total);
            told = Instant::now();
        }
    }
}

pub(super) fn stats(address: &str, tls_dir: &Path) -> anyhow::Result<StatsDocument> {
    with_server(address, tls_dir, |server| Ok(StatsDocument::from(&server.store_stats()?)))
}

pub(super) fn collect(
    address: &str,
    tls_dir: &Path,
    dry_run: bool,
    grace: Duration,
) -> anyhow::Result<CollectDocument> {
    with_server(address, tls_dir, |server| {
        Ok(server.collect_garbage(dry_run, grace, &mut tell_progress())?.into())
    })
}

pub(super) fn check(
    address: &str,
    tls_dir: &Path,
    data: bool,
    heal: bool,
) -> anyhow::Result<CheckDocument> {
    with_server(address, tls_dir, |server| {
        Ok(server.check_store(data, heal, &mut tell_progress())?.into())
    })
}
