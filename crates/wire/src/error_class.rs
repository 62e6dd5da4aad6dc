//! Error classes: they tell the caller what an error means, in one vocabulary for all crates.
//!
//! An error of work that failed has a method `class()`. An error of parsing a value has none, because its class depends
//! on the source of the value. Two modules translate classes for other processes: `rpc::status` into gRPC codes, and
//! `rpc::exit` into exit codes.

/// The class of an error: errors of one class ask the caller for the same reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The requested thing does not exist.
    NotFound,
    /// Somebody else holds or has changed the thing, or it already exists with other content.
    Conflict,
    /// A rule, a permission or a check forbids the request; the caller must change the request.
    Refused,
    /// Data is damaged, or differs from its expected content.
    Damaged,
    /// No space or no quota is left.
    Full,
    /// The other side is absent, does not answer in time, or has forgotten the operation that was under way.
    Unavailable,
    /// Anything else: a fault of the program or of the system below it.
    Internal,
}

impl ErrorClass {
    /// Returns the class of a system call's error on a file or device.
    pub fn of_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        /// `EUCLEAN` and `EBADMSG`: a filesystem detected its own damage. *Source:* errno(3).
        const DAMAGED: [i32; 2] = [117, 74];
        /// `EIO`: the medium failed to do its work.
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
