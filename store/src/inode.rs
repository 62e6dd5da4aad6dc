//! Creates inodes from a manifest and sets their attributes. Only this module knows the order in
//! which attributes must be set.

use std::fs::File;
use std::io;

use sysio::dir::Special;
use sysio::{Dir, Stat};
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};
use wire::manifest::{Inode, Timestamp};

/// Attributes that a new inode inherits from its directory.
const INHERITED: [&[u8]; 2] = [b"system.posix_acl_access", b"system.posix_acl_default"];

/// Permissions of an inode between its creation and [`set_attributes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// Permissions for the owner only, because other processes may see the tree meanwhile.
    Hidden,
    /// The inode's own permissions if it belongs to root, as most inodes do: this saves a call or
    /// two. Use this only for a tree that no other process can see, and in a process that runs as
    /// root.
    Final,
}

impl Birth {
    fn permissions(self, inode: Inode<'_>) -> u32 {
        const HIDDEN: u32 = 0o600;
        let is_final = self == Self::Final && (inode.uid(), inode.gid()) == (0, 0);
        if is_final { inode.permissions() } else { HIDDEN }
    }
}

/// Creates an inode at an unused name; a file is created empty.
///
/// # Errors
/// Errors of the system call that creates it.
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

/// Attributes of an inode before [`set_attributes`].
#[derive(Clone, Copy, Debug)]
pub enum PriorAttributes<'a> {
    /// The inode is new, and its directory has no attributes that it could inherit.
    Fresh(Birth),
    /// The inode is new, and it has inherited its directory's default ACL or sgid bit.
    Inherited,
    /// The inode got the attributes of this inode of a manifest; its content may have been written
    /// since.
    Known(Inode<'a>),
}

/// The inode whose attributes are set.
#[derive(Clone, Copy, Debug)]
pub enum InodeRef<'a> {
    /// An entry of a directory; symlinks are not followed.
    Name(&'a Dir, &'a [u8]),
    /// A file that the caller has open for writing; its name is not looked up again.
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

/// Sets owner, permissions, extended attributes and modification time; skips calls that would
/// change nothing.
///
/// # Errors
/// Error of the first system call that failed; the attributes that follow are then not set.
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
    // 1 owner: the kernel clears suid, sgid and capabilities when the owner changes
    let owner = (inode.uid(), inode.gid());
    let is_new_owner = has.is_none_or(|(has, _)| has != owner);
    if is_new_owner {
        target.set_owner(owner.0, owner.1)?;
    }
    // 2 removal of attributes: before the permissions, because ACLs hold permission bits too
    let remove_unless_wanted = |attribute: &[u8]| match inode.xattrs().any(|(n, _)| n == attribute)
    {
        true => Ok(()),
        false => target.remove_xattr(attribute),
    };
    let mut may_have_acl = false;
    match before {
        PriorAttributes::Fresh(_) => {}
        // Remove an inherited attribute even if the image has it too: ext4 may keep the inherited
        // one inside the inode, in space that the space check counted for another attribute.
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
    // 4 attributes: an ACL's mask is the same as the group bits, so an ACL changes no permissions
    for (attribute, value) in inode.xattrs() {
        target.set_xattr(attribute, value)?;
    }
    // 5 time: after everything that could change it
    let Timestamp { secs, nanos } = inode.mtime();
    target.set_mtime((secs, nanos))
}

/// Returns whether an inode's `statx` data agrees with a manifest's inode.
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
