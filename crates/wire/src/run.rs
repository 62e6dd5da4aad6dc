//! The record of a publish run: each target, its step, what was made. imaged keeps it as JSON, so that a run can be
//! resumed and undone from anywhere.

mod options;
mod put;
mod snapshot;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::options::{AmiOptions, Imds, ParameterKind, PublishOptions, Tags, Tpm};
pub use self::put::BlocksPut;
pub use self::snapshot::{Encryption, SnapshotBase};
use crate::target::Target;

/// A publish run. It holds all that is needed to go on with it elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub by: String,
    /// The image's stream.
    pub stream: String,
    /// The image.
    pub image: String,
    /// Its manifest.
    pub manifest: String,
    /// The disk's block map, by digest, in hexadecimal digits.
    pub map: String,
    /// The disk's size.
    pub size_gib: u64,
    /// What was asked for.
    pub options: PublishOptions,
    /// Its targets, in order.
    pub targets: Vec<TargetRun>,
    /// The signed statement of what went where, once all is done.
    #[serde(default)]
    pub attestation: Option<serde_json::Value>,
}

/// One target of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRun {
    /// Where.
    pub target: Target,
    /// The account's number, once it is known.
    pub account_id: String,
    /// What was begun last.
    pub step: Step,
    /// How often making the snapshot was begun anew.
    pub attempt: u32,
    /// What the snapshot begins with.
    #[serde(rename = "basis")]
    pub base: Option<SnapshotBase>,
    /// What the snapshot must turn out to be.
    #[serde(rename = "expected")]
    pub encryption: Encryption,
    /// Why everything is uploaded, where it is.
    pub why_full: Option<String>,
    /// The snapshot, once its id is known.
    pub snapshot: Option<String>,
    /// Snapshots that AWS gave up on.
    pub discarded: Vec<String>,
    /// How many blocks the snapshot needs.
    pub blocks: u32,
    /// Which of them it is known to have: those need not be put again.
    #[serde(default)]
    pub put: BlocksPut,
    /// The AMI, once its id is known.
    pub ami: Option<String>,
    /// Whether it was there before: published by another run, of the same disk and under the same name.
    #[serde(default)]
    pub was_there: bool,
    /// Whether this run protected an AMI that was there before, and nobody before it.
    #[serde(default)]
    pub protected_by_us: bool,
    /// What the parameter was before it was pointed to the AMI; empty where there was none.
    #[serde(default)]
    pub parameter_before: Option<String>,
    /// Whether AWS refused to set it the last time that it was tried.
    #[serde(default)]
    pub is_parameter_refused: bool,
    /// How far it was when undoing it was begun.
    #[serde(default)]
    pub undone_from: Option<Step>,
    /// What went wrong.
    pub error: Option<Problem>,
    /// Milliseconds by phase.
    pub phase_ms: BTreeMap<String, u64>,
}

/// What went wrong in a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// For a person.
    pub message: String,
    /// The exit code that a run ends with in which all targets failed so.
    pub exit_code: u8,
}

/// Steps of a target, in order. Each is recorded before it is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing was begun.
    Planned,
    /// A snapshot is begun.
    Starting,
    /// Blocks are put.
    Putting,
    /// The snapshot is completed.
    Completing,
    /// AWS finishes it.
    Waiting,
    /// The snapshot is recorded as the next one's parent.
    Recording,
    /// An AMI is registered.
    Registering,
    /// It is shared, deprecated, and so on.
    Finishing,
    /// All is done.
    Done,
    /// What was made is removed.
    Undoing,
    /// Nothing is left.
    Undone,
}

impl Step {
    /// The step's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Starting => "starting",
            Self::Putting => "putting",
            Self::Completing => "completing",
            Self::Waiting => "waiting",
            Self::Recording => "recording",
            Self::Registering => "registering",
            Self::Finishing => "finishing",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

impl TargetRun {
    /// A target in which nothing was begun.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            account_id: String::new(),
            step: Step::Planned,
            attempt: 1,
            base: None,
            encryption: Encryption::default(),
            why_full: None,
            snapshot: None,
            discarded: Vec::new(),
            blocks: 0,
            put: BlocksPut::default(),
            ami: None,
            was_there: false,
            protected_by_us: false,
            parameter_before: None,
            is_parameter_refused: false,
            undone_from: None,
            error: None,
            phase_ms: BTreeMap::new(),
        }
    }

    /// The snapshot that the AMI is made of: one of the run's, or one that was there.
    pub fn made_of(&self) -> Option<&str> {
        match &self.base {
            Some(SnapshotBase::Same { snapshot }) => Some(snapshot),
            _ => self.snapshot.as_deref(),
        }
    }
}

impl Run {
    /// What the run has come to, in a word.
    pub fn status(&self) -> &'static str {
        let all = |step| self.targets.iter().all(|target| target.step == step);
        let has_ended = |target: &TargetRun| {
            target.error.is_some() || matches!(target.step, Step::Done | Step::Undone)
        };
        let failed = self.targets.iter().filter(|target| target.error.is_some()).count();
        match failed {
            _ if !self.targets.iter().all(has_ended) => "running",
            0 if all(Step::Done) => "done",
            0 if all(Step::Undone) => "undone",
            count if count == self.targets.len() => "failed",
            _ => "partial",
        }
    }
}
