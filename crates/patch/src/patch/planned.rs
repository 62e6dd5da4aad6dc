//! Step 3: fetches what a plan needs, durably, before the volume is touched. A fresh volume is filled while objects
//! arrive.

use std::collections::HashSet;
use std::time::Instant;

use wire::digest::Digest;
use wire::proto::UnpackReport;

use super::fetched::Fetched;
use super::job::Job;
use super::{millis, predict};
use crate::PatchError;
use crate::device::Device;
use crate::plan::{Plan, missing_objects};
use crate::scan::VolumeContent;

/// Bytes to keep free in the store beyond what is fetched.
const STORE_MARGIN: u64 = 64 << 20;

/// A volume and the plan for it; the store may lack objects of the plan.
pub(super) struct Planned<'a> {
    pub job: Job<'a>,
    pub device: Device,
    pub have: VolumeContent<'a>,
    pub plan: Plan,
}

impl<'a> Planned<'a> {
    /// Reports what the patch would do, with the predicted dirty blocks.
    pub(super) fn predict(self) -> Result<UnpackReport, PatchError> {
        let Self { job, device, have, plan } = self;
        let root = device.root(job.volume.layout)?;
        let dirty = predict::predict(&job, &root, &plan, &have)?;
        Ok(job.report(&plan, have.evidence, 0, Some(dirty), &job.expected_loaders()))
    }

    /// Fetches the objects that the plan and boot set-up need. Plans again if objects arrived.
    pub(super) fn fetch(self) -> Result<Fetched<'a>, PatchError> {
        let begin = Instant::now();
        let bytes_fetched = self.fetch_missing()?;
        let Self { mut job, device, have, plan } = self;
        job.times.fetch = millis(begin);
        // With the lists of frames that arrived, the new plan may write fewer pages.
        let plan = if bytes_fetched > 0 { job.plan(&have) } else { plan };
        Ok(Fetched { job, device, have, plan, bytes_fetched, missing: Vec::new() })
    }

    /// Leaves what the store lacks to be fetched while the fresh volume is filled.
    ///
    /// # Errors
    /// [`PatchError::StoreFull`].
    pub(super) fn fetch_later(self) -> Result<Fetched<'a>, PatchError> {
        let missing = self.missing();
        self.check_store(&missing)?;
        let Self { job, device, have, plan } = self;
        Ok(Fetched { job, device, have, plan, bytes_fetched: 0, missing })
    }

    fn check_store(&self, missing: &[(Digest, u64)]) -> Result<(), PatchError> {
        let needed: u64 = missing.iter().map(|(_, len)| len).sum::<u64>() + STORE_MARGIN;
        let available = self.job.desired.objects.store.free_space()?.bytes;
        if !missing.is_empty() && needed > available {
            return Err(PatchError::StoreFull { needed, available });
        }
        Ok(())
    }

    /// Fetches missing objects durably, and returns the bytes that arrived.
    fn fetch_missing(&self) -> Result<u64, PatchError> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(0);
        }
        self.check_store(&missing)?;
        let objects = self.job.desired.objects;
        let batch = objects.store.begin()?.keeping(store::KeepPolicy::ForLists);
        let recorder = self.job.options.recorder;
        let show = |done, total| recorder.progress("fetch", done, total);
        let missing: Vec<Digest> = missing.into_iter().map(|(digest, _)| digest).collect();
        let bytes = objects.source.fetch(objects.image, &missing, &batch, &show)?;
        batch.commit()?;
        Ok(bytes)
    }

    /// Returns the objects that the store lacks, with the lengths of their content, in the order in which they are
    /// needed. Boot loaders come last.
    fn missing(&self) -> Vec<(Digest, u64)> {
        let Self { job, have, plan, .. } = self;
        let mut missing = job.with_choices(|choices| missing_objects(job.tree, plan, choices));
        if job.loaders_on_volume(have).is_none() {
            let store = job.desired.objects.store;
            let mut seen: HashSet<Digest> = missing.iter().map(|(digest, _)| *digest).collect();
            let loaders = job.wanted.boot.iter().flat_map(boot::BootPlan::needs);
            missing.extend(
                loaders.filter(|(digest, _)| seen.insert(*digest) && !store.is_complete(digest)),
            );
        }
        missing
    }
}
