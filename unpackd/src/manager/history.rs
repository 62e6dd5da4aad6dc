//! Records of patches since the daemon began: the last patches for people, and sums over all patches for Prometheus.

use std::collections::VecDeque;

use parking_lot::{Mutex, MutexGuard};
use statuspage::metrics::{Counter, Counters, Seconds, zeros};
use sysio::clock::now_ms;
use wire::name::ImageName;
use wire::proto::{DirtyBlocks, UnpackReport};

use crate::UnpackError;

/// Number of patches that the status page can show; older ones are dropped.
const KEPT_MAX: usize = 50;

/// One patch, running or ended.
#[derive(Clone, Debug)]
pub struct PatchRun {
    /// Id of the volume, which may have been removed since.
    pub volume: String,
    /// The image to patch to, not the one that the volume held before.
    pub image: ImageName,
    /// Start in milliseconds since 1970.
    pub started_at_ms: i64,
    /// Progress while the patch runs, then its result.
    pub outcome: Outcome,
    number: u64,
}

/// Progress or result of a patch.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The patch runs: its phase and progress.
    Running {
        /// The phase, such as `scan` or `apply`; `begin` before the first.
        phase: &'static str,
        /// Finished units of the phase; the unit depends on the phase.
        done: u64,
        /// All units of the phase; zero if unknown.
        total: u64,
    },
    /// The patch succeeded, or was planned as a dry run.
    Done(Box<UnpackReport>),
    /// The patch failed, or its thread panicked.
    Failed {
        /// Message of the error, or a note about the panic.
        problem: String,
        /// Milliseconds from start to failure.
        elapsed_ms: u64,
    },
}

/// Counters since the daemon's start. Every label has the value 0 from the start. If a counter appeared only with its
/// first event, Prometheus would not count that event in rates.
#[derive(Debug)]
pub struct PatchMetrics {
    /// Patches by result: `done`, `failed`. Dry runs do not count.
    pub patches: Counters,
    /// Seconds that successful patches spent in each phase.
    pub phases: Seconds,
    /// Blocks of 512 KiB that successful patches wrote, by cause.
    pub dirty_blocks: Counters,
    /// Bytes that successful patches fetched from imaged, usually compressed.
    pub bytes_fetched: Counter,
    /// Bytes that successful patches wrote to volumes.
    pub bytes_written: Counter,
    /// Images that were fetched ahead, and the bytes that came with them, usually compressed.
    pub ahead_images: Counter,
    pub ahead_bytes: Counter,
    /// Bytes that collections of the store freed.
    pub freed_bytes: Counter,
}

impl Default for PatchMetrics {
    fn default() -> Self {
        let phases = Seconds::default();
        for (phase, _) in self::phases(&UnpackReport::default()) {
            drop(phases.get_or_create(&vec![("phase", phase.to_owned())]));
        }
        let causes = dirty_blocks(&DirtyBlocks::default()).map(|(cause, _)| cause);
        Self {
            patches: zeros("result", &["done", "failed"]),
            phases,
            dirty_blocks: zeros("cause", &causes),
            bytes_fetched: Counter::default(),
            ahead_images: Counter::default(),
            ahead_bytes: Counter::default(),
            freed_bytes: Counter::default(),
            bytes_written: Counter::default(),
        }
    }
}

fn dirty_blocks(blocks: &DirtyBlocks) -> [(&'static str, u64); 7] {
    [
        ("data", blocks.data),
        ("directory", blocks.directory),
        ("inode_table", blocks.inode_table),
        ("bitmap", blocks.bitmap),
        ("journal", blocks.journal),
        ("scrub", blocks.scrub),
        ("boot", blocks.boot),
    ]
}

/// The last patches and the sums over all, since the daemon's start.
#[derive(Debug, Default)]
pub struct PatchHistory {
    kept: Mutex<VecDeque<PatchRun>>,
    /// Sums over all patches, also those that are no longer kept.
    pub metrics: PatchMetrics,
}

/// Records the progress of one patch. If it is dropped without a call of [`PatchGuard::end`], as in a panic, it records
/// a failure.
#[derive(Debug)]
pub struct PatchGuard<'a> {
    history: &'a PatchHistory,
    number: u64,
    started_at_ms: i64,
    is_dry_run: bool,
    is_ended: bool,
}

impl PatchHistory {
    fn kept(&self) -> MutexGuard<'_, VecDeque<PatchRun>> {
        self.kept.lock()
    }

    /// Records the start of a patch, and drops the oldest patch if the list is full.
    pub fn begin(&self, volume: &str, image: &ImageName, is_dry_run: bool) -> PatchGuard<'_> {
        let mut kept = self.kept();
        let number = kept.back().map_or(0, |last| last.number) + 1;
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        let started_at_ms = now_ms();
        kept.push_back(PatchRun {
            volume: volume.to_owned(),
            image: image.clone(),
            started_at_ms,
            outcome: Outcome::Running { phase: "begin", done: 0, total: 0 },
            number,
        });
        PatchGuard { history: self, number, started_at_ms, is_dry_run, is_ended: false }
    }

    /// Returns the last patches, the latest first.
    pub fn list(&self) -> Vec<PatchRun> {
        self.kept().iter().rev().cloned().collect()
    }

    fn count(&self, report: &UnpackReport) {
        if report.is_dry_run {
            return;
        }
        let add = |counters: &Counters, label: &'static str, values: &[(&str, u64)]| {
            for (name, value) in values {
                counters.get_or_create(&vec![(label, (*name).to_owned())]).inc_by(*value);
            }
        };
        add(&self.metrics.patches, "result", &[("done", 1)]);
        for (phase, ms) in phases(report) {
            let seconds = self.metrics.phases.get_or_create(&vec![("phase", phase.to_owned())]);
            seconds.inc_by(ms as f64 / 1e3);
        }
        if let Some(blocks) = &report.dirty_blocks_512k {
            add(&self.metrics.dirty_blocks, "cause", &dirty_blocks(blocks));
        }
        self.metrics.bytes_fetched.inc_by(report.bytes_fetched);
        self.metrics.bytes_written.inc_by(report.bytes_written);
    }
}

/// Returns the phases of a patch in order, with their milliseconds.
pub fn phases(report: &UnpackReport) -> [(&'static str, u64); 6] {
    let times = report.phase_ms.unwrap_or_default();
    [
        ("scan", times.scan),
        ("plan", times.plan),
        ("fetch", times.fetch),
        ("apply", times.apply),
        ("boot", times.boot),
        ("sync", times.sync),
    ]
}

impl PatchGuard<'_> {
    fn fail(&self, problem: String) {
        if !self.is_dry_run {
            let failed = vec![("result", "failed".to_owned())];
            self.history.metrics.patches.get_or_create(&failed).inc();
        }
        let elapsed_ms = u64::try_from(now_ms() - self.started_at_ms).unwrap_or_default();
        self.set(Outcome::Failed { problem, elapsed_ms });
    }

    fn set(&self, outcome: Outcome) {
        let mut kept = self.history.kept();
        // Later patches may have pushed this one out of the list.
        if let Some(run) = kept.iter_mut().find(|run| run.number == self.number) {
            run.outcome = outcome;
        }
    }

    /// Replaces the phase and progress that the status page shows; a `total` of zero means unknown.
    pub fn progress(&self, phase: &'static str, done: u64, total: u64) {
        self.set(Outcome::Running { phase, done, total });
    }

    /// Records the patch's result, and adds it to the metrics unless the patch was a dry run.
    pub fn end(mut self, result: &Result<UnpackReport, UnpackError>) {
        self.is_ended = true;
        match result {
            Ok(report) => {
                self.history.count(report);
                self.set(Outcome::Done(Box::new(report.clone())));
            }
            Err(error) => self.fail(error.to_string()),
        }
    }
}

impl Drop for PatchGuard<'_> {
    fn drop(&mut self) {
        if !self.is_ended {
            self.fail("the daemon's thread ended in a panic; the log says where".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::proto::PhaseTimes;

    fn image() -> ImageName {
        "a/1".parse().unwrap()
    }

    #[test]
    fn a_patch_is_seen_from_its_beginning_to_its_end() {
        let recent = PatchHistory::default();
        let first = recent.begin("v1", &image(), false);
        let second = recent.begin("v2", &image(), false);
        first.progress("apply", 3, 10);
        assert!(matches!(
            recent.list()[1].outcome,
            Outcome::Running { phase: "apply", done: 3, total: 10 }
        ));
        let phase_ms = Some(PhaseTimes { scan: 5, ..PhaseTimes::default() });
        first.end(&Ok(UnpackReport { bytes_written: 7, phase_ms, ..UnpackReport::default() }));
        second.end(&Err(UnpackError::Busy("v2".to_owned())));
        let list = recent.list();
        assert!(
            matches!(&list[0].outcome, Outcome::Failed { problem, .. } if problem.contains("v2"))
        );
        assert!(matches!(&list[1].outcome, Outcome::Done(report) if report.bytes_written == 7));
        assert_eq!(recent.metrics.bytes_written.get(), 7);
        let scan = vec![("phase", "scan".to_owned())];
        assert!((recent.metrics.phases.get_or_create(&scan).get() - 0.005).abs() < 1e-9);
    }

    #[test]
    fn only_the_last_ones_are_kept() {
        let recent = PatchHistory::default();
        let first = recent.begin("v", &image(), false);
        for _ in 0..KEPT_MAX {
            drop(recent.begin("w", &image(), false));
        }
        assert!(matches!(recent.list()[0].outcome, Outcome::Failed { .. }));
        first.progress("apply", 1, 2);
        let list = recent.list();
        assert_eq!(list.len(), KEPT_MAX);
        assert!(list.iter().all(|run| run.volume == "w"));
    }
}
