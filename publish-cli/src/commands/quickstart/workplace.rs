//! quickstart's folder and child processes, and their removal at the end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rig::Processes;
use wire::ErrorClass;

use crate::failure::Failure;
use crate::output::Output;

/// Required free space in bytes: a tree, two stores, a volume and two disk images of Debian's base.
const FREE_MIN: u64 = 3 << 30;

/// The folder, and the child processes that work in it.
#[derive(Debug)]
pub(super) struct Workplace {
    path: PathBuf,
    /// Set by `--keep`: do not remove the folder at the end.
    is_kept: bool,
    processes: Arc<Processes>,
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
        let workplace = Self { path, is_kept, processes: Arc::default() };
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

    pub(super) fn processes(&self) -> &Arc<Processes> {
        &self.processes
    }

    /// Ends remaining processes, unmounts what a stopped command left mounted, and removes the folder.
    pub(super) fn clean_up(self, output: &Output) {
        self.processes.end_all();
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
