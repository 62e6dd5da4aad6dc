//! Cuts manifests into segments, so that the upload of a new revision sends only the segments that changed.
//!
//! A manifest is stored like any large object, as a list of frames. Only the cuts differ: the cuts of a manifest depend
//! on content (a gear hash over the last 64 bytes). No record holds an absolute position, so the bytes after an
//! insertion stay the same, and both revisions are cut alike there.

use std::ops::Range;

use crate::units::FRAME_LEN_MAX;

/// Shortest segment in bytes, except for the last one.
pub const SEGMENT_LEN_MIN: usize = 16 * 1024;

/// A cut falls where these bits of the hash are zero: on average 32 KiB after the minimum.
const CUT_MASK: u64 = (1 << 15) - 1;

/// The gear table: 256 values that only have to look random and must never change (the output of the
/// SplitMix64 generator).
const GEAR: [u64; 256] = {
    let mut table = [0; 256];
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut index = 0;
    while index < 256 {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        table[index] = z ^ (z >> 31);
        index += 1;
    }
    table
};

/// Returns the segments of a manifest's bytes, in order, each of 1 to [`FRAME_LEN_MAX`] bytes.
pub fn segments(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    let mut begin = 0;
    while begin < bytes.len() {
        let end = begin + first_cut(&bytes[begin..]);
        cuts.push(begin..end);
        begin = end;
    }
    cuts
}

fn first_cut(bytes: &[u8]) -> usize {
    let longest = bytes.len().min(FRAME_LEN_MAX);
    let mut hash = 0u64;
    for (index, byte) in bytes[..longest].iter().enumerate() {
        hash = (hash << 1).wrapping_add(GEAR[usize::from(*byte)]);
        // The high bits of the hash depend on more bytes than the low ones.
        if index + 1 >= SEGMENT_LEN_MIN && (hash >> 49) & CUT_MASK == 0 {
            return index + 1;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 1u64;
        (0..len)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .collect()
    }

    #[test]
    fn segments_cover_everything_within_their_limits() {
        for len in [0, 1, SEGMENT_LEN_MIN, 3_000_000] {
            let bytes = noise(len);
            let found = segments(&bytes);
            assert_eq!(found.iter().map(ExactSizeIterator::len).sum::<usize>(), len);
            assert!(found.iter().all(|range| range.len() <= FRAME_LEN_MAX));
        }
        assert!(segments(&vec![0; 3_000_000]).iter().all(|range| range.len() <= FRAME_LEN_MAX));
    }

    #[test]
    fn an_insertion_changes_few_segments() {
        let before = noise(2_000_000);
        let mut after = before.clone();
        after.splice(1_000_000..1_000_000, [1, 2, 3]);
        let old: std::collections::HashSet<&[u8]> =
            segments(&before).into_iter().map(|range| &before[range]).collect();
        let new = segments(&after);
        let changed = new.iter().filter(|range| !old.contains(&after[(*range).clone()])).count();
        assert!(new.len() > 30 && changed <= 3, "{changed} of {} segments changed", new.len());
    }
}
