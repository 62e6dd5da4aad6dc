//! `publish-cli unpacker …`: manages unpackd's volumes and single steps of a publish.

use publisher::client::{Server, Unpackd};
use publisher::volumes::{self, UnpackOptions};
use rpc::exit;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::document::UnpackDocument;
use wire::proto::{
    AddVolumeRequest, AssociateRequest, ForgetRequest, GetStatusRequest, RemoveVolumeRequest,
    VerifyVolumeRequest, VolumeStatus,
};
use wire::units::format_len;

use crate::cli::{AddVolumeArgs, UnpackerCommand};
use crate::context::Context;
use crate::document::{
    CaptureDocument, DifferenceDocument, IdDocument, LeaseDocument, StreamDocument,
    UnpackerDocument, VolumeCheckDocument, VolumeDocument,
};
use crate::failure::Failure;

pub(super) fn run(context: &Context, command: UnpackerCommand) -> anyhow::Result<u8> {
    let server = context.unpackd()?;
    match command {
        UnpackerCommand::Status => status(context, &server)?,
        UnpackerCommand::Verify { stream } => return verify(context, &server, stream.as_str()),
        UnpackerCommand::AddVolume(_)
        | UnpackerCommand::RemoveVolume { .. }
        | UnpackerCommand::Associate { .. }
        | UnpackerCommand::Forget { .. } => volumes(context, &server, command)?,
        UnpackerCommand::Prepare { .. }
        | UnpackerCommand::Unpack { .. }
        | UnpackerCommand::Capture { .. }
        | UnpackerCommand::Release { .. } => streams(context, &server, command)?,
    }
    Ok(exit::DONE)
}

/// Runs commands that add, remove and assign volumes.
fn volumes(context: &Context, server: &Unpackd, command: UnpackerCommand) -> anyhow::Result<()> {
    match command {
        UnpackerCommand::AddVolume(args) => {
            let volume = add_volume(context, server, &args)?;
            context.output.document(&VolumeDocument::from(&volume), || {
                format!("added volume {} ({}, {})", volume.id, volume.path, format_len(volume.size))
            })?;
        }
        UnpackerCommand::RemoveVolume { id, yes } => {
            confirm(yes, &format!("removing volume {id}"))?;
            let request = RemoveVolumeRequest { id: id.clone() };
            context.call(server, server.volumes().remove_volume(request))?;
            context.output.document(&IdDocument { id: &id }, || format!("removed volume {id}"))?;
        }
        UnpackerCommand::Associate { stream, id } => {
            let request = AssociateRequest { stream: stream.to_string(), id: id.clone() };
            let volume = context.call(server, server.volumes().associate(request))?;
            context.output.document(&VolumeDocument::from(&volume), || {
                format!("{stream} is pinned to volume {id}")
            })?;
        }
        UnpackerCommand::Forget { stream, yes } => {
            confirm(yes, &format!("forgetting stream {stream}"))?;
            let request = ForgetRequest { stream: stream.to_string() };
            let id = context.call(server, server.volumes().forget(request))?.id;
            context.output.document(&IdDocument { id: &id }, || {
                format!("{stream} no longer has volume {id}")
            })?;
        }
        _ => {}
    }
    Ok(())
}

/// Runs the single steps of a publish: prepare, unpack, capture, release.
fn streams(context: &Context, server: &Unpackd, command: UnpackerCommand) -> anyhow::Result<()> {
    let client = context.client()?;
    let holder = client.holder();
    match command {
        UnpackerCommand::Prepare { stream, ttl, steal } => {
            let lease = volumes::prepare(client, server, stream.as_str(), holder, ttl, steal)?;
            context.output.document(&LeaseDocument::from(&lease), || {
                format!("lease on {stream}: epoch {}, held by {}", lease.epoch, lease.holder)
            })?;
        }
        UnpackerCommand::Unpack { image, wait, verify, dry_run } => {
            let options = UnpackOptions { wait, verify: &verify, dry_run };
            let report = volumes::unpack(client, server, &image, holder, options)?;
            let document = UnpackDocument::from(report);
            context.output.document(&document, || document.to_string())?;
        }
        UnpackerCommand::Capture { stream, no_boot } => {
            let captured =
                volumes::capture(client, server, stream.as_str(), holder, no_boot, false)?;
            context.output.document(&CaptureDocument::from(&captured), || {
                format!(
                    "captured {} ({}) on volume {}: {}, epoch {}",
                    captured.image, captured.manifest, captured.id, captured.path, captured.epoch
                )
            })?;
        }
        UnpackerCommand::Release { stream } => {
            volumes::release(client, server, stream.as_str(), holder)?;
            context.output.document(&StreamDocument { stream: stream.as_str() }, || {
                format!("released {stream}")
            })?;
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn confirm(yes: bool, what: &str) -> anyhow::Result<()> {
    if yes {
        Ok(())
    } else {
        Err(Failure::usage(format!("{what} cannot be undone: confirm it with --yes")))
    }
}

fn status(context: &Context, server: &Unpackd) -> anyhow::Result<()> {
    let status = context.call(server, server.volumes().get_status(GetStatusRequest {}))?;
    let document = UnpackerDocument {
        version: &status.version,
        imaged: &status.imaged,
        io_engine: &status.io_engine,
        identity: &status.identity,
        volumes: status.volumes.iter().map(VolumeDocument::from).collect(),
    };
    context.output.document(&document, || {
        let mut lines = vec![format!(
            "unpackd {} at {}, fetching from {}, engine {}",
            status.version,
            server.address(),
            status.imaged,
            status.io_engine
        )];
        for volume in &status.volumes {
            let lease = volume.lease.as_ref().map(|lease| {
                let seconds = (lease.expires_at_ms - now_ms()) / 1000;
                format!(", lease {} of {} for {seconds} s", lease.epoch, lease.holder)
            });
            lines.push(format!(
                "{}  {}  {}  {}  {} {}{}{}",
                volume.id,
                volume.path,
                format_len(volume.size),
                if volume.stream.is_empty() { "(no stream)" } else { &volume.stream },
                volume.state,
                volume.image,
                lease.unwrap_or_default(),
                if volume.problem.is_empty() {
                    String::new()
                } else {
                    format!(": {}", volume.problem)
                },
            ));
        }
        lines.join("\n")
    })
}

/// Calls unpackd's `AddVolume`; a relative path is made absolute on this machine.
pub(super) fn add_volume(
    context: &Context,
    server: &Unpackd,
    args: &AddVolumeArgs,
) -> anyhow::Result<VolumeStatus> {
    let path = args.file.as_ref().or(args.device.as_ref());
    let path = path.ok_or_else(|| Failure::usage("no volume is given: name --device or --file"))?;
    let path = std::path::absolute(path)?;
    let request = AddVolumeRequest {
        path: path.to_string_lossy().into_owned(),
        is_file: args.file.is_some(),
        size: args.size.unwrap_or_default(),
        filesystem: args.fs.clone(),
        layout: args.layout.clone(),
        freed: args.freed.clone(),
        kernel_arguments: args.kernel_args.clone().unwrap_or_default(),
        own_uuids: args.uuids == "random",
        stream: args.stream.as_ref().map(ToString::to_string).unwrap_or_default(),
        format: args.format,
    };
    context.call(server, server.volumes().add_volume(request))
}

fn verify(context: &Context, server: &Unpackd, stream: &str) -> anyhow::Result<u8> {
    let client = context.client()?;
    let holder = client.holder().to_owned();
    let request = VerifyVolumeRequest { stream: stream.to_owned(), holder };
    let mut events = context.call(server, server.volumes().verify_volume(request))?;
    let shown = context.output.progress(&format!("verifying the volume of {stream}"));
    let (mut differences, mut image) = (Vec::new(), String::new());
    while let Some(event) = client.next(server, &mut events)? {
        if event.image.is_empty() {
            shown.update("verifying", event.done, event.total, true);
            continue;
        }
        image = event.image;
        if !event.fields.is_empty() {
            differences.push(DifferenceDocument { path: event.path, fields: event.fields });
        }
    }
    drop(shown);
    let document = VolumeCheckDocument { stream, image: &image, differences: &differences };
    context.output.document(&document, || {
        let mut lines: Vec<String> = differences
            .iter()
            .map(|DifferenceDocument { path, fields }| format!("/{path}: {}", fields.join(", ")))
            .collect();
        lines.push(match differences.len() {
            0 => format!("the volume of {stream} holds exactly {image}"),
            count => format!("the volume of {stream} differs from {image} at {count} paths"),
        });
        lines.join("\n")
    })?;
    Ok(if differences.is_empty() { exit::DONE } else { exit::code(ErrorClass::Damaged) })
}
