//! Refusals before anything is written.

use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::units::format_len;

use super::Request;
use crate::device::Device;
use crate::error::UnpackError;
use crate::filesystem::Mark;
use crate::plan::Plan;

/// Refuses a filesystem that was not made for the stream: UUIDs are the stream's own, and what makes the image boot
/// names them.
pub(super) fn check_stream(found: Option<Mark>, request: &Request<'_>) -> Result<(), UnpackError> {
    let uuid = *request.identity().uuid("root").as_bytes();
    let is_the_streams = |mark: Mark| mark.uuid == uuid && mark.filesystem == request.filesystem;
    if found.is_some_and(is_the_streams) {
        return Ok(());
    }
    Err(UnpackError::Refused(format!(
        "{} holds a filesystem that was not made for stream {}: it was written to by something \
         else, or belongs to another stream, or to another --own-uuids; have it formatted anew: with `unpackd apply \
         --format`, or by the next unpack after `unpacker forget` and `unpacker associate`",
        request.path.display(),
        request.stream
    )))
}

/// Refuses to make a filesystem with the UUID of one that is mounted here: a machine that was made
/// of the stream could take the one for the other when it boots.
pub(super) fn check_not_mounted(request: &Request<'_>) -> Result<(), UnpackError> {
    let uuid = *request.identity().uuid("root").as_bytes();
    let mounted = sysio::mount::mounted_devices();
    for (device, place) in mounted.map_err(UnpackError::io("read", "/proc/self/mountinfo"))? {
        if Mark::of_device(&device).is_some_and(|mark| mark.uuid == uuid) {
            return Err(UnpackError::Refused(format!(
                "{} on {} has the UUID that volumes of stream {} get: add the volume with --uuids \
                 random",
                device.display(),
                place.display(),
                request.stream
            )));
        }
    }
    Ok(())
}

/// Refuses a volume that is too long, or too small for the image on a fresh filesystem.
pub(super) fn check_size(device: &Device, request: &Request<'_>) -> Result<(), UnpackError> {
    request.filesystem.check_len(request.path, device.size())?;
    let available = request.layout.root(device.size()).map_or(0, |(_, len)| len);
    if !request.is_fresh {
        return Ok(());
    }
    let needed = request.filesystem.needed_len(request.want);
    let too_small = |what, available| UnpackError::TooSmall {
        volume: request.path.display().to_string(),
        what,
        needed: format_len(needed),
        available: format_len(available),
    };
    if needed > available {
        return Err(too_small(request.filesystem.with_image(), available));
    }
    match device.host_space()? {
        Some(host) if needed > host.free_bytes.saturating_add(host.allocated_bytes) => {
            let available = host.free_bytes.saturating_add(host.allocated_bytes);
            Err(too_small("the image, in the filesystem of the volume's file,", available))
        }
        _ => Ok(()),
    }
}

/// Refuses a patch for which the mounted filesystem has too little left, before its first step.
pub(super) fn check_free(
    mount: &PrivateMount,
    device: &Device,
    plan: &Plan,
    have: &Manifest,
    request: &Request<'_>,
) -> Result<(), UnpackError> {
    let free =
        mount.root().free_space().map_err(UnpackError::io("stat filesystem of", request.path))?;
    let counts = plan.counts;
    let too_small = |what, needed: String, available: String| UnpackError::TooSmall {
        volume: request.path.display().to_string(),
        what,
        needed,
        available,
    };
    // Attributes, targets and directories go and come, too; what both images have of them stays as it is.
    let is_empty = plan.is_empty();
    let beside_data = |image| if is_empty { 0 } else { request.filesystem.beside_data_len(image) };
    let needed = counts.blocks_needed.saturating_add(beside_data(request.want));
    let freed = counts.blocks_freed.saturating_add(beside_data(have));
    let available = free.bytes.saturating_add(freed);
    if needed > available {
        let (needed, available) = (format_len(needed), format_len(available));
        return Err(too_small("new data", needed, available));
    }
    // An image file has no room beyond what its own filesystem has left, whatever its length says:
    // blocks that it has and the volume does not use are there already.
    if let Some(host) = device.host_space()? {
        let spare = host.allocated_bytes.saturating_sub(free.used_bytes);
        let available = host.free_bytes.saturating_add(spare).saturating_add(freed);
        if needed > available {
            let (needed, available) = (format_len(needed), format_len(available));
            return Err(too_small("new data in the volume's file", needed, available));
        }
    }
    if counts.inodes_needed > 0 && counts.inodes_needed as u64 > free.inodes {
        let needed = format!("{} inodes more", counts.inodes_needed);
        return Err(too_small("the image", needed, free.inodes.to_string()));
    }
    Ok(())
}
