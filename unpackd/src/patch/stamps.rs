//! What a patch touched, as it is on the volume now.

use std::sync::{Mutex, PoisonError};

use sysio::Dir;
use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::manifest::NodeId;

use crate::engine::{Engine, open_directory, pool};
use crate::error::UnpackError;
use crate::ledger::Stamp;
use crate::ondisk::Changed;
use crate::plan::Plan;
use crate::scan::Have;

/// Nodes of one task: enough that handing out tasks costs nothing.
const TASK_LEN: usize = 512;

/// Takes the stamps of what a patch touched, by ascending inode.
pub(super) fn take(
    mount: &PrivateMount,
    plan: &Plan,
    want: &Manifest,
    engine: Engine,
) -> Result<Vec<(u32, Stamp)>, UnpackError> {
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
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(stamps);
            Ok(())
        },
    )?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_unstable_by_key(|(index, _)| *index);
    Ok(found)
}

fn of_nodes(
    mount: &PrivateMount,
    want: &Manifest,
    nodes: &[NodeId],
) -> Result<Vec<(u32, Stamp)>, UnpackError> {
    let mut found = Vec::with_capacity(nodes.len());
    let mut open: Option<(u32, Dir)> = None;
    for node in nodes {
        let parent = want.parent(*node);
        let dir = match open.take() {
            Some((there, dir)) if there == parent => dir,
            _ => open_directory(mount.root(), want, parent)?,
        };
        let stat = if *node == 0 { dir.stat_self() } else { dir.stat(want.name(*node)) };
        let stat = stat.map_err(store::StoreError::tree("stat", &want.path(*node)))?;
        found.push((want.node_inode(*node).index(), Stamp::of(&stat)));
        open = Some((parent, dir));
    }
    Ok(found)
}

/// Returns which inodes of the volume went, and which of its directories changed.
pub(super) fn changed(
    plan: &Plan,
    have: &Have<'_>,
    want: &Manifest,
    touched: &[(u32, Stamp)],
) -> Changed {
    let is_gone = |index: &u32| plan.assignment.want_of(*index).is_none();
    let gone = (0..have.manifest.inode_count()).filter(is_gone);
    let ino = |index: u32| have.stamps.get(index as usize).map(|stamp| stamp.ino);
    Changed {
        gone: gone.filter_map(ino).filter(|ino| *ino != 0).collect(),
        directories: touched
            .iter()
            .filter(|(index, _)| want.inode(*index).is_directory())
            .map(|(_, stamp)| stamp.ino)
            .collect(),
        touched: touched.iter().map(|(_, stamp)| stamp.ino).collect(),
    }
}
