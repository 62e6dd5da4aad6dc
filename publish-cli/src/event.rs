//! Events of `--events`, one JSON document a line; docs/json.md lists their keys.

use serde::Serialize;

/// Progress of long work; written when the phase changes, and else at most twice a second.
#[derive(Debug, Serialize)]
pub(crate) struct ProgressEvent<'a> {
    /// Present activity, in a word or two.
    pub(crate) phase: &'a str,
    /// Bytes or items done.
    pub(crate) done: u64,
    /// Bytes or items in all; 0 where that is unknown.
    pub(crate) total: u64,
}

/// A call to AWS failed and is repeated.
#[derive(Debug, Serialize)]
pub(crate) struct RetryEvent<'a> {
    /// Target of the call, as `account/region`.
    pub(crate) target: String,
    /// Name of the call, such as `StartSnapshot`.
    pub(crate) call: &'a str,
    /// AWS's error code; empty where AWS did not answer.
    pub(crate) code: &'a str,
    /// Reason that the EBS direct APIs gave; empty for other APIs.
    pub(crate) reason: &'a str,
    /// AWS's message, or the error of the connection.
    pub(crate) message: &'a str,
    /// Number of the attempt that failed; the first is 1.
    pub(crate) attempt: u32,
    /// Pause before the next attempt, in milliseconds.
    pub(crate) pause_ms: u64,
}

/// imaged has committed an image, or had it before.
#[derive(Debug, Serialize)]
pub(crate) struct AddedEvent<'a> {
    /// Name of the image.
    pub(crate) name: &'a str,
    /// Digest of its manifest.
    pub(crate) manifest: &'a str,
    /// Whether the name was free before.
    pub(crate) is_new: bool,
}

/// A target of a run has begun a step, or put more blocks.
#[derive(Debug, Serialize)]
pub(crate) struct StepEvent<'a> {
    /// Id of the run.
    pub(crate) run: &'a str,
    /// The target, as `account/region`.
    pub(crate) target: &'a str,
    /// Name of the step that is under way.
    pub(crate) step: &'a str,
    /// Blocks put so far.
    pub(crate) blocks_put: u64,
    /// Blocks to put in all.
    pub(crate) blocks: u32,
}
