//! What goes on in targets, and what it came to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::publish::Publisher;
use crate::commands::publish::write_file;
use crate::direct::decide::Basis;
use crate::direct::journal::Journal;
use crate::direct::run::{Problem, Run, Step, TargetRun};
use crate::direct::steps::Failed;

/// How often what goes on is shown.
const SHOW: Duration = Duration::from_millis(500);

/// Where results are written, beside standard output.
#[derive(Clone, Copy, Default)]
pub(super) struct Files<'a> {
    /// The results, in the shape of [`result_json`].
    pub results: Option<&'a Path>,
    /// The signed statement of what went where.
    pub attestation: Option<&'a Path>,
}

impl Publisher<'_> {
    /// Waits for all targets, and shows each step.
    pub(super) async fn watch(
        &self,
        journal: &Arc<Journal>,
        mut targets: JoinSet<(usize, Result<(), Failed>)>,
    ) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(SHOW);
        let mut shown: Vec<Option<Step>> = vec![None; journal.run().targets.len()];
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                done = targets.join_next() => match done {
                    None => break,
                    Some(Err(error)) => anyhow::bail!("a target's work ended: {error}"),
                    Some(Ok((index, Err(failed)))) => {
                        let problem = Some(failed.into());
                        journal.change(|run| run.targets[index].error = problem).await?;
                    }
                    Some(Ok((_, Ok(())))) => {}
                },
            }
            self.show(&journal.run(), &mut shown);
        }
        self.show(&journal.run(), &mut shown);
        Ok(())
    }

    fn show(&self, run: &Run, shown: &mut [Option<Step>]) {
        for (target, shown) in run.targets.iter().zip(shown) {
            if *shown == Some(target.step) {
                continue;
            }
            *shown = Some(target.step);
            let text = target.target.to_string();
            let event = json!({"run": run.id, "target": text, "step": target.step.name()});
            self.context.output.event("step", event);
            let what = match target.step {
                Step::Putting => format!("putting {} blocks", target.blocks),
                step => step.name().to_owned(),
            };
            self.context.output.note(&format!("{text}: {what}"));
        }
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
        if let Some(path) = files.results {
            write_file(path, serde_json::to_string_pretty(&results)?.as_bytes())?;
        }
        if let (Some(path), Some(envelope)) = (files.attestation, &run.attestation) {
            write_file(path, envelope.to_string().as_bytes())?;
        }
        let lines: Vec<String> = run
            .targets
            .iter()
            .map(|target| describe(run, target))
            .chain(unresolved.iter().map(|(name, p)| format!("{name}/*: FAILED: {}", p.message)))
            .collect();
        let document = json!({"run": run.id, "image": run.image, "results": results});
        self.context.output.result(document, || lines.join("\n"))?;
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
                 `publish-cli runs undo {0}`",
                run.id
            ));
        }
        Ok(code)
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
        Step::Done => format!("{name}: {ami}, {} of {total} blocks put{why}", target.blocks),
        step => format!("{name}: {}", step.name()),
    }
}
