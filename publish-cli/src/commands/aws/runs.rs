//! `publish-cli runs …`: lists, shows, resumes and undoes runs.

use publisher::aws::{AwsPublisher, UndoOutcome, runs};
use rpc::exit;
use serde::Serialize;
use wire::proto;
use wire::run::{Run, TargetRun};

use super::results::{Files, ResultDocument, describe, tell};
use super::targets;
use crate::cli::{ResumeArgs, RunsCommand};
use crate::commands::unpacker::confirm;
use crate::context::Context;
use crate::failure::{common_code, publish_code};

pub(in crate::commands) fn run(context: &Context, command: RunsCommand) -> anyhow::Result<u8> {
    match command {
        RunsCommand::List { stream } => list(context, stream.as_ref().map(|name| name.as_str())),
        RunsCommand::Show { run } => show(context, &run),
        RunsCommand::Resume(args) => resume(context, &args),
        RunsCommand::Undo { run, yes, steal } => {
            if !yes {
                let found = runs::find(context.client()?, &context.imaged()?, &run)?;
                context.output.note(&format!("run {run} made:\n{}", made(&found)));
            }
            confirm(yes, &format!("removing what run {run} made"))?;
            undo(context, &run, steal)
        }
    }
}

#[derive(Serialize)]
struct RunsDocument<'a> {
    runs: Vec<RunRow<'a>>,
}

#[derive(Serialize)]
struct RunRow<'a> {
    id: &'a str,
    stream: &'a str,
    image: &'a str,
    status: &'a str,
    created_at_ms: i64,
    changed_at_ms: i64,
}

impl<'a> RunRow<'a> {
    fn of(run: &'a proto::Run) -> Self {
        Self {
            id: &run.id,
            stream: &run.stream,
            image: &run.image,
            status: &run.status,
            created_at_ms: run.created_at_ms,
            changed_at_ms: run.changed_at_ms,
        }
    }
}

fn list(context: &Context, stream: Option<&str>) -> anyhow::Result<u8> {
    let imaged = context.imaged()?;
    let runs = runs::list(context.client()?, &imaged, stream)?;
    let rows = runs.iter().map(RunRow::of).collect();
    context.output.document(&RunsDocument { runs: rows }, || {
        let line = |run: &proto::Run| format!("{:<24} {:<8} {}", run.id, run.status, run.image);
        runs.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct RunDocument<'a> {
    id: &'a str,
    by: &'a str,
    stream: &'a str,
    image: &'a str,
    manifest: &'a str,
    status: &'static str,
    results: Vec<ResultDocument<'a>>,
    attestation: Option<&'a serde_json::Value>,
}

fn show(context: &Context, id: &str) -> anyhow::Result<u8> {
    let imaged = context.imaged()?;
    let run = runs::find(context.client()?, &imaged, id)?;
    let document = RunDocument {
        id: &run.id,
        by: &run.by,
        stream: &run.stream,
        image: &run.image,
        manifest: &run.manifest,
        status: run.status(),
        results: run.targets.iter().map(|target| ResultDocument::of(&run, target)).collect(),
        attestation: run.attestation.as_ref(),
    };
    context.output.document(&document, || {
        let lines = run.targets.iter().map(|target| describe(&run, target));
        let head = format!("run {} of {} by {}: {}", run.id, run.image, run.by, run.status());
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    })?;
    Ok(exit::DONE)
}

/// Lists by target what an undo would remove or restore.
fn made(run: &Run) -> String {
    let of = |target: &TargetRun| format!("  {}: {}", target.target, runs::made(run, target));
    run.targets.iter().map(of).collect::<Vec<_>>().join("\n")
}

fn resume(context: &Context, args: &ResumeArgs) -> anyhow::Result<u8> {
    let files =
        Files { results: args.results.as_deref(), attestation: args.attestation.as_deref() };
    files.check_writable()?;
    context.imaged()?;
    let targets = targets::with(context, usize::from(args.concurrency))?;
    let publisher = AwsPublisher::new(context.client()?, targets)?;
    tell(context, publisher.resume(&args.run, args.steal, &args.work_dir)?, files)
}

#[derive(Serialize)]
struct UndoDocument<'a> {
    run: &'a str,
    targets: Vec<UndoRow>,
}

#[derive(Serialize)]
struct UndoRow {
    target: String,
    outcome: &'static str,
    why: String,
}

fn undo(context: &Context, id: &str, steal: bool) -> anyhow::Result<u8> {
    context.imaged()?;
    let publisher = AwsPublisher::new(context.client()?, targets::of(context)?)?;
    let (mut codes, mut rows) = (Vec::new(), Vec::new());
    for (target, outcome) in publisher.undo(id, steal)? {
        let (code, outcome, why) = match outcome {
            Ok(UndoOutcome::Gone) => (0, "undone", String::new()),
            Ok(UndoOutcome::Kept(why)) => (exit::PARTIAL, "kept", why),
            Err(error) => (publish_code(&error), "pending", error.chain()),
        };
        codes.push(code);
        rows.push(UndoRow { target: target.to_string(), outcome, why });
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|UndoRow { target, outcome, why }| match why.is_empty() {
            true => format!("{target}: {outcome}"),
            false => format!("{target}: {outcome} because {why}"),
        })
        .collect();
    context.output.document(&UndoDocument { run: id, targets: rows }, || lines.join("\n"))?;
    Ok(common_code(&codes))
}
