//! Who is told what happens to a volume, before it happens.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::UnpackError;

/// Records durably what happens to the volume, and shows progress.
pub trait Record: Sync {
    /// Is called before formatting begins.
    ///
    /// # Errors
    /// An error keeps the volume untouched.
    fn formatting(&self) -> Result<(), UnpackError>;

    /// Is called before the first write of a patch.
    ///
    /// # Errors
    /// An error keeps the volume untouched.
    fn patching(&self) -> Result<(), UnpackError>;

    /// Is called once the volume holds the image, durably.
    ///
    /// # Errors
    /// An error leaves the volume to be scanned again.
    fn done(&self) -> Result<(), UnpackError>;

    /// Is called now and then with a phase and how far it is.
    fn progress(&self, phase: &'static str, done: u64, total: u64);
}

/// Records once that a volume is written to, whoever writes first: growth, or the patch.
pub(super) struct Once<'a> {
    pub inner: &'a dyn Record,
    pub is_patching: AtomicBool,
}

impl Record for Once<'_> {
    fn formatting(&self) -> Result<(), UnpackError> {
        self.inner.formatting()
    }

    fn patching(&self) -> Result<(), UnpackError> {
        if self.is_patching.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        self.inner.patching()
    }

    fn done(&self) -> Result<(), UnpackError> {
        self.inner.done()
    }

    fn progress(&self, phase: &'static str, done: u64, total: u64) {
        self.inner.progress(phase, done, total);
    }
}
