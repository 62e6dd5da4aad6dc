//! Commands that need an image's content: `cat`, `get`, and what `diff` reads.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use store::export::Source;
use store::{ImageContent, Store};
use transfer::fetch::Remote;
use wire::ErrorClass;
use wire::Manifest;
use wire::blockmap::BlockMap;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;

use crate::context::{Context, Server};
use crate::failure::Failure;

/// Content that was fetched into a store of its own, which is gone when this value is.
pub(super) struct Fetched {
    server: Server,
    remote: Remote,
    folder: tempfile::TempDir,
    store: Option<Arc<Store>>,
}

impl Fetched {
    /// Prepares to fetch. The store is made beside `near`, or where temporary files are.
    pub(super) fn new(context: &Context, near: Option<&Path>) -> anyhow::Result<Self> {
        let server = context.imaged()?;
        let runtime = context.runtime.handle().clone();
        let remote = Remote::new(server.address.clone(), server.channel.clone(), runtime);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".imprint-fetch-");
        let folder = match near {
            Some(path) => builder.tempdir_in(path)?,
            None => builder.tempdir()?,
        };
        Ok(Self { server, remote, folder, store: None })
    }

    fn store(&mut self, algorithm: Algorithm) -> anyhow::Result<Arc<Store>> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let store = Arc::new(Store::open_or_create(self.folder.path(), algorithm)?);
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    /// Fetches objects of an image that are not here yet.
    pub(super) fn objects(
        &mut self,
        context: &Context,
        image: &ImageName,
        digests: &[Digest],
    ) -> anyhow::Result<Arc<Store>> {
        let algorithm = digests.first().map_or(Algorithm::Sha256, Digest::algorithm);
        let store = self.store(algorithm)?;
        let missing: std::collections::BTreeSet<Digest> =
            digests.iter().filter(|digest| !store.is_complete(digest)).copied().collect();
        let missing: Vec<Digest> = missing.into_iter().collect();
        if !missing.is_empty() {
            let shown = context.output.progress(&format!("fetching {image}"));
            let batch = store.begin()?;
            self.remote.fetch(image, &missing, &batch, &|done, total| {
                shown.update("fetching", done, total, false);
            })?;
            batch.commit()?;
        }
        Ok(store)
    }

    /// Fetches what an image's digest names: a manifest or a block map.
    pub(super) fn content(
        &mut self,
        context: &Context,
        image: &ImageName,
    ) -> anyhow::Result<ImageContent> {
        let record = self.remote.image(image)?;
        let digest: Digest = record.manifest.parse().map_err(|error| {
            Failure::error(
                ErrorClass::Damaged,
                format!("{}: the record of {image}: {error}", self.server.address),
            )
        })?;
        let store = self.objects(context, image, &[digest])?;
        Ok(ImageContent::load(&store, &digest)?)
    }

    /// Fetches an image's manifest.
    pub(super) fn manifest(
        &mut self,
        context: &Context,
        image: &ImageName,
    ) -> anyhow::Result<Manifest> {
        match self.content(context, image)? {
            ImageContent::Tree(manifest) => Ok(*manifest),
            ImageContent::Disk(_) => Err(Failure::error(
                ErrorClass::Refused,
                format!("{image} is a disk image: it has blocks, and no files to look at"),
            )),
        }
    }

    /// Fetches a disk image's block map.
    pub(super) fn disk(
        &mut self,
        context: &Context,
        image: &ImageName,
    ) -> anyhow::Result<BlockMap> {
        match self.content(context, image)? {
            ImageContent::Disk(map) => Ok(map),
            ImageContent::Tree(_) => {
                Err(Failure::error(ErrorClass::Refused, format!("{image} is no disk image")))
            }
        }
    }

    /// Fetches a disk image's blocks: all of them, or only some.
    pub(super) fn blocks(
        &mut self,
        context: &Context,
        image: &ImageName,
        map: &BlockMap,
        is_wanted: impl Fn(u32) -> bool,
    ) -> anyhow::Result<Arc<Store>> {
        let wanted = map.objects().filter(|(index, _)| is_wanted(*index));
        let digests: Vec<Digest> = wanted.map(|(_, digest)| digest).collect();
        self.objects(context, image, &digests)
    }
}

/// Runs `image cat`.
pub(super) fn cat(context: &Context, name: &ImageName, path: &str) -> anyhow::Result<u8> {
    let mut fetched = Fetched::new(context, None)?;
    let manifest = fetched.manifest(context, name)?;
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
        let store = fetched.objects(context, name, &[digest])?;
        let mut failure = None;
        let copied = store.content(&digest, &mut |piece| {
            scatter.place(piece, |offset, part| {
                let written = write_zeros(&mut stdout, offset - position)
                    .and_then(|()| stdout.write_all(part));
                position = offset + part.len() as u64;
                written.map_err(|error| {
                    failure = Some(error);
                    store::StoreError::Sink("standard output".to_owned())
                })
            })
        });
        if let Some(error) = failure {
            return Err(error.into());
        }
        copied?;
    }
    write_zeros(&mut stdout, inode.size() - position)?;
    stdout.flush()?;
    Ok(0)
}

fn write_zeros(target: &mut impl Write, len: u64) -> std::io::Result<()> {
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), len), target).map(drop)
}

/// Runs `image get`.
pub(super) fn get(
    context: &Context,
    name: &ImageName,
    dir: Option<&Path>,
    tar: Option<&Path>,
) -> anyhow::Result<u8> {
    let near = dir.and_then(Path::parent).filter(|path| path.is_dir());
    let mut fetched = Fetched::new(context, near)?;
    match (fetched.content(context, name)?, dir) {
        (ImageContent::Tree(manifest), _) => {
            get_tree(context, &mut fetched, name, &manifest, dir, tar)
        }
        (ImageContent::Disk(map), Some(file)) => {
            let store = fetched.blocks(context, name, &map, |_| true)?;
            write_disk(&map, &store, file)?;
            let document = json!({"name": name.as_str(), "bytes": map.disk_len()});
            context.output.result(document, || format!("wrote {name} as {}", file.display()))?;
            Ok(0)
        }
        (ImageContent::Disk(_), None) => {
            Err(Failure::usage(format!("{name} is a disk image: name a file to write it to")))
        }
    }
}

/// Writes a disk beside its place and puts it there once it is whole and durable.
fn write_disk(map: &BlockMap, store: &Store, path: &Path) -> anyhow::Result<()> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("'{}' is there and no file: name another place", path.display());
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder)?;
    store::export::disk::write(map, store, file.as_file())?;
    file.as_file().sync_all()?;
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(path)?;
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn get_tree(
    context: &Context,
    fetched: &mut Fetched,
    name: &ImageName,
    manifest: &Manifest,
    dir: Option<&Path>,
    tar: Option<&Path>,
) -> anyhow::Result<u8> {
    let digests: Vec<Digest> = manifest.data_objects().map(|(digest, _)| digest).collect();
    let digests: Vec<Digest> =
        digests.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let store = fetched.objects(context, name, &digests)?;
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
        (None, None) => return Err(Failure::usage("name a directory or --tar")),
    };
    for path in &left_out {
        context.output.note(&format!("left out: '{path}' is a socket, which no tar can hold"));
    }
    let is_stdout = tar.is_some_and(|path| path.as_os_str() == "-");
    if !is_stdout {
        let document =
            json!({"name": name.as_str(), "inodes": manifest.inode_count(), "left_out": left_out});
        context.output.result(document, || format!("wrote {name}"))?;
    }
    Ok(0)
}

/// Writes a tar beside its place and puts it there once it is whole.
fn write_tar(manifest: &Manifest, store: &Arc<Store>, path: &Path) -> anyhow::Result<Vec<String>> {
    // A device, a pipe or a link is written through, never replaced.
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        let file = std::fs::File::options().write(true).open(path)?;
        let mut buffered = std::io::BufWriter::with_capacity(1 << 20, file);
        return Ok(store::export::tar::write(manifest, store.as_ref(), &mut buffered)?);
    }
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut buffered = std::io::BufWriter::with_capacity(1 << 20, file.as_file_mut());
    let left_out = store::export::tar::write(manifest, store.as_ref(), &mut buffered)?;
    drop(buffered);
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(left_out)
}
