//! Making inodes of a manifest real: the one place that knows in which order an inode's
//! attributes must be set.

use sysio::dir::Special;
use sysio::{Dir, Stat};
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};
use wire::manifest::{Inode, Timestamp};

/// The attributes that a directory hands down to what is created in it.
const INHERITED: [&[u8]; 2] = [b"system.posix_acl_access", b"system.posix_acl_default"];

/// Creates an inode at a name that is free, without attributes; a file is empty.
///
/// # Errors
/// Errors of the creating system call.
pub fn create(dir: &Dir, name: &[u8], inode: Inode<'_>) -> std::io::Result<()> {
    // Nothing but root may look in before owner and permissions are right.
    const HIDDEN: u32 = 0o600;
    let (major, minor) = inode.device();
    match inode.kind() {
        S_IFDIR => dir.create_dir(name, 0o700),
        S_IFREG => dir.create_file(name, HIDDEN).map(drop),
        S_IFLNK => dir.create_symlink(name, inode.target()),
        S_IFCHR => dir.create_special(name, Special::CharDevice(major, minor), HIDDEN),
        S_IFBLK => dir.create_special(name, Special::BlockDevice(major, minor), HIDDEN),
        S_IFIFO => dir.create_special(name, Special::Fifo, HIDDEN),
        _ => dir.create_special(name, Special::Socket, HIDDEN),
    }
}

/// What an inode has before its attributes are set.
#[derive(Clone, Copy, Debug)]
pub enum Before<'a> {
    /// It was created in a directory that hands down nothing.
    Fresh,
    /// It was created in a directory with a default ACL, which it inherited.
    Inherited,
    /// It has these attributes.
    Known(&'a [Vec<u8>]),
}

/// Sets owner, permissions, extended attributes and modification time.
///
/// # Errors
/// Errors of the first system call that failed.
pub fn set_attributes(
    dir: &Dir,
    name: &[u8],
    inode: Inode<'_>,
    before: Before<'_>,
) -> std::io::Result<()> {
    // 1 owner: the kernel clears suid, sgid and capabilities of what changes owner
    dir.set_owner(name, inode.uid(), inode.gid())?;
    // 2 attributes that must go, ACLs among them, since they hold permission bits too
    let stale: Vec<&[u8]> = match before {
        Before::Fresh => Vec::new(),
        Before::Inherited => INHERITED.to_vec(),
        Before::Known(names) => names.iter().map(Vec::as_slice).collect(),
    };
    for attribute in stale {
        if inode.xattrs().all(|(wanted, _)| wanted != attribute) {
            dir.remove_xattr(name, attribute)?;
        }
    }
    // 3 permissions
    if !inode.is_symlink() {
        dir.set_permissions(name, inode.permissions())?;
    }
    // 4 attributes: an ACL's mask and the group bits are the same bits, so it changes nothing
    for (attribute, value) in inode.xattrs() {
        dir.set_xattr(name, attribute, value)?;
    }
    // 5 time: after everything that could change it
    let Timestamp { secs, nanos } = inode.mtime();
    dir.set_mtime(name, (secs, nanos))
}

/// Returns whether what `statx` says of an inode agrees with a manifest's.
pub fn matches(stat: &Stat, inode: Inode<'_>) -> bool {
    let Timestamp { secs, nanos } = inode.mtime();
    let size_matches = match inode.kind() {
        S_IFREG | S_IFLNK => stat.size == inode.size(),
        S_IFCHR | S_IFBLK => stat.rdev == inode.device(),
        _ => true,
    };
    stat.mode == inode.mode()
        && (stat.uid, stat.gid) == (inode.uid(), inode.gid())
        && stat.mtime == (secs, nanos)
        && (inode.is_directory() || stat.nlink == inode.link_count())
        && size_matches
}
