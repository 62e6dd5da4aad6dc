//! `publish-cli image save` and `image load`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;
use publisher::bundle::{self, LoadResult, SavedBundle};
use publisher::whole_file::WholeFile;
use rpc::exit;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::units::{format_count, format_len};

use crate::context::Context;
use crate::document::{BundleDocument, LoadDocument, LoadedImageDocument};
use crate::failure::Failure;

pub(super) fn save(context: &Context, names: &[ImageName], file: &Path) -> anyhow::Result<u8> {
    let client = context.client()?;
    if file == Path::new("-") {
        // The output is content of its own, so there is no document.
        bundle::save(client, names, BufWriter::new(std::io::stdout().lock()))?;
        return Ok(exit::DONE);
    }
    if file.exists() {
        let message = format!("{} exists: name another file, or remove it", file.display());
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let whole = WholeFile::beside(file)?;
    let mut writer = BufWriter::with_capacity(1 << 20, whole.file());
    let saved = bundle::save(client, names, &mut writer)?;
    writer.flush().with_context(|| format!("write {}", file.display()))?;
    drop(writer);
    whole.put(file)?;
    tell_saved(context, file, &saved)
}

fn tell_saved(context: &Context, file: &Path, saved: &SavedBundle) -> anyhow::Result<u8> {
    let SavedBundle { images, objects, bytes } = saved;
    let document = BundleDocument {
        file,
        images: images.iter().map(|record| record.name.as_str()).collect(),
        objects: *objects,
        bytes: *bytes,
    };
    context.output.document(&document, || {
        format!(
            "saved {} as {} in {}",
            format_count(images.len() as u64, "image"),
            format_len(*bytes),
            file.display()
        )
    })?;
    Ok(exit::DONE)
}

pub(super) fn load(context: &Context, file: &Path, dry_run: bool) -> anyhow::Result<u8> {
    let client = context.client()?;
    let loaded = if file == Path::new("-") {
        bundle::load(client, std::io::stdin().lock(), dry_run)?
    } else {
        let open = File::open(file).with_context(|| format!("open {}", file.display()))?;
        bundle::load(client, open, dry_run)?
    };
    let word = |result| match result {
        LoadResult::Added => "added",
        LoadResult::Present => "present",
        LoadResult::Expired => "expired",
        LoadResult::Verified => "verified",
    };
    let images = loaded.iter().map(|image| LoadedImageDocument {
        name: &image.record.name,
        manifest: &image.record.manifest,
        result: word(image.result),
    });
    let document = LoadDocument { images: images.collect(), dry_run };
    context.output.document(&document, || {
        let line = |image: &bundle::LoadedImage| match image.result {
            LoadResult::Added => format!("added {}", image.record.name),
            LoadResult::Present => format!("was there already: {}", image.record.name),
            LoadResult::Expired => format!("had expired, and was left out: {}", image.record.name),
            LoadResult::Verified => format!("verified {}", image.record.name),
        };
        loaded.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(exit::DONE)
}
