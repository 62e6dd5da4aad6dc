//! Stamps of the inodes that a patch touched, as they are on the volume now.

use parking_lot::Mutex;

use diskfs::ChangedInodes;
use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::manifest::{NodeId, ROOT_NODE};

use crate::PatchError;
use crate::directory_cursor::DirectoryCursor;
use crate::engine::{Engine, pool};
use crate::ledger::Stamp;
use crate::plan::Plan;
use crate::scan::VolumeContent;

/// Count of nodes in one task: so many that handing out tasks takes almost no time.
const TASK_LEN: usize = 512;

/// Takes the stamps of the inodes that a patch touched, in ascending order of the wanted inodes.
pub(super) fn take(
    mount: &PrivateMount,
    plan: &Plan,
    want: &Manifest,
    engine: Engine,
) -> Result<Vec<(u32, Stamp)>, PatchError> {
    let mut nodes: Vec<NodeId> =
        plan.touched.iter().map(|index| want.inode(*index).first_node()).collect();
    nodes.sort_unstable();
    let tasks: Vec<&[NodeId]> = nodes.chunks(TASK_LEN).collect();
    let found = Mutex::new(Vec::with_capacity(nodes.len()));
    pool::run(
        engine.threads(),
        &tasks,
        || Ok(()),
        |(), nodes| {
            let stamps = of_nodes(mount, want, nodes)?;
            found.lock().extend(stamps);
            Ok(())
        },
    )?;
    let mut found = found.into_inner();
    found.sort_unstable_by_key(|(index, _)| *index);
    Ok(found)
}

fn of_nodes(
    mount: &PrivateMount,
    want: &Manifest,
    nodes: &[NodeId],
) -> Result<Vec<(u32, Stamp)>, PatchError> {
    let mut found = Vec::with_capacity(nodes.len());
    let mut directories = DirectoryCursor::new(mount.root(), want);
    for node in nodes {
        let dir = directories.at(want.parent(*node))?;
        let stat = if *node == ROOT_NODE { dir.stat_self() } else { dir.stat(want.name(*node)) };
        let stat = stat.map_err(store::StoreError::tree("stat", &want.path(*node)))?;
        found.push((want.node_inode(*node).index(), Stamp::of(&stat)));
    }
    Ok(found)
}

/// Returns the numbers of the removed inodes, of the changed directories, and of all inodes that the patch touched.
pub(super) fn changed(
    plan: &Plan,
    have: &VolumeContent<'_>,
    want: &Manifest,
    touched: &[(u32, Stamp)],
) -> ChangedInodes {
    let is_gone = |index: &u32| plan.assignment.want_of(*index).is_none();
    let gone = (0..have.manifest.inode_count()).filter(is_gone);
    let ino = |index: u32| have.stamps.get(index as usize).map(|stamp| stamp.ino);
    ChangedInodes {
        gone: gone.filter_map(ino).filter(|ino| *ino != 0).collect(),
        directories: touched
            .iter()
            .filter(|(index, _)| want.inode(*index).is_directory())
            .map(|(_, stamp)| stamp.ino)
            .collect(),
        touched: touched.iter().map(|(_, stamp)| stamp.ino).collect(),
    }
}
