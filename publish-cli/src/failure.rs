//! Errors of commands and the exit codes that they end with; `docs/cli.md` lists the codes.

use rpc::client::CallError;
use rpc::exit;
use store::StoreError;
use transfer::TransferError;
use wire::ErrorClass;

use crate::direct::steps::Failed;

/// The exit code of a command that was interrupted.
pub const INTERRUPTED: u8 = exit::INTERRUPTED;

/// An error that a command makes itself.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// For a person: what failed, on which thing, and the next step.
    pub message: String,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// Makes an error with the exit code of a class.
    pub fn error(class: ErrorClass, message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: exit::code(class) }.into()
    }

    /// Makes an error of wrong usage that only shows when a command runs.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: exit::USAGE }.into()
    }
}

/// Returns the exit code of an error, by the first cause that has one.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(exit::code(ErrorClass::Internal))
}

fn code_of(cause: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return Some(failure.code);
    }
    if let Some(failed) = cause.downcast_ref::<Failed>() {
        return Some(failed.exit_code());
    }
    let io = match cause.downcast_ref::<StoreError>() {
        Some(StoreError::Io { source, .. }) => Some(source),
        _ => cause.downcast_ref::<std::io::Error>(),
    };
    // Standard output was closed by its reader, who has seen enough (`| head`).
    if io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        return Some(exit::DONE);
    }
    class_of(cause).map(exit::code)
}

fn class_of(cause: &(dyn std::error::Error + 'static)) -> Option<ErrorClass> {
    let call = cause.downcast_ref::<CallError>().map(|call| call.class);
    call.or_else(|| cause.downcast_ref::<StoreError>().map(StoreError::class))
        .or_else(|| cause.downcast_ref::<TransferError>().map(TransferError::class))
        .or_else(|| cause.downcast_ref::<rpc::tls::TlsError>().map(|_| ErrorClass::Refused))
        .or_else(|| cause.downcast_ref::<std::io::Error>().map(ErrorClass::of_io))
}
