//! Steps 8 and 9: scrubs what was freed, makes the volume bootable and durable, and writes its ledger.

use std::time::Instant;

use boot::{InstallFailure, InstalledLoaders, LoaderArea};
use diskfs::{Layout, Purpose};
use wire::manifest::Inode;
use wire::proto::{DirtyBlocks, UnpackReport};

use super::applied::Applied;
use super::fetched::Fetched;
use super::new_ledger::NewLedger;
use super::{cached_blocks, millis, stamps, unmounted};
use crate::PatchError;
use crate::device::Root;

/// A volume that durably holds the wanted content.
pub(super) struct Durable<'a> {
    pub fetched: Fetched<'a>,
    /// Written blocks; `None` if the kernel does not count them.
    pub dirty: Option<DirtyBlocks>,
    pub loaders: InstalledLoaders,
}

impl Durable<'_> {
    pub(super) fn report(&self) -> UnpackReport {
        let Fetched { job, have, plan, bytes_fetched, .. } = &self.fetched;
        job.report(plan, have.evidence, *bytes_fetched, self.dirty, &self.loaders)
    }
}

impl<'a> Applied<'a> {
    /// Makes the volume durable, then its ledger.
    pub(super) fn make_durable(self) -> Result<Durable<'a>, PatchError> {
        let Self { mut fetched, begin, root, free_space, cache, trace, is_fill, stamps } = self;
        let Fetched { job, device, have, plan, .. } = &fetched;
        let changed = stamps::changed(plan, have, job.tree, &stamps);
        let mut state =
            unmounted::finish(job, device, &root, trace, free_space.as_ref(), &changed)?;
        let begin_boot = Instant::now();
        let (loaders, boot_blocks) = set_up_boot(&fetched, &root)?;
        fetched.job.times.boot = millis(begin_boot);
        let Fetched { job, device, .. } = &fetched;
        if let Some(dirty) = &mut state.dirty {
            dirty.boot = boot_blocks;
            dirty.total += boot_blocks;
        }
        if is_fill {
            // Makes the filesystem complete and durable before it gets the label of a finished one.
            device.sync()?;
            job.volume.filesystem.finish_filling(root.path())?;
            root.sync()?;
            state.superblock_digest = unmounted::superblock_digest(job, &root)?;
        }
        let cache = cached_blocks::without_written(cache, &root, state.written.as_deref());
        drop(root);
        device.sync()?;
        if is_fill {
            job.options.recorder.patching()?;
        }
        fetched.job.times.sync = millis(begin) - fetched.job.times.boot;
        // 9
        let Fetched { job, device, have, plan, .. } = &fetched;
        let (stamps, cache) = (&stamps[..], cache.as_ref());
        let superblock_digest = Some(state.superblock_digest);
        NewLedger { plan, have, stamps, cache, superblock_digest, loaders: &loaders }
            .save(job, device)?;
        Ok(Durable { fetched, dirty: state.dirty, loaders })
    }
}

/// Makes and writes boot loaders, unless those on the volume were made from the same inputs. Returns the loaders and
/// the count of snapshot blocks that the write touched.
fn set_up_boot(fetched: &Fetched<'_>, root: &Root) -> Result<(InstalledLoaders, u64), PatchError> {
    let Fetched { job, device, have, .. } = fetched;
    if let Some(loaders) = job.loaders_on_volume(have) {
        return Ok((loaders, 0));
    }
    let mut loaders = job.expected_loaders();
    if job.volume.layout == Layout::None {
        return Ok((loaders, 0));
    }
    job.options.recorder.progress("boot", 0, 0);
    let objects = job.desired.objects;
    let read = |inode: Inode<'_>, len: u64| objects.head(inode, len);
    let mount = || root.mount(job.volume.filesystem, Purpose::Run);
    let made = match &job.wanted.boot {
        Ok(boot) => boot::install(job.wanted.image, boot, job.boot_target(), &mount, &read)?,
        Err(problem) => Err(InstallFailure { problem: problem.clone(), may_pass: false }),
    };
    // If the image cannot boot, empties the area, so that no older loader can start.
    let area = made.unwrap_or_else(|failure| {
        // The next patch tries again after a failure that may pass.
        if failure.may_pass {
            loaders.inputs = None;
        }
        loaders.mode = Err(failure.problem);
        LoaderArea::empty()
    });
    let blocks = area.write(device.medium())?;
    loaders.area = area.digest();
    Ok((loaders, blocks))
}
