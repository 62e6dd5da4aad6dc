//! A filesystem that is not mounted, read as bytes: what no mount tells.
//!
//! The kernel writes filesystems; here they are read when they are not mounted, to know which blocks are metadata and of
//! what kind, whether the metadata is as we left it, and what was freed. The only writing is scrubbing.

use std::collections::BTreeMap;
use std::ops::Range;

use wire::digest::Digest;

use crate::{Areas, Cause, DiskError, ScrubScope};

/// What is asked of a filesystem that is not mounted, whichever it is. Inodes are named by their
/// numbers on the volume.
///
/// # Errors
/// All: [`DiskError::Damaged`] for what is not as the format has it; errors of reading.
#[allow(clippy::missing_errors_doc, reason = "one sentence holds for all")]
pub trait OfflineFilesystem {
    /// Returns a digest of what every mount for writing changes.
    fn superblock_digest(&self) -> Result<Digest, DiskError>;

    /// Returns which cause each area has.
    fn areas(&self, changed: &ChangedInodes) -> Result<Areas, DiskError>;

    /// Returns the bytes that are free, in ascending order.
    fn free_space(&self) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns where the journal is, in the order in which it will be written next.
    fn journal(&self) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns how often the journal has come around; always the same where it begins anew each time.
    fn journal_round(&self) -> Result<u32, DiskError>;

    /// Returns how many bytes of the journal a patch will write that changes this many blocks of
    /// each kind of metadata: an estimate.
    fn journal_len(&self, blocks: &BTreeMap<Cause, u64>) -> u64;

    /// Returns where the data of a file or directory is, in order; nothing for what has no blocks.
    fn data_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns where an inode is.
    fn slot(&self, number: u64) -> Result<Range<u64>, DiskError>;

    /// Returns the maps of what is free in the group that an inode is in.
    fn maps_of(&self, number: u64) -> Result<Vec<Range<u64>>, DiskError>;

    /// Returns the group that an inode is in.
    fn group_of(&self, number: u64) -> u64;

    /// Returns up to `count` free inodes from the start of a group on, and of those behind it.
    fn free_inodes(&self, group: u64, count: usize) -> Result<Vec<u64>, DiskError>;

    /// Reads ahead what a walk will ask for; the filesystem is mounted already.
    fn warm(&self) -> Result<(), DiskError>;

    /// Zeroes what was freed inside of metadata: inodes, names, attributes, the journal's body.
    fn scrub_metadata(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError>;
}

/// What a patch changed: inode numbers on the volume.
#[derive(Debug, Default)]
pub struct ChangedInodes {
    /// Inodes that went.
    pub gone: Vec<u64>,
    /// Directories in which names came or went, as they are now.
    pub directories: Vec<u64>,
    /// All inodes that changed, as they are now.
    pub touched: Vec<u64>,
}
