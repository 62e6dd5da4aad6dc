//! What a volume holds now, as a manifest with a stamp for each inode.
//!
//! ```text
//! stamps   every inode's number and time of change, beside those of a ledger: nothing is read
//! full     a walk; what no ledger knows is hashed
//! hash     content of files, read ahead in the order in which it lies on the device
//! ```

mod full;
mod hash;
mod stamps;

use std::borrow::Cow;
use std::collections::BTreeMap;

use wire::Manifest;
use wire::digest::Algorithm;
use wire::manifest::Content;

use crate::PatchError;
use crate::ledger::Stamp;
use boot::InstalledLoaders;

pub use full::scan;
pub use hash::{FileToHash, MountedVolume, hash_again};
pub use stamps::is_as_recorded;

/// How we know what a volume holds, from the cheapest to the dearest. *Source:* the ladder of
/// evidence, `docs/patching.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Nobody wrote to the device since we did: its counters, or the file's times, say so.
    Counters,
    /// The filesystem's own metadata is byte for byte as we left it, and a share of the content was
    /// hashed again.
    Superblock,
    /// Every inode's number and time of change were compared, strangers were hashed.
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

/// What a volume holds.
#[derive(Debug)]
pub struct VolumeContent<'a> {
    /// Its tree; the wanted one where that is on it already.
    pub manifest: Cow<'a, Manifest>,
    /// A stamp for each of the manifest's inodes.
    pub stamps: Vec<Stamp>,
    /// How we know.
    pub evidence: Evidence,
    /// Whether nothing that was freed is left on the volume: it is as a patch left it that scrubbed.
    pub is_clean: bool,
    /// From which inode on the next patch hashes some again, where it believes the superblock.
    pub next_hashed: u32,
    /// The boot loaders on it; `None` where that is not known.
    pub loaders: Option<InstalledLoaders>,
    /// Paths of inodes that are immutable or append-only: no image is, so a patch unlocks them first.
    pub locked: Vec<Vec<u8>>,
}

/// What a ledger says of a volume.
#[derive(Clone, Copy, Debug)]
pub struct LedgerClaim<'a> {
    /// The manifest on it.
    pub manifest: &'a Manifest,
    /// A stamp for each of its inodes.
    pub stamps: &'a [Stamp],
}

/// Returns the content of a volume that is formatted next: an empty tree.
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
