//! Limits that all Linux filesystems share.

use wire::manifest::Inode;
use wire::units::show_path;

use crate::xattr;

/// Seconds that the inodes of all filesystems can hold: 34 bits, from 1901 to 2446. *Source:*
/// ext4.h, xfs_format.h (XFS's bigtime has a wider range, which images do not need).
pub(crate) const SECONDS: std::ops::Range<i64> = -(1 << 31)..(1 << 34) - (1 << 31);

/// Returns why an inode fits no Linux filesystem; `None` if it keeps the limits that all of them have.
/// Ingest repairs inodes that break one, but manifests may come from elsewhere.
pub(crate) fn of_linux(inode: Inode<'_>) -> Option<String> {
    /// Longest list of attribute names, in bytes, that a program can read. *Source:*
    /// XATTR_LIST_MAX, linux/limits.h.
    const XATTR_LIST_LEN_MAX: usize = 65536;
    if inode.uid() == u32::MAX || inode.gid() == u32::MAX {
        return Some("its owner is 4294967295, which means no owner".to_owned());
    }
    if inode.is_symlink() && inode.permissions() != 0o777 {
        let mode = inode.permissions();
        return Some(format!(
            "it is a symlink of mode 0{mode:o}, but symlinks of Linux always have mode 0777"
        ));
    }
    let mut names_len = 0;
    for (name, value) in inode.xattrs() {
        names_len += name.len() + 1;
        if let Some(problem) = xattr::problem(inode.kind(), name, value) {
            return Some(format!("its attribute '{}': {problem}", show_path(name)));
        }
    }
    (names_len > XATTR_LIST_LEN_MAX).then(|| {
        format!("names of its attributes have {names_len} bytes, at most {XATTR_LIST_LEN_MAX} can be listed")
    })
}
