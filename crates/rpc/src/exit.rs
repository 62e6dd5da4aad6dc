//! Exit codes of all programs. Only this file knows their numbers; docs/cli.md lists them for users.

use wire::ErrorClass;

/// The command succeeded.
pub const DONE: u8 = 0;
/// A command that answers yes or no (`image diff --exit-code`) found differences.
pub const DIFFERENT: u8 = 1;
/// The command line is invalid.
pub const USAGE: u8 = 2;
/// Some targets succeeded and some failed.
pub const PARTIAL: u8 = 7;
/// A signal interrupted the command.
pub const INTERRUPTED: u8 = 130;

/// Returns the exit code of a command that ends with an error of this class.
pub fn code(class: ErrorClass) -> u8 {
    match class {
        ErrorClass::Internal => 1,
        ErrorClass::NotFound => 3,
        ErrorClass::Conflict | ErrorClass::Full | ErrorClass::Refused => 4,
        ErrorClass::Damaged => 5,
        ErrorClass::Unavailable => 6,
    }
}
