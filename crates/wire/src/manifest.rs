//! The manifest: one image's whole tree of inodes in canonical bytes.
//!
//! The same tree gives the same bytes on any machine, so a manifest's digest names the tree. In the layout, all
//! integers are little-endian, and zeros pad each section to a multiple of 8 bytes:
//!
//! ```text
//! header    128 B   magic, version, algorithm, feature sets, counts, checksums    (layout.rs)
//! inodes     48 B   each: mode, owner, mtime, size, link count, lengths of its parts below
//! entries     8 B   each: length of the name, distance back to the first link (0: this is the first)
//! names             the entries' names, one after another
//! targets           the symlinks' targets
//! xattrs            the inodes' extended attributes, sorted by name
//! holes      16 B   each: offset and length, for files with holes
//! digests           of each file with data, and of each directory (a Merkle digest of its subtree)
//! ```
//!
//! Inodes and entries stand in breadth-first order, and the entries of a directory are sorted by name. Every position
//! follows from this order: the entries of the n-th directory follow those of the (n−1)-th directory, and each entry
//! that is not a further hard link names the next inode. So no record holds an absolute offset, an insertion moves the
//! bytes after it without changing them, and two revisions share most of their [`segments`]. A [`Manifest`] is decoded
//! in one pass that checks everything and keeps the derived positions together with the bytes.
//!
//! A file's digest covers its data *outside of its holes*, so that a sparse file of a terabyte costs no more than its
//! data. A directory's digest covers names, attributes and digests of everything below the directory: if the digests of
//! two directories are equal, [`diff`] skips their subtrees.
//!
//! The format's document is `docs/formats/manifest.md`.

mod decode;
pub mod diff;
mod encode;
mod follow;
mod index;
pub mod layout;
mod merkle;
pub mod segments;
#[cfg(feature = "strategies")]
pub mod strategies;
pub mod tree;
mod view;

pub use tree::{Content, Hole, Timestamp, Tree, TreeInode};
pub use view::{Inode, Manifest, NodeId, ROOT_NODE};

use crate::digest::Digest;

/// The longest entry name in bytes. *Source:* `NAME_MAX`, Linux.
pub const NAME_LEN_MAX: usize = 255;

/// The longest symlink target in bytes. *Source:* `PATH_MAX` less the NUL, Linux.
pub const TARGET_LEN_MAX: usize = 4095;

/// The longest xattr name in bytes. *Source:* `XATTR_NAME_MAX`, Linux.
pub const XATTR_NAME_LEN_MAX: usize = 255;

/// The longest xattr value in bytes. *Source:* `XATTR_SIZE_MAX`, Linux.
pub const XATTR_VALUE_LEN_MAX: usize = 65536;

/// The longest manifest in bytes: enough for seven million inodes of 150 bytes each.
pub const LEN_MAX: u64 = 1 << 30;

/// Limit on directories above an inode: far more than PATH_MAX lets a program reach at once. The limit bounds the cost
/// of building one path (4,096 × 256 bytes = 1 MiB).
pub const DEPTH_MAX: usize = 4096;

/// Limit on the inodes of one manifest, and also on its entries. Positions have 32 bits, and two values are reserved
/// for the root and an end marker.
pub const COUNT_MAX: u64 = u32::MAX as u64 - 2;

/// Reason that bytes are not a manifest, or that a tree cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The bytes are fewer or more than the header says.
    #[error("manifest of {found} bytes, its header says {expected}")]
    Length {
        /// Length in bytes that the header gives.
        expected: u64,
        /// Actual length in bytes.
        found: u64,
    },
    /// The bytes do not start with a manifest's magic.
    #[error("not a manifest: unknown magic")]
    Magic,
    /// The manifest needs a format version or feature that this build does not know.
    #[error("the manifest needs {0}, which this build does not know: upgrade imprint")]
    Unsupported(String),
    /// The checksum of this part, `header` or `body`, does not match.
    #[error("the manifest's {0} checksum does not match: it is damaged")]
    Checksum(&'static str),
    /// An inode, an entry, or the manifest as a whole breaks a rule of the format.
    #[error("inode or entry {index}: {rule}")]
    Invalid {
        /// The broken rule, in words.
        rule: &'static str,
        /// Index of the inode, or of the directory that has the entry; 0 also for the manifest as a whole.
        index: usize,
    },
    /// The digest of a directory does not match the directory's content.
    #[error("directory inode {index}: its digest does not match what it holds")]
    Merkle {
        /// Index of the directory's inode.
        index: usize,
    },
    /// The digest of the bytes is not the requested one.
    #[error("manifest {expected} has the digest {found}: it is damaged")]
    Digest {
        /// The digest by which the caller asked for the manifest.
        expected: Digest,
        /// The actual digest of the bytes.
        found: Digest,
    },
}

#[cfg(test)]
mod tests;
