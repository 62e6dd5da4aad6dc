//! Reads XFS's geometry and groups, and implements [`OfflineFilesystem`]. *Source:* Linux,
//! fs/xfs/libxfs/xfs_format.h and xfs_da_format.h. Numbers are big-endian, except checksums.

use std::collections::BTreeMap;
use std::ops::Range;

use wire::digest::{Algorithm, Digest};

use super::inode::Fork;
use super::tree::{Chunk, Group, Kind};
use crate::{Areas, Cause, ChangedInodes, DiskError, Medium, OfflineFilesystem, ScrubScope};

/// Most blocks of 4 KiB: 64 TiB, the longest EBS volume.
pub(super) const BLOCKS_MAX: u64 = 1 << 34;
pub(super) const BLOCK_LEN: u64 = 4096;

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
    pub(super) groups: Vec<Group>,
}

pub(super) fn u16_be(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_be_bytes([b[0], b[1]]))
}

pub(super) fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_be(bytes, at)) << 16 | u32::from(u16_be(bytes, at + 2))
}

pub(super) fn u64_be(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_be(bytes, at)) << 32 | u64::from(u32_be(bytes, at + 4))
}

/// Computes the CRC32C of `bytes` and stores it in them, in the four bytes at `at`.
pub(super) fn write_checksum(bytes: &mut [u8], at: usize) {
    bytes[at..at + 4].fill(0);
    let sum = crc32c::crc32c(bytes);
    bytes[at..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// Returns whether the four bytes at `at` are the CRC32C of all others with zeros in their place.
pub(super) fn has_checksum(bytes: &[u8], at: usize) -> bool {
    let Some((before, stored)) = bytes.split_at_checked(at) else { return false };
    let Some((stored, behind)) = stored.split_at_checked(4) else { return false };
    let sum = crc32c::crc32c_append(crc32c::crc32c(before), &[0; 4]);
    crc32c::crc32c_append(sum, behind).to_le_bytes() == stored
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
            let group = Group::read(&header, found.sector_len as usize);
            found.groups.push(group.ok_or_else(|| medium.damaged("a group's header is damaged"))?);
        }
        Ok(found)
    }

    /// Returns the byte offset of a block, whose number combines group and block within it.
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

    /// Joins a group and an inode's number within it into the inode's number.
    pub(super) fn join(&self, group: u64, within: u64) -> u64 {
        group << (self.group_log + self.inodes_log) | within
    }

    /// Reads the block at a byte offset.
    pub(super) fn read_block(&self, at: u64) -> Result<Vec<u8>, DiskError> {
        self.medium.read(at, BLOCK_LEN as usize)
    }

    /// Returns the byte offsets of the blocks of a chunk that exist.
    pub(super) fn chunk_blocks(&self, group: u64, chunk: &Chunk) -> Result<Vec<u64>, DiskError> {
        let per_block = 1 << self.inodes_log;
        let slots = (0..Chunk::LEN).step_by(per_block as usize).filter(|slot| chunk.exists(*slot));
        slots.map(|slot| self.block_in(group, (chunk.first + slot) >> self.inodes_log)).collect()
    }
}

impl OfflineFilesystem for Xfs<'_> {
    fn superblock_digest(&self) -> Result<Digest, DiskError> {
        // The headers of all groups; the first contains the superblock with the log's position.
        let mut hasher = Algorithm::Sha256.hasher();
        for group in 0..self.groups.len() as u64 {
            let at = group * self.group_blocks * BLOCK_LEN;
            hasher.update(&self.medium.read(at, 4 * self.sector_len as usize)?);
        }
        Ok(hasher.finish())
    }

    fn areas(&self, changed: &ChangedInodes) -> Result<Areas, DiskError> {
        let block = |at: u64| at..at + BLOCK_LEN;
        let mut areas = vec![(self.log.clone(), Cause::Journal)];
        for group in 0..self.groups.len() as u64 {
            areas.push((block(self.block_in(group, 0)?), Cause::Bitmap));
            for kind in Kind::ALL {
                self.visit(group, kind, &mut |at, _| areas.push((block(at), Cause::Bitmap)))?;
            }
            for at in self.spare_blocks(group)? {
                areas.push((block(at), Cause::Bitmap));
            }
            for chunk in self.chunks(group)? {
                let blocks = self.chunk_blocks(group, &chunk)?;
                areas.extend(blocks.into_iter().map(|at| (block(at), Cause::InodeTable)));
            }
        }
        for number in &changed.directories {
            let inode = self.inode(*number)?;
            let mapped = self.mapped(&inode, Fork::Data)?;
            let nodes = mapped.nodes.into_iter().map(block);
            areas.extend(mapped.data.into_iter().chain(nodes).map(|at| (at, Cause::Directory)));
        }
        Ok(Areas::new(areas))
    }

    fn free_space(&self) -> Result<Vec<Range<u64>>, DiskError> {
        let mut found: Vec<Range<u64>> = Vec::new();
        for group in 0..self.groups.len() as u64 {
            found.extend(self.free_extents(group)?);
            found.extend(self.spare_blocks(group)?.into_iter().map(|at| at..at + BLOCK_LEN));
        }
        found.sort_unstable_by_key(|range| range.start);
        Ok(found)
    }

    fn journal(&self) -> Result<Vec<Range<u64>>, DiskError> {
        let head = self.log_head()?;
        Ok(vec![head..self.log.end, self.log.start..head])
    }

    fn journal_round(&self) -> Result<u32, DiskError> {
        self.log_round()
    }

    fn journal_len(&self, blocks: &BTreeMap<Cause, u64>) -> u64 {
        /// Bytes ahead of the log's end that every mount marks as empty.
        const CLEARED: u64 = 2 << 20;
        /// Estimate of a block's changed part with its log item, in bytes; an inode's core is
        /// logged whole.
        const PART_LEN: u64 = 1024;
        CLEARED + blocks.values().sum::<u64>() * PART_LEN
    }

    fn data_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError> {
        let inode = self.inode(number)?;
        Ok(self.mapped(&inode, Fork::Data)?.data)
    }

    fn slot(&self, number: u64) -> Result<Range<u64>, DiskError> {
        let within = number & ((1 << self.inodes_log) - 1);
        let at = self.block(number >> self.inodes_log)? + within * self.inode_len;
        Ok(at..at + self.inode_len)
    }

    fn maps_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError> {
        let group = self.group_of(number);
        let mut found = vec![self.block_in(group, 0)?];
        for kind in Kind::ALL {
            self.visit(group, kind, &mut |at, _| found.push(at))?;
        }
        Ok(found.into_iter().map(|at| at..at + BLOCK_LEN).collect())
    }

    fn group_of(&self, number: u64) -> u64 {
        self.split(number).0
    }

    fn free_inodes(&self, group: u64, count: usize) -> Result<Vec<u64>, DiskError> {
        let mut found = Vec::new();
        for group in group..self.groups.len() as u64 {
            for chunk in self.chunks(group)? {
                let free =
                    (0..Chunk::LEN).filter(|slot| chunk.exists(*slot) && chunk.is_free(*slot));
                let numbers = free.map(|slot| self.join(group, chunk.first + slot));
                found.extend(numbers.take(count - found.len()));
            }
            if found.len() >= count {
                break;
            }
        }
        Ok(found)
    }

    fn warm(&self) -> Result<(), DiskError> {
        // A mounted XFS has its own cache, which reading the device does not fill.
        Ok(())
    }

    fn scrub_metadata(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        self.scrub_maps()?;
        self.scrub_inodes(scope)?;
        self.scrub_log(scope)
    }
}
