//! Directories by handle, which no rename or symlink can redirect.
//!
//! Every operation takes one name in an open directory, so paths longer than `PATH_MAX` work and nobody can swap a
//! component for a symlink in between. Names are single components. Only [`Dir::open_beneath`] takes a path, and the
//! kernel refuses any step of this path that would leave the tree or follow a symlink.

mod stat;

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, FileType, Gid, Mode, OFlags, RawDir, ResolveFlags, Uid, XattrFlags,
};
use rustix::io::Errno;

use crate::file::CacheMode;
use stat::statx;

pub use stat::{Special, Stat, stat_fd};

/// Maximum length in bytes of the part of a path that one call opens: `PATH_MAX` without the NUL.
const PIECE_LEN_MAX: usize = 4095;

/// Attributes that XFS lists in addition to ACLs: they are the same ACLs in XFS's own encoding.
const SHADOWS: [&[u8]; 2] = [b"trusted.SGI_ACL_FILE", b"trusted.SGI_ACL_DEFAULT"];

/// An open directory. Later renames of it, or of its parents, do not matter.
#[derive(Debug)]
pub struct Dir {
    fd: OwnedFd,
}

impl AsFd for Dir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl From<OwnedFd> for Dir {
    fn from(fd: OwnedFd) -> Self {
        Self { fd }
    }
}

const OPEN_DIR: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

impl Dir {
    /// Opens a directory by a path from the command line or a configuration; follows symlinks.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(rustix::fs::openat(CWD, path, OPEN_DIR, Mode::empty())?.into())
    }

    /// Creates a directory and its missing parents with mode 0700, and opens it.
    ///
    /// # Errors
    /// As `mkdir(2)` and `open(2)`.
    pub fn create_all(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Self::open(path)
    }

    /// Opens a directory below this one; an empty path reopens this directory.
    ///
    /// # Errors
    /// As `openat2(2)`: `ELOOP` for a symlink in the path, `EXDEV` for a path that leaves the tree.
    pub fn open_beneath(&self, path: &[u8]) -> io::Result<Self> {
        if path.is_empty() {
            return Ok(self.open_piece(b".")?.into());
        }
        let mut current: Option<OwnedFd> = None;
        let mut rest = path;
        while !rest.is_empty() {
            let (piece, after) = split_piece(rest);
            let fd = match &current {
                None => self.open_piece(piece)?,
                Some(fd) => open_beneath_fd(fd.as_fd(), piece)?,
            };
            current = Some(fd);
            rest = after;
        }
        current.map(Self::from).ok_or_else(|| Errno::INVAL.into())
    }

    fn open_piece(&self, piece: &[u8]) -> io::Result<OwnedFd> {
        open_beneath_fd(self.fd.as_fd(), piece)
    }

    /// Opens the same directory again, with its own read position.
    ///
    /// # Errors
    /// As `openat2(2)`.
    pub fn reopen(&self) -> io::Result<Self> {
        self.open_beneath(b"")
    }

    /// Lists the names in the directory, unsorted, without `.` and `..`.
    ///
    /// # Errors
    /// As `getdents64(2)`.
    pub fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let fd = self.reopen()?.fd;
        let mut buffer = Vec::with_capacity(64 * 1024);
        let mut entries = RawDir::new(fd, buffer.spare_capacity_mut());
        let mut names = Vec::new();
        while let Some(entry) = entries.next() {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Returns the attributes of the inode that a name leads to; does not follow symlinks.
    ///
    /// # Errors
    /// As `statx(2)`.
    pub fn stat(&self, name: &[u8]) -> io::Result<Stat> {
        let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::STATX_DONT_SYNC;
        statx(self.fd.as_fd(), name, flags)
    }

    /// Returns the attributes of this directory, whatever its present name is.
    ///
    /// # Errors
    /// As `statx(2)`.
    pub fn stat_self(&self) -> io::Result<Stat> {
        stat_fd(self.fd.as_fd())
    }

    /// Opens a regular file for reading. Does not follow a symlink, does not block on a FIFO, and, if the kernel allows
    /// that, does not change the access time.
    ///
    /// # Errors
    /// As `openat(2)`.
    pub fn open_file(&self, name: &[u8]) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let opened = rustix::fs::openat(&self.fd, name, flags | OFlags::NOATIME, Mode::empty());
        match opened {
            Err(Errno::PERM) => {
                Ok(rustix::fs::openat(&self.fd, name, flags, Mode::empty())?.into())
            }
            other => Ok(other?.into()),
        }
    }

    /// Opens an existing regular file for reading and writing; does not follow a symlink.
    ///
    /// # Errors
    /// As `openat(2)`; `EINVAL` for [`CacheMode::Direct`] on a filesystem without direct I/O.
    pub fn open_file_for_writing(&self, name: &[u8], caching: CacheMode) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let flags = flags | caching.flags();
        Ok(rustix::fs::openat(&self.fd, name, flags, Mode::empty())?.into())
    }

    /// Creates a new regular file and opens it for reading and writing.
    ///
    /// # Errors
    /// As `openat(2)`; `EEXIST` if the name is taken.
    pub fn create_file(&self, name: &[u8], permissions: u32) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::CREATE | OFlags::EXCL;
        Ok(rustix::fs::openat(&self.fd, name, flags, Mode::from_raw_mode(permissions))?.into())
    }

    /// Creates a file without a name; [`Dir::link_unnamed`] can name it later.
    ///
    /// # Errors
    /// As `openat(2)` with `O_TMPFILE`.
    pub fn create_unnamed(&self, permissions: u32) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::TMPFILE;
        Ok(rustix::fs::openat(&self.fd, c".", flags, Mode::from_raw_mode(permissions))?.into())
    }

    /// Gives a file made by [`Dir::create_unnamed`] its name.
    ///
    /// # Errors
    /// As `linkat(2)`.
    pub fn link_unnamed(&self, file: &File, name: &[u8]) -> io::Result<()> {
        let source = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(rustix::fs::linkat(CWD, source, &self.fd, name, AtFlags::SYMLINK_FOLLOW)?)
    }

    /// Creates a directory; the umask applies to `permissions`.
    ///
    /// # Errors
    /// As `mkdirat(2)`.
    pub fn create_dir(&self, name: &[u8], permissions: u32) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(permissions))?)
    }

    /// Creates a symbolic link; `target` is stored as it is.
    ///
    /// # Errors
    /// As `symlinkat(2)`.
    pub fn create_symlink(&self, name: &[u8], target: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::symlinkat(target, &self.fd, name)?)
    }

    /// Creates a device node, FIFO or socket; `mode` holds the permission bits.
    ///
    /// # Errors
    /// As `mknodat(2)`.
    pub fn create_special(&self, name: &[u8], special: Special, mode: u32) -> io::Result<()> {
        let (kind, device) = match special {
            Special::CharDevice(major, minor) => {
                (FileType::CharacterDevice, rustix::fs::makedev(major, minor))
            }
            Special::BlockDevice(major, minor) => {
                (FileType::BlockDevice, rustix::fs::makedev(major, minor))
            }
            Special::Fifo => (FileType::Fifo, 0),
            Special::Socket => (FileType::Socket, 0),
        };
        Ok(rustix::fs::mknodat(&self.fd, name, kind, Mode::from_raw_mode(mode), device)?)
    }

    /// Makes `name` here a hard link to `source_name` in `source`.
    ///
    /// # Errors
    /// As `linkat(2)`.
    pub fn link(&self, name: &[u8], source: &Self, source_name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::linkat(&source.fd, source_name, &self.fd, name, AtFlags::empty())?)
    }

    /// Renames `source_name` in `source` to `name` here, and replaces an existing `name`.
    ///
    /// # Errors
    /// As `renameat(2)`.
    pub fn rename(&self, name: &[u8], source: &Self, source_name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::renameat(&source.fd, source_name, &self.fd, name)?)
    }

    /// Removes the name of anything but a directory.
    ///
    /// # Errors
    /// As `unlinkat(2)`.
    pub fn remove(&self, name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.fd, name, AtFlags::empty())?)
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// As `unlinkat(2)`.
    pub fn remove_dir(&self, name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR)?)
    }

    /// Sets owner and group of a name; does not follow symlinks. The kernel then clears suid, sgid
    /// and capabilities of files, so set those later.
    ///
    /// # Errors
    /// As `fchownat(2)`.
    pub fn set_owner(&self, name: &[u8], uid: u32, gid: u32) -> io::Result<()> {
        let (uid, gid) = (Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)));
        Ok(rustix::fs::chownat(&self.fd, name, uid, gid, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Sets the permission bits of a name. Follows symlinks: the caller must know that the name is not a symlink.
    ///
    /// # Errors
    /// As `fchmodat(2)`.
    pub fn set_permissions(&self, name: &[u8], permissions: u32) -> io::Result<()> {
        let mode = Mode::from_raw_mode(permissions);
        Ok(rustix::fs::chmodat(&self.fd, name, mode, AtFlags::empty())?)
    }

    /// Sets the modification time of a name; the access time stays. Does not follow symlinks.
    ///
    /// # Errors
    /// As `utimensat(2)`.
    pub fn set_mtime(&self, name: &[u8], time: (i64, u32)) -> io::Result<()> {
        let times = crate::file::mtime_alone(time);
        Ok(rustix::fs::utimensat(&self.fd, name, &times, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Returns a symlink's target as it was stored.
    ///
    /// # Errors
    /// As `readlinkat(2)`.
    pub fn read_symlink(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        Ok(rustix::fs::readlinkat(&self.fd, name, Vec::new())?.into_bytes())
    }

    /// Returns all extended attributes of a name, sorted; does not follow symlinks. Returns none on a filesystem
    /// without attributes.
    ///
    /// # Errors
    /// As `llistxattr(2)` and `lgetxattr(2)`.
    pub fn xattrs(&self, name: &[u8]) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let path = self.proc_path(name)?;
        let list = match grow(|buffer| rustix::fs::llistxattr(&path, buffer)) {
            Err(Errno::OPNOTSUPP) => return Ok(Vec::new()),
            other => other?,
        };
        let mut found = Vec::new();
        let is_kept = |name: &&[u8]| !name.is_empty() && !SHADOWS.contains(name);
        for attribute in list.split(|byte| *byte == 0).filter(is_kept) {
            match grow(|buffer| rustix::fs::lgetxattr(&path, attribute, buffer)) {
                // The attribute was removed in between, or is listed but not readable here.
                Err(Errno::NODATA) => {}
                value => found.push((attribute.to_vec(), value?)),
            }
        }
        found.sort();
        Ok(found)
    }

    /// Sets an extended attribute of a name; does not follow symlinks.
    ///
    /// # Errors
    /// As `lsetxattr(2)`.
    pub fn set_xattr(&self, name: &[u8], attribute: &[u8], value: &[u8]) -> io::Result<()> {
        let path = self.proc_path(name)?;
        Ok(rustix::fs::lsetxattr(&path, attribute, value, XattrFlags::empty())?)
    }

    /// Removes an extended attribute of a name; a missing attribute is no error.
    ///
    /// # Errors
    /// As `lremovexattr(2)`.
    pub fn remove_xattr(&self, name: &[u8], attribute: &[u8]) -> io::Result<()> {
        let path = self.proc_path(name)?;
        match rustix::fs::lremovexattr(&path, attribute) {
            Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Returns a path that leads to a name through the open directory, for calls that only take paths.
    fn proc_path(&self, name: &[u8]) -> io::Result<CString> {
        let mut path = format!("/proc/self/fd/{}/", self.fd.as_raw_fd()).into_bytes();
        path.extend_from_slice(name);
        CString::new(path).map_err(|_| Errno::INVAL.into())
    }

    /// Makes the directory's entries durable: creations, renames and removals.
    ///
    /// # Errors
    /// As `fsync(2)`. Never retry: the kernel may have dropped the dirty pages.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    /// Makes everything on the directory's filesystem durable.
    ///
    /// # Errors
    /// Errors of any write-back since this descriptor was opened. Never retry.
    pub fn sync_filesystem(&self) -> io::Result<()> {
        Ok(rustix::fs::syncfs(&self.fd)?)
    }

    /// Returns the space and the inodes that are left on the directory's filesystem.
    ///
    /// # Errors
    /// As `fstatvfs(3)`.
    pub fn free_space(&self) -> io::Result<FreeSpace> {
        let stat = rustix::fs::fstatvfs(&self.fd)?;
        Ok(FreeSpace {
            bytes: stat.f_bavail * stat.f_frsize,
            used_bytes: (stat.f_blocks - stat.f_bfree) * stat.f_frsize,
            inodes: stat.f_ffree,
        })
    }
}

/// Free and used space of a filesystem at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeSpace {
    /// Bytes that a user other than root can still write.
    pub bytes: u64,
    /// Bytes in use. Free bytes that are reserved for root count neither here nor in `bytes`.
    pub used_bytes: u64,
    /// Free inodes; zero on filesystems without a fixed number of inodes.
    pub inodes: u64,
}

fn open_beneath_fd(fd: BorrowedFd<'_>, path: &[u8]) -> io::Result<OwnedFd> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    Ok(rustix::fs::openat2(fd, path, OPEN_DIR, Mode::empty(), resolve)?)
}

/// Splits off the longest prefix of whole components that fits one system call. Returns the prefix and the rest.
fn split_piece(path: &[u8]) -> (&[u8], &[u8]) {
    if path.len() <= PIECE_LEN_MAX {
        return (path, &[]);
    }
    let cut = path[..=PIECE_LEN_MAX].iter().rposition(|byte| *byte == b'/');
    cut.map_or((path, &[]), |cut| (&path[..cut], &path[cut + 1..]))
}

/// Makes a call with a small buffer. If the answer does not fit, calls again with a buffer of 64 KiB, the kernel's own
/// limit for lists and values of attributes (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX`). Most answers are far smaller.
fn grow(call: impl Fn(&mut [u8]) -> rustix::io::Result<usize>) -> rustix::io::Result<Vec<u8>> {
    let mut buffer = vec![0; 512];
    match call(&mut buffer[..]) {
        Err(Errno::RANGE) => {
            buffer.resize(65536, 0);
            let len = call(&mut buffer[..])?;
            buffer.truncate(len);
        }
        len => buffer.truncate(len?),
    }
    Ok(buffer)
}

#[cfg(test)]
mod tests;
