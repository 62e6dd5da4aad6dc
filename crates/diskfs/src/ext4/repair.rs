//! Repair, replay and growth of an unmounted ext4, with the tools of e2fsprogs.

use std::path::Path;
use std::process::Command;

use super::read::Ext4;
use crate::tool::{not_started, run_tool};
use crate::{DiskError, Medium};

/// Returns whether the journal holds anything to replay.
///
/// # Errors
/// Errors of reading the device.
pub(super) fn needs_replay(device: &Path) -> Result<bool, DiskError> {
    /// `s_feature_incompat` in the superblock, and its bit RECOVER. *Source:* ext4.h.
    const FEATURE_AT: u64 = 1024 + 0x60;
    const RECOVER: u32 = 4;
    let failed = || DiskError::io("read the superblock of", device);
    let file = std::fs::File::open(device).map_err(failed())?;
    let mut feature = [0; 4];
    sysio::file::read_exact_at(&file, &mut feature, FEATURE_AT).map_err(failed())?;
    Ok(u32::from_le_bytes(feature) & RECOVER != 0)
}

/// Repairs a filesystem that says of itself that something went wrong, as a boot would, and returns whether it does.
/// What it holds then is for the next scan to find out.
///
/// # Errors
/// [`DiskError::Damaged`]; [`DiskError::Tool`]; errors of reading.
pub(super) fn repair(device: &Path) -> Result<bool, DiskError> {
    /// Errors that e2fsck corrected. *Source:* e2fsck(8).
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

/// Lets an unmounted filesystem fill the device that it is on.
///
/// # Errors
/// [`DiskError::Tool`] with what resize2fs printed.
pub(super) fn grow(device: &Path) -> Result<(), DiskError> {
    // Its own check of the whole filesystem first is for filesystems that nobody else checks.
    run_tool("resize2fs", "e2fsprogs", Command::new("resize2fs").arg("-f").arg(device)).map(drop)
}
