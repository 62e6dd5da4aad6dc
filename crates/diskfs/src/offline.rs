//! Reads an unmounted filesystem as bytes, for facts that no mount shows.
//!
//! Only the kernel writes files. This module reads an unmounted filesystem to find out which blocks
//! are metadata and of what kind, whether the metadata is as we left it, and what was freed. It
//! writes only to scrub.

use std::collections::BTreeMap;
use std::ops::Range;

use wire::digest::Digest;

use crate::{Areas, Cause, DiskError, ScrubScope};

/// Operations on an unmounted filesystem of any kind. Inodes are given by their numbers on the
/// volume. Ranges are byte ranges of the device.
///
/// # Errors
/// All methods: [`DiskError::Damaged`] for bytes that break the format; errors of reading.
#[allow(clippy::missing_errors_doc, reason = "one sentence holds for all")]
pub trait OfflineFilesystem {
    /// Returns a digest of the metadata that every mount for writing changes.
    fn superblock_digest(&self) -> Result<Digest, DiskError>;

    /// Returns the areas in which the kernel's writes have one known cause: metadata, the journal,
    /// and the blocks of the changed directories.
    fn areas(&self, changed: &ChangedInodes) -> Result<Areas, DiskError>;

    /// Returns the ranges of whole blocks that nothing uses, ascending.
    fn free_space(&self) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns the ranges of the journal, in the order in which the kernel will write them next.
    fn journal(&self) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns how often the journal has wrapped around; constant if each mount starts the journal
    /// anew.
    fn journal_round(&self) -> Result<u32, DiskError>;

    /// Estimates the bytes of journal that a patch writes if it changes the given number of blocks
    /// of each cause.
    fn journal_len(&self, blocks: &BTreeMap<Cause, u64>) -> u64;

    /// Returns the ranges of a file's or directory's data, in order; empty if it has no blocks.
    fn data_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns the range of an inode's slot in its table.
    fn slot(&self, number: u64) -> Result<Range<u64>, DiskError>;

    /// Finds the group that holds an inode, and returns the places of its maps of free blocks and
    /// of inodes.
    fn maps_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns the number of the group that holds an inode.
    fn group_of(&self, number: u64) -> u64;

    /// Returns up to `count` free inodes of a group and of the groups after it.
    fn free_inodes(&self, group: u64, count: usize) -> Result<Vec<u64>, DiskError>;

    /// Reads ahead what a walk will need; the filesystem must be mounted already.
    fn warm(&self) -> Result<(), DiskError>;

    /// Zeroes freed parts of metadata: inodes, names, attributes, the journal's body.
    fn scrub_metadata(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError>;
}

/// Inodes that a patch changed, by their numbers on the volume.
#[derive(Debug, Default)]
pub struct ChangedInodes {
    /// Inodes that the patch removed, as far as their numbers were known.
    pub gone: Vec<u64>,
    /// Directories that changed, by their numbers after the patch: those that gained or lost names, or whose attributes
    /// changed.
    pub directories: Vec<u64>,
    /// All inodes that changed, by their numbers after the patch.
    pub touched: Vec<u64>,
}
