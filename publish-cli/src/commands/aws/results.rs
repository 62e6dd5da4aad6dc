//! Results of a run: as text, as JSON and in files.

use std::collections::BTreeMap;
use std::path::Path;

use publisher::aws::Publication;
use publisher::whole_file;
use serde::Serialize;
use wire::ErrorClass;
use wire::run::{Run, SnapshotBase, Step, TargetRun};

use crate::context::Context;
use crate::failure::{Failure, run_code};

/// Files to write the results to, in addition to standard output.
#[derive(Clone, Copy, Default)]
pub(super) struct Files<'a> {
    /// `--results`: a JSON list of [`ResultDocument`].
    pub(super) results: Option<&'a Path>,
    /// `--attestation`: the signed statement of what was published where.
    pub(super) attestation: Option<&'a Path>,
}

impl Files<'_> {
    /// Checks that the files can be written.
    ///
    /// # Errors
    /// A file cannot be written; the message names the file and the reason.
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
    // A pipe or device is not checked: perhaps its reader appears only when the results are written.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let probe = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")));
    probe.map(drop).map_err(|error| refused(&error))
}

#[derive(Serialize)]
struct PublicationDocument<'a> {
    run: &'a str,
    image: &'a str,
    results: &'a [ResultDocument<'a>],
}

/// Result of one target. It has the keys of Dominator's results (docs/json.md), so that programs that read such results
/// keep working. Further keys are Imprint's own.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResultDocument<'a> {
    account_name: &'a str,
    region: &'a str,
    snapshot_id: &'a str,
    ami_id: &'a str,
    size: u64,
    error: &'a str,
    #[serde(flatten)]
    details: Option<ResultDetails<'a>>,
}

/// Imprint's own keys; a row for an account whose regions could not be listed has none of them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultDetails<'a> {
    manifest: &'a str,
    via: &'static str,
    identity: &'static str,
    parent: Option<&'a str>,
    was_there: bool,
    blocks_put: u32,
    blocks_total: u64,
    why_full: Option<&'a str>,
    step: &'static str,
    phase_ms: &'a BTreeMap<String, u64>,
}

/// Writes the results to the files and prints them; returns the exit code.
pub(super) fn tell(
    context: &Context,
    publication: Publication,
    files: Files<'_>,
) -> anyhow::Result<u8> {
    let Publication { run, unresolved, problem, .. } = publication;
    let mut results: Vec<_> = run.targets.iter().map(|t| ResultDocument::of(&run, t)).collect();
    results.extend(unresolved.iter().map(|(account, problem)| ResultDocument {
        account_name: account.as_str(),
        region: "*",
        snapshot_id: "",
        ami_id: "",
        size: run.size_gib,
        error: &problem.message,
        details: None,
    }));
    let mut unwritten = Vec::new();
    if let Some(path) = files.results {
        let text = serde_json::to_string_pretty(&results)?;
        unwritten.extend(whole_file::write(path, text.as_bytes()).err());
    }
    if let (Some(path), Some(envelope)) = (files.attestation, &run.attestation) {
        unwritten.extend(whole_file::write(path, envelope.to_string().as_bytes()).err());
    }
    let document = PublicationDocument { run: &run.id, image: &run.image, results: &results };
    // Print what was made before reporting an unwritable file, so that no id is lost.
    context.output.document(&document, || {
        let failed = unresolved.iter().map(|(name, p)| format!("{name}/*: FAILED: {}", p.message));
        let lines = run.targets.iter().map(|target| describe(&run, target)).chain(failed);
        lines.collect::<Vec<_>>().join("\n")
    })?;
    let unwritten = unwritten.into_iter().next().map(|error| {
        anyhow::Error::from(error).context("the command cannot write a result file, but it has printed the results, and the run's record keeps them")
    });
    let code = run_code(&run);
    let code = match (code, &unresolved[..]) {
        (code, []) => code,
        (0, [(_, problem), ..]) if run.targets.is_empty() => problem.exit_code,
        (_, _) => rpc::exit::PARTIAL,
    };
    if code != 0 && unwritten.is_none() {
        context.output.note(&format!(
            "resume the run with `publish-cli runs resume {0}`, or remove its AMIs and snapshots with \
             `publish-cli runs undo {0} --yes`",
            run.id
        ));
    }
    match (unwritten, problem) {
        (Some(error), _) => Err(error),
        (None, Some(error)) if code == 0 => Err(error.into()),
        (None, Some(error)) => {
            context.output.note(&error.chain());
            Ok(code)
        }
        (None, None) => Ok(code),
    }
}

impl<'a> ResultDocument<'a> {
    pub(super) fn of(run: &'a Run, target: &'a TargetRun) -> Self {
        let parent = match &target.base {
            Some(SnapshotBase::Parent { snapshot } | SnapshotBase::Same { snapshot }) => {
                Some(snapshot.as_str())
            }
            _ => None,
        };
        let details = ResultDetails {
            manifest: &run.manifest,
            via: "direct",
            identity: "bits",
            parent,
            was_there: target.was_there,
            blocks_put: target.blocks,
            blocks_total: run.size_gib << 11,
            why_full: target.why_full.as_deref(),
            step: target.step.name(),
            phase_ms: &target.phase_ms,
        };
        Self {
            account_name: target.target.account.as_str(),
            region: target.target.region.as_str(),
            snapshot_id: target.made_of().unwrap_or_default(),
            ami_id: target.ami.as_deref().unwrap_or_default(),
            size: run.size_gib,
            error: target.error.as_ref().map_or("", |error| &error.message),
            details: Some(details),
        }
    }
}

/// Describes a target's result in one line.
pub(super) fn describe(run: &Run, target: &TargetRun) -> String {
    let name = &target.target;
    if let Some(error) = &target.error {
        return format!("{name}: FAILED in the step '{}': {}", target.step.name(), error.message);
    }
    let total = run.size_gib << 11;
    let ami = target.ami.as_deref().unwrap_or("no AMI");
    let why = target.why_full.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    match target.step {
        Step::Done if target.was_there => format!("{name}: {ami} existed already"),
        Step::Done => format!("{name}: {ami}, {} of {total} blocks put{why}", target.blocks),
        step => format!("{name}: {}", step.name()),
    }
}
