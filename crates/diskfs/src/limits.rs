//! What no filesystem of Linux can hold, by the inode at fault.

use wire::manifest::Inode;
use wire::units::show_path;

use crate::xattr;

/// Seconds that inodes of all filesystems hold: 34 bits from 1901 on, up to 2446. *Source:* ext4.h, xfs_format.h (bigtime
/// goes further, which images need not).
pub(crate) const SECONDS: std::ops::Range<i64> = -(1 << 31)..(1 << 34) - (1 << 31);

/// Returns what no filesystem of Linux takes of an inode. Ingest leaves such things out; manifests may come from elsewhere.
pub(crate) fn of_linux(inode: Inode<'_>) -> Option<String> {
    /// Names of attributes that a program can list. *Source:* XATTR_LIST_MAX, linux/limits.h.
    const XATTR_LIST_LEN_MAX: usize = 65536;
    if inode.uid() == u32::MAX || inode.gid() == u32::MAX {
        return Some("its owner is 4294967295, which is nobody's id".to_owned());
    }
    if inode.is_symlink() && inode.permissions() != 0o777 {
        let mode = inode.permissions();
        return Some(format!(
            "it is a symlink of mode 0{mode:o}, and Linux has them with 0777 alone"
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

/// Returns whether an inode's attributes can become another's one by one on every filesystem: where ext4, which has the
/// least room, would hold both in its block. Elsewhere the old ones go first, and the new ones find the places that
/// [`crate::Filesystem::problem`] counted with.
pub fn may_replace_xattrs_in_place(has: Inode<'_>, wants: Inode<'_>) -> bool {
    has.xattr_bytes() == wants.xattr_bytes() || crate::ext4::fits_both_xattrs(has, wants)
}
