//! The adapter between `fuser` and a [`View`]. Besides this module, only `session` and `passthrough` use fuser, because
//! fuser's next release changes fuser's interface.
//!
//! ```text
//! entries and attributes   kept for ever inside images; kept for a second above them, with notices of changes
//! pages                    kept; a file inside an image never changes
//! open, opendir            answered once with "not needed" (ENOSYS); after that, the kernel opens without asking;
//!                          for a volume's long files, the answer names the file on the volume for the kernel to read
//! directories              with attributes (readdirplus), so that `ls -l` and `find` need no further requests
//! ```

mod convert;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use fuser::{
    BsdFileFlags, Errno, FileHandle, Filesystem, FopenFlags, Generation, INodeNo, InitFlags,
    KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyDirectoryPlus, ReplyEmpty, ReplyEntry, ReplyLseek, ReplyOpen, ReplyStatfs,
    ReplyWrite, ReplyXattr, Request, TimeOrNow, WriteFlags,
};

use convert::{errno, file_attr, file_type, nothing, ttl};

use super::attributes::{Attributes, BLOCK_LEN, Seek};
use super::passthrough::PassthroughFiles;
use super::view::{DirectoryEntry, Lifetime, View, ViewError};

/// Limit on the kernel's background requests, such as read-ahead, under way at once.
const BACKGROUND_MAX: u16 = 64;

/// Bytes that the kernel reads ahead in files that are read in order.
const READ_AHEAD: u32 = 1 << 20;

/// Count of the entries `.` and `..`, which come before the directory's own entries.
const DOTS: u64 = 2;

/// Handle of every file that the kernel reads through this process.
const THROUGH_US: FileHandle = FileHandle(0);

/// The filesystem that fuser calls.
pub(super) struct Server {
    view: Arc<View>,
    /// Files that the kernel reads itself; `None` if it cannot.
    passed: Option<PassthroughFiles>,
}

impl Server {
    pub(super) fn new(view: Arc<View>) -> Self {
        Self { view, passed: None }
    }

    /// Asks the kernel whether it can read files of a volume itself; only root may use that.
    fn negotiate_passthrough(&mut self, config: &mut KernelConfig) {
        let is_able = config.add_capabilities(InitFlags::FUSE_PASSTHROUGH).is_ok()
            && config.set_max_stack_depth(1).is_ok()
            && sysio::is_root();
        tracing::info!(
            passthrough = is_able,
            "long files are read by the kernel itself, where it can"
        );
        self.passed = is_able.then(PassthroughFiles::default);
    }

    /// Lists a directory with `.` and `..` from an offset on, until `add` returns true (no room left).
    fn list(
        &self,
        directory: INodeNo,
        offset: u64,
        add: &mut dyn FnMut(u64, &DirectoryEntry<'_>) -> bool,
    ) -> Result<(), ViewError> {
        for (position, name) in [(0, b"." as &[u8]), (1, b"..")].into_iter().skip(offset as usize) {
            let number = if position == 0 { directory.0 } else { self.view.parent(directory.0)? };
            // The kernel uses only the inode numbers of `.` and `..`.
            let attributes = Attributes::of_folder(UNIX_EPOCH, 0);
            let lasting = Lifetime::Never;
            if add(position + 1, &DirectoryEntry { number, name, attributes, lasting }) {
                return Ok(());
            }
        }
        let skip = offset.saturating_sub(DOTS) as usize;
        self.view.list(directory.0, skip, &mut |position, listed| {
            add(position as u64 + DOTS + 1, listed)
        })
    }
}

impl Filesystem for Server {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> io::Result<()> {
        // The kernel must ask this process to open a volume's file, because the answer names the file on the volume.
        let open_support = (!self.view.is_on_volume()).then_some(InitFlags::FUSE_NO_OPEN_SUPPORT);
        let wanted = [
            InitFlags::FUSE_ASYNC_READ,
            InitFlags::FUSE_AUTO_INVAL_DATA,
            InitFlags::FUSE_PARALLEL_DIROPS,
            InitFlags::FUSE_CACHE_SYMLINKS,
            InitFlags::FUSE_DO_READDIRPLUS,
            InitFlags::FUSE_NO_OPENDIR_SUPPORT,
            InitFlags::FUSE_POSIX_ACL,
            InitFlags::FUSE_MAX_PAGES,
        ];
        for flag in wanted.into_iter().chain(open_support) {
            // All flags except POSIX_ACL only make the mount faster. Without POSIX_ACL, the kernel does not enforce
            // access lists in this mount.
            if config.add_capabilities(flag).is_err() {
                tracing::info!(?flag, "the kernel does not know it");
            }
        }
        if self.view.is_on_volume() {
            self.negotiate_passthrough(config);
        }
        config.set_max_background(BACKGROUND_MAX).ok();
        if let Err(at_most) = config.set_max_readahead(READ_AHEAD) {
            config.set_max_readahead(at_most).ok();
        }
        Ok(())
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.view.lookup(parent.0, name.as_bytes()) {
            Ok((number, attributes, lasting)) => {
                reply.entry(&ttl(lasting), &file_attr(number, &attributes), Generation(0));
            }
            Err((ViewError::Missing, lasting)) => {
                reply.entry(&ttl(lasting), &nothing(), Generation(0));
            }
            Err((error, _)) => reply.error(errno(&error)),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.view.attributes(ino.0) {
            Ok((attributes, lasting)) => {
                reply.attr(&ttl(lasting), &file_attr(ino.0, &attributes));
            }
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn readlink(&self, _: &Request, ino: INodeNo, reply: ReplyData) {
        match self.view.target(ino.0, <[u8]>::to_vec) {
            Ok(target) => reply.data(&target),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn open(&self, _: &Request, ino: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        if !self.view.is_on_volume() {
            return reply.error(Errno::ENOSYS);
        }
        let file = match self.view.backing(ino.0) {
            Ok(file) => file,
            // Does not fall back to reads through this process: the kernel refuses them while it reads the file itself
            // for another opener.
            Err(error) => return reply.error(errno(&error)),
        };
        let passed = self
            .passed
            .as_ref()
            .zip(file)
            .and_then(|(passed, file)| passed.open(ino.0, || reply.open_backing(&*file)));
        match passed {
            Some((handle, id)) => {
                reply.opened_passthrough(handle, FopenFlags::empty(), &id);
            }
            None => reply.opened(THROUGH_US, FopenFlags::FOPEN_KEEP_CACHE),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        // Nothing needs a flush, because nothing is written. After this answer the kernel sends no more such requests.
        reply.error(Errno::ENOSYS);
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        if let Some(passed) = self.passed.as_ref().filter(|_| handle != THROUGH_US) {
            passed.close(handle);
        }
        reply.ok();
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let mut reply = Some(reply);
        let answer = |bytes: &[u8]| {
            if let Some(reply) = reply.take() {
                reply.data(bytes);
            }
        };
        let result = self.view.read(ino.0, offset, size, answer);
        if let (Err(error), Some(reply)) = (result, reply) {
            reply.error(errno(&error));
        }
    }

    fn opendir(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.error(Errno::ENOSYS);
    }

    fn readdir(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let result = self.list(ino, offset, &mut |next, listed| {
            let kind = file_type(listed.attributes.kind);
            reply.add(INodeNo(listed.number), next, kind, OsStr::from_bytes(listed.name))
        });
        match result {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn readdirplus(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectoryPlus,
    ) {
        let result = self.list(ino, offset, &mut |next, listed| {
            let attr = file_attr(listed.number, &listed.attributes);
            let name = OsStr::from_bytes(listed.name);
            reply.add(attr.ino, next, name, &ttl(listed.lasting), &attr, Generation(0))
        });
        match result {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn statfs(&self, _: &Request, ino: INodeNo, reply: ReplyStatfs) {
        let block = BLOCK_LEN as u32;
        match self.view.size(ino.0) {
            Ok(size) => reply.statfs(size.blocks, 0, 0, size.inodes, 0, block, 255, block),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn getxattr(&self, _: &Request, ino: INodeNo, name: &OsStr, size: u32, reply: ReplyXattr) {
        match self.view.xattr(ino.0, name.as_bytes(), <[u8]>::to_vec) {
            Ok(value) => answer_xattr(&value, size, reply),
            Err(ViewError::Missing | ViewError::WrongKind) => reply.error(Errno::ENODATA),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn listxattr(&self, request: &Request, ino: INodeNo, size: u32, reply: ReplyXattr) {
        match self.view.xattr_names(ino.0) {
            Ok(names) => answer_xattr(&seen_by(request.uid(), names), size, reply),
            Err(ViewError::WrongKind) => answer_xattr(&[], size, reply),
            Err(error) => reply.error(errno(&error)),
        }
    }

    fn lseek(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: i64,
        whence: i32,
        reply: ReplyLseek,
    ) {
        // *Source:* lseek(2). The kernel passes on only these two values.
        let whence = match whence {
            3 => Seek::Data,
            4 => Seek::Hole,
            _ => return reply.error(Errno::EINVAL),
        };
        let Ok(offset) = u64::try_from(offset) else {
            return reply.error(Errno::ENXIO);
        };
        match self.view.seek(ino.0, offset, whence) {
            Ok(Some(at)) => reply.offset(at.cast_signed()),
            Ok(None) => reply.error(Errno::ENXIO),
            Err(error) => reply.error(errno(&error)),
        }
    }

    // Requests that write. The kernel refuses most of them itself, because the mount is read-only.

    fn setattr(
        &self,
        _: &Request,
        _: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        reply.error(Errno::EROFS);
    }

    fn mknod(&self, _: &Request, _: INodeNo, _: &OsStr, _: u32, _: u32, _: u32, reply: ReplyEntry) {
        reply.error(Errno::EROFS);
    }

    fn mkdir(&self, _: &Request, _: INodeNo, _: &OsStr, _: u32, _: u32, reply: ReplyEntry) {
        reply.error(Errno::EROFS);
    }

    fn unlink(&self, _: &Request, _: INodeNo, _: &OsStr, reply: ReplyEmpty) {
        reply.error(Errno::EROFS);
    }

    fn rmdir(&self, _: &Request, _: INodeNo, _: &OsStr, reply: ReplyEmpty) {
        reply.error(Errno::EROFS);
    }

    fn symlink(&self, _: &Request, _: INodeNo, _: &OsStr, _: &Path, reply: ReplyEntry) {
        reply.error(Errno::EROFS);
    }

    fn rename(
        &self,
        _: &Request,
        _: INodeNo,
        _: &OsStr,
        _: INodeNo,
        _: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        reply.error(Errno::EROFS);
    }

    fn link(&self, _: &Request, _: INodeNo, _: INodeNo, _: &OsStr, reply: ReplyEntry) {
        reply.error(Errno::EROFS);
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        _: u64,
        _: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        reply.error(Errno::EROFS);
    }

    fn setxattr(
        &self,
        _: &Request,
        _: INodeNo,
        _: &OsStr,
        _: &[u8],
        _: i32,
        _: u32,
        reply: ReplyEmpty,
    ) {
        reply.error(Errno::EROFS);
    }

    fn removexattr(&self, _: &Request, _: INodeNo, _: &OsStr, reply: ReplyEmpty) {
        reply.error(Errno::EROFS);
    }

    fn create(
        &self,
        _: &Request,
        _: INodeNo,
        _: &OsStr,
        _: u32,
        _: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        reply.error(Errno::EROFS);
    }

    fn fallocate(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        _: u64,
        _: u64,
        _: i32,
        reply: ReplyEmpty,
    ) {
        reply.error(Errno::EROFS);
    }
}

/// Returns the attribute names that a user may see. Only root sees names that begin with `trusted.`: other users get
/// answers from the kernel as if such attributes did not exist. *Source:* xattr(7).
fn seen_by(uid: u32, names: Vec<u8>) -> Vec<u8> {
    if uid == 0 {
        return names;
    }
    let is_seen = |name: &&[u8]| !name.starts_with(b"trusted.");
    names.split_inclusive(|byte| *byte == 0).filter(is_seen).flatten().copied().collect()
}

fn answer_xattr(value: &[u8], size: u32, reply: ReplyXattr) {
    match size as usize {
        0 => reply.size(value.len() as u32),
        room if room < value.len() => reply.error(Errno::ERANGE),
        _ => reply.data(value),
    }
}
