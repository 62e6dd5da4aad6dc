//! The set of blocks that a target's snapshot is known to have.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Blocks that were put, by their index in the order of upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlocksPut {
    /// Number of blocks that were put from the first one on, without a gap.
    leading: u32,
    /// Blocks after a gap. The publisher keeps them few, so that the run's record stays short.
    others: BTreeSet<u32>,
}

impl BlocksPut {
    /// Returns whether a block was put, by its index in the order of upload.
    pub fn has(&self, place: u32) -> bool {
        place < self.leading || self.others.contains(&place)
    }

    /// Returns the number of blocks that were put, those after a gap included.
    pub fn count(&self) -> u64 {
        u64::from(self.leading) + self.others.len() as u64
    }

    /// Returns the number of blocks that were put from the first one on, without a gap.
    pub fn leading(&self) -> u32 {
        self.leading
    }

    /// Adds a block, by its index in the order of upload.
    pub fn note(&mut self, place: u32) {
        self.others.insert(place);
        while self.others.remove(&self.leading) {
            self.leading += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_behind_a_gap_are_known_too() {
        let mut put = BlocksPut { leading: 3, others: BTreeSet::from([9]) };
        for (place, leading, count) in [(4, 3, 5), (6, 3, 6), (3, 5, 7), (5, 7, 8)] {
            put.note(place);
            assert_eq!((put.leading(), put.count()), (leading, count));
            assert!(put.has(place) && put.has(9) && !put.has(8));
        }
    }
}
