//! Translation between error classes and gRPC statuses. Only this file knows gRPC's codes.
#![allow(clippy::disallowed_methods, reason = "the one place for tonic's statuses")]

use tonic::{Code, Status};
use wire::ErrorClass;

/// Makes the status of an error class; [`class`] turns its code back into the same class.
pub fn status(class: ErrorClass, message: impl Into<String>) -> Status {
    let code = match class {
        ErrorClass::NotFound => Code::NotFound,
        ErrorClass::Conflict => Code::Aborted,
        ErrorClass::Refused => Code::FailedPrecondition,
        ErrorClass::Damaged => Code::DataLoss,
        ErrorClass::Full => Code::ResourceExhausted,
        ErrorClass::Unavailable => Code::Unavailable,
        ErrorClass::Internal => Code::Internal,
    };
    Status::new(code, message)
}

/// Makes the status of a malformed request, which can never succeed.
pub fn invalid(message: impl Into<String>) -> Status {
    Status::new(Code::InvalidArgument, message)
}

/// Makes the status of a caller that lacks a right.
pub fn denied(message: impl Into<String>) -> Status {
    Status::new(Code::PermissionDenied, message)
}

/// Makes the status of a caller whose certificate has no common name.
pub fn unidentified(message: impl Into<String>) -> Status {
    Status::new(Code::Unauthenticated, message)
}

/// Makes the status of a wait that timed out before its event.
pub fn timed_out(message: impl Into<String>) -> Status {
    Status::new(Code::DeadlineExceeded, message)
}

/// Returns whether a wait [`timed_out`], so that the caller may wait again with another call.
pub fn is_timed_out(status: &Status) -> bool {
    status.code() == Code::DeadlineExceeded
}

/// Returns whether the connection was lost, or the time ran out, before an answer came. The server may then have
/// executed the call.
pub fn is_unanswered(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::DeadlineExceeded | Code::Unknown | Code::Cancelled
    )
}

/// Returns the word that metrics use for the result of a call.
pub(crate) fn result(status: &Status) -> &'static str {
    match status.code() {
        Code::Ok => "ok",
        Code::PermissionDenied | Code::Unauthenticated => "denied",
        Code::InvalidArgument => "invalid",
        Code::DeadlineExceeded => "timed_out",
        _ => match class(status) {
            ErrorClass::NotFound => "not_found",
            ErrorClass::Conflict => "conflict",
            ErrorClass::Refused => "refused",
            ErrorClass::Damaged => "damaged",
            ErrorClass::Full => "full",
            ErrorClass::Unavailable => "unavailable",
            ErrorClass::Internal => "internal",
        },
    }
}

/// Returns the error class of a received status, also of one that tonic made for a broken connection.
pub fn class(status: &Status) -> ErrorClass {
    match status.code() {
        Code::NotFound => ErrorClass::NotFound,
        Code::AlreadyExists | Code::Aborted => ErrorClass::Conflict,
        Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::InvalidArgument
        | Code::OutOfRange
        | Code::Unauthenticated => ErrorClass::Refused,
        Code::ResourceExhausted => ErrorClass::Full,
        Code::DataLoss => ErrorClass::Damaged,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => ErrorClass::Unavailable,
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal => ErrorClass::Internal,
    }
}

/// Formats an error with its causes on one line. Omits a cause whose text the line already
/// contains, because many of our errors include their cause.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_survives_the_network() {
        for sent in [
            ErrorClass::NotFound,
            ErrorClass::Conflict,
            ErrorClass::Refused,
            ErrorClass::Damaged,
            ErrorClass::Full,
            ErrorClass::Unavailable,
            ErrorClass::Internal,
        ] {
            assert_eq!(class(&status(sent, "")), sent);
        }
        for (status, expected) in [
            (invalid(""), ErrorClass::Refused),
            (denied(""), ErrorClass::Refused),
            (unidentified(""), ErrorClass::Refused),
            (timed_out(""), ErrorClass::Unavailable),
            (Status::new(Code::AlreadyExists, ""), ErrorClass::Conflict),
        ] {
            assert_eq!(class(&status), expected);
        }
    }
}
