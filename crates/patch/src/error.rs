//! What can go wrong with a volume and with a patch.

use std::io;
use std::path::PathBuf;

use boot::BootError;
use diskfs::DiskError;
use store::StoreError;
use wire::ErrorClass;
use wire::name::StreamName;
use wire::units::format_len;

/// An error of a part that the caller brings: the source of objects, or the recorder of a volume's state.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct CallerError {
    class: ErrorClass,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl CallerError {
    /// Wraps an error of the caller's.
    pub fn new(
        class: ErrorClass,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { class, source: source.into() }
    }

    /// Returns what the error means.
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
    /// A system call failed.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or device.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The volume is in use by something else.
    #[error("{path} is in use: {by}; wait until that ends, or unmount or detach it", path = path.display())]
    InUse {
        /// The volume.
        path: PathBuf,
        /// By what.
        by: String,
    },
    /// The path leads to something that cannot be a volume.
    #[error("{path} is neither a file nor a block device", path = .0.display())]
    NoDevice(PathBuf),
    /// The block device takes no writes.
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
        /// The volume.
        volume: String,
        /// What needs it.
        what: &'static str,
        /// What is needed.
        needed: String,
        /// What there is.
        available: String,
    },
    /// The volume is too large for a block map.
    #[error("{path} is larger than {} GiB, of which no block map is made", *.len_max >> 30, path = path.display())]
    TooLargeForMap {
        /// The volume.
        path: PathBuf,
        /// The longest volume of which a map is made, in bytes.
        len_max: u64,
    },
    /// Too little room for fetched objects.
    #[error("{needed} must be fetched, {available} are free where unpackd's store is: free some space", needed = format_len(*needed), available = format_len(*available))]
    StoreFull {
        /// Bytes to fetch.
        needed: u64,
        /// Bytes free.
        available: u64,
    },
    /// The volume has no filesystem that volumes have.
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
        /// The volume.
        path: PathBuf,
        /// The stream for which it should have been made.
        stream: StreamName,
    },
    /// A filesystem with the UUID of the stream's volumes is mounted on this machine.
    #[error(
        "{device} on {place} has the UUID that volumes of stream {stream} get: add the volume with --uuids random",
        device = device.display(),
        place = place.display()
    )]
    UuidMounted {
        /// The device that is mounted.
        device: PathBuf,
        /// Where it is mounted.
        place: PathBuf,
        /// The stream.
        stream: StreamName,
    },
    /// The kernel does not mount the volume's filesystem.
    #[error(
        "the filesystem on {volume} is damaged: it cannot be mounted ({source}); have it formatted anew: with `unpackd \
         apply --format`, or by the next unpack after `unpacker forget` and `unpacker associate`",
        volume = volume.display()
    )]
    NotMountable {
        /// The volume.
        volume: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
    /// The filesystem's journal must be replayed first, which `how` says by whom.
    #[error("{path} was not unmounted cleanly: its journal must be replayed first, {how}", path = path.display())]
    NotReplayed {
        /// The volume.
        path: PathBuf,
        /// What replays it.
        how: &'static str,
    },
    /// A file of the volume is not what was written.
    #[error(
        "'{0}' on the volume is damaged: its content is not what was written; unpack with --verify full"
    )]
    DamagedFile(String),
    /// The kernel gives us no ring, which was demanded.
    #[error(
        "the kernel gives us no io_uring ({0}): allow it (sysctl kernel.io_uring_disabled, the container's seccomp \
         profile) or use --io-engine threads"
    )]
    NoRing(io::Error),
    /// An error of a filesystem or partition table.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// An error of boot set-up.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// An error of the store or of reading a tree.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An error of a part that the caller brought.
    #[error(transparent)]
    Caller(#[from] CallerError),
}

impl PatchError {
    /// Wraps a system error.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns whether the volume itself is at fault, so that patching it again leads to the same error until somebody
    /// acts: its filesystem is damaged or somebody else's, or its device fails.
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

    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::InUse { .. } => ErrorClass::Conflict,
            Self::StoreFull { .. } => ErrorClass::Full,
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
        }
    }
}
