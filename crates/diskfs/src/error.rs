//! Errors of filesystems and partition tables.

use std::io;
use std::path::PathBuf;

use wire::ErrorClass;
use wire::units::format_len;

/// An error of making, reading or changing a filesystem or a partition table.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// A system call on a device or filesystem failed.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The attempted action, as a verb, for example `open`.
        action: &'static str,
        /// The device that was opened, read or written. In a patch, this is usually the loop device over the
        /// filesystem.
        path: PathBuf,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// A system tool (such as mkfs) failed, or the library that writes the partition table failed.
    #[error("{tool} failed: {problem}")]
    Tool {
        /// Name of the tool, such as `mkfs.ext4`, or `writing the partition table`.
        tool: &'static str,
        /// The tool's standard error in one line, or the reason why the tool could not be started.
        problem: String,
    },
    /// The filesystem is damaged, or imprint did not make it.
    #[error("the filesystem on {device} is damaged: {problem}", device = device.display())]
    Damaged {
        /// The device with the filesystem: in a patch, the loop device over the root filesystem.
        device: PathBuf,
        /// A clause, such as `its superblock's checksum is wrong`, or the output of e2fsck.
        problem: String,
    },
    /// The filesystem cannot hold an inode of the image.
    #[error("a volume cannot hold the image's '/{path}': {problem}")]
    NotHeld {
        /// Path in the image, without the leading slash.
        path: String,
        /// A clause about the inode, for example `its ACL has more entries than xfs can hold`.
        problem: String,
    },
    /// The volume is longer than 16 TiB.
    #[error(
        "{volume} has {len}, and volumes have 16 TiB at most: use a smaller one; a machine that is made from it can have a larger disk",
        volume = volume.display(),
        len = format_len(*len)
    )]
    TooLong {
        /// Path of the image file or block device.
        volume: PathBuf,
        /// Length of the volume in bytes.
        len: u64,
    },
}

impl DiskError {
    /// Wraps a system error on a device or file.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns the class of the error, which decides the caller's reaction.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Tool { .. } => ErrorClass::Internal,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::NotHeld { .. } | Self::TooLong { .. } => ErrorClass::Refused,
        }
    }
}
