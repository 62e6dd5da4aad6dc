//! Keeps the last opened directory. Callers go through nodes directory by directory, so each directory is opened once.

use sysio::Dir;
use wire::Manifest;

use crate::PatchError;

/// Opens a tree's directories, and keeps the last one open.
#[derive(Debug)]
pub(crate) struct DirectoryCursor<'a> {
    root: &'a Dir,
    manifest: &'a Manifest,
    last: Option<(u32, Dir)>,
}

impl<'a> DirectoryCursor<'a> {
    pub(crate) fn new(root: &'a Dir, manifest: &'a Manifest) -> Self {
        Self { root, manifest, last: None }
    }

    /// Returns a directory by its inode in the manifest; opens it unless it was the last one.
    pub(crate) fn at(&mut self, directory: u32) -> Result<&Dir, PatchError> {
        let dir = match self.last.take() {
            Some((open, dir)) if open == directory => dir,
            _ => open_directory(self.root, self.manifest, directory)?,
        };
        Ok(&self.last.insert((directory, dir)).1)
    }
}

/// Opens a directory by its inode in the manifest, below `root`.
pub(crate) fn open_directory(
    root: &Dir,
    manifest: &Manifest,
    directory: u32,
) -> Result<Dir, PatchError> {
    let path = manifest.path(manifest.inode(directory).first_node());
    Ok(root.open_beneath(&path).map_err(store::StoreError::tree("open directory", &path))?)
}
