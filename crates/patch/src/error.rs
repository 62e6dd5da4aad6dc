//! Errors of volumes and of patches.

use std::io;
use std::path::PathBuf;

use boot::BootError;
use diskfs::DiskError;
use store::StoreError;
use wire::ErrorClass;
use wire::name::StreamName;
use wire::units::format_len;

/// An error of a part that the caller supplies: the source of objects, or the recorder of a volume's state.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct CallerError {
    class: ErrorClass,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl CallerError {
    /// Wraps an error of the caller; `class` must say whether a retry may help.
    pub fn new(
        class: ErrorClass,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { class, source: source.into() }
    }

    /// Returns the class that the caller gave the error.
    pub fn class(&self) -> ErrorClass {
        self.class
    }
}

impl From<StoreError> for CallerError {
    fn from(error: StoreError) -> Self {
        Self::new(error.class(), error)
    }
}

/// An error of a volume or of work on it.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// A system call failed, mostly on the volume or its ledger.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The attempted action, as a verb, for example `open volume`.
        action: &'static str,
        /// The file or device. For a ledger and for the block hashes next to it, this is only the file's name.
        path: PathBuf,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// Somebody else has opened, attached, mounted or claimed the volume.
    #[error("{path} is in use: {by}; wait until that ends, or unmount or detach it", path = path.display())]
    InUse {
        /// The image file or block device, as the caller named it.
        path: PathBuf,
        /// A clause that says who uses the volume, for example `it is attached as …`.
        by: String,
    },
    /// The path leads to something that cannot be a volume.
    #[error("{path} is neither a file nor a block device", path = .0.display())]
    NoDevice(PathBuf),
    /// The caller wants to write to the block device, but the kernel refuses all writes to it.
    #[error(
        "{path} is read-only: attach it for writing (`blockdev --setrw {path}`, losetup without --read-only)",
        path = .0.display()
    )]
    ReadOnly(PathBuf),
    /// The volume is too small, or has too few inodes.
    #[error(
        "volume {volume} is too small: {what} needs {needed}, and has {available}; use a larger volume"
    )]
    TooSmall {
        /// Path of the volume, printable.
        volume: String,
        /// The part that lacks room, for example `a root partition`.
        what: &'static str,
        /// Length or count that the part needs.
        needed: String,
        /// Length or count that is available.
        available: String,
    },
    /// The filesystem that holds the volume's file has too little room for what the file must hold.
    #[error(
        "{path} needs {needed} for the image, and the filesystem that it is in has {available}: free some space there, \
         or move the file",
        needed = format_len(*needed), available = format_len(*available), path = path.display()
    )]
    HostFull {
        /// The image file.
        path: PathBuf,
        /// Bytes that the new content needs in the image file.
        needed: u64,
        /// Bytes that are free in the filesystem, plus the bytes that the file occupies but does not need.
        available: u64,
    },
    /// The volume is too large for a block map.
    #[error("{path} is larger than {} GiB, the longest disk that a block map can describe", *.len_max >> 30, path = path.display())]
    TooLargeForMap {
        /// The image file or block device.
        path: PathBuf,
        /// Length in bytes of the longest volume that a block map can describe.
        len_max: u64,
    },
    /// The store's filesystem has too little room for the objects to fetch.
    #[error("{needed} must be fetched, but only {available} are free where the store is: free some space", needed = format_len(*needed), available = format_len(*available))]
    StoreFull {
        /// Bytes to fetch, with a margin.
        needed: u64,
        /// Bytes free in the store's filesystem.
        available: u64,
    },
    /// The volume holds neither ext4 nor xfs.
    #[error("the volume {path} is damaged: it holds neither ext4 nor xfs: was anything unpacked onto it?", path = .0.display())]
    NoFilesystem(PathBuf),
    /// The volume's filesystem was made for another stream, or by somebody else.
    #[error(
        "{path} holds a filesystem that was not made for stream {stream}: it was written to by something else, or \
         belongs to another stream, or to another --own-uuids; have it formatted anew: with `unpackd apply --format`, \
         or by the next unpack after `unpacker forget` and `unpacker associate`",
        path = path.display()
    )]
    OtherStream {
        /// The image file or block device, whose filesystem lacks the stream's UUID or is of another kind.
        path: PathBuf,
        /// The stream whose volume was expected.
        stream: StreamName,
    },
    /// A filesystem with the UUID of the stream's volumes is mounted on this machine.
    #[error(
        "{device} on {place} has the UUID that volumes of stream {stream} get: add the volume with --uuids random",
        device = device.display(),
        place = place.display()
    )]
    UuidMounted {
        /// The mounted device, as `/proc/self/mountinfo` names it.
        device: PathBuf,
        /// The folder where it is mounted.
        place: PathBuf,
        /// The stream of the volume to be formatted.
        stream: StreamName,
    },
    /// The kernel refuses to mount the volume's filesystem.
    #[error(
        "the filesystem on {volume} is damaged: it cannot be mounted ({source}); have it formatted anew: with `unpackd \
         apply --format`, or by the next unpack after `unpacker forget` and `unpacker associate`",
        volume = volume.display()
    )]
    NotMountable {
        /// The volume, not the loop device that was to be mounted.
        volume: PathBuf,
        /// The kernel's error, with its message about the filesystem.
        source: io::Error,
    },
    /// The filesystem was not unmounted cleanly, so its journal must be replayed first. This operation cannot do that,
    /// because it writes nothing.
    #[error("{path} was not unmounted cleanly, and its journal must be replayed first: {how}", path = path.display())]
    NotReplayed {
        /// The image file or block device.
        path: PathBuf,
        /// A clause that says what replays the journal.
        how: &'static str,
    },
    /// The content of this file on the volume differs from what was written. Another file was to be copied from it.
    #[error(
        "'{0}' on the volume is damaged: its content is not what was written; unpack with --verify full"
    )]
    DamagedFile(String),
    /// The user demanded a ring, but the kernel refuses it.
    #[error(
        "the kernel refuses io_uring ({0}): allow it (sysctl kernel.io_uring_disabled, the container's seccomp \
         profile) or use --io-engine threads"
    )]
    NoRing(io::Error),
    /// An error of a filesystem or partition table.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The boot files could not be added to the tree, or the boot loaders could not be made or written.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// An error of the store or of reading a tree.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The source of objects or the recorder of the volume's state failed.
    #[error(transparent)]
    Caller(#[from] CallerError),
    /// Fetching ended with an error of its own, and an object did not come. The caller gets that error instead.
    #[error("an object did not arrive, since fetching ended")]
    FetchEnded,
}

impl PatchError {
    /// Returns a function for `map_err` that adds the action and the path to a system error.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns whether the volume itself is at fault: its filesystem is missing or damaged, or Imprint did not make it
    /// for this stream. Another patch then fails with the same error until somebody acts.
    pub fn is_of_volume(&self) -> bool {
        match self {
            Self::NoFilesystem(_)
            | Self::NotMountable { .. }
            | Self::OtherStream { .. }
            | Self::DamagedFile(_) => true,
            Self::Disk(error) => error.class() == ErrorClass::Damaged,
            _ => false,
        }
    }

    /// Returns the class of the error, by which the caller decides whether to try again.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::InUse { .. } => ErrorClass::Conflict,
            Self::StoreFull { .. } | Self::HostFull { .. } => ErrorClass::Full,
            Self::NoFilesystem(_) | Self::NotMountable { .. } | Self::DamagedFile(_) => {
                ErrorClass::Damaged
            }
            Self::NoDevice(_)
            | Self::ReadOnly(_)
            | Self::TooSmall { .. }
            | Self::TooLargeForMap { .. }
            | Self::OtherStream { .. }
            | Self::UuidMounted { .. }
            | Self::NotReplayed { .. }
            | Self::NoRing(_) => ErrorClass::Refused,
            Self::Disk(error) => error.class(),
            Self::Boot(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Caller(error) => error.class(),
            Self::FetchEnded => ErrorClass::Unavailable,
        }
    }
}
