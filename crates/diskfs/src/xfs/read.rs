//! Reads XFS's geometry. *Source:* Linux, fs/xfs/libxfs/xfs_format.h and xfs_da_format.h. Numbers
//! are big-endian, except checksums.

use std::ops::Range;

use super::bytes::{BLOCK_LEN, u16_be, u32_be, u64_be};
use super::group::GroupHeader;
use crate::{DiskError, Medium};

/// Limit on blocks of 4 KiB: 64 TiB, the longest EBS volume.
pub(super) const BLOCKS_MAX: u64 = 1 << 34;

/// Features that this module knows. Incompatible: types in directories, sparse inode chunks, large
/// times, large extent counts. Read-only-compatible: maps of free inodes, reflinks, counts of inode
/// blocks.
pub(super) const INCOMPAT_KNOWN: u32 = 0x1 | 0x2 | 0x8 | 0x20;
pub(super) const RO_COMPAT_KNOWN: u32 = 0x1 | 0x4 | 0x8;

/// A filesystem's geometry, from its superblock and the headers of its groups.
#[derive(Debug)]
pub(crate) struct Xfs<'a> {
    pub(super) medium: &'a Medium,
    pub(super) sector_len: u64,
    pub(super) inode_len: u64,
    pub(super) group_blocks: u64,
    pub(super) blocks: u64,
    pub(super) has_sparse_chunks: bool,
    pub(super) log: Range<u64>,
    /// log₂ of the blocks per group, rounded up; `inodes_log` is log₂ of the inodes per block.
    pub(super) group_log: u32,
    pub(super) inodes_log: u32,
    pub(super) groups: Vec<GroupHeader>,
}

impl<'a> Xfs<'a> {
    /// Reads and checks the superblock and the headers of all groups.
    ///
    /// # Errors
    /// [`DiskError::Damaged`] for a superblock, geometry or header that imprint would not make;
    /// errors of reading.
    pub(super) fn open(medium: &'a Medium) -> Result<Self, DiskError> {
        let sb = medium.read(0, 512)?;
        let incompat = u32_be(&sb, 216);
        let mut found = Self {
            medium,
            sector_len: u16_be(&sb, 102).into(),
            inode_len: u16_be(&sb, 104).into(),
            group_blocks: u32_be(&sb, 84).into(),
            blocks: u64_be(&sb, 8),
            has_sparse_chunks: incompat & 0x2 != 0,
            log: 0..0,
            group_log: sb[124].into(),
            inodes_log: sb[123].into(),
            groups: Vec::new(),
        };
        let group_count = u64::from(u32_be(&sb, 88));
        let is_sound = sb.starts_with(b"XFSB")
            && u16_be(&sb, 100) & 0xf == 5
            && u64::from(u32_be(&sb, 4)) == BLOCK_LEN
            && sb[192] == 0
            && incompat & !INCOMPAT_KNOWN == 0
            && u32_be(&sb, 212) & !RO_COMPAT_KNOWN == 0
            && (512..=4096).contains(&found.sector_len)
            && (256..=2048).contains(&found.inode_len)
            && found.inode_len << found.inodes_log.min(32) == BLOCK_LEN
            && found.group_log < 32
            && (1..=1 << found.group_log).contains(&found.group_blocks)
            && (1..=1 << 20).contains(&group_count)
            && (1..=BLOCKS_MAX).contains(&found.blocks)
            && found.blocks.div_ceil(found.group_blocks) == group_count;
        if !is_sound {
            return Err(medium.damaged("it is no xfs filesystem that imprint makes"));
        }
        let log = found.block(u64_be(&sb, 48))?;
        found.log = log..log + u64::from(u32_be(&sb, 96)) * BLOCK_LEN;
        if found.log.is_empty() || found.log.end > found.blocks * BLOCK_LEN {
            return Err(medium.damaged("its log lies outside of it"));
        }
        for group in 0..group_count {
            let at = group * found.group_blocks * BLOCK_LEN;
            let header = medium.read(at, 4 * found.sector_len as usize)?;
            let group = GroupHeader::read(&header, found.sector_len as usize);
            found.groups.push(group.ok_or_else(|| medium.damaged("a group's header is damaged"))?);
        }
        Ok(found)
    }

    /// Returns the byte offset of a block. `number` combines the group and the block's number
    /// within the group.
    pub(super) fn block(&self, number: u64) -> Result<u64, DiskError> {
        self.block_in(number >> self.group_log, number & ((1 << self.group_log) - 1))
    }

    /// Returns the byte offset of a block of a group.
    pub(super) fn block_in(&self, group: u64, within: u64) -> Result<u64, DiskError> {
        let block = group.saturating_mul(self.group_blocks).saturating_add(within);
        if within >= self.group_blocks || block >= self.blocks {
            return Err(self.medium.damaged(format!("group {group} has no block {within}")));
        }
        Ok(block * BLOCK_LEN)
    }

    /// Splits an inode's number into its group and its number within the group.
    pub(super) fn split(&self, number: u64) -> (u64, u64) {
        let bits = self.group_log + self.inodes_log;
        (number >> bits, number & ((1 << bits) - 1))
    }

    /// Joins a group and an inode's number within the group into the inode's number.
    pub(super) fn join(&self, group: u64, within: u64) -> u64 {
        group << (self.group_log + self.inodes_log) | within
    }

    /// Reads the block at a byte offset.
    pub(super) fn read_block(&self, at: u64) -> Result<Vec<u8>, DiskError> {
        self.medium.read(at, BLOCK_LEN as usize)
    }
}
