//! How far putting a target's blocks is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use wire::run::BlocksPut;

/// Blocks that were put, in whatever order.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<BlocksPut>);

/// How far behind the first block that is not put another one may be put: one that waits for minutes holds up the
/// others then. A record of 200 targets stays below 10 MiB, which is what imaged takes.
const BEHIND_GAP_MAX: u32 = 4096;

impl Progress {
    fn put(&self) -> MutexGuard<'_, BlocksPut> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with those that were put before.
    pub(crate) fn begin(&self, before: BlocksPut) {
        *self.put() = before;
    }

    /// Notes one, by its place in the order.
    pub(crate) fn note(&self, place: u32) {
        self.put().note(place);
    }

    /// How many were put.
    pub(crate) fn count(&self) -> u64 {
        self.put().count()
    }

    /// Whether a block waits for those before it.
    pub(crate) fn is_far_from_gap(&self, place: u32) -> bool {
        place.saturating_sub(self.put().leading()) >= BEHIND_GAP_MAX
    }

    /// Which were put.
    pub(crate) fn known(&self) -> BlocksPut {
        self.put().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_far_behind_a_gap_wait() {
        let progress = Progress::default();
        for place in 0..7 {
            progress.note(place);
        }
        assert!(!progress.is_far_from_gap(7 + BEHIND_GAP_MAX - 1));
        assert!(progress.is_far_from_gap(7 + BEHIND_GAP_MAX));
    }
}
