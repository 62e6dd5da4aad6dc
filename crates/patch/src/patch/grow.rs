//! Grows volumes in place: the filesystem of a volume that has become longer, and an image file that is too short for a
//! later image.

use diskfs::{Layout, Purpose, partition};

use super::checks::check_stream;
use super::job::Job;
use crate::PatchError;
use crate::device::Device;
use crate::ledger::Ledger;

/// A filesystem grows only if more than this many bytes are unused after it. Even a filesystem that fills its volume
/// leaves some bytes unused, but fewer than this.
const UNUSED_MAX: u64 = 16 << 20;

/// An image file grows to the needed length plus an eighth of it, rounded up to [`UNIT`] bytes.
const SPARE_PART: u64 = 8;
const UNIT: u64 = 64 << 20;

/// Returns whether a volume has more than [`UNUSED_MAX`] bytes of room after its filesystem.
pub(super) fn has_grown(job: &Job<'_>, device: &Device) -> Result<bool, PatchError> {
    let available = job.volume.layout.root(device.size()).map_or(0, |(_, len)| len);
    let used = device.filesystem_len(job.volume.layout)?;
    Ok(used.is_some_and(|used| used.saturating_add(UNUSED_MAX) < available))
}

/// Grows an image file that is too short for the image. Grows the filesystem of a volume that has room after the
/// filesystem. A crash on the way leaves a filesystem that is marked for repair.
pub(super) fn grow(job: &Job<'_>) -> Result<(), PatchError> {
    let mut device = Device::open(job.volume.path)?;
    job.volume.filesystem.check_len(job.volume.path, device.size())?;
    let available = job.volume.layout.root(device.size()).map_or(0, |(_, len)| len);
    let needed = job.volume.filesystem.needed_len(job.tree);
    let has_room = device.host_space()?.is_some_and(|host| {
        host.free_bytes.saturating_add(host.allocated_bytes) > needed.saturating_add(available)
    });
    let is_ours = || -> Result<bool, PatchError> {
        if device.filesystem_len(job.volume.layout)?.is_none() {
            return Ok(false);
        }
        check_stream(device.root(job.volume.layout)?.superblock()?, job).map(|()| true)
    };
    // If the host has too little room, the patch later fails with the missing length.
    if needed > available && has_room && is_ours()? {
        let before = device.size() - available;
        let len = (before + needed + needed / SPARE_PART).next_multiple_of(UNIT);
        tracing::info!(volume = %job.volume.path.display(), len, "the image needs a longer volume");
        sysio::file::set_len(device.file(), len)
            .map_err(PatchError::io("lengthen", job.volume.path))?;
        drop(device);
        device = Device::open(job.volume.path)?;
    }
    if !has_grown(job, &device)? {
        return Ok(());
    }
    let root = device.root(job.volume.layout)?;
    check_stream(root.superblock()?, job)?;
    if let Some((folder, name)) = job.volume.ledger {
        Ledger::remove(folder, name)?;
    }
    job.options.recorder.patching()?;
    job.options.recorder.progress("grow", 0, 0);
    let filesystem = job.volume.filesystem;
    if filesystem.needs_replay(root.path())? {
        drop(root.mount(filesystem, Purpose::Patch)?);
    }
    filesystem.repair(root.path())?;
    if job.volume.layout == Layout::Gpt {
        let file = device.file().try_clone().map_err(PatchError::io("open", job.volume.path))?;
        partition::write(file, job.volume.path, device.size(), job.volume.identity)?;
    }
    filesystem.grow(root.path(), root.size()?)?;
    root.sync()?;
    drop(root);
    device.sync()
}
