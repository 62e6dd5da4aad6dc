//! What ext4 cannot hold of an image, and the blocks that attributes take.

use std::collections::HashMap;

use wire::Manifest;
use wire::manifest::Inode;
use wire::units::show_path;

use crate::acl::{self, Acl};
use crate::limits::SECONDS;

/// Returns what ext4 cannot hold of an inode.
pub(super) fn problem(inode: Inode<'_>) -> Option<String> {
    /// 2³² blocks of 4 KiB, less one.
    const FILE_LEN_MAX: u64 = (1 << 44) - 4096;
    /// *Source:* EXT4_LINK_MAX, ext4.h; directories go beyond with the feature dir_nlink.
    const LINKS_MAX: u32 = 65000;
    if !SECONDS.contains(&inode.mtime().secs) {
        Some(format!("its time, {} s, is outside of what ext4 can hold", inode.mtime().secs))
    } else if inode.is_regular() && inode.size() > FILE_LEN_MAX {
        Some(format!("its {} bytes are more than ext4 can hold", inode.size()))
    } else if inode.link_count() > LINKS_MAX {
        let count = inode.link_count();
        Some(format!("it has {count} hard links, at most {LINKS_MAX} are possible on ext4"))
    } else {
        xattrs_problem(inode)
    }
}

/// Where ext4 keeps attributes: what is left of the inode, and one block; its feature ea_inode, which volumes lack,
/// would give large values inodes of their own.
struct XattrRoom {
    /// 256 bytes less 128, less extra fields of 32, less the magic and the end of the list.
    inode: usize,
    /// 4096 bytes less the header, less the end of the list.
    block: usize,
}

const XATTR_ROOM: XattrRoom = XattrRoom { inode: 256 - 128 - 32 - 4 - 4, block: 4096 - 32 - 4 };

/// The bytes that ext4 needs for an attribute. *Source:* EXT4_XATTR_LEN, EXT4_XATTR_SIZE, linux/fs/ext4/xattr.h; the
/// namespace is a number in the entry.
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

/// Places attributes on an inode without any, in the order in which they are set: each goes where it fits first. Returns
/// the room that is left, or the attribute that does not fit.
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

/// Returns how many blocks of 4 KiB attributes of an image take on ext4: inodes with equal ones share theirs.
pub(super) fn xattr_blocks(image: &Manifest) -> u64 {
    /// *Source:* EXT4_XATTR_REFCOUNT_MAX, linux/fs/ext4/xattr.h.
    const SHARED_MAX: u64 = 1024;
    let mut counts: HashMap<&[u8], u64> = HashMap::new();
    for inode in (0..image.inode_count()).map(|index| image.inode(index)) {
        if place_xattrs(inode).is_ok_and(|left| left.block < XATTR_ROOM.block) {
            *counts.entry(inode.xattr_bytes()).or_default() += 1;
        }
    }
    counts.into_values().map(|count| count.div_ceil(SHARED_MAX)).sum()
}

/// Returns whether the attributes of two inodes fit into one block together.
pub(crate) fn fits_both_xattrs(first: Inode<'_>, second: Inode<'_>) -> bool {
    let cost = |inode: Inode<'_>| inode.xattrs().map(|(n, v)| xattr_cost(n, v)).sum::<usize>();
    cost(first) + cost(second) <= XATTR_ROOM.block
}
