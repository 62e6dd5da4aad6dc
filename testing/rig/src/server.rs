//! Runs a server of Imprint as a child process.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use crate::error::{RigError, name_of};
use crate::processes::Processes;
use crate::program::program;

/// Time that a server has to end after SIGTERM. Then it gets SIGKILL.
const END_TIMEOUT: Duration = Duration::from_secs(15);
/// Interval between two checks whether a server has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Address at which a server takes any free port.
pub(crate) const ANY_PORT: &str = "127.0.0.1:0";

/// Whether a server shows status pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusPages {
    /// The server shows them at any free port.
    Shown,
    /// The server has none.
    Off,
}

/// A running server. Dropping this value ends the server: by SIGTERM or, if that takes too long, by SIGKILL.
#[derive(Debug)]
pub struct Server {
    child: Child,
    processes: Arc<Processes>,
    /// `ADDRESS:PORT` that it listens at.
    pub address: String,
    /// `http://ADDRESS:PORT/` of its status pages; empty if it has none.
    pub status: String,
}

impl Server {
    /// Starts `NAME serve`, which listens at the address `listen`, and waits until it listens. Port 0 means any free
    /// port. `arguments` adds further arguments. The server ends with this process. Its standard error is appended to
    /// the log file.
    ///
    /// # Errors
    /// If the server cannot be started, or ends before it listens. The error then contains the log.
    pub fn start(
        processes: &Arc<Processes>,
        (name, listen): (&str, &str),
        pages: StatusPages,
        log_path: &Path,
        arguments: impl FnOnce(&mut Command),
    ) -> Result<Self, RigError> {
        let log = std::fs::File::options().create(true).append(true).open(log_path);
        let log = log.map_err(RigError::io(log_path))?;
        let mut command = Command::new(program(name));
        command.args(["serve", "--listen", listen]);
        command.args(["--parent", &std::process::id().to_string()]);
        if pages == StatusPages::Shown {
            command.args(["--status-listen", ANY_PORT]);
        }
        arguments(&mut command);
        let mut child =
            processes.spawn(command.stdout(Stdio::piped()).stderr(log).process_group(0))?;
        let lines = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
        let (address, status) = (String::new(), String::new());
        // From here on a failure drops the server, which ends the process.
        let mut server = Self { child, processes: Arc::clone(processes), address, status };
        let said = lines.and_then(|mut lines| server.read_addresses(&mut lines, pages));
        said.map(|()| server).ok_or_else(|| RigError::NoAddress {
            program: name_of(&command),
            log: std::fs::read_to_string(log_path).unwrap_or_default(),
        })
    }

    /// Reads the addresses that a server prints once it listens; `None` if it prints anything else.
    fn read_addresses(
        &mut self,
        lines: &mut Lines<BufReader<ChildStdout>>,
        pages: StatusPages,
    ) -> Option<()> {
        let mut behind =
            |words: &str| lines.next()?.ok()?.trim_end().strip_prefix(words).map(str::to_owned);
        self.address = behind("listening on ")?;
        if pages == StatusPages::Shown {
            self.status = behind("status at ")?;
        }
        Some(())
    }

    /// Returns the id of the server's process.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Ends it with SIGKILL, as a crash would.
    pub fn kill(mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Sends the signal only if the server still runs: after its end, another process may have its process id.
        if let Ok(None) = self.child.try_wait() {
            rustix::process::kill_process(self.pid(), Signal::TERM).ok();
        }
        let deadline = Instant::now() + END_TIMEOUT;
        while let Ok(None) = self.child.try_wait() {
            if Instant::now() > deadline {
                // SIGTERM was not enough. SIGKILL is safe: nothing that a server holds outlives its process.
                self.child.kill().ok();
                self.child.wait().ok();
                break;
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
        self.processes.forget(&self.child);
    }
}

/// Returns the path of a server's log in a rig's folder.
pub(crate) fn log_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_listen_is_told_with_its_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = log_path(folder.path(), "env");
        // `env` takes `serve` for the name of a program, which does not exist.
        let server =
            Server::start(&Arc::default(), ("env", ANY_PORT), StatusPages::Off, &log, |_| {});
        let error = server.expect_err("no server");
        assert!(
            matches!(&error, RigError::NoAddress { program, .. } if program == "env"),
            "{error}"
        );
        assert!(error.to_string().contains("No such file or directory"), "{error}");
    }
}
