//! The current content of a volume, as a manifest with a stamp for each inode.
//!
//! ```text
//! stamps   compares every inode's number and time of change with a ledger's, and reads no content
//! full     walks the volume, and hashes what no ledger knows
//! hash     hashes content of files, read ahead in the order in which it lies on the device
//! ```

mod full;
mod hash;
mod stamps;

use std::borrow::Cow;
use std::collections::BTreeMap;

use boot::InstalledLoaders;
use wire::Manifest;
use wire::digest::Algorithm;
use wire::manifest::Content;

use crate::PatchError;
use crate::ledger::Stamp;

pub use full::scan;
pub use hash::{FileToHash, MountedVolume, hash_again};
pub use stamps::is_as_recorded;

/// Kinds of evidence for the content of a volume, from the cheapest to the most expensive. *Source:* the ladder of
/// evidence, `docs/patching.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The device's counters or the file's times prove that nobody has written since the last patch.
    Counters,
    /// The filesystem's own metadata is byte for byte as the last patch left it, and a part of the content was hashed
    /// again.
    Superblock,
    /// Every inode's number and time of change were compared with the ledger; files that differ from it were hashed.
    Scan,
    /// Everything was hashed.
    Hash,
}

impl Evidence {
    /// Returns the name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counters => "counters",
            Self::Superblock => "superblock",
            Self::Scan => "scan",
            Self::Hash => "hash",
        }
    }
}

/// The content of a volume as a ledger or a scan gives it, and the evidence for it.
#[derive(Debug)]
pub struct VolumeContent<'a> {
    /// The tree on the volume; borrowed if it is the wanted tree.
    pub manifest: Cow<'a, Manifest>,
    /// A stamp for each of the manifest's inodes.
    pub stamps: Vec<Stamp>,
    /// The evidence for the tree; only [`Evidence::Counters`] keeps the cached hashes of blocks valid.
    pub evidence: Evidence,
    /// Whether the last patch scrubbed, so that no freed data is left on the volume.
    pub is_clean: bool,
    /// Index of the inode from which the next patch hashes content again, if that patch relies on the superblock.
    pub next_hashed: u32,
    /// The boot loaders on the volume; `None` if they are unknown.
    pub loaders: Option<InstalledLoaders>,
    /// Paths of immutable and append-only inodes. No image has such inodes, so a patch unlocks them first.
    pub locked: Vec<Vec<u8>>,
}

/// A ledger's claim about a volume, to be checked inode by inode.
#[derive(Clone, Copy, Debug)]
pub struct LedgerClaim<'a> {
    /// The tree that the last patch left, with the files of boot set-up.
    pub manifest: &'a Manifest,
    /// A stamp for each inode of the manifest.
    pub stamps: &'a [Stamp],
}

/// Returns the content of a volume about to be formatted: an empty tree.
///
/// # Errors
/// Never in practice: an empty tree breaks no rule of the format.
pub fn empty_volume(algorithm: Algorithm) -> Result<VolumeContent<'static>, PatchError> {
    let root = wire::manifest::TreeInode {
        permissions: 0o755,
        uid: 0,
        gid: 0,
        mtime: wire::manifest::Timestamp::default(),
        xattrs: BTreeMap::new(),
        content: Content::Directory(BTreeMap::new()),
    };
    let manifest =
        wire::manifest::Tree::new(root).encode(algorithm).map_err(store::StoreError::from)?;
    Ok(VolumeContent {
        manifest: Cow::Owned(manifest),
        stamps: vec![Stamp::default()],
        evidence: Evidence::Hash,
        is_clean: false,
        next_hashed: 0,
        loaders: None,
        locked: Vec::new(),
    })
}
