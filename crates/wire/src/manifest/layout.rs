//! Sizes, magic and field positions of the manifest format.

use crate::digest::Algorithm;

/// The first eight bytes of every tree manifest.
pub const MAGIC: [u8; 8] = *b"IMPRTREE";

/// The only version of the format that this build writes and reads.
pub const VERSION: u16 = 1;

/// Features that a reader may ignore; none are defined yet.
pub const COMPAT_KNOWN: u32 = 0;

/// Features that a reader must know; none are defined yet. (The header also has a set of read-only-compatible
/// features, as all our formats do, but nothing ever modifies a manifest.)
pub const INCOMPAT_KNOWN: u32 = 0;

/// Length of the header in bytes.
pub const HEADER_LEN: usize = 128;
/// Length of one inode record in bytes.
pub const INODE_LEN: usize = 48;
/// Length of one entry record in bytes.
pub const ENTRY_LEN: usize = 8;
/// Length of one hole record in bytes.
pub const HOLE_LEN: usize = 16;

/// Offsets of an inode record's fields in bytes.
pub mod inode {
    /// Type and permission bits, u32.
    pub const MODE: usize = 0;
    /// Owner, u32.
    pub const UID: usize = 4;
    /// Group, u32.
    pub const GID: usize = 8;
    /// Nanoseconds of the modification time, u32, below 1,000,000,000.
    pub const MTIME_NANOS: usize = 12;
    /// Seconds of the modification time, i64.
    pub const MTIME_SECS: usize = 16;
    /// A file's length, a directory's number of entries, a target's length, or a device's numbers, u64.
    pub const SIZE: usize = 24;
    /// Number of nodes that name the inode, u32.
    pub const LINK_COUNT: usize = 32;
    /// Length of the set of extended attributes, u32.
    pub const XATTRS_LEN: usize = 36;
    /// Number of holes, u32.
    pub const HOLE_COUNT: usize = 40;
    /// Zero, u32.
    pub const RESERVED: usize = 44;
}

/// Offsets of an entry record's fields in bytes.
pub mod entry {
    /// Length of the name, u16.
    pub const NAME_LEN: usize = 0;
    /// Zero, u16.
    pub const RESERVED: usize = 2;
    /// Distance in nodes back to the first node of the same inode, u32; 0 for that first node itself.
    pub const INODE_BACK: usize = 4;
}

/// Offsets of a hole record's fields in bytes.
pub mod hole {
    /// Offset of the hole in the file, u64, a multiple of 4 KiB.
    pub const OFFSET: usize = 0;
    /// Length of the hole in bytes, u64, above 0.
    pub const LEN: usize = 8;
}

/// Offsets in bytes of the sections of a manifest, in their order, and of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sections {
    /// Inode records, directly after the header.
    pub inodes: usize,
    /// Entry records, one for each node but the root.
    pub entries: usize,
    /// Names, in the order of the entries and without separators.
    pub names: usize,
    /// Targets of symlinks, in the order of the inodes and without separators.
    pub targets: usize,
    /// Sets of extended attributes, in the order of the inodes.
    pub xattrs: usize,
    /// Hole records, in the order of the inodes.
    pub holes: usize,
    /// Hashes of files with data and of directories, in the order of the inodes; the header has their algorithm.
    pub digests: usize,
    /// The length of the manifest.
    pub end: usize,
}

/// The file type bits of a mode. *Source:* `stat.h`, Linux.
pub const S_IFMT: u32 = 0o170_000;
/// Type of a directory.
pub const S_IFDIR: u32 = 0o040_000;
/// Type of a regular file.
pub const S_IFREG: u32 = 0o100_000;
/// Type of a symbolic link.
pub const S_IFLNK: u32 = 0o120_000;
/// Type of a character device.
pub const S_IFCHR: u32 = 0o020_000;
/// Type of a block device.
pub const S_IFBLK: u32 = 0o060_000;
/// Type of a FIFO.
pub const S_IFIFO: u32 = 0o010_000;
/// Type of a socket.
pub const S_IFSOCK: u32 = 0o140_000;

/// The decoded header: the counts and lengths from which the start of every section follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Algorithm of all digests in the manifest.
    pub algorithm: Algorithm,
    /// Number of inode records: at least 1, for the root.
    pub inode_count: u64,
    /// Number of entry records: the nodes without the root.
    pub entry_count: u64,
    /// Length of the names in bytes, without padding.
    pub names_len: u64,
    /// Length of the symlink targets in bytes, without padding.
    pub targets_len: u64,
    /// Length of the xattr sets in bytes, without padding.
    pub xattrs_len: u64,
    /// Number of hole records, of all files together.
    pub hole_count: u64,
    /// Number of digests: one per file with data and one per directory.
    pub digest_count: u64,
    /// Sum of the sizes of all regular files in bytes, holes included.
    pub content_len: u64,
}

/// Rounds a section's length up to 8 bytes, the alignment of the next section; `None` on overflow.
pub fn padded(len: u64) -> Option<u64> {
    len.checked_next_multiple_of(8)
}

impl Header {
    /// Returns the start of each section and the total length; `None` if the sum
    /// overflows. Order: inodes, entries, names, targets, xattrs, holes, digests, end.
    pub fn section_starts(&self) -> Option<Sections> {
        let lens = [
            self.inode_count.checked_mul(INODE_LEN as u64)?,
            self.entry_count.checked_mul(ENTRY_LEN as u64)?,
            padded(self.names_len)?,
            padded(self.targets_len)?,
            padded(self.xattrs_len)?,
            self.hole_count.checked_mul(HOLE_LEN as u64)?,
            self.digest_count.checked_mul(self.algorithm.hash_len() as u64)?,
        ];
        let mut starts = [HEADER_LEN as u64; 8];
        for (index, len) in lens.into_iter().enumerate() {
            starts[index + 1] = starts[index].checked_add(len)?;
        }
        let [inodes, entries, names, targets, xattrs, holes, digests, end] =
            starts.map(|start| start as usize);
        Some(Sections { inodes, entries, names, targets, xattrs, holes, digests, end })
    }

    /// Encodes the header; `body_crc` is the checksum of everything after it.
    pub fn encode(&self, body_crc: u32) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[10] = self.algorithm.tag();
        for (index, value) in self.counts().into_iter().enumerate() {
            bytes[24 + 8 * index..32 + 8 * index].copy_from_slice(&value.to_le_bytes());
        }
        bytes[120..124].copy_from_slice(&body_crc.to_le_bytes());
        let header_crc = crc32fast::hash(&bytes[..124]);
        bytes[124..].copy_from_slice(&header_crc.to_le_bytes());
        bytes
    }

    fn counts(&self) -> [u64; 8] {
        [
            self.inode_count,
            self.entry_count,
            self.names_len,
            self.targets_len,
            self.xattrs_len,
            self.hole_count,
            self.digest_count,
            self.content_len,
        ]
    }
}
