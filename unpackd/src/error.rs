//! What can go wrong with a volume, by meaning.

use std::io;
use std::path::PathBuf;

use store::StoreError;
use wire::ErrorClass;
use wire::units::format_len;

/// An error of a volume or of work on it.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// A system call failed.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or device.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A tool of the system failed.
    #[error("{tool} failed: {problem}")]
    Tool {
        /// Which tool.
        tool: &'static str,
        /// What it printed.
        problem: String,
    },
    /// The volume is in use by something else.
    #[error("{path} is in use: {by}; wait until that ends, or unmount or detach it", path = path.display())]
    InUse {
        /// The volume.
        path: PathBuf,
        /// By what.
        by: String,
    },
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
    /// Not enough room for fetched objects.
    #[error("{needed} must be fetched, {available} are free where unpackd's store is: free some space", needed = format_len(*needed), available = format_len(*available))]
    StoreFull {
        /// Bytes to fetch.
        needed: u64,
        /// Bytes free.
        available: u64,
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
        /// Who holds it.
        holder: String,
        /// Until it expires.
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
    /// A request that breaks a rule.
    #[error("{0}")]
    Refused(String),
    /// The ledger or another file of ours is damaged.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// What.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// The state database failed.
    #[error("state database: {0}")]
    Database(#[from] redb::Error),
    /// An error of the store or of reading a tree.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// imaged could not be reached, refused, or sent what it should not.
    #[error(transparent)]
    Transfer(#[from] transfer::TransferError),
}

impl From<rpc::client::CallError> for UnpackError {
    fn from(error: rpc::client::CallError) -> Self {
        Self::Transfer(error.into())
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
            Self::NoVolume(_) | Self::NoStream(_) => ErrorClass::NotFound,
            Self::InUse { .. }
            | Self::TooSmall { .. }
            | Self::StoreFull { .. }
            | Self::WrongState { .. }
            | Self::LeaseHeld { .. }
            | Self::NotConfirmed { .. }
            | Self::Busy(_)
            | Self::Refused(_) => ErrorClass::Refused,
            Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Tool { .. } | Self::Database(_) => ErrorClass::Internal,
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::Store(error) => error.class(),
            Self::Transfer(error) => error.class(),
        }
    }
}
