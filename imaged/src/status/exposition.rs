//! The metrics for Prometheus.

use imageserver::{ImageServer, ReplicaState};
use rpc::gate::Gatekeeper;
use statuspage::metrics::Exposition;

use super::overview::Overview;
use sysio::clock::now_ms;

use crate::join::TokenCounts;
use crate::replica::Reports;
use crate::upkeep::begun_or;

/// Writes the exposition; `docs/metrics.md` describes its metrics.
pub(super) fn write(
    overview: &Overview,
    server: &ImageServer,
    replica: Option<&Reports>,
    joins: TokenCounts,
    keeper: &Gatekeeper,
) -> Result<String, String> {
    let (sums, stats, counts) = (overview.sums(), &overview.stats, server.counts());
    let mut page = Exposition::new(env!("CARGO_PKG_VERSION"));
    page.gauge("images", "Images in the catalog", sums.images);
    page.gauge("streams", "Streams that have an image", overview.streams.len() as u64);
    page.gauge("image_content_bytes", "Content of all images, each by itself", sums.bytes);
    page.gauge("store_packs", "Sealed packs", stats.packs);
    page.gauge("store_objects", "Objects in the store", stats.objects);
    page.gauge("store_payload_bytes", "Compressed length of all objects", stats.payload_bytes);
    page.gauge("store_content_bytes", "Content of all objects, each once", stats.content_bytes);
    page.gauge("store_free_bytes", "Bytes free where the store is", overview.free);
    page.gauge("uploads_open", "Uploads under way", server.uploads_open() as u64);
    let uploads = [
        ("begun", counts.uploads_begun.get()),
        ("committed", counts.uploads_committed.get()),
        ("refused", counts.uploads_refused.get()),
    ];
    page.totals("uploads", "Uploads by how they went", "result", &uploads);
    page.total("objects_received", "Objects that were uploaded", counts.objects_received.get());
    page.total("received_bytes", "Compressed length of what came", counts.bytes_received.get());
    page.total("objects_sent", "Objects that were fetched", counts.objects_sent.get());
    page.total("sent_bytes", "Compressed length of what was fetched", counts.bytes_sent.get());
    page.total("objects_damaged", "Objects found damaged by a check", counts.objects_damaged.get());
    write_upkeep(&mut page, server);
    write_replica(&mut page, replica);
    write_replicas(&mut page, server);
    page.gauges(
        "join_tokens",
        "Tokens of machines that join, by state",
        [
            ("open", joins.open),
            ("asked", joins.asked),
            ("misused", joins.misused),
            ("refused", joins.refused),
        ]
        .map(|(state, count)| (vec![("state", state.to_owned())], count)),
    );
    statuspage::daemon::write(&mut page, keeper);
    page.write()
}

fn write_upkeep(page: &mut Exposition, server: &ImageServer) {
    let (times, upkeep) = (server.upkeep().times(), server.upkeep().report());
    let age = |at_ms: i64| u64::try_from((now_ms() - at_ms) / 1000).unwrap_or_default();
    let failed = |failed: bool| u64::from(failed);
    page.gauge(
        "gc_age_seconds",
        "Since garbage was collected",
        age(begun_or(times, times.collected_at_ms)),
    );
    page.gauge(
        "gc_failed",
        "1 if the last collection of garbage failed",
        failed(matches!(upkeep.collection, Some(Err(_)))),
    );
    page.total("gc_freed_bytes", "Bytes that collections of garbage freed", upkeep.bytes_freed);
    page.gauge(
        "scrub_age_seconds",
        "Since everything was checked",
        age(begun_or(times, times.checked_at_ms)),
    );
    page.gauge(
        "scrub_failed",
        "1 if the last check of everything failed, or left damage",
        failed(match &upkeep.check {
            Some(Ok(found)) => !found.is_whole,
            Some(Err(_)) => true,
            None => false,
        }),
    );
    page.total("objects_healed", "Damaged objects that came again", upkeep.objects_healed);
}

/// Writes what the replicas of this server report, each by its place.
fn write_replicas(page: &mut Exposition, server: &ImageServer) {
    let replicas = server.replicas();
    let of = |figure: fn(&ReplicaState) -> u64| {
        let label = |one: &ReplicaState| {
            vec![("replica", one.place.clone()), ("identity", one.identity.clone())]
        };
        replicas.iter().map(move |one| (label(one), figure(one))).collect::<Vec<_>>()
    };
    page.gauge("replicas", "Replicas that were heard in the last day", replicas.len() as u64);
    page.gauges(
        "replicas_lag_seconds",
        "Age of the first change that a replica lacks",
        of(|one| one.lag.as_secs()),
    );
    page.gauges(
        "replicas_changes_behind",
        "Changes that a replica lacks",
        of(|one| one.changes_behind),
    );
    page.gauges(
        "replicas_silence_seconds",
        "Time since a replica was heard",
        of(|one| one.silence.as_secs()),
    );
}

fn write_replica(page: &mut Exposition, replica: Option<&Reports>) {
    let report = replica.map(Reports::report).unwrap_or_default();
    let is_failing = u64::from(!report.problem.is_empty());
    let disagreements = report.disagreements.len() as u64;
    let silence = report.heard.map_or(0, |heard| heard.elapsed().as_secs());
    page.gauge("replica", "1 if this server follows another", u64::from(replica.is_some()));
    page.gauge("replica_failing", "1 while following fails", is_failing);
    page.gauge("replica_silence_seconds", "Time since the primary was heard", silence);
    page.gauge("replica_disagreements", "Names that differ from the primary's", disagreements);
    page.gauge(
        "replica_postponed",
        "Changes that failed and are tried again",
        report.postponed as u64,
    );
    page.gauge(
        "replica_clock_difference_seconds",
        "Difference of the clocks of primary and replica",
        report.clock_difference_ms.unsigned_abs() / 1000,
    );
    page.total("replica_changes", "Changes that were followed", report.changes);
    page.total("replica_images", "Images that came from the primary", report.images);
    page.total("replica_bytes", "Compressed length of what came with them", report.bytes);
}
