//! Commands that fetch an image's content: `cat` and `get`.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use publisher::content::FetchedContent;
use publisher::whole_file::WholeFile;
use rpc::exit;
use store::export::Source;
use store::{ImageContent, Store};
use wire::ErrorClass;
use wire::Manifest;
use wire::blockmap::BlockMap;
use wire::digest::Digest;
use wire::name::ImageName;

use crate::context::Context;
use crate::document::{DiskDocument, TreeDocument};
use crate::failure::Failure;

/// Runs `image cat`; holes are written as zeros.
pub(super) fn cat(context: &Context, name: &ImageName, path: &str) -> anyhow::Result<u8> {
    let mut fetched = FetchedContent::new(context.client()?, None)?;
    let manifest = fetched.manifest(context.client()?, name)?;
    let node = manifest.lookup(path.as_bytes()).ok_or_else(|| {
        Failure::error(ErrorClass::NotFound, format!("image {name} has no '{path}'"))
    })?;
    let inode = manifest.node_inode(node);
    if !inode.is_regular() {
        let hint = match inode.is_symlink() {
            true => format!(": it is a symlink to '{}'", wire::units::show_path(inode.target())),
            false => String::new(),
        };
        return Err(Failure::error(
            ErrorClass::Refused,
            format!("'{path}' in {name} is not a regular file{hint}"),
        ));
    }
    let mut stdout = std::io::stdout().lock();
    let mut position = 0;
    let mut scatter = wire::manifest::tree::Scatter::new(inode.size(), &inode.holes());
    if let Some(digest) = inode.digest() {
        let store = fetched.objects(context.client()?, name, &[digest])?;
        let copied = store.content(&digest, &mut |piece| {
            scatter.place(piece, |offset, part| {
                let written = write_zeros(&mut stdout, offset - position)
                    .and_then(|()| stdout.write_all(part));
                position = offset + part.len() as u64;
                written.map_err(|error| store::StoreError::sink(ErrorClass::of_io(&error), error))
            })
        });
        copied?;
    }
    write_zeros(&mut stdout, inode.size() - position)?;
    stdout.flush()?;
    Ok(exit::DONE)
}

fn write_zeros(target: &mut impl Write, len: u64) -> std::io::Result<()> {
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), len), target).map(drop)
}

/// Runs `image get`, for trees and for disk images.
pub(super) fn get(
    context: &Context,
    name: &ImageName,
    dir: Option<&Path>,
    tar: Option<&Path>,
) -> anyhow::Result<u8> {
    let near = dir.and_then(Path::parent).filter(|path| path.is_dir());
    let mut fetched = FetchedContent::new(context.client()?, near)?;
    match (fetched.content(context.client()?, name)?, dir) {
        (ImageContent::Tree(manifest), _) => {
            get_tree(context, &mut fetched, name, &manifest, dir, tar)
        }
        (ImageContent::Disk(map), Some(file)) => {
            let store = fetched.blocks(context.client()?, name, &map, |_| true)?;
            write_disk(&map, &store, file)?;
            let document = DiskDocument { name: name.as_str(), bytes: map.disk_len() };
            context.output.document(&document, || format!("wrote {name} as {}", file.display()))?;
            Ok(exit::DONE)
        }
        (ImageContent::Disk(_), None) => {
            Err(Failure::usage(format!("{name} is a disk image: name a file to write it to")))
        }
    }
}

/// Writes a disk image under a temporary name and renames it once it is whole and durable.
fn write_disk(map: &BlockMap, store: &Store, path: &Path) -> anyhow::Result<()> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        let message =
            format!("'{}' exists and is not a regular file: choose another path", path.display());
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let file = WholeFile::beside(path)?;
    store::export::disk::write(map, store, file.file())?;
    Ok(file.put(path)?)
}

fn get_tree(
    context: &Context,
    fetched: &mut FetchedContent,
    name: &ImageName,
    manifest: &Manifest,
    dir: Option<&Path>,
    tar: Option<&Path>,
) -> anyhow::Result<u8> {
    let digests: Vec<Digest> = manifest.data_objects().map(|(digest, _)| digest).collect();
    let digests: Vec<Digest> =
        digests.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let store = fetched.objects(context.client()?, name, &digests)?;
    let left_out = match (dir, tar) {
        (Some(dir), _) => {
            store::export::directory::write(manifest, store.as_ref(), dir)?;
            Vec::new()
        }
        (None, Some(path)) if path.as_os_str() == "-" => {
            let mut stdout = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
            store::export::tar::write(manifest, store.as_ref(), &mut stdout)?
        }
        (None, Some(path)) => write_tar(manifest, &store, path)?,
        (None, None) => {
            return Err(Failure::usage(
                "no destination is given: name a directory, or a tar with --tar",
            ));
        }
    };
    for path in &left_out {
        context
            .output
            .note(&format!("'{path}' is left out: it is a socket, and a tar cannot hold sockets"));
    }
    let is_stdout = tar.is_some_and(|path| path.as_os_str() == "-");
    if !is_stdout {
        let (inodes, left_out) = (manifest.inode_count(), &left_out);
        let document = TreeDocument { name: name.as_str(), inodes, left_out };
        context.output.document(&document, || format!("wrote {name}"))?;
    }
    Ok(exit::DONE)
}

/// Writes a tar under a temporary name and renames it once it is whole; returns the paths that a tar cannot hold.
fn write_tar(manifest: &Manifest, store: &Arc<Store>, path: &Path) -> anyhow::Result<Vec<String>> {
    // Write through a device, pipe or link instead of replacing it.
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        let file = std::fs::File::options().write(true).open(path)?;
        let mut buffered = std::io::BufWriter::with_capacity(1 << 20, file);
        return Ok(store::export::tar::write(manifest, store.as_ref(), &mut buffered)?);
    }
    let file = WholeFile::beside(path)?;
    let mut buffered = std::io::BufWriter::with_capacity(1 << 20, file.file());
    let left_out = store::export::tar::write(manifest, store.as_ref(), &mut buffered)?;
    buffered.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.put(path)?;
    Ok(left_out)
}
