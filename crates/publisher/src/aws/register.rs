//! The last steps of a target: registers the AMI, and applies the order's options to it.

use std::time::{Duration, Instant};

use cloud::calls::{self, Ami, AmiQuery, AmiState, Cloud, NewAmi};
use cloud::poll::poll_until;
use cloud::{CloudError, CloudErrorKind};
use wire::run::{RUN_TAG, Step, TargetRun};

use super::ami;
use super::parameter;
use super::steps::{TargetPublisher, WAIT};
use crate::error::{PublishError, Reason, Result};

/// Time that AWS may take to list a registered AMI.
pub(crate) const LISTED_WITHIN: Duration = cloud::retry::VISIBLE_WITHIN;

impl<C: Cloud> TargetPublisher<C> {
    pub(crate) async fn register(&self, now: &TargetRun) -> Result<Step> {
        let run = self.journal.run();
        let snapshot = Self::snapshot(now)?;
        let description = format!("{} by imprint", run.image).chars().take(255).collect();
        let new = ami::new_ami(&run.options, snapshot, run.size_gib, description);
        // Search first: the response of an earlier registration may have been lost.
        let id = match self.registered(&run.id, snapshot, &new.name).await? {
            Some(id) => id,
            None => match self.cloud.register(&new).await {
                Ok(id) => id,
                Err(error) if error.kind == CloudErrorKind::Duplicate => {
                    // This run's own AMI may have the name: the response was lost, and AWS does not list the AMI yet.
                    let found = self.registered_soon(&run.id, snapshot, &new.name).await?;
                    found.ok_or(error)?
                }
                Err(error) => return Err(failure(&new, error)),
            },
        };
        // Record the id first, so that the results name the AMI whatever fails afterwards.
        let known = id.clone();
        self.change(|target| target.ami = Some(known)).await?;
        self.records.use_by(now, snapshot, &id, &run).await?;
        Ok(Step::Finishing)
    }

    /// As [`Self::registered`], but waits for an AMI that might not be listed yet.
    async fn registered_soon(
        &self,
        run: &str,
        snapshot: &str,
        name: &str,
    ) -> Result<Option<String>> {
        poll_until(LISTED_WITHIN, || self.registered(run, snapshot, name)).await
    }

    /// Finds the AMI that this run registered: by its name, its snapshot and the run's tag.
    async fn registered(&self, run: &str, snapshot: &str, name: &str) -> Result<Option<String>> {
        let found = self.cloud.amis(&AmiQuery::Named(name.to_owned())).await?;
        let is_ours = |ami: &Ami| {
            ami.snapshots == [snapshot] && ami.tags.get(RUN_TAG).is_some_and(|r| r == run)
        };
        Ok(found.into_iter().find(is_ours).map(|ami| ami.id))
    }

    /// Applies the options to the AMI. The parameter comes last, so that its readers find an AMI that is ready.
    pub(crate) async fn finish(&self, now: &TargetRun) -> Result<Step> {
        let missing = || PublishError::new(Reason::RecordDamaged, "the run's record names no AMI");
        let id = now.ami.as_deref().ok_or_else(missing)?;
        let ami = self.available(id).await?;
        // Waiting took time: fail here if the lease is lost.
        self.change(|_| {}).await?;
        let options = self.journal.run().options;
        if let Some(name) = &options.watermark {
            self.watermark(&ami, &format!("{}:{name}", now.account_id), name).await?;
        }
        // A list for many accounts often includes the owner, which AWS rejects.
        let mut sharees = ami::sharees(&options);
        sharees.retain(|sharee| *sharee != calls::Sharee::Account(now.account_id.clone()));
        if !sharees.is_empty() {
            // Snapshots can be shared with accounts only.
            let account = |sharee: &calls::Sharee| match sharee {
                calls::Sharee::Account(id) => Some(id.clone()),
                calls::Sharee::Organization(_) | calls::Sharee::Unit(_) | calls::Sharee::All => {
                    None
                }
            };
            let accounts: Vec<String> = sharees.iter().filter_map(account).collect();
            if !accounts.is_empty() {
                self.cloud.share_snapshot(Self::snapshot(now)?, &accounts).await?;
            }
            self.cloud.share_ami(id, &sharees).await?;
        }
        // In a resumed run the date may have passed, and AWS rejects past dates.
        if let Some(at) = options.deprecate_at.as_deref().filter(|at| !has_passed(at)) {
            self.cloud.deprecate_ami(id, at).await?;
        }
        if options.protect && !ami.is_protected {
            if now.was_there {
                self.change(|target| target.protected_by_us = true).await?;
            }
            self.cloud.protect_ami(id, true).await?;
        }
        if let Some(name) = &options.parameter {
            self.point(now, name, id).await?;
        }
        Ok(Step::Done)
    }

    /// Attaches a watermark to an AMI, unless the AMI already has it.
    async fn watermark(&self, ami: &Ami, key: &str, name: &str) -> Result<()> {
        let has_it = |ami: &Ami| ami.watermarks.iter().any(|found| found == key);
        if has_it(ami) {
            return Ok(());
        }
        let Err(error) = self.cloud.watermark_ami(&ami.id, name).await else { return Ok(()) };
        // An earlier attempt may have succeeded without a response.
        let found = self.cloud.amis(&AmiQuery::Id(ami.id.clone())).await?;
        if found.iter().any(has_it) { Ok(()) } else { Err(error.into()) }
    }

    /// Waits up to [`WAIT`] until an AMI is available.
    async fn available(&self, id: &str) -> Result<Ami> {
        let (started, query) = (Instant::now(), AmiQuery::Id(id.to_owned()));
        let query = &query;
        let failed = |reason, message: String| Err(PublishError::new(reason, message));
        let look = || async move {
            match self.cloud.amis(query).await?.into_iter().next() {
                Some(ami) if ami.state == AmiState::Available => Ok(Some(ami)),
                Some(ami) if ami.state == AmiState::Disabled => {
                    let message = format!(
                        "somebody disabled {id} during the run: enable it, and resume the run"
                    );
                    failed(Reason::AmiDisabled, message)
                }
                Some(ami) if ami.state == AmiState::Unusable => failed(
                    Reason::MakingFailed,
                    format!("AWS could not make {id}: {}", ami.message),
                ),
                None if started.elapsed() > cloud::retry::VISIBLE_WITHIN => failed(
                    Reason::Removed,
                    format!(
                        "{id} is gone, because somebody removed it: undo the run, and publish again"
                    ),
                ),
                _ => Ok(None),
            }
        };
        let late = || {
            PublishError::new(
                Reason::TimedOut,
                format!(
                    "{id} is not available after {} hours: resume the run later",
                    WAIT.as_secs() / 3600
                ),
            )
        };
        poll_until(WAIT, look).await?.ok_or_else(late)
    }

    /// Sets the parameter to the AMI, unless another publisher changed it since the run first set it.
    async fn point(&self, now: &TargetRun, name: &str, id: &str) -> Result<()> {
        let kind = self.journal.run().options.parameter_kind;
        let current = self.cloud.parameter(name).await?;
        parameter::check_kind(name, current.as_ref(), kind)
            .map_err(|why| PublishError::new(Reason::Parameter, why))?;
        let current = current.map(|found| found.value).unwrap_or_default();
        match &now.parameter_before {
            // A resumed run: another publisher has changed the parameter since.
            Some(before) if current != *before && current != id => {
                let message = format!(
                    "somebody set parameter {name} to {current} meanwhile, so this run does not change it"
                );
                return Err(PublishError::new(Reason::Parameter, message));
            }
            Some(_) => self.change(|target| target.is_parameter_refused = false).await?,
            // Record the old value before overwriting it, so that undo can restore it.
            None => self.change(|target| target.parameter_before = Some(current)).await?,
        }
        if let Err(error) = self.cloud.put_parameter(name, id, kind).await {
            // The first attempt was rejected: nothing was set, so undo need not wait.
            if error.attempt <= 1
                && matches!(error.kind, CloudErrorKind::Denied | CloudErrorKind::Invalid)
            {
                self.change(|target| target.is_parameter_refused = true).await?;
            }
            return Err(error.into());
        }
        parameter::settle(&*self.cloud, name, id, kind).await
    }
}

/// Converts a failed registration; adds advice if a region rejects the TPM.
pub(crate) fn failure(new: &NewAmi, error: CloudError) -> PublishError {
    if error.code == "InvalidParameterCombination" && new.has_tpm {
        return PublishError::new(
            Reason::AmiOptions,
            format!("{error}; --tpm off registers AMIs without a TPM"),
        );
    }
    error.into()
}

/// Returns whether a date, RFC 3339 in UTC, has passed.
fn has_passed(at: &str) -> bool {
    let format = &time::format_description::well_known::Rfc3339;
    time::OffsetDateTime::parse(at, format).is_ok_and(|at| at <= time::OffsetDateTime::now_utc())
}
