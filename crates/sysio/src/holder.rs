//! Which processes have a file open, as far as this process may see: for messages.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, StatxFlags};

/// Processes that are named at most: a person ends one after the other.
const HOLDERS_MAX: usize = 3;

/// What tells a file or device from all others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// Any other file: the device that its filesystem is on, and its inode.
    File([u32; 2], u64),
    /// A block device, by whichever node.
    Device([u32; 2]),
}

impl Identity {
    fn of(fd: BorrowedFd<'_>, path: &[u8], flags: AtFlags) -> rustix::io::Result<Self> {
        // A filesystem's server is not asked: one that hangs would be waited for.
        let flags = flags | AtFlags::STATX_DONT_SYNC;
        let found = rustix::fs::statx(fd, path, flags, StatxFlags::TYPE | StatxFlags::INO)?;
        let is_device = FileType::from_raw_mode(found.stx_mode.into()) == FileType::BlockDevice;
        Ok(match is_device {
            true => Self::Device([found.stx_rdev_major, found.stx_rdev_minor]),
            false => Self::File([found.stx_dev_major, found.stx_dev_minor], found.stx_ino),
        })
    }
}

/// Returns the processes other than this one that have a file or block device open, as
/// `NAME (process NUMBER)`; empty where none is to be seen, as from another container.
///
/// # Errors
/// As reading `/proc`; processes that cannot be looked at, or end meanwhile, are left out.
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

/// Returns the processes other than this one that have a file open of a mount that is nowhere any more, with the
/// file's path there: what a filesystem of a process that ended stands on lasts as long as they have.
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

/// The path of a file on a mount that is not among `mounts`, and on no device.
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
    // Memory that is shared by its descriptor is on a mount of the kernel's own.
    let is_memory = path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)");
    (!mounts.contains(mount) && !is_memory).then_some(path)
}

/// All processes but this one: where each is in `/proc`, and its name.
fn others() -> io::Result<impl Iterator<Item = (PathBuf, String)>> {
    let own = std::process::id();
    Ok(std::fs::read_dir("/proc")?.flatten().filter_map(move |entry| {
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        (number != own).then(|| (entry.path(), format!("{} (process {number})", name.trim_end())))
    }))
}

/// The open files of a process.
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
        // The kernel gives a new process its program's name a little after it has run it.
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
