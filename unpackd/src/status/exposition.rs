//! The metrics for Prometheus.

use std::collections::BTreeMap;

use rpc::gate::Gatekeeper;
use statuspage::metrics::Exposition;
use sysio::clock::now_ms;

use crate::manager::Manager;
use crate::volume::State;

/// Writes the metrics in Prometheus' text format.
pub(super) fn write(manager: &Manager, keeper: &Gatekeeper) -> Result<String, String> {
    let volumes = manager.volumes().map_err(|error| error.to_string())?;
    let mut states: BTreeMap<&str, u64> = State::NAMES.iter().map(|name| (*name, 0)).collect();
    for volume in &volumes {
        *states.entry(volume.state.name()).or_default() += 1;
    }
    let leased = volumes.iter().filter(|volume| volume.lease_at(now_ms()).is_some()).count();
    let label = |name: &'static str, value: &str| vec![(name, value.to_owned())];
    let metrics = &manager.history().metrics;
    let mut page = Exposition::new(env!("CARGO_PKG_VERSION"));
    let states = states.into_iter().map(|(state, count)| (label("state", state), count));
    page.gauges("volumes", "Volumes by their states", states);
    page.gauge("volumes_leased", "Volumes that somebody holds a lease of", leased as u64);
    let engine = [(label("engine", manager.engine_name()), 1)];
    page.gauges("io_engine", "How data is read and written, as a label; always 1", engine);
    page.counters("patches", "Patches by how they went", &metrics.patches);
    page.seconds("patch_phase_seconds", "Time in phases of patches", &metrics.phases);
    page.counters(
        "patch_dirty_blocks",
        "Blocks of 512 KiB that patches dirtied, by cause",
        &metrics.dirty_blocks,
    );
    page.counter("fetched_bytes", "Compressed length of what was fetched", &metrics.bytes_fetched);
    page.counter("volume_written_bytes", "Bytes that patches wrote", &metrics.bytes_written);
    page.counter("ahead_images", "Images that were fetched ahead", &metrics.ahead_images);
    page.counter("ahead_bytes", "Compressed length of what came with them", &metrics.ahead_bytes);
    let (stats, free) = (manager.store().stats(), manager.store().free_space());
    page.gauge("store_payload_bytes", "Compressed length of what is kept", stats.payload_bytes);
    let free = free.map_or(0, |free| free.bytes);
    page.gauge("store_free_bytes", "Bytes free where the store is", free);
    page.counter("gc_freed_bytes", "Bytes that collections freed", &metrics.freed_bytes);
    statuspage::daemon::write(&mut page, keeper);
    page.write()
}
