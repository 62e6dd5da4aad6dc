//! Attributes of an inode.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::fs::{AtFlags, StatxAttributes, StatxFlags};

/// Attributes of an inode, from `statx`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Device number of the filesystem.
    pub dev: u64,
    /// Inode number, unique within the filesystem.
    pub ino: u64,
    /// File type and permission bits.
    pub mode: u32,
    /// Numeric id of the owner.
    pub uid: u32,
    /// Numeric id of the group.
    pub gid: u32,
    /// Number of hard links.
    pub nlink: u32,
    /// Length in bytes.
    pub size: u64,
    /// Allocated space in units of 512 bytes.
    pub blocks: u64,
    /// Time of the last change of content: seconds and nanoseconds.
    pub mtime: (i64, u32),
    /// Time of the last change of the inode: seconds and nanoseconds.
    pub ctime: (i64, u32),
    /// Major and minor number of a device node; (0, 0) for other inodes.
    pub rdev: (u32, u32),
    /// `true` if the inode is immutable or append-only for everybody (`chattr +i`, `+a`).
    pub is_locked: bool,
}

impl Stat {
    /// Returns the file type bits of the mode, such as `0o040_000` for a directory.
    pub fn kind(&self) -> u32 {
        self.mode & 0o170_000
    }

    /// Returns whether the inode is itself a directory, not a symlink to one.
    pub fn is_directory(&self) -> bool {
        self.kind() == 0o040_000
    }

    /// Returns whether the inode is itself a regular file, not a symlink to one.
    pub fn is_regular(&self) -> bool {
        self.kind() == 0o100_000
    }
}

/// Describes an inode to create that is neither a regular file nor a directory nor a symlink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A character device: major, minor.
    CharDevice(u32, u32),
    /// A block device: major, minor.
    BlockDevice(u32, u32),
    /// A named pipe.
    Fifo,
    /// A Unix domain socket that no process is bound to.
    Socket,
}

/// Returns the attributes of an open file.
///
/// # Errors
/// As `statx(2)`.
pub fn stat_fd(fd: BorrowedFd<'_>) -> io::Result<Stat> {
    statx(fd, b"", AtFlags::EMPTY_PATH)
}

pub(super) fn statx(fd: BorrowedFd<'_>, name: &[u8], flags: AtFlags) -> io::Result<Stat> {
    let found = rustix::fs::statx(fd, name, flags, StatxFlags::BASIC_STATS)?;
    Ok(Stat {
        dev: rustix::fs::makedev(found.stx_dev_major, found.stx_dev_minor),
        ino: found.stx_ino,
        mode: found.stx_mode.into(),
        uid: found.stx_uid,
        gid: found.stx_gid,
        nlink: found.stx_nlink,
        size: found.stx_size,
        blocks: found.stx_blocks,
        mtime: (found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec),
        ctime: (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
        rdev: (found.stx_rdev_major, found.stx_rdev_minor),
        is_locked: found
            .stx_attributes
            .intersects(StatxAttributes::IMMUTABLE | StatxAttributes::APPEND),
    })
}
