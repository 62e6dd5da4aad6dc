//! Reads the trees of a group: free space, inodes, shared blocks.

use std::ops::Range;

use super::bytes::{BLOCK_LEN, has_checksum, u16_be, u32_be, u64_be};
use super::read::Xfs;
use crate::DiskError;

/// Length of a tree block before its records, in bytes.
pub(super) const HEAD_LEN: usize = 56;
/// Offset of the checksum in a tree block.
pub(super) const CHECKSUM_AT: usize = 52;
/// Length of a pointer to another block of the tree, in bytes.
pub(super) const POINTER_LEN: usize = 4;

/// A tree of a group; its blocks begin with the magic of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Free extents, sorted by place.
    FreeByPlace,
    /// Free extents, sorted by length.
    FreeByLength,
    /// All chunks of inodes, sorted by their first inode.
    Inodes,
    /// Chunks that have free inodes; [`Self::Inodes`] has them, too.
    FreeInodes,
    /// Shared extents and their reference counts.
    Shared,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::FreeByPlace, Self::FreeByLength, Self::Inodes, Self::FreeInodes, Self::Shared];

    pub(super) fn of_magic(magic: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.magic() == magic)
    }

    fn magic(self) -> &'static [u8] {
        match self {
            Self::FreeByPlace => b"AB3B",
            Self::FreeByLength => b"AB3C",
            Self::Inodes => b"IAB3",
            Self::FreeInodes => b"FIB3",
            Self::Shared => b"R3FC",
        }
    }

    /// Returns the lengths of a record and of a key, in bytes.
    pub(super) fn lens(self) -> (usize, usize) {
        match self {
            Self::FreeByPlace | Self::FreeByLength => (8, 8),
            Self::Inodes | Self::FreeInodes => (16, 4),
            Self::Shared => (12, 4),
        }
    }
}

/// A record of the inodes' tree: 64 consecutive inodes.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Number of the first inode within the group.
    pub first: u64,
    free: u64,
    /// One bit per four inodes; set if they do not exist.
    holes: u16,
}

impl Chunk {
    pub(super) const LEN: u64 = 64;

    pub(super) fn exists(&self, slot: u64) -> bool {
        self.holes >> (slot / 4 % 16) & 1 == 0
    }

    pub(super) fn is_free(&self, slot: u64) -> bool {
        self.free >> (slot % Self::LEN) & 1 == 1
    }
}

impl Xfs<'_> {
    /// Calls `visit` with the offset of every block of a tree, and with the block's records if the
    /// block is a leaf.
    pub(super) fn visit(
        &self,
        group: u64,
        kind: Kind,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<(), DiskError> {
        let trees = &self.groups[group as usize].trees;
        let tree = Kind::ALL.iter().zip(trees).find(|(of, _)| **of == kind);
        let (root, levels) = tree.map_or((0, 0), |(_, tree)| *tree);
        // A tree with more blocks than the group is cyclic.
        let mut left = self.group_blocks;
        match levels.checked_sub(1) {
            None => Ok(()),
            Some(level) => self.node((group, kind), root, level, &mut left, visit),
        }
    }

    fn node(
        &self,
        (group, kind): (u64, Kind),
        block: u32,
        level: u32,
        left: &mut u64,
        visit: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<(), DiskError> {
        let damaged = || self.medium.damaged(format!("a tree of group {group} is damaged"));
        *left = left.checked_sub(1).ok_or_else(damaged)?;
        let at = self.block_in(group, block.into())?;
        let bytes = self.read_block(at)?;
        let is_sound = bytes.starts_with(kind.magic())
            && u32::from(u16_be(&bytes, 4)) == level
            && has_checksum(&bytes, CHECKSUM_AT);
        let count = usize::from(u16_be(&bytes, 6));
        let (record_len, key_len) = kind.lens();
        if !is_sound {
            return Err(damaged());
        }
        if level == 0 {
            let records = bytes.get(HEAD_LEN..HEAD_LEN + count * record_len);
            visit(at, records.ok_or_else(damaged)?);
            return Ok(());
        }
        visit(at, &[]);
        let capacity = (bytes.len() - HEAD_LEN) / (key_len + POINTER_LEN);
        if count > capacity {
            return Err(damaged());
        }
        let pointers = &bytes[HEAD_LEN + capacity * key_len..];
        for pointer in pointers.chunks_exact(POINTER_LEN).take(count) {
            self.node((group, kind), u32_be(pointer, 0), level - 1, left, visit)?;
        }
        Ok(())
    }

    /// Returns the byte ranges of a group's free extents.
    pub(super) fn free_extents(&self, group: u64) -> Result<Vec<Range<u64>>, DiskError> {
        let mut records = Vec::new();
        self.visit(group, Kind::FreeByPlace, &mut |_, found| records.extend_from_slice(found))?;
        let extents = records.chunks_exact(8).map(|record| {
            let (first, count) = (u64::from(u32_be(record, 0)), u64::from(u32_be(record, 4)));
            let last = self.block_in(group, (first + count).saturating_sub(1))?;
            let found = self.block_in(group, first)?..last + BLOCK_LEN;
            let is_log = found.start < self.log.end && self.log.start < found.end;
            if first == 0 || count == 0 || is_log {
                return Err(self
                    .medium
                    .damaged("its list of free blocks names the log or no blocks"));
            }
            Ok(found)
        });
        extents.collect()
    }

    /// Returns the offsets of the blocks that are reserved for a group's trees. No tree uses these
    /// blocks yet.
    pub(super) fn spare_blocks(&self, group: u64) -> Result<Vec<u64>, DiskError> {
        let spare = self.groups[group as usize].spare.iter();
        spare.map(|block| self.block_in(group, (*block).into())).collect()
    }

    /// Returns a group's chunks of inodes, in ascending order.
    pub(super) fn chunks(&self, group: u64) -> Result<Vec<Chunk>, DiskError> {
        let mut records = Vec::new();
        self.visit(group, Kind::Inodes, &mut |_, found| records.extend_from_slice(found))?;
        let chunk = |record: &[u8]| Chunk {
            first: u32_be(record, 0).into(),
            free: u64_be(record, 8),
            holes: if self.has_sparse_chunks { u16_be(record, 4) } else { 0 },
        };
        Ok(records.chunks_exact(16).map(chunk).collect())
    }
}

impl Xfs<'_> {
    /// Returns the byte offsets of those blocks of a chunk that exist.
    pub(super) fn chunk_blocks(&self, group: u64, chunk: &Chunk) -> Result<Vec<u64>, DiskError> {
        let per_block = 1 << self.inodes_log;
        let slots = (0..Chunk::LEN).step_by(per_block as usize).filter(|slot| chunk.exists(*slot));
        slots.map(|slot| self.block_in(group, (chunk.first + slot) >> self.inodes_log)).collect()
    }
}
