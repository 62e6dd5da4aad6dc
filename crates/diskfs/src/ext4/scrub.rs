//! Zeroes freed metadata: inode slots, names in directories, and the journal's body.

use super::read::{Ext4, has_bit};
use crate::ScrubScope;
use crate::scrub::clear;
use crate::{DiskError, OfflineFilesystem as _};

impl Ext4<'_> {
    /// Zeroes the free inode slots that might still hold freed inodes.
    pub(super) fn scrub_inodes(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        match scope {
            ScrubScope::Since { changed, .. } => {
                let mut inodes = changed.gone.clone();
                inodes.sort_unstable();
                let is_same_group = |a: &u64, b: &u64| self.group_of(*a) == self.group_of(*b);
                for of_group in inodes.chunk_by(is_same_group) {
                    let group = self.group_of(of_group[0]);
                    let slots = of_group.iter().map(|number| (number - 1) % self.inodes_per_group);
                    self.scrub_slots(group as usize, &slots.collect::<Vec<_>>())?;
                }
            }
            ScrubScope::Everything => {
                for (number, group) in self.groups.iter().enumerate() {
                    let used = self.inodes_per_group.saturating_sub(group.unused_inodes);
                    self.scrub_slots(number, &(0..used).collect::<Vec<_>>())?;
                }
            }
        }
        Ok(())
    }

    /// Zeroes the free slots among the given slots of a group, block by block. The kernel and
    /// e2fsck take a slot of zeros for one that was never used.
    fn scrub_slots(&self, group: usize, slots: &[u64]) -> Result<(), DiskError> {
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

    /// Zeroes the names that removed entries left in directories.
    pub(super) fn scrub_directories(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        match scope {
            ScrubScope::Since { changed, .. } => {
                changed.directories.iter().try_for_each(|number| self.scrub_directory(*number))
            }
            ScrubScope::Everything => {
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

    fn scrub_directory(&self, number: u64) -> Result<(), DiskError> {
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

    /// Zeroes the journal after its superblock. Nothing reads these blocks after a clean unmount.
    pub(super) fn scrub_journal(&self) -> Result<(), DiskError> {
        let mut is_first = true;
        for blocks in self.journal_blocks()? {
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
