//! The files of a volume on this machine, found by their paths on it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use patch::volume_tree::{LockedVolume, VolumeTree};
use quick_cache::sync::Cache;
use store::StoreError;
use wire::manifest::Inode;
use wire::name::ImageName;

use super::images::LoadedImage;
use super::names::Image;
use crate::MountError;

/// Limit on files kept open at once.
const OPEN_MAX: usize = 64;

/// A volume whose files a mount shows. While this value lives, its lock keeps everybody from patching the volume.
#[derive(Debug)]
pub struct VolumeFiles {
    /// Name of the image that the volume should hold, and the tree that is really on the volume.
    loaded: Arc<LoadedImage>,
    files: Cache<u32, Arc<File>>,
    volume: LockedVolume,
}

impl VolumeFiles {
    /// Shows the tree of a mounted volume under the name of an image.
    pub fn new(name: ImageName, tree: VolumeTree, volume: LockedVolume) -> Self {
        let manifest = tree.manifest;
        let digest = manifest.digest();
        let image = Image { name, manifest: digest, created_at_ms: 0, is_disk: false };
        let loaded = Arc::new(LoadedImage { image, manifest, disk: None });
        Self { loaded, files: Cache::new(OPEN_MAX), volume }
    }

    /// Returns the volume's tree, as an image of the name given to [`Self::new`].
    pub fn loaded(&self) -> &Arc<LoadedImage> {
        &self.loaded
    }

    /// Returns a file of the volume. Opens the file, unless it is still open.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn file(&self, inode: &Inode<'_>) -> Result<Arc<File>, MountError> {
        self.files.get_or_insert_with(&inode.index(), || {
            let (node, manifest) = (inode.first_node(), &self.loaded.manifest);
            let folder = manifest.path(manifest.inode(manifest.parent(node)).first_node());
            let directory = self.volume.root().open_beneath(&folder);
            let directory = directory.map_err(StoreError::tree("open directory", &folder))?;
            let file = directory.open_file(manifest.name(node));
            Ok(Arc::new(file.map_err(StoreError::tree("open", &manifest.path(node)))?))
        })
    }

    /// Reads at most `len` bytes of a file and hands them to `done`.
    ///
    /// # Errors
    /// Errors of the volume; a file that is shorter than its inode says.
    pub fn read<T>(
        &self,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        done: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, MountError> {
        let file = self.file(inode)?;
        let rest = inode.size().saturating_sub(offset);
        let mut bytes = vec![0; rest.min(u64::from(len)) as usize];
        file.read_exact_at(&mut bytes, offset).map_err(|error| {
            let path = self.loaded.manifest.path(inode.first_node());
            StoreError::tree("read", &path)(error)
        })?;
        Ok(done(&bytes))
    }
}
