//! The record of a publish run: for each target, its step and the things that the run made in AWS. imaged keeps it as
//! JSON, so that any machine can resume or undo the run.

mod options;
mod put;
mod snapshot;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::options::{AmiOptions, Imds, ParameterKind, PublishOptions, Tags, Tpm};
pub use self::put::BlocksPut;
pub use self::snapshot::{Encryption, SnapshotBase};
use crate::target::Target;

/// Key of the tag with the run's id. Everything that a run makes in AWS has this tag, and policies allow changes only
/// to things that have it.
pub const RUN_TAG: &str = "imprint:run";

/// Key of the tag with the image's name. Everything that a run makes in AWS has this tag.
pub const IMAGE_TAG: &str = "imprint:image";

/// A publish run, with everything needed to resume it on another machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Id of the run: the time at which it began, in milliseconds since 1970, and the id of the process.
    pub id: String,
    /// Holder name of the client that began the run, such as `me@here`.
    pub by: String,
    /// Stream of the image, as text.
    pub stream: String,
    /// Whole name of the image, `stream/leaf`.
    pub image: String,
    /// Digest of the image's manifest, as text.
    pub manifest: String,
    /// Digest of the disk's block map, in hexadecimal digits.
    pub map: String,
    /// Size of the disk in GiB, which is the size of its snapshots.
    pub size_gib: u64,
    /// The options of the publish, the same in all targets.
    pub options: PublishOptions,
    /// State of each target, in the order of the request.
    pub targets: Vec<TargetRun>,
    /// The signed statement that lists what the run published in each target; `None` until all targets are done.
    #[serde(default)]
    pub attestation: Option<serde_json::Value>,
}

/// The state of a run in one target: what the run has decided, done and made there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRun {
    /// The account and region.
    pub target: Target,
    /// The AWS account number; empty until it is known.
    pub account_id: String,
    /// The last step that was begun.
    pub step: Step,
    /// Number of the current attempt to make the snapshot, from 1.
    pub attempt: u32,
    /// The base of the snapshot; `None` until it is decided.
    #[serde(rename = "basis")]
    pub base: Option<SnapshotBase>,
    /// The encryption that the finished snapshot must have. If the snapshot has another encryption, the target ends
    /// with an error.
    #[serde(rename = "expected")]
    pub encryption: Encryption,
    /// The reason for a full upload; `None` for an incremental one.
    pub why_full: Option<String>,
    /// Id of the snapshot; `None` until it is known.
    pub snapshot: Option<String>,
    /// Ids of snapshots that AWS failed to finish; undo removes them.
    pub discarded: Vec<String>,
    /// Number of blocks to put into the snapshot.
    pub blocks: u32,
    /// The blocks that the snapshot is known to have; a resumed run does not put them again.
    #[serde(default)]
    pub put: BlocksPut,
    /// Id of the AMI; `None` until it is known.
    pub ami: Option<String>,
    /// `true` if another run had already published the AMI, from the same disk under the same name.
    #[serde(default)]
    pub was_there: bool,
    /// `true` if this run was the first to protect an AMI that existed before. Undo then removes the protection.
    #[serde(default)]
    pub protected_by_us: bool,
    /// Value of the SSM parameter before the run; empty if the parameter did not exist, `None` until the run has read
    /// it.
    #[serde(default)]
    pub parameter_before: Option<String>,
    /// `true` if AWS refused the last attempt to set the parameter. Then nothing was set, and undo need not wait for
    /// AWS.
    #[serde(default)]
    pub is_parameter_refused: bool,
    /// The step that the target was in when undo began; `None` before undo begins.
    #[serde(default)]
    pub undone_from: Option<Step>,
    /// The error that ended the target; `None` if there is no error.
    pub error: Option<Problem>,
    /// Milliseconds spent in each phase, by the phase's name.
    pub phase_ms: BTreeMap<String, u64>,
}

/// The error that ended a target, as the record keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Message for a person: the error with its causes, or the things that an undo could not remove.
    pub message: String,
    /// Exit code of a run in which all targets failed with this error.
    pub exit_code: u8,
}

/// Steps of a target, in order. A step is recorded before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing has begun.
    Planned,
    /// Start a snapshot. A run that uses an existing snapshot goes directly from `Planned` to `Registering`.
    Starting,
    /// Put blocks into the snapshot, except those that [`TargetRun::put`] names.
    Putting,
    /// Complete the snapshot: tell AWS the number of blocks that were put, and their checksum.
    Completing,
    /// Wait for AWS to finish the snapshot; then check it, and read blocks back.
    Waiting,
    /// Record the snapshot as the parent of the next snapshot.
    Recording,
    /// Register an AMI of the snapshot, unless an earlier attempt of the run has registered it.
    Registering,
    /// Share, deprecate and protect the AMI, and point the parameter to it.
    Finishing,
    /// The target is published.
    Done,
    /// Remove what the run made: the AMI, then the snapshot.
    Undoing,
    /// Everything that the run made is removed.
    Undone,
}

impl Step {
    /// Returns the step's name in JSON and in reports.
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
    /// Makes the state of a target in which nothing has begun.
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

    /// Returns the id of the snapshot that the AMI is made of: a snapshot that the run reuses, or the run's own one.
    /// `None` until the id is known.
    pub fn made_of(&self) -> Option<&str> {
        match &self.base {
            Some(SnapshotBase::Same { snapshot }) => Some(snapshot),
            _ => self.snapshot.as_deref(),
        }
    }
}

impl Run {
    /// Returns the run's state in one word: `running`, `done`, `undone`, `failed` or `partial`.
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
