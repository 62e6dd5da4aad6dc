//! Zeros in place of what nothing refers to any more: freed blocks, freed inode slots, names left
//! in directories, and the journal's body.

use std::ops::Range;

use super::directory::clear;
use super::{Ext4, has_bit};
use crate::error::UnpackError;

/// What is read at once where all free space must be looked at.
const SCAN_LEN: u64 = 1 << 20;

/// Which blocks were in use before a patch, group by group: 4 KiB for every 128 MiB of volume.
#[derive(Debug)]
pub struct InUse {
    bitmaps: Vec<Vec<u8>>,
}

/// What may hold something that was freed.
#[derive(Clone, Copy)]
pub enum Freed<'a> {
    /// Everything else was clean when the patch began.
    Since {
        /// What was in use then.
        in_use: &'a InUse,
        /// Inodes that went.
        inodes: &'a [u64],
        /// Directories in which names came or went.
        directories: &'a [u64],
    },
    /// Anything that is free. `is_hole` tells of bytes that were never written, where the device's
    /// file knows.
    Anything {
        /// Whether a range of the device was never written.
        is_hole: &'a dyn Fn(&Range<u64>) -> bool,
    },
}

impl std::fmt::Debug for Freed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Since { .. } => "Since",
            Self::Anything { .. } => "Anything",
        })
    }
}

impl Ext4<'_> {
    /// Notes which blocks are in use.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn in_use(&self) -> Result<InUse, UnpackError> {
        let bitmaps = (0..self.groups.len()).map(|group| self.block_bitmap(group));
        Ok(InUse { bitmaps: bitmaps.collect::<Result<_, _>>()? })
    }

    /// Returns the free blocks of a group, without those that `unless` has as free too.
    fn free(&self, group: usize, unless: Option<&[u8]>) -> Result<Vec<Range<u64>>, UnpackError> {
        let bitmap = self.block_bitmap(group)?;
        let begin = group as u64 * self.blocks_per_group;
        let count = self.blocks_per_group.min(self.blocks - begin);
        let mut found: Vec<Range<u64>> = Vec::new();
        for bit in 0..count {
            let was_used = unless.is_none_or(|before| has_bit(before, bit));
            if has_bit(&bitmap, bit) || !was_used {
                continue;
            }
            match found.last_mut() {
                Some(last) if last.end == begin + bit => last.end += 1,
                _ => found.push(begin + bit..begin + bit + 1),
            }
        }
        Ok(found)
    }

    /// Zeroes blocks that are free.
    fn scrub_blocks(&self, freed: &Freed<'_>) -> Result<(), UnpackError> {
        for group in 0..self.groups.len() {
            match freed {
                Freed::Since { in_use, .. } => {
                    let before = in_use.bitmaps.get(group).map(Vec::as_slice);
                    for blocks in self.free(group, before)? {
                        self.medium.zero(self.bytes(blocks))?;
                    }
                }
                Freed::Anything { is_hole } => {
                    for blocks in self.free(group, None)? {
                        self.scrub_range(self.bytes(blocks), is_hole)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Zeroes those parts of a range that are not zero.
    fn scrub_range(
        &self,
        range: Range<u64>,
        is_hole: &dyn Fn(&Range<u64>) -> bool,
    ) -> Result<(), UnpackError> {
        if is_hole(&range) {
            return Ok(());
        }
        let mut at = range.start;
        while at < range.end {
            let part = at..range.end.min(at + SCAN_LEN);
            let is_dirty = || -> Result<bool, UnpackError> {
                let bytes = self.medium.read(part.start, (part.end - part.start) as usize)?;
                Ok(bytes.iter().any(|byte| *byte != 0))
            };
            if !is_hole(&part) && is_dirty()? {
                self.medium.zero(part.clone())?;
            }
            at = part.end;
        }
        Ok(())
    }

    /// Zeroes inode slots that are free.
    fn scrub_inodes(&self, freed: &Freed<'_>) -> Result<(), UnpackError> {
        match freed {
            Freed::Since { inodes, .. } => {
                let mut inodes = inodes.to_vec();
                inodes.sort_unstable();
                let group_of = |number: &u64| number.saturating_sub(1) / self.inodes_per_group;
                for of_group in inodes.chunk_by(|a, b| group_of(a) == group_of(b)) {
                    let group = group_of(&of_group[0]);
                    let slots = of_group.iter().map(|number| (number - 1) % self.inodes_per_group);
                    self.scrub_slots(group as usize, &slots.collect::<Vec<_>>())?;
                }
            }
            Freed::Anything { .. } => {
                for (number, group) in self.groups.iter().enumerate() {
                    let used = self.inodes_per_group.saturating_sub(group.unused_inodes);
                    self.scrub_slots(number, &(0..used).collect::<Vec<_>>())?;
                }
            }
        }
        Ok(())
    }

    /// Zeroes those of a group's slots that are free, block by block. A slot of zeros is one that
    /// was never used, to the kernel and to e2fsck.
    fn scrub_slots(&self, group: usize, slots: &[u64]) -> Result<(), UnpackError> {
        let Some(group_at) = self.groups.get(group) else { return Ok(()) };
        let Some(bitmap) = self.inode_bitmap(*group_at)? else { return Ok(()) };
        let per_block = self.block_len / self.inode_len;
        let first_free = self.first_inode.saturating_sub(1);
        for of_block in slots.chunk_by(|a, b| a / per_block == b / per_block) {
            let at =
                group_at.inode_table * self.block_len + of_block[0] / per_block * self.block_len;
            let mut block = self.medium.read(at, self.block_len as usize)?;
            let mut is_dirty = false;
            for slot in of_block {
                let index = group as u64 * self.inodes_per_group + slot;
                if index < first_free || has_bit(&bitmap, *slot) {
                    continue;
                }
                let begin = (slot % per_block * self.inode_len) as usize;
                is_dirty |= clear(&mut block[begin..begin + self.inode_len as usize]);
            }
            if is_dirty {
                self.medium.write(at, &block)?;
            }
        }
        Ok(())
    }

    /// Zeroes names that are left in directories.
    fn scrub_directories(&self, freed: &Freed<'_>) -> Result<(), UnpackError> {
        match freed {
            Freed::Since { directories, .. } => {
                directories.iter().try_for_each(|number| self.scrub_directory(*number))
            }
            Freed::Anything { .. } => {
                for (number, group) in (0u64..).zip(&self.groups) {
                    let Some(bitmap) = self.inode_bitmap(*group)? else { continue };
                    let used = self.inodes_per_group.saturating_sub(group.unused_inodes);
                    for slot in (0..used).filter(|slot| has_bit(&bitmap, *slot)) {
                        self.scrub_directory(number * self.inodes_per_group + slot + 1)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn scrub_directory(&self, number: u64) -> Result<(), UnpackError> {
        let inode = self.inode(number)?;
        if !inode.is_directory() {
            return Ok(());
        }
        for extent in self.extents(&inode)? {
            for (file_block, block) in (extent.first..).zip(extent.blocks) {
                let at = block * self.block_len;
                let mut bytes = self.medium.read(at, self.block_len as usize)?;
                if self.clear_slack(&inode, file_block, &mut bytes)? {
                    self.medium.write(at, &bytes)?;
                }
            }
        }
        Ok(())
    }

    /// Zeroes the journal behind its superblock: what was unmounted cleanly needs none of it.
    fn scrub_journal(&self) -> Result<(), UnpackError> {
        let mut is_first = true;
        for blocks in self.journal()? {
            for block in blocks {
                if std::mem::take(&mut is_first) {
                    continue;
                }
                let at = block * self.block_len;
                let mut bytes = self.medium.read(at, self.block_len as usize)?;
                if clear(&mut bytes) {
                    self.medium.write(at, &bytes)?;
                }
            }
        }
        Ok(())
    }
}

/// Scrubs a filesystem that was unmounted cleanly.
///
/// # Durability
/// Durable once the device was synced.
///
/// # Errors
/// [`UnpackError::Damaged`]; errors of reading and writing.
pub fn scrub(filesystem: &Ext4<'_>, freed: &Freed<'_>) -> Result<(), UnpackError> {
    filesystem.scrub_journal()?;
    filesystem.scrub_directories(freed)?;
    filesystem.scrub_inodes(freed)?;
    filesystem.scrub_blocks(freed)
}
