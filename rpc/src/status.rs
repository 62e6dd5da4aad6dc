//! What an error means: one table from meanings to gRPC codes, one from codes to exit codes.

use tonic::{Code, Status};

/// What went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The thing asked for does not exist.
    NotFound,
    /// Refused: a conflict, a permission, a check made before the start.
    Refused,
    /// Data is damaged, or a difference was found.
    Damaged,
    /// The other side is not there, or did not answer in time.
    Unavailable,
    /// Anything else.
    Internal,
}

impl Meaning {
    /// Makes the status that carries this meaning and a message.
    pub fn status(self, message: impl Into<String>) -> Status {
        let code = match self {
            Self::NotFound => Code::NotFound,
            Self::Refused => Code::FailedPrecondition,
            Self::Damaged => Code::DataLoss,
            Self::Unavailable => Code::Unavailable,
            Self::Internal => Code::Internal,
        };
        Status::new(code, message)
    }

    /// Reads the meaning of a status that arrived.
    pub fn of(status: &Status) -> Self {
        match status.code() {
            Code::NotFound => Self::NotFound,
            Code::AlreadyExists
            | Code::PermissionDenied
            | Code::FailedPrecondition
            | Code::ResourceExhausted
            | Code::Aborted
            | Code::InvalidArgument
            | Code::OutOfRange
            | Code::Unauthenticated => Self::Refused,
            Code::DataLoss => Self::Damaged,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => Self::Unavailable,
            Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal => Self::Internal,
        }
    }

    /// Returns the exit code of a command that ends with this meaning, as `docs/cli.md` lists.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Damaged => 5,
            Self::Unavailable => 6,
            Self::Internal => 1,
        }
    }
}

/// Writes an error with its causes on one line, each said once: many errors of ours already say
/// what caused them.
pub fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = error.source();
    }
    text
}
