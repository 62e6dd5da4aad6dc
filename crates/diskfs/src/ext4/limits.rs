//! Decides whether ext4 can hold an inode of an image, and computes how many blocks the attributes
//! of all inodes take.

use std::collections::HashMap;

use wire::Manifest;
use wire::manifest::Inode;
use wire::units::show_path;

use crate::acl::{self, Acl};
use crate::limits::SECONDS;

/// Returns the reason why ext4 cannot hold an inode; `None` if it can.
pub(super) fn problem(inode: Inode<'_>) -> Option<String> {
    /// Longest file in bytes: 2³² - 1 blocks of 4 KiB.
    const FILE_LEN_MAX: u64 = (1 << 44) - 4096;
    /// Limit on hard links of a file. With dir_nlink, directories can have more. *Source:*
    /// EXT4_LINK_MAX, ext4.h.
    const LINKS_MAX: u32 = 65000;
    if !SECONDS.contains(&inode.mtime().secs) {
        Some(format!(
            "its time of modification, {} s, is outside of the range of ext4",
            inode.mtime().secs
        ))
    } else if inode.is_regular() && inode.size() > FILE_LEN_MAX {
        Some(format!("its {} bytes are more than ext4 can hold", inode.size()))
    } else if inode.link_count() > LINKS_MAX {
        let count = inode.link_count();
        Some(format!("it has {count} hard links, at most {LINKS_MAX} are possible on ext4"))
    } else {
        xattrs_problem(inode)
    }
}

/// Bytes free for an inode's attributes: the rest of the inode, and one block. The feature
/// ea_inode, which would give large values inodes of their own, is off on volumes.
struct XattrRoom {
    /// The inode's 256 bytes, less the first 128 bytes, 32 bytes of extra fields, the magic, and
    /// the end of the list.
    inode: usize,
    /// The block's 4096 bytes, less the header and the end of the list.
    block: usize,
}

const XATTR_ROOM: XattrRoom = XattrRoom { inode: 256 - 128 - 32 - 4 - 4, block: 4096 - 32 - 4 };

/// Returns how many bytes an attribute takes in ext4, which stores the attribute's namespace as a
/// number. *Source:* EXT4_XATTR_LEN, EXT4_XATTR_SIZE, linux/fs/ext4/xattr.h.
fn xattr_cost(name: &[u8], value: &[u8]) -> usize {
    const ENTRY_LEN: usize = 16;
    let namespaces: [&[u8]; 3] = [b"user.", b"trusted.", b"security."];
    let (name_len, value_len) = match name {
        acl::ACCESS | acl::DEFAULT => (0, Acl::from_bytes(value).map_or(0, |acl| acl.ext4_len())),
        _ => {
            let prefix = namespaces.iter().find(|prefix| name.starts_with(prefix));
            (name.len() - prefix.map_or(0, |prefix| prefix.len()), value.len())
        }
    };
    (name_len + ENTRY_LEN).next_multiple_of(4) + value_len.next_multiple_of(4)
}

/// Places an inode's attributes in the order in which they are set, each in the inode if it fits
/// there, else in the block. Returns the free bytes of both rooms. The error is the name of the
/// first attribute that fits into neither room, and the length of its value.
fn place_xattrs<'a>(inode: Inode<'a>) -> Result<XattrRoom, (&'a [u8], usize)> {
    let mut left = XATTR_ROOM;
    for (name, value) in inode.xattrs() {
        let cost = xattr_cost(name, value);
        if cost <= left.inode {
            left.inode -= cost;
        } else if cost <= left.block {
            left.block -= cost;
        } else {
            return Err((name, value.len()));
        }
    }
    Ok(left)
}

fn xattrs_problem(inode: Inode<'_>) -> Option<String> {
    let (name, len) = place_xattrs(inode).err()?;
    let total: usize = inode.xattrs().map(|(name, value)| xattr_cost(name, value)).sum();
    Some(format!(
        "its attributes take {total} bytes, where ext4 has room for {} in one block and {} in the inode; '{}' with {len} \
         bytes does not fit",
        XATTR_ROOM.block,
        XATTR_ROOM.inode,
        show_path(name)
    ))
}

/// Returns how many blocks of 4 KiB an image's attributes take on ext4. Inodes with equal
/// attributes share a block.
pub(super) fn xattr_blocks(image: &Manifest) -> u64 {
    /// Limit on inodes that share one block. *Source:* EXT4_XATTR_REFCOUNT_MAX, linux/fs/ext4/xattr.h.
    const SHARED_MAX: u64 = 1024;
    let mut counts: HashMap<&[u8], u64> = HashMap::new();
    for inode in (0..image.inode_count()).map(|index| image.inode(index)) {
        if place_xattrs(inode).is_ok_and(|left| left.block < XATTR_ROOM.block) {
            *counts.entry(inode.xattr_bytes()).or_default() += 1;
        }
    }
    counts.into_values().map(|count| count.div_ceil(SHARED_MAX)).sum()
}

/// Returns whether one block has room for the attributes of both inodes together.
pub(crate) fn fits_both_xattrs(first: Inode<'_>, second: Inode<'_>) -> bool {
    let cost = |inode: Inode<'_>| inode.xattrs().map(|(n, v)| xattr_cost(n, v)).sum::<usize>();
    cost(first) + cost(second) <= XATTR_ROOM.block
}
