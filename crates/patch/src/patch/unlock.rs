//! Clears the flags of immutable and append-only inodes: a patch could not change such an inode, and no image has these
//! flags.

use sysio::mount::PrivateMount;

use crate::PatchError;
use crate::plan::Plan;
use crate::scan::VolumeContent;
use store::StoreError;

/// Adds the locked inodes that stay to the touched inodes: unlocking changes their ctime, so the ledger needs new
/// stamps.
pub(super) fn touch(plan: &mut Plan, have: &VolumeContent<'_>) {
    let manifest = &have.manifest;
    let indices = have.locked.iter().filter_map(|path| manifest.lookup(path));
    let indices = indices.map(|node| manifest.node_inode(node).index());
    let touched: Vec<u32> = indices.filter_map(|have| plan.assignment.want_of(have)).collect();
    if !touched.is_empty() {
        plan.touched.extend(touched);
        plan.touched.sort_unstable();
        plan.touched.dedup();
    }
}

/// Clears both flags of the locked inodes, on a mounted volume.
pub(super) fn unlock(mount: &PrivateMount, have: &VolumeContent<'_>) -> Result<(), PatchError> {
    for path in &have.locked {
        let failed = || StoreError::tree("unlock", path);
        tracing::info!(path = wire::units::show_path(path), "immutable or append-only: unlocked");
        let Some(node) = have.manifest.lookup(path) else { continue };
        if have.manifest.node_inode(node).is_directory() {
            let directory = mount.root().open_beneath(path).map_err(failed())?;
            sysio::file::unlock_inode(&directory).map_err(failed())?;
            continue;
        }
        let cut = path.iter().rposition(|byte| *byte == b'/');
        let (parent, name) = cut.map_or((&[][..], &path[..]), |at| (&path[..at], &path[at + 1..]));
        let parent = mount.root().open_beneath(parent).map_err(failed())?;
        let file = parent.open_file(name).map_err(failed())?;
        sysio::file::unlock_inode(&file).map_err(failed())?;
    }
    Ok(())
}
