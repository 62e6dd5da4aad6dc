//! Decides whether XFS can hold an inode of an image.

use wire::manifest::Inode;
use wire::manifest::layout::{S_IFBLK, S_IFCHR};

use crate::acl;
use crate::limits::SECONDS;

/// Returns the reason why XFS cannot hold an inode; `None` if it can. *Source:* xfs_format.h.
pub(super) fn problem(inode: Inode<'_>) -> Option<String> {
    const TARGET_LEN_MAX: u64 = 1024;
    const MINOR_MAX: u32 = (1 << 18) - 1;
    /// Longest file in bytes. *Source:* XFS_MAX_FILEOFF.
    const FILE_LEN_MAX: u64 = (1 << 63) - 1;
    /// Longest ACL attribute in bytes. XFS keeps an ACL in at most 64 KiB, with 12 bytes per entry.
    /// *Source:* XFS_ACL_MAX_ENTRIES, xfs_acl.h.
    const ACL_LEN_MAX: usize = 4 + 8 * ((65536 - 4) / 12);
    let is_device = matches!(inode.kind(), S_IFCHR | S_IFBLK);
    let (major, minor) = inode.device();
    let is_acl = |name: &[u8]| name == acl::ACCESS || name == acl::DEFAULT;
    if inode.size() > FILE_LEN_MAX && !inode.is_directory() && !is_device {
        Some(format!("its {} bytes are more than xfs can hold", inode.size()))
    } else if !SECONDS.contains(&inode.mtime().secs) {
        Some(format!(
            "its time of modification, {} s, is outside of the range of xfs",
            inode.mtime().secs
        ))
    } else if inode.is_symlink() && inode.size() >= TARGET_LEN_MAX {
        Some(format!("its target of {} bytes is longer than xfs can hold", inode.size()))
    } else if is_device && minor > MINOR_MAX {
        Some(format!("its device number {major}:{minor} is larger than xfs can hold"))
    } else if inode.xattrs().any(|(name, value)| is_acl(name) && value.len() > ACL_LEN_MAX) {
        Some("its ACL has more entries than xfs can hold".to_owned())
    } else {
        None
    }
}
