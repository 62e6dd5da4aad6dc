//! What goes on in targets, and what it came to.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use wire::ErrorClass;

use super::publish::Publisher;
use crate::commands::publish::write_file;
use crate::direct::decide::Basis;
use crate::direct::journal::Journal;
use crate::direct::progress::Progress;
use crate::direct::run::{Problem, Run, Step, TargetRun};
use crate::direct::steps::Failed;
use crate::direct::table;
use crate::failure::Failure;
use crate::output::{Output, Table};

/// How often what goes on is shown.
const SHOW: Duration = Duration::from_millis(500);

/// How often a line tells how far putting is, where there is no table.
const TELL: Duration = Duration::from_secs(15);

/// How often a target's progress is kept: a resumed run puts again what was put since.
const KEEP: Duration = Duration::from_secs(5);

/// Where results are written, beside standard output.
#[derive(Clone, Copy, Default)]
pub(super) struct Files<'a> {
    /// The results, in the shape of [`result_json`].
    pub results: Option<&'a Path>,
    /// The signed statement of what went where.
    pub attestation: Option<&'a Path>,
}

impl Files<'_> {
    /// Makes sure that the files can be written.
    ///
    /// # Errors
    /// For a person: which cannot, and why.
    pub(super) fn check_writable(&self) -> anyhow::Result<()> {
        [self.results, self.attestation].into_iter().flatten().try_for_each(check_writable)
    }
}

fn check_writable(path: &Path) -> anyhow::Result<()> {
    let refused = |why: &dyn std::fmt::Display| {
        let message = format!("{} cannot be written: {why}", path.display());
        Failure::error(ErrorClass::Refused, message)
    };
    if path.is_dir() {
        return Err(refused(&"it is a folder"));
    }
    // What is no file is opened when there is something to write: a reader of a pipe may come until then.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let probe = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")));
    probe.map(drop).map_err(|error| refused(&error))
}

/// What was shown of a run so far: a table on a terminal, lines elsewhere, and events.
struct Shown {
    table: Option<Table>,
    /// Blocks that were put, by target.
    put: Vec<Arc<Progress>>,
    /// What was told last of each target: its step, and of its blocks.
    steps: Vec<Option<Step>>,
    told: Vec<u64>,
    /// When a line last told how far putting is, since the beginning.
    told_at: Duration,
}

impl Shown {
    fn show(&mut self, output: &Output, run: &Run, elapsed: Duration) {
        let put: Vec<u64> = self.put.iter().map(|progress| progress.count()).collect();
        if let Some(table) = &self.table {
            table.show(&table::lines(run, &put, elapsed, output.waited_for()));
        }
        for (index, target) in run.targets.iter().enumerate() {
            let text = target.target.to_string();
            let (step, done) = (target.step, put[index]);
            let is_new_step = self.steps[index] != Some(step);
            if is_new_step || self.told[index] != done {
                (self.steps[index], self.told[index]) = (Some(step), done);
                let event = json!({
                    "run": run.id, "target": text, "step": step.name(),
                    "blocks_put": done, "blocks": target.blocks,
                });
                output.event("step", event);
            }
            if is_new_step && self.table.is_none() {
                output.note(&format!("{text}: {}", begun(target)));
            }
        }
        let is_putting = run.targets.iter().any(|target| target.step == Step::Putting);
        if self.table.is_none() && is_putting && elapsed.saturating_sub(self.told_at) >= TELL {
            self.told_at = elapsed;
            output.progress_line(&table::summary(run, &put, elapsed));
        }
    }
}

/// The step that a target has come to, with what is known of it.
fn begun(target: &TargetRun) -> String {
    match (target.step, target.put.count()) {
        (Step::Putting, 0) => format!("putting {} blocks", target.blocks),
        (Step::Putting, before) => {
            format!("putting {} blocks, {before} of them were put before", target.blocks)
        }
        (step, _) => step.name().to_owned(),
    }
}

impl Publisher<'_> {
    /// Waits for all targets, and shows each step.
    pub(super) async fn watch(
        &self,
        journal: &Arc<Journal>,
        mut targets: JoinSet<(usize, Result<(), Failed>)>,
        put: Vec<Arc<Progress>>,
    ) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(SHOW);
        let count = put.len();
        let table = self.context.output.table();
        let (steps, told) = (vec![None; count], vec![0; count]);
        let mut shown = Shown { table, put: put.clone(), steps, told, told_at: Duration::ZERO };
        let mut kept = tokio::time::interval(KEEP);
        // It ends with this.
        let mut telling = JoinSet::new();
        telling.spawn(tell_of_record(Arc::clone(journal), Arc::clone(&self.context.output)));
        let started = Instant::now();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = kept.tick() => keep_progress(journal, &put).await?,
                done = targets.join_next() => match done {
                    None => break,
                    Some(Err(error)) => anyhow::bail!("a target's work ended: {error}"),
                    Some(Ok((index, Err(failed)))) => {
                        let problem = Some(failed.into());
                        let known = put[index].known();
                        let change = |run: &mut Run| {
                            let target = &mut run.targets[index];
                            target.error = problem;
                            if target.step == Step::Putting && target.put.count() < known.count() {
                                target.put = known;
                            }
                        };
                        journal.change(change).await?;
                    }
                    Some(Ok((_, Ok(())))) => {}
                },
            }
            shown.show(&self.context.output, &journal.run(), started.elapsed());
        }
        shown.show(&self.context.output, &journal.run(), started.elapsed());
        Ok(())
    }

    /// Writes results, and returns the exit code.
    pub(super) fn tell(
        &self,
        run: &Run,
        unresolved: &[(cloud::AccountName, Problem)],
        files: Files<'_>,
    ) -> anyhow::Result<u8> {
        let mut results: Vec<Value> = run.targets.iter().map(|t| result_json(run, t)).collect();
        for (account, problem) in unresolved {
            results.push(json!({
                "AccountName": account, "Region": "*", "SnapshotId": "", "AmiId": "",
                "Size": run.size_gib, "Error": problem.message,
            }));
        }
        let mut unwritten = Vec::new();
        if let Some(path) = files.results {
            let text = serde_json::to_string_pretty(&results)?;
            unwritten.extend(write_file(path, text.as_bytes()).err());
        }
        if let (Some(path), Some(envelope)) = (files.attestation, &run.attestation) {
            unwritten.extend(write_file(path, envelope.to_string().as_bytes()).err());
        }
        let lines: Vec<String> = run
            .targets
            .iter()
            .map(|target| describe(run, target))
            .chain(unresolved.iter().map(|(name, p)| format!("{name}/*: FAILED: {}", p.message)))
            .collect();
        let document = json!({"run": run.id, "image": run.image, "results": results});
        // First what was made: that a file cannot be written takes no id of it.
        self.context.output.result(document, || lines.join("\n"))?;
        if let Some(error) = unwritten.into_iter().next() {
            return Err(error.context("what was made is printed, and kept with the run"));
        }
        let code = run.exit_code();
        let code = match (code, unresolved) {
            (code, []) => code,
            (0, _) if !run.targets.is_empty() => 7,
            (0, [(_, problem), ..]) => problem.exit_code,
            (_, _) => 7,
        };
        if code != 0 {
            self.context.output.note(&format!(
                "go on with `publish-cli runs resume {0}`, or remove what was made with \
                 `publish-cli runs undo {0} --yes`",
                run.id
            ));
        }
        Ok(code)
    }
}

/// Keeps which blocks targets are known to have.
async fn keep_progress(journal: &Journal, put: &[Arc<Progress>]) -> anyhow::Result<()> {
    let run = journal.run();
    let is_further = |target: &TargetRun, put: &Progress| {
        target.step == Step::Putting && target.put.count() < put.count()
    };
    if !run.targets.iter().zip(put).any(|(target, put)| is_further(target, put)) {
        return Ok(());
    }
    let change = |run: &mut Run| {
        for (target, put) in run.targets.iter_mut().zip(put) {
            if is_further(target, put) {
                target.put = put.known();
            }
        }
    };
    journal.change(change).await
}

/// Says that the run's record waits for imaged, where one change of it does for a while.
async fn tell_of_record(journal: Arc<Journal>, output: Arc<Output>) {
    let mut before = None;
    loop {
        tokio::time::sleep(KEEP).await;
        let behind = journal.behind();
        if behind.is_some() && behind == before {
            output.waiting("imaged does not answer: the run's record waits for it");
        }
        before = behind;
    }
}

/// A target's result, in the shape that consumers of Dominator's tools know.
pub(super) fn result_json(run: &Run, target: &TargetRun) -> Value {
    let parent = match &target.basis {
        Some(Basis::Parent { snapshot } | Basis::Same { snapshot }) => Some(snapshot.as_str()),
        _ => None,
    };
    json!({
        "AccountName": target.target.account,
        "Region": target.target.region,
        "SnapshotId": target.made_of().unwrap_or_default(),
        "AmiId": target.ami.clone().unwrap_or_default(),
        "Size": run.size_gib,
        "Error": target.error.as_ref().map(|error| error.message.clone()).unwrap_or_default(),
        "Manifest": run.manifest,
        "Via": "direct",
        "Identity": "bits",
        "Parent": parent,
        "WasThere": target.was_there,
        "BlocksPut": target.blocks,
        "BlocksTotal": run.size_gib << 11,
        "WhyFull": target.why_full,
        "Step": target.step.name(),
        "PhaseMs": target.phase_ms,
    })
}

/// A target's result in a line.
pub(super) fn describe(run: &Run, target: &TargetRun) -> String {
    let name = &target.target;
    if let Some(error) = &target.error {
        return format!("{name}: FAILED while {}: {}", target.step.name(), error.message);
    }
    let total = run.size_gib << 11;
    let ami = target.ami.as_deref().unwrap_or("no AMI");
    let why = target.why_full.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    match target.step {
        Step::Done if target.was_there => format!("{name}: there already: {ami}"),
        Step::Done => format!("{name}: {ami}, {} of {total} blocks put{why}", target.blocks),
        step => format!("{name}: {}", step.name()),
    }
}
