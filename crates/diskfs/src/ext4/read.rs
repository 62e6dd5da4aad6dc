//! Reads ext4's superblock, groups, bitmaps and inodes. *Source:* Linux, fs/ext4/ext4.h.

use std::collections::BTreeMap;
use std::ops::Range;

use wire::bytes::{u16_at, u32_at};
use wire::digest::{Algorithm, Digest};

use crate::{Areas, Cause, ChangedInodes, DiskError, Medium, OfflineFilesystem, ScrubScope};

/// Bit of `i_flags`: the inode's blocks are in an extent tree.
pub(super) const EXTENTS_FLAG: u32 = 0x80000;

/// Offset and length of the superblock in bytes.
pub(super) const SUPERBLOCK_AT: u64 = 1024;
pub(super) const SUPERBLOCK_LEN: usize = 1024;
pub(super) const MAGIC: u16 = 0xef53;

/// Incompatible features that this module knows: filetype, needs_recovery, extents, 64bit, flex_bg,
/// csum_seed. Volumes have only those in [`super::FEATURES`].
pub(super) const INCOMPAT_KNOWN: u32 = 0x2 | 0x4 | 0x40 | 0x80 | 0x200 | CSUM_SEED;
pub(super) const CSUM_SEED: u32 = 0x2000;

/// Limit on blocks: 2³⁴ of 4 KiB are 64 TiB, the longest EBS volume.
pub(super) const BLOCKS_MAX: u64 = 1 << 34;

/// Bits of a group's flags: its inode bitmap, or its block bitmap, was never written.
pub(super) const INODE_UNINIT: u16 = 1;
pub(super) const BLOCK_UNINIT: u16 = 2;

/// A filesystem's geometry, from its superblock and group descriptors.
#[derive(Debug)]
pub(crate) struct Ext4<'a> {
    pub(super) medium: &'a Medium,
    /// Length of a block in bytes.
    pub(super) block_len: u64,
    pub(super) blocks: u64,
    pub(super) blocks_per_group: u64,
    pub(super) inodes_per_group: u64,
    pub(super) inode_len: u64,
    pub(super) first_inode: u64,
    pub(super) journal_inode: u64,
    pub(super) checksum_seed: u32,
    pub(super) descriptors_len: u64,
    pub(super) groups: Vec<GroupDescriptor>,
    /// Blocks that always hold metadata, with the cause of the kernel's writes to them, in ascending
    /// order.
    pub(super) fixed: Vec<(Range<u64>, Cause)>,
    /// Superblock and group descriptors, as read.
    pub(super) raw: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct GroupDescriptor {
    pub(super) block_bitmap: u64,
    pub(super) inode_bitmap: u64,
    pub(super) inode_table: u64,
    /// Inodes at the end of the table that were never used.
    pub(super) unused_inodes: u64,
    pub(super) flags: u16,
}

/// An inode's bytes in a table, and its number.
#[derive(Debug)]
pub(super) struct RawInode {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
}

impl RawInode {
    pub(super) fn is_directory(&self) -> bool {
        u16_at(&self.bytes, 0) & 0o170_000 == 0o040_000
    }

    pub(super) fn flags(&self) -> u32 {
        u32_at(&self.bytes, 32)
    }

    pub(super) fn has_extents(&self) -> bool {
        self.flags() & EXTENTS_FLAG != 0
    }

    pub(super) fn generation(&self) -> u32 {
        u32_at(&self.bytes, 100)
    }
}

/// Returns ext4's CRC32C, which inverts neither the seed nor the result.
pub(super) fn checksum(seed: u32, bytes: &[u8]) -> u32 {
    !crc32c::crc32c_append(!seed, bytes)
}

impl<'a> Ext4<'a> {
    /// Reads superblock and group descriptors, and checks the superblock's checksum.
    ///
    /// # Errors
    /// [`DiskError::Damaged`] for a superblock or geometry that imprint would not make; errors of
    /// reading.
    pub(super) fn open(medium: &'a Medium) -> Result<Self, DiskError> {
        let sb = medium.read(SUPERBLOCK_AT, SUPERBLOCK_LEN)?;
        let damaged = |problem: &str| medium.damaged(problem);
        if u16_at(&sb, 0x38) != MAGIC {
            return Err(damaged("it is no ext4 filesystem"));
        }
        let incompat = u32_at(&sb, 0x60);
        if incompat & !INCOMPAT_KNOWN != 0 || u32_at(&sb, 0x14) != 0 {
            return Err(damaged("it has features that imprint does not make"));
        }
        if checksum(!0, &sb[..0x3fc]) != u32_at(&sb, 0x3fc) {
            return Err(damaged("its superblock's checksum is wrong"));
        }
        let wide = |low: usize, high: usize| {
            u64::from(u32_at(&sb, low)) | u64::from(u32_at(&sb, high)) << 32
        };
        let block_len = 1024u64 << u32_at(&sb, 0x18).min(6);
        let seed = match incompat & CSUM_SEED {
            0 => checksum(!0, &sb[0x68..0x78]),
            _ => u32_at(&sb, 0x270),
        };
        let descriptor_len = u64::from(u16_at(&sb, 0xfe));
        let mut found = Self {
            medium,
            block_len,
            blocks: wide(0x4, 0x150),
            blocks_per_group: u32_at(&sb, 0x20).into(),
            inodes_per_group: u32_at(&sb, 0x28).into(),
            inode_len: u16_at(&sb, 0x58).into(),
            first_inode: u32_at(&sb, 0x54).into(),
            journal_inode: u32_at(&sb, 0xe0).into(),
            checksum_seed: seed,
            descriptors_len: 0,
            groups: Vec::new(),
            fixed: Vec::new(),
            raw: Vec::new(),
        };
        let is_sound = found.block_len == 4096
            && (1..=BLOCKS_MAX).contains(&found.blocks)
            && found.blocks_per_group == 8 * block_len
            && (1..=8 * block_len).contains(&found.inodes_per_group)
            && (128..=block_len).contains(&found.inode_len)
            && descriptor_len == 64;
        if !is_sound {
            return Err(damaged("its geometry is not one that imprint makes"));
        }
        found.read_groups(sb, descriptor_len)?;
        found.fixed = found.find_fixed();
        Ok(found)
    }

    pub(super) fn read_groups(
        &mut self,
        sb: Vec<u8>,
        descriptor_len: u64,
    ) -> Result<(), DiskError> {
        let count = self.blocks.div_ceil(self.blocks_per_group);
        self.descriptors_len = (count * descriptor_len).next_multiple_of(self.block_len);
        // 2³² blocks are 2¹⁷ groups, and 2¹⁷ descriptors take 8 MiB.
        let len = usize::try_from(self.descriptors_len).unwrap_or(usize::MAX);
        if len > 8 << 20 {
            return Err(self.medium.damaged("it has more groups than imprint makes"));
        }
        let table = self.medium.read(self.block_len, len)?;
        for descriptor in table.chunks_exact(descriptor_len as usize).take(count as usize) {
            let wide = |low: usize, high: usize| {
                u64::from(u32_at(descriptor, low)) | u64::from(u32_at(descriptor, high)) << 32
            };
            let group = GroupDescriptor {
                block_bitmap: wide(0x0, 0x20),
                inode_bitmap: wide(0x4, 0x24),
                inode_table: wide(0x8, 0x28),
                unused_inodes: u64::from(u16_at(descriptor, 0x1c))
                    | u64::from(u16_at(descriptor, 0x32)) << 16,
                flags: u16_at(descriptor, 0x12),
            };
            let table_end = group.inode_table.saturating_add(self.table_blocks());
            if group.block_bitmap.max(group.inode_bitmap).max(table_end) >= self.blocks {
                return Err(self.medium.damaged("a group's metadata lies outside of it"));
            }
            self.groups.push(group);
        }
        self.raw = sb;
        self.raw.extend_from_slice(&table);
        Ok(())
    }

    pub(super) fn table_blocks(&self) -> u64 {
        (self.inodes_per_group * self.inode_len).div_ceil(self.block_len)
    }

    pub(super) fn bytes(&self, blocks: Range<u64>) -> Range<u64> {
        blocks.start * self.block_len..blocks.end * self.block_len
    }

    /// Returns whether a group has copies of the superblock and the descriptors (sparse_super).
    pub(super) fn has_backup(group: u64) -> bool {
        let is_power_of = |base: u64| {
            let mut power = base;
            while power < group {
                power *= base;
            }
            power == group
        };
        group <= 1 || is_power_of(3) || is_power_of(5) || is_power_of(7)
    }

    pub(super) fn find_fixed(&self) -> Vec<(Range<u64>, Cause)> {
        let mut found = Vec::new();
        for (number, group) in (0u64..).zip(&self.groups) {
            if Self::has_backup(number) {
                let begin = number * self.blocks_per_group;
                let descriptors = self.descriptors_len / self.block_len;
                found.push((begin..(begin + 1 + descriptors).min(self.blocks), Cause::Bitmap));
            }
            found.push((group.block_bitmap..group.block_bitmap + 1, Cause::Bitmap));
            found.push((group.inode_bitmap..group.inode_bitmap + 1, Cause::Bitmap));
            let table = group.inode_table..group.inode_table + self.table_blocks();
            found.push((table, Cause::InodeTable));
        }
        found.sort_by_key(|(blocks, _)| blocks.start);
        found
    }

    /// Returns the block ranges of the journal, in the journal's order.
    pub(super) fn journal_blocks(&self) -> Result<Vec<Range<u64>>, DiskError> {
        let inode = self.inode(self.journal_inode)?;
        Ok(self.extents(&inode)?.into_iter().map(|extent| extent.blocks).collect())
    }

    /// Returns whether the filesystem records an error: the kernel found one, or could not write
    /// the journal.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading.
    pub(super) fn has_error(&self) -> Result<bool, DiskError> {
        const STATE_AT: usize = 0x3a;
        const STATE_ERROR: u16 = 2;
        /// Offset of `s_errno` in the journal's superblock.
        const JOURNAL_ERROR_AT: usize = 0x20;
        if u16_at(&self.raw, STATE_AT) & STATE_ERROR != 0 {
            return Ok(true);
        }
        let Some(first) = self.journal_blocks()?.into_iter().next() else { return Ok(false) };
        let journal = self.medium.read(first.start * self.block_len, SUPERBLOCK_LEN)?;
        Ok(u32_at(&journal, JOURNAL_ERROR_AT) != 0)
    }

    /// Returns the byte offset of an inode in its table.
    pub(super) fn inode_at(&self, number: u64) -> Result<u64, DiskError> {
        let index = number.checked_sub(1);
        let group =
            index.and_then(|index| self.groups.get((index / self.inodes_per_group) as usize));
        match (index, group) {
            (Some(index), Some(group)) => {
                let slot = index % self.inodes_per_group;
                Ok(group.inode_table * self.block_len + slot * self.inode_len)
            }
            _ => Err(self.medium.damaged(format!("inode {number} does not exist"))),
        }
    }

    pub(super) fn inode(&self, number: u64) -> Result<RawInode, DiskError> {
        let at = self.inode_at(number)?;
        Ok(RawInode { number, bytes: self.medium.read(at, self.inode_len as usize)? })
    }

    /// Reads the bitmap of a group's used inodes; `None` if no inode of the group was ever used.
    pub(super) fn inode_bitmap(
        &self,
        group: GroupDescriptor,
    ) -> Result<Option<Vec<u8>>, DiskError> {
        if group.flags & INODE_UNINIT != 0 {
            return Ok(None);
        }
        let at = group.inode_bitmap * self.block_len;
        self.medium.read(at, self.block_len as usize).map(Some)
    }

    /// Reads the bitmap of a group's used blocks, one block long.
    pub(super) fn block_bitmap(&self, number: usize) -> Result<Vec<u8>, DiskError> {
        let group = self.groups[number];
        if group.flags & BLOCK_UNINIT == 0 {
            return self.medium.read(group.block_bitmap * self.block_len, self.block_len as usize);
        }
        // The bitmap was never written: only fixed metadata is in use.
        let mut bitmap = vec![0; self.block_len as usize];
        let begin = number as u64 * self.blocks_per_group;
        let end = begin + self.blocks_per_group;
        let first = self.fixed.partition_point(|(blocks, _)| blocks.end <= begin);
        for (blocks, _) in self.fixed[first..].iter().take_while(|(blocks, _)| blocks.start < end) {
            for block in blocks.start.max(begin)..blocks.end.min(end) {
                set_bit(&mut bitmap, block - begin);
            }
        }
        Ok(bitmap)
    }
}

impl OfflineFilesystem for Ext4<'_> {
    fn superblock_digest(&self) -> Result<Digest, DiskError> {
        // Every mount for writing changes the superblock; errors change the journal's superblock.
        let mut hasher = Algorithm::Sha256.hasher();
        hasher.update(&self.raw);
        if let Some(first) = self.journal_blocks()?.first() {
            let at = first.start * self.block_len;
            hasher.update(&self.medium.read(at, self.block_len as usize)?);
        }
        Ok(hasher.finish())
    }

    fn areas(&self, changed: &ChangedInodes) -> Result<Areas, DiskError> {
        let mut areas: Vec<_> =
            self.fixed.iter().map(|(blocks, cause)| (self.bytes(blocks.clone()), *cause)).collect();
        for blocks in self.journal_blocks()? {
            areas.push((self.bytes(blocks), Cause::Journal));
        }
        for number in &changed.directories {
            let inode = self.inode(*number)?;
            if inode.is_directory() {
                for extent in self.extents(&inode)? {
                    areas.push((self.bytes(extent.blocks), Cause::Directory));
                }
            }
        }
        Ok(Areas::new(areas))
    }

    fn journal_round(&self) -> Result<u32, DiskError> {
        Ok(0)
    }

    fn journal_len(&self, blocks: &BTreeMap<Cause, u64>) -> u64 {
        /// Estimate: one block of descriptors per this many blocks, and a few blocks for commits.
        const DESCRIPTORS: u64 = 16;
        const COMMITS: u64 = 8;
        let count: u64 = blocks.values().sum();
        (count + count / DESCRIPTORS + COMMITS) * self.block_len
    }

    fn free_space(&self) -> Result<Vec<Range<u64>>, DiskError> {
        let mut found: Vec<Range<u64>> = Vec::new();
        for group in 0..self.groups.len() {
            let bitmap = self.block_bitmap(group)?;
            let begin = group as u64 * self.blocks_per_group;
            let count = self.blocks_per_group.min(self.blocks - begin);
            for bit in (0..count).filter(|bit| !has_bit(&bitmap, *bit)) {
                let block = self.bytes(begin + bit..begin + bit + 1);
                match found.last_mut() {
                    Some(last) if last.end == block.start => last.end = block.end,
                    _ => found.push(block),
                }
            }
        }
        Ok(found)
    }

    fn journal(&self) -> Result<Vec<Range<u64>>, DiskError> {
        Ok(self.journal_blocks()?.into_iter().map(|blocks| self.bytes(blocks)).collect())
    }

    fn data_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError> {
        let inode = self.inode(number)?;
        if !inode.has_extents() {
            return Ok(Vec::new());
        }
        Ok(self.extents(&inode)?.into_iter().map(|extent| self.bytes(extent.blocks)).collect())
    }

    fn slot(&self, number: u64) -> Result<Range<u64>, DiskError> {
        let at = self.inode_at(number)?;
        Ok(at..at + self.inode_len)
    }

    fn maps_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError> {
        let group = self.groups.get(self.group_of(number) as usize);
        let group =
            group.ok_or_else(|| self.medium.damaged(format!("inode {number} does not exist")))?;
        let block = |number: u64| self.bytes(number..number + 1);
        Ok(vec![block(group.block_bitmap), block(group.inode_bitmap)])
    }

    fn group_of(&self, number: u64) -> u64 {
        number.saturating_sub(1) / self.inodes_per_group
    }

    fn free_inodes(&self, group: u64, count: usize) -> Result<Vec<u64>, DiskError> {
        let mut found = Vec::new();
        for number in group as usize..self.groups.len() {
            let bitmap = self.inode_bitmap(self.groups[number])?.unwrap_or_default();
            let first = number as u64 * self.inodes_per_group + 1;
            let free = (0..self.inodes_per_group).filter(|slot| !has_bit(&bitmap, *slot));
            found.extend(free.map(|slot| first + slot).take(count - found.len()));
            if found.len() >= count {
                break;
            }
        }
        Ok(found)
    }

    fn warm(&self) -> Result<(), DiskError> {
        self.read_ahead()
    }

    fn scrub_metadata(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        self.scrub_journal()?;
        self.scrub_directories(scope)?;
        self.scrub_inodes(scope)
    }
}

pub(super) fn has_bit(bitmap: &[u8], bit: u64) -> bool {
    bitmap.get((bit / 8) as usize).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}

pub(super) fn set_bit(bitmap: &mut [u8], bit: u64) {
    if let Some(byte) = bitmap.get_mut((bit / 8) as usize) {
        *byte |= 1 << (bit % 8);
    }
}
