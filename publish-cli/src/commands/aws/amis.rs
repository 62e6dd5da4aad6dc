//! `publish-cli amis …`: what AMIs there are, and which image one really is.

use std::sync::Arc;

use cloud::aws::Aws;
use cloud::calls::{Ami, Cloud, Which};
use cloud::target::Target;
use serde_json::json;
use tokio::task::JoinSet;
use wire::ErrorClass;
use wire::name::{ImageName, StreamName};
use wire::proto::ListImagesRequest;

use super::mount;
use super::targets::{Aim, Resolved};
use crate::cli::AmisCommand;
use crate::context::{Context, Server};
use crate::direct::readback::{self, Sample};
use crate::direct::records::Records;
use crate::direct::run::common_code;
use crate::direct::steps::Failed;
use crate::failure::Failure;

/// Runs a command on AMIs.
pub(super) fn run(context: &Context, command: AmisCommand) -> anyhow::Result<u8> {
    let aim = Aim::of(context)?;
    let resolve = |targets: Vec<String>| {
        let targets = if targets.is_empty() { vec!["*/*".to_owned()] } else { targets };
        context.runtime.block_on(aim.resolve(&aim.selectors(&targets)?, &[]))
    };
    match command {
        AmisCommand::List { stream, targets } => {
            list(context, &aim, resolve(targets)?, stream.as_ref())
        }
        AmisCommand::Verify { ami, targets, prove, stream } => {
            let resolved = resolve(targets)?;
            verify(context, &aim, resolved, &ami, prove == "all", stream)
        }
        AmisCommand::Mount(args) => mount::run(context, &aim, &args),
    }
}

/// What one target answered.
type Answer = (Target, Result<(Arc<Aws>, Vec<Ami>), Failed>);

/// Asks all targets at once for AMIs.
async fn ask(aim: &Aim, targets: &[Target], which: &Which) -> anyhow::Result<Vec<Answer>> {
    let mut asking = JoinSet::new();
    for target in targets {
        let (aim, target, which) = (aim.clone(), target.clone(), which.clone());
        asking.spawn(async move {
            let ask = async {
                let aws = Arc::new(aim.connect(&target).await?);
                let found = aws.amis(&which).await?;
                Ok((aws, found))
            };
            let answer = ask.await;
            (target, answer)
        });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(target, _)| target.to_string());
    Ok(answers)
}

/// The image that an AMI says it is of: a word for people, no evidence.
fn named_image(ami: &Ami) -> Option<ImageName> {
    ami.tags.get("imprint:image")?.parse().ok()
}

fn list(
    context: &Context,
    aim: &Aim,
    resolved: Resolved,
    stream: Option<&StreamName>,
) -> anyhow::Result<u8> {
    let which = Which::Tagged("imprint:image".to_owned(), "*".to_owned());
    let targets = &resolved.selection.targets;
    let answers = context.runtime.block_on(ask(aim, targets, &which))?;
    let (mut rows, mut lines, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    for (target, answer) in answers {
        let mut amis = match answer {
            Ok((_, amis)) => {
                codes.push(0);
                amis
            }
            Err(error) => {
                codes.push(error.exit_code());
                lines.push(format!("{target}: {error}"));
                rows.push(json!({"target": target.to_string(), "error": error.to_string()}));
                continue;
            }
        };
        let is_meant = |ami: &Ami| match (stream, named_image(ami)) {
            (Some(stream), image) => image.is_some_and(|image| image.stream() == *stream),
            (None, _) => true,
        };
        amis.retain(is_meant);
        amis.sort_by(|a, b| a.created_at.cmp(&b.created_at));
        for ami in amis {
            let image = named_image(&ami).map(|image| image.to_string()).unwrap_or_default();
            let mut marks = vec![ami.architecture.clone(), ami.boot_mode.clone()];
            marks.extend(ami.is_protected.then(|| "protected".to_owned()));
            marks.extend(ami.deprecated_at.iter().map(|at| format!("deprecated from {at}")));
            lines.push(format!(
                "{:<28} {:<22} {:<24} {:<40} {}",
                target.to_string(),
                ami.id,
                ami.created_at,
                image,
                marks.join(", ")
            ));
            rows.push(json!({
                "target": target.to_string(), "ami": ami.id, "name": ami.name, "image": image,
                "created_at": ami.created_at, "architecture": ami.architecture,
                "boot_mode": ami.boot_mode, "snapshots": ami.snapshots, "tags": ami.tags,
                "deprecated_at": ami.deprecated_at, "is_protected": ami.is_protected, "error": null,
            }));
        }
    }
    for (account, problem) in &resolved.failed {
        codes.push(problem.exit_code);
        lines.push(format!("{account}/*: {}", problem.message));
        rows.push(json!({"target": format!("{account}/*"), "error": problem.message}));
    }
    context.output.result(json!({"amis": rows}), || lines.join("\n"))?;
    Ok(common_code(&codes))
}

/// An AMI that was found, and where.
struct Found {
    target: Target,
    aws: Arc<Aws>,
    ami: Ami,
}

fn verify(
    context: &Context,
    aim: &Aim,
    resolved: Resolved,
    id: &str,
    is_all: bool,
    stream: Option<StreamName>,
) -> anyhow::Result<u8> {
    let found = context.runtime.block_on(find(aim, &resolved, id))?;
    let refused = |what: &str| Err(Failure::error(ErrorClass::Refused, format!("{id} {what}")));
    let [snapshot] = &found.ami.snapshots[..] else {
        return refused("does not have exactly one snapshot: it is not one of ours");
    };
    let named = named_image(&found.ami).map(|image| image.stream());
    let Some(stream) = stream.or(named) else {
        return refused("does not say of which stream it is: name it with --stream");
    };
    let imaged = context.imaged()?;
    let outcome = context.runtime.block_on(async {
        let records = Records::new(imaged.publishing(), stream.as_str());
        let region = found.target.region.as_str();
        let record = records.find(&found.ami.owner, region, snapshot).await?;
        let Some(record) = record else {
            let message = format!("no record of {stream} names {snapshot}, of which {id} is made");
            return Err(Failure::error(ErrorClass::NotFound, message));
        };
        let map = records.map(&record.map_digest).await?.ok_or_else(|| {
            let message = format!("imaged's block map of {snapshot} is gone or damaged");
            Failure::error(ErrorClass::Damaged, message)
        })?;
        let is_encrypted = !record.key.is_empty();
        let sample = match is_all {
            true => Sample::All,
            false => Sample::of(&map.all(false), snapshot),
        };
        let (places, hashes) = (readback::Places::default(), map.hashes());
        let read = readback::compare(&found.aws, &places, snapshot, is_encrypted, hashes, &sample);
        let read = read.await?;
        Ok((record, map, read))
    });
    let (record, map, read) = outcome?;
    let images = images_of(context, &imaged, &stream, &record.manifest)?;
    let total = map.hashes().len();
    let document = json!({
        "ami": id, "target": found.target.to_string(), "snapshot": snapshot, "images": images,
        "manifest": record.manifest, "blocks": total, "blocks_read": read.read,
        "blocks_wrong": read.wrong_count, "is_as_published": read.wrong.is_none(),
    });
    context.output.result(document, || {
        let which = match &images[..] {
            [] => format!("{} of {stream}, which was removed", record.manifest),
            images => format!("{} ({})", images.join(", "), record.manifest),
        };
        match read.wrong {
            None => format!(
                "{id} in {} is {which}: {} of {total} blocks read, all as published",
                found.target, read.read
            ),
            Some((index, why)) => format!(
                "{id} in {} is NOT {which}, as which it was published: block {index} {why}, and {} more",
                found.target,
                read.wrong_count - 1
            ),
        }
    })?;
    Ok(if read.wrong.is_none() { 0 } else { rpc::exit::code(ErrorClass::Damaged) })
}

/// Finds an AMI in whichever target has it.
async fn find(aim: &Aim, resolved: &Resolved, id: &str) -> anyhow::Result<Found> {
    let answers = ask(aim, &resolved.selection.targets, &Which::Id(id.to_owned())).await?;
    let mut problem = resolved.failed.first().map(|(_, problem)| problem.message.clone());
    for (target, answer) in answers {
        match answer {
            Ok((aws, amis)) => {
                // One that was shared with the account is looked at where it belongs.
                let account = match amis.is_empty() {
                    true => continue,
                    false => aws.caller().await.map_err(Failed::from)?.account_id,
                };
                if let Some(ami) = amis.into_iter().find(|ami| ami.owner == account) {
                    return Ok(Found { target, aws, ami });
                }
            }
            Err(error) => problem = Some(format!("{target}: {error}")),
        }
    }
    let rest = problem.map(|problem| format!("; not all could be asked: {problem}"));
    let message = format!("no target has {id}{}", rest.unwrap_or_default());
    Err(Failure::error(ErrorClass::NotFound, message))
}

/// The images of a stream that have a manifest: usually one.
fn images_of(
    context: &Context,
    imaged: &Server,
    stream: &StreamName,
    manifest: &str,
) -> anyhow::Result<Vec<String>> {
    let request = ListImagesRequest { stream: stream.to_string(), ..ListImagesRequest::default() };
    let images = context.call(imaged, imaged.images().list_images(request))?.images;
    let is_it = |image: &wire::proto::ImageRecord| image.manifest == manifest;
    Ok(images.into_iter().filter(is_it).map(|image| image.name).collect())
}
