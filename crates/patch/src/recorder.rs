//! The caller's part of a patch: records each change of the volume's state before the patch makes it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::CallerError;

/// Records the state of the volume durably, and shows progress.
pub trait StateRecorder: Sync {
    /// Records that the volume is about to be formatted. A patch calls this before formatting begins.
    ///
    /// # Errors
    /// An error ends the patch; the volume stays untouched.
    fn formatting(&self) -> Result<(), CallerError>;

    /// Records that the volume is being patched. A patch calls this before its first write, and also if nothing has to
    /// be written. For a fresh ext4, the patch calls this after the filesystem is filled and durable.
    ///
    /// # Errors
    /// An error ends the patch: the volume stays as it is at this point.
    fn patching(&self) -> Result<(), CallerError>;

    /// Records that the volume durably holds the image. A patch calls this at its end.
    ///
    /// # Errors
    /// An error ends the patch, and the volume must be scanned again.
    fn done(&self) -> Result<(), CallerError>;

    /// Shows progress. A patch calls this now and then with a phase, the units that are done, and all units of the
    /// phase. Both counts are 0 if the phase has no count.
    fn progress(&self, phase: &'static str, done: u64, total: u64);
}

/// Calls the caller's `patching` only once: before growth or before the patch itself, whichever writes first.
pub(crate) struct RecordOnce<'a> {
    inner: &'a dyn StateRecorder,
    is_patching: AtomicBool,
}

impl<'a> RecordOnce<'a> {
    pub(crate) fn new(inner: &'a dyn StateRecorder) -> Self {
        Self { inner, is_patching: AtomicBool::new(false) }
    }
}

impl StateRecorder for RecordOnce<'_> {
    fn formatting(&self) -> Result<(), CallerError> {
        self.inner.formatting()
    }

    fn patching(&self) -> Result<(), CallerError> {
        if self.is_patching.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        self.inner.patching()
    }

    fn done(&self) -> Result<(), CallerError> {
        self.inner.done()
    }

    fn progress(&self, phase: &'static str, done: u64, total: u64) {
        self.inner.progress(phase, done, total);
    }
}
