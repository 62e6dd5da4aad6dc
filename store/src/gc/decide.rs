//! Decides which packs a collection gives up.

use crate::gc::Collected;
use crate::pack::{PackId, SEAL_LEN};

/// Garbage that may stay, as a part of what is needed: one in this number.
const GARBAGE_PART: u64 = 20;

/// A pack below this length is small. Many small uploads leave many of them.
const SMALL_LEN: u64 = SEAL_LEN / 4;

/// So many small packs are merged. Merging fewer would copy the same objects again and again.
const SMALL_COUNT: usize = 8;

/// What a pack holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackUse {
    pub pack: PackId,
    /// Length of the file.
    pub file_len: u64,
    /// Objects in the pack.
    pub objects: u64,
    /// Stored length of the objects that are read from this pack and needed.
    pub live_len: u64,
    /// Objects that are not needed, or are read from another pack.
    pub dead_objects: u64,
    /// Stored length of those objects.
    pub dead_len: u64,
    /// Whether the pack is so new that it stays as it is.
    pub is_new: bool,
}

/// What a collection does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CollectPlan {
    /// Packs in which nothing is needed.
    pub dead: Vec<PackUse>,
    /// Packs whose needed objects are copied into new packs.
    pub rewritten: Vec<PackUse>,
    /// Garbage in packs that stay.
    pub garbage_left: u64,
}

impl CollectPlan {
    /// Returns what the plan would do.
    pub(super) fn forecast(&self, mut collected: Collected) -> Collected {
        collected.packs_dead = self.dead.len() as u64;
        collected.packs_rewritten = self.rewritten.len() as u64;
        for pack in self.dead.iter().chain(&self.rewritten) {
            collected.objects += pack.dead_objects;
            collected.bytes_copied += pack.live_len;
            collected.bytes_freed += pack.file_len.saturating_sub(pack.live_len);
        }
        collected
    }
}

/// Decides: dead packs go; of the others, those with the largest part of garbage, until little garbage is left; and
/// small packs, if there are many.
pub(super) fn decide(packs: &[PackUse]) -> CollectPlan {
    let mut plan = CollectPlan::default();
    let (dead, mut used): (Vec<_>, Vec<_>) =
        packs.iter().copied().partition(|pack| pack.live_len == 0 && !pack.is_new);
    plan.dead = dead;
    let live: u64 = used.iter().map(|pack| pack.live_len).sum();
    // Garbage in new packs stays anyway, and is no reason to write others anew.
    let garbage_of = |is_new: bool| -> u64 {
        used.iter().filter(|pack| pack.is_new == is_new).map(|pack| pack.dead_len).sum()
    };
    let (new_garbage, mut garbage) = (garbage_of(true), garbage_of(false));
    let small = used.iter().filter(|pack| !pack.is_new && pack.file_len < SMALL_LEN).count();
    // Garbage per needed byte, the most first: a pack costs the copy of what is needed.
    used.sort_by(|a, b| {
        let (left, right) = (
            u128::from(a.dead_len) * u128::from(b.live_len),
            u128::from(b.dead_len) * u128::from(a.live_len),
        );
        right.cmp(&left).then(a.pack.cmp(&b.pack))
    });
    for pack in used {
        let is_dirty = pack.dead_len > 0 && garbage > live / GARBAGE_PART;
        let is_merged = small >= SMALL_COUNT && pack.file_len < SMALL_LEN;
        if !pack.is_new && (is_dirty || is_merged) {
            garbage -= pack.dead_len;
            plan.rewritten.push(pack);
        }
    }
    plan.garbage_left = garbage + new_garbage;
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::ID_LEN;

    fn pack(number: u8, live_len: u64, dead_len: u64) -> PackUse {
        PackUse {
            pack: PackId([number; ID_LEN]),
            file_len: live_len + dead_len + 100,
            objects: 1,
            live_len,
            dead_objects: u64::from(dead_len > 0),
            dead_len,
            is_new: false,
        }
    }

    fn numbers(packs: &[PackUse]) -> Vec<u8> {
        packs.iter().map(|pack| pack.pack.0[0]).collect()
    }

    const MIB: u64 = 1 << 20;

    #[test]
    fn dead_packs_go_and_the_dirtiest_are_rewritten_until_little_is_left() {
        let packs = [
            pack(1, 0, 20 * MIB),
            pack(2, 20 * MIB, 0),
            pack(3, 10 * MIB, 10 * MIB),
            pack(4, 19 * MIB, MIB),
            pack(5, 5 * MIB, 15 * MIB),
        ];
        let plan = decide(&packs);
        assert_eq!(numbers(&plan.dead), [1]);
        // What is left, 1 MiB, is less than a twentieth of 54 MiB.
        assert_eq!((numbers(&plan.rewritten), plan.garbage_left), (vec![5, 3], MIB));
        let forecast = plan.forecast(Collected::default());
        assert_eq!((forecast.packs_dead, forecast.packs_rewritten), (1, 2));
        assert_eq!((forecast.bytes_copied, forecast.objects), (15 * MIB, 3));
        assert_eq!(forecast.bytes_freed, 45 * MIB + 300);
    }

    #[test]
    fn small_packs_are_merged_once_there_are_many() {
        let small: Vec<_> = (1..=SMALL_COUNT as u8).map(|number| pack(number, MIB, 0)).collect();
        assert_eq!(decide(&small[1..]), CollectPlan::default());
        assert_eq!(decide(&small).rewritten.len(), SMALL_COUNT);
    }

    #[test]
    fn new_packs_stay() {
        let new = |number, live, dead| PackUse { is_new: true, ..pack(number, live, dead) };
        let packs = [new(1, 0, 20 * MIB), new(2, MIB, 20 * MIB), pack(3, 20 * MIB, 0)];
        let plan = decide(&packs);
        assert!(plan.dead.is_empty() && plan.rewritten.is_empty());
        assert_eq!(plan.garbage_left, 40 * MIB);
    }

    #[test]
    fn lengths_at_the_limit_do_not_overflow() {
        let plan = decide(&[pack(1, u64::MAX / 4, u64::MAX / 4), pack(2, u64::MAX / 4, 1)]);
        assert_eq!(numbers(&plan.rewritten), [1]);
    }
}
