//! Checks that refuse a patch before its first step.

use diskfs::Superblock;
use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::units::format_len;

use super::job::Job;
use crate::PatchError;
use crate::device::Device;
use crate::plan::Plan;

/// Refuses a filesystem that was not made for the stream: it lacks the stream's UUIDs, by which the image's boot files
/// find it.
pub(super) fn check_stream(found: Option<Superblock>, job: &Job<'_>) -> Result<(), PatchError> {
    let uuid = *job.volume.identity.uuid("root").as_bytes();
    let is_the_streams = |superblock: Superblock| {
        superblock.uuid == uuid && superblock.filesystem == job.volume.filesystem
    };
    if found.is_some_and(is_the_streams) {
        return Ok(());
    }
    let (path, stream) = (job.volume.path.to_owned(), job.volume.identity.stream.clone());
    Err(PatchError::OtherStream { path, stream })
}

/// Refuses to make a filesystem whose UUID a mounted filesystem of this machine has. This machine may itself have been
/// made from an image of the stream, and its next boot could mount the wrong one of the two.
pub(super) fn check_not_mounted(job: &Job<'_>) -> Result<(), PatchError> {
    let uuid = *job.volume.identity.uuid("root").as_bytes();
    let mounted = sysio::mount::mounted_devices();
    for (device, place) in mounted.map_err(PatchError::io("read", "/proc/self/mountinfo"))? {
        if Superblock::of_device(&device).is_some_and(|superblock| superblock.uuid == uuid) {
            let stream = job.volume.identity.stream.clone();
            return Err(PatchError::UuidMounted { device, place, stream });
        }
    }
    Ok(())
}

/// Refuses a volume that is too long, or too small for the image on a fresh filesystem.
pub(super) fn check_size(device: &Device, job: &Job<'_>) -> Result<(), PatchError> {
    job.volume.filesystem.check_len(job.volume.path, device.size())?;
    let available = job.volume.layout.root(device.size()).map_or(0, |(_, len)| len);
    if !job.options.is_fresh {
        return Ok(());
    }
    let needed = job.volume.filesystem.needed_len(job.tree);
    if needed > available {
        return Err(PatchError::TooSmall {
            volume: job.volume.path.display().to_string(),
            what: job.volume.filesystem.facts().with_image,
            needed: format_len(needed),
            available: format_len(available),
        });
    }
    let Some(host) = device.host_space()? else { return Ok(()) };
    check_host(job, needed, host.free_bytes.saturating_add(host.allocated_bytes))
}

/// Refuses a patch if the filesystem that holds the image file has too little room.
fn check_host(job: &Job<'_>, needed: u64, available: u64) -> Result<(), PatchError> {
    if needed > available {
        let path = job.volume.path.to_owned();
        return Err(PatchError::HostFull { path, needed, available });
    }
    Ok(())
}

/// Refuses a patch before its first step, if the mounted filesystem has too little room.
pub(super) fn check_free(
    mount: &PrivateMount,
    device: &Device,
    plan: &Plan,
    have: &Manifest,
    job: &Job<'_>,
) -> Result<(), PatchError> {
    let free =
        mount.root().free_space().map_err(PatchError::io("stat filesystem of", job.volume.path))?;
    let counts = plan.counts;
    let too_small = |what, needed: String, available: String| PatchError::TooSmall {
        volume: job.volume.path.display().to_string(),
        what,
        needed,
        available,
    };
    // Attributes, symlink targets and directories also take and free space. Those that both images have cancel out.
    let is_empty = plan.is_empty();
    let beside_data =
        |image| if is_empty { 0 } else { job.volume.filesystem.beside_data_len(image) };
    let needed = counts.blocks_needed.saturating_add(beside_data(job.tree));
    let freed = counts.blocks_freed.saturating_add(beside_data(have));
    let available = free.bytes.saturating_add(freed);
    if needed > available {
        let (needed, available) = (format_len(needed), format_len(available));
        return Err(too_small("new data", needed, available));
    }
    // An image file can grow only into the free space of the filesystem that holds it, whatever the file's length is.
    // The blocks that are allocated to the file but unused by the volume are also available.
    if let Some(host) = device.host_space()? {
        let spare = host.allocated_bytes.saturating_sub(free.used_bytes);
        let available = host.free_bytes.saturating_add(spare).saturating_add(freed);
        check_host(job, needed, available)?;
    }
    if counts.inodes_needed > 0 && counts.inodes_needed as u64 > free.inodes {
        let needed = format!("{} more inodes", counts.inodes_needed);
        return Err(too_small("the image", needed, free.inodes.to_string()));
    }
    Ok(())
}
