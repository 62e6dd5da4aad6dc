//! Converts values of this crate to those of fuser.

use std::time::{Duration, UNIX_EPOCH};

use fuser::{Errno, FileAttr, FileType, INodeNo};

use crate::attributes::{Attributes, BLOCK_LEN, FileKind};
use crate::view::{Lifetime, ViewError};

/// A lifetime that no mount outlives: 136 years.
const FOREVER: Duration = Duration::from_secs(1 << 32);
const BRIEFLY: Duration = Duration::from_secs(1);

pub(super) fn ttl(lasting: Lifetime) -> Duration {
    match lasting {
        Lifetime::Forever => FOREVER,
        Lifetime::Briefly => BRIEFLY,
        Lifetime::Never => Duration::ZERO,
    }
}

pub(super) fn errno(error: &ViewError) -> Errno {
    match error {
        ViewError::Missing => Errno::ENOENT,
        ViewError::WrongKind => Errno::EINVAL,
        ViewError::Failed(_) => Errno::EIO,
    }
}

pub(super) fn file_type(kind: FileKind) -> FileType {
    match kind {
        FileKind::Directory => FileType::Directory,
        FileKind::Regular => FileType::RegularFile,
        FileKind::Symlink => FileType::Symlink,
        FileKind::CharDevice => FileType::CharDevice,
        FileKind::BlockDevice => FileType::BlockDevice,
        FileKind::Fifo => FileType::NamedPipe,
        FileKind::Socket => FileType::Socket,
    }
}

/// Encodes a device's number in the kernel's 32 bits. *Source:* new_encode_dev, linux/kdev_t.h.
fn device_number((major, minor): (u32, u32)) -> u32 {
    (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
}

pub(super) fn file_attr(number: u64, attributes: &Attributes) -> FileAttr {
    FileAttr {
        ino: INodeNo(number),
        size: attributes.size,
        blocks: attributes.blocks,
        atime: attributes.mtime,
        mtime: attributes.mtime,
        ctime: attributes.mtime,
        crtime: UNIX_EPOCH,
        kind: file_type(attributes.kind),
        perm: attributes.permissions as u16,
        nlink: attributes.links,
        uid: attributes.uid,
        gid: attributes.gid,
        rdev: device_number(attributes.device),
        blksize: BLOCK_LEN as u32,
        flags: 0,
    }
}

/// Returns attributes for a missing name: inode 0 makes the kernel remember that the name is
/// missing.
pub(super) fn nothing() -> FileAttr {
    let attributes = Attributes::of_folder(UNIX_EPOCH, 0);
    file_attr(0, &attributes)
}
