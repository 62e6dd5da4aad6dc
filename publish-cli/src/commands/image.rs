//! `publish-cli image …`: dispatches to the other modules, and runs the commands that need no content.

use std::time::Duration;

use publisher::add::expires_at_ms;
use publisher::client::Server;
use rpc::exit;
use rpc::status::is_timed_out;
use wire::ErrorClass;
use wire::document::ImageDocument;
use wire::name::ImageName;
use wire::proto::{
    ExpireImageRequest, GetImageRequest, GetLatestImageRequest, ImageRecord, OciConfig,
    RemoveImageRequest, TagImageRequest, VerifyImageRequest, WaitImageRequest,
};
use wire::units::format_len;

use super::finding::describe_finding;
use super::image_diff::DiffHow;
use super::{
    image_add, image_bundle, image_content, image_diff, image_history, image_list, image_packages,
};
use crate::cli::{Expiry, ImageCommand};
use crate::context::Context;
use crate::document::{DamageDocument, ImageCheckDocument, RemovalDocument};
use crate::failure::Failure;
use crate::time_text::{format_expiry, format_time};

/// Longest wait of a single call; the client repeats the call.
const WAIT_SLICE: Duration = Duration::from_secs(60);

pub(super) fn run(context: &Context, command: ImageCommand) -> anyhow::Result<u8> {
    match command {
        ImageCommand::Add(args) => image_add::run(context, &args),
        ImageCommand::Diff { a, b, text, files, exit_code } => {
            image_diff::run(context, &a, &b, DiffHow { text, files, exit_code })
        }
        ImageCommand::History { stream, path } => image_history::run(context, &stream, &path),
        ImageCommand::Packages { name } => image_packages::run(context, &name),
        ImageCommand::Cat { name, path } => image_content::cat(context, &name, &path),
        ImageCommand::Get { name, dir, tar } => {
            image_content::get(context, &name, dir.as_deref(), tar.as_deref())
        }
        ImageCommand::List { stream, columns, sort, no_header } => {
            let stream = stream.map(|stream| stream.to_string());
            image_list::run(context, stream, &columns, sort, no_header)
        }
        ImageCommand::Show { name } => show(context, &get(context, &name)?),
        ImageCommand::Latest { stream } => {
            let server = context.imaged()?;
            let request = GetLatestImageRequest { stream: stream.to_string() };
            let record = context.call(&server, server.images().get_latest_image(request))?;
            context.output.document(&ImageDocument::from(&record), || record.name.clone())?;
            Ok(exit::DONE)
        }
        ImageCommand::Wait { name, timeout } => wait(context, &name, timeout),
        ImageCommand::Tag { name, tags } => {
            let server = context.imaged()?;
            let request =
                TagImageRequest { name: name.to_string(), tags: tags.into_iter().collect() };
            let record = context.call(&server, server.images().tag_image(request))?;
            context.output.document(&ImageDocument::from(&record), || format!("tagged {name}"))?;
            Ok(exit::DONE)
        }
        ImageCommand::Expire { name, expiry } => expire(context, &name, expiry),
        ImageCommand::Save { names, file } => image_bundle::save(context, &names, &file),
        ImageCommand::Load { file, dry_run } => image_bundle::load(context, &file, dry_run),
        ImageCommand::Rm { name, yes, dry_run } => remove(context, &name, yes, dry_run),
        ImageCommand::Verify { name } => verify(context, &name),
    }
}

pub(super) fn get(context: &Context, name: &ImageName) -> anyhow::Result<ImageRecord> {
    let server = context.imaged()?;
    let request = GetImageRequest { name: name.to_string() };
    context.call(&server, server.images().get_image(request))
}

fn show(context: &Context, record: &ImageRecord) -> anyhow::Result<u8> {
    context.output.document(&ImageDocument::from(record), || {
        let facts = record.facts.clone().unwrap_or_default();
        let unknown = |text: String| {
            if text.is_empty() { "unknown".to_owned() } else { text }
        };
        let mut lines = vec![
            format!("name          {}", record.name),
            format!("manifest      {}", record.manifest),
            format!("created       {} by {}", format_time(record.created_at_ms), record.creator),
            format!("expires       {}", format_expiry(record.expires_at_ms)),
            match facts.inodes {
                // Inodes are counted in trees only, and a tree has at least its root.
                0 => format!("content       a disk of {}", format_len(facts.bytes)),
                inodes => format!("content       {} in {inodes} inodes", format_len(facts.bytes)),
            },
            format!("architecture  {}", unknown(facts.architecture)),
            format!(
                "system        {}",
                unknown(facts.os_release.get("PRETTY_NAME").cloned().unwrap_or_default())
            ),
            format!(
                "kernels       {}",
                if facts.kernels.is_empty() { "none".to_owned() } else { facts.kernels.join(", ") }
            ),
            format!(
                "boot modes    {}",
                match (facts.boot_modes.join(", "), facts.boot_problem) {
                    (modes, problem) if problem.is_empty() && modes.is_empty() => {
                        "none: the disk has neither a boot program nor an EFI system partition"
                            .to_owned()
                    }
                    (modes, problem) if problem.is_empty() => modes,
                    (modes, problem) if modes.is_empty() => format!("none: {problem}"),
                    (modes, problem) => format!("{modes}; {problem}"),
                }
            ),
        ];
        lines.extend(record.stored.iter().map(|stored| {
            let (alone, added) = (stored.payload_bytes, stored.added_payload_bytes);
            format!(
                "stored        {} for all its objects, of which {} were new in the store",
                format_len(alone),
                format_len(added)
            )
        }));
        lines.extend(record.oci.iter().flat_map(oci_lines));
        let mut tags: Vec<_> = record.tags.iter().collect();
        tags.sort();
        lines.extend(tags.into_iter().map(|(key, value)| format!("tag           {key}={value}")));
        let findings = record.findings.iter();
        lines
            .extend(findings.map(|finding| format!("finding       {}", describe_finding(finding))));
        lines.join("\n")
    })?;
    Ok(exit::DONE)
}

/// Lists an OCI image's settings for running it: entrypoint, command, user, environment, labels.
fn oci_lines(oci: &OciConfig) -> Vec<String> {
    let mut lines =
        vec![format!("oci image     {} of {} layers, {}", oci.platform, oci.layers, oci.manifest)];
    let mut named = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("{name:<13} {text}"));
        }
    };
    named("oci created", oci.created.clone());
    named("entrypoint", oci.entrypoint.join(" "));
    named("command", oci.cmd.join(" "));
    named("user", oci.user.clone());
    named("work dir", oci.working_dir.clone());
    for variable in &oci.env {
        named("env", variable.clone());
    }
    let mut labels: Vec<_> = oci.labels.iter().collect();
    labels.sort();
    for (key, value) in labels {
        named("label", format!("{key}={value}"));
    }
    // The values are untrusted and must not move the terminal's cursor.
    let is_shown = |character: char| if character.is_control() { '?' } else { character };
    lines.into_iter().map(|line| line.chars().map(is_shown).collect()).collect()
}

fn wait(context: &Context, name: &ImageName, timeout: Duration) -> anyhow::Result<u8> {
    let server = context.imaged()?;
    let deadline = std::time::Instant::now() + timeout;
    let progress = context.output.progress(&format!("waiting for {name}"));
    let record = loop {
        let left = deadline.saturating_duration_since(std::time::Instant::now());
        let slice = left.min(WAIT_SLICE);
        let timeout_ms = u64::try_from(slice.as_millis()).unwrap_or(u64::MAX);
        let request = WaitImageRequest { name: name.to_string(), timeout_ms };
        let answer = context.runtime.block_on(server.images().wait_image(request));
        match answer {
            Ok(record) => break record.into_inner(),
            Err(status) if is_timed_out(&status) && left > slice => {
                progress.update("waiting", 0, 0, false);
            }
            Err(status) if is_timed_out(&status) => {
                return Err(Failure::error(
                    ErrorClass::Unavailable,
                    format!("image {name} did not appear within {timeout:?}"),
                ));
            }
            Err(status) => {
                // The status's source shows whether the connection broke; the status's code does not.
                let failed = rpc::client::call_failed(&status, server.address());
                if failed.class != ErrorClass::Unavailable || left.is_zero() {
                    return Err(failed.into());
                }
                // The server is restarting and may be back before the deadline.
                progress.update("waiting for the server", 0, 0, false);
                std::thread::park_timeout(Duration::from_millis(500).min(left));
            }
        }
    };
    drop(progress);
    context.output.document(&ImageDocument::from(&record), || format!("{name} is there"))?;
    Ok(exit::DONE)
}

fn expire(context: &Context, name: &ImageName, expiry: Expiry) -> anyhow::Result<u8> {
    let expires_at_ms = match expiry {
        Expiry::Never => 0,
        Expiry::In(time) => expires_at_ms(time),
    };
    let server = context.imaged()?;
    let request = ExpireImageRequest { name: name.to_string(), expires_at_ms };
    let record = context.call(&server, server.images().expire_image(request))?;
    context.output.document(&ImageDocument::from(&record), || {
        format!("{name} expires: {}", format_expiry(record.expires_at_ms))
    })?;
    Ok(exit::DONE)
}

fn remove(context: &Context, name: &ImageName, yes: bool, dry_run: bool) -> anyhow::Result<u8> {
    let record = get(context, name)?;
    if dry_run {
        let document = RemovalDocument { name: name.as_str(), removed: false };
        context
            .output
            .document(&document, || format!("would remove {name} ({})", record.manifest))?;
        return Ok(exit::DONE);
    }
    if !yes {
        return Err(Failure::usage(format!(
            "removing {name} cannot be undone, and its name can never be used again: confirm it with --yes"
        )));
    }
    let server = context.imaged()?;
    let request = RemoveImageRequest { name: name.to_string() };
    context.call(&server, server.images().remove_image(request))?;
    let document = RemovalDocument { name: name.as_str(), removed: true };
    context.output.document(&document, || format!("removed {name}"))?;
    Ok(exit::DONE)
}

fn verify(context: &Context, name: &ImageName) -> anyhow::Result<u8> {
    let server = context.imaged()?;
    let request = VerifyImageRequest { name: name.to_string() };
    let mut stream = context.call(&server, server.images().verify_image(request))?;
    let progress = context.output.progress(&format!("verifying {name}"));
    let (mut damage, mut objects) = (Vec::new(), 0);
    while let Some(event) = context.client()?.next(&server, &mut stream)? {
        objects = event.objects_done;
        progress.update("verifying", event.objects_done, event.objects_total, false);
        damage.extend(event.damage);
    }
    drop(progress);
    let damaged = damage.iter().map(DamageDocument::from).collect();
    let document = ImageCheckDocument { name: name.as_str(), objects, damaged };
    context.output.document(&document, || {
        if damage.is_empty() {
            return format!("{name}: all {objects} objects are sound");
        }
        let lines: Vec<String> = damage
            .iter()
            .map(|found| {
                format!(
                    "{}\n  used by {}\n  at {}",
                    found.problem,
                    found.images.join(", "),
                    if found.paths.is_empty() {
                        "the manifest".into()
                    } else {
                        found.paths.join(", ")
                    }
                )
            })
            .collect();
        lines.join("\n")
    })?;
    Ok(match damage.is_empty() {
        true => exit::DONE,
        false => exit::code(ErrorClass::Damaged),
    })
}
