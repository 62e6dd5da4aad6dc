//! What an I/O error means for us: one table.

use std::io;

/// What to do about an I/O error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// No space or no quota left: refuse, keep going, try again when there is room.
    Full,
    /// The medium or filesystem is failing: stop writing to it; a failed sync is never retried.
    Failing,
    /// Somebody else holds it.
    Busy,
    /// The kernel lacks the operation here.
    Unsupported,
    /// Anything else: report it.
    Other,
}

/// Classifies an error by its errno.
pub fn meaning(error: &io::Error) -> Meaning {
    use rustix::io::Errno;
    let Some(errno) = Errno::from_io_error(error) else {
        return Meaning::Other;
    };
    match errno {
        Errno::NOSPC | Errno::DQUOT => Meaning::Full,
        Errno::IO | Errno::ROFS | Errno::BADMSG | Errno::UCLEAN => Meaning::Failing,
        Errno::BUSY | Errno::TXTBSY => Meaning::Busy,
        Errno::OPNOTSUPP | Errno::NOSYS | Errno::NOTTY => Meaning::Unsupported,
        _ => Meaning::Other,
    }
}
