//! What a volume holds now, as a manifest with a stamp for each inode.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use store::ingest::{Known, Progress};
use sysio::{Dir, Stat};
use wire::Manifest;
use wire::digest::Algorithm;
use wire::manifest::Content;

use crate::error::UnpackError;
use crate::ledger::Stamp;

/// How we know what a volume holds, from the cheapest to the dearest. *Source:* the ladder of
/// evidence, `docs/patching.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Nobody wrote to the device since we did: its counters, or the file's times, say so.
    Counters,
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
            Self::Scan => "scan",
            Self::Hash => "hash",
        }
    }
}

/// What a volume holds.
#[derive(Debug)]
pub struct Have {
    /// Its tree.
    pub manifest: Manifest,
    /// A stamp for each of the manifest's inodes.
    pub stamps: Vec<Stamp>,
    /// How we know.
    pub evidence: Evidence,
}

/// Reads a mounted volume. With `believed`, the manifest and stamps of a ledger, inodes whose
/// number and time of change are as recorded are believed to be as recorded.
///
/// # Errors
/// Errors of reading the tree.
pub fn scan(
    root: &Dir,
    algorithm: Algorithm,
    believed: Option<(&Manifest, &[Stamp])>,
    progress: &Progress,
) -> Result<Have, UnpackError> {
    let seen: Mutex<HashMap<Vec<u8>, Stamp>> = Mutex::default();
    let known = |path: &[u8], stat: &Stat| {
        let stamp = Stamp::of(stat);
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_vec(), stamp);
        let (manifest, stamps) = believed?;
        let inode = manifest.node_inode(manifest.lookup(path)?);
        let is_as_recorded = stamps.get(inode.index() as usize) == Some(&stamp)
            && stat.mode == inode.mode()
            && (!inode.is_regular() || stat.size == inode.size());
        is_as_recorded.then(|| Known {
            xattrs: inode.xattrs().map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
            content: content(inode),
        })
    };
    let manifest = store::ingest::scan(root, algorithm, progress, &known)?;
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut stamps = vec![Stamp::default(); manifest.inode_count() as usize];
    for (path, stamp) in seen {
        if let Some(node) = manifest.lookup(&path) {
            stamps[manifest.node_inode(node).index() as usize] = stamp;
        }
    }
    let evidence = if believed.is_some() { Evidence::Scan } else { Evidence::Hash };
    Ok(Have { manifest, stamps, evidence })
}

/// Returns what an inode of a manifest holds; `None` for a directory, whose names are read anyway.
fn content(inode: wire::manifest::Inode<'_>) -> Option<Content> {
    use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};
    let (major, minor) = inode.device();
    match inode.kind() {
        S_IFDIR => None,
        S_IFREG => Some(Content::Regular {
            size: inode.size(),
            holes: inode.holes(),
            digest: inode.digest(),
        }),
        S_IFLNK => Some(Content::Symlink(inode.target().to_vec())),
        S_IFCHR => Some(Content::CharDevice(major, minor)),
        S_IFBLK => Some(Content::BlockDevice(major, minor)),
        S_IFIFO => Some(Content::Fifo),
        _ => Some(Content::Socket),
    }
}

/// An empty tree, for volumes that are formatted next.
///
/// # Errors
/// Never in practice: an empty tree breaks no rule of the format.
pub fn nothing(algorithm: Algorithm) -> Result<Have, UnpackError> {
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
    Ok(Have { manifest, stamps: vec![Stamp::default()], evidence: Evidence::Hash })
}
