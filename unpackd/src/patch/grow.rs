//! Growth, in place: a volume that has become longer, and an image file that a later image does not fit.

use super::Request;
use super::checks::check_stream;
use crate::device::Device;
use crate::error::UnpackError;
use crate::filesystem::Purpose;
use crate::layout::{Layout, partition};
use crate::ledger::Ledger;

/// What a filesystem leaves unused at its end, and less than is worth growing for.
const UNUSED_MAX: u64 = 16 << 20;

/// An image file grows to what is needed and this part more, in units of a common size.
const SPARE_PART: u64 = 8;
const UNIT: u64 = 64 << 20;

/// Returns whether a volume has room behind its filesystem.
pub(super) fn has_grown(request: &Request<'_>, device: &Device) -> Result<bool, UnpackError> {
    let available = request.layout.root(device.size()).map_or(0, |(_, len)| len);
    let used = device.filesystem_len(request.layout)?;
    Ok(used.is_some_and(|used| used.saturating_add(UNUSED_MAX) < available))
}

/// Grows an image file that is too short for the image, and the filesystem of a volume that has room
/// behind it. A crash on the way leaves a filesystem that says of itself that it must be repaired.
pub(super) fn grow(request: &Request<'_>) -> Result<(), UnpackError> {
    let mut device = Device::open(request.path)?;
    request.filesystem.check_len(request.path, device.size())?;
    let available = request.layout.root(device.size()).map_or(0, |(_, len)| len);
    let needed = request.filesystem.needed_len(request.want);
    let has_room = device.host_space()?.is_some_and(|host| {
        host.free_bytes.saturating_add(host.allocated_bytes) > needed.saturating_add(available)
    });
    let is_ours = || -> Result<bool, UnpackError> {
        if device.filesystem_len(request.layout)?.is_none() {
            return Ok(false);
        }
        check_stream(device.root(request.layout)?.mark()?, request).map(|()| true)
    };
    // Without room the patch says later what it lacks.
    if needed > available && has_room && is_ours()? {
        let before = device.size() - available;
        let len = (before + needed + needed / SPARE_PART).next_multiple_of(UNIT);
        tracing::info!(volume = %request.path.display(), len, "the image needs a longer volume");
        sysio::file::set_len(device.file(), len)
            .map_err(UnpackError::io("lengthen", request.path))?;
        drop(device);
        device = Device::open(request.path)?;
    }
    if !has_grown(request, &device)? {
        return Ok(());
    }
    let root = device.root(request.layout)?;
    check_stream(root.mark()?, request)?;
    if let Some((folder, name)) = request.ledger {
        Ledger::remove(folder, name)?;
    }
    request.record.patching()?;
    request.record.progress("grow", 0, 0);
    let filesystem = request.filesystem;
    if filesystem.needs_replay(root.path())? {
        drop(root.mount(filesystem, Purpose::Patch)?);
    }
    filesystem.repair(root.path())?;
    if request.layout == Layout::Gpt {
        let file = device.file().try_clone().map_err(UnpackError::io("open", request.path))?;
        partition::write(file, request.path, device.size(), request.identity())?;
    }
    filesystem.grow(&root)?;
    root.sync()?;
    drop(root);
    device.sync()
}
