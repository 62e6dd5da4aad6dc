//! The report of a patch that was carried out, or that was only planned.

use boot::InstalledLoaders;
use wire::proto::{DirtyBlocks, StepCounts, UnpackReport};

use super::job::Job;
use super::millis;
use crate::plan::Plan;
use crate::scan::Evidence;

impl Job<'_> {
    /// Returns the report of a plan, which was carried out or, in a dry run, only made.
    pub(super) fn report(
        &self,
        plan: &Plan,
        evidence: Evidence,
        bytes_fetched: u64,
        dirty_blocks_512k: Option<DirtyBlocks>,
        loaders: &InstalledLoaders,
    ) -> UnpackReport {
        let counts = plan.counts;
        UnpackReport {
            steps: Some(StepCounts {
                keep: counts.keep,
                meta: counts.meta,
                rewrite: counts.rewrite,
                create: counts.create,
                link: counts.link,
                delete: counts.delete,
            }),
            bytes_fetched,
            bytes_written: if self.options.is_dry_run { 0 } else { counts.bytes_written },
            dirty_blocks_512k,
            ..self.report_of(evidence, loaders)
        }
    }

    /// Returns the part of a report that does not depend on a plan.
    pub(super) fn report_of(&self, evidence: Evidence, loaders: &InstalledLoaders) -> UnpackReport {
        let (boot_mode, boot_problem) = match &loaders.mode {
            Ok(mode) => (mode.clone(), String::new()),
            Err(problem) => (String::new(), problem.clone()),
        };
        let (kernel_arguments, boot_notes) = match &self.wanted.boot {
            Ok(boot) => (boot.kernel_arguments.clone(), boot.notes.clone()),
            Err(_) => Default::default(),
        };
        UnpackReport {
            image: self.desired.objects.image.to_string(),
            manifest: self.wanted.image.digest().to_string(),
            evidence: evidence.name().to_owned(),
            phase_ms: Some(self.times),
            elapsed_ms: millis(self.started),
            io_engine: self.options.engine.name().to_owned(),
            is_dry_run: self.options.is_dry_run,
            boot_mode,
            boot_problem,
            kernel_arguments,
            boot_notes,
            ..UnpackReport::default()
        }
    }
}
