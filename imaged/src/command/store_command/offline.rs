//! Upkeep of a store on which no server runs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use imageserver::upkeep::{Peer, Upkeep};
use rpc::current::Current;
use rpc::tls::TlsDir;
use store::Store;
use store::fsck::Depth;
use store::gc::{CollectOptions, collect as collect_garbage};
use wire::proto::CheckReport;

use super::document::{CheckDocument, CollectDocument, StatsDocument};
use crate::upkeep::HealingPeer;

pub(super) fn stats(path: &Path) -> anyhow::Result<StatsDocument> {
    Ok(StatsDocument::from(&Store::open_read_only(path)?.stats()))
}

pub(super) fn rebuild_index(path: &Path) -> anyhow::Result<StatsDocument> {
    Ok(StatsDocument::from(&Store::open(path)?.rebuild_index()?))
}

pub(super) fn collect(
    path: &Path,
    is_dry_run: bool,
    grace: Duration,
) -> anyhow::Result<CollectDocument> {
    let store = Arc::new(Store::open(path)?);
    let older_than = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
    let options = CollectOptions { older_than, is_dry_run, rate: None };
    let collected = collect_garbage(&store, options, &mut |_| true)?;
    Ok(CollectDocument::new(&collected, is_dry_run))
}

/// Checks a store; with servers to heal from, mends it.
pub(super) fn check(
    path: &Path,
    data: bool,
    heal_from: &[String],
    tls_dir: Option<&Path>,
) -> anyhow::Result<CheckDocument> {
    // Opens the store for writing, although a check only reads, so that no server can change the store meanwhile.
    let store = Arc::new(Store::open(path)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let tls = tls_dir.filter(|_| !heal_from.is_empty()).map(TlsDir::load).transpose()?;
    let tls = tls.map(Current::fixed);
    let mut peers: Vec<Arc<dyn Peer>> = Vec::new();
    for (address, tls) in heal_from.iter().zip(tls.iter().cycle()) {
        // `connect_lazily` needs the runtime's context.
        let _entered = runtime.enter();
        peers.push(Arc::new(HealingPeer::at(address, tls.clone(), runtime.handle().clone())?));
    }
    let folder = path.parent().unwrap_or(path);
    let upkeep = Upkeep::new(Arc::clone(&store), peers, folder);
    let depth = if data { Depth::Data } else { Depth::Structure };
    let outcome = upkeep.check(depth, None, !heal_from.is_empty(), &mut |_, _| {})?;
    let mut found = CheckDocument::from(CheckReport::from(outcome));
    found.stats = StatsDocument::from(&store.stats());
    Ok(found)
}
