//! Steps 4 to 7: mounts and writes a volume, once the store has every object.

use std::time::Instant;

use boot::InstalledLoaders;
use diskfs::Purpose;
use sysio::blocktrace::WriteTrace;
use sysio::mount::PrivateMount;
use wire::proto::UnpackReport;

use super::applied::Applied;
use super::checks::check_free;
use super::durable::NewLedger;
use super::job::Job;
use super::{cached_blocks, millis, no_dirty_blocks, stamps, unlock, unmounted};
use crate::device::Device;
use crate::engine::{ApplyContext, ApplyProgress};
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::scan::{Evidence, VolumeContent};
use crate::ticker::with_ticker;
use crate::{FreedPolicy, PatchError};

/// A volume and its plan, whose objects are all in the store.
pub(super) struct Fetched<'a> {
    pub job: Job<'a>,
    pub device: Device,
    pub have: VolumeContent<'a>,
    pub plan: Plan,
    pub bytes_fetched: u64,
}

impl<'a> Fetched<'a> {
    /// Returns the volume's boot loaders if they and everything else are as wanted, so that nothing must be written.
    pub(super) fn needs_nothing(&self) -> Option<InstalledLoaders> {
        let Self { job, have, plan, .. } = self;
        let must_scrub = job.options.freed == FreedPolicy::Scrub && !have.is_clean;
        let is_as_wanted = plan.is_empty() && have.locked.is_empty();
        let loaders = job.loaders_on_volume(have);
        loaders.filter(|_| is_as_wanted && !must_scrub && !job.options.is_fresh)
    }

    /// Ends a patch that has nothing to write. Renews the ledger, unless its counters were evidence enough.
    pub(super) fn renew_ledger(
        self,
        loaders: &InstalledLoaders,
    ) -> Result<UnpackReport, PatchError> {
        let Self { job, device, have, plan, bytes_fetched } = self;
        if have.evidence != Evidence::Counters {
            // Drops the block hashes: somebody may have written to the volume.
            if let Some((folder, name)) = job.volume.ledger {
                Ledger::remove(folder, name)?;
            }
            device.sync()?;
            let root = device.root(job.volume.layout)?;
            let superblock_digest = Some(unmounted::superblock_digest(&job, &root)?);
            drop(root);
            let (stamps, cache) = (&[][..], None);
            NewLedger { plan: &plan, have: &have, stamps, cache, superblock_digest, loaders }
                .save(&job, &device)?;
        }
        job.options.recorder.patching()?;
        job.options.recorder.done()?;
        Ok(job.report(&plan, have.evidence, bytes_fetched, no_dirty_blocks(), loaders))
    }

    /// Writes the volume and unmounts it; boot loaders and scrubbing are still to come.
    pub(super) fn apply(mut self) -> Result<Applied<'a>, PatchError> {
        let Self { job, device, have, plan, .. } = &self;
        let (volume, recorder) = (job.volume, job.options.recorder);
        let root = device.root(volume.layout)?;
        let free_space = unmounted::free_space(job, &root, have.is_clean)?;
        // Before the mount, which already writes.
        let cache = cached_blocks::take(job, device, have)?;
        let trace = WriteTrace::start(root.path(), plan.counts.bytes_written)
            .inspect_err(|error| tracing::debug!("dirty blocks are not counted: {error}"))
            .ok();
        // 4
        let begin = Instant::now();
        let is_fill = job.options.is_fresh && volume.filesystem.facts().is_filled_without_journal;
        let purpose = if is_fill { Purpose::Fill } else { Purpose::Patch };
        let mount = root.mount(volume.filesystem, purpose)?;
        check_free(&mount, device, plan, &have.manifest, job)?;
        // 5, 6
        if let Some((folder, name)) = volume.ledger {
            Ledger::remove(folder, name)?;
        }
        if !is_fill {
            recorder.patching()?;
        }
        // 7
        unlock::unlock(&mount, have)?;
        self.run_engine(&mount)?;
        self.job.times.apply = millis(begin);
        let begin = Instant::now();
        // 8
        let Self { job, plan, .. } = &self;
        recorder.progress("sync", 0, 0);
        let sync = || PatchError::io("sync", volume.path);
        mount.root().sync_filesystem().map_err(sync())?;
        let stamps = stamps::take(&mount, plan, job.tree, job.options.engine)?;
        drop(mount);
        root.sync()?;
        Ok(Applied { begin, root, free_space, cache, trace, is_fill, stamps, fetched: self })
    }

    fn run_engine(&self, mount: &PrivateMount) -> Result<(), PatchError> {
        let Self { job, have, plan, .. } = self;
        let progress = ApplyProgress::default();
        let total = ApplyProgress::total(plan);
        let context = ApplyContext {
            plan,
            have: &have.manifest,
            want: job.tree,
            store: job.desired.objects.store,
            root: mount.root(),
            progress: &progress,
        };
        let recorder = job.options.recorder;
        let show = || recorder.progress("apply", progress.done(), total);
        with_ticker(show, || job.options.engine.apply(&context))
    }
}
