//! One patch, from beginning to end.
//!
//! ```text
//! 1 open the volume; format it if it is fresh          a fresh volume's old content is ignored
//! 2 know what it holds: evidence, or a read-only scan   nothing is written
//! 3 plan; fetch what the plan needs, durably            the volume is still untouched; a fresh one is filled
//!                                                       while objects arrive
//! 4 mount for writing, open the root; is there room?    mounting changes only the superblock
//! 5 remove the ledger, durably                          so that a crash leaves no false ledger
//! 6 record the intent (state Patching), durably         a crash from here on leads to NeedsScan
//! 7 apply
//! 8 syncfs, unmount, scrub, boot loaders, sync          done means durable
//! 9 write the ledger; record the new state              only now may it be captured
//! ```
//!
//! A fresh ext4 is filled without its journal. Until step 8 it has the label of an unfinished filesystem, and the state
//! stays Formatting. In this case step 6 comes after step 8, and a crash before step 6 leads to a new filesystem.
//!
//! Each step that adds knowledge returns a value of its own type. The next step takes this value:
//! [`Job`](job::Job) → `KnownVolume` (2) → `Planned` → `Fetched` (3) → `Applied` (4–7) → `Durable` (8, 9).

mod applied;
mod cached_blocks;
mod checks;
pub(crate) mod desired;
mod durable;
mod evidence;
mod fetched;
mod format;
mod grow;
mod job;
mod known;
mod new_ledger;
mod planned;
mod predict;
mod report;
mod stamps;
mod unchanged;
mod unlock;
mod unmounted;

use std::path::Path;
use std::time::Instant;

use diskfs::{Filesystem, Identity, Layout};
use sysio::Dir;
use wire::Manifest;
use wire::proto::{DirtyBlocks, UnpackReport};

use self::checks::{check_not_mounted, check_size, check_stream};
use self::desired::DesiredVolume;
pub(crate) use self::evidence::warm;
use self::job::Job;
use self::known::KnownVolume;
use crate::device::Device;
use crate::engine::Engine;
use crate::recorder::RecordOnce;
use crate::scan::{Evidence, empty_volume};
use crate::{FreedPolicy, ImageObjects, PatchError, StateRecorder};

/// A volume: its path, its layout and filesystem, and the identity that its UUIDs are made from.
#[derive(Clone, Copy, Debug)]
pub struct VolumePlace<'a> {
    /// An image file or a block device.
    pub path: &'a Path,
    /// Whether the volume has a partition table.
    pub layout: Layout,
    /// The type of the filesystem that the volume has, or gets when it is formatted.
    pub filesystem: Filesystem,
    /// The stream and the other values from which the UUIDs are made.
    pub identity: Identity<'a>,
    /// The folder that keeps the volume's ledger, and the ledger's name; `None` to keep no ledger.
    pub ledger: Option<(&'a Dir, &'a str)>,
}

/// The content that a volume shall hold.
#[derive(Clone, Copy, Debug)]
pub struct Desired<'a> {
    /// The tree of the image itself, without the files that boot set-up adds.
    pub manifest: &'a Manifest,
    /// The store and the source of the image's objects.
    pub objects: ImageObjects<'a>,
    /// Kernel command line; `None` for the image's own arguments plus [`boot::KERNEL_ARGUMENTS`].
    pub kernel_arguments: Option<&'a str>,
}

/// Options of one patch, in addition to the volume and the content.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Whether the volume must be formatted first.
    pub is_fresh: bool,
    /// Whether to ignore the ledger and hash everything.
    pub verify_full: bool,
    /// Whether to stop after planning.
    pub is_dry_run: bool,
    /// Policy for data that the patch frees.
    pub freed: FreedPolicy,
    /// The engine that reads the volume and carries out the steps.
    pub engine: Engine,
    /// Records that formatting begins, that the patch begins to write, and that the patch is done. Also shows progress.
    pub recorder: &'a dyn StateRecorder,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("is_fresh", &self.is_fresh)
            .field("is_dry_run", &self.is_dry_run)
            .finish_non_exhaustive()
    }
}

/// Patches a volume, and reports what was done.
///
/// # Durability
/// Once this returns without an error, the volume holds exactly the image, even after a power loss.
///
/// # Errors
/// [`PatchError`]. If neither [`StateRecorder::formatting`] nor [`StateRecorder::patching`] was called, the volume's
/// files are as they were. At most, its journal was replayed and its filesystem repaired.
pub fn patch(
    volume: VolumePlace<'_>,
    desired: Desired<'_>,
    options: Options<'_>,
) -> Result<UnpackReport, PatchError> {
    let started = Instant::now();
    let recorder = RecordOnce::new(options.recorder);
    let options = Options { recorder: &recorder, ..options };
    volume.filesystem.check_holds(desired.manifest)?;
    let wanted = DesiredVolume::plan(volume, desired)?;
    let job = Job::new(volume, desired, options, &wanted, started);
    if !options.is_fresh {
        let device = Device::open(volume.path)?;
        // Up to here, nothing has checked that the filesystem was made for this stream.
        check_stream(device.superblock(volume.layout)?, &job)?;
        if let Some(report) = unchanged::report(&job, &device)? {
            return Ok(report);
        }
    }
    if !options.is_fresh && !options.is_dry_run {
        grow::grow(&job)?;
    }
    let tree = wanted.tree()?;
    // From here on, the tree includes the files that make the image boot.
    run(job.with_tree(&tree))
}

/// Carries out the steps that the head of this module lists.
fn run(job: Job<'_>) -> Result<UnpackReport, PatchError> {
    let options = job.options;
    // 1
    let device = Device::open(job.volume.path)?;
    check_size(&device, &job)?;
    if options.is_fresh && options.is_dry_run {
        let have = empty_volume(job.tree.algorithm())?;
        let plan = job.plan(&have);
        return Ok(job.report(&plan, Evidence::Hash, 0, None, &job.expected_loaders()));
    }
    if options.is_fresh {
        check_not_mounted(&job)?;
        options.recorder.formatting()?;
        format::format(&job, &device)?;
    }
    // 2, 3
    let planned = KnownVolume::find(job, device)?.plan();
    if options.is_dry_run {
        return planned.predict();
    }
    let fetched = if options.is_fresh { planned.fetch_later()? } else { planned.fetch()? };
    if let Some(loaders) = fetched.needs_nothing() {
        return fetched.renew_ledger(&loaders);
    }
    // 4 to 9
    let durable = fetched.apply()?.make_durable()?;
    options.recorder.done()?;
    Ok(durable.report())
}

/// Returns a count of zero dirty blocks; `None` would mean an unknown count.
fn no_dirty_blocks() -> Option<DirtyBlocks> {
    Some(DirtyBlocks::default())
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
