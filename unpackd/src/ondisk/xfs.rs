//! XFS: where its metadata is. *Source:* Linux, fs/xfs/libxfs/xfs_format.h; numbers are big-endian.
//!
//! *Limits:* maps of free space and inodes move about, so their blocks cannot be told from data, and
//! neither can those of a directory whose extents do not fit its inode.

use std::ops::Range;

use wire::digest::{Algorithm, Digest};

use super::{Areas, Cause, Medium};
use crate::error::UnpackError;

/// An inode's length before its data fork, version 3.
const CORE_LEN: usize = 176;
/// A packed extent: flag, file offset, block, count in 128 bits.
const EXTENT_LEN: usize = 16;
/// `di_format` of a fork that is a list of extents.
const FORMAT_EXTENTS: u8 = 2;
/// Inodes are allocated, and written, in clusters of this many bytes at most.
const CLUSTER_LEN: u64 = 32 * 1024;
/// 64 TiB, the most that EBS has, in blocks of 4 KiB.
const BLOCKS_MAX: u64 = 1 << 34;

/// A filesystem's geometry, as its superblock has it.
#[derive(Debug)]
pub struct Xfs<'a> {
    medium: &'a Medium,
    block_len: u64,
    sector_len: u64,
    inode_len: u64,
    group_blocks: u64,
    group_count: u64,
    log: Range<u64>,
    /// log₂ of the blocks of a group, rounded up, and of the inodes of a block.
    group_log: u32,
    inodes_log: u32,
}

fn u16_be(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_be_bytes([b[0], b[1]]))
}

fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_be(bytes, at)) << 16 | u32::from(u16_be(bytes, at + 2))
}

fn u64_be(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_be(bytes, at)) << 32 | u64::from(u32_be(bytes, at + 4))
}

impl<'a> Xfs<'a> {
    /// Reads the superblock.
    ///
    /// # Errors
    /// [`UnpackError::Damaged`] for what is not as this module knows it; errors of reading.
    pub fn open(medium: &'a Medium) -> Result<Self, UnpackError> {
        let sb = medium.read(0, 512)?;
        let blocks = u64_be(&sb, 8);
        let found = Self {
            medium,
            block_len: u32_be(&sb, 4).into(),
            sector_len: u16_be(&sb, 102).into(),
            inode_len: u16_be(&sb, 104).into(),
            group_blocks: u32_be(&sb, 84).into(),
            group_count: u32_be(&sb, 88).into(),
            log: 0..u32_be(&sb, 96).into(),
            group_log: sb[124].into(),
            inodes_log: sb[123].into(),
        };
        let is_sound = sb.starts_with(b"XFSB")
            && u16_be(&sb, 100) & 0xf == 5
            && found.block_len == 4096
            && (512..=4096).contains(&found.sector_len)
            && (256..=2048).contains(&found.inode_len)
            && found.group_log < 32
            && found.inodes_log < 8
            && found.group_blocks > 0
            && found.group_blocks.saturating_mul(found.group_count) <= BLOCKS_MAX
            && (1..=1 << 20).contains(&found.group_count)
            && found.group_blocks.saturating_mul(found.group_count) >= blocks;
        if !is_sound {
            return Err(medium.damaged("it is no xfs filesystem that imprint makes"));
        }
        let begin = found.block(u64_be(&sb, 48));
        let log = begin..begin.saturating_add(found.log.end * found.block_len);
        Ok(Self { log, ..found })
    }

    /// Where a block is, by its number: group and block in it.
    fn block(&self, number: u64) -> u64 {
        let group = number >> self.group_log;
        let within = number & ((1 << self.group_log) - 1);
        // Numbers come from the disk: one that is too large is one that cannot be read.
        let block = group.saturating_mul(self.group_blocks).saturating_add(within);
        block.saturating_mul(self.block_len)
    }

    /// Where an inode is.
    fn inode_at(&self, number: u64) -> u64 {
        let within = number & ((1 << self.inodes_log) - 1);
        self.block(number >> self.inodes_log).saturating_add(within * self.inode_len)
    }

    /// Returns a digest of what every mount for writing changes: the headers of all groups, the
    /// superblock with the log's position among them.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn skeleton(&self) -> Result<Digest, UnpackError> {
        let mut hasher = Algorithm::Sha256.hasher();
        for group in 0..self.group_count {
            let at = group * self.group_blocks * self.block_len;
            hasher.update(&self.medium.read(at, 4 * self.sector_len as usize)?);
        }
        Ok(hasher.finish())
    }

    /// Returns which cause each area has; directories and all inodes that changed by their numbers.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn areas(&self, directories: &[u64], inodes: &[u64]) -> Result<Areas, UnpackError> {
        let mut areas = vec![(self.log.clone(), Cause::Journal)];
        for group in 0..self.group_count {
            let begin = group * self.group_blocks * self.block_len;
            areas.push((begin..begin + self.block_len, Cause::Bitmap));
        }
        let mut clusters: Vec<u64> =
            inodes.iter().map(|number| self.inode_at(*number) / CLUSTER_LEN).collect();
        clusters.sort_unstable();
        clusters.dedup();
        for cluster in clusters {
            let begin = cluster * CLUSTER_LEN;
            areas.push((begin..begin.saturating_add(CLUSTER_LEN), Cause::InodeTable));
        }
        for number in directories {
            areas.extend(self.directory(*number)?.into_iter().map(|at| (at, Cause::Directory)));
        }
        Ok(Areas::new(areas))
    }

    /// Returns the blocks of a directory, where they are listed in its inode.
    fn directory(&self, number: u64) -> Result<Vec<Range<u64>>, UnpackError> {
        let inode = self.medium.read(self.inode_at(number), self.inode_len as usize)?;
        if !inode.starts_with(b"IN") || inode[5] != FORMAT_EXTENTS {
            return Ok(Vec::new());
        }
        let count = u32_be(&inode, 76) as usize;
        let extents = inode[CORE_LEN..].chunks_exact(EXTENT_LEN).take(count);
        Ok(extents
            .map(|extent| {
                let (high, low) = (u64_be(extent, 0), u64_be(extent, 8));
                let begin = self.block((high & 0x1ff) << 43 | low >> 21);
                begin..begin.saturating_add((low & 0x1f_ffff) * self.block_len)
            })
            .collect())
    }
}
