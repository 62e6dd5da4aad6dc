//! Prediction of the blocks that a patch dirties, from the plan and the places of inodes and data on the volume.
//!
//! The volume shows the places of existing inodes, directories and bitmaps, of pages to write in place, and of blocks
//! to scrub. New data has no place yet. The allocator keeps new data together. So new data dirties as many blocks as
//! its length fills, and one more for each place at which the allocator begins. The journal is filled from the place
//! where the kernel writes next.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use diskfs::{Cause, Medium, OfflineFilesystem};
use wire::Manifest;
use wire::proto::DirtyBlocks;
use wire::units::{FRAME_LEN_MAX, PAGE_LEN, SNAPSHOT_BLOCK_LEN};

use super::job::Job;
use super::unmounted::by_cause;
use crate::PatchError;
use crate::device::Root;
use crate::freed::FreedPolicy;
use crate::plan::{DataSource, InodeOrigin, Plan};
use crate::scan::VolumeContent;

/// Count of places where the allocator puts new data, on average. Small files that one processor writes back share one
/// place; each large file and directory has its own.
const NEW_PLACES: u64 = 2;

/// Predicts the dirty blocks of a plan, except those of boot loaders.
pub(super) fn predict(
    job: &Job<'_>,
    root: &Root,
    plan: &Plan,
    have: &VolumeContent<'_>,
) -> Result<DirtyBlocks, PatchError> {
    if plan.is_empty() {
        return Ok(DirtyBlocks::default());
    }
    let medium = Medium::open(root.path())?;
    let filesystem = job.volume.filesystem.open_offline(&medium)?;
    let want = job.tree;
    let mut prediction =
        Prediction { filesystem: &*filesystem, want, have, touched: BTreeMap::new() };
    prediction.inodes(plan)?;
    prediction.data(plan)?;
    if job.options.freed == FreedPolicy::Scrub {
        prediction.scrubbed(plan)?;
    }
    prediction.journal()?;
    let new = new_len(plan, want).div_ceil(SNAPSHOT_BLOCK_LEN);
    let new = if new > 0 { new + NEW_PLACES } else { 0 };
    let mut found = by_cause(&prediction.causes());
    found.data += new;
    found.total += new;
    Ok(found)
}

/// Returns the length in bytes of the blocks to allocate: for files that are written anew, and for new directories.
fn new_len(plan: &Plan, want: &Manifest) -> u64 {
    let page = |len: u64| len.next_multiple_of(PAGE_LEN);
    let files: u64 = plan
        .write
        .iter()
        .filter(|write| !matches!(write.data, DataSource::Pages(_)))
        .map(|write| page(want.inode(write.index).data_len()))
        .sum();
    files + plan.create_dirs.len() as u64 * PAGE_LEN
}

struct Prediction<'a> {
    filesystem: &'a dyn OfflineFilesystem,
    want: &'a Manifest,
    have: &'a VolumeContent<'a>,
    /// Filesystem blocks to write, by number, with the first cause of each.
    touched: BTreeMap<u64, Cause>,
}

impl Prediction<'_> {
    fn touch(&mut self, bytes: Range<u64>, cause: Cause) {
        for block in bytes.start / PAGE_LEN..bytes.end.div_ceil(PAGE_LEN) {
            let first = self.touched.entry(block).or_insert(cause);
            *first = cause.min(*first);
        }
    }

    /// Returns the number of an inode on the volume; `None` if it is unknown.
    fn ino(&self, have: u32) -> Option<u64> {
        let stamp = self.have.stamps.get(have as usize)?;
        (stamp.ino != 0).then_some(stamp.ino)
    }

    /// Marks inode tables, bitmaps and directories.
    fn inodes(&mut self, plan: &Plan) -> Result<(), PatchError> {
        // The superblock changes with every mount.
        self.touch(0..PAGE_LEN, Cause::Bitmap);
        let gone = (0..self.have.manifest.inode_count())
            .filter(|have| plan.assignment.want_of(*have).is_none())
            .filter_map(|have| self.ino(have));
        let kept = plan.touched.iter().filter_map(|index| plan.assignment.have_of(*index));
        let kept: Vec<u64> = kept.filter_map(|have| self.ino(have)).collect();
        for number in gone.collect::<Vec<_>>() {
            self.touch(self.filesystem.slot(number)?, Cause::InodeTable);
            for bitmap in self.filesystem.maps_of(number)? {
                self.touch(bitmap, Cause::Bitmap);
            }
        }
        for number in kept {
            self.touch(self.filesystem.slot(number)?, Cause::InodeTable);
        }
        self.created(plan)?;
        for index in &plan.touched {
            let directory = self.want.inode(*index);
            let there = plan.assignment.have_of(*index).and_then(|have| self.ino(have));
            if let (true, Some(number)) = (directory.is_directory(), there) {
                for blocks in self.filesystem.data_of(number)? {
                    self.touch(blocks, Cause::Directory);
                }
            }
        }
        Ok(())
    }

    /// Marks the slots of new inodes: the first free ones of the group that their directory is in.
    fn created(&mut self, plan: &Plan) -> Result<(), PatchError> {
        let mut by_group: HashMap<u64, usize> = HashMap::new();
        let others = plan.create.iter().map(|create| create.node);
        for node in plan.create_dirs.iter().copied().chain(others) {
            let mut directory = self.want.parent(node);
            let number = loop {
                let there = plan.assignment.have_of(directory).and_then(|have| self.ino(have));
                match there {
                    Some(number) => break number,
                    None if directory == 0 => return Ok(()),
                    None => {
                        directory = self.want.parent(self.want.inode(directory).first_node());
                    }
                }
            };
            *by_group.entry(self.filesystem.group_of(number)).or_default() += 1;
        }
        for (group, count) in by_group {
            for number in self.filesystem.free_inodes(group, count)? {
                self.touch(self.filesystem.slot(number)?, Cause::InodeTable);
                for bitmap in self.filesystem.maps_of(number)? {
                    self.touch(bitmap, Cause::Bitmap);
                }
            }
        }
        Ok(())
    }

    /// Marks pages that are written in place.
    fn data(&mut self, plan: &Plan) -> Result<(), PatchError> {
        for write in &plan.write {
            let (DataSource::Pages(changed), InodeOrigin::Have(have)) = (&write.data, write.before)
            else {
                continue;
            };
            let Some(number) = self.ino(have) else { continue };
            let is_written = |offset: u64| match changed {
                None => true,
                Some(frames) => {
                    frames.binary_search(&((offset / FRAME_LEN_MAX as u64) as u32)).is_ok()
                }
            };
            let mut offset = 0;
            for blocks in self.filesystem.data_of(number)? {
                for at in blocks.step_by(PAGE_LEN as usize) {
                    if is_written(offset) {
                        self.touch(at..at + PAGE_LEN, Cause::Data);
                    }
                    offset += PAGE_LEN;
                }
            }
        }
        Ok(())
    }

    /// Marks the blocks to scrub: the data of removed inodes, and the old data of files that are written anew.
    fn scrubbed(&mut self, plan: &Plan) -> Result<(), PatchError> {
        let gone = (0..self.have.manifest.inode_count())
            .filter(|have| plan.assignment.want_of(*have).is_none());
        let rewritten = plan.write.iter().filter_map(|write| match (&write.data, write.before) {
            (
                DataSource::Whole | DataSource::Copy(_) | DataSource::Generated(_),
                InodeOrigin::Have(have),
            ) => Some(have),
            _ => None,
        });
        let numbers: Vec<u64> = gone.chain(rewritten).filter_map(|have| self.ino(have)).collect();
        for number in numbers {
            for blocks in self.filesystem.data_of(number)? {
                self.touch(blocks, Cause::Scrub);
            }
        }
        Ok(())
    }

    /// Marks the blocks of the journal that the patch fills: one for each metadata block, and some for the journal's
    /// own records.
    fn journal(&mut self) -> Result<(), PatchError> {
        let mut counts: BTreeMap<Cause, u64> = BTreeMap::new();
        for cause in self.touched.values() {
            if matches!(cause, Cause::Directory | Cause::InodeTable | Cause::Bitmap) {
                *counts.entry(*cause).or_default() += 1;
            }
        }
        let mut left = self.filesystem.journal_len(&counts);
        for blocks in self.filesystem.journal()? {
            let len = left.min(blocks.end - blocks.start);
            self.touch(blocks.start..blocks.start + len, Cause::Journal);
            left -= len;
        }
        Ok(())
    }

    /// Returns the dirty snapshot blocks, each under its first cause.
    fn causes(&self) -> BTreeMap<u64, Cause> {
        let mut causes = BTreeMap::new();
        for (block, cause) in &self.touched {
            let first = causes.entry(block * PAGE_LEN / SNAPSHOT_BLOCK_LEN).or_insert(*cause);
            *first = (*cause).min(*first);
        }
        causes
    }
}
