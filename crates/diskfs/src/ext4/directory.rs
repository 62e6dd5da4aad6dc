//! Directory blocks: what is between and behind their entries.
//!
//! An entry that is removed, moved by a split or renamed leaves its name behind: in the room of the
//! entry before it, behind the last entry, or, where a block became the root of an index, behind
//! the index's last entry.

use wire::bytes::{u16_at, u32_at};

use super::read::{Ext4, RawInode, checksum};
use crate::DiskError;
use crate::scrub::clear;

/// `i_flags`: the directory has an index.
const INDEX_FLAG: u32 = 0x1000;
/// The length of an entry before its name.
const HEAD_LEN: usize = 8;
/// The length of the checksum's entry at the end of a block of names.
const TAIL_LEN: usize = 12;
/// Where the index begins in its root (behind `.`, `..` and 8 bytes of description) and in a node.
const ROOT_INDEX_AT: usize = 0x20;
const NODE_INDEX_AT: usize = 8;

impl Ext4<'_> {
    /// Zeroes what is between and behind the entries of a directory's block; returns whether there
    /// was anything.
    pub(super) fn clear_slack(
        &self,
        inode: &RawInode,
        file_block: u64,
        block: &mut [u8],
    ) -> Result<bool, DiskError> {
        let damaged =
            |what: &str| self.medium.damaged(format!("directory inode {}: {what}", inode.number));
        let has_index = inode.flags() & INDEX_FLAG != 0;
        // An index node begins with an entry for no inode that fills the block; a block of names
        // leaves room for its checksum.
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
        // What is damaged must not be given a checksum that says otherwise.
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

/// Clears a block of names; `None` where it is damaged.
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

/// Clears what is behind the last entry of an index; `None` where it is damaged. Its checksum covers
/// entries alone.
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
