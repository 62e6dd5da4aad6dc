//! Checks an XFS's log for transactions to replay, and grows the filesystem.

use std::path::Path;
use std::process::Command;

use wire::units::PAGE_LEN;

use crate::tool::run_tool;
use crate::{DiskError, Filesystem, Purpose};

/// Returns whether the log has transactions to replay.
///
/// # Errors
/// [`DiskError::Tool`] with xfs_logprint's output.
pub(super) fn needs_replay(device: &Path) -> Result<bool, DiskError> {
    let mut command = Command::new("xfs_logprint");
    command.arg("-t").arg(device);
    let text = run_tool("xfs_logprint", "xfsprogs", &mut command)?;
    Ok(!text.contains("state: <CLEAN>"))
}

/// Grows the filesystem to its device's `len` bytes: mounts it, since only the kernel can grow it.
///
/// # Errors
/// [`DiskError::Io`] from mounting, growing or syncing.
pub(super) fn grow(device: &Path, len: u64) -> Result<(), DiskError> {
    let mount = Filesystem::Xfs
        .mount(device, Purpose::Patch)
        .map_err(DiskError::io("mount the filesystem on", device))?;
    sysio::file::grow_xfs(mount.root(), len / PAGE_LEN)
        .map_err(DiskError::io("grow the filesystem of", device))?;
    mount.root().sync_filesystem().map_err(DiskError::io("sync", device))
}
