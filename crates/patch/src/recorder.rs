//! The caller's part of a patch: records each change of the volume's state before the patch makes it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::CallerError;

/// Records the state of the volume durably, and shows progress.
pub trait StateRecorder: Sync {
    /// Called before formatting begins.
    ///
    /// # Errors
    /// An error ends the patch; the volume stays untouched.
    fn formatting(&self) -> Result<(), CallerError>;

    /// Called before the first write of a patch, also if nothing has to be written. For a fresh ext4, called once it is
    /// filled and durable.
    ///
    /// # Errors
    /// An error ends the patch: the volume stays as it is at this point.
    fn patching(&self) -> Result<(), CallerError>;

    /// Called once the volume durably holds the image.
    ///
    /// # Errors
    /// An error ends the patch, and the volume must be scanned again.
    fn done(&self) -> Result<(), CallerError>;

    /// Called now and then with a phase, and its units done and in all; both are 0 if the phase has no count.
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
