//! The headers of an allocation group.

use super::bytes::{has_checksum, u32_be};

/// Offset of the list of blocks reserved for the group's own trees, in the last header sector.
const SPARE_LIST_AT: usize = 36;

/// Limit on levels of a tree. *Source:* XFS_BTREE_MAXLEVELS.
const LEVELS_MAX: u32 = 9;

/// The fields of a group's header that lead to its other metadata.
#[derive(Debug)]
pub(super) struct GroupHeader {
    /// Root block and levels of each tree, in the order of [`Kind::ALL`](super::tree::Kind::ALL); 0 levels for a
    /// missing tree.
    pub(super) trees: [(u32, u32); 5],
    pub(super) spare: Vec<u32>,
}

impl GroupHeader {
    /// Decodes a header of four sectors: superblock, free space, inodes, spare blocks. `None` if a
    /// checksum or magic is wrong.
    pub(super) fn read(header: &[u8], sector_len: usize) -> Option<Self> {
        let (agf, agi) = (header.get(sector_len..)?, header.get(2 * sector_len..)?);
        let list = header.get(3 * sector_len..4 * sector_len)?;
        let is_whole =
            |sector: &[u8], at| sector.get(..sector_len).is_some_and(|s| has_checksum(s, at));
        if !is_whole(agf, 216) || !is_whole(agi, 312) || !is_whole(list, 32) {
            return None;
        }
        if !agf.starts_with(b"XAGF") || !agi.starts_with(b"XAGI") || !list.starts_with(b"XAFL") {
            return None;
        }
        let tree = |bytes, root, levels| (u32_be(bytes, root), u32_be(bytes, levels));
        let trees = [
            tree(agf, 16, 28),
            tree(agf, 20, 32),
            tree(agi, 20, 24),
            tree(agi, 328, 332),
            tree(agf, 88, 92),
        ];
        let capacity = (sector_len - SPARE_LIST_AT) / 4;
        let (first, count) = (u32_be(agf, 40) as usize, u32_be(agf, 48) as usize);
        if first >= capacity || count > capacity || trees.iter().any(|tree| tree.1 > LEVELS_MAX) {
            return None;
        }
        let places = (first..first + count).map(|place| SPARE_LIST_AT + place % capacity * 4);
        Some(Self { trees, spare: places.map(|at| u32_be(list, at)).collect() })
    }
}
