//! Finds the processes that have a file open, for messages. Only the processes that our own `/proc` shows are found.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, StatxFlags};

/// Maximum number of processes that a message names. A longer list would not help, because a person ends the processes
/// one after another.
const HOLDERS_MAX: usize = 3;

/// The identity of a file or device, the same under every path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// A file that is not a block device: the device number (major, minor) of the file's filesystem, and the inode
    /// number.
    File([u32; 2], u64),
    /// A block device: its major and minor number, the same for all its nodes.
    Device([u32; 2]),
}

impl Identity {
    fn of(fd: BorrowedFd<'_>, path: &[u8], flags: AtFlags) -> rustix::io::Result<Self> {
        // Do not query a network or FUSE server: a server that hangs would block us.
        let flags = flags | AtFlags::STATX_DONT_SYNC;
        let found = rustix::fs::statx(fd, path, flags, StatxFlags::TYPE | StatxFlags::INO)?;
        let is_device = FileType::from_raw_mode(found.stx_mode.into()) == FileType::BlockDevice;
        Ok(match is_device {
            true => Self::Device([found.stx_rdev_major, found.stx_rdev_minor]),
            false => Self::File([found.stx_dev_major, found.stx_dev_minor], found.stx_ino),
        })
    }
}

/// Returns up to three other processes that have a file or block device open, as `NAME (process NUMBER)`. The list is
/// empty if no such process is visible, for example because the process runs in another container.
///
/// # Errors
/// As reading `/proc`. Skips processes that we are not allowed to inspect, and processes that end meanwhile.
pub fn holders(file: &File) -> io::Result<Vec<String>> {
    let wanted = Identity::of(file.as_fd(), b"", AtFlags::EMPTY_PATH)?;
    let is_wanted = |descriptor: &Path| {
        let path = descriptor.as_os_str().as_encoded_bytes();
        Identity::of(CWD, path, AtFlags::empty()) == Ok(wanted)
    };
    let mut found = Vec::new();
    for (process, name) in others()? {
        if descriptors(&process).any(|descriptor| is_wanted(&descriptor)) {
            found.push(name);
        }
        if found.len() == HOLDERS_MAX {
            break;
        }
    }
    Ok(found)
}

/// Returns up to three other processes that have a file open on a mount that no longer exists, each with the path of
/// one such file. The open file keeps its filesystem in use, and also the image file or device that contains the
/// filesystem.
///
/// # Errors
/// As [`holders`].
pub fn holders_of_ended_mounts() -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for (process, name) in others()? {
        let mounts = std::fs::read_to_string(process.join("mountinfo")).unwrap_or_default();
        let mounts: HashSet<&str> =
            mounts.lines().filter_map(|line| line.split(' ').next()).collect();
        let path =
            descriptors(&process).find_map(|descriptor| of_ended_mount(&descriptor, &mounts));
        found.extend(path.map(|path| format!("{name} has {} open", path.display())));
        if found.len() == HOLDERS_MAX {
            break;
        }
    }
    Ok(found)
}

/// Returns the path of the file that `descriptor`, a path below `/proc`, leads to. Returns `None` if the file is not
/// regular or is deleted, if its filesystem has a block device, or if its mount is in `mounts`.
fn of_ended_mount(descriptor: &Path, mounts: &HashSet<&str>) -> Option<PathBuf> {
    let flags = AtFlags::STATX_DONT_SYNC;
    let wanted = StatxFlags::TYPE | StatxFlags::INO;
    let stat = rustix::fs::statx(CWD, descriptor, flags, wanted).ok()?;
    let is_file = FileType::from_raw_mode(stat.stx_mode.into()) == FileType::RegularFile;
    if !is_file || stat.stx_dev_major != 0 {
        return None;
    }
    let number = descriptor.file_name()?;
    let info = descriptor.parent()?.parent()?.join("fdinfo").join(number);
    let info = std::fs::read_to_string(info).ok()?;
    let mount = info.lines().find_map(|line| line.strip_prefix("mnt_id:"))?.trim();
    let path = std::fs::read_link(descriptor).ok()?;
    // Shared memory (memfd) also appears on an unlisted mount, an internal one of the kernel.
    let is_memory = path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)");
    (!mounts.contains(mount) && !is_memory).then_some(path)
}

/// Lists all processes except this one. Returns each process's folder in `/proc`, and its name with the process id.
fn others() -> io::Result<impl Iterator<Item = (PathBuf, String)>> {
    let own = std::process::id();
    Ok(std::fs::read_dir("/proc")?.flatten().filter_map(move |entry| {
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        (number != own).then(|| (entry.path(), format!("{} (process {number})", name.trim_end())))
    }))
}

/// Lists the open files of a process, as paths below `/proc`. The list is empty if we are not allowed to read it.
fn descriptors(process: &Path) -> impl Iterator<Item = PathBuf> {
    let files = std::fs::read_dir(process.join("fd"));
    files.into_iter().flatten().flatten().map(|file| file.path())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn another_process_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(holders(file.as_file()).unwrap(), [] as [String; 0]);
        let input = File::open(file.path()).unwrap();
        let mut sleep = std::process::Command::new("sleep").arg("60").stdin(input).spawn().unwrap();
        // The kernel sets the process's new name a moment after it starts the program.
        let expected = [format!("sleep (process {})", sleep.id())];
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut found = holders(file.as_file()).unwrap();
        while found != expected && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(5));
            found = holders(file.as_file()).unwrap();
        }
        sleep.kill().unwrap();
        sleep.wait().unwrap();
        assert_eq!(found, expected);
    }
}
