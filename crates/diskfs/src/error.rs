//! What can go wrong with a filesystem or a partition table.

use std::io;
use std::path::PathBuf;

use wire::ErrorClass;
use wire::units::format_len;

/// An error of making, reading or changing a filesystem.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// A system call failed.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The device or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tool of the system failed.
    #[error("{tool} failed: {problem}")]
    Tool {
        /// The tool.
        tool: &'static str,
        /// What it printed.
        problem: String,
    },
    /// The filesystem is damaged, or imprint did not make it.
    #[error("the filesystem on {device} is damaged: {problem}", device = device.display())]
    Damaged {
        /// The device.
        device: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The filesystem cannot hold an inode of the image.
    #[error("the image's '/{path}': {problem}")]
    NotHeld {
        /// The path in the image.
        path: String,
        /// What the filesystem cannot hold.
        problem: String,
    },
    /// The volume is longer than volumes may be.
    #[error(
        "{volume} has {len}, and volumes have 16 TiB at most: use a smaller one, which machines made of it let grow",
        volume = volume.display(),
        len = format_len(*len)
    )]
    TooLong {
        /// The volume.
        volume: PathBuf,
        /// Its length in bytes.
        len: u64,
    },
}

impl DiskError {
    /// Wraps a system error.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Tool { .. } => ErrorClass::Internal,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::NotHeld { .. } | Self::TooLong { .. } => ErrorClass::Refused,
        }
    }
}
