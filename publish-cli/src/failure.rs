//! Errors of commands and their exit codes; `docs/cli.md` lists the codes.

use rpc::client::CallError;
use rpc::exit;
use store::StoreError;
use wire::ErrorClass;
use wire::run::{Problem, Run, TargetRun};

use publisher::PublishError;

/// Exit code of a command that SIGINT or SIGTERM ended: 130.
pub const INTERRUPTED: u8 = exit::INTERRUPTED;

/// An error raised by a command itself, with its exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Message for a person: the problem, the thing that it concerns, and the next step.
    pub message: String,
    /// Exit code, one of those in `docs/cli.md`.
    pub code: u8,
}

impl Failure {
    /// Makes an error with the exit code of a class.
    pub fn error(class: ErrorClass, message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: exit::code(class) }.into()
    }

    /// Makes an error for wrong usage that only the running command can find.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: exit::USAGE }.into()
    }
}

/// Returns the exit code of an error: the code of the first cause in its chain that has a code.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(exit::code(ErrorClass::Internal))
}

/// Returns the exit code for an error of the library. A run's record stores the same code.
pub fn publish_code(error: &PublishError) -> u8 {
    Problem::from(error).exit_code
}

/// Combines the exit codes of targets. If all are equal, returns that code. If they differ and at least one is 0,
/// returns [`exit::PARTIAL`]. Otherwise returns the code of an internal error.
pub fn common_code(codes: &[u8]) -> u8 {
    let first = codes.first().copied().unwrap_or(exit::DONE);
    match (codes.iter().all(|code| *code == first), codes.contains(&exit::DONE)) {
        (true, _) => first,
        (false, true) => exit::PARTIAL,
        (false, false) => exit::code(ErrorClass::Internal),
    }
}

/// Combines the exit codes of a run's targets as [`common_code`] does; a target without an error counts as 0.
pub fn run_code(run: &Run) -> u8 {
    let code = |target: &TargetRun| target.error.as_ref().map_or(0, |error| error.exit_code);
    common_code(&run.targets.iter().map(code).collect::<Vec<_>>())
}

fn code_of(cause: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return Some(failure.code);
    }
    if let Some(error) = cause.downcast_ref::<PublishError>() {
        return Some(publish_code(error));
    }
    let io = match cause.downcast_ref::<StoreError>() {
        Some(StoreError::Io { source, .. }) => Some(source),
        Some(StoreError::Sink { error, .. }) => error.downcast_ref::<std::io::Error>(),
        _ => cause.downcast_ref::<std::io::Error>(),
    };
    // Standard output's reader has closed the pipe (`| head`).
    if io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        return Some(exit::DONE);
    }
    class_of(cause).map(exit::code)
}

fn class_of(cause: &(dyn std::error::Error + 'static)) -> Option<ErrorClass> {
    let call = cause.downcast_ref::<CallError>().map(|call| call.class);
    #[cfg(feature = "aws")]
    let call = call
        .or_else(|| cause.downcast_ref::<imagefs::MountError>().map(imagefs::MountError::class));
    call.or_else(|| cause.downcast_ref::<StoreError>().map(StoreError::class))
        .or_else(|| cause.downcast_ref::<rpc::tls::TlsError>().map(rpc::tls::TlsError::class))
        .or_else(|| cause.downcast_ref::<std::io::Error>().map(ErrorClass::of_io))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn exit_codes_tell_part_from_all() {
        for (codes, code, status) in [
            (&[0, 0][..], 0, "done"),
            (&[0, 4], 7, "partial"),
            (&[4, 4], 4, "failed"),
            (&[4, 6], 1, "failed"),
        ] {
            assert_eq!((run_code(&run(codes)), run(codes).status()), (code, status));
        }
    }
}
