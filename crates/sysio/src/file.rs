//! Positioned reads and writes that repeat the system call until all bytes are transferred. Also holes and attributes
//! of files.

#![allow(unsafe_code, reason = "a call that rustix lacks")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use rustix::fs::{Advice, Gid, Mode, OFlags, SeekFrom, Timespec, Timestamps, Uid, XattrFlags};
use rustix::io::{Errno, ReadWriteFlags};

/// Use of the page cache by an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheMode {
    /// Data passes through the page cache.
    Cached,
    /// Direct I/O: offsets, lengths and buffer addresses must be multiples of 4 KiB.
    Direct,
}

impl CacheMode {
    pub(crate) fn flags(self) -> OFlags {
        match self {
            Self::Cached => OFlags::empty(),
            Self::Direct => OFlags::DIRECT,
        }
    }
}

/// Reads `buffer.len()` bytes at an offset and returns the number of bytes read. Reads fewer bytes only at the end of
/// the file.
///
/// # Errors
/// As `pread(2)`.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read_at(&mut buffer[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(len) => done += len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Reads a range from the page cache. Returns `None` if any part of the range is not cached.
pub(crate) fn read_cached(file: &File, buffer: &mut [u8], offset: u64) -> Option<usize> {
    let wanted = buffer.len();
    let mut parts = [io::IoSliceMut::new(buffer)];
    let len = rustix::io::preadv2(file, &mut parts, offset, ReadWriteFlags::NOWAIT).ok()?;
    // A short read means the end of the file or a page that is not cached. In both cases the ring then reads normally.
    (len == wanted).then_some(len)
}

/// Reads exactly `buffer.len()` bytes at an offset.
///
/// # Errors
/// As `pread(2)`; `UnexpectedEof` if the file ends too early.
pub fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(buffer, offset)
}

/// Writes all bytes at an offset, with as many calls as that takes.
///
/// # Errors
/// As `pwrite(2)`.
pub fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

/// Returns the holes that the filesystem reports in the first `size` bytes of a file: the offset and length of each
/// hole, in the order of offsets. A filesystem without support for holes reports none.
///
/// # Errors
/// As `lseek(2)`.
pub fn holes(file: &File, size: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut holes = Vec::new();
    let mut position = 0;
    while position < size {
        let begin = match rustix::fs::seek(file, SeekFrom::Hole(position)) {
            Err(Errno::NXIO | Errno::INVAL) => break,
            other => other?,
        };
        if begin >= size {
            break;
        }
        let end = match rustix::fs::seek(file, SeekFrom::Data(begin)) {
            Err(Errno::NXIO) => size,
            other => other?.min(size),
        };
        holes.push((begin, end - begin));
        position = end;
    }
    Ok(holes)
}

/// Returns whether the filesystem reports that a range of a file has no data.
///
/// # Errors
/// As `lseek(2)`.
pub fn is_hole(file: &File, range: std::ops::Range<u64>) -> io::Result<bool> {
    match rustix::fs::seek(file, SeekFrom::Data(range.start)) {
        Err(Errno::NXIO) => Ok(true),
        data => Ok(data? >= range.end),
    }
}

/// Tells the kernel that a file will be read from start to end. This is a hint, so errors are ignored.
pub fn advise_sequential(file: &File) {
    rustix::fs::fadvise(file, 0, None, Advice::Sequential).ok();
}

/// Drops a file's clean pages from the page cache. This is a hint, so errors are ignored.
pub fn drop_cache(file: &File) {
    rustix::fs::fadvise(file, 0, None, Advice::DontNeed).ok();
}

/// Makes a file's content and attributes durable.
///
/// # Errors
/// As `fsync(2)`. Never retry: the kernel may have dropped the dirty pages.
pub fn sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

/// Sets a file's length; added bytes are a hole.
///
/// # Errors
/// As `ftruncate(2)`.
pub fn set_len(file: &File, len: u64) -> io::Result<()> {
    Ok(rustix::fs::ftruncate(file, len)?)
}

/// Asks the kernel to begin writing a file's dirty pages to the device, without waiting. This is a hint, so errors are
/// ignored.
pub fn start_write_back(file: &File) {
    // JUSTIFICATION: rustix has no call for sync_file_range.
    // SAFETY: the call takes an open descriptor and three numbers.
    unsafe { libc::sync_file_range(file.as_raw_fd(), 0, 0, libc::SYNC_FILE_RANGE_WRITE) };
}

/// Opens a file or device for reading, through the page cache or around it.
///
/// # Errors
/// As `open(2)`.
pub fn open_as(path: &std::path::Path, caching: CacheMode) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | caching.flags();
    Ok(rustix::fs::openat(rustix::fs::CWD, path, flags, Mode::empty())?.into())
}

/// Opens a regular file for reading and follows symlinks. Refuses anything else; a FIFO does not block.
///
/// # Errors
/// As `open(2)`; `EINVAL` for anything but a regular file.
pub fn open_regular(path: &std::path::Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file: File = rustix::fs::openat(rustix::fs::CWD, path, flags, Mode::empty())?.into();
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(Errno::INVAL.into()),
    }
}

/// Switches direct I/O of an open file on or off.
///
/// # Errors
/// As `fcntl(2)`.
pub fn set_caching(file: &File, caching: CacheMode) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(file)?;
    let flags = match caching {
        CacheMode::Cached => flags - OFlags::DIRECT,
        CacheMode::Direct => flags | OFlags::DIRECT,
    };
    Ok(rustix::fs::fcntl_setfl(file, flags)?)
}

/// Makes an empty file share all blocks of `source`. Returns `false` if the filesystem
/// cannot do that.
///
/// # Errors
/// As `ioctl(2)` with `FICLONE`, except for missing support.
pub fn share(file: &File, source: &File) -> io::Result<bool> {
    match rustix::fs::ioctl_ficlone(file, source) {
        Ok(()) => Ok(true),
        Err(Errno::OPNOTSUPP | Errno::INVAL | Errno::NOTTY | Errno::XDEV) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sets owner and group. The kernel then clears suid, sgid and capabilities, so set those later.
///
/// # Errors
/// As `fchown(2)`.
pub fn set_owner(file: &File, uid: u32, gid: u32) -> io::Result<()> {
    Ok(rustix::fs::fchown(file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?)
}

/// Sets the permission bits, including suid, sgid and sticky.
///
/// # Errors
/// As `fchmod(2)`.
pub fn set_permissions(file: &File, permissions: u32) -> io::Result<()> {
    Ok(rustix::fs::fchmod(file, Mode::from_raw_mode(permissions))?)
}

/// Sets the modification time as (seconds, nanoseconds); the access time stays.
///
/// # Errors
/// As `futimens(3)`.
pub fn set_mtime(file: &File, time: (i64, u32)) -> io::Result<()> {
    Ok(rustix::fs::futimens(file, &mtime_alone(time))?)
}

/// Sets an extended attribute, whether or not it exists.
///
/// # Errors
/// As `fsetxattr(2)`.
pub fn set_xattr(file: &File, attribute: &[u8], value: &[u8]) -> io::Result<()> {
    Ok(rustix::fs::fsetxattr(file, attribute, value, XattrFlags::empty())?)
}

/// Removes an extended attribute; a missing attribute is no error.
///
/// # Errors
/// As `fremovexattr(2)`.
pub fn remove_xattr(file: &File, attribute: &[u8]) -> io::Result<()> {
    match rustix::fs::fremovexattr(file, attribute) {
        Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(()),
        other => Ok(other?),
    }
}

/// Removes the flags immutable and append-only from a file or directory (`chattr -i -a`).
///
/// # Errors
/// As `ioctl(2)`; `ENOTTY` on a filesystem without such flags.
pub fn unlock_inode(fd: &impl std::os::fd::AsFd) -> io::Result<()> {
    use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};
    let flags = ioctl_getflags(fd)?;
    let locks = IFlags::IMMUTABLE | IFlags::APPEND;
    if flags.intersects(locks) {
        ioctl_setflags(fd, flags.difference(locks))?;
    }
    Ok(())
}

/// Returns times for `utimensat` that change only the modification time.
pub(crate) fn mtime_alone((secs, nanos): (i64, u32)) -> Timestamps {
    Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_OMIT },
        last_modification: Timespec { tv_sec: secs, tv_nsec: nanos.into() },
    }
}

/// Grows a mounted XFS to `blocks` filesystem blocks; `of` is any directory of this XFS.
///
/// # Errors
/// As `ioctl(2)`.
pub fn grow_xfs(of: &impl std::os::fd::AsFd, blocks: u64) -> io::Result<()> {
    /// The argument of the call. *Source:* struct xfs_growfs_data, fs/xfs/libxfs/xfs_fs.h.
    #[repr(C)]
    struct Growth {
        blocks: u64,
        inodes_percent: u32,
        padding: u32,
    }
    /// `_IOW('X', 110, struct xfs_growfs_data)`.
    const GROW: rustix::ioctl::Opcode = rustix::ioctl::opcode::write::<Growth>(b'X', 110);
    /// Limit of the space for inodes in percent, as mkfs.xfs sets it for small filesystems.
    const INODES_PERCENT: u32 = 25;
    let growth = Growth { blocks, inodes_percent: INODES_PERCENT, padding: 0 };
    // JUSTIFICATION: rustix has no call for growing an XFS.
    // SAFETY: the call reads the structure through its argument and keeps nothing.
    let setter = unsafe { rustix::ioctl::Setter::<GROW, Growth>::new(growth) };
    // SAFETY: as above; the setter owns the structure.
    Ok(unsafe { rustix::ioctl::ioctl(of, setter) }?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_found_between_data() {
        // On tmpfs, and on every disk filesystem on which this test runs, holes begin and end at page boundaries.
        let file = tempfile::tempfile().unwrap();
        set_len(&file, 1 << 20).unwrap();
        write_all_at(&file, &[1; 4096], 65536).unwrap();
        sync(&file).unwrap();
        assert_eq!(holes(&file, 1 << 20).unwrap(), [(0, 65536), (69632, (1 << 20) - 69632)]);
        assert_eq!(holes(&file, 0).unwrap(), []);
    }
}
