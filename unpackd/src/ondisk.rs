//! Filesystems as bytes on a device: what no mount tells.
//!
//! The kernel writes filesystems; here they are read when they are not mounted, to know which blocks
//! are metadata and of what kind, whether the metadata is as we left it, and what was freed. The
//! only writing is scrubbing: zeros where nothing is referred to any more.
//!
//! Everything that is read is checked before it is used as a place or a length: what is wrong is an
//! error, not a guess.

pub mod ext4;
mod scrub;
pub mod xfs;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use wire::digest::Digest;

use crate::error::UnpackError;
use crate::filesystem::Filesystem;
pub use scrub::{Before, Scope, scrub};

/// What is asked of a filesystem that is not mounted, whichever it is. Inodes are named by their
/// numbers on the volume.
///
/// # Errors
/// All: [`UnpackError::Damaged`] for what is not as the format has it; errors of reading.
#[allow(clippy::missing_errors_doc, reason = "one sentence holds for all")]
pub trait OnDisk {
    /// Returns a digest of what every mount for writing changes.
    fn skeleton(&self) -> Result<Digest, UnpackError>;

    /// Returns which cause each area has.
    fn areas(&self, changed: &Changed) -> Result<Areas, UnpackError>;

    /// Returns the bytes that are free, in ascending order.
    fn free_space(&self) -> Result<Vec<Range<u64>>, UnpackError>;

    /// Returns where the journal is, in the order in which it will be written next.
    fn journal(&self) -> Result<Vec<Range<u64>>, UnpackError>;

    /// Returns how often the journal has come around; always the same where it begins anew each time.
    fn journal_round(&self) -> Result<u32, UnpackError>;

    /// Returns how many bytes of the journal a patch will write that changes this many blocks of
    /// each kind of metadata: an estimate.
    fn journal_len(&self, blocks: &BTreeMap<Cause, u64>) -> u64;

    /// Returns where the data of a file or directory is, in order; nothing for what has no blocks.
    fn data_of(&self, number: u64) -> Result<Vec<Range<u64>>, UnpackError>;

    /// Returns where an inode is.
    fn slot(&self, number: u64) -> Result<Range<u64>, UnpackError>;

    /// Returns the maps of what is free in the group that an inode is in.
    fn maps_of(&self, number: u64) -> Result<Vec<Range<u64>>, UnpackError>;

    /// Returns the group that an inode is in.
    fn group_of(&self, number: u64) -> u64;

    /// Returns up to `count` free inodes from the start of a group on, and of those behind it.
    fn free_inodes(&self, group: u64, count: usize) -> Result<Vec<u64>, UnpackError>;

    /// Reads ahead what a walk will ask for; the filesystem is mounted already.
    fn warm(&self) -> Result<(), UnpackError>;

    /// Zeroes what was freed inside of metadata: inodes, names, attributes, the journal's body.
    fn scrub_metadata(&self, scope: &Scope<'_>) -> Result<(), UnpackError>;
}

/// Opens the filesystem on a device.
///
/// # Errors
/// [`UnpackError::Damaged`] for one that imprint did not make; errors of reading.
pub fn open(filesystem: Filesystem, medium: &Medium) -> Result<Box<dyn OnDisk + '_>, UnpackError> {
    Ok(match filesystem {
        Filesystem::Ext4 => Box::new(ext4::Ext4::open(medium)?),
        Filesystem::Xfs => Box::new(xfs::Xfs::open(medium)?),
    })
}

/// What a patch changed: inode numbers on the volume.
#[derive(Debug, Default)]
pub struct Changed {
    /// Inodes that went.
    pub gone: Vec<u64>,
    /// Directories in which names came or went, as they are now.
    pub directories: Vec<u64>,
    /// All inodes that changed, as they are now.
    pub touched: Vec<u64>,
}

/// Why a block was written. A snapshot block is counted once, under the first of these that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Content of files, and whatever no other cause explains.
    Data,
    /// Entries of directories.
    Directory,
    /// Inodes.
    InodeTable,
    /// Superblocks, group descriptors, bitmaps and other maps of what is free.
    Bitmap,
    /// The journal.
    Journal,
    /// Zeros in place of what was freed.
    Scrub,
}

/// Areas of a device that always have the same cause: byte ranges in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    areas: Vec<(Range<u64>, Cause)>,
}

impl Areas {
    /// Sorts areas.
    pub fn new(mut areas: Vec<(Range<u64>, Cause)>) -> Self {
        areas.sort_by_key(|(range, _)| range.start);
        Self { areas }
    }

    /// Calls `found` with each part of a range and its cause.
    pub fn split(&self, range: Range<u64>, mut found: impl FnMut(Range<u64>, Cause)) {
        let mut at = range.start;
        let first = self.areas.partition_point(|(area, _)| area.end <= at);
        for (area, cause) in &self.areas[first..] {
            if area.start >= range.end || at >= range.end {
                break;
            }
            if area.start > at {
                found(at..area.start, Cause::Data);
            }
            let begin = area.start.max(at);
            let end = area.end.min(range.end);
            if begin < end {
                found(begin..end, *cause);
                at = end;
            }
        }
        if at < range.end {
            found(at..range.end, Cause::Data);
        }
    }
}

/// A device with a filesystem that is not mounted.
#[derive(Debug)]
pub struct Medium {
    file: File,
    path: PathBuf,
}

impl Medium {
    /// Opens a device for reading and writing.
    ///
    /// # Errors
    /// [`UnpackError::Io`].
    pub fn open(path: &Path) -> Result<Self, UnpackError> {
        let file = File::options().read(true).write(true).open(path);
        let file = file.map_err(UnpackError::io("open", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Opens a device that is only read.
    ///
    /// # Errors
    /// [`UnpackError::Io`].
    pub fn open_to_look(path: &Path) -> Result<Self, UnpackError> {
        let file = File::open(path).map_err(UnpackError::io("open", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Returns the device's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads exactly `len` bytes.
    ///
    /// # Errors
    /// [`UnpackError::Io`], also where the device ends too early.
    pub fn read(&self, offset: u64, len: usize) -> Result<Vec<u8>, UnpackError> {
        let mut bytes = vec![0; len];
        sysio::file::read_exact_at(&self.file, &mut bytes, offset)
            .map_err(UnpackError::io("read", &self.path))?;
        Ok(bytes)
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// [`UnpackError::Io`].
    pub fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), UnpackError> {
        sysio::file::write_all_at(&self.file, bytes, offset)
            .map_err(UnpackError::io("write", &self.path))
    }

    /// Makes a range read as zeros, in whichever way is cheapest for the device.
    ///
    /// # Errors
    /// [`UnpackError::Io`].
    pub fn zero(&self, range: Range<u64>) -> Result<(), UnpackError> {
        sysio::block::zero(&self.file, range.start, range.end - range.start)
            .map_err(UnpackError::io("zero", &self.path))
    }

    /// Makes an error of what a filesystem says of itself.
    fn damaged(&self, problem: impl Into<String>) -> UnpackError {
        UnpackError::Damaged {
            what: format!("the filesystem on {}", self.path.display()),
            problem: problem.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_split_by_cause() {
        let areas = Areas::new(vec![(30..40, Cause::Journal), (10..20, Cause::InodeTable)]);
        let split = |range| {
            let mut found = Vec::new();
            areas.split(range, |part, cause| found.push((part, cause)));
            found
        };
        assert_eq!(split(0..5), [(0..5, Cause::Data)]);
        assert_eq!(split(12..18), [(12..18, Cause::InodeTable)]);
        assert_eq!(
            split(5..50),
            [
                (5..10, Cause::Data),
                (10..20, Cause::InodeTable),
                (20..30, Cause::Data),
                (30..40, Cause::Journal),
                (40..50, Cause::Data)
            ]
        );
    }
}
