//! What a patch touched, as it is on the volume now.

use sysio::Dir;
use sysio::mount::PrivateMount;
use wire::Manifest;

use super::after::Changed;
use crate::error::UnpackError;
use crate::ledger::Stamp;
use crate::plan::Plan;
use crate::scan::Have;

/// Takes the stamps of what a patch touched.
pub(super) fn take(
    mount: &PrivateMount,
    plan: &Plan,
    want: &Manifest,
) -> Result<Vec<(u32, Stamp)>, UnpackError> {
    let mut nodes: Vec<_> =
        plan.touched.iter().map(|index| want.inode(*index).first_node()).collect();
    nodes.sort_unstable();
    let mut found = Vec::with_capacity(nodes.len());
    let mut open: Option<(u32, Dir)> = None;
    for node in nodes {
        let parent = want.parent(node);
        if open.as_ref().is_none_or(|(directory, _)| *directory != parent) {
            let path = want.path(want.inode(parent).first_node());
            let dir = mount.root().open_beneath(&path);
            open = Some((parent, dir.map_err(store::StoreError::tree("open directory", &path))?));
        }
        let Some((_, dir)) = &open else { continue };
        let stat = if node == 0 { dir.stat_self() } else { dir.stat(want.name(node)) };
        let stat = stat.map_err(store::StoreError::tree("stat", &want.path(node)))?;
        found.push((want.node_inode(node).index(), Stamp::of(&stat)));
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
