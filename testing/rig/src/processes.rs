//! Child processes that can all be ended at once.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rustix::process::{Pid, Signal};

use crate::error::{RigError, last_lines, name_of};

/// The error of a failed command contains at most this many lines: the last ones of its output.
const LINES_MAX: usize = 8;

/// The running child processes. Each server and each command leads a process group of its own. A signal from the
/// terminal therefore does not reach it before this process has decided what to do. A signal to the group also ends its
/// own children.
#[derive(Debug, Default)]
pub struct Processes {
    was_stopped: AtomicBool,
    running: Mutex<Vec<Pid>>,
}

impl Processes {
    /// Sends SIGTERM to all processes, and makes every later [`Processes::spawn`] fail. Callable from any thread.
    pub fn stop(&self) {
        self.was_stopped.store(true, Ordering::SeqCst);
        self.end_all();
    }

    /// Tells whether [`Processes::stop`] was called.
    pub fn was_stopped(&self) -> bool {
        self.was_stopped.load(Ordering::SeqCst)
    }

    /// Sends SIGTERM to all processes. If a process leads a group, the whole group gets the signal.
    pub fn end_all(&self) {
        for pid in self.running.lock().iter() {
            let group = rustix::process::kill_process_group(*pid, Signal::TERM);
            // A process that leads no group gets the signal alone. A process that has already ended needs none.
            group.or_else(|_| rustix::process::kill_process(*pid, Signal::TERM)).ok();
        }
    }

    /// Starts a command without standard input and lists its process. The caller must wait for the end of the process,
    /// and then call [`Processes::forget`] to remove it from the list.
    ///
    /// # Errors
    /// If the command cannot be started, or if [`Processes::stop`] was called before.
    pub fn spawn(&self, command: &mut Command) -> Result<Child, RigError> {
        // Under the lock, so that no process starts while `stop` runs.
        let mut running = self.running.lock();
        if self.was_stopped() {
            return Err(RigError::Stopped);
        }
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.map_err(RigError::start(command))?;
        running.push(Pid::from_child(&child));
        Ok(child)
    }

    /// Removes a process that has ended from the list, because a new process may soon get its process id.
    pub fn forget(&self, child: &Child) {
        self.running.lock().retain(|running| *running != Pid::from_child(child));
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// If the command cannot be run, or fails. The error then contains the last lines of its output.
    pub fn run(&self, command: &mut Command) -> Result<(), RigError> {
        let log = scratch_file()?;
        command.stdout(shared(&log)?);
        self.run_with_log(command, log)
    }

    /// Runs a command to its end; returns its standard output.
    ///
    /// # Errors
    /// If the command cannot be run, or fails. The error then contains the last lines of its standard error.
    pub fn output(&self, command: &mut Command) -> Result<Vec<u8>, RigError> {
        let output = scratch_file()?;
        command.stdout(shared(&output)?);
        self.run_with_log(command, scratch_file()?)?;
        read(output)
    }

    fn run_with_log(&self, command: &mut Command, log: File) -> Result<(), RigError> {
        let mut child = self.spawn(command.stderr(shared(&log)?).process_group(0))?;
        let status = child.wait().map_err(RigError::start(command));
        self.forget(&child);
        let status = status?;
        if status.success() {
            return Ok(());
        }
        let said = last_lines(&String::from_utf8_lossy(&read(log)?), LINES_MAX);
        Err(RigError::Ended { program: name_of(command), status, said })
    }
}

fn scratch_file() -> Result<File, RigError> {
    tempfile::tempfile().map_err(RigError::io(&std::env::temp_dir()))
}

fn shared(file: &File) -> Result<File, RigError> {
    file.try_clone().map_err(RigError::io(Path::new("a log")))
}

fn read(mut file: File) -> Result<Vec<u8>, RigError> {
    let mut bytes = Vec::new();
    let read = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(RigError::io(Path::new("a log")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failed_command_shows_the_end_of_its_output() {
        let script = "for line in $(seq 20); do echo $line; done; echo why >&2; exit 3";
        let error = Processes::default().run(&mut shell(script)).expect_err("a failure");
        assert_eq!(
            error.to_string(),
            "sh ended with exit status: 3:\n14\n15\n16\n17\n18\n19\n20\nwhy"
        );
        let error =
            Processes::default().run(&mut Command::new("/no/program")).expect_err("nothing");
        assert!(error.to_string().starts_with("cannot run /no/program: No such file"), "{error}");
    }

    #[test]
    fn output_is_standard_output_alone() {
        let output = Processes::default().output(&mut shell("echo noise >&2; echo result"));
        assert_eq!(output.expect("a result"), b"result\n");
    }

    #[test]
    fn stop_ends_what_runs_and_starts_nothing_more() {
        let processes = Processes::default();
        // `stop` must end the shell's child too: otherwise the pipe stays open, and the last read never ends.
        let mut command = shell("echo up; sleep 1000 & wait");
        let mut child =
            processes.spawn(command.process_group(0).stdout(Stdio::piped())).expect("a shell");
        let mut output = child.stdout.take().expect("a pipe");
        let mut up = [0; 3];
        output.read_exact(&mut up).expect("a word");
        processes.stop();
        output.read_to_end(&mut Vec::new()).expect("an end");
        assert!(!child.wait().expect("an end").success());
        processes.forget(&child);
        assert!(processes.was_stopped() && processes.running.lock().is_empty());
        let error = processes.spawn(&mut shell("true")).expect_err("no start");
        assert!(matches!(error, RigError::Stopped), "{error}");
    }
}
