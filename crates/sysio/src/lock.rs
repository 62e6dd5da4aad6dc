//! Locks: one writer per folder, and exclusive use of a disk.

#![allow(unsafe_code, reason = "locks of open file descriptions")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use rustix::fs::FlockOperation;

use crate::dir::Dir;
use crate::file::CacheMode;

/// An exclusive lock on a folder, held until this value is dropped or the process ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock on the file `name` in the folder, and creates the file if it is missing. Does not wait.
    ///
    /// # Errors
    /// `WouldBlock` if another process, or another handle of this process, holds the lock.
    pub fn try_take(folder: &Dir, name: &[u8]) -> io::Result<Self> {
        let file = match folder.create_file(name, 0o600) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                folder.open_file_for_writing(name, CacheMode::Cached)?
            }
            other => other?,
        };
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { _file: file })
    }
}

/// Locks an open file without waiting: exclusively if `is_written`, otherwise shared with other
/// readers.
///
/// # Errors
/// `WouldBlock` if another handle holds a lock that conflicts.
pub fn try_lock_file(file: &File, is_written: bool) -> io::Result<()> {
    let operation = match is_written {
        true => FlockOperation::NonBlockingLockExclusive,
        false => FlockOperation::NonBlockingLockShared,
    };
    Ok(rustix::fs::flock(file, operation)?)
}

/// How another holder of a disk uses the disk, if that conflicts with our use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskUse {
    /// The other holder reads the disk, and relies on nobody writing to it meanwhile.
    Reads,
    /// The other holder writes to the disk, changes its length, or lets nobody else read it.
    Writes,
}

/// Starts of two ranges of offsets in a disk image. For each operation that qemu does, it locks a byte of the first
/// range. For each operation that qemu lets nobody else do, it locks a byte of the second range. *Source:* qemu,
/// block/file-posix.c (`RAW_LOCK_PERM_BASE`, `RAW_LOCK_SHARED_BASE`) and include/block/block-common.h (`BLK_PERM_*`).
const QEMU_DOES: i64 = 100;
const QEMU_LETS_NOBODY: i64 = 200;
/// qemu's operations: consistent read, write, write of unchanged data, resize.
const QEMU_READ: i64 = 0;
const QEMU_WRITE: i64 = 1;
const QEMU_THINGS: std::ops::Range<i64> = 0..4;

/// Takes qemu's locks on a disk, so that neither qemu nor its tools open the disk while `file`, or a loop device
/// attached to it, is open. With `is_written`, takes the locks of an exclusive writer, otherwise those of a reader that
/// forbids writing. If somebody else's use conflicts, returns this use; returns `None` for success.
///
/// The locks belong to the open file description, not to the process. So every loop device attached to `file` keeps the
/// locks, too.
///
/// # Errors
/// As `fcntl(2)`. A filesystem without such locks is no error, because nobody else can hold such a lock there either.
pub fn try_lock_disk(file: &File, is_written: bool) -> io::Result<Option<DiskUse>> {
    // Takes our locks before the check: if two processes do this at once, at least one sees the other's locks.
    let does = |thing: i64| is_written || thing == QEMU_READ;
    let lets_nobody = |thing: i64| is_written || thing != QEMU_READ;
    let kind = i16::try_from(libc::F_RDLCK).unwrap_or_default();
    for thing in QEMU_THINGS {
        for (base, is_taken) in [(QEMU_DOES, does(thing)), (QEMU_LETS_NOBODY, lets_nobody(thing))] {
            if !is_taken {
                continue;
            }
            match byte_lock(file, libc::F_OFD_SETLK, kind, base + thing) {
                Err(error) if has_no_locks(&error) => return Ok(None),
                Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => {
                    return Ok(Some(DiskUse::Writes));
                }
                other => drop(other?),
            }
        }
    }
    let is_locked = |at: i64| {
        let kind = i16::try_from(libc::F_WRLCK).unwrap_or_default();
        byte_lock(file, libc::F_OFD_GETLK, kind, at)
    };
    let mut found = None;
    for thing in QEMU_THINGS {
        if lets_nobody(thing) && is_locked(QEMU_DOES + thing)? {
            let is_read = thing == QEMU_READ;
            found = Some(if is_read && found.is_none() { DiskUse::Reads } else { DiskUse::Writes });
        }
    }
    if is_written && found.is_none() && is_locked(QEMU_LETS_NOBODY + QEMU_WRITE)? {
        found = Some(DiskUse::Reads);
    }
    if !is_written && is_locked(QEMU_LETS_NOBODY + QEMU_READ)? {
        found = Some(DiskUse::Writes);
    }
    Ok(found)
}

/// Returns whether an error means that the filesystem keeps no locks.
fn has_no_locks(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOLCK | libc::EOPNOTSUPP))
}

/// Sets or queries the lock of one byte; returns whether a queried lock conflicts with somebody else's.
fn byte_lock(file: &File, command: i32, kind: i16, at: i64) -> io::Result<bool> {
    let mut lock = libc::flock {
        l_type: kind,
        l_whence: i16::try_from(libc::SEEK_SET).unwrap_or_default(),
        l_start: at,
        l_len: 1,
        l_pid: 0,
    };
    // JUSTIFICATION: rustix only has locks of processes, which end whenever the process closes any descriptor of the
    // file.
    // SAFETY: these commands read one struct flock, and F_OFD_GETLK writes it; the struct outlives the call.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(i32::from(lock.l_type) != libc::F_UNLCK && command == libc::F_OFD_GETLK)
}

/// Returns whether any process on this machine has a file open for writing. To find out, asks the kernel for a read
/// lease, which the kernel refuses if there is such a process. `file` itself must be open for reading only.
///
/// Returns `false`, too, if the answer is unknown because leases are unavailable: on another user's file, on a
/// filesystem without leases, or on a network filesystem.
pub fn is_open_for_writing(file: &File) -> bool {
    /// Filesystems whose server decides about leases: NFS, CIFS and SMB, Ceph. *Source:* linux/magic.h.
    const SHARED: [u32; 4] = [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x00c3_6400];
    let kind = rustix::fs::fstatfs(file).map_or(0, |found| found.f_type as u32);
    if SHARED.contains(&kind) {
        return false;
    }
    /// Command that chooses the signal of a lease. *Source:* asm-generic/fcntl.h; x86 and arm use the same number.
    const F_SETSIG: i32 = 10;
    // If a writer comes while we hold the lease, the kernel signals us. The default signal, SIGIO, would end a process
    // that does not expect it. SIGURG is ignored by default, and no code of ours handles it.
    // JUSTIFICATION: rustix has neither leases nor a choice of their signal.
    // SAFETY: F_SETSIG takes a number.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), F_SETSIG, libc::SIGURG) };
    if result < 0 {
        return false;
    }
    // JUSTIFICATION: as above.
    // SAFETY: F_SETLEASE takes a number.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_RDLCK) };
    if result < 0 {
        return io::Error::last_os_error().raw_os_error() == Some(libc::EAGAIN);
    }
    // SAFETY: as above. Releasing a granted lease cannot fail.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK) };
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(file: &tempfile::NamedTempFile) -> File {
        File::options().read(true).write(true).open(file.path()).unwrap()
    }

    #[test]
    fn a_disk_is_one_writers_or_many_readers() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let reader = File::open(file.path()).unwrap();
        assert_eq!(try_lock_disk(&reader, false).unwrap(), None);
        let second = File::open(file.path()).unwrap();
        assert_eq!(try_lock_disk(&second, false).unwrap(), None);
        let writer = opened(&file);
        assert_eq!(try_lock_disk(&writer, true).unwrap(), Some(DiskUse::Reads));
        drop((reader, second, writer));
        let writer = opened(&file);
        assert_eq!(try_lock_disk(&writer, true).unwrap(), None);
        assert_eq!(try_lock_disk(&opened(&file), true).unwrap(), Some(DiskUse::Writes));
        let reader = File::open(file.path()).unwrap();
        assert_eq!(try_lock_disk(&reader, false).unwrap(), Some(DiskUse::Writes));
    }

    #[test]
    fn a_file_is_locked_by_one_writer_or_many_readers() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let is_locked = |is_written: bool| {
            let handle = opened(&file);
            try_lock_file(&handle, is_written).map(|()| handle).map_err(|error| error.kind())
        };
        let readers = [is_locked(false).unwrap(), is_locked(false).unwrap()];
        assert_eq!(is_locked(true).unwrap_err(), io::ErrorKind::WouldBlock);
        drop(readers);
        let _writer = is_locked(true).unwrap();
        assert_eq!(is_locked(true).unwrap_err(), io::ErrorKind::WouldBlock);
        assert_eq!(is_locked(false).unwrap_err(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_writer_without_locks_is_seen() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.into_temp_path();
        let reader = File::open(&path).unwrap();
        assert!(!is_open_for_writing(&reader));
        let _other = File::open(&path).unwrap();
        assert!(!is_open_for_writing(&reader));
        let writer = File::options().append(true).open(&path).unwrap();
        assert!(is_open_for_writing(&reader));
        drop(writer);
        assert!(!is_open_for_writing(&reader));
    }

    /// Environment variable with the path of a file. The test starts itself again as a child process, and the child
    /// queries this file. The parent sees whether a signal ends the child.
    const ASKED_FILE: &str = "SYSIO_TEST_ASKED_FILE";

    #[test]
    fn a_writer_that_comes_while_we_ask_does_not_end_us() {
        use std::sync::atomic::{AtomicBool, Ordering};
        if let Some(path) = std::env::var_os(ASKED_FILE) {
            let reader = File::open(path).unwrap();
            for _ in 0..100_000 {
                is_open_for_writing(&reader);
            }
            return;
        }
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let name = "lock::tests::a_writer_that_comes_while_we_ask_does_not_end_us";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(ASKED_FILE, &*path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let has_ended = AtomicBool::new(false);
        let status = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !has_ended.load(Ordering::Relaxed) {
                    drop(File::options().append(true).open(&path).unwrap());
                }
            });
            let status = child.wait();
            has_ended.store(true, Ordering::Relaxed);
            status.unwrap()
        });
        assert!(status.success(), "{status}");
    }
}
