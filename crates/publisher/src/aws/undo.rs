//! Undoes one target of a run.

use std::sync::Arc;
use std::time::Duration;

use cloud::CloudErrorKind;
use cloud::calls::{Ami, AmiQuery, Cloud, Snapshot, SnapshotQuery, WhileInUse};
use cloud::poll::poll_until;
use cloud::retry::VISIBLE_WITHIN;
use wire::ErrorClass;
use wire::proto::SnapshotRecord;
use wire::run::{Problem, PublishOptions, RUN_TAG, Run, SnapshotBase, Step, TargetRun};

use super::journal::Journal;
use super::parameter;
use super::records::Records;
use super::register::LISTED_WITHIN;
use super::steps::{check_account, new_snapshot};
use crate::error::{PublishError, Reason, Result};

/// Limit on the wait for a parameter to get the value that was set last.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// Whether an undo left anything of a run in a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndoOutcome {
    /// Everything that the run made is removed.
    Gone,
    /// Something remains; the text names it and the reason.
    Kept(String),
}

/// Removes a run's work in a target: the AMI, then the snapshot if nothing else uses it.
///
/// # Errors
/// [`PublishError`]; another undo retries what could not be removed.
pub async fn undo<C: Cloud>(
    cloud: &C,
    journal: &Arc<Journal>,
    records: &Records,
    index: usize,
) -> Result<UndoOutcome> {
    let was = journal.target(index);
    if was.step == Step::Undone {
        return Ok(UndoOutcome::Gone);
    }
    check_account(cloud, &was).await?;
    let from = was.undone_from.unwrap_or(was.step);
    journal
        .change(|run| {
            let target = &mut run.targets[index];
            (target.step, target.undone_from) = (Step::Undoing, Some(from));
        })
        .await?;
    let run = journal.run();
    let snapshot = match (&was.base, &was.snapshot) {
        (Some(SnapshotBase::Same { snapshot }), _) | (_, Some(snapshot)) => Some(snapshot.clone()),
        _ if from == Step::Starting => {
            let found = begun(cloud, &run, &was).await?;
            let known = found.clone();
            journal.change(|run| run.targets[index].snapshot = known).await?;
            found
        }
        _ => None,
    };
    let mut kept = put_back(cloud, &run, &was).await?;
    for id in &was.discarded {
        if let UndoOutcome::Kept(why) = remove_snapshot(cloud, records, &run, id, None).await? {
            kept.get_or_insert(why);
        }
    }
    let outcome = match &snapshot {
        None => UndoOutcome::Gone,
        Some(snapshot) => {
            remove_amis(cloud, &run, &was, from, snapshot).await?;
            let forget = |record: &mut SnapshotRecord| record.amis.retain(|_, by| *by != run.id);
            let record = records.change(&was, snapshot, forget).await?;
            match was.base {
                Some(SnapshotBase::Same { .. }) => UndoOutcome::Gone,
                _ => {
                    if from < Step::Recording {
                        listed(cloud, snapshot).await?;
                    }
                    remove_snapshot(cloud, records, &run, snapshot, record).await?
                }
            }
        }
    };
    let outcome = match (outcome, kept) {
        (UndoOutcome::Gone, Some(why)) => UndoOutcome::Kept(why),
        (outcome, _) => outcome,
    };
    journal
        .change(|run| {
            let target = &mut run.targets[index];
            target.error = None;
            match &outcome {
                UndoOutcome::Gone => target.step = Step::Undone,
                UndoOutcome::Kept(why) => {
                    target.error = Some(Problem {
                        message: why.clone(),
                        exit_code: rpc::exit::code(ErrorClass::Refused),
                    });
                }
            }
        })
        .await?;
    Ok(outcome)
}

/// Restores objects that the run changed but did not make; returns a description of the changes that stay.
async fn put_back<C: Cloud>(cloud: &C, run: &Run, was: &TargetRun) -> Result<Option<String>> {
    let mut kept = None;
    if let (Some(name), Some(before)) = (&run.options.parameter, &was.parameter_before) {
        // AWS applies a value after its response: a value that was set recently may still appear.
        let may_be_set = !was.is_parameter_refused;
        if may_be_set && was.undone_from.unwrap_or(was.step) == Step::Finishing {
            settled(cloud, name, was.ami.as_deref()).await?;
        }
        kept = point_back(cloud, name, was.ami.as_deref(), before).await?;
    }
    let Some(ami) = was.ami.as_deref().filter(|_| was.was_there) else { return Ok(kept) };
    if was.protected_by_us {
        cloud.protect_ami(ami, false).await?;
    }
    Ok(kept.or_else(|| left_on(ami, &run.options)))
}

/// Waits until a recently set parameter has the run's value, or [`SETTLED_WITHIN`] has passed.
async fn settled<C: Cloud>(cloud: &C, name: &str, ami: Option<&str>) -> Result<()> {
    let look = || async move {
        let current = cloud.parameter(name).await?;
        Ok(current.filter(|current| Some(current.value.as_str()) == ami))
    };
    poll_until(SETTLED_WITHIN, look).await.map(drop)
}

/// Deregisters the AMIs that the run made.
async fn remove_amis<C: Cloud>(
    cloud: &C,
    run: &Run,
    was: &TargetRun,
    from: Step,
    snapshot: &str,
) -> Result<()> {
    for ami in amis(cloud, run, was, from, snapshot).await? {
        // Only the run's own protection is lifted; an AMI that somebody else protects stays.
        if run.options.protect {
            cloud.protect_ami(&ami, false).await?;
        }
        cloud.deregister(&ami).await?;
    }
    Ok(())
}

/// Restores a parameter's value, unless somebody else has changed it. If restoring is impossible, returns the reason.
async fn point_back<C: Cloud>(
    cloud: &C,
    name: &str,
    ami: Option<&str>,
    before: &str,
) -> Result<Option<String>> {
    let Some(current) = cloud.parameter(name).await? else { return Ok(None) };
    if ami != Some(current.value.as_str()) {
        return Ok(None);
    }
    if before.is_empty() {
        cloud.delete_parameter(name).await?;
        return Ok(None);
    }
    // AWS accepts only the id of an existing AMI as the value. Others may read the parameter, so the user decides
    // whether to delete it.
    if cloud.amis(&AmiQuery::Id(before.to_owned())).await?.is_empty() {
        let why = format!(
            "parameter {name} had the value {before}, an AMI that is gone: set another value, or delete the parameter"
        );
        return Ok(Some(why));
    }
    let Some(kind) = current.kind else {
        let why = format!(
            "parameter {name} had the value {before}, but AWS does not tell its data type: restore the value by hand"
        );
        return Ok(Some(why));
    };
    parameter::set(cloud, name, before, kind).await?;
    Ok(None)
}

/// Finds a snapshot that was started but whose id was lost, by starting it again with the same token. If it was never
/// started, this starts it, and undo then deletes it. If AWS rejects the request, a snapshot may still exist, and is
/// found by its tag.
async fn begun<C: Cloud>(cloud: &C, run: &Run, target: &TargetRun) -> Result<Option<String>> {
    let id = match cloud.start_snapshot(&new_snapshot(run, target)).await {
        Ok(id) => id,
        Err(error)
            if matches!(error.kind, CloudErrorKind::Unavailable | CloudErrorKind::Throttled) =>
        {
            return Err(error.into());
        }
        Err(_) => {
            let tag = SnapshotQuery::Tagged(RUN_TAG.to_owned(), run.id.clone());
            let found = cloud.snapshots(&tag).await?.into_iter().map(|found| found.id);
            return Ok(found.into_iter().find(|id| !target.discarded.contains(id)));
        }
    };
    if !listed(cloud, &id).await? {
        return Err(PublishError::new(
            Reason::TimedOut,
            format!("snapshot {id} is not listed by AWS yet: undo the run again"),
        ));
    }
    Ok(Some(id))
}

/// Waits until a new snapshot is listed, since AWS cannot delete a snapshot that it does not list. Returns `false` if
/// AWS does not list it within [`VISIBLE_WITHIN`], because it is late or because somebody else removed the snapshot.
async fn listed<C: Cloud>(cloud: &C, id: &str) -> Result<bool> {
    let query = SnapshotQuery::Id(id.to_owned());
    let query = &query;
    let look = || async move { Ok(cloud.snapshots(query).await?.into_iter().next()) };
    poll_until(VISIBLE_WITHIN, look).await.map(|found| found.is_some())
}

/// Describes the changes to an AMI that existed before the run; they stay.
fn left_on(ami: &str, options: &PublishOptions) -> Option<String> {
    let mut left = Vec::new();
    if !options.share.is_empty() {
        left.push(format!("shared with {}", options.share.join(", ")));
    }
    if options.public {
        left.push("public".to_owned());
    }
    if let Some(at) = &options.deprecate_at {
        left.push(format!("deprecated at {at}"));
    }
    if let Some(name) = &options.watermark {
        left.push(format!("marked {name}"));
    }
    (!left.is_empty()).then(|| {
        format!(
            "{ami} was there before this run and stays {}, because nobody knows whether the run made it so",
            left.join(", ")
        )
    })
}

/// Finds the AMIs that the run made: by id, or by name if the id was lost. An AMI counts only if it has the run's
/// snapshot and the run's tag.
async fn amis<C: Cloud>(
    cloud: &C,
    run: &Run,
    target: &TargetRun,
    from: Step,
    snapshot: &str,
) -> Result<Vec<String>> {
    let is_ours = |ami: &Ami| ami.snapshots == [snapshot] && ami.tags.get(RUN_TAG) == Some(&run.id);
    let query = match &target.ami {
        Some(id) => AmiQuery::Id(id.clone()),
        None => AmiQuery::Named(run.options.ami_name.clone()),
    };
    // AWS might not list a new AMI yet, even if its id is known, and cannot remove an AMI that it does not list. If the
    // snapshot is gone, there is no AMI to wait for: AWS deletes no snapshot that an AMI uses.
    let is_recent = matches!(from, Step::Registering | Step::Finishing) && !target.was_there;
    let may_be_new =
        is_recent && !cloud.snapshots(&SnapshotQuery::Id(snapshot.to_owned())).await?.is_empty();
    let limit = if may_be_new { LISTED_WITHIN } else { Duration::ZERO };
    let query = &query;
    let look = || async move {
        let found = cloud.amis(query).await?;
        let ids: Vec<String> = found.into_iter().filter(is_ours).map(|ami| ami.id).collect();
        Ok(Some(ids).filter(|ids| !ids.is_empty() || !may_be_new))
    };
    poll_until(limit, look).await.map(Option::unwrap_or_default)
}

/// Removes a snapshot that the run made, unless something else uses it.
async fn remove_snapshot<C: Cloud>(
    cloud: &C,
    records: &Records,
    run: &Run,
    id: &str,
    record: Option<SnapshotRecord>,
) -> Result<UndoOutcome> {
    if let Some(others) = record.as_ref().map(|record| &record.amis).filter(|a| !a.is_empty()) {
        let by: Vec<&str> = others.keys().map(String::as_str).collect();
        return Ok(UndoOutcome::Kept(format!("snapshot {id} is used by {}", by.join(", "))));
    }
    let found = cloud.snapshots(&SnapshotQuery::Id(id.to_owned())).await?;
    let is_ours = |found: &Snapshot| found.tags.get(RUN_TAG).is_some_and(|r| *r == run.id);
    if let Some(other) = found.iter().find(|found| !is_ours(found)) {
        return Ok(UndoOutcome::Kept(format!(
            "snapshot {} does not have the tag of this run",
            other.id
        )));
    }
    let users = cloud.amis(&AmiQuery::OfSnapshot(id.to_owned())).await?;
    if let Some(user) = users.first() {
        return Ok(UndoOutcome::Kept(format!("snapshot {id} is used by {}", user.id)));
    }
    // No AMI of the account uses the snapshot, but AWS takes a while to notice a deregistration.
    match cloud.delete_snapshot(id, WhileInUse::Wait).await {
        Ok(()) => {}
        Err(error) if error.kind == CloudErrorKind::InUse => {
            return Ok(UndoOutcome::Kept(format!("snapshot {id} is in use: {}", error.message)));
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(record) = record {
        records.remove(&record).await?;
    }
    Ok(UndoOutcome::Gone)
}
