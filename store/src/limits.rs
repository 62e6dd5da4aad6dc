//! What the filesystems of volumes cannot hold, by the inode at fault: known when an image is added, and refused before
//! a volume is written to.

use std::collections::HashMap;

use wire::Manifest;
use wire::manifest::Inode;
use wire::manifest::layout::{S_IFBLK, S_IFCHR};

use crate::acl::{self, Acl};
use crate::attribute;
use crate::finding::Findings;

/// A filesystem that volumes may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// ext4, as docs/formats/layout-ext4.md has it.
    Ext4,
    /// XFS, as docs/formats/layout-xfs.md has it.
    Xfs,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Ext4, Self::Xfs];

    /// Returns its name, which is also the rule of its findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Xfs => "xfs",
        }
    }

    /// Returns what of an inode it cannot hold.
    pub fn problem(self, inode: Inode<'_>) -> Option<String> {
        of_linux(inode).or_else(|| match self {
            Self::Ext4 => ext4(inode),
            Self::Xfs => xfs(inode),
        })
    }
}

/// Adds what each filesystem cannot hold of an image.
pub fn look(image: &Manifest, findings: &mut Findings) {
    for target in Target::ALL {
        for index in 0..image.inode_count() {
            let inode = image.inode(index);
            if let Some(problem) = target.problem(inode) {
                let problem = format!("no {} volume can hold it: {problem}", target.name());
                findings.add(target.name(), &image.path(inode.first_node()), &problem);
            }
        }
    }
}

/// Seconds that inodes of both hold: 34 bits from 1901 on, up to 2446. *Source:* ext4.h, xfs_format.h (bigtime goes
/// further, which images need not).
const SECS: std::ops::Range<i64> = -(1 << 31)..(1 << 34) - (1 << 31);

/// What no filesystem of Linux takes. Ingest leaves such things out; manifests may come from elsewhere.
fn of_linux(inode: Inode<'_>) -> Option<String> {
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
        if let Some(problem) = attribute::problem(inode.kind(), name, value) {
            return Some(format!("its attribute '{}': {problem}", crate::show(name)));
        }
    }
    (names_len > XATTR_LIST_LEN_MAX).then(|| {
        format!("names of its attributes have {names_len} bytes, at most {XATTR_LIST_LEN_MAX} can be listed")
    })
}

fn ext4(inode: Inode<'_>) -> Option<String> {
    /// 2³² blocks of 4 KiB, less one.
    const FILE_LEN_MAX: u64 = (1 << 44) - 4096;
    /// *Source:* EXT4_LINK_MAX, ext4.h; directories go beyond with the feature dir_nlink.
    const LINKS_MAX: u32 = 65000;
    if !SECS.contains(&inode.mtime().secs) {
        Some(format!("its time, {} s, is outside of what ext4 can hold", inode.mtime().secs))
    } else if inode.is_regular() && inode.size() > FILE_LEN_MAX {
        Some(format!("its {} bytes are more than ext4 can hold", inode.size()))
    } else if inode.link_count() > LINKS_MAX {
        let count = inode.link_count();
        Some(format!("it has {count} hard links, at most {LINKS_MAX} are possible on ext4"))
    } else {
        ext4_xattrs(inode)
    }
}

/// Where ext4 keeps attributes: what is left of the inode, and one block; its feature ea_inode, which volumes lack,
/// would give large values inodes of their own.
struct Ext4Places {
    /// 256 bytes less 128, less extra fields of 32, less the magic and the end of the list.
    inode: usize,
    /// 4096 bytes less the header, less the end of the list.
    block: usize,
}

const EXT4_PLACES: Ext4Places = Ext4Places { inode: 256 - 128 - 32 - 4 - 4, block: 4096 - 32 - 4 };

/// The bytes that ext4 needs for an attribute. *Source:* EXT4_XATTR_LEN, EXT4_XATTR_SIZE, linux/fs/ext4/xattr.h; the
/// namespace is a number in the entry.
fn ext4_cost(name: &[u8], value: &[u8]) -> usize {
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
/// what the places have left, or the attribute that does not fit.
fn place_on_ext4<'a>(inode: Inode<'a>) -> Result<Ext4Places, (&'a [u8], usize)> {
    let mut left = EXT4_PLACES;
    for (name, value) in inode.xattrs() {
        let cost = ext4_cost(name, value);
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

fn ext4_xattrs(inode: Inode<'_>) -> Option<String> {
    let (name, len) = place_on_ext4(inode).err()?;
    let total: usize = inode.xattrs().map(|(name, value)| ext4_cost(name, value)).sum();
    Some(format!(
        "its attributes take {total} bytes, where ext4 has room for {} in one block and {} in the inode; '{}' with {len} \
         bytes does not fit",
        EXT4_PLACES.block,
        EXT4_PLACES.inode,
        crate::show(name)
    ))
}

/// Returns how many blocks of 4 KiB attributes of an image take on ext4: inodes with equal ones share theirs.
pub fn ext4_xattr_blocks(image: &Manifest) -> u64 {
    /// *Source:* EXT4_XATTR_REFCOUNT_MAX, linux/fs/ext4/xattr.h.
    const SHARED_MAX: u64 = 1024;
    let mut counts: HashMap<&[u8], u64> = HashMap::new();
    for inode in (0..image.inode_count()).map(|index| image.inode(index)) {
        if place_on_ext4(inode).is_ok_and(|left| left.block < EXT4_PLACES.block) {
            *counts.entry(inode.xattr_bytes()).or_default() += 1;
        }
    }
    counts.into_values().map(|count| count.div_ceil(SHARED_MAX)).sum()
}

/// Returns whether an inode's attributes can become another's one by one: where ext4 would hold both in its block. Where
/// not, the old ones go first, and what is then set finds the places that [`Target::problem`] counted with.
pub(crate) fn may_replace_in_place(has: Inode<'_>, wants: Inode<'_>) -> bool {
    let cost = |inode: Inode<'_>| inode.xattrs().map(|(n, v)| ext4_cost(n, v)).sum::<usize>();
    has.xattr_bytes() == wants.xattr_bytes() || cost(has) + cost(wants) <= EXT4_PLACES.block
}

/// *Source:* xfs_format.h.
fn xfs(inode: Inode<'_>) -> Option<String> {
    const TARGET_LEN_MAX: u64 = 1024;
    const MINOR_MAX: u32 = (1 << 18) - 1;
    /// The longest file. *Source:* XFS_MAX_FILEOFF.
    const FILE_LEN_MAX: u64 = (1 << 63) - 1;
    /// *Source:* XFS_ACL_MAX_ENTRIES, xfs_acl.h: a value of 64 KiB with 12 bytes an entry.
    const ACL_LEN_MAX: usize = 4 + 8 * ((65536 - 4) / 12);
    let is_device = matches!(inode.kind(), S_IFCHR | S_IFBLK);
    let (major, minor) = inode.device();
    let is_acl = |name: &[u8]| name == acl::ACCESS || name == acl::DEFAULT;
    if inode.size() > FILE_LEN_MAX && !inode.is_directory() && !is_device {
        Some(format!("its {} bytes are more than xfs can hold", inode.size()))
    } else if !SECS.contains(&inode.mtime().secs) {
        Some(format!("its time, {} s, is outside of what xfs can hold", inode.mtime().secs))
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
