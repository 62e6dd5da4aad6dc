//! Earlier runs: lists, resumes and undoes them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::proto::{self, GetImageRequest, GetRunRequest, ListRunsRequest};
use wire::run::{Problem, Run, Step, TargetRun};
use wire::target::Target;
use wire::units::format_count;

use super::accounts::Accounts;
use super::disk::Disk;
use super::journal::Journal;
use super::publish::{OpenRun, Publication, local_record, name_of};
use super::publisher::AwsPublisher;
use super::records::Records;
use super::undo::{UndoOutcome, undo};
use crate::client::{Client, Imaged};
use crate::error::{PublishError, Reason, Result};

/// Interval at which the observer is told that undo is still waiting.
const UNDO_TELLS: Duration = Duration::from_secs(10);

/// Lists imaged's runs, the latest first; `stream` restricts the list to one stream.
///
/// # Errors
/// [`Reason::Call`].
pub fn list(client: &Client, imaged: &Imaged, stream: Option<&str>) -> Result<Vec<proto::Run>> {
    let request = ListRunsRequest { stream: stream.unwrap_or_default().to_owned() };
    Ok(client.call(imaged, imaged.publishing().list_runs(request))?.runs)
}

/// Reads a run's record from imaged, or from the local copy if imaged has none.
///
/// # Errors
/// [`Reason::Argument`]: malformed id; [`Reason::Call`], of the class `NotFound` if there is no such run.
pub fn find(client: &Client, imaged: &Imaged, id: &str) -> Result<Run> {
    find_version(client, imaged, id).map(|(run, _)| run)
}

fn find_version(client: &Client, imaged: &Imaged, id: &str) -> Result<(Run, u64)> {
    // The id becomes part of a file's name.
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        let message = format!("'{id}' is not a run's id: `publish-cli runs list` shows them");
        return Err(PublishError::new(Reason::Argument, message));
    }
    let decode = |bytes: &[u8]| {
        let run = serde_json::from_slice(bytes);
        run.map_err(|error| {
            PublishError::new(
                Reason::Internal,
                format!("the record of run {id} is damaged: {error}"),
            )
        })
    };
    let request = GetRunRequest { id: id.to_owned() };
    match client.call(imaged, imaged.publishing().get_run(request)) {
        Ok(found) => Ok((decode(&found.state)?, found.version)),
        Err(error) if error.class() != ErrorClass::NotFound => Err(error),
        Err(error) => match std::fs::read(local_record(id)) {
            // imaged never had the record, so the copy names everything that was made.
            Ok(bytes) => Ok((decode(&bytes)?, 0)),
            Err(_) => Err(error),
        },
    }
}

/// Lists, as text for a person, the things that undo would remove or restore in a target according to the run's record.
pub fn made(run: &Run, target: &TargetRun) -> String {
    let amis = target.ami.iter().filter(|_| !target.was_there);
    let parameter = target.parameter_before.as_ref().and(run.options.parameter.as_ref());
    let parameter = parameter.map(|name| format!("parameter {name}"));
    let ids = amis.chain(&target.snapshot).chain(&target.discarded).cloned().chain(parameter);
    let lost = match target.step {
        Step::Starting if target.snapshot.is_none() => Some("a snapshot"),
        Step::Registering if target.ami.is_none() => Some("an AMI"),
        _ => None,
    };
    let lost = lost.map(|what| format!("perhaps {what}, if AWS made it and its answer was lost"));
    let what = ids.chain(lost).collect::<Vec<_>>().join(", ");
    match (target.step, what.is_empty()) {
        (Step::Undone, _) => "undone before".to_owned(),
        (_, true) => "nothing".to_owned(),
        (_, false) => what,
    }
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Continues an interrupted run from where it stopped; finished targets stay as they are.
    ///
    /// `examples/resume_run.rs` is a whole program.
    ///
    /// # Errors
    /// [`Reason::RunUndone`]; problems that concern all targets.
    pub fn resume(&self, id: &str, steal: bool, work_dir: &Path) -> Result<Publication> {
        let run = find(self.client, &self.imaged, id)?;
        self.under_lease(&run.stream, id, steal, |lease| {
            // Read again under the lease: another publisher may have written meanwhile.
            let (mut run, version) = find_version(self.client, &self.imaged, id)?;
            if run.targets.iter().any(|target| target.step >= Step::Undoing) {
                let message = format!("run {id} is being undone: publish the image again instead");
                return Err(PublishError::new(Reason::RunUndone, message));
            }
            for target in &mut run.targets {
                target.error = None;
                // Nothing was made there yet: decide again by the target's present state.
                if target.step == Step::Planned {
                    (target.base, target.ami, target.was_there) = (None, None, false);
                }
            }
            let mut failures = Vec::new();
            let disk = self.resumed_disk(&mut run, steal, work_dir, &mut failures)?;
            self.put_map(&run.stream, &disk.map)?;
            let runtime = self.client.runtime();
            let plans = self.replan_blocks(&mut run, &disk.map, &mut failures);
            let mut plans = runtime.block_on(plans)?;
            let missing = self.plan_missing(&mut run, &disk.map, &mut plans, &mut failures);
            runtime.block_on(missing)?;
            self.run_targets(OpenRun { run, failures, version, lease }, disk, plans, Vec::new())
        })
    }

    /// Returns the disk of a resumed run. If any target still needs the disk's bytes, the disk is rebuilt and must be
    /// the same as before. If that fails, the targets that need the bytes fail, and the others continue.
    fn resumed_disk(
        &self,
        run: &mut Run,
        steal: bool,
        work_dir: &Path,
        failures: &mut Vec<PublishError>,
    ) -> Result<Disk<'_>> {
        let needs = self.client.runtime().block_on(self.need_disk(run));
        let known = || self.recorded_disk(&run.stream, &run.map, &run.manifest);
        if !needs.contains(&true) {
            return known();
        }
        match self.rebuild_disk(run, steal, work_dir) {
            Err(error) if needs.contains(&false) => {
                let disk = known()?;
                for (target, _) in run.targets.iter_mut().zip(needs).filter(|(_, needs)| *needs) {
                    target.error = Some(Problem::from(&error));
                    failures.push(error.again(error.chain()).at(&target.target, target.step));
                }
                Ok(disk)
            }
            result => result,
        }
    }

    /// Rebuilds a run's disk, and checks that its block map is the one in the run's record.
    fn rebuild_disk(&self, run: &Run, steal: bool, work_dir: &Path) -> Result<Disk<'_>> {
        let image: ImageName = run.image.parse().map_err(|error| {
            PublishError::new(
                Reason::RecordDamaged,
                format!("the record of run {} is damaged: {error}", run.id),
            )
        })?;
        let request = GetImageRequest { name: run.image.clone() };
        let record = self.client.call(&self.imaged, self.imaged.images().get_image(request))?;
        let disk = self.disk(&image, &record, run.options.no_boot, steal, work_dir)?;
        if name_of(&disk.map) != run.map {
            let message = format!(
                "the volume no longer holds the bytes of run {0}: undo the run (`publish-cli runs undo {0} --yes`), and publish again",
                run.id
            );
            return Err(PublishError::new(Reason::VolumeDiffers, message));
        }
        Ok(disk)
    }

    /// Removes what a run made in all its targets, and returns each target's outcome. If something could not be
    /// removed, another undo tries again.
    ///
    /// # Example
    /// ```no_run
    /// # fn example<A: publisher::aws::Accounts>(publisher: publisher::aws::AwsPublisher<'_, A>) -> publisher::Result<()> {
    /// for (target, outcome) in publisher.undo("1764400000000-0000abcd", false)? {
    ///     println!("{target}: {:?}", outcome?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Errors of the run's record and of the stream's lease; an error in a target is that target's outcome.
    pub fn undo(&self, id: &str, steal: bool) -> Result<Vec<(Target, Result<UndoOutcome>)>> {
        let run = find(self.client, &self.imaged, id)?;
        self.under_lease(&run.stream, id, steal, |lease| {
            let (run, version) = find_version(self.client, &self.imaged, id)?;
            self.client.runtime().block_on(async {
                let records = Arc::new(Records::new(self.imaged.publishing(), &run.stream));
                let targets: Vec<_> = run.targets.iter().map(|t| t.target.clone()).collect();
                let (local, client) = (local_record(id), self.imaged.publishing());
                let journal = Journal::start(run, version, local, client, lease);
                let mut undoing = JoinSet::new();
                for (index, target) in targets.iter().enumerate() {
                    let (journal, records) = (Arc::clone(&journal), Arc::clone(&records));
                    let (ways, target) = (self.targets.clone(), target.clone());
                    undoing.spawn(async move {
                        match ways.connect(&target).await {
                            Ok(cloud) => (index, undo(&cloud, &journal, &records, index).await),
                            Err(error) => (index, Err(error)),
                        }
                    });
                }
                let mut outcomes = self.wait_for_undo(undoing).await?;
                outcomes.sort_by_key(|(index, _)| *index);
                if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
                    journal.forget_local();
                }
                let named =
                    outcomes.into_iter().map(|(index, outcome)| (targets[index].clone(), outcome));
                Ok(named.collect())
            })
        })
    }

    async fn wait_for_undo(
        &self,
        mut undoing: JoinSet<(usize, Result<UndoOutcome>)>,
    ) -> Result<Vec<(usize, Result<UndoOutcome>)>> {
        let mut outcomes = Vec::new();
        let mut ticks = tokio::time::interval(UNDO_TELLS);
        while !undoing.is_empty() {
            tokio::select! {
                Some(done) = undoing.join_next() => outcomes.push(done.map_err(|error| {
                    PublishError::new(Reason::Internal, format!("the task that undoes a target ended: {error}"))
                })?),
                _ = ticks.tick() => self.client.observer().waiting(&format!(
                    "still to undo: {}; AWS takes time to list new objects, and to release objects that were in use",
                    format_count(undoing.len() as u64, "target")
                )),
            }
        }
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fixture::run;

    #[test]
    fn what_was_made_is_told_before_it_is_removed() {
        let mut run = run(&[0; 5]);
        run.options.parameter = Some("/images/web".to_owned());
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let [done, there, starting, registering, undone] = &mut run.targets[..] else { panic!() };
        (done.ami, done.snapshot) = (Some("ami-1".to_owned()), Some("snap-1".to_owned()));
        done.discarded = ids(&["snap-0"]);
        done.parameter_before = Some("ami-0".to_owned());
        (there.ami, there.was_there) = (Some("ami-2".to_owned()), true);
        starting.step = Step::Starting;
        (registering.step, registering.snapshot) = (Step::Registering, Some("snap-4".to_owned()));
        (undone.step, undone.snapshot) = (Step::Undone, Some("snap-5".to_owned()));
        let told: Vec<String> = run.targets.iter().map(|target| made(&run, target)).collect();
        assert_eq!(
            told,
            [
                "ami-1, snap-1, snap-0, parameter /images/web",
                "nothing",
                "perhaps a snapshot, if AWS made it and its answer was lost",
                "snap-4, perhaps an AMI, if AWS made it and its answer was lost",
                "undone before",
            ]
        );
    }
}
