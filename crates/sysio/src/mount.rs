//! Private mounts: filesystems that no other process can reach.
//!
//! A [`PrivateMount`] is a detached mount: it is attached to no path and to no mount namespace
//! that a process lives in, so no other process can look into it, propagate it or keep it busy,
//! and no `/proc/mounts` lists it. Only the handle of its root directory leads to it,
//! and it ends when the last handle is closed. *Source:* fsmount(2), kernel 5.2.

use std::io;
use std::path::{Path, PathBuf};

use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, fsconfig_create, fsconfig_set_flag,
    fsconfig_set_string, fsmount, fsopen,
};

use crate::dir::Dir;

/// A filesystem that only the holder of this value can reach.
#[derive(Debug)]
pub struct PrivateMount {
    root: Dir,
    /// The mount's own handle. It keeps the mount's namespace alive, so that a sandbox can still attach the mount.
    attachable: Dir,
}

/// The use that a mount allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing is written. The caller must also pass the filesystem's option against a journal replay, such as ext4's
    /// `noload`, because a replay writes to the device.
    ReadOnly,
    /// Files can be written; programs on the mount cannot be run (`noexec`).
    ReadWrite,
    /// As [`Access::ReadOnly`], but programs on the mount can be run ([`crate::sandbox`]).
    Run,
}

impl PrivateMount {
    /// Mounts a block device with `nodev,nosuid,noatime`, and with `noexec` except for [`Access::Run`].
    ///
    /// `options` are options of the filesystem as (key, value). An option with an empty value is a flag.
    ///
    /// # Errors
    /// As `fsopen(2)` and `fsconfig(2)`, with the kernel's log message if there is one.
    pub fn open(
        filesystem: &str,
        device: &Path,
        access: Access,
        options: &[(&str, &str)],
    ) -> io::Result<Self> {
        let context = fsopen(filesystem, FsOpenFlags::FSOPEN_CLOEXEC)?;
        let configure = || -> rustix::io::Result<()> {
            fsconfig_set_string(&context, "source", device)?;
            if access != Access::ReadWrite {
                fsconfig_set_flag(&context, "ro")?;
            }
            for (key, value) in options {
                match *value {
                    "" => fsconfig_set_flag(&context, *key)?,
                    value => fsconfig_set_string(&context, *key, value)?,
                }
            }
            fsconfig_create(&context)
        };
        configure().map_err(|errno| with_kernel_log(&context, errno))?;
        let mut attributes = MountAttrFlags::MOUNT_ATTR_NODEV
            | MountAttrFlags::MOUNT_ATTR_NOSUID
            | MountAttrFlags::MOUNT_ATTR_NOATIME;
        attributes |= match access {
            Access::Run => MountAttrFlags::MOUNT_ATTR_RDONLY,
            Access::ReadOnly | Access::ReadWrite => MountAttrFlags::MOUNT_ATTR_NOEXEC,
        };
        let mount = Dir::from(fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, attributes)?);
        // fsmount's descriptor only names the mount (O_PATH) and cannot be synced. So this opens another
        // descriptor, before anything is written: a sync reports only the write-back errors since the
        // opening of its descriptor.
        Ok(Self { root: mount.reopen()?, attachable: mount })
    }

    /// Returns the handle by which a sandbox attaches the mount as its root.
    pub(crate) fn attachable(&self) -> &Dir {
        &self.attachable
    }

    /// Returns the root directory. Directories opened through it keep the mount alive.
    pub fn root(&self) -> &Dir {
        &self.root
    }
}

/// Returns the mounted block devices in this process's mount namespace, as (device, mount point).
///
/// # Errors
/// Errors of reading `/proc/self/mountinfo`.
pub fn mounted_devices() -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let text = std::fs::read_to_string("/proc/self/mountinfo")?;
    // *Source:* proc(5): the fifth field is the mount point; type and source follow " - ".
    let devices = text.lines().filter_map(|line| {
        let (before, behind) = line.split_once(" - ")?;
        let source = behind.split(' ').nth(1).filter(|source| source.starts_with("/dev/"))?;
        Some((PathBuf::from(source), PathBuf::from(before.split(' ').nth(4)?)))
    });
    Ok(devices.collect())
}

/// Returns whether the FUSE filesystem at a path has lost its server process.
pub fn is_dead(path: &Path) -> bool {
    // *Source:* fuse_get_req, fs/fuse/dev.c: an aborted connection answers ENOTCONN. statfs(2) always asks the server;
    // stat(2) may answer from the kernel's cache.
    matches!(rustix::fs::statfs(path), Err(rustix::io::Errno::NOTCONN))
}

/// Detaches the filesystem at a path. The kernel ends the filesystem when its last open file is closed.
///
/// # Errors
/// As `umount2(2)`. A path where nothing is mounted is no error.
pub fn detach(path: &Path) -> io::Result<()> {
    match rustix::mount::unmount(path, rustix::mount::UnmountFlags::DETACH) {
        Err(rustix::io::Errno::INVAL) => Ok(()),
        other => Ok(other?),
    }
}

/// Makes an error from `errno` and the kernel's message in the log of the mount context, such as "Can't find ext4
/// filesystem".
fn with_kernel_log(context: &impl std::os::fd::AsFd, errno: rustix::io::Errno) -> io::Error {
    let mut buffer = [0; 1024];
    let log = match rustix::io::read(context, &mut buffer) {
        Ok(len) => String::from_utf8_lossy(&buffer[..len]).trim().to_owned(),
        Err(_) => String::new(),
    };
    let error = io::Error::from(errno);
    if log.is_empty() { error } else { io::Error::new(error.kind(), format!("{error}: {log}")) }
}
