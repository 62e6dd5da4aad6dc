//! `publish-cli publish --via local`: from an image to a disk image and a record of it.
//!
//! ```text
//! add (--from) → lease → unpack → capture → read the volume → confirm → release → publish the file
//! ```
//!
//! The file is written without its name and gets it only after the confirmation that the volume
//! stayed captured while it was read. A disk image needs no volume: its blocks are fetched and written.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use wire::ErrorClass;
use wire::document::UnpackDocument;
use wire::name::{ImageName, StreamName};
use wire::proto::{GetImageRequest, GetLatestImageRequest, ImageRecord, UnpackReport};
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use super::image_content::Fetched;
use super::leased_volume::LeasedVolume;
use super::{aws, image_add, unpacker};
use crate::cli::{DiskFormat, PublishArgs};
use crate::context::{Context, holder};
use crate::failure::Failure;

/// How long to wait for another operation on the volume.
pub(super) const WAIT: Duration = Duration::from_secs(60);

/// What was published.
#[derive(Debug, Clone)]
pub(super) struct Published {
    pub path: PathBuf,
    pub manifest: String,
    pub size: u64,
    /// Bytes that were read from the volume: those that are not zeros.
    pub copied: u64,
    pub unpack: UnpackReport,
    pub unpack_time: Duration,
    pub copy_time: Duration,
}

/// Returns the folder for a disk image, or nothing for AMIs; refuses options that are of the other.
fn folder(args: &PublishArgs) -> anyhow::Result<Option<&Path>> {
    let is_for_aws = !args.aws.targets.is_empty() || args.aws.target_list.is_some();
    let out = match (&args.out, args.via.as_deref()) {
        (Some(_), Some("local") | None) if is_for_aws => {
            return Err(Failure::usage(
                "--out writes a disk image here, and --target means AMIs: one of them",
            ));
        }
        (None, None) if !is_for_aws => {
            return Err(Failure::usage(
                "where to? --out DIR for a disk image, or --target ACCOUNT/REGION for AMIs",
            ));
        }
        (Some(out), Some("local") | None) => out,
        _ if args.format != DiskFormat::Raw => {
            return Err(Failure::usage("--format is of disk images, with --out: leave it out"));
        }
        _ => return Ok(None),
    };
    if let Some(option) = args.aws.of_amis() {
        return Err(Failure::usage(format!(
            "{option} is of AMIs, and --out writes a disk image here: leave one of them out"
        )));
    }
    Ok(Some(out))
}

/// Runs `publish`.
pub(super) fn run(context: &Context, args: &PublishArgs) -> anyhow::Result<u8> {
    let Some(out) = folder(args)? else {
        return aws::publish(context, &resolve(context, args)?, args);
    };
    let image = resolve(context, args)?;
    if let Some(source) = &args.from
        && !args.dry_run
    {
        let added = image_add::add_plain(context, &image, source, args.arch, &|_, _| Ok(()))?;
        context.output.note(&format!("added {image} ({})", added.manifest));
    }
    let record = record(context, &image, args.dry_run && args.from.is_some())?;
    if let Some(record) = record.as_ref().filter(|record| record.kind != "disk" && !args.no_boot) {
        check_boots(&image, record)?;
    }
    let disk = record.filter(|record| record.kind == "disk");
    if args.dry_run && disk.is_some() {
        let target = file_path(out, &image, args.format);
        let document = json!({"image": image.as_str(), "dry_run": true, "path": target});
        context.output.result(document, || format!("would write {}", target.display()))?;
        return Ok(0);
    }
    if args.dry_run {
        let server = context.unpackd()?;
        let how = unpacker::How { wait: WAIT, verify: "auto", dry_run: true };
        let report = unpacker::unpack(context, &server, &image, &holder(), how)?;
        context.output.result(
            serde_json::to_value(UnpackDocument::from(report.clone()))?,
            || {
                let target = file_path(out, &image, args.format);
                format!("would unpack {image} and write {}", target.display())
            },
        )?;
        return Ok(0);
    }
    let how = Local { out, format: args.format, no_boot: args.no_boot, steal: args.aws.steal };
    let published = match disk {
        Some(record) => local_disk(context, &image, record, how)?,
        None => local(context, &image, how)?,
    };
    let results = results_json(&published);
    let text = serde_json::to_string_pretty(&results)?;
    write_file(&published.path.with_extension("json"), text.as_bytes())?;
    if let Some(path) = &args.results {
        write_file(path, text.as_bytes())?;
    }
    context.output.result(json!({"image": image.as_str(), "results": results}), || {
        format!(
            "published {image} ({}) as {}: {} of data in {}",
            published.manifest,
            published.path.display(),
            format_len(published.copied),
            format_len(published.size)
        )
    })?;
    Ok(0)
}

/// Finds the image's name: `STREAM/LEAF`, or `STREAM@latest`.
fn resolve(context: &Context, args: &PublishArgs) -> anyhow::Result<ImageName> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    if let Some(stream) = args.image.strip_suffix("@latest") {
        if args.from.is_some() {
            return Err(Failure::usage("--from needs a name to add the image by, not @latest"));
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

/// How to publish as a disk image.
#[derive(Clone, Copy)]
pub(super) struct Local<'a> {
    /// The folder.
    pub out: &'a Path,
    /// The disk image's format.
    pub format: DiskFormat,
    /// Whether it need not boot.
    pub no_boot: bool,
    /// Whether to take the volume over from whoever holds it.
    pub steal: bool,
}

/// Publishes an image as a disk image in a folder.
pub(super) fn local(
    context: &Context,
    image: &ImageName,
    how: Local<'_>,
) -> anyhow::Result<Published> {
    let Local { out, format, no_boot, steal } = how;
    std::fs::create_dir_all(out).with_context(|| format!("create folder {}", out.display()))?;
    let volume = LeasedVolume::take(context, image.stream(), steal)?;
    let started = Instant::now();
    let unpack = volume.unpack(image)?;
    let unpack_time = started.elapsed();
    let started = Instant::now();
    let captured = volume.capture(&unpack.manifest, no_boot, false)?;
    let file = tempfile::NamedTempFile::new_in(out)
        .with_context(|| format!("create a file in {}", out.display()))?;
    let copied = volume.read(captured.epoch, None, file.as_file())?;
    file.as_file().sync_all()?;
    volume.confirm(captured.epoch)?;
    Ok(Published {
        path: put_in_place(file, out, image, format)?,
        manifest: captured.manifest,
        size: captured.size,
        copied,
        unpack,
        unpack_time,
        copy_time: started.elapsed(),
    })
}

/// Refuses a tree that cannot boot, before anything is patched: its record says so.
fn check_boots(image: &ImageName, record: &ImageRecord) -> anyhow::Result<()> {
    let facts = record.facts.clone().unwrap_or_default();
    if facts.boot_problem.is_empty() || !facts.boot_modes.is_empty() {
        return Ok(());
    }
    let message =
        format!("{image} cannot boot: {}; --no-boot publishes it all the same", facts.boot_problem);
    Err(Failure::error(ErrorClass::Refused, message))
}

/// Returns an image's record; nothing where the image is only going to be added.
pub(super) fn record(
    context: &Context,
    image: &ImageName,
    may_be_missing: bool,
) -> anyhow::Result<Option<ImageRecord>> {
    let server = context.imaged()?;
    let request = GetImageRequest { name: image.to_string() };
    match context.call(&server, server.images().get_image(request)) {
        Ok(record) => Ok(Some(record)),
        Err(_) if may_be_missing => Ok(None),
        Err(error) => Err(error),
    }
}

/// Publishes a disk image in a folder: nothing is patched, its blocks are written.
fn local_disk(
    context: &Context,
    image: &ImageName,
    record: ImageRecord,
    how: Local<'_>,
) -> anyhow::Result<Published> {
    let started = Instant::now();
    let out = how.out;
    std::fs::create_dir_all(out).with_context(|| format!("create folder {}", out.display()))?;
    let mut fetched = Fetched::new(context, Some(out))?;
    let map = fetched.disk(context, image)?;
    let store = fetched.blocks(context, image, &map, |_| true)?;
    let file = tempfile::NamedTempFile::new_in(out)
        .with_context(|| format!("create a file in {}", out.display()))?;
    store::export::disk::write(&map, store.as_ref(), file.as_file())?;
    file.as_file().sync_all()?;
    Ok(Published {
        path: put_in_place(file, out, image, how.format)?,
        manifest: record.manifest,
        size: map.disk_len(),
        copied: map.objects().count() as u64 * SNAPSHOT_BLOCK_LEN,
        unpack: UnpackReport::default(),
        unpack_time: Duration::ZERO,
        copy_time: started.elapsed(),
    })
}

/// Gives a disk's file its format and its name, durably.
fn put_in_place(
    file: tempfile::NamedTempFile,
    out: &Path,
    image: &ImageName,
    format: DiskFormat,
) -> anyhow::Result<PathBuf> {
    let path = file_path(out, image, format);
    let file = match format {
        DiskFormat::Raw => file,
        DiskFormat::Qcow2 => to_qcow2(&file, out)?,
    };
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(&path).with_context(|| format!("write {}", path.display()))?;
    File::open(out)?.sync_all()?;
    Ok(path)
}

fn to_qcow2(raw: &tempfile::NamedTempFile, out: &Path) -> anyhow::Result<tempfile::NamedTempFile> {
    let target = tempfile::NamedTempFile::new_in(out)?;
    let output = Command::new("qemu-img")
        .args(["convert", "-f", "raw", "-O", "qcow2"])
        .arg(raw.path())
        .arg(target.path())
        .output()
        .context("run qemu-img: install the package qemu-utils, or use --format raw")?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::error(ErrorClass::Internal, format!("qemu-img failed: {problem}")));
    }
    target.as_file().sync_all()?;
    Ok(target)
}

fn file_path(out: &Path, image: &ImageName, format: DiskFormat) -> PathBuf {
    let extension = match format {
        DiskFormat::Raw => "raw",
        DiskFormat::Qcow2 => "qcow2",
    };
    out.join(format!("{}.{extension}", image.as_str().replace('/', "_")))
}

/// Writes a small file so that it appears whole.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // A link stays one; what is no file, such as /dev/stdout, is written to and not replaced.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let file = File::options().write(true).open(path);
        let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, bytes));
        return written.with_context(|| format!("write {}", path.display()));
    }
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.as_file().sync_all()?;
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(path).with_context(|| format!("write {}", path.display()))?;
    Ok(())
}

/// Writes results in the shape that consumers of Dominator's tools know, with what is new beside.
fn results_json(published: &Published) -> Value {
    const GIB: u64 = 1 << 30;
    json!([{
        "AccountName": "local",
        "Region": "local",
        "SnapshotId": "",
        "AmiId": "",
        "Size": published.size.div_ceil(GIB),
        "Error": "",
        "Manifest": published.manifest,
        "Via": "local",
        "Identity": "bits",
        "Parent": null,
        "BlocksPut": published.copied.div_ceil(SNAPSHOT_BLOCK_LEN),
        "PhaseMs": {
            "unpack": published.unpack_time.as_millis(),
            "capture": published.copy_time.as_millis(),
        },
        "Path": published.path,
    }])
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests {
    use super::*;

    #[test]
    fn results_replace_files_alone() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "old").unwrap();
        std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
        write_file(&at("link"), b"new").unwrap();
        assert!(std::fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(std::fs::read(at("file")).unwrap(), b"new");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        let (pipe, path) = (at("pipe"), at("pipe"));
        let reader = std::thread::spawn(move || std::fs::read(pipe).unwrap());
        write_file(&path, b"told").unwrap();
        assert_eq!(reader.join().unwrap(), b"told");
        assert!(!std::fs::metadata(path).unwrap().is_file());
    }
}
