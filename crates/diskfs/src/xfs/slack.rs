//! Zeroes the slack of a metadata block or inode. Slack is all bytes that are not in use, which may
//! still hold names and values of removed entries.

#![allow(clippy::single_range_in_vec_init, reason = "what is used is a list of ranges")]

use std::ops::Range;

use super::bytes::{has_checksum, u16_be, u32_be, write_checksum};
use super::inode::{
    CORE_LEN, EXTENT_LEN, Fork, Format, Inode, NODE_HEAD_LEN, NODE_KEY_LEN, ROOT_HEAD_LEN,
};
use super::tree::{CHECKSUM_AT, HEAD_LEN, Kind, POINTER_LEN};
use crate::scrub::clear;

/// Length in bytes of the header of directory blocks and index nodes, and of the header of
/// attribute leaves.
const DIR_HEAD_LEN: usize = 64;
const ATTR_HEAD_LEN: usize = 80;
/// Header length, in bytes, of blocks with an attribute's value or a symlink's target.
const REMOTE_HEAD_LEN: usize = 56;
const ENTRY_LEN: usize = 8;
/// Offset of the name in a directory's entry, after inode and length. The entry's type follows the
/// name; a tag with the entry's own offset ends the entry.
const NAME_AT: usize = 9;
const TAG_LEN: usize = 2;
/// First two bytes of an unused stretch between entries.
const UNUSED: u16 = 0xffff;

/// Zeroes the slack of a metadata block, and renews its checksum. Returns whether any slack was
/// nonzero; `None` if the block is damaged or of an unknown kind.
pub(super) fn clear_block(block: &mut [u8]) -> Option<bool> {
    let (used, checksum_at) = used(block)?;
    clear_unused(block, used, checksum_at)
}

/// Zeroes the slack of an inode, as [`clear_block`] does.
pub(super) fn clear_inode(inode: &mut [u8]) -> Option<bool> {
    const INODE_CHECKSUM_AT: usize = 100;
    let mut used = vec![0..CORE_LEN];
    let found = Inode::new(inode)?;
    if !found.is_free() {
        for fork in [Fork::Data, Fork::Attributes] {
            let begin = found.place(fork).start;
            let within = used_of_fork(&found, fork)?;
            for part in within {
                used.push(begin + part.start..begin.checked_add(part.end)?);
            }
        }
    }
    clear_unused(inode, used, INODE_CHECKSUM_AT)
}

/// Returns the used ranges of a fork, relative to its beginning.
fn used_of_fork(inode: &Inode<'_>, fork: Fork) -> Option<Vec<Range<usize>>> {
    const DEVICE_LEN: u64 = 4;
    let bytes = inode.bytes(fork);
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let len = match (inode.format(fork)?, fork) {
        (Format::Device, _) => DEVICE_LEN,
        (Format::Local, Fork::Data) => inode.size(),
        (Format::Local, Fork::Attributes) => u16_be(bytes, 0).into(),
        (Format::Extents, _) => inode.extent_count(fork).checked_mul(EXTENT_LEN as u64)?,
        (Format::Tree, _) => {
            let capacity = bytes.len().checked_sub(ROOT_HEAD_LEN)? / (2 * NODE_KEY_LEN);
            let keys = NODE_KEY_LEN * usize::from(u16_be(bytes, 2));
            let pointers_at = ROOT_HEAD_LEN + capacity * NODE_KEY_LEN;
            return Some(vec![0..ROOT_HEAD_LEN + keys, pointers_at..pointers_at + keys]);
        }
    };
    Some(vec![0..usize::try_from(len).ok()?])
}

/// Returns the used ranges of a block, and the offset of its checksum.
fn used(block: &[u8]) -> Option<(Vec<Range<usize>>, usize)> {
    let magic = block.get(..4)?;
    let count = usize::from(u16_be(block, 6));
    if let Some(kind) = Kind::of_magic(magic) {
        let (record_len, key_len) = kind.lens();
        return Some((
            records(block, HEAD_LEN, [record_len, key_len, POINTER_LEN], count),
            CHECKSUM_AT,
        ));
    }
    let remote = REMOTE_HEAD_LEN + u32_be(block, 8) as usize;
    match magic {
        b"BMA3" => {
            let lens = [EXTENT_LEN, NODE_KEY_LEN, NODE_KEY_LEN];
            Some((records(block, NODE_HEAD_LEN, lens, count), 64))
        }
        b"XDD3" => Some((names(block, block.len())?, 4)),
        b"XDB3" => {
            // Names, followed by an index of them at the block's end.
            let entries = ENTRY_LEN.checked_mul(u32_be(block, block.len() - ENTRY_LEN) as usize)?;
            let index_at = block.len().checked_sub(ENTRY_LEN + entries)?;
            let mut used = names(block, index_at)?;
            used.push(index_at..block.len());
            Some((used, 4))
        }
        b"XDF3" => {
            let count = u32_be(block, 52) as usize;
            Some((vec![0..DIR_HEAD_LEN.checked_add(count.checked_mul(2)?)?], 4))
        }
        b"XSLM" | b"XARM" => Some((vec![0..remote], 12)),
        _ => used_of_index(block).map(|used| (used, 12)),
    }
}

/// Returns the used ranges of a tree's block: records in a leaf, else keys and pointers.
fn records(
    block: &[u8],
    head_len: usize,
    [record_len, key_len, pointer_len]: [usize; 3],
    count: usize,
) -> Vec<Range<usize>> {
    if u16_be(block, 4) == 0 {
        return vec![0..head_len + count * record_len];
    }
    let capacity = (block.len() - head_len) / (key_len + pointer_len);
    let pointers_at = head_len + capacity * key_len;
    vec![0..head_len + count * key_len, pointers_at..pointers_at + count * pointer_len]
}

/// Returns the used ranges of a block that is either an index block of a directory or a block of
/// attributes.
fn used_of_index(block: &[u8]) -> Option<Vec<Range<usize>>> {
    let count = usize::from(u16_be(block, 56));
    let entries = 0..DIR_HEAD_LEN + count * ENTRY_LEN;
    match u16_be(block, 8) {
        // A single leaf ends in a table of the free room in each block of names.
        0x3df1 => {
            let rooms = usize::try_from(u32_be(block, block.len() - 4)).ok()?.checked_mul(2)?;
            Some(vec![entries, block.len().checked_sub(4 + rooms)?..block.len()])
        }
        0x3dff | 0x3ebe => Some(vec![entries]),
        0x3bee => attributes(block, count),
        _ => None,
    }
}

/// Returns the used ranges of a leaf of attributes, ascending.
fn attributes(block: &[u8], count: usize) -> Option<Vec<Range<usize>>> {
    const IS_LOCAL: u8 = 1;
    let mut used = vec![0..ATTR_HEAD_LEN + count * ENTRY_LEN];
    for entry in
        block.get(ATTR_HEAD_LEN..ATTR_HEAD_LEN + count * ENTRY_LEN)?.chunks_exact(ENTRY_LEN)
    {
        let at = usize::from(u16_be(entry, 4));
        let name = block.get(at..)?;
        let len = if entry[6] & IS_LOCAL != 0 {
            3 + usize::from(*name.get(2)?) + usize::from(u16_be(name, 0))
        } else {
            9 + usize::from(*name.get(8)?)
        };
        used.push(at..at + len);
    }
    used.sort_unstable_by_key(|part| part.start);
    Some(used)
}

/// Returns the used ranges of a block of a directory's entries, which end at `end`; `None` if an
/// entry's length is wrong.
fn names(block: &[u8], end: usize) -> Option<Vec<Range<usize>>> {
    let mut used = vec![0..DIR_HEAD_LEN];
    let mut at = DIR_HEAD_LEN;
    while at < end {
        let entry = block.get(at..end)?;
        let (used_len, len) = if u16_be(entry, 0) == UNUSED {
            (4, usize::from(u16_be(entry, 2)))
        } else {
            let used_len = NAME_AT + usize::from(*entry.get(8)?) + 1;
            (used_len, (used_len + TAG_LEN).next_multiple_of(8))
        };
        if len < used_len + TAG_LEN || len % 8 != 0 {
            return None;
        }
        used.extend([at..at + used_len, at + len - TAG_LEN..at + len]);
        at += len;
    }
    (at == end).then_some(used)
}

/// Zeroes the bytes between used ranges, which must ascend, and renews the checksum. Returns
/// whether any bytes were nonzero; `None` if the checksum or the ranges are wrong.
fn clear_unused(bytes: &mut [u8], used: Vec<Range<usize>>, checksum_at: usize) -> Option<bool> {
    // A damaged block must not get a valid checksum.
    if !has_checksum(bytes, checksum_at) {
        return None;
    }
    let mut is_changed = false;
    let mut at = 0;
    let len = bytes.len();
    for part in used.into_iter().chain(std::iter::once(len..len)) {
        if part.start < at || part.end < part.start {
            return None;
        }
        is_changed |= clear(bytes.get_mut(at..part.start)?);
        at = part.end;
    }
    if is_changed {
        write_checksum(bytes, checksum_at);
    }
    (at == len).then_some(is_changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0, 0, 0, 0, 0, 9, name.len() as u8];
        bytes.extend_from_slice(name);
        bytes.push(1);
        bytes.resize((bytes.len() + TAG_LEN).next_multiple_of(8) - TAG_LEN, b'!');
        bytes.extend_from_slice(&[1, 2]);
        bytes
    }

    fn unused(len: u16) -> Vec<u8> {
        let mut bytes = [UNUSED.to_be_bytes(), len.to_be_bytes()].concat();
        bytes.resize(usize::from(len) - TAG_LEN, b'!');
        bytes.extend_from_slice(&[1, 2]);
        bytes
    }

    fn names_block(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut block = b"XDD3".to_vec();
        block.resize(DIR_HEAD_LEN, 7);
        block.extend(parts.concat());
        write_checksum(&mut block, 4);
        block
    }

    #[test]
    fn names_stay_and_what_is_between_goes() {
        let mut block =
            names_block(&[entry(b"kept"), unused(32), entry(b"longer-name"), unused(8)]);
        assert_eq!(clear_block(&mut block), Some(true));
        assert!(!block.contains(&b'!'));
        assert_eq!(&block[DIR_HEAD_LEN + NAME_AT..][..4], b"kept");
        assert_eq!(&block[DIR_HEAD_LEN + 16 + 32 + NAME_AT..][..11], b"longer-name");
        assert_eq!(clear_block(&mut block), Some(false));
    }

    #[test]
    fn damage_is_none() {
        for len in [0, 4, 9, 64] {
            let mut block = names_block(&[unused(32)]);
            block[DIR_HEAD_LEN + 2..DIR_HEAD_LEN + 4].copy_from_slice(&u16::to_be_bytes(len));
            assert_eq!(clear_block(&mut block), None, "{len}");
        }
        let mut block = vec![0; 4096];
        assert_eq!(clear_block(&mut block), None);
        for magic in ["AB3B", "AB3C", "IAB3", "FIB3", "R3FC", "BMA3", "XDB3", "XDF3", "XSLM"] {
            let mut block = vec![0xff; 4096];
            block[..4].copy_from_slice(magic.as_bytes());
            assert_eq!(clear_block(&mut block), None, "{magic}");
        }
        for magic in [0x3df1u16, 0x3dff, 0x3ebe, 0x3bee] {
            let mut block = vec![0xff; 4096];
            block[8..10].copy_from_slice(&magic.to_be_bytes());
            assert_eq!(clear_block(&mut block), None, "{magic:x}");
        }
    }

    #[test]
    fn free_inodes_keep_their_core_alone() {
        let mut inode = vec![0; 512];
        inode[..2].copy_from_slice(b"IN");
        inode[4] = 3;
        inode[300] = b'!';
        assert_eq!(clear_inode(&mut inode), None, "no checksum");
        write_checksum(&mut inode, 100);
        assert_eq!(clear_inode(&mut inode), Some(true));
        assert_eq!(inode[300], 0);
        let sum = u32::from_le_bytes([inode[100], inode[101], inode[102], inode[103]]);
        inode[100..104].fill(0);
        assert_eq!(sum, crc32c::crc32c(&inode));
    }
}
