//! What can go wrong with volumes and with work on them, by meaning.

use std::io;
use std::path::PathBuf;

use imagefs::MountError;
use patch::{CallerError, PatchError};
use store::StoreError;
use wire::ErrorClass;
use wire::name::StreamName;

/// An error of a volume or of work on it.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
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
    /// No volume has the id.
    #[error("no volume has the id '{0}': `unpacker status` lists them")]
    NoVolume(String),
    /// No volume is associated with the stream.
    #[error(
        "stream {0} has no volume: add one with `unpacker add-volume … --stream {0}`, or associate one"
    )]
    NoStream(String),
    /// The operation does not fit the volume's state.
    #[error("volume {volume} is {state}: {operation} is not possible now{hint}")]
    WrongState {
        /// The volume.
        volume: String,
        /// Its state.
        state: String,
        /// What was asked for.
        operation: &'static str,
        /// The next step, or nothing.
        hint: &'static str,
    },
    /// Somebody else holds the lease.
    #[error(
        "the lease on stream {stream} is held by {holder} for another {seconds} s: wait for its release, or steal it with `unpacker prepare --steal`"
    )]
    LeaseHeld {
        /// The stream.
        stream: String,
        /// The holder, in its own words.
        holder: String,
        /// Seconds until it expires.
        seconds: i64,
    },
    /// The lease was lost, or the volume changed since its capture.
    #[error(
        "the capture of stream {stream} under epoch {epoch} no longer holds: {problem}; nothing must be registered from it"
    )]
    NotConfirmed {
        /// The stream.
        stream: String,
        /// The epoch that was asked for.
        epoch: u64,
        /// What happened.
        problem: String,
    },
    /// Another operation works on the volume.
    #[error("volume {0} is busy with another operation: try again, or wait with --wait")]
    Busy(String),
    /// A volume to add is refused.
    #[error("{path} {refusal}", path = path.display())]
    NotAdded {
        /// The path that was named.
        path: PathBuf,
        /// Why.
        refusal: AddRefusal,
    },
    /// Another device is at the volume's path.
    #[error(
        "{path} is volume {found} now, not {id}: remove the volume and add it by the path that it has",
        path = path.display()
    )]
    OtherDevice {
        /// The volume's path.
        path: PathBuf,
        /// The volume that is there.
        found: String,
        /// The volume that should be there.
        id: String,
    },
    /// The volume belongs to another stream.
    #[error("volume {id} belongs to stream {stream}: forget that stream first")]
    VolumeTaken {
        /// The volume.
        id: String,
        /// Its stream.
        stream: StreamName,
    },
    /// The stream has another volume.
    #[error("stream {stream} is pinned to volume {id} already: forget it first")]
    StreamTaken {
        /// The stream.
        stream: StreamName,
        /// Its volume.
        id: String,
    },
    /// Nothing proves that the volume is as the last patch left it.
    #[error(
        "volume {0} was written to, or cannot be known not to have been, since it was patched: unpack the image again, which finds out"
    )]
    NotAsLeft(String),
    /// Somebody wrote to the volume while its blocks were hashed.
    #[error("volume {0} was written to while it was read")]
    WrittenMeanwhile(String),
    /// The image on the volume does not boot, and the capture is for booting.
    #[error("image {image} cannot boot: {problem}; capture it with --no-boot where it need not")]
    NotBootable {
        /// The image.
        image: String,
        /// Why it does not boot.
        problem: String,
    },
    /// The volume holds something that nobody gave up.
    #[error(
        "{path} holds something that imprint did not make for stream {stream}: format it with --format, which destroys it, \
         or name another volume",
        path = path.display()
    )]
    NotBlank {
        /// The volume.
        path: PathBuf,
        /// The stream.
        stream: StreamName,
    },
    /// A ledger's path ends in nothing that can be a file's name.
    #[error("{} is no name for a file", .0.display())]
    NoFileName(PathBuf),
    /// A volume that shall be looked into is not on this machine.
    #[error("volume {id} is not at {path} here: run this on the machine of {host}")]
    NotHere {
        /// The volume.
        id: String,
        /// Its path there.
        path: String,
        /// The daemon that has it.
        host: String,
    },
    /// A volume that shall be looked into holds no image.
    #[error("volume {id}: {problem}")]
    NothingToShow {
        /// The volume.
        id: String,
        /// What is missing.
        problem: &'static str,
    },
    /// The client that read a volume went away.
    #[error("the reader went away")]
    ReaderGone,
    /// A record of ours is damaged.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// The record.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// The state database failed.
    #[error("state database: {0}")]
    Database(#[from] redb::Error),
    /// An error of a patch, or of the volume under it.
    #[error(transparent)]
    Patch(#[from] PatchError),
    /// An error of a mount.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] rpc::tls::TlsError),
    /// imaged could not be reached, refused, or sent what it should not.
    #[error(transparent)]
    Transfer(#[from] transfer::TransferError),
}

/// Why a volume is not added, behind its path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddRefusal {
    /// Paths are unpackd's, which has no current folder that a client knows.
    #[error("is not an absolute path on unpackd's machine")]
    NotAbsolute,
    /// The registry keeps text.
    #[error("leads to a name that is no UTF-8, under which no volume can be kept: rename it")]
    NotText,
    /// A file is there, of another length than the one that was asked for.
    #[error("is there with {found} bytes, not {asked}: leave --size out, or name another file")]
    OtherLength {
        /// Its length.
        found: u64,
        /// The length that was asked for.
        asked: u64,
    },
    /// A block device was called a file, or the other way round.
    #[error("is {is}: add it with {flag}")]
    OtherKind {
        /// What it is.
        is: &'static str,
        /// The flag for that.
        flag: &'static str,
    },
    /// It holds something of somebody else's.
    #[error(
        "holds something that imprint did not make: add it with --format, which lets the first unpack destroy it, or name \
         another volume"
    )]
    NotBlank,
    /// It is a volume already.
    #[error("is volume {0} already")]
    Known(String),
    /// A file that does not exist has no length.
    #[error("does not exist: say with --size how large to make it")]
    NoLength,
}

impl From<rpc::client::CallError> for UnpackError {
    fn from(error: rpc::client::CallError) -> Self {
        Self::Transfer(error.into())
    }
}

impl From<diskfs::DiskError> for UnpackError {
    fn from(error: diskfs::DiskError) -> Self {
        Self::Patch(error.into())
    }
}

impl From<UnpackError> for CallerError {
    fn from(error: UnpackError) -> Self {
        Self::new(error.class(), error)
    }
}

impl UnpackError {
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
            Self::NoVolume(_) | Self::NoStream(_) => ErrorClass::NotFound,
            Self::LeaseHeld { .. } | Self::NotConfirmed { .. } | Self::Busy(_) => {
                ErrorClass::Conflict
            }
            Self::WrongState { .. }
            | Self::NotAdded { .. }
            | Self::OtherDevice { .. }
            | Self::VolumeTaken { .. }
            | Self::StreamTaken { .. }
            | Self::NotAsLeft(_)
            | Self::WrittenMeanwhile(_)
            | Self::NotBootable { .. }
            | Self::NotBlank { .. }
            | Self::NoFileName(_)
            | Self::NotHere { .. }
            | Self::NothingToShow { .. }
            | Self::ReaderGone
            | Self::Tls(_) => ErrorClass::Refused,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Database(_) => ErrorClass::Internal,
            Self::Patch(error) => error.class(),
            Self::Mount(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Transfer(error) => error.class(),
        }
    }
}
