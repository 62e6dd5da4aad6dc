//! Replay and growth of an XFS.

use std::path::Path;
use std::process::Command;

use wire::units::PAGE_LEN;

use crate::tool::run_tool;
use crate::{DiskError, Filesystem, Purpose};

/// Returns whether the log holds anything to replay.
///
/// # Errors
/// [`DiskError::Tool`].
pub(super) fn needs_replay(device: &Path) -> Result<bool, DiskError> {
    let mut command = Command::new("xfs_logprint");
    command.arg("-t").arg(device);
    let text = run_tool("xfs_logprint", "xfsprogs", &mut command)?;
    Ok(!text.contains("state: <CLEAN>"))
}

/// Lets the filesystem fill its device of `len` bytes: the kernel does that while it is mounted.
///
/// # Errors
/// [`DiskError::Io`].
pub(super) fn grow(device: &Path, len: u64) -> Result<(), DiskError> {
    let mount = Filesystem::Xfs
        .mount(device, Purpose::Patch)
        .map_err(DiskError::io("mount the filesystem on", device))?;
    sysio::file::grow_xfs(mount.root(), len / PAGE_LEN)
        .map_err(DiskError::io("grow the filesystem of", device))?;
    mount.root().sync_filesystem().map_err(DiskError::io("sync", device))
}
