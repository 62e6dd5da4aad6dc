//! `publish-cli amis …`: lists, verifies and mounts AMIs.

use std::collections::BTreeMap;

use cloud::calls::Ami;
use publisher::aws::{AwsPublisher, TargetResolution, verify};
use serde::Serialize;
use wire::ErrorClass;
use wire::name::StreamName;
use wire::target::Target;

use super::mount;
use super::targets::{self, AwsTargets};
use crate::cli::AmisCommand;
use crate::context::Context;
use crate::failure::{common_code, publish_code};

pub(in crate::commands) fn run(context: &Context, command: AmisCommand) -> anyhow::Result<u8> {
    let targets = targets::of(context)?;
    match command {
        AmisCommand::List { stream, targets: texts } => {
            let resolved = targets::resolve(context, &targets, texts)?;
            list(context, &targets, &resolved, stream.as_ref())
        }
        AmisCommand::Verify { ami, targets: texts, prove, stream } => {
            let resolved = targets::resolve(context, &targets, texts)?;
            context.imaged()?;
            let publisher = AwsPublisher::new(context.client()?, targets)?;
            let found = publisher.verify(&ami, &resolved, prove == "all", stream)?;
            tell_verification(context, &ami, &found)
        }
        AmisCommand::Mount(args) => mount::run(context, &targets, &args),
    }
}

#[derive(Serialize)]
struct AmisDocument {
    amis: Vec<AmiRow>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AmiRow {
    Ami(Box<AmiDocument>),
    Failure { target: String, error: String },
}

#[derive(Serialize)]
struct AmiDocument {
    target: String,
    ami: String,
    name: String,
    image: String,
    created_at: String,
    architecture: String,
    boot_mode: String,
    snapshots: Vec<String>,
    tags: BTreeMap<String, String>,
    deprecated_at: Option<String>,
    is_protected: bool,
    error: Option<String>,
}

fn list(
    context: &Context,
    targets: &AwsTargets,
    resolved: &TargetResolution,
    stream: Option<&StreamName>,
) -> anyhow::Result<u8> {
    let of = &resolved.selection.targets;
    let answers = context.runtime.block_on(verify::list(targets, of, stream));
    let mut listed = Listing::default();
    for (target, answer) in answers {
        match answer {
            Ok(amis) => {
                listed.codes.push(0);
                listed.lines.extend(amis.iter().map(|ami| line(&target, ami)));
                listed.rows.extend(amis.into_iter().map(|ami| row(&target, ami)));
            }
            Err(error) => listed.fail(target.to_string(), error.chain(), publish_code(&error)),
        }
    }
    for (account, problem) in &resolved.failed {
        listed.fail(format!("{account}/*"), problem.message.clone(), problem.exit_code);
    }
    let Listing { codes, lines, rows: amis } = listed;
    context.output.document(&AmisDocument { amis }, || lines.join("\n"))?;
    Ok(common_code(&codes))
}

/// The rows, lines and exit codes of `amis list` so far.
#[derive(Default)]
struct Listing {
    codes: Vec<u8>,
    lines: Vec<String>,
    rows: Vec<AmiRow>,
}

impl Listing {
    fn fail(&mut self, target: String, error: String, code: u8) {
        self.codes.push(code);
        self.lines.push(format!("{target}: {error}"));
        self.rows.push(AmiRow::Failure { target, error });
    }
}

fn row(target: &Target, ami: Ami) -> AmiRow {
    AmiRow::Ami(Box::new(AmiDocument {
        target: target.to_string(),
        image: image_of(&ami),
        ami: ami.id,
        name: ami.name,
        created_at: ami.created_at,
        architecture: ami.architecture,
        boot_mode: ami.boot_mode,
        snapshots: ami.snapshots,
        tags: ami.tags,
        deprecated_at: ami.deprecated_at,
        is_protected: ami.is_protected,
        error: None,
    }))
}

fn line(target: &Target, ami: &Ami) -> String {
    let mut marks = vec![ami.architecture.clone(), ami.boot_mode.clone()];
    marks.extend(ami.is_protected.then(|| "protected".to_owned()));
    marks.extend(ami.deprecated_at.iter().map(|at| format!("deprecated from {at}")));
    format!(
        "{:<28} {:<22} {:<24} {:<40} {}",
        target.to_string(),
        ami.id,
        ami.created_at,
        image_of(ami),
        marks.join(", ")
    )
}

/// Returns the image that an AMI's tags name; empty if they name none.
fn image_of(ami: &Ami) -> String {
    verify::named_image(ami).map(|image| image.to_string()).unwrap_or_default()
}

#[derive(Serialize)]
struct VerificationDocument<'a> {
    ami: &'a str,
    target: String,
    snapshot: &'a str,
    images: &'a [String],
    manifest: &'a str,
    blocks: usize,
    blocks_read: u32,
    blocks_wrong: u32,
    is_as_published: bool,
}

fn tell_verification(
    context: &Context,
    ami: &str,
    found: &publisher::aws::Verification,
) -> anyhow::Result<u8> {
    let publisher::aws::Verification { target, stream, snapshot, manifest, images, blocks, read } =
        found;
    let document = VerificationDocument {
        ami,
        target: target.to_string(),
        snapshot,
        images,
        manifest,
        blocks: *blocks,
        blocks_read: read.read,
        blocks_wrong: read.wrong_count,
        is_as_published: found.is_as_published(),
    };
    context.output.document(&document, || {
        let which = match &images[..] {
            [] => format!("{manifest}, a removed image of {stream}"),
            images => format!("{} ({manifest})", images.join(", ")),
        };
        match read.wrong {
            None => format!(
                "{ami} in {target} is {which}: {} of {blocks} blocks were read, and all are as published",
                read.read
            ),
            Some((index, why)) => format!(
                "{ami} in {target} was published as {which}, but does NOT hold it any more: block {index} {why}, and {} more blocks are wrong",
                read.wrong_count - 1
            ),
        }
    })?;
    Ok(if found.is_as_published() { 0 } else { rpc::exit::code(ErrorClass::Damaged) })
}
