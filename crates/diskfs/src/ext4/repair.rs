//! Repairs and grows an unmounted ext4 with the tools of e2fsprogs, and finds out whether its journal needs a replay.

use std::path::Path;
use std::process::Command;

use super::read::Ext4;
use crate::tool::{not_started, run_tool};
use crate::{DiskError, Medium};

/// Returns whether the journal has transactions to replay.
///
/// # Errors
/// Errors of reading the device.
pub(super) fn needs_replay(device: &Path) -> Result<bool, DiskError> {
    /// Offset of `s_feature_incompat` on the device, and its bit RECOVER. *Source:* ext4.h.
    const FEATURE_AT: u64 = 1024 + 0x60;
    const RECOVER: u32 = 4;
    let failed = || DiskError::io("read the superblock of", device);
    let file = std::fs::File::open(device).map_err(failed())?;
    let mut feature = [0; 4];
    sysio::file::read_exact_at(&file, &mut feature, FEATURE_AT).map_err(failed())?;
    Ok(u32::from_le_bytes(feature) & RECOVER != 0)
}

/// Repairs a filesystem, as a boot would, if an error is recorded in it; returns whether one was.
/// The next scan must find out what the filesystem holds afterwards.
///
/// # Errors
/// [`DiskError::Damaged`] if e2fsck cannot repair it; [`DiskError::Tool`]; errors of reading.
pub(super) fn repair(device: &Path) -> Result<bool, DiskError> {
    /// Exit codes after which the filesystem is sound. *Source:* e2fsck(8).
    const CORRECTED: [i32; 4] = [0, 1, 2, 3];
    if !Ext4::open(&Medium::open(device)?)?.has_error()? {
        return Ok(false);
    }
    tracing::warn!(device = %device.display(), "an error was recorded in the filesystem: repairing it");
    let output = Command::new("e2fsck").arg("-fy").arg(device).output();
    let output = output.map_err(|error| not_started("e2fsck", "e2fsprogs", &error))?;
    if output.status.code().is_some_and(|code| CORRECTED.contains(&code)) {
        return Ok(true);
    }
    let problem = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Err(DiskError::Damaged { device: device.to_owned(), problem })
}

/// Grows an unmounted filesystem to the length of its device.
///
/// # Errors
/// [`DiskError::Tool`] with resize2fs's output.
pub(super) fn grow(device: &Path) -> Result<(), DiskError> {
    // Without `-f`, resize2fs demands a full e2fsck first; imprint has already checked the
    // filesystem.
    run_tool("resize2fs", "e2fsprogs", Command::new("resize2fs").arg("-f").arg(device)).map(drop)
}
