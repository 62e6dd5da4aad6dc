//! Errors of commands and the exit codes that they end with; `docs/cli.md` lists the codes.

use rpc::client::CallError;
use rpc::status::Meaning;
use store::StoreError;
use transfer::TransferError;

use crate::direct::steps::Failed;

/// The exit code of a command that was interrupted.
pub const INTERRUPTED: u8 = 130;

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
    /// Makes an error with the exit code of a meaning.
    pub fn error(meaning: Meaning, message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: meaning.exit_code() }.into()
    }

    /// Makes an error of wrong usage that only shows when a command runs.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), code: 2 }.into()
    }
}

/// Returns the exit code of an error, by the first cause that has one.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(1)
}

fn code_of(cause: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return Some(failure.code);
    }
    if let Some(failed) = cause.downcast_ref::<Failed>() {
        return Some(failed.exit_code());
    }
    if let Some(call) = cause.downcast_ref::<CallError>() {
        return Some(call.meaning.exit_code());
    }
    if let Some(StoreError::Remote { exit_code, .. }) = cause.downcast_ref::<StoreError>() {
        return Some(*exit_code);
    }
    if let Some(StoreError::Io { source, .. }) = cause.downcast_ref::<StoreError>()
        && let Some(code) = code_of_io(source)
    {
        return Some(code);
    }
    if let Some(error) = cause.downcast_ref::<StoreError>() {
        return Some(transfer::meaning_of(error).exit_code());
    }
    if let Some(error) = cause.downcast_ref::<TransferError>() {
        return Some(error.meaning().exit_code());
    }
    if let Some(error) = cause.downcast_ref::<std::io::Error>() {
        return code_of_io(error);
    }
    let is_tls = cause.downcast_ref::<rpc::tls::TlsError>().is_some();
    is_tls.then(|| Meaning::Refused.exit_code())
}

/// Returns the exit code of a system error on a file that the user named.
fn code_of_io(error: &std::io::Error) -> Option<u8> {
    use std::io::ErrorKind;
    match error.kind() {
        // Whoever read has seen enough (`| head`).
        ErrorKind::BrokenPipe => Some(0),
        ErrorKind::NotFound => Some(Meaning::NotFound.exit_code()),
        ErrorKind::PermissionDenied
        | ErrorKind::AlreadyExists
        | ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::StorageFull => Some(Meaning::Refused.exit_code()),
        _ => None,
    }
}
