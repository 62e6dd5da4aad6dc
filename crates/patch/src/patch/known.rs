//! Step 2: finds out what the volume holds.

use std::time::Instant;

use super::job::Job;
use super::planned::Planned;
use super::{evidence, millis};
use crate::device::Device;
use crate::scan::VolumeContent;
use crate::{FreedPolicy, PatchError};

/// A volume whose content is known, before anything is planned.
pub(super) struct KnownVolume<'a> {
    job: Job<'a>,
    device: Device,
    have: VolumeContent<'a>,
}

impl<'a> KnownVolume<'a> {
    /// Finds out what a volume holds; the time counts as the phase `scan`.
    pub(super) fn find(mut job: Job<'a>, device: Device) -> Result<Self, PatchError> {
        let begin = Instant::now();
        let mut have = evidence::content(&job, &device)?;
        // A volume that was just formatted holds no earlier data.
        have.is_clean |= job.options.is_fresh && job.options.freed == FreedPolicy::Scrub;
        job.times.scan = millis(begin);
        Ok(Self { job, device, have })
    }

    pub(super) fn plan(self) -> Planned<'a> {
        let Self { mut job, device, have } = self;
        let begin = Instant::now();
        let plan = job.plan(&have);
        job.times.plan = millis(begin);
        Planned { job, device, have, plan }
    }
}
