//! Making inodes of a manifest real: the one place that knows in which order an inode's
//! attributes must be set.

use std::fs::File;
use std::io;

use sysio::dir::Special;
use sysio::{Dir, Stat};
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};
use wire::manifest::{Inode, Timestamp};

/// The attributes that a directory hands down to what is created in it.
const INHERITED: [&[u8]; 2] = [b"system.posix_acl_access", b"system.posix_acl_default"];

/// What an inode is created with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// Permissions for its owner alone: others may look into the tree meanwhile.
    Hidden,
    /// Its own permissions where it is root's, as most are, which saves a call or two: nobody else
    /// can look into the tree, and this process is root.
    Final,
}

impl Birth {
    fn permissions(self, inode: Inode<'_>) -> u32 {
        const HIDDEN: u32 = 0o600;
        let is_final = self == Self::Final && (inode.uid(), inode.gid()) == (0, 0);
        if is_final { inode.permissions() } else { HIDDEN }
    }
}

/// Creates an inode at a name that is free; a file is empty.
///
/// # Errors
/// Errors of the creating system call.
pub fn create(dir: &Dir, name: &[u8], inode: Inode<'_>, birth: Birth) -> io::Result<()> {
    let permissions = birth.permissions(inode);
    let (major, minor) = inode.device();
    match inode.kind() {
        S_IFDIR => dir.create_dir(name, 0o700),
        S_IFREG => dir.create_file(name, permissions).map(drop),
        S_IFLNK => dir.create_symlink(name, inode.target()),
        S_IFCHR => dir.create_special(name, Special::CharDevice(major, minor), permissions),
        S_IFBLK => dir.create_special(name, Special::BlockDevice(major, minor), permissions),
        S_IFIFO => dir.create_special(name, Special::Fifo, permissions),
        _ => dir.create_special(name, Special::Socket, permissions),
    }
}

/// What an inode has before its attributes are set.
#[derive(Clone, Copy, Debug)]
pub enum PriorAttributes<'a> {
    /// It was created in a directory that hands down nothing.
    Fresh(Birth),
    /// It was created in a directory with a default ACL or the sgid bit, which hands them down.
    Inherited,
    /// It has what this inode has; its content may have been written since.
    Known(Inode<'a>),
}

/// An inode whose attributes are to be set: its name, or itself, open.
#[derive(Clone, Copy, Debug)]
pub enum InodeRef<'a> {
    /// A name in a directory; symlinks are not followed.
    Name(&'a Dir, &'a [u8]),
    /// A file that is open for writing.
    Open(&'a File),
}

impl InodeRef<'_> {
    fn set_owner(self, uid: u32, gid: u32) -> io::Result<()> {
        match self {
            Self::Name(dir, name) => dir.set_owner(name, uid, gid),
            Self::Open(file) => sysio::file::set_owner(file, uid, gid),
        }
    }

    fn set_permissions(self, permissions: u32) -> io::Result<()> {
        match self {
            Self::Name(dir, name) => dir.set_permissions(name, permissions),
            Self::Open(file) => sysio::file::set_permissions(file, permissions),
        }
    }

    fn set_xattr(self, attribute: &[u8], value: &[u8]) -> io::Result<()> {
        match self {
            Self::Name(dir, name) => dir.set_xattr(name, attribute, value),
            Self::Open(file) => sysio::file::set_xattr(file, attribute, value),
        }
    }

    fn remove_xattr(self, attribute: &[u8]) -> io::Result<()> {
        match self {
            Self::Name(dir, name) => dir.remove_xattr(name, attribute),
            Self::Open(file) => sysio::file::remove_xattr(file, attribute),
        }
    }

    fn set_mtime(self, time: (i64, u32)) -> io::Result<()> {
        match self {
            Self::Name(dir, name) => dir.set_mtime(name, time),
            Self::Open(file) => sysio::file::set_mtime(file, time),
        }
    }
}

/// Sets owner, permissions, extended attributes and modification time, as far as they are not so
/// already.
///
/// # Errors
/// Errors of the first system call that failed.
pub fn set_attributes(
    target: InodeRef<'_>,
    inode: Inode<'_>,
    before: PriorAttributes<'_>,
) -> io::Result<()> {
    let has = match before {
        PriorAttributes::Fresh(Birth::Final) if !inode.is_directory() => {
            Some(((0, 0), Birth::Final.permissions(inode)))
        }
        PriorAttributes::Known(known) => Some(((known.uid(), known.gid()), known.permissions())),
        _ => None,
    };
    // 1 owner: the kernel clears suid, sgid and capabilities of what changes owner
    let owner = (inode.uid(), inode.gid());
    let is_new_owner = has.is_none_or(|(has, _)| has != owner);
    if is_new_owner {
        target.set_owner(owner.0, owner.1)?;
    }
    // 2 attributes that must go, ACLs among them, since they hold permission bits too
    let remove_unless_wanted = |attribute: &[u8]| match inode.xattrs().any(|(n, _)| n == attribute)
    {
        true => Ok(()),
        false => target.remove_xattr(attribute),
    };
    let mut may_have_acl = false;
    match before {
        PriorAttributes::Fresh(_) => {}
        // Also those that are wanted: one that ext4 keeps in the inode already would drive others out of it, so that
        // not all find the places that they were counted with.
        PriorAttributes::Inherited => {
            INHERITED.into_iter().try_for_each(|name| target.remove_xattr(name))?
        }
        PriorAttributes::Known(known) => {
            let stays = diskfs::may_replace_xattrs_in_place(known, inode);
            known.xattrs().try_for_each(|(attribute, _)| {
                may_have_acl |= INHERITED.contains(&attribute);
                if stays { remove_unless_wanted(attribute) } else { target.remove_xattr(attribute) }
            })?;
        }
    }
    // 3 permissions
    let is_new_mode = has.is_none_or(|(_, has)| has != inode.permissions());
    if !inode.is_symlink() && (is_new_owner || is_new_mode || may_have_acl) {
        target.set_permissions(inode.permissions())?;
    }
    // 4 attributes: an ACL's mask and the group bits are the same bits, so it changes nothing
    for (attribute, value) in inode.xattrs() {
        target.set_xattr(attribute, value)?;
    }
    // 5 time: after everything that could change it
    let Timestamp { secs, nanos } = inode.mtime();
    target.set_mtime((secs, nanos))
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
