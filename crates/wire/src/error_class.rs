//! What an error means for the one that asked: one vocabulary for all crates.
//!
//! Every error type of ours has a `class()`. What crosses a process is derived from it in one place each:
//! gRPC codes in `rpc::status`, exit codes in `rpc::exit`.

/// What went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The thing that was asked for does not exist.
    NotFound,
    /// Somebody else holds the thing or has changed it, or it exists already and differs.
    Conflict,
    /// A rule, a permission or a check before the start stands against it: the request must change.
    Refused,
    /// Data is damaged, or differs from what it should be.
    Damaged,
    /// No room or no quota is left.
    Full,
    /// The other side is not there, does not answer in time, or no longer knows what was under way.
    Unavailable,
    /// Anything else: a fault of the program or of the system below it.
    Internal,
}

impl ErrorClass {
    /// Returns whether the same request may succeed later, with nobody having changed anything.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Conflict | Self::Full | Self::Unavailable)
    }

    /// Returns the class of a system call's error, by what the system says of the file or device.
    pub fn of_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        /// `EUCLEAN` and `EBADMSG`: a filesystem found itself damaged. *Source:* errno(3).
        const DAMAGED: [i32; 2] = [117, 74];
        /// `EIO`: the medium did not do what was asked of it.
        const FAILED: i32 = 5;
        match error.kind() {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::AlreadyExists => {
                Self::Conflict
            }
            ErrorKind::PermissionDenied
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::ReadOnlyFilesystem => Self::Refused,
            _ => match error.raw_os_error() {
                Some(FAILED) => Self::Damaged,
                Some(code) if DAMAGED.contains(&code) => Self::Damaged,
                _ => Self::Internal,
            },
        }
    }
}
