//! Clears the unused bytes of directory blocks.
//!
//! An entry that is removed, renamed, or moved by a split leaves its name in the block. The name is
//! in the room of the entry before it, or after the last entry. In a block that became the root of
//! an index, the name is after the index's last entry.

use wire::bytes::{u16_at, u32_at};

use super::read::{Ext4, RawInode, checksum};
use crate::DiskError;
use crate::scrub::clear;

/// Bit of `i_flags`: the directory has an index.
const INDEX_FLAG: u32 = 0x1000;
/// Length of an entry before its name, in bytes.
const HEAD_LEN: usize = 8;
/// Length of the checksum's entry at the end of a block of names, in bytes.
const TAIL_LEN: usize = 12;
/// Offset of the index in the index's root (after `.`, `..` and 8 bytes of description), and in a
/// node.
const ROOT_INDEX_AT: usize = 0x20;
const NODE_INDEX_AT: usize = 8;

impl Ext4<'_> {
    /// Zeroes the bytes between and after the entries of a directory's block; returns whether any
    /// were nonzero.
    pub(super) fn clear_slack(
        &self,
        inode: &RawInode,
        file_block: u64,
        block: &mut [u8],
    ) -> Result<bool, DiskError> {
        let damaged =
            |what: &str| self.medium.damaged(format!("directory inode {}: {what}", inode.number));
        let has_index = inode.flags() & INDEX_FLAG != 0;
        // An index node begins with an entry for inode 0 that fills the block; in a block of names,
        // the first entry leaves room for the checksum.
        let is_node = u32_at(block, 0) == 0 && usize::from(u16_at(block, 4)) == block.len();
        if has_index && (file_block == 0 || is_node) {
            let index_at = if file_block == 0 { ROOT_INDEX_AT } else { NODE_INDEX_AT };
            return clear_index(block, index_at).ok_or_else(|| damaged("its index is damaged"));
        }
        let names_len = block.len() - TAIL_LEN;
        let tail = &block[names_len..];
        if u32_at(tail, 0) != 0 || u16_at(tail, 4) != TAIL_LEN as u16 || tail[7] != 0xde {
            return Err(damaged("a block has no checksum"));
        }
        let seed = checksum(self.checksum_seed, &(inode.number as u32).to_le_bytes());
        let seed = checksum(seed, &inode.generation().to_le_bytes());
        // A damaged block must not get a valid checksum.
        if checksum(seed, &block[..names_len]) != u32_at(block, names_len + 8) {
            return Err(damaged("a block's checksum is wrong"));
        }
        if !clear_names(&mut block[..names_len]).ok_or_else(|| damaged("an entry is damaged"))? {
            return Ok(false);
        }
        let sum = checksum(seed, &block[..names_len]);
        block[names_len + 8..].copy_from_slice(&sum.to_le_bytes());
        Ok(true)
    }
}

/// Zeroes the unused bytes of a block of names; returns whether any were nonzero, or `None` if the
/// block is damaged.
fn clear_names(names: &mut [u8]) -> Option<bool> {
    let mut is_changed = false;
    let mut at = 0;
    while at < names.len() {
        let head = names.get(at..at + HEAD_LEN)?;
        let entry_len = usize::from(u16_at(head, 4));
        let name_len = usize::from(head[6]);
        let used = if u32_at(head, 0) == 0 { HEAD_LEN } else { HEAD_LEN + name_len };
        if entry_len < used.next_multiple_of(4) || !entry_len.is_multiple_of(4) {
            return None;
        }
        is_changed |= clear(names.get_mut(at + used..at + entry_len)?);
        at += entry_len;
    }
    Some(is_changed)
}

/// Zeroes the bytes after the last entry of an index; returns whether any were nonzero, or `None`
/// if the index is damaged. The index's checksum stays valid, because it covers only the entries.
fn clear_index(block: &mut [u8], index_at: usize) -> Option<bool> {
    const ENTRY_LEN: usize = 8;
    let (limit, count) = (u16_at(block, index_at), u16_at(block, index_at + 2));
    let end = index_at + usize::from(limit) * ENTRY_LEN;
    if count > limit || end > block.len() - ENTRY_LEN {
        return None;
    }
    Some(clear(&mut block[index_at + usize::from(count) * ENTRY_LEN..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(inode: u32, len: u16, name: &[u8]) -> Vec<u8> {
        let mut bytes = inode.to_le_bytes().to_vec();
        bytes.extend_from_slice(&len.to_le_bytes());
        bytes.extend_from_slice(&[name.len() as u8, 1]);
        bytes.extend_from_slice(name);
        bytes.resize(len.into(), b'!');
        bytes
    }

    #[test]
    fn names_keep_their_entries_and_lose_what_is_between() {
        let mut names = [entry(5, 32, b"kept"), entry(0, 16, b""), entry(7, 16, b"last")].concat();
        assert_eq!(clear_names(&mut names), Some(true));
        assert!(!names.contains(&b'!'));
        assert!(names[8..].starts_with(b"kept\0") && names[56..].starts_with(b"last\0"));
        assert_eq!(clear_names(&mut names), Some(false));
    }

    #[test]
    fn damaged_entries_are_errors() {
        for len in [0, 4, 10, 64] {
            let mut names = entry(5, 32, b"kept");
            names[4..6].copy_from_slice(&u16::to_le_bytes(len));
            assert_eq!(clear_names(&mut names), None, "{len}");
        }
        assert_eq!(clear_names(&mut [1; 9]), None);
        let mut block = vec![0; 4096];
        block[32..36].copy_from_slice(&[255, 255, 1, 0]);
        assert_eq!(clear_index(&mut block, 32), None);
    }
}
