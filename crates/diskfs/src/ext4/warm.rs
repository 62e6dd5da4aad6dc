//! Reads a filesystem's tables and directories ahead of a walk, in long pieces.
//!
//! A walk reads one directory after another in requests of 4 KiB, and waits for each request. The
//! layout keeps directories close together, so reading them in device order takes a fraction of the
//! time. The bytes stay in the device's cache, which a mounted ext4 uses for its metadata.

use std::ops::Range;

use super::read::{Ext4, RawInode, has_bit};
use crate::DiskError;

/// Bytes of one read.
const PIECE_LEN: u64 = 1 << 20;

/// Gaps of up to this many bytes between two directories are read along with them.
const GAP_LEN_MAX: u64 = 64 * 1024;

/// Limit on bytes to read ahead: 256 MiB hold the metadata of a million inodes.
const LEN_MAX: u64 = 256 << 20;

impl Ext4<'_> {
    /// Brings inode tables and directories into the device's cache. The filesystem must be mounted
    /// already, because mounting empties the cache. Callers can ignore an error: the walk itself
    /// succeeds or reports its own error.
    pub(super) fn read_ahead(&self) -> Result<(), DiskError> {
        let mut directories = Vec::new();
        for (index, group) in (0u64..).zip(&self.groups) {
            let Some(bitmap) = self.inode_bitmap(*group)? else { continue };
            let used = self.inodes_per_group.saturating_sub(group.unused_inodes);
            let begin = group.inode_table * self.block_len;
            let table = self.pieces(std::iter::once(begin..begin + used * self.inode_len))?;
            for (slot, bytes) in (0..used).zip(table.chunks_exact(self.inode_len as usize)) {
                let number = index * self.inodes_per_group + slot + 1;
                let inode = RawInode { number, bytes: bytes.to_vec() };
                if has_bit(&bitmap, slot) && inode.is_directory() && inode.has_extents() {
                    let extents = self.extents(&inode)?;
                    directories.extend(extents.into_iter().map(|e| self.bytes(e.blocks)));
                }
            }
        }
        directories.sort_unstable_by_key(|range| range.start);
        self.pieces(directories.into_iter()).map(drop)
    }

    /// Joins ranges that are close together, and reads them. Returns the bytes of all ranges,
    /// including the gaps within joined ranges.
    fn pieces(&self, ranges: impl Iterator<Item = Range<u64>>) -> Result<Vec<u8>, DiskError> {
        let mut joined: Vec<Range<u64>> = Vec::new();
        for range in ranges {
            match joined.last_mut() {
                Some(last) if range.start <= last.end + GAP_LEN_MAX => {
                    last.end = last.end.max(range.end);
                }
                _ => joined.push(range),
            }
        }
        let mut bytes = Vec::new();
        for range in joined {
            let mut at = range.start;
            while at < range.end && (bytes.len() as u64) < LEN_MAX {
                let len = PIECE_LEN.min(range.end - at);
                bytes.extend(self.medium.read(at, len as usize)?);
                at += len;
            }
        }
        Ok(bytes)
    }
}
