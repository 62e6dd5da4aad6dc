//! quickstart's folder and child processes, and their removal at the end.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use parking_lot::{Mutex, MutexGuard};
use rustix::process::{Pid, Signal};
use wire::ErrorClass;

use crate::failure::Failure;
use crate::output::Output;

/// Required free space in bytes: a tree, two stores, a volume and two disk images of Debian's base.
const FREE_MIN: u64 = 3 << 30;

/// The folder, and the registry of running child processes.
#[derive(Debug)]
pub(super) struct Workplace {
    path: PathBuf,
    /// Set by `--keep`: do not remove the folder at the end.
    is_kept: bool,
    stopper: Arc<Stopper>,
}

/// Ends the running child processes; usable from another thread.
#[derive(Debug, Default)]
pub(super) struct Stopper {
    was_stopped: AtomicBool,
    running: Mutex<Vec<Pid>>,
}

impl Stopper {
    /// Sends SIGTERM to the running process groups, and makes every later [`Workplace::spawn`] fail.
    pub(super) fn stop(&self) {
        self.was_stopped.store(true, Ordering::SeqCst);
        for pid in self.running().iter() {
            // A process that has ended meanwhile needs no signal.
            rustix::process::kill_process_group(*pid, Signal::TERM).ok();
        }
    }

    fn running(&self) -> MutexGuard<'_, Vec<Pid>> {
        self.running.lock()
    }
}

impl Workplace {
    /// Creates the folder, or accepts an empty one, and checks its free space.
    pub(super) fn create(path: Option<&Path>, is_kept: bool) -> anyhow::Result<Self> {
        let path = match path {
            Some(path) => {
                std::fs::create_dir_all(path)?;
                if std::fs::read_dir(path)?.next().is_some() {
                    return Err(Failure::usage(format!(
                        "{} is not empty: name a new or empty folder with --work-dir",
                        path.display()
                    )));
                }
                std::path::absolute(path)?
            }
            None => tempfile::Builder::new()
                .prefix("imprint-quickstart-")
                .tempdir_in("/var/tmp")?
                .keep(),
        };
        let stat = rustix::fs::statvfs(&path)?;
        let free = stat.f_bavail * stat.f_frsize;
        let workplace = Self { path, is_kept, stopper: Arc::default() };
        if free < FREE_MIN {
            let message = format!(
                "{} has {} free, quickstart needs {}: name another folder with --work-dir",
                workplace.path.display(),
                wire::units::format_len(free),
                wire::units::format_len(FREE_MIN)
            );
            std::fs::remove_dir(&workplace.path).ok();
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        Ok(workplace)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn stopper(&self) -> Arc<Stopper> {
        Arc::clone(&self.stopper)
    }

    pub(super) fn was_stopped(&self) -> bool {
        self.stopper.was_stopped.load(Ordering::SeqCst)
    }

    /// Starts a command in its own process group, which [`Stopper::stop`] ends.
    pub(super) fn spawn(&self, command: &mut Command) -> anyhow::Result<Child> {
        use std::os::unix::process::CommandExt;
        if self.was_stopped() {
            return Err(Failure::error(ErrorClass::Refused, "interrupted"));
        }
        let mut running = self.stopper.running();
        let child =
            command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| {
                format!("cannot run {}", command.get_program().to_string_lossy())
            })?;
        running.extend(pid_of(&child));
        Ok(child)
    }

    /// Runs a command to its end; on failure, the last lines of its output go into the error.
    pub(super) fn run(&self, command: &mut Command) -> anyhow::Result<()> {
        let log = tempfile::tempfile()?;
        command.stdout(log.try_clone()?).stderr(log.try_clone()?);
        self.run_logged(command, log)
    }

    /// Runs a command to its end and returns its standard output.
    pub(super) fn run_for_output(&self, command: &mut Command) -> anyhow::Result<Vec<u8>> {
        let (mut output, log) = (tempfile::tempfile()?, tempfile::tempfile()?);
        command.stdout(output.try_clone()?).stderr(log.try_clone()?);
        self.run_logged(command, log)?;
        std::io::Seek::rewind(&mut output)?;
        let mut bytes = Vec::new();
        output.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn run_logged(&self, command: &mut Command, log: std::fs::File) -> anyhow::Result<()> {
        let mut child = self.spawn(command)?;
        let status = child.wait()?;
        let pid = pid_of(&child);
        self.stopper.running().retain(|running| Some(*running) != pid);
        if status.success() {
            return Ok(());
        }
        let mut text = String::new();
        let mut log = log;
        std::io::Seek::rewind(&mut log)?;
        log.read_to_string(&mut text).ok();
        let tail: Vec<&str> = text.lines().rev().take(8).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        Err(Failure::error(
            ErrorClass::Internal,
            format!(
                "{} ended with {status}:\n{}",
                command.get_program().to_string_lossy(),
                tail.join("\n")
            ),
        ))
    }

    /// Ends remaining processes, unmounts what a stopped command left mounted, and removes the folder.
    pub(super) fn clean_up(self, output: &Output) {
        for pid in self.stopper.running().iter() {
            rustix::process::kill_process_group(*pid, Signal::TERM).ok();
        }
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
        let mut inside: Vec<&str> = mounts
            .lines()
            .filter_map(|line| line.split(' ').nth(1))
            .filter(|place| Path::new(place).starts_with(&self.path))
            .collect();
        inside.sort_unstable_by_key(|place| std::cmp::Reverse(place.len()));
        for place in inside {
            let flags = rustix::mount::UnmountFlags::DETACH;
            if let Err(error) = rustix::mount::unmount(place, flags) {
                output.note(&format!(
                    "{place} cannot be unmounted, so the folder of quickstart stays: {error}"
                ));
                return;
            }
        }
        if self.is_kept {
            output.note(&format!("kept {}", self.path.display()));
        } else if let Err(error) = std::fs::remove_dir_all(&self.path) {
            output.note(&format!("{} could not be removed: {error}", self.path.display()));
        }
    }
}

pub(super) fn pid_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}
