//! Errors of a mount.

use std::io;
use std::path::PathBuf;

use store::StoreError;
use wire::ErrorClass;
use wire::blockmap::BLOCKS_MAX;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use crate::server::ServerError;

/// Length in bytes of the longest disk that a mount can show: what a block map holds.
const SHOWN_LEN_MAX: u64 = BLOCKS_MAX as u64 * SNAPSHOT_BLOCK_LEN;

/// An error of a mount or of what it shows.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// A system call failed.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The attempted action, as a verb: `open folder`.
        action: &'static str,
        /// The file or folder; for threads, the thread's name.
        path: PathBuf,
        /// The error of the system call. It decides the class of this error.
        source: io::Error,
    },
    /// The folder to mount at is not empty. If a dead mount was there, it has already been detached.
    #[error(
        "{at} is not empty: a mount would hide what it holds; name an empty folder (`umount {at}` ends a mount)",
        at = .0.display()
    )]
    NotEmpty(PathBuf),
    /// The folder named as the cache is a store that holds images.
    #[error("{} is a store with images, not a mount's cache: name an empty folder with --cache", .0.display())]
    NoCache(PathBuf),
    /// A disk of this many bytes has more blocks than a block map can hold.
    #[error("the disk has {}, and a mount can show at most {}", format_len(*.0), format_len(SHOWN_LEN_MAX))]
    DiskTooLong(u64),
    /// The record of the image to mount has a name or a manifest that cannot be parsed.
    #[error("the record of {0} names no manifest")]
    NoManifest(ImageName),
    /// The image is not part of the mount, because the mount shows only one disk.
    #[error("{0} is not in this mount, which shows only one disk")]
    NotShown(ImageName),
    /// The root of the image cannot be shown. The second field is the reason.
    #[error("{0} cannot be shown: {1}")]
    NotReadable(ImageName, String),
    /// The record of an image cannot be written as JSON.
    #[error("the record of {0} cannot be written as JSON: {1}")]
    Record(ImageName, serde_json::Error),
    /// A manifest lacks something that every manifest has.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// The damaged manifest, with the name of its image.
        what: String,
        /// What is missing, such as `a file has no digest`.
        problem: String,
    },
    /// The store on this machine or the cache failed, or an object is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The image server did not answer, or refused.
    #[error(transparent)]
    Server(ServerError),
}

impl From<ServerError> for MountError {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Store(error) => Self::Store(error),
            other => Self::Server(other),
        }
    }
}

impl MountError {
    /// Returns a function for `map_err` that adds the action and the path to a system error.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns the class of the error, by which the caller decides whether to try again.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::NotEmpty(_)
            | Self::NoCache(_)
            | Self::DiskTooLong(_)
            | Self::NoManifest(_)
            | Self::NotShown(_)
            | Self::NotReadable(..)
            | Self::Record(..) => ErrorClass::Refused,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Store(error) => error.class(),
            Self::Server(error) => error.class(),
        }
    }
}

/// Returns the error for a damaged object. If the object is in a cache, readers drop it there and fetch it again.
pub(crate) fn damaged(digest: &Digest, problem: String) -> MountError {
    StoreError::DamagedObject { digest: *digest, problem }.into()
}
