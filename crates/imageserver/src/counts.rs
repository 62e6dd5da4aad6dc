//! Counters of a server, from zero at each start.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// Returns the value since the server's start.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of one server, for its metrics.
#[derive(Debug, Default)]
pub struct Counts {
    /// Uploads that got a session. An upload that was refused at its beginning does not count.
    pub uploads_begun: Count,
    /// Uploads that became an image, or proved equal to an existing one.
    pub uploads_committed: Count,
    /// Uploads whose commit failed.
    pub uploads_refused: Count,
    /// Objects that clients sent, including those that the store already had.
    pub objects_received: Count,
    /// Payload bytes (as compressed) of the received objects.
    pub bytes_received: Count,
    /// Objects that were read for clients. If a client goes away, the last of its objects count although they do not
    /// reach it.
    pub objects_sent: Count,
    /// Payload bytes (as compressed) of the sent objects.
    pub bytes_sent: Count,
    /// Damaged objects that verifications found; an object counts again in each verification.
    pub objects_damaged: Count,
}
