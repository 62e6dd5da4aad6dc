//! Errors of starting something and of waiting until it is ready.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

/// Why something could not be started, failed, or did not become ready in time.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// A program cannot be started.
    #[error("cannot run {program}: {source}")]
    Start {
        /// Name or path of the program.
        program: String,
        /// Why the operating system refused the call.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} ended with {status}:\n{said}")]
    Ended {
        /// Name or path of the program.
        program: String,
        /// Its exit code, or the signal that ended it.
        status: ExitStatus,
        /// Last lines of its output.
        said: String,
    },
    /// A server ended, or printed something else, before it printed its address.
    #[error("{program} did not start:\n{log}")]
    NoAddress {
        /// Name or path of the program.
        program: String,
        /// Content of its log file, which can also contain earlier runs.
        log: String,
    },
    /// A virtual machine's console did not show the expected words in time.
    #[error("the machine did not print '{words}' within {} s:\n{said}", time_max.as_secs())]
    NotUp {
        /// The words that the caller waited for.
        words: String,
        /// How long the caller waited at most.
        time_max: Duration,
        /// The last lines that the console printed.
        said: String,
    },
    /// [`Processes::stop`](crate::Processes::stop) was called, so no further process is started.
    #[error("interrupted")]
    Stopped,
    /// A file or a folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Path of the file or folder; `a log` stands for a temporary file.
        path: PathBuf,
        /// Why the operating system refused the call.
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
