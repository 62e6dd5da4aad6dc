//! How far putting a target's blocks is.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Blocks that were put, in whatever order.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Put>);

#[derive(Debug, Default)]
struct Put {
    /// From the first on, without a gap.
    leading: u32,
    /// Those behind a gap, by their place in the order: at most as many as are under way.
    others: BTreeSet<u32>,
}

impl Progress {
    fn put(&self) -> MutexGuard<'_, Put> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins behind those that were put before.
    pub fn begin(&self, leading: u32) {
        *self.put() = Put { leading, others: BTreeSet::new() };
    }

    /// Notes one, by its place in the order.
    pub fn note(&self, place: u32) {
        let mut put = self.put();
        put.others.insert(place);
        let mut leading = put.leading;
        while put.others.remove(&leading) {
            leading += 1;
        }
        put.leading = leading;
    }

    /// How many were put.
    pub fn count(&self) -> u64 {
        let put = self.put();
        u64::from(put.leading) + put.others.len() as u64
    }

    /// How many were put from the first on, without a gap.
    pub fn leading(&self) -> u32 {
        self.put().leading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_gap_does_not_lead() {
        let progress = Progress::default();
        progress.begin(3);
        for (place, leading, count) in [(4, 3, 4), (6, 3, 5), (3, 5, 6), (5, 7, 7)] {
            progress.note(place);
            assert_eq!((progress.leading(), progress.count()), (leading, count));
        }
    }
}
