//! Writes a manifest's tree into an empty directory.

use std::path::Path;

use sysio::Dir;
use sysio::file::CacheMode;
use wire::manifest::tree::Scatter;
use wire::manifest::{Inode, Manifest, ROOT_NODE};

use super::Source;
use crate::Refusal;
use crate::error::StoreError;
use crate::inode::{Birth, InodeRef, PriorAttributes, create, set_attributes};

/// Writes the whole tree into `path`, which must be empty; creates `path` if it is missing.
///
/// # Errors
/// [`StoreError::Refused`] if the directory is not empty; errors of the source and of writing.
pub fn write(manifest: &Manifest, source: &dyn Source, path: &Path) -> Result<(), StoreError> {
    let root = Dir::create_all(path).map_err(StoreError::io("create folder", path))?;
    if !root.names().map_err(StoreError::io("list", path))?.is_empty() {
        return Err(Refusal::FolderNotEmpty(path.to_owned()).into());
    }
    for index in 0..manifest.inode_count() {
        let directory = manifest.inode(index);
        if directory.is_directory() {
            fill(manifest, source, &root, directory)?;
        }
    }
    // Set the attributes of directories last, the deepest first, when nothing below them changes
    // any more.
    for index in (0..manifest.inode_count()).rev() {
        let directory = manifest.inode(index);
        if directory.is_directory() {
            let (parent, name) = place(manifest, &root, directory)?;
            let target = InodeRef::Name(&parent, &name);
            set_attributes(target, directory, PriorAttributes::Fresh(Birth::Hidden))
                .map_err(StoreError::tree("set attributes of", &name))?;
        }
    }
    root.sync_filesystem().map_err(StoreError::io("sync", path))
}

/// Opens the directory that holds an inode's first name, and returns it with that name.
fn place(manifest: &Manifest, root: &Dir, inode: Inode<'_>) -> Result<(Dir, Vec<u8>), StoreError> {
    let node = inode.first_node();
    if node == ROOT_NODE {
        return Ok((root.reopen().map_err(StoreError::tree("open", b""))?, b".".to_vec()));
    }
    let path = manifest.path(manifest.inode(manifest.parent(node)).first_node());
    let parent = root.open_beneath(&path).map_err(StoreError::tree("open directory", &path))?;
    Ok((parent, manifest.name(node).to_vec()))
}

/// Creates every entry of one directory; subdirectories stay empty.
fn fill(
    manifest: &Manifest,
    source: &dyn Source,
    root: &Dir,
    directory: Inode<'_>,
) -> Result<(), StoreError> {
    let path = manifest.path(directory.first_node());
    let dir = root.open_beneath(&path).map_err(StoreError::tree("open directory", &path))?;
    for node in manifest.children(directory.index()) {
        let (inode, name) = (manifest.node_inode(node), manifest.name(node));
        let path = manifest.path(node);
        if inode.first_node() != node {
            let (first_dir, first_name) = place(manifest, root, inode)?;
            dir.link(name, &first_dir, &first_name).map_err(StoreError::tree("link", &path))?;
            continue;
        }
        create(&dir, name, inode, Birth::Hidden).map_err(StoreError::tree("create", &path))?;
        if inode.is_regular() {
            write_file(&dir, name, inode, source, &path)?;
        }
        if !inode.is_directory() {
            let target = InodeRef::Name(&dir, name);
            set_attributes(target, inode, PriorAttributes::Fresh(Birth::Hidden))
                .map_err(StoreError::tree("set attributes of", &path))?;
        }
    }
    Ok(())
}

/// Writes a file's data, and leaves its holes unwritten.
fn write_file(
    dir: &Dir,
    name: &[u8],
    inode: Inode<'_>,
    source: &dyn Source,
    path: &[u8],
) -> Result<(), StoreError> {
    let file = dir
        .open_file_for_writing(name, CacheMode::Cached)
        .map_err(StoreError::tree("open", path))?;
    let mut scatter = Scatter::new(inode.size(), &inode.holes());
    if let Some(digest) = inode.digest() {
        source.content(&digest, &mut |piece| {
            scatter.place(piece, |offset, part| {
                sysio::file::write_all_at(&file, part, offset)
                    .map_err(StoreError::tree("write", path))
            })
        })?;
    }
    sysio::file::set_len(&file, inode.size()).map_err(StoreError::tree("set length of", path))
}
