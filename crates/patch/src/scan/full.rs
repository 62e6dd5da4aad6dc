//! Walks a volume, and hashes what no ledger knows.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use store::StoreError;
use store::ingest::{Exclude, FoundFile, KnownInode, Progress, Visitor, walk};
use sysio::Stat;
use wire::digest::Algorithm;
use wire::manifest::{Content, Inode};

use super::hash::{FileToHash, MountedVolume, hash};
use super::{Evidence, LedgerClaim, VolumeContent};
use crate::PatchError;
use crate::engine::Engine;
use crate::ledger::Stamp;

/// Reads a mounted volume. If an inode's number and time of change are as in a ledger, takes its content from the
/// ledger's manifest.
///
/// # Errors
/// Errors of reading the tree.
pub fn scan(
    mounted: MountedVolume<'_>,
    algorithm: Algorithm,
    claim: Option<LedgerClaim<'_>>,
    engine: Engine,
    progress: &Progress,
) -> Result<VolumeContent<'static>, PatchError> {
    let (stamps, wanted, locked) = Default::default();
    let visit = Visit { claim, progress, stamps, wanted, locked };
    let mut tree = walk(mounted.root, &Exclude::default(), &visit)?;
    let wanted = visit.wanted.into_inner();
    for found in hash(mounted, wanted, algorithm, engine, progress)? {
        if let Content::Regular { holes, digest, .. } = &mut tree.inodes[found.index].content {
            (*holes, *digest) = (found.holes, found.digest);
        }
    }
    let manifest = tree.encode(algorithm).map_err(StoreError::from)?;
    let mut stamps = vec![Stamp::default(); manifest.inode_count() as usize];
    for (path, stamp) in visit.stamps.into_inner() {
        if let Some(node) = manifest.lookup(&path) {
            stamps[manifest.node_inode(node).index() as usize] = stamp;
        }
    }
    let evidence = if claim.is_some() { Evidence::Scan } else { Evidence::Hash };
    let manifest = Cow::Owned(manifest);
    let locked = visit.locked.into_inner();
    let (is_clean, next_hashed, loaders) = (false, 0, None);
    Ok(VolumeContent { manifest, stamps, evidence, is_clean, next_hashed, loaders, locked })
}

/// Collects the results of walking a volume.
struct Visit<'a> {
    claim: Option<LedgerClaim<'a>>,
    progress: &'a Progress,
    stamps: Mutex<HashMap<Vec<u8>, Stamp>>,
    wanted: Mutex<Vec<FileToHash>>,
    locked: Mutex<Vec<Vec<u8>>>,
}

impl Visitor for Visit<'_> {
    fn inode(&self) {
        self.progress.inodes.fetch_add(1, Ordering::Relaxed);
    }

    fn file(&self, file: FoundFile<'_>) -> Result<(), StoreError> {
        let FoundFile { path, stat, index, .. } = file;
        let wanted = FileToHash { index, path: path.to_vec(), ino: stat.ino, size: stat.size };
        self.wanted.lock().push(wanted);
        Ok(())
    }

    fn known(&self, path: &[u8], stat: &Stat) -> Option<KnownInode> {
        let stamp = Stamp::of(stat);
        let mut stamps = self.stamps.lock();
        stamps.insert(path.to_vec(), stamp);
        if stat.is_locked {
            self.locked.lock().push(path.to_vec());
        }
        let LedgerClaim { manifest, stamps } = self.claim?;
        let inode = manifest.node_inode(manifest.lookup(path)?);
        let is_as_recorded = stamps.get(inode.index() as usize) == Some(&stamp)
            && stat.mode == inode.mode()
            && (!inode.is_regular() || stat.size == inode.size());
        is_as_recorded.then(|| KnownInode {
            xattrs: inode.xattrs().map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
            content: content(inode),
        })
    }
}

/// Returns the content of a manifest's inode; `None` for a directory, because the walk reads its names anyway.
fn content(inode: Inode<'_>) -> Option<Content> {
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
