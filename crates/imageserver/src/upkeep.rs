//! Upkeep of the store: garbage is collected, everything is checked, and damage is healed from other servers.
//!
//! ```text
//! heal   what is damaged or missing comes again from another server
//! ```
//!
//! Each kind of work runs once at a time. Its results are kept for status pages and metrics, and the times survive a
//! restart, so that a schedule goes on where it was.

mod heal;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use prost::Message;
use store::fsck::{self, Damage, Depth, Report};
use store::gc::{self, CollectOptions, CollectPhase, Collected};
use store::{Store, StoreError};
use sysio::clock::now_ms;
use wire::digest::Digest;
use wire::proto::{CheckReport, ObjectDamage, UpkeepTimes};

pub use self::heal::Peer;

/// Name of the file with the times, in the data folder.
const FILE_NAME: &str = "upkeep.times";

/// What runs, for an error.
const CHECKING: &str = "the store is being checked";

/// Damaged objects that one report names; the log names all.
const DAMAGED_MAX: usize = 1000;

/// What upkeep did last, since the server's start.
#[derive(Clone, Debug, Default)]
pub struct UpkeepReport {
    /// The last collection of garbage, or why it failed.
    pub collection: Option<Result<Collected, String>>,
    /// The last check of everything.
    pub check: Option<Result<CheckSummary, String>>,
    /// Bytes that collections have freed.
    pub bytes_freed: u64,
    /// Objects that were healed.
    pub objects_healed: u64,
}

/// The result of a check in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckSummary {
    /// Objects that were damaged or missing.
    pub damaged: usize,
    /// Of these, those that are whole now.
    pub healed: usize,
    /// Whether all is well now.
    pub is_whole: bool,
}

/// What a check found and mended.
#[derive(Debug)]
pub struct CheckOutcome {
    /// What was found.
    pub report: Report,
    /// The damaged objects that are whole now.
    pub healed: Vec<Digest>,
    /// Whether all is well now.
    pub is_whole: bool,
}

/// The report to clients, without the figures of the store.
impl From<CheckOutcome> for CheckReport {
    fn from(outcome: CheckOutcome) -> Self {
        let object = |(digest, damage): (Digest, Damage)| ObjectDamage {
            digest: digest.to_string(),
            problem: damage.problem,
            images: damage.images,
            paths: damage.paths,
        };
        let damaged = outcome.report.damaged_objects.into_iter().take(DAMAGED_MAX);
        Self {
            stats: None,
            damaged_files: outcome.report.damaged_files,
            damaged_objects: damaged.map(object).collect(),
            healed: outcome.healed.iter().map(Digest::to_string).collect(),
            is_whole: outcome.is_whole,
        }
    }
}

/// Looks after the store of a server.
#[derive(Debug)]
pub struct Upkeep {
    store: Arc<Store>,
    peers: Vec<Arc<dyn Peer>>,
    folder: PathBuf,
    times: Mutex<UpkeepTimes>,
    report: Mutex<UpkeepReport>,
    checking: Mutex<()>,
}

impl Upkeep {
    /// Looks after a store; `folder` keeps the times.
    pub fn new(store: Arc<Store>, peers: Vec<Arc<dyn Peer>>, folder: &Path) -> Self {
        // Times that cannot be read only let work begin earlier.
        let bytes = std::fs::read(folder.join(FILE_NAME)).unwrap_or_default();
        let times = UpkeepTimes::decode(bytes.as_slice()).unwrap_or_default();
        Self {
            store,
            peers,
            folder: folder.to_owned(),
            times: Mutex::new(times),
            report: Mutex::default(),
            checking: Mutex::default(),
        }
    }

    /// Returns when garbage was last collected and everything last checked.
    pub fn times(&self) -> UpkeepTimes {
        *self.times.lock()
    }

    /// Begins the intervals of a schedule, unless an earlier start did.
    pub fn begin(&self) {
        if self.times().begun_at_ms == 0 {
            self.note(|times| times.begun_at_ms = now_ms());
        }
    }

    /// Returns what was done last.
    pub fn report(&self) -> UpkeepReport {
        self.report.lock().clone()
    }

    /// Collects garbage, as [`gc::collect`] does.
    ///
    /// # Errors
    /// Those of [`gc::collect`].
    pub fn collect(
        &self,
        options: CollectOptions,
        progress: &mut dyn FnMut(CollectPhase) -> bool,
    ) -> Result<Collected, StoreError> {
        let collected = gc::collect(&self.store, options, progress);
        if options.is_dry_run || matches!(collected, Err(StoreError::Busy(_))) {
            return collected;
        }
        match &collected {
            Ok(collected) => tracing::info!(
                images = collected.images,
                objects = collected.objects,
                bytes_freed = collected.bytes_freed,
                bytes_copied = collected.bytes_copied,
                "collected garbage"
            ),
            Err(error) => tracing::error!("failed to collect garbage: {error}"),
        }
        let mut report = self.report.lock();
        report.bytes_freed += collected.as_ref().map_or(0, |collected| collected.bytes_freed);
        report.collection = Some(match &collected {
            Ok(collected) => Ok(*collected),
            Err(error) => Err(error.to_string()),
        });
        drop(report);
        if collected.is_ok() {
            self.note(|times| times.collected_at_ms = now_ms());
        }
        collected
    }

    /// Checks the store. With `heal`, damage is taken out of use, and what images need of it is fetched from other
    /// servers.
    ///
    /// # Errors
    /// Errors of I/O; [`StoreError::Busy`] if a check runs, or if damage was found while garbage is collected.
    pub fn check(
        &self,
        depth: Depth,
        rate: Option<u64>,
        heal: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<CheckOutcome, StoreError> {
        let _checking = self.checking.try_lock().ok_or(StoreError::Busy(CHECKING))?;
        let outcome = self.check_and_heal(depth, rate, heal, progress);
        if depth == Depth::Data {
            let summary = outcome.as_ref().map(|outcome| CheckSummary {
                damaged: outcome.report.damaged_objects.len() + outcome.report.damaged_files.len(),
                healed: outcome.healed.len(),
                is_whole: outcome.is_whole,
            });
            self.report.lock().check = Some(summary.map_err(ToString::to_string));
        }
        if depth == Depth::Data && outcome.is_ok() {
            self.note(|times| times.checked_at_ms = now_ms());
        }
        outcome
    }

    fn check_and_heal(
        &self,
        depth: Depth,
        rate: Option<u64>,
        heal: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<CheckOutcome, StoreError> {
        let report = fsck::check(&self.store, depth, rate, progress)?;
        for file in &report.damaged_files {
            tracing::error!("damaged: {file}");
        }
        for (digest, damage) in &report.damaged_objects {
            tracing::error!(
                %digest,
                images = ?damage.images,
                paths = ?damage.paths,
                "damaged object: {}",
                damage.problem
            );
        }
        if !heal || report.is_clean() {
            let is_whole = report.is_clean();
            return Ok(CheckOutcome { report, healed: Vec::new(), is_whole });
        }
        for pack in store::quarantine(&self.store, &report)? {
            tracing::warn!(pack, "moved a pack with damage to quarantine");
        }
        let came = heal::heal(&self.store, &self.peers)?;
        self.report.lock().objects_healed += came.len() as u64;
        // A list that was damaged only through a frame is whole again with the frame; what no image needs may be gone.
        let is_whole_now = |digest: &&Digest| fsck::check_object(&self.store, digest).is_ok();
        let healed = report.damaged_objects.keys().filter(is_whole_now).copied().collect();
        let again = fsck::check(&self.store, Depth::Structure, None, &mut |_, _| {})?;
        Ok(CheckOutcome { report, healed, is_whole: again.is_clean() })
    }

    /// Changes the times, and keeps them.
    fn note(&self, change: impl FnOnce(&mut UpkeepTimes)) {
        let mut times = self.times.lock();
        change(&mut times);
        let bytes = times.encode_to_vec();
        let kept = sysio::Dir::open(&self.folder)
            .and_then(|folder| sysio::publish::replace(&folder, FILE_NAME.as_bytes(), &bytes));
        if let Err(error) = kept {
            tracing::warn!("failed to keep the times of upkeep: {error}");
        }
    }
}
