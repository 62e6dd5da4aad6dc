//! What a mount shows, in our words: names, attributes, directories, content. The adapter to FUSE asks
//! here, and so do tests.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::UNIX_EPOCH;

use wire::manifest::{Inode, NodeId};

use super::attributes::{Attributes, BLOCK_LEN, FileKind};
use super::content::Content;
use super::images::{Images, Loaded};
use super::ino::{Numbering, Place};
use super::names::{Entry, Names, ROOT_FOLDER};
use crate::error::UnpackError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Nothing has the name or number.
    #[error("nothing there")]
    Missing,
    /// It is of another kind.
    #[error("not a directory, or not a file")]
    WrongKind,
    /// It could not be read.
    #[error(transparent)]
    Failed(#[from] UnpackError),
}

/// How long the kernel may believe an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// For ever: it is inside an image.
    Forever,
    /// Until it is told otherwise, or a second has passed.
    Briefly,
    /// Not at all: whoever looks at it is asked to ask. It is a directory, and that is all that is sure.
    Never,
}

/// One name in a directory, and what it leads to.
#[derive(Debug)]
pub struct Listed<'a> {
    /// The inode's number.
    pub number: u64,
    /// The name.
    pub name: &'a [u8],
    /// Its attributes.
    pub attributes: Attributes,
    /// How long the name leads there.
    pub lasting: Lasting,
}

/// What a filesystem says of its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Blocks of [`BLOCK_LEN`] in use; none is free.
    pub blocks: u64,
    /// Inodes in use; none is free.
    pub inodes: u64,
}

/// All that a mount shows.
#[derive(Debug)]
pub struct View {
    numbering: Numbering,
    names: Arc<RwLock<Names>>,
    images: Images,
    content: Content,
}

impl View {
    /// Shows images by their names.
    pub fn new(
        numbering: Numbering,
        names: Arc<RwLock<Names>>,
        images: Images,
        content: Content,
    ) -> Self {
        Self { numbering, names, images, content }
    }

    /// Returns how many frames have been decoded.
    pub fn decoded(&self) -> u64 {
        self.content.decoded()
    }

    fn names(&self) -> RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, number: u64) -> Result<Place, ViewError> {
        self.numbering.place(number).ok_or(ViewError::Missing)
    }

    fn loaded(&self, ordinal: u32) -> Result<Arc<Loaded>, ViewError> {
        let found = self.images.get(ordinal).inspect_err(|error| {
            if let Some(image) = self.names().image(ordinal) {
                let (image, object) = (&image.name, &image.manifest);
                tracing::error!(%image, %object, "its manifest cannot be read: {error}");
            }
        });
        found?.ok_or(ViewError::Missing)
    }

    /// Calls `work` with an inode of an image.
    fn with_inode<T>(
        &self,
        number: u64,
        work: impl FnOnce(&Loaded, Inode<'_>) -> Result<T, ViewError>,
    ) -> Result<T, ViewError> {
        match self.place(number)? {
            Place::Folder(_) => Err(ViewError::WrongKind),
            Place::Inode { ordinal, inode } => {
                let loaded = self.loaded(ordinal)?;
                if inode >= loaded.manifest.inode_count() {
                    return Err(ViewError::Missing);
                }
                work(&loaded, loaded.manifest.inode(inode))
            }
        }
    }

    fn folder_attributes(&self, folder: u32) -> Result<Attributes, ViewError> {
        let names = self.names();
        let (_, changed) = names.about(folder).ok_or(ViewError::Missing)?;
        Ok(Attributes::of_folder(changed, names.list(folder).len() as u32))
    }

    /// Returns an inode's attributes, and how long they hold.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn attributes(&self, number: u64) -> Result<(Attributes, Lasting), ViewError> {
        match self.place(number)? {
            Place::Folder(folder) => Ok((self.folder_attributes(folder)?, Lasting::Briefly)),
            Place::Inode { .. } => self.with_inode(number, |loaded, inode| {
                Ok((Attributes::of(&loaded.manifest, &inode), Lasting::Forever))
            }),
        }
    }

    /// Finds a name in a directory, and calls `found` with its number, its attributes, and how long it
    /// leads there.
    ///
    /// # Errors
    /// [`ViewError`]. Of a name that is missing, the second value says for how long.
    pub fn lookup<T>(
        &self,
        directory: u64,
        name: &[u8],
        found: impl FnOnce(u64, &Attributes, Lasting) -> T,
    ) -> Result<T, (ViewError, Lasting)> {
        match self.place(directory).map_err(|error| (error, Lasting::Briefly))? {
            Place::Folder(folder) => {
                let find = || {
                    let text = std::str::from_utf8(name).map_err(|_| ViewError::Missing)?;
                    let entry = self.names().find(folder, text).ok_or(ViewError::Missing)?;
                    let number = self.entry(name, entry)?.number;
                    Ok(found(number, &self.attributes(number)?.0, Lasting::Briefly))
                };
                find().map_err(|error| (error, Lasting::Briefly))
            }
            Place::Inode { ordinal, .. } => {
                let result = self.with_inode(directory, |loaded, inode| {
                    let manifest = &loaded.manifest;
                    let node = manifest.child(inode.index(), name).ok_or(ViewError::Missing)?;
                    let inode = manifest.node_inode(node);
                    let place = Place::Inode { ordinal, inode: inode.index() };
                    let attributes = Attributes::of(manifest, &inode);
                    Ok(found(self.numbering.number(place), &attributes, Lasting::Forever))
                });
                result.map_err(|error| (error, Lasting::Forever))
            }
        }
    }

    /// What a name above the images leads to. A list of a thousand images must not read their manifests.
    fn entry<'a>(&self, name: &'a [u8], entry: Entry) -> Result<Listed<'a>, ViewError> {
        let (place, attributes, lasting) = match entry {
            Entry::Folder(folder) => {
                (Place::Folder(folder), self.folder_attributes(folder)?, Lasting::Briefly)
            }
            Entry::Image(ordinal) => {
                let unknown = Attributes::of_folder(UNIX_EPOCH, 0);
                (Place::Inode { ordinal, inode: 0 }, unknown, Lasting::Never)
            }
        };
        let number = self.numbering.number(place);
        Ok(Listed { number, name, attributes, lasting })
    }

    fn node<'a>(&self, ordinal: u32, loaded: &'a Loaded, node: NodeId) -> Listed<'a> {
        let inode = loaded.manifest.node_inode(node);
        let place = Place::Inode { ordinal, inode: inode.index() };
        Listed {
            number: self.numbering.number(place),
            name: loaded.manifest.name(node),
            attributes: Attributes::of(&loaded.manifest, &inode),
            lasting: Lasting::Forever,
        }
    }

    /// Returns the number of the directory that a directory is in; the root is in itself.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn parent(&self, directory: u64) -> Result<u64, ViewError> {
        let place = match self.place(directory)? {
            Place::Folder(folder) => {
                Place::Folder(self.names().about(folder).map_or(ROOT_FOLDER, |(parent, _)| parent))
            }
            Place::Inode { ordinal, inode: 0 } => match self.numbering {
                Numbering::One => Place::Inode { ordinal, inode: 0 },
                Numbering::All => Place::Folder(self.names().folder_of(ordinal)),
            },
            Place::Inode { ordinal, .. } => {
                let parent = self.with_inode(directory, |loaded, inode| {
                    Ok(loaded.manifest.parent(inode.first_node()))
                })?;
                Place::Inode { ordinal, inode: parent }
            }
        };
        Ok(self.numbering.number(place))
    }

    /// Calls `each` with the names of a directory from the `skip`-th on, until it answers true: it has no
    /// room for more.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn list(
        &self,
        directory: u64,
        skip: usize,
        each: &mut dyn FnMut(usize, &Listed<'_>) -> bool,
    ) -> Result<(), ViewError> {
        match self.place(directory)? {
            Place::Folder(folder) => {
                let names = self.names().list(folder);
                for (position, (name, entry)) in names.iter().enumerate().skip(skip) {
                    match self.entry(name.as_bytes(), *entry) {
                        Ok(listed) if each(position, &listed) => return Ok(()),
                        Ok(_) => {}
                        // Whoever looks at it is told; the others are there nevertheless.
                        Err(error) => tracing::warn!(name, "left out of a listing: {error}"),
                    }
                }
                Ok(())
            }
            Place::Inode { ordinal, .. } => self.with_inode(directory, |loaded, inode| {
                if !inode.is_directory() {
                    return Err(ViewError::WrongKind);
                }
                let nodes = loaded.manifest.children(inode.index());
                for (position, node) in nodes.enumerate().skip(skip) {
                    if each(position, &self.node(ordinal, loaded, node)) {
                        break;
                    }
                }
                Ok(())
            }),
        }
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

    /// Calls `found` with a file and what it is in.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn file<T>(
        &self,
        number: u64,
        found: impl FnOnce(&Loaded, &Inode<'_>) -> T,
    ) -> Result<T, ViewError> {
        self.with_inode(number, |loaded, inode| match FileKind::of(&inode) {
            FileKind::Regular => Ok(found(loaded, &inode)),
            _ => Err(ViewError::WrongKind),
        })
    }

    /// Reads at most `len` bytes of a file and hands them to `done`. What fails is logged with the file's
    /// and the object's name.
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
        self.with_inode(number, |loaded, inode| {
            if !inode.is_regular() {
                return Err(ViewError::WrongKind);
            }
            self.content.read(loaded, &inode, offset, len, done).map_err(|error| {
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

    /// Calls `found` with the value of an extended attribute: of the image, or one of ours.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn xattr<T>(
        &self,
        number: u64,
        name: &[u8],
        found: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, ViewError> {
        self.with_inode(number, |loaded, inode| {
            if let Some(value) = virtual_xattr(loaded, &inode, name) {
                return Ok(found(value.as_bytes()));
            }
            let value = inode.xattrs().find(|(found, _)| *found == name).map(|(_, value)| value);
            value.map(found).ok_or(ViewError::Missing)
        })
    }

    /// Returns the names of an inode's extended attributes, each with a NUL behind it: those of the image,
    /// so that a copy has no others.
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

    /// Returns the size of the image that an inode is in; above the images, nothing.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn size(&self, number: u64) -> Result<Size, ViewError> {
        match self.place(number)? {
            Place::Folder(_) => Ok(Size::default()),
            Place::Inode { .. } => self.with_inode(number, |loaded, _| {
                let manifest = &loaded.manifest;
                let blocks = (0..manifest.inode_count())
                    .map(|index| Attributes::of(manifest, &manifest.inode(index)).blocks)
                    .sum::<u64>()
                    / (BLOCK_LEN / 512);
                Ok(Size { blocks, inodes: u64::from(manifest.inode_count()) })
            }),
        }
    }
}

/// Attributes of ours, which win over an image's of the same name: whoever asks must not be deceived.
fn virtual_xattr(loaded: &Loaded, inode: &Inode<'_>, name: &[u8]) -> Option<String> {
    match name {
        b"user.imprint.digest" => inode.digest().map(|digest| digest.to_string()),
        b"user.imprint.image" if inode.index() == 0 => Some(loaded.image.name.to_string()),
        b"user.imprint.manifest" if inode.index() == 0 => Some(loaded.image.manifest.to_string()),
        _ => None,
    }
}
