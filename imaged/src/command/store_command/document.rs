//! What the store commands print: JSON documents, and the same as text.

use std::fmt;

use serde::Serialize;
use store::Stats;
use store::gc::Collected;
use wire::proto::{CheckReport, GarbageReport, ObjectDamage, StoreStats};
use wire::units::format_len;

/// Document of `store stat` and `store rebuild-index`; [`CheckDocument`] contains it too.
#[derive(Debug, Serialize)]
pub(super) struct StatsDocument {
    pub packs: u64,
    pub objects: u64,
    pub payload_bytes: u64,
    pub content_bytes: u64,
}

impl From<&Stats> for StatsDocument {
    fn from(stats: &Stats) -> Self {
        let Stats { packs, objects, payload_bytes, content_bytes } = *stats;
        Self { packs, objects, payload_bytes, content_bytes }
    }
}

impl From<&StoreStats> for StatsDocument {
    fn from(stats: &StoreStats) -> Self {
        let StoreStats { packs, objects, payload_bytes, content_bytes, .. } = *stats;
        Self { packs, objects, payload_bytes, content_bytes }
    }
}

impl fmt::Display for StatsDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} packs, {} objects, {} stored for {} of content",
            self.packs,
            self.objects,
            format_len(self.payload_bytes),
            format_len(self.content_bytes)
        )
    }
}

/// Document of `store fsck` and `store scrub`.
#[derive(Debug, Serialize)]
pub(super) struct CheckDocument {
    #[serde(flatten)]
    pub stats: StatsDocument,
    /// Whether all is well now: nothing was damaged, or everything was healed.
    pub clean: bool,
    pub damaged_files: Vec<String>,
    pub damaged_objects: Vec<DamagedObjectDocument>,
}

/// A damaged or missing object.
#[derive(Debug, Serialize)]
pub(super) struct DamagedObjectDocument {
    pub digest: String,
    pub problem: String,
    pub images: Vec<String>,
    pub paths: Vec<String>,
    pub healed: bool,
}

impl From<CheckReport> for CheckDocument {
    fn from(report: CheckReport) -> Self {
        let CheckReport { stats, damaged_files, damaged_objects, healed, is_whole } = report;
        let object = |damage: ObjectDamage| DamagedObjectDocument {
            healed: healed.contains(&damage.digest),
            digest: damage.digest,
            problem: damage.problem,
            images: damage.images,
            paths: damage.paths,
        };
        let damaged_objects: Vec<_> = damaged_objects.into_iter().map(object).collect();
        let stats = StatsDocument::from(&stats.unwrap_or_default());
        Self { stats, clean: is_whole, damaged_files, damaged_objects }
    }
}

impl fmt::Display for CheckDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.stats)?;
        for file in &self.damaged_files {
            writeln!(f, "damaged: {file}")?;
        }
        for object in &self.damaged_objects {
            let images = match object.images.len() {
                0 => "no image".to_owned(),
                _ => object.images.join(", "),
            };
            write!(f, "damaged: object {}: {}; used by {images}", object.digest, object.problem)?;
            if !object.paths.is_empty() {
                write!(f, " for {}", object.paths.join(", "))?;
            }
            writeln!(f, "{}", if object.healed { "; healed" } else { "" })?;
        }
        let is_healed = self.damaged_objects.iter().any(|object| object.healed);
        f.write_str(match (self.clean, is_healed) {
            (true, false) => "clean",
            (true, true) => "damage was found, and everything was healed",
            (false, _) => "damage was found",
        })
    }
}

/// Document of `store gc`.
#[derive(Debug, Serialize)]
pub(super) struct CollectDocument {
    pub images: u64,
    pub packs_dead: u64,
    pub packs_rewritten: u64,
    pub packs_kept: u64,
    pub objects: u64,
    pub bytes_copied: u64,
    pub bytes_freed: u64,
    pub bytes_garbage: u64,
    pub dry_run: bool,
}

impl CollectDocument {
    pub(super) fn new(collected: &Collected, dry_run: bool) -> Self {
        Self {
            images: collected.images,
            packs_dead: collected.packs_dead,
            packs_rewritten: collected.packs_rewritten,
            packs_kept: collected.packs_kept,
            objects: collected.objects,
            bytes_copied: collected.bytes_copied,
            bytes_freed: collected.bytes_freed,
            bytes_garbage: collected.bytes_garbage,
            dry_run,
        }
    }
}

impl From<GarbageReport> for CollectDocument {
    fn from(report: GarbageReport) -> Self {
        Self {
            images: report.images,
            packs_dead: report.packs_dead,
            packs_rewritten: report.packs_rewritten,
            packs_kept: report.packs_kept,
            objects: report.objects,
            bytes_copied: report.bytes_copied,
            bytes_freed: report.bytes_freed,
            bytes_garbage: report.bytes_garbage,
            dry_run: report.is_dry_run,
        }
    }
}

impl fmt::Display for CollectDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.dry_run { "would free" } else { "freed" };
        write!(
            f,
            "{verb} {}: {} objects that none of {} images needs; {} packs deleted, {} written anew ({} copied), {} of garbage stays",
            format_len(self.bytes_freed),
            self.objects,
            self.images,
            self.packs_dead,
            self.packs_rewritten,
            format_len(self.bytes_copied),
            format_len(self.bytes_garbage)
        )?;
        if self.packs_kept > 0 {
            write!(
                f,
                "\n{} packs stay, since they are damaged or were needed meanwhile: see `imaged store scrub`",
                self.packs_kept
            )?;
        }
        Ok(())
    }
}
