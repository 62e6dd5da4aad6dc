//! `publish-cli runs …`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::proto::{self, GetImageRequest, GetRunRequest, ListRunsRequest};
use wire::units::format_count;

use super::disk::Disk;
use super::publish::{Begun, Publisher, local_record, name_of};
use super::results::{Files, describe, result_json};
use super::targets::Aim;
use crate::cli::{ResumeArgs, RunsCommand};
use crate::commands::unpacker::confirm;
use crate::context::{Context, Server};
use crate::direct::journal::Journal;
use crate::direct::records::Records;
use crate::direct::run::{Problem, Run, Step, TargetRun, common_code};
use crate::direct::undo::{Undone, undo};
use crate::failure::{Failure, exit_code};

/// How often undoing looks whether it has to say what it waits for.
const UNDO_TELLS: Duration = Duration::from_secs(10);

/// Runs a command on runs.
pub(super) fn run(context: &Context, command: RunsCommand) -> anyhow::Result<u8> {
    let imaged = context.imaged()?;
    match command {
        RunsCommand::List { stream } => list(context, &imaged, stream.map(|s| s.to_string())),
        RunsCommand::Show { run } => show(context, &imaged, &run),
        RunsCommand::Resume(args) => resume(context, &imaged, &args),
        RunsCommand::Undo { run, yes, steal } => {
            if !yes {
                let (found, _) = find(context, &imaged, &run)?;
                context.output.note(&format!("run {run} made:\n{}", made(&found)));
            }
            confirm(yes, &format!("removing what run {run} made"))?;
            undo_run(context, &imaged, &run, steal)
        }
    }
}

fn list(context: &Context, imaged: &Server, stream: Option<String>) -> anyhow::Result<u8> {
    let request = ListRunsRequest { stream: stream.unwrap_or_default() };
    let runs = context.call(imaged, imaged.publishing().list_runs(request))?.runs;
    let rows: Vec<Value> = runs
        .iter()
        .map(|run| {
            json!({
                "id": run.id, "stream": run.stream, "image": run.image, "status": run.status,
                "created_at_ms": run.created_at_ms, "changed_at_ms": run.changed_at_ms,
            })
        })
        .collect();
    context.output.result(json!({"runs": rows}), || {
        let line = |run: &proto::Run| format!("{:<24} {:<8} {}", run.id, run.status, run.image);
        runs.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}

/// Reads a run: imaged's, or the one beside us where that is all there is.
fn find(context: &Context, imaged: &Server, id: &str) -> anyhow::Result<(Run, u64)> {
    // It names a file, too.
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Failure::usage(format!(
            "'{id}' is not a run's id: `publish-cli runs list` shows them"
        )));
    }
    let request = GetRunRequest { id: id.to_owned() };
    match context.call(imaged, imaged.publishing().get_run(request)) {
        Ok(found) => {
            let run = serde_json::from_slice(&found.state);
            Ok((run.with_context(|| format!("the record of run {id}"))?, found.version))
        }
        Err(error) if exit_code(&error) != rpc::exit::code(ErrorClass::NotFound) => Err(error),
        Err(error) => match std::fs::read(local_record(id)) {
            // It never came to imaged, so nothing was made yet that it does not name.
            Ok(bytes) => Ok((serde_json::from_slice(&bytes)?, 0)),
            Err(_) => Err(error),
        },
    }
}

fn show(context: &Context, imaged: &Server, id: &str) -> anyhow::Result<u8> {
    let (run, _) = find(context, imaged, id)?;
    let results: Vec<Value> = run.targets.iter().map(|target| result_json(&run, target)).collect();
    let document = json!({
        "id": run.id, "by": run.by, "stream": run.stream, "image": run.image,
        "manifest": run.manifest, "status": run.status(), "results": results,
        "attestation": run.attestation,
    });
    context.output.result(document, || {
        let lines = run.targets.iter().map(|target| describe(&run, target));
        let head = format!("run {} of {} by {}: {}", run.id, run.image, run.by, run.status());
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}

/// What a run made and undoing it would remove or put back, by target, as far as its record knows.
fn made(run: &Run) -> String {
    let of = |target: &TargetRun| {
        let amis = target.ami.iter().filter(|_| !target.was_there);
        let parameter = target.parameter_before.as_ref().and(run.options.parameter.as_ref());
        let parameter = parameter.map(|name| format!("parameter {name}"));
        let ids = amis.chain(&target.snapshot).chain(&target.discarded).cloned().chain(parameter);
        let lost = match target.step {
            Step::Starting if target.snapshot.is_none() => Some("a snapshot"),
            Step::Registering if target.ami.is_none() => Some("an AMI"),
            _ => None,
        };
        let lost = lost.map(|what| format!("perhaps {what} whose answer was lost"));
        let what = ids.chain(lost).collect::<Vec<_>>().join(", ");
        match (target.step, what.is_empty()) {
            (Step::Undone, _) => format!("  {}: undone before", target.target),
            (_, true) => format!("  {}: nothing", target.target),
            (_, false) => format!("  {}: {what}", target.target),
        }
    };
    run.targets.iter().map(of).collect::<Vec<_>>().join("\n")
}

fn resume(context: &Context, imaged: &Server, args: &ResumeArgs) -> anyhow::Result<u8> {
    let ResumeArgs { run: id, work_dir, steal, .. } = args;
    let steal = *steal;
    let files =
        Files { results: args.results.as_deref(), attestation: args.attestation.as_deref() };
    files.check_writable()?;
    let (run, _) = find(context, imaged, id)?;
    let aim = Aim::with(context, usize::from(args.concurrency))?;
    let publisher = Publisher { context, aim: &aim, imaged };
    let stream = run.stream;
    publisher.under_lease(&stream, id, steal, |lease| {
        // Again, now that nobody else writes it.
        let (mut run, version) = find(context, imaged, id)?;
        if run.targets.iter().any(|target| target.step >= Step::Undoing) {
            let message = format!("run {id} is being undone: publish the image again instead");
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        for target in &mut run.targets {
            target.error = None;
            // Nothing was made there yet: what it has by now decides.
            if target.step == Step::Planned {
                (target.basis, target.ami, target.was_there) = (None, None, false);
            }
        }
        let disk = publisher.disk_again(&mut run, steal, work_dir)?;
        publisher.put_map(&run.stream, &disk.map)?;
        let mut plans = context.runtime.block_on(publisher.blocks_again(&mut run, &disk.map))?;
        context.runtime.block_on(publisher.plan_missing(&mut run, &disk.map, &mut plans))?;
        let begun = Begun { run, version, lease };
        publisher.carry_out(begun, disk, plans, Vec::new(), files)
    })
}

impl Publisher<'_> {
    /// The disk of a run that is gone on with: made again, and the same, if any target still needs its bytes.
    /// Where it cannot be, those targets fail, and the others are gone on with.
    fn disk_again(&self, run: &mut Run, steal: bool, work_dir: &Path) -> anyhow::Result<Disk<'_>> {
        let needs = self.context.runtime.block_on(self.need_disk(run));
        let known = || self.known_disk(&run.stream, &run.map, &run.manifest);
        if !needs.contains(&true) {
            return known();
        }
        match self.same_disk(run, steal, work_dir) {
            Err(error) if needs.contains(&false) => {
                let disk = known()?;
                for (target, _) in run.targets.iter_mut().zip(needs).filter(|(_, needs)| *needs) {
                    let (message, exit_code) = (format!("{error:#}"), exit_code(&error));
                    target.error = Some(Problem { message, exit_code });
                }
                Ok(disk)
            }
            result => result,
        }
    }

    /// Makes a run's disk, which must be the same.
    fn same_disk(&self, run: &Run, steal: bool, work_dir: &Path) -> anyhow::Result<Disk<'_>> {
        let image: ImageName = run.image.parse()?;
        let request = GetImageRequest { name: run.image.clone() };
        let record = self.context.call(self.imaged, self.imaged.images().get_image(request))?;
        let disk = self.disk(&image, &record, run.options.no_boot, steal, work_dir)?;
        if name_of(&disk.map) != run.map {
            let message = format!(
                "the volume's bytes are no longer those of run {0}: `publish-cli runs undo {0} --yes`, and publish \
                 again",
                run.id
            );
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        Ok(disk)
    }
}

fn undo_run(context: &Context, imaged: &Server, id: &str, steal: bool) -> anyhow::Result<u8> {
    let (run, _) = find(context, imaged, id)?;
    let aim = Aim::of(context)?;
    let publisher = Publisher { context, aim: &aim, imaged };
    publisher.under_lease(&run.stream, id, steal, |lease| {
        let (run, version) = find(context, imaged, id)?;
        let outcomes = context.runtime.block_on(async {
            let records = Arc::new(Records::new(imaged.publishing(), &run.stream));
            let targets: Vec<_> = run.targets.iter().map(|target| target.target.clone()).collect();
            let client = imaged.publishing();
            let journal = Journal::start(run, version, local_record(id), client, lease);
            let mut undoing = JoinSet::new();
            for (index, target) in targets.iter().enumerate() {
                let (journal, records) = (Arc::clone(&journal), Arc::clone(&records));
                let (aim, target) = (aim.clone(), target.clone());
                undoing.spawn(async move {
                    match aim.connect(&target).await {
                        Ok(aws) => (index, undo(&aws, &journal, &records, index).await),
                        Err(error) => (index, Err(error)),
                    }
                });
            }
            let mut outcomes = Vec::new();
            let mut ticks = tokio::time::interval(UNDO_TELLS);
            while !undoing.is_empty() {
                tokio::select! {
                    Some(done) = undoing.join_next() => outcomes.push(done?),
                    _ = ticks.tick() => context.output.waiting(&format!(
                        "{} left to undo: AWS takes a while to list what is new, and to let go what was in use",
                        format_count(undoing.len() as u64, "target")
                    )),
                }
            }
            outcomes.sort_by_key(|(index, _)| *index);
            if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
                journal.forget_local();
            }
            let named =
                outcomes.into_iter().map(|(index, outcome)| (targets[index].clone(), outcome));
            anyhow::Ok(named.collect::<Vec<_>>())
        })?;
        let mut codes = Vec::new();
        let mut rows = Vec::new();
        let mut lines = Vec::new();
        for (target, outcome) in &outcomes {
            let (word, why) = match outcome {
                Ok(Undone::Gone) => {
                    codes.push(0);
                    ("undone", String::new())
                }
                Ok(Undone::Kept(why)) => {
                    codes.push(7);
                    ("kept", why.clone())
                }
                Err(error) => {
                    codes.push(error.exit_code());
                    ("pending", error.to_string())
                }
            };
            rows.push(json!({"target": target.to_string(), "outcome": word, "why": why}));
            let because = if why.is_empty() { String::new() } else { format!(" because {why}") };
            lines.push(format!("{target}: {word}{because}"));
        }
        context.output.result(json!({"run": id, "targets": rows}), || lines.join("\n"))?;
        Ok(common_code(&codes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direct::run::tests::run;

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
        let place = &run.targets[0].target;
        let told = made(&run).replace(&format!("  {place}: "), "");
        assert_eq!(
            told.lines().collect::<Vec<_>>(),
            [
                "ami-1, snap-1, snap-0, parameter /images/web",
                "nothing",
                "perhaps a snapshot whose answer was lost",
                "snap-4, perhaps an AMI whose answer was lost",
                "undone before",
            ]
        );
    }
}
