//! JSON documents that several programs write.
//!
//! docs/json.md lists the keys of the documents; each key is the name of a field here. The keys are a contract: we add
//! fields and never rename one. An unknown value is null.

use std::collections::HashMap;
use std::fmt;

use prost::Message;
use serde::Serialize;

use crate::proto::{
    DirtyBlocks, ImageRecord, ImageStatement, LintFinding, OciConfig, PhaseTimes, StepCounts,
    UnpackReport,
};
use crate::units::format_len;

/// Version of all documents; each contains it as `schema_version`.
pub const SCHEMA_VERSION: u32 = 1;

/// An image's record, as `image show` and a mount's `.imprint.json` write it.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "keys of the record of the schema, which says what they are")]
pub struct ImageDocument<'a> {
    pub name: &'a str,
    pub manifest: &'a str,
    pub kind: &'a str,
    pub creator: &'a str,
    pub signed_at_ms: Option<i64>,
    pub created_at_ms: i64,
    pub expires_at_ms: Option<i64>,
    pub tags: &'a HashMap<String, String>,
    pub inodes: u64,
    pub bytes: u64,
    pub architecture: String,
    pub os_release: HashMap<String, String>,
    pub kernels: Vec<String>,
    pub boot_modes: Vec<String>,
    pub boot_problem: Option<String>,
    pub stored: Option<StoredDocument>,
    pub build_log: &'a str,
    pub release_notes: &'a str,
    pub oci: Option<&'a OciConfig>,
    pub findings: &'a [LintFinding],
}

/// Space that an image takes in the store: all objects that it needs, and those that it added.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(missing_docs, reason = "keys of the record of the schema, which says what they are")]
pub struct StoredDocument {
    pub objects: u64,
    pub bytes: u64,
    pub added_objects: u64,
    pub added_bytes: u64,
}

impl<'a> From<&'a ImageRecord> for ImageDocument<'a> {
    fn from(record: &'a ImageRecord) -> Self {
        let facts = record.facts.clone().unwrap_or_default();
        Self {
            name: &record.name,
            manifest: &record.manifest,
            kind: &record.kind,
            creator: &record.creator,
            signed_at_ms: signed_at_ms(record),
            created_at_ms: record.created_at_ms,
            expires_at_ms: Some(record.expires_at_ms).filter(|at| *at != 0),
            tags: &record.tags,
            inodes: facts.inodes,
            bytes: facts.bytes,
            architecture: facts.architecture,
            os_release: facts.os_release,
            kernels: facts.kernels,
            boot_modes: facts.boot_modes,
            boot_problem: known(facts.boot_problem),
            stored: record.stored.map(|stored| StoredDocument {
                objects: stored.objects,
                bytes: stored.payload_bytes,
                added_objects: stored.added_objects,
                added_bytes: stored.added_payload_bytes,
            }),
            build_log: &record.build_log,
            release_notes: &record.release_notes,
            oci: record.oci.as_ref(),
            findings: &record.findings,
        }
    }
}

/// Report of a patch, or of its dry run.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "keys of the report of the schema, which says what they are")]
pub struct UnpackDocument {
    pub image: String,
    pub manifest: String,
    pub steps: StepCounts,
    pub bytes_fetched: u64,
    pub bytes_written: u64,
    pub dirty_blocks_512k: Option<DirtyBlocks>,
    pub evidence: String,
    pub phase_ms: PhaseTimes,
    pub elapsed_ms: u64,
    pub io_engine: String,
    pub dry_run: bool,
    pub boot: BootDocument,
}

/// Boot facts of a patched volume.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "keys of the report of the schema, which says what they are")]
pub struct BootDocument {
    pub mode: Option<String>,
    pub problem: Option<String>,
    pub kernel_args: Option<String>,
    pub notes: Vec<String>,
}

impl From<UnpackReport> for UnpackDocument {
    fn from(report: UnpackReport) -> Self {
        Self {
            image: report.image,
            manifest: report.manifest,
            steps: report.steps.unwrap_or_default(),
            bytes_fetched: report.bytes_fetched,
            bytes_written: report.bytes_written,
            dirty_blocks_512k: report.dirty_blocks_512k,
            evidence: report.evidence,
            phase_ms: report.phase_ms.unwrap_or_default(),
            elapsed_ms: report.elapsed_ms,
            io_engine: report.io_engine,
            dry_run: report.is_dry_run,
            boot: BootDocument {
                mode: known(report.boot_mode),
                problem: known(report.boot_problem),
                kernel_args: known(report.kernel_arguments),
                notes: report.boot_notes,
            },
        }
    }
}

/// Returns the time in an image's signature, by the signer's clock; `None` if the image is unsigned.
fn signed_at_ms(record: &ImageRecord) -> Option<i64> {
    let statement = record.signature.as_ref()?.statement.as_ref();
    ImageStatement::decode(statement).ok().map(|statement| statement.signed_at_ms)
}

fn known(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// Prints two lines of figures, then the boot facts.
impl fmt::Display for UnpackDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (steps, phases) = (self.steps, self.phase_ms);
        let verb = if self.dry_run { "would unpack" } else { "unpacked" };
        writeln!(
            f,
            "{verb} {}: {} kept, {} changed, {} rewritten, {} created, {} linked, {} deleted",
            self.image,
            steps.keep,
            steps.meta,
            steps.rewrite,
            steps.create,
            steps.link,
            steps.delete
        )?;
        let (fetched, written) = (format_len(self.bytes_fetched), format_len(self.bytes_written));
        write!(f, "{fetched} fetched, {written} written")?;
        if let Some(blocks) = &self.dirty_blocks_512k {
            let would = if self.dry_run { "to be dirtied" } else { "dirtied" };
            write!(f, ", {} blocks of 512 KiB {would}", blocks.total)?;
        }
        write!(
            f,
            "; evidence: {}; {} ms (scan {}, plan {}, fetch {}, apply {}, sync {}, boot {})",
            self.evidence,
            self.elapsed_ms,
            phases.scan,
            phases.plan,
            phases.fetch,
            phases.apply,
            phases.sync,
            phases.boot
        )?;
        self.boot.fmt(f)
    }
}

impl fmt::Display for BootDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.mode, &self.problem, &self.kernel_args) {
            (None, None, _) => {}
            (None, Some(problem), _) => write!(f, "\ndoes not boot: {problem}")?,
            (Some(mode), _, None) => write!(f, "\nboots: {mode}, without arguments")?,
            (Some(mode), _, Some(arguments)) => write!(f, "\nboots: {mode}, with {arguments}")?,
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}
