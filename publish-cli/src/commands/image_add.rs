//! `publish-cli image add`, and its output as text and as JSON.

use std::path::PathBuf;

use publisher::Addition;
use rpc::exit;
use wire::ErrorClass;
use wire::proto::LintFinding;
use wire::units::{format_count, format_len};

use super::finding::describe_finding;
use crate::cli::AddArgs;
use crate::context::Context;
use crate::document::{AdditionDocument, AdditionForecastDocument, FindingDocument};
use crate::failure::Failure;

/// Facts that a dry run cannot show, because imaged finds them by reading the uploaded files.
const LOOKED_FOR_BY_IMAGED: &str =
    "secrets, and whether it boots (kernels, initial RAM disks, tables of filesystems)";

pub(super) fn run(context: &Context, args: &AddArgs) -> anyhow::Result<u8> {
    let addition = addition(args);
    if args.dry_run {
        return dry_run(context, &addition);
    }
    let added = publisher::add::add(context.client()?, &addition)?;
    let document = AdditionDocument {
        name: args.name.as_str(),
        manifest: &added.manifest,
        kind: &added.kind,
        inodes: added.inodes,
        bytes: added.bytes,
        new_objects: added.new_objects,
        new_bytes: added.new_bytes,
        sent_bytes: added.sent_bytes,
        elapsed_ms: added.elapsed.as_millis(),
        is_new: added.is_new,
        findings: added.findings.len(),
        finding_list: added.findings.iter().map(FindingDocument::from).collect(),
    };
    tell_findings(context, &added.findings);
    context.output.document(&document, || {
        let verb = if added.is_new { "added" } else { "was there already:" };
        let what = match added.kind.as_str() {
            "disk" => format!("a disk of {}", format_len(added.bytes)),
            _ => {
                format!("{} in {}", format_len(added.bytes), format_count(added.inodes, "inode"))
            }
        };
        format!(
            "{verb} {} ({}): {what}, {} new in {}, {} sent, {:.1} s",
            args.name,
            added.manifest,
            format_len(added.new_bytes),
            format_count(added.new_objects, "object"),
            format_len(added.sent_bytes),
            added.elapsed.as_secs_f64()
        )
    })?;
    Ok(exit::DONE)
}

fn dry_run(context: &Context, addition: &Addition) -> anyhow::Result<u8> {
    let found = publisher::add::forecast(addition, context.reporter().as_ref())?;
    tell_findings(context, &found.findings);
    if addition.strict && !found.findings.is_empty() {
        let message = format!(
            "{} has findings, and --strict refuses them: remove what they name, exclude it, or leave --strict out",
            addition.source.display()
        );
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let document = AdditionForecastDocument {
        name: addition.name.as_str(),
        manifest: found.manifest.to_string(),
        kind: found.kind,
        inodes: found.facts.inodes,
        bytes: found.facts.bytes,
        dry_run: true,
        findings: found.findings.len(),
        finding_list: found.findings.iter().map(FindingDocument::from).collect(),
        unknown: [LOOKED_FOR_BY_IMAGED],
    };
    context.output.document(&document, || {
        let would = format!("would add {} as {}", addition.source.display(), found.manifest);
        format!("{would}\nnot known before it is added: {LOOKED_FOR_BY_IMAGED}")
    })?;
    Ok(exit::DONE)
}

/// Builds the addition from the command line.
fn addition(args: &AddArgs) -> Addition {
    Addition {
        platform: args.platform.clone(),
        reference: args.reference.clone(),
        tags: args.tags.clone(),
        architecture: args.arch,
        exclude_from: args.exclude_from.clone(),
        expires_in: args.expires_in,
        build_log: args.build_log.clone(),
        release_notes: args.release_notes.clone(),
        strict: args.strict,
        allow_odd_size: args.allow_odd_size,
        full: args.full,
        cache: cache_folder().filter(|_| !args.no_cache && !args.full),
        ..Addition::new(args.name.clone(), &args.source)
    }
}

/// Returns the folder of ingest caches: `imprint` in the user's folder of caches.
fn cache_folder() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    caches.map(|caches| caches.join("imprint"))
}

fn tell_findings(context: &Context, findings: &[LintFinding]) {
    for finding in findings {
        context.output.note(&format!("finding: {}", describe_finding(finding)));
    }
    if !findings.is_empty() {
        let count = format_count(findings.len() as u64, "finding");
        context.output.note(&format!("the image has {count}; --strict would refuse it"));
    }
}
