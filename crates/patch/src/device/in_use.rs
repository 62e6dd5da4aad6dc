//! Checks whether anybody has a volume open, attached or mounted, and makes messages that name the processes.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use sysio::lock::DiskUse;
use sysio::loopdev::Attachment;
use sysio::mount::Access;

use crate::PatchError;

/// Longest wait for the kernel to detach a released loop device.
pub(super) const LET_GO_TIME: Duration = Duration::from_millis(400);

/// Time for the kernel to unmount the filesystem of a killed process, and to detach the loop device below it. After the
/// process is gone, the kernel first writes out the cached data.
const DETACH_TIME: Duration = Duration::from_secs(5);

/// Refuses a volume that is attached as a loop device, or that qemu or one of its tools has open. Keeps those tools
/// from opening the volume while `file` is open.
pub(super) fn check_unused(file: &File, path: &Path, access: Access) -> Result<(), PatchError> {
    let failed = || PatchError::io("lock", path);
    let in_use = |by: String| PatchError::InUse { path: path.to_owned(), by };
    check_unattached(file, path, access)?;
    match sysio::lock::try_lock_disk(file, access == Access::ReadWrite).map_err(failed())? {
        None => Ok(()),
        Some(DiskUse::Reads) => Err(in_use(with_holders("it is open as a disk", file))),
        Some(DiskUse::Writes) => {
            Err(in_use(with_holders("it is open as a disk for writing", file)))
        }
    }
}

/// Refuses a volume if a loop device is attached to it, by whatever path. For reading, refuses it only if the loop
/// device is attached for writing.
pub(super) fn check_unattached(file: &File, path: &Path, access: Access) -> Result<(), PatchError> {
    let is_in_the_way =
        |attached: &Attachment| access == Access::ReadWrite || !attached.is_read_only;
    let started = Instant::now();
    loop {
        let attached = sysio::loopdev::attached_to(file).map_err(PatchError::io("lock", path))?;
        let Some(Attachment { device, .. }) = attached.iter().find(|found| is_in_the_way(found))
        else {
            return Ok(());
        };
        if started.elapsed() > DETACH_TIME || !is_being_let_go(device) {
            let mut by = format!("it is attached as {}", device.display());
            // If an Imprint process attached the loop device, it has also locked the file below that device.
            let lock = sysio::lock::try_lock_file(file, access == Access::ReadWrite);
            if lock.is_err_and(|error| error.kind() == ErrorKind::WouldBlock) {
                let is_seen = !sysio::holder::holders(file).unwrap_or_default().is_empty();
                let ours = imprint_holder(file);
                by = if is_seen { ours } else { format!("{by}, and {ours}") };
            }
            return Err(PatchError::InUse { path: path.to_owned(), by });
        }
        std::thread::park_timeout(LET_GO_TIME / 20);
    }
}

/// Returns whether the kernel is about to detach a loop device: no visible process uses it any more.
fn is_being_let_go(device: &Path) -> bool {
    let is_mounted = || {
        let mounted = sysio::mount::mounted_devices().unwrap_or_default();
        mounted.iter().any(|(mounted, _)| mounted == device)
    };
    let is_open = || {
        let open = File::open(device);
        open.is_ok_and(|device| sysio::holder::holders(&device).is_ok_and(|all| !all.is_empty()))
    };
    sysio::loopdev::is_autoclear(device) && !is_mounted() && !is_open()
}

/// Returns whether somebody keeps a file open for writing for more than a moment. The kernel releases a loop device's
/// file a little after `umount` has returned; meanwhile no visible process has the file open.
pub(super) fn stays_open_for_writing(file: &File) -> bool {
    const LET_GO_WITHIN: Duration = Duration::from_secs(2);
    const LOOK_AGAIN: Duration = Duration::from_millis(20);
    let started = Instant::now();
    while sysio::lock::is_open_for_writing(file) {
        let is_seen = sysio::holder::holders(file).is_ok_and(|found| !found.is_empty());
        if is_seen || started.elapsed() > LET_GO_WITHIN {
            return true;
        }
        std::thread::park_timeout(LOOK_AGAIN);
    }
    false
}

/// Returns a clause that names the Imprint process that holds the lock on a file. The lock stays while a mount above
/// the file is in use. A mount that has ended is still in use while one of its files is open.
pub(super) fn imprint_holder(file: &File) -> String {
    let what = "another process of imprint works on it";
    let is_seen = !sysio::holder::holders(file).unwrap_or_default().is_empty();
    match sysio::holder::holders_of_ended_mounts().unwrap_or_default() {
        found if !is_seen && !found.is_empty() => {
            format!(
                "a mount of it has ended, but some of its files are still open: {}",
                found.join(", ")
            )
        }
        _ => with_holders(what, file),
    }
}

/// Returns the clause `what`, followed by the processes that have the file open. If no such process can be seen, the
/// result says so.
pub(super) fn with_holders(what: &str, file: &File) -> String {
    match sysio::holder::holders(file).unwrap_or_default() {
        none if none.is_empty() => format!("{what}; that process is not visible from here"),
        found => format!("{what}: {}", found.join(", ")),
    }
}
