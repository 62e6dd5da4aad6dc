//! What can go wrong while something is started or waited for.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

/// Error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// A program cannot be started.
    #[error("cannot run {program}: {source}")]
    Start {
        /// Name or path of the program.
        program: String,
        /// Answer of the operating system.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} ended with {status}:\n{said}")]
    Ended {
        /// Name or path of the program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Last lines of its output.
        said: String,
    },
    /// A server ended, or printed something else, before it printed its address.
    #[error("{program} did not start:\n{log}")]
    NoAddress {
        /// Name or path of the program.
        program: String,
        /// Its log.
        log: String,
    },
    /// A virtual machine's console did not show the expected words in time.
    #[error("the machine did not print '{words}' within {} s:\n{said}", time_max.as_secs())]
    NotUp {
        /// Expected words.
        words: String,
        /// Time that it had.
        time_max: Duration,
        /// Last lines of the console.
        said: String,
    },
    /// The processes of this rig were told to stop.
    #[error("interrupted")]
    Stopped,
    /// Other failure of a file or a process.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder concerned.
        path: PathBuf,
        /// Answer of the operating system.
        source: io::Error,
    },
}

impl RigError {
    pub(crate) fn start(command: &Command) -> impl FnOnce(io::Error) -> Self {
        let program = name_of(command);
        |source| Self::Start { program, source }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }
}

/// Returns the program that a command runs.
pub(crate) fn name_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Returns the last `count` lines of a text.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let begin = text.lines().count().saturating_sub(count);
    text.lines().skip(begin).collect::<Vec<_>>().join("\n")
}
