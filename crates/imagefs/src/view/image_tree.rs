//! Inodes of images: names, targets, content, extended attributes, sizes.

use std::fs::File;
use std::sync::Arc;

use wire::Manifest;
use wire::manifest::{Inode, NodeId};

use super::super::attributes::{Attributes, BLOCK_LEN, FileKind, Seek, seek};
use super::super::images::LoadedImage;
use super::super::ino::Place;
use super::super::views::document;
use super::{Each, Files, Lifetime, NamedPlace, Size, View, ViewError};

/// Length in bytes from which the kernel may read a file itself: for shorter files, the setup costs more than it saves.
const BACKING_LEN_MIN: u64 = 1 << 20;

impl NamedPlace {
    pub(super) fn of_node(ordinal: u32, manifest: &Manifest, node: NodeId) -> Self {
        let inode = manifest.node_inode(node);
        let place = Place::Inode { ordinal, inode: inode.index() };
        let attributes = Attributes::of(manifest, &inode);
        Self { place, attributes, lasting: Lifetime::Forever }
    }
}

impl View {
    /// Calls `work` with an inode of an image, loading the image if necessary.
    fn with<T>(
        &self,
        ordinal: u32,
        inode: u32,
        work: impl FnOnce(&LoadedImage, Inode<'_>) -> Result<T, ViewError>,
    ) -> Result<T, ViewError> {
        let loaded = self.loaded(ordinal)?;
        if inode >= loaded.manifest.inode_count() {
            return Err(ViewError::Missing);
        }
        work(&loaded, loaded.manifest.inode(inode))
    }

    /// Finds the inode that an inode number stands for, in its image, and calls `work` with it.
    fn with_inode<T>(
        &self,
        number: u64,
        work: impl FnOnce(&LoadedImage, Inode<'_>) -> Result<T, ViewError>,
    ) -> Result<T, ViewError> {
        match self.place(number)? {
            Place::Folder(_) | Place::View(_) | Place::Document(_) => Err(ViewError::WrongKind),
            Place::Inode { ordinal, inode } => self.with(ordinal, inode, work),
            Place::Part { view, side, directory } => {
                self.with(self.part(view, side)?.ordinal, directory, work)
            }
        }
    }

    pub(super) fn inode_attributes(
        &self,
        ordinal: u32,
        inode: u32,
    ) -> Result<Attributes, ViewError> {
        self.with(ordinal, inode, |loaded, inode| Ok(Attributes::of(&loaded.manifest, &inode)))
    }

    pub(super) fn find_inside(
        &self,
        ordinal: u32,
        directory: u32,
        name: &[u8],
    ) -> Result<NamedPlace, ViewError> {
        let found = self.with(ordinal, directory, |loaded, directory| {
            let manifest = &loaded.manifest;
            let node = manifest.child(directory.index(), name);
            Ok(node.map(|node| NamedPlace::of_node(ordinal, manifest, node)))
        })?;
        match found {
            Some(found) => Ok(found),
            None if directory == 0 && name == document::NAME && self.extras.is_some() => {
                self.found(Place::Document(ordinal))
            }
            None => Err(ViewError::Missing),
        }
    }

    pub(super) fn parent_of_inode(&self, ordinal: u32, inode: u32) -> Result<Place, ViewError> {
        if inode == 0 {
            return Ok(self.above_image(ordinal));
        }
        self.with(ordinal, inode, |loaded, inode| {
            Ok(Place::Inode { ordinal, inode: loaded.manifest.parent(inode.first_node()) })
        })
    }

    pub(super) fn list_inside(
        &self,
        ordinal: u32,
        directory: u32,
        skip: usize,
        each: &mut Each<'_>,
    ) -> Result<(), ViewError> {
        self.with(ordinal, directory, |loaded, directory| {
            if !directory.is_directory() {
                return Err(ViewError::WrongKind);
            }
            let manifest = &loaded.manifest;
            let nodes = manifest.children(directory.index());
            for (position, node) in nodes.enumerate().skip(skip) {
                if each(
                    position,
                    manifest.name(node),
                    &NamedPlace::of_node(ordinal, manifest, node),
                ) {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Calls `found` with a symlink's target.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn target<T>(&self, number: u64, found: impl FnOnce(&[u8]) -> T) -> Result<T, ViewError> {
        self.with_inode(number, |_, inode| match inode.is_symlink() {
            true => Ok(found(inode.target())),
            false => Err(ViewError::WrongKind),
        })
    }

    /// Returns the offset of the next data or hole of a file; `None` if there is none before the end of the file.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn seek(&self, number: u64, offset: u64, whence: Seek) -> Result<Option<u64>, ViewError> {
        self.with_inode(number, |loaded, inode| match (FileKind::of(&inode), &loaded.disk) {
            (FileKind::Regular, None) => Ok(seek(inode.size(), &inode.holes(), offset, whence)),
            (FileKind::Regular, Some(disk)) => Ok(disk.seek(inode.index(), offset, whence)),
            _ => Err(ViewError::WrongKind),
        })
    }

    /// Returns a long file, opened on the volume, so that the kernel can read it itself. Returns `None` for a short
    /// file, and for any file if the mount shows no volume.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn backing(&self, number: u64) -> Result<Option<Arc<File>>, ViewError> {
        let Files::Volume(volume) = &self.files else { return Ok(None) };
        self.with_inode(number, |_, inode| match inode.is_regular() {
            true if inode.size() >= BACKING_LEN_MIN => Ok(Some(volume.file(&inode)?)),
            _ => Ok(None),
        })
    }

    /// Reads at most `len` bytes of a file and hands them to `done`. Logs a failure with the names of the file and of
    /// its object.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn read<T>(
        &self,
        number: u64,
        offset: u64,
        len: u32,
        done: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, ViewError> {
        if let Place::Document(ordinal) = self.place(number)? {
            let document = self.document(ordinal)?;
            let rest = document.bytes.get(offset as usize..).unwrap_or_default();
            return Ok(done(&rest[..rest.len().min(len as usize)]));
        }
        self.with_inode(number, |loaded, inode| {
            if !inode.is_regular() {
                return Err(ViewError::WrongKind);
            }
            let read = match &self.files {
                Files::Objects(content) => content.read(loaded, &inode, offset, len, done),
                Files::Volume(volume) => volume.read(&inode, offset, len, done),
            };
            read.map_err(|error| {
                let path = loaded.manifest.path(inode.first_node());
                tracing::error!(
                    image = %loaded.image.name,
                    path = %String::from_utf8_lossy(&path),
                    object = %inode.digest().map(|digest| digest.to_string()).unwrap_or_default(),
                    offset,
                    "read failed: {error}"
                );
                error.into()
            })
        })
    }

    /// Calls `found` with the value of an extended attribute. The attribute belongs to the image, or the mount adds it
    /// (`user.imprint.…`).
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn xattr<T>(
        &self,
        number: u64,
        name: &[u8],
        found: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, ViewError> {
        // A side shows only a part of the image's directory, but the digest is that of the whole directory.
        let is_part = matches!(self.place(number)?, Place::Part { .. });
        self.with_inode(number, |loaded, inode| {
            if let Some(value) = virtual_xattr(loaded, &inode, name).filter(|_| !is_part) {
                return Ok(found(value.as_bytes()));
            }
            let value = inode.xattrs().find(|(found, _)| *found == name).map(|(_, value)| value);
            value.map(found).ok_or(ViewError::Missing)
        })
    }

    /// Returns the names of an inode's extended attributes, each followed by a NUL. Leaves out the attributes that the
    /// mount adds, so that a copy does not get them.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn xattr_names(&self, number: u64) -> Result<Vec<u8>, ViewError> {
        self.with_inode(number, |_, inode| {
            let mut names = Vec::new();
            for (name, _) in inode.xattrs() {
                names.extend_from_slice(name);
                names.push(0);
            }
            Ok(names)
        })
    }

    /// Returns the size of the image that an inode is in; zero above the images.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn size(&self, number: u64) -> Result<Size, ViewError> {
        match self.place(number)? {
            Place::Folder(_) | Place::View(_) | Place::Document(_) => Ok(Size::default()),
            Place::Inode { .. } | Place::Part { .. } => self.with_inode(number, |loaded, _| {
                let manifest = &loaded.manifest;
                // Skips partitions, because their blocks are also blocks of the disk and must be counted only once.
                let is_counted = |index: &u32| {
                    let disk = loaded.disk.as_ref();
                    *index == 0 || disk.is_none_or(|disk| disk.is_whole(*index))
                };
                let blocks = (0..manifest.inode_count())
                    .filter(is_counted)
                    .map(|index| Attributes::of(manifest, &manifest.inode(index)).blocks)
                    .sum::<u64>()
                    / (BLOCK_LEN / 512);
                Ok(Size { blocks, inodes: u64::from(manifest.inode_count()) })
            }),
        }
    }
}

/// Returns the value of an attribute that the mount adds. It takes precedence over an image's attribute of the same
/// name, so that an image cannot forge it.
fn virtual_xattr(loaded: &LoadedImage, inode: &Inode<'_>, name: &[u8]) -> Option<String> {
    match name {
        // The mount makes the manifest of a disk image, so its digests mean nothing outside the mount.
        b"user.imprint.digest" if loaded.disk.is_none() => {
            inode.digest().map(|digest| digest.to_string())
        }
        b"user.imprint.image" if inode.index() == 0 => Some(loaded.image.name.to_string()),
        b"user.imprint.manifest" if inode.index() == 0 => Some(loaded.image.manifest.to_string()),
        _ => None,
    }
}
