//! Recognises a volume that already holds the wanted content. The ledger and its witness prove this; no content is
//! compared.

use wire::proto::{StepCounts, UnpackReport};

use super::job::Job;
use super::{grow, no_dirty_blocks};
use crate::device::Device;
use crate::ledger::{Ledger, Witness};
use crate::scan::Evidence;
use crate::{FreedPolicy, PatchError};

/// Returns the report of a volume that is proven to hold the wanted content; `None` for any other volume.
pub(super) fn report(job: &Job<'_>, device: &Device) -> Result<Option<UnpackReport>, PatchError> {
    let options = job.options;
    let Some((folder, name)) = job.volume.ledger.filter(|_| !options.verify_full) else {
        return Ok(None);
    };
    let is_same = |ledger: &Ledger| {
        ledger.manifest == job.desired.manifest.digest()
            && job.wanted.is_on(&ledger.boot)
            && (ledger.is_scrubbed || options.freed == FreedPolicy::Keep)
            && ledger.witness.is_some()
    };
    let Some(ledger) = Ledger::load(folder, name).filter(is_same) else { return Ok(None) };
    if ledger.witness != Witness::of(device) || grow::has_grown(job, device)? {
        return Ok(None);
    }
    if !options.is_dry_run {
        options.recorder.patching()?;
        options.recorder.done()?;
    }
    let keep = job.desired.manifest.inode_count().into();
    Ok(Some(UnpackReport {
        steps: Some(StepCounts { keep, ..StepCounts::default() }),
        dirty_blocks_512k: no_dirty_blocks(),
        ..job.report_of(Evidence::Counters, &ledger.boot.loaders)
    }))
}
