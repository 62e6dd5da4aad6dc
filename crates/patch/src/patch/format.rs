//! Formatting a fresh volume.

use diskfs::{Layout, partition};

use super::job::Job;
use crate::device::Device;
use crate::ledger::Ledger;
use crate::{FreedPolicy, PatchError};

/// Makes the partition table and the filesystem, durably.
pub(super) fn format(job: &Job<'_>, device: &Device) -> Result<(), PatchError> {
    let volume = job.volume;
    if let Some((folder, name)) = volume.ledger {
        Ledger::remove(folder, name)?;
    }
    // Attach the loop device first: if none is free, formatting fails before it writes to the volume.
    let root = device.root(volume.layout)?;
    if job.options.freed == FreedPolicy::Scrub {
        device.blank()?;
    }
    if volume.layout == Layout::Gpt {
        let file = device.file().try_clone().map_err(PatchError::io("open", device.path()))?;
        partition::write(file, device.path(), device.size(), volume.identity)?;
    }
    volume.filesystem.make(root.path(), root.size()?, volume.identity, job.tree)?;
    root.sync()?;
    drop(root);
    device.sync()
}
