//! What records and reports look like, to programs and to people: unpackd's own commands and the CLI print the
//! same.

use serde_json::{Value, json};
use wire::proto::{DirtyBlocks, ImageRecord, UnpackReport};
use wire::units::format_len;

/// Writes an image's record as `docs/cli.md` lists its keys.
pub fn image_json(record: &ImageRecord) -> Value {
    let facts = record.facts.clone().unwrap_or_default();
    json!({
        "name": record.name,
        "manifest": record.manifest,
        "kind": record.kind,
        "creator": record.creator,
        "created_at_ms": record.created_at_ms,
        "expires_at_ms": if record.expires_at_ms == 0 { Value::Null } else { json!(record.expires_at_ms) },
        "tags": record.tags,
        "inodes": facts.inodes,
        "bytes": facts.bytes,
        "architecture": facts.architecture,
        "os_release": facts.os_release,
        "kernels": facts.kernels,
        "boot_modes": facts.boot_modes,
        "boot_problem": Some(&facts.boot_problem).filter(|problem| !problem.is_empty()),
        "stored": record.stored.map(|stored| json!({
            "objects": stored.objects, "bytes": stored.payload_bytes,
            "added_objects": stored.added_objects, "added_bytes": stored.added_payload_bytes,
        })),
        "build_log": record.build_log,
        "release_notes": record.release_notes,
        "oci": record.oci.as_ref().map(|oci| json!({
            "manifest": oci.manifest, "platform": oci.platform, "created": oci.created,
            "layers": oci.layers, "user": oci.user, "env": oci.env, "entrypoint": oci.entrypoint,
            "cmd": oci.cmd, "working_dir": oci.working_dir, "labels": oci.labels,
        })),
        "findings": record.findings.iter().map(|finding| json!({
            "rule": finding.rule, "path": finding.path, "problem": finding.problem,
        })).collect::<Vec<_>>(),
    })
}

/// Writes a report as `docs/cli.md` lists its keys. What the kernel does not count is null.
pub fn json(report: &UnpackReport) -> Value {
    let steps = report.steps.unwrap_or_default();
    let phases = report.phase_ms.unwrap_or_default();
    json!({
        "image": report.image,
        "manifest": report.manifest,
        "steps": {
            "keep": steps.keep, "meta": steps.meta, "rewrite": steps.rewrite,
            "create": steps.create, "link": steps.link, "delete": steps.delete,
        },
        "bytes_fetched": report.bytes_fetched,
        "bytes_written": report.bytes_written,
        "dirty_blocks_512k": report.dirty_blocks_512k.as_ref().map(dirty),
        "evidence": report.evidence,
        "phase_ms": {
            "scan": phases.scan, "plan": phases.plan, "fetch": phases.fetch,
            "apply": phases.apply, "sync": phases.sync, "boot": phases.boot,
        },
        "elapsed_ms": report.elapsed_ms,
        "io_engine": report.io_engine,
        "dry_run": report.is_dry_run,
        "boot": {
            "mode": Some(&report.boot_mode).filter(|mode| !mode.is_empty()),
            "problem": Some(&report.boot_problem).filter(|problem| !problem.is_empty()),
            "kernel_args": Some(&report.kernel_arguments).filter(|line| !line.is_empty()),
            "notes": report.boot_notes,
        },
    })
}

fn dirty(blocks: &DirtyBlocks) -> Value {
    json!({
        "data": blocks.data, "directory": blocks.directory, "inode_table": blocks.inode_table,
        "bitmap": blocks.bitmap, "journal": blocks.journal, "scrub": blocks.scrub,
        "boot": blocks.boot,
        "total": blocks.total,
    })
}

/// Describes a report in two lines.
pub fn describe(report: &UnpackReport) -> String {
    let steps = report.steps.unwrap_or_default();
    let phases = report.phase_ms.unwrap_or_default();
    let blocks = report.dirty_blocks_512k.as_ref().map_or(String::new(), |blocks| {
        let would = if report.is_dry_run { "to be dirtied" } else { "dirtied" };
        format!(", {} blocks of 512 KiB {would}", blocks.total)
    });
    let boots = match (report.boot_mode.as_str(), report.boot_problem.as_str()) {
        ("", "") => String::new(),
        ("", problem) => format!("\ndoes not boot: {problem}"),
        (mode, _) if report.kernel_arguments.is_empty() => {
            format!("\nboots: {mode}, without arguments")
        }
        (mode, _) => format!("\nboots: {mode}, with {}", report.kernel_arguments),
    };
    let boots = report.boot_notes.iter().fold(boots, |text, note| format!("{text}\n  {note}"));
    format!(
        "{} {}: {} kept, {} changed, {} rewritten, {} created, {} linked, {} deleted\n\
         {} fetched, {} written{blocks}; evidence: {}; {} ms (scan {}, plan {}, fetch {}, \
         apply {}, sync {}, boot {}){boots}",
        if report.is_dry_run { "would unpack" } else { "unpacked" },
        report.image,
        steps.keep,
        steps.meta,
        steps.rewrite,
        steps.create,
        steps.link,
        steps.delete,
        format_len(report.bytes_fetched),
        format_len(report.bytes_written),
        report.evidence,
        report.elapsed_ms,
        phases.scan,
        phases.plan,
        phases.fetch,
        phases.apply,
        phases.sync,
        phases.boot,
    )
}
