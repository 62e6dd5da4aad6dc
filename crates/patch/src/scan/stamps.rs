//! Compares a volume with a ledger, inode by inode, without reading any content.

use std::sync::atomic::{AtomicBool, Ordering};

use sysio::{Dir, Stat};
use wire::manifest::Inode;

use super::LedgerClaim;
use crate::PatchError;
use crate::directory_cursor::open_directory;
use crate::engine::{Engine, pool};
use crate::ledger::Stamp;

/// Count of directories in one task: so many that handing out tasks takes almost no time.
const TASK_LEN: usize = 32;

/// Returns whether every name and inode of a volume is as a ledger records it: none added, none removed, none changed.
///
/// # Errors
/// Errors of reading directories.
pub fn is_as_recorded(
    root: &Dir,
    claim: LedgerClaim<'_>,
    engine: Engine,
) -> Result<bool, PatchError> {
    let manifest = claim.manifest;
    let is_same = |inode: Inode<'_>, stat: &Stat| {
        claim.stamps.get(inode.index() as usize) == Some(&Stamp::of(stat))
            && stat.mode == inode.mode()
            && (!inode.is_regular() || stat.size == inode.size())
    };
    let top = root.stat_self().map_err(store::StoreError::tree("stat", b""))?;
    if !is_same(manifest.inode(0), &top) {
        return Ok(false);
    }
    let directories: Vec<u32> =
        (0..manifest.inode_count()).filter(|index| manifest.inode(*index).is_directory()).collect();
    let tasks: Vec<&[u32]> = directories.chunks(TASK_LEN).collect();
    let is_changed = AtomicBool::new(false);
    pool::run(
        engine.threads(),
        &tasks,
        || Ok(()),
        |(), directories| {
            for directory in *directories {
                if is_changed.load(Ordering::Relaxed) {
                    break;
                }
                // A directory that cannot be opened is gone or replaced, so something changed.
                let Ok(dir) = open_directory(root, manifest, *directory) else {
                    is_changed.store(true, Ordering::Relaxed);
                    break;
                };
                let children = manifest.children(*directory);
                let mut names =
                    dir.names().map_err(store::StoreError::tree("list directory", b""))?;
                names.sort_unstable();
                let is_as_recorded = names.len() == children.len()
                    && children.zip(&names).all(|(node, name)| {
                        manifest.name(node) == name
                            && dir
                                .stat(name)
                                .is_ok_and(|stat| is_same(manifest.node_inode(node), &stat))
                    });
                if !is_as_recorded {
                    is_changed.store(true, Ordering::Relaxed);
                }
            }
            Ok(())
        },
    )?;
    Ok(!is_changed.into_inner())
}
