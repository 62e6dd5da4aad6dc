//! Errors of volumes and of work on them.

use std::io;
use std::path::PathBuf;

use patch::{CallerError, PatchError};
use store::StoreError;
use wire::ErrorClass;
use wire::name::StreamName;

/// An error of a volume or of work on it.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// A system call failed, and no other crate reports it as an error of its own.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The attempted action, such as `open folder`.
        action: &'static str,
        /// The file, folder or device that the action was for.
        path: PathBuf,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// A request names a volume that is not in the daemon's registry.
    #[error("no volume has the id '{0}': `unpacker status` lists them")]
    NoVolume(String),
    /// The stream of a request, or of the image to unpack, has no volume.
    #[error(
        "stream {0} has no volume: add one with `unpacker add-volume … --stream {0}`, or associate one"
    )]
    NoStream(String),
    /// The operation does not fit the volume's state.
    #[error(
        "volume {volume} is in the state {state}, which does not allow the operation '{operation}'{hint}"
    )]
    WrongState {
        /// Id of the volume, as `unpacker status` shows it.
        volume: String,
        /// The volume's state, such as `needs_scan`.
        state: String,
        /// The refused operation, such as `capture`.
        operation: &'static str,
        /// Advice for the next step; may be empty.
        hint: &'static str,
    },
    /// Another holder has the stream's lease, and it has not expired.
    #[error(
        "the lease on stream {stream} is held by {holder} for another {seconds} s: wait for its release, or steal it with `unpacker prepare --steal`"
    )]
    LeaseHeld {
        /// The stream of the leased volume.
        stream: String,
        /// The holder's name, `CALLER/NAME`.
        holder: String,
        /// Seconds until the lease expires.
        seconds: i64,
    },
    /// The lease was lost, or the volume changed since its capture.
    #[error(
        "the capture of stream {stream} under epoch {epoch} no longer holds: {problem}; publish nothing that was read from it"
    )]
    NotConfirmed {
        /// The stream whose volume was captured.
        stream: String,
        /// The epoch that the caller asked to confirm.
        epoch: u64,
        /// The reason, such as `the lease has expired`.
        problem: String,
    },
    /// Another operation works on the volume.
    #[error(
        "volume {0} is busy with another operation: try again later, or wait for it with `unpacker unpack --wait`"
    )]
    Busy(String),
    /// The volume was not added. If a file was made for it, the file was removed again.
    #[error("{path} {refusal}", path = path.display())]
    NotAdded {
        /// The path in the request, or the path to which its symlinks lead.
        path: PathBuf,
        /// The reason. In the message, it follows the path.
        refusal: AddRefusal,
    },
    /// Another device is at the volume's path, because device names move between boots.
    #[error(
        "{path} is volume {found} now, not {id}: remove the volume and add it under its present path",
        path = path.display()
    )]
    OtherDevice {
        /// Path in the volume's record.
        path: PathBuf,
        /// Id of the volume at that path now.
        found: String,
        /// Id in the volume's record.
        id: String,
    },
    /// The volume belongs to another stream.
    #[error(
        "volume {id} belongs to stream {stream}: unpin it first with `publish-cli unpacker forget {stream}`"
    )]
    VolumeTaken {
        /// Id of the volume, as `unpacker status` shows it.
        id: String,
        /// The stream that has to be forgotten first.
        stream: StreamName,
    },
    /// The stream has another volume.
    #[error(
        "stream {stream} is pinned to volume {id} already: unpin it first with `publish-cli unpacker forget {stream}`"
    )]
    StreamTaken {
        /// The stream that asked for a volume.
        stream: StreamName,
        /// Id of the stream's present volume.
        id: String,
    },
    /// The ledger and the kernel's counters do not prove that the volume is as the last patch left it.
    #[error(
        "volume {0} may have been written to since it was patched: unpack the image again, which compares it"
    )]
    NotAsLeft(String),
    /// Somebody wrote to the volume while its blocks were hashed.
    #[error(
        "somebody wrote to volume {0} while it was read: stop the writer, and unpack the image again"
    )]
    WrittenMeanwhile(String),
    /// The image on the volume cannot boot, and the caller asked for one that boots.
    #[error("image {image} cannot boot: {problem}; add --no-boot if it need not boot")]
    NotBootable {
        /// The image that the volume holds, `STREAM/LEAF`.
        image: String,
        /// The reason that the last patch recorded, in words.
        problem: String,
    },
    /// The volume holds data that imprint did not make, and nobody asked to destroy it.
    #[error(
        "{path} holds something that imprint did not make for stream {stream}: format it with --format, which destroys it, \
         or name another volume",
        path = path.display()
    )]
    NotBlank {
        /// Path of the volume, as `unpackd apply` got it.
        path: PathBuf,
        /// The stream of the image to unpack.
        stream: StreamName,
    },
    /// The last component of a ledger's path cannot be a file name.
    #[error("{} cannot be a ledger: its path must end with a file name in UTF-8", .0.display())]
    NoFileName(PathBuf),
    /// The volume to mount is not on the caller's machine.
    #[error("volume {id} is not at {path} here: run this on the machine of {host}")]
    NotHere {
        /// Id of the volume, as `unpacker status` shows it.
        id: String,
        /// The volume's path on the machine of its daemon.
        path: String,
        /// Address of the volume's daemon, as the caller gave it.
        host: String,
    },
    /// The volume to mount holds no image.
    #[error("volume {id}: {problem}")]
    NothingToShow {
        /// Id of the volume, as `unpacker status` shows it.
        id: String,
        /// A clause that says what the volume lacks.
        problem: &'static str,
    },
    /// The client that was reading a volume disconnected.
    #[error("the client that read the volume disconnected")]
    ReaderGone,
    /// A record or file that Imprint wrote is damaged.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// The record, such as `the record of volume 'vol-1'`.
        what: String,
        /// The damage, such as `its state is unknown`.
        problem: String,
    },
    /// The registry's database, `state.redb`, failed.
    #[error("unpackd's database of volumes failed: {0}")]
    Database(#[from] redb::Error),
    /// A patch, the reading of a volume, or the volume itself failed.
    #[error(transparent)]
    Patch(#[from] PatchError),
    /// unpackd's own store failed, or the store that `--store` names.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] rpc::tls::TlsError),
    /// The policy of the TLS folder cannot be used.
    #[error(transparent)]
    Policy(#[from] rpc::policy::PolicyError),
    /// The CA of the TLS folder cannot verify signatures.
    #[error(transparent)]
    Authority(#[from] rpc::certificate_authority::VerifyError),
    /// imaged was unreachable, refused, or broke the protocol; or the local store failed during a fetch.
    #[error(transparent)]
    Transfer(#[from] transfer::TransferError),
}

/// Reason why a volume was not added. Each message continues a sentence that begins with the volume's path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddRefusal {
    /// The path is relative: unpackd does not know the client's current folder.
    #[error("is not an absolute path on unpackd's machine")]
    NotAbsolute,
    /// The path is not UTF-8: the registry keeps paths as text.
    #[error(
        "leads to a name that is not UTF-8, and unpackd keeps only volumes with UTF-8 names: rename it"
    )]
    NotText,
    /// The file exists, and its length differs from the requested one.
    #[error("exists with {found} bytes instead of {asked}: leave --size out, or name another file")]
    OtherLength {
        /// The file's length in bytes.
        found: u64,
        /// The requested length in bytes.
        asked: u64,
    },
    /// The request called a block device a file, or the other way round.
    #[error("is {is}: add it with {flag}")]
    OtherKind {
        /// What the path really is: `a file` or `a block device`.
        is: &'static str,
        /// The flag that fits the path: `--file` or `--device`.
        flag: &'static str,
    },
    /// The volume holds data that imprint did not make.
    #[error(
        "holds something that imprint did not make: add it with --format, which lets the first unpack destroy it, or name \
         another volume"
    )]
    NotBlank,
    /// The file or device is already a volume, under this id.
    #[error("is volume {0} already")]
    Known(String),
    /// The file does not exist, and the request gives no length to create it with.
    #[error("does not exist: give the length of the new file with --size")]
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
    /// Returns a closure that adds the action and path to a system error.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns the class of the error. It decides the caller's RPC status and exit code.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::NoVolume(_) | Self::NoStream(_) => ErrorClass::NotFound,
            Self::LeaseHeld { .. }
            | Self::NotConfirmed { .. }
            | Self::Busy(_)
            | Self::VolumeTaken { .. }
            | Self::StreamTaken { .. }
            | Self::WrittenMeanwhile(_) => ErrorClass::Conflict,
            Self::WrongState { .. }
            | Self::NotAdded { .. }
            | Self::OtherDevice { .. }
            | Self::NotAsLeft(_)
            | Self::NotBootable { .. }
            | Self::NotBlank { .. }
            | Self::NoFileName(_)
            | Self::NotHere { .. }
            | Self::NothingToShow { .. }
            | Self::ReaderGone => ErrorClass::Refused,
            Self::Tls(error) => error.class(),
            Self::Policy(error) => error.class(),
            Self::Authority(_) => ErrorClass::Refused,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Database(_) => ErrorClass::Internal,
            Self::Patch(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Transfer(error) => error.class(),
        }
    }
}
