//! `publish-cli publish`: chooses between folder and AMIs, and publishes to a folder.

use std::path::Path;

use publisher::Addition;
use publisher::folder::{self, DiskFile, FolderOptions};
use publisher::volumes::{self, UnpackOptions};
use publisher::whole_file;
use rpc::exit;
use wire::ErrorClass;
use wire::document::UnpackDocument;
use wire::name::{ImageName, StreamName};
use wire::proto::{GetImageRequest, GetLatestImageRequest, ImageRecord};
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use super::aws;
use crate::cli::{DiskFormat, PublishArgs};
use crate::context::Context;
use crate::document::{
    FolderDocument, FolderForecastDocument, FolderPhasesDocument, FolderResultDocument,
};
use crate::failure::Failure;

/// Returns the folder for a disk image, or `None` for AMIs. Options of the other kind are an error.
fn folder(args: &PublishArgs) -> anyhow::Result<Option<&Path>> {
    let is_for_aws = !args.aws.targets.is_empty() || args.aws.target_list.is_some();
    let out = match (&args.out, args.via.as_deref()) {
        (Some(_), Some("local") | None) if is_for_aws => {
            return Err(Failure::usage(
                "--out writes a disk image, and --target makes AMIs: leave one of them out",
            ));
        }
        (None, None) if !is_for_aws => {
            return Err(Failure::usage(
                "no destination is given: name --out DIR for a disk image, or --target ACCOUNT/REGION for AMIs",
            ));
        }
        (Some(out), Some("local") | None) => out,
        _ if args.format != DiskFormat::Raw => {
            return Err(Failure::usage(
                "--format applies to disk images only: add --out, or leave --format out",
            ));
        }
        _ => return Ok(None),
    };
    if let Some(option) = args.aws.ami_option() {
        return Err(Failure::usage(format!(
            "{option} applies to AMIs only, and --out writes a disk image: leave one of them out"
        )));
    }
    Ok(Some(out))
}

pub(super) fn run(context: &Context, args: &PublishArgs) -> anyhow::Result<u8> {
    let Some(out) = folder(args)? else {
        return aws::publish(context, &resolve(context, args)?, args);
    };
    let image = resolve(context, args)?;
    let client = context.client()?;
    if let Some(source) = &args.from
        && !args.dry_run
    {
        let plain = Addition::new(image.clone(), source);
        let added = publisher::add::add(client, &Addition { architecture: args.arch, ..plain })?;
        context.output.note(&format!("added {image} ({})", added.manifest));
    }
    let record = record(context, &image, args.dry_run && args.from.is_some())?;
    if let Some(record) = record.as_ref().filter(|record| record.kind != "disk" && !args.no_boot) {
        folder::check_boots(&image, record)?;
    }
    let format = args.format.into();
    let options =
        FolderOptions { folder: out, format, no_boot: args.no_boot, steal: args.aws.steal };
    let target = options.path(&image);
    let record = match record {
        Some(record) if args.dry_run && record.kind == "disk" => {
            let (image, path) = (image.as_str(), &*target);
            let document = FolderForecastDocument { image, dry_run: true, path };
            context.output.document(&document, || format!("would write {}", target.display()))?;
            return Ok(exit::DONE);
        }
        Some(record) if !args.dry_run => record,
        _ => {
            return rehearse_unpack(context, &image, &target);
        }
    };
    let published = folder::publish(client, &image, &record, options)?;
    let results = [result(&published)];
    let text = serde_json::to_string_pretty(&results)?;
    whole_file::write(&published.path.with_extension("json"), text.as_bytes())?;
    if let Some(path) = &args.results {
        whole_file::write(path, text.as_bytes())?;
    }
    let document = FolderDocument { image: image.as_str(), results: &results };
    context.output.document(&document, || {
        format!(
            "published {image} ({}) as {}: {} of data in {}",
            published.manifest,
            published.path.display(),
            format_len(published.copied),
            format_len(published.size)
        )
    })?;
    Ok(exit::DONE)
}

/// Reports what patching the volume would change.
fn rehearse_unpack(context: &Context, image: &ImageName, target: &Path) -> anyhow::Result<u8> {
    let (client, unpackd) = (context.client()?, context.unpackd()?);
    let options = UnpackOptions { dry_run: true, ..UnpackOptions::default() };
    let report = volumes::unpack(client, &unpackd, image, client.holder(), options)?;
    context.output.document(&UnpackDocument::from(report), || {
        format!("would unpack {image} and write {}", target.display())
    })?;
    Ok(exit::DONE)
}

impl From<DiskFormat> for folder::DiskFormat {
    fn from(format: DiskFormat) -> Self {
        match format {
            DiskFormat::Raw => Self::Raw,
            DiskFormat::Qcow2 => Self::Qcow2,
        }
    }
}

/// Returns an image's record. If imaged has no such image, returns `None` with `may_be_missing`, else an error. A dry
/// run with `--from` sets `may_be_missing`, because it does not add the image.
fn record(
    context: &Context,
    image: &ImageName,
    may_be_missing: bool,
) -> anyhow::Result<Option<ImageRecord>> {
    context.imaged()?;
    match context.client()?.image(image) {
        Ok(record) => Ok(Some(record)),
        Err(error) if may_be_missing && error.class() == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Resolves `STREAM/LEAF` or `STREAM@latest` to an image's name.
fn resolve(context: &Context, args: &PublishArgs) -> anyhow::Result<ImageName> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    if let Some(stream) = args.image.strip_suffix("@latest") {
        if args.from.is_some() {
            return Err(Failure::usage(
                "--from adds a new image, and so needs its name, STREAM/LEAF, instead of STREAM@latest",
            ));
        }
        let stream: StreamName = stream.parse().map_err(|error| usage(&error))?;
        let server = context.imaged()?;
        let request = GetLatestImageRequest { stream: stream.to_string() };
        let record = context.call(&server, server.images().get_latest_image(request))?;
        return record.name.parse().map_err(|error| usage(&error));
    }
    let image: ImageName = args.image.parse().map_err(|error| usage(&error))?;
    if args.from.is_none() {
        let server = context.imaged()?;
        let request = GetImageRequest { name: image.to_string() };
        context.call(&server, server.images().get_image(request))?;
    }
    Ok(image)
}

/// Makes the row of results for the written disk image.
fn result(published: &DiskFile) -> FolderResultDocument<'_> {
    const GIB: u64 = 1 << 30;
    FolderResultDocument {
        account_name: "local",
        region: "local",
        snapshot_id: "",
        ami_id: "",
        size: published.size.div_ceil(GIB),
        error: "",
        manifest: &published.manifest,
        via: "local",
        identity: "bits",
        parent: None,
        blocks_put: published.copied.div_ceil(SNAPSHOT_BLOCK_LEN),
        phase_ms: FolderPhasesDocument {
            unpack: published.unpack_time.as_millis(),
            capture: published.copy_time.as_millis(),
        },
        path: &published.path,
    }
}
