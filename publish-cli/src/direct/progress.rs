//! How far putting a target's blocks is.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Blocks that were put, in whatever order.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Put>);

/// Blocks that were put, by their place in the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// How many from the first on, without a gap.
    leading: u32,
    /// Those behind a gap: at most [`BEHIND_GAP_MAX`], so that a record stays short.
    others: BTreeSet<u32>,
}

/// How far behind the first block that is not put another one may be put: one that waits for minutes holds up the
/// others then. A record of 200 targets stays below 10 MiB, which is what imaged takes.
const BEHIND_GAP_MAX: u32 = 4096;

impl Put {
    /// Whether a block was put.
    pub fn has(&self, place: u32) -> bool {
        place < self.leading || self.others.contains(&place)
    }

    /// How many were put.
    pub fn count(&self) -> u64 {
        u64::from(self.leading) + self.others.len() as u64
    }

    fn note(&mut self, place: u32) {
        self.others.insert(place);
        while self.others.remove(&self.leading) {
            self.leading += 1;
        }
    }
}

impl Progress {
    fn put(&self) -> MutexGuard<'_, Put> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with those that were put before.
    pub fn begin(&self, before: Put) {
        *self.put() = before;
    }

    /// Notes one, by its place in the order.
    pub fn note(&self, place: u32) {
        self.put().note(place);
    }

    /// How many were put.
    pub fn count(&self) -> u64 {
        self.put().count()
    }

    /// Whether a block waits for those before it.
    pub fn is_far_from_gap(&self, place: u32) -> bool {
        place.saturating_sub(self.put().leading) >= BEHIND_GAP_MAX
    }

    /// Which were put.
    pub fn known(&self) -> Put {
        self.put().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_gap_is_known_too() {
        let progress = Progress::default();
        progress.begin(Put { leading: 3, others: BTreeSet::from([9]) });
        for (place, leading, count) in [(4, 3, 5), (6, 3, 6), (3, 5, 7), (5, 7, 8)] {
            progress.note(place);
            let known = progress.known();
            assert_eq!((known.leading, known.count()), (leading, count));
            assert!(known.has(place) && known.has(9) && !known.has(8));
        }
        assert!(!progress.is_far_from_gap(7 + BEHIND_GAP_MAX - 1));
        assert!(progress.is_far_from_gap(7 + BEHIND_GAP_MAX));
    }
}
