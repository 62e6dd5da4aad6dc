//! The caller's part of a patch: what happens to the volume, before it happens.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::CallerError;

/// Records durably what happens to the volume, and shows progress.
pub trait StateRecorder: Sync {
    /// Is called before formatting begins.
    ///
    /// # Errors
    /// An error keeps the volume untouched.
    fn formatting(&self) -> Result<(), CallerError>;

    /// Is called before the first write of a patch.
    ///
    /// # Errors
    /// An error keeps the volume untouched.
    fn patching(&self) -> Result<(), CallerError>;

    /// Is called once the volume holds the image, durably.
    ///
    /// # Errors
    /// An error leaves the volume to be scanned again.
    fn done(&self) -> Result<(), CallerError>;

    /// Is called now and then with a phase and how far it is.
    fn progress(&self, phase: &'static str, done: u64, total: u64);
}

/// Records the begin of a patch once, whichever step writes first: growth, or the patch itself.
pub(crate) struct RecordOnce<'a> {
    inner: &'a dyn StateRecorder,
    is_patching: AtomicBool,
}

impl<'a> RecordOnce<'a> {
    /// Wraps the caller's recorder.
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
