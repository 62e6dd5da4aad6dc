//! What a server counts from its start.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// Returns it.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All that is counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Uploads that began.
    pub uploads_begun: Count,
    /// Uploads that became images.
    pub uploads_committed: Count,
    /// Uploads that were refused at their end.
    pub uploads_refused: Count,
    /// Objects that came.
    pub objects_received: Count,
    /// The bytes of their payloads.
    pub bytes_received: Count,
    /// Objects that went out.
    pub objects_sent: Count,
    /// The bytes of their payloads.
    pub bytes_sent: Count,
    /// Objects that a check found damaged, each time.
    pub objects_damaged: Count,
}
