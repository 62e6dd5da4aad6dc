//! Progress of one target's upload.

use parking_lot::{Mutex, MutexGuard};

use wire::run::BlocksPut;

/// The blocks put so far, in any order.
#[derive(Debug, Default)]
pub(crate) struct UploadProgress(Mutex<BlocksPut>);

/// Limit on how far a block may be ahead of the first missing block, in the order of upload. Blocks at the limit wait
/// for the missing one, so that the record of a run with 200 targets stays below imaged's limit of 10 MiB.
const BEHIND_GAP_MAX: u32 = 4096;

impl UploadProgress {
    fn put(&self) -> MutexGuard<'_, BlocksPut> {
        self.0.lock()
    }

    /// Sets the blocks that an earlier attempt of the run put.
    pub(crate) fn begin(&self, before: BlocksPut) {
        *self.put() = before;
    }

    /// Adds a block, by its place in the order of upload.
    pub(crate) fn note(&self, place: u32) {
        self.put().note(place);
    }

    /// Returns the number of blocks put.
    pub(crate) fn count(&self) -> u64 {
        self.put().count()
    }

    /// Returns whether a block is so far ahead of the first missing block that it must wait.
    pub(crate) fn is_far_from_gap(&self, place: u32) -> bool {
        place.saturating_sub(self.put().leading()) >= BEHIND_GAP_MAX
    }

    /// Returns a copy of the set of blocks put.
    pub(crate) fn known(&self) -> BlocksPut {
        self.put().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_far_behind_a_gap_wait() {
        let progress = UploadProgress::default();
        for place in 0..7 {
            progress.note(place);
        }
        assert!(!progress.is_far_from_gap(7 + BEHIND_GAP_MAX - 1));
        assert!(progress.is_far_from_gap(7 + BEHIND_GAP_MAX));
    }
}
