//! A disk under a test's control: a file in a FUSE mount. Each read, write and flush asks a policy first.
//!
//! Tests use the file as an image file, or attach it as a loop device. The disk can record all writes for
//! [`crate::journal`]; a policy can make operations fail or wait.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, InitFlags, KernelConfig, LockOwner, OpenFlags, ReplyAttr, ReplyData,
    ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, WriteFlags,
};
use parking_lot::Mutex;

/// An operation on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Reading this number of bytes.
    Read(u64),
    /// Writing this number of bytes, or zeroing them.
    Write(u64),
    /// Making all earlier writes durable.
    Flush,
}

/// Decides whether operations succeed. Called from several threads at once.
pub trait Policy: Send + Sync {
    /// Called before each operation; may block to delay it.
    ///
    /// # Errors
    /// The error number with which the operation fails.
    fn admit(&self, op: Op) -> Result<(), i32>;
}

/// A policy that lets every operation succeed.
#[derive(Clone, Copy, Debug)]
pub struct ObedientDisk;

impl Policy for ObedientDisk {
    fn admit(&self, _: Op) -> Result<(), i32> {
        Ok(())
    }
}

/// An entry of the record that [`Disk::record`] begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes were written.
    Write {
        /// First byte written.
        offset: u64,
        /// Content written.
        bytes: Vec<u8>,
    },
    /// A range was zeroed.
    Zero {
        /// First byte of the range.
        offset: u64,
        /// Length of the range in bytes.
        len: u64,
    },
    /// All earlier writes became durable.
    Flush,
    /// A note of the test, made by [`Disk::note`].
    Note(String),
}

struct Shared {
    backing: File,
    size: u64,
    policy: Mutex<Arc<dyn Policy>>,
    events: Mutex<Option<Vec<Event>>>,
    modified: Mutex<SystemTime>,
    is_direct: bool,
}

/// The mounted disk, unmounted on drop.
pub struct Disk {
    shared: Arc<Shared>,
    mount: PathBuf,
    session: Option<BackgroundSession>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").field("mount", &self.mount).finish_non_exhaustive()
    }
}

/// Name of the disk's file, which is the only file in the mount.
const NAME: &str = "disk.img";

impl Disk {
    /// Mounts a disk that stores its content in the file `backing`. Creates the mount point `at` if it is missing. Up
    /// to `threads` operations run at once. With more than one thread, the kernel caches nothing of the disk.
    ///
    /// # Panics
    /// If FUSE cannot be mounted, or the backing file cannot be opened.
    pub fn mount(backing: &Path, at: &Path, threads: usize) -> Self {
        std::fs::create_dir_all(at).expect("a mount point");
        let file = File::options().read(true).write(true).open(backing).expect("a backing file");
        let size = file.metadata().expect("its length").len();
        let shared = Arc::new(Shared {
            backing: file,
            size,
            policy: Mutex::new(Arc::new(ObedientDisk)),
            events: Mutex::default(),
            modified: Mutex::new(UNIX_EPOCH),
            is_direct: threads > 1,
        });
        let mut config = Config::default();
        config.mount_options = vec![fuser::MountOption::FSName("testkit".to_owned())];
        config.n_threads = Some(threads);
        config.clone_fd = threads > 1;
        let filesystem = Server(Arc::clone(&shared));
        let session = fuser::spawn_mount(filesystem, at, &config).expect("a FUSE mount");
        Self { shared, mount: at.to_owned(), session: Some(session) }
    }

    /// Returns the path of the file that is the disk, inside the FUSE mount.
    pub fn path(&self) -> PathBuf {
        self.mount.join(NAME)
    }

    /// Sets the policy for all later operations.
    pub fn set_policy(&self, policy: Arc<dyn Policy>) {
        *self.shared.policy.lock() = policy;
    }

    /// Begins a new, empty record of writes, flushes and notes.
    pub fn record(&self) {
        *self.shared.events.lock() = Some(Vec::new());
    }

    /// Adds a note to the record, if there is one.
    pub fn note(&self, note: &str) {
        self.shared.push(|| Event::Note(note.to_owned()));
    }

    /// Ends the record and returns it; empty if none was begun.
    pub fn recorded(&self) -> Vec<Event> {
        self.shared.events.lock().take().unwrap_or_default()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // From now on no operation may block, because unmounting would wait for it for ever.
        self.set_policy(Arc::new(ObedientDisk));
        if let Some(session) = self.session.take() {
            drop(session.umount_and_join());
        }
    }
}

impl Shared {
    fn push(&self, event: impl FnOnce() -> Event) {
        if let Some(events) = &mut *self.events.lock() {
            events.push(event());
        }
    }

    fn admit(&self, op: Op) -> Result<(), Errno> {
        let policy = Arc::clone(&self.policy.lock());
        policy.admit(op).map_err(Errno::from_i32)
    }

    fn attributes(&self, ino: INodeNo) -> FileAttr {
        let is_root = ino == INodeNo::ROOT;
        let modified = *self.modified.lock();
        FileAttr {
            ino,
            size: if is_root { 0 } else { self.size },
            blocks: if is_root { 0 } else { self.size / 512 },
            atime: modified,
            mtime: modified,
            ctime: modified,
            crtime: UNIX_EPOCH,
            kind: if is_root { FileType::Directory } else { FileType::RegularFile },
            perm: if is_root { 0o755 } else { 0o600 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Errno> {
        self.admit(Op::Write(data.len() as u64))?;
        self.backing.write_all_at(data, offset).map_err(Errno::from)?;
        self.push(|| Event::Write { offset, bytes: data.to_vec() });
        *self.modified.lock() = SystemTime::now();
        Ok(())
    }

    fn zero(&self, offset: u64, len: u64) -> Result<(), Errno> {
        self.admit(Op::Write(len))?;
        let flags = rustix::fs::FallocateFlags::PUNCH_HOLE | rustix::fs::FallocateFlags::KEEP_SIZE;
        rustix::fs::fallocate(&self.backing, flags, offset, len)
            .map_err(|errno| Errno::from_i32(errno.raw_os_error()))?;
        self.push(|| Event::Zero { offset, len });
        *self.modified.lock() = SystemTime::now();
        Ok(())
    }
}

/// How long the kernel caches attributes: it does not cache them, but asks each time.
const TTL: Duration = Duration::ZERO;
const FILE: INodeNo = INodeNo(2);

struct Server(Arc<Shared>);

impl Filesystem for Server {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> io::Result<()> {
        config.add_capabilities(InitFlags::FUSE_ASYNC_DIO).ok();
        config.set_max_background(256).ok();
        Ok(())
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if parent == INodeNo::ROOT && name == NAME {
            reply.entry(&TTL, &self.0.attributes(FILE), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&TTL, &self.0.attributes(ino));
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        let flags = if self.0.is_direct {
            FopenFlags::FOPEN_DIRECT_IO | FopenFlags::FOPEN_PARALLEL_DIRECT_WRITES
        } else {
            FopenFlags::empty()
        };
        reply.opened(FileHandle(0), flags);
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let len = u64::from(size).min(self.0.size.saturating_sub(offset));
        if let Err(error) = self.0.admit(Op::Read(len)) {
            return reply.error(error);
        }
        let mut bytes = vec![0; len as usize];
        match self.0.backing.read_exact_at(&mut bytes, offset) {
            Ok(()) => reply.data(&bytes),
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.0.write(offset, data) {
            Ok(()) => reply.written(data.len() as u32),
            Err(error) => reply.error(error),
        }
    }

    fn fallocate(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        // Loop devices punch holes and zero ranges. A disk in direct mode imitates a cloud disk, which can do neither.
        if mode & 0x12 == 0 || self.0.is_direct {
            return reply.error(Errno::EOPNOTSUPP);
        }
        match self.0.zero(offset, length) {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(error),
        }
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        match self.0.admit(Op::Flush) {
            Ok(()) => {
                self.0.push(|| Event::Flush);
                reply.ok();
            }
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        // The filesystem always reports as many free blocks as the disk has.
        let blocks = self.0.size / 4096;
        reply.statfs(2 * blocks, blocks, blocks, 2, 1, 4096, 255, 4096);
    }
}
