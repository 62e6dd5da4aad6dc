//! Steps 4 to 8: mounts a volume, writes it, and unmounts it.

use std::time::Instant;

use diskfs::{FreeSpaceSnapshot, Purpose};
use sysio::blocktrace::WriteTrace;
use sysio::mount::PrivateMount;

use super::checks::check_free;
use super::fetched::Fetched;
use super::{cached_blocks, millis, stamps, unlock, unmounted};
use crate::block_cache::BlockHashCache;
use crate::device::Root;
use crate::engine::{ApplyContext, ApplyProgress};
use crate::ledger::{Ledger, Stamp};
use crate::ticker::with_ticker;
use crate::{ArrivingObjects, ContentSource, PatchError};

/// A volume that is written and unmounted, but not durable yet.
pub(super) struct Applied<'a> {
    pub fetched: Fetched<'a>,
    /// Time when the writes ended and the sync phase began.
    pub begin: Instant,
    pub root: Root,
    /// The free space before the patch, if scrubbing can rely on it.
    pub free_space: Option<FreeSpaceSnapshot>,
    /// Hashes of the volume's blocks before the patch; `None` if somebody else may have written to the volume.
    pub cache: Option<BlockHashCache>,
    pub trace: Option<WriteTrace>,
    /// Whether the filesystem was filled without its journal.
    pub is_fill: bool,
    /// The stamps of the inodes that the patch touched, by wanted inode.
    pub stamps: Vec<(u32, Stamp)>,
}

impl<'a> Fetched<'a> {
    /// Writes the volume and unmounts it; boot loaders and scrubbing are still to come.
    pub(super) fn apply(mut self) -> Result<Applied<'a>, PatchError> {
        let Self { job, device, have, plan, .. } = &self;
        let (volume, recorder) = (job.volume, job.options.recorder);
        let root = device.root(volume.layout)?;
        let free_space = unmounted::free_space(job, &root, have.is_clean)?;
        // Takes the cached hashes before the mount, because the mount already writes.
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
        self.bytes_fetched += self.write_content(&mount)?;
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

    /// Carries out the plan. Objects that the store lacks arrive meanwhile; returns their stored length.
    fn write_content(&mut self, mount: &PrivateMount) -> Result<u64, PatchError> {
        let objects = self.job.desired.objects;
        if self.missing.is_empty() {
            self.run_engine(mount, ContentSource::Store(objects.store))?;
            return Ok(0);
        }
        let begin = Instant::now();
        let recorder = self.job.options.recorder;
        let show = |done, total| recorder.progress("fetch", done, total);
        let arriving = ArrivingObjects::new(objects, &self.missing)?;
        let bytes = arriving.fetch_while(&show, |arriving| {
            self.run_engine(mount, ContentSource::Arriving(arriving))
        })?;
        // Both run at the same time.
        self.job.times.fetch = millis(begin);
        Ok(bytes)
    }

    fn run_engine(
        &self,
        mount: &PrivateMount,
        content: ContentSource<'_>,
    ) -> Result<(), PatchError> {
        let Self { job, have, plan, .. } = self;
        let progress = ApplyProgress::default();
        let total = ApplyProgress::total(plan);
        let context = ApplyContext {
            plan,
            have: &have.manifest,
            want: job.tree,
            content,
            root: mount.root(),
            progress: &progress,
        };
        let recorder = job.options.recorder;
        let show = || recorder.progress("apply", progress.done(), total);
        with_ticker(show, || job.options.engine.apply(&context))
    }
}
