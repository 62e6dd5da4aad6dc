//! The end of step 3: the store has every object of the plan, or gets it while a fresh volume is filled.

use boot::InstalledLoaders;
use wire::digest::Digest;
use wire::proto::UnpackReport;

use super::job::Job;
use super::new_ledger::NewLedger;
use super::{no_dirty_blocks, unmounted};
use crate::device::Device;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::scan::{Evidence, VolumeContent};
use crate::{FreedPolicy, PatchError};

/// A volume and its plan.
pub(super) struct Fetched<'a> {
    pub job: Job<'a>,
    pub device: Device,
    pub have: VolumeContent<'a>,
    pub plan: Plan,
    pub bytes_fetched: u64,
    /// Objects that the store lacks, with the lengths of their content. Empty unless the volume is fresh.
    pub missing: Vec<(Digest, u64)>,
}

impl<'a> Fetched<'a> {
    /// Returns the volume's boot loaders if nothing must be written: the loaders and all other content are as wanted.
    pub(super) fn needs_nothing(&self) -> Option<InstalledLoaders> {
        let Self { job, have, plan, .. } = self;
        let must_scrub = job.options.freed == FreedPolicy::Scrub && !have.is_clean;
        let is_as_wanted = plan.is_empty() && have.locked.is_empty();
        let loaders = job.loaders_on_volume(have);
        loaders.filter(|_| is_as_wanted && !must_scrub && !job.options.is_fresh)
    }

    /// Ends a patch that has nothing to write. Renews the ledger, unless its counters alone proved the content.
    pub(super) fn renew_ledger(
        self,
        loaders: &InstalledLoaders,
    ) -> Result<UnpackReport, PatchError> {
        let Self { job, device, have, plan, bytes_fetched, .. } = self;
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
}
