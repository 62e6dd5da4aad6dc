//! Implements [`OfflineFilesystem`] for XFS.

use std::collections::BTreeMap;
use std::ops::Range;

use wire::digest::{Algorithm, Digest};

use super::bytes::BLOCK_LEN;
use super::inode::Fork;
use super::read::Xfs;
use super::tree::{Chunk, Kind};
use crate::{Areas, Cause, ChangedInodes, DiskError, OfflineFilesystem, ScrubScope};

impl OfflineFilesystem for Xfs<'_> {
    fn superblock_digest(&self) -> Result<Digest, DiskError> {
        // Hash the headers of all groups; the first header contains the superblock with the log's
        // position.
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
        /// Bytes ahead of the log's head that every mount marks as empty.
        const CLEARED: u64 = 2 << 20;
        /// Estimate of the bytes that one changed block adds to the log: its changed part and a log
        /// item. An inode's core is logged whole.
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
