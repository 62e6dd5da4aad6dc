//! The tree that a mount shows, without FUSE: names, attributes, directories, content. The adapter to FUSE calls this
//! module, and so do tests.
//!
//! Each submodule answers for one kind of place: `folders` for folders of streams, `image_tree` for images,
//! `diff_views` for virtual views.

mod diff_views;
mod folders;
mod image_tree;

use std::sync::Arc;

use parking_lot::{RwLock, RwLockReadGuard};

use super::attributes::Attributes;
use super::content::Content;
use super::images::{Images, LoadedImage};
use super::ino::{Numbering, Place};
use super::names::Names;
use super::objects::Objects;
use super::views::Views;
use super::views::document::Documents;
use super::views::pairs::Pairs;
use super::volume_files::VolumeFiles;
use crate::MountError;

/// Reason that the tree has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No inode has this name or number.
    #[error("nothing there")]
    Missing,
    /// The call needs an inode of another kind.
    #[error("not a directory, or not a file")]
    WrongKind,
    /// Reading the image or the file failed.
    #[error(transparent)]
    Failed(#[from] MountError),
}

/// Time for which the kernel may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// For ever: the answer is about the inside of an image.
    Forever,
    /// Until the kernel gets a notice of a change, but for a second at most.
    Briefly,
    /// Not at all: the kernel asks again when a program needs the attributes. Of the attributes in the answer, only the
    /// type is right: the inode is a directory.
    Never,
}

/// One entry of a directory, as [`View::list`] gives it.
#[derive(Debug)]
pub struct DirectoryEntry<'a> {
    /// Inode number that the name leads to.
    pub number: u64,
    /// File name, without a NUL.
    pub name: &'a [u8],
    /// Attributes of the inode. If `lasting` is [`Lifetime::Never`], only the type is right.
    pub attributes: Attributes,
    /// Time for which the kernel may keep the entry.
    pub lasting: Lifetime,
}

/// Size of a filesystem, for `statfs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Blocks of 4096 bytes in use; none is free.
    pub blocks: u64,
    /// Inodes in use; none is free.
    pub inodes: u64,
}

/// The place that a name leads to, its attributes, and the time for which the kernel may keep them.
struct NamedPlace {
    place: Place,
    attributes: Attributes,
    lasting: Lifetime,
}

/// Callback for the names of a directory: takes the position, the name and the place. Returns true once it has no room
/// for more.
type Each<'a> = dyn FnMut(usize, &[u8], &NamedPlace) -> bool + 'a;

/// Source of the bytes of files.
#[derive(Debug)]
pub enum Files {
    /// Objects from any of the sources in [`Objects`], decoded frame by frame.
    Objects(Box<Content>),
    /// Files of a mounted volume; the kernel may read long ones itself.
    Volume(Box<VolumeFiles>),
}

/// The tree that a mount shows. Its methods name places by their inode numbers.
#[derive(Debug)]
pub struct View {
    numbering: Numbering,
    names: Arc<RwLock<Names>>,
    images: Images,
    files: Files,
    extras: Option<VirtualViews>,
}

/// State of the virtual views: numbers of their directories, compared pairs, records.
#[derive(Debug)]
pub struct VirtualViews {
    views: Views,
    pairs: Pairs,
    documents: Documents,
}

impl VirtualViews {
    /// Begins with no directories and no compared pairs. Later, reads the records of images from `objects`.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self {
            views: Views::default(),
            pairs: Pairs::default(),
            documents: Documents::new(objects),
        }
    }
}

impl View {
    /// Makes a tree of the images in `names`; `extras` is `None` for a mount without virtual views.
    pub fn new(
        numbering: Numbering,
        names: Arc<RwLock<Names>>,
        images: Images,
        files: Files,
        extras: Option<VirtualViews>,
    ) -> Self {
        Self { numbering, names, images, files, extras }
    }

    /// Returns the count of frames decoded so far; 0 for a volume.
    pub fn decoded(&self) -> u64 {
        match &self.files {
            Files::Objects(content) => content.decoded(),
            Files::Volume(_) => 0,
        }
    }

    /// Returns whether the files are those of a volume. The kernel may read such files itself.
    pub fn is_on_volume(&self) -> bool {
        matches!(self.files, Files::Volume(_))
    }

    fn names(&self) -> RwLockReadGuard<'_, Names> {
        self.names.read()
    }

    fn place(&self, number: u64) -> Result<Place, ViewError> {
        self.numbering.place(number).ok_or(ViewError::Missing)
    }

    fn extras(&self) -> Result<&VirtualViews, ViewError> {
        self.extras.as_ref().ok_or(ViewError::Missing)
    }

    fn loaded(&self, ordinal: u32) -> Result<Arc<LoadedImage>, ViewError> {
        let found = self.images.get(ordinal).inspect_err(|error| {
            if let Some(image) = self.names().image(ordinal) {
                let (image, object) = (&image.name, &image.manifest);
                tracing::error!(%image, %object, "its manifest cannot be read: {error}");
            }
        });
        found?.ok_or(ViewError::Missing)
    }

    fn found(&self, place: Place) -> Result<NamedPlace, ViewError> {
        let (attributes, lasting) = match place {
            Place::Folder(folder) => (self.folder_attributes(folder)?, Lifetime::Briefly),
            Place::View(view) => (self.virtual_attributes(view)?, Lifetime::Briefly),
            Place::Inode { ordinal, inode } => {
                (self.inode_attributes(ordinal, inode)?, Lifetime::Forever)
            }
            Place::Part { view, side, directory } => {
                (self.part_attributes(view, side, directory)?, Lifetime::Forever)
            }
            Place::Document(ordinal) => (self.document_attributes(ordinal)?, Lifetime::Briefly),
        };
        Ok(NamedPlace { place, attributes, lasting })
    }

    /// Returns an inode's attributes, and the time for which the kernel may keep them.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn attributes(&self, number: u64) -> Result<(Attributes, Lifetime), ViewError> {
        let found = self.found(self.place(number)?)?;
        Ok((found.attributes, found.lasting))
    }

    /// Looks up a name in a directory; returns the inode number, its attributes and the lifetime of the answer.
    ///
    /// # Errors
    /// [`ViewError`], with the time for which the kernel may believe that the name is missing.
    pub fn lookup(
        &self,
        directory: u64,
        name: &[u8],
    ) -> Result<(u64, Attributes, Lifetime), (ViewError, Lifetime)> {
        let place = self.place(directory).map_err(|error| (error, Lifetime::Briefly))?;
        let missing = match place {
            Place::Inode { .. } | Place::Part { .. } => Lifetime::Forever,
            Place::Folder(_) | Place::View(_) | Place::Document(_) => Lifetime::Briefly,
        };
        let found = match place {
            Place::Folder(folder) => self.find_above(folder, name),
            Place::View(view) => self.find_beside(view, name),
            Place::Inode { ordinal, inode } => self.find_inside(ordinal, inode, name),
            Place::Part { view, side, directory } => self.find_part(view, side, directory, name),
            Place::Document(_) => Err(ViewError::WrongKind),
        };
        let found = found.map_err(|error| (error, missing))?;
        Ok((self.numbering.number(found.place), found.attributes, found.lasting))
    }

    /// Returns the number of the directory above a directory; the root is above itself.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn parent(&self, directory: u64) -> Result<u64, ViewError> {
        let place = match self.place(directory)? {
            Place::Folder(folder) => self.parent_of_folder(folder),
            Place::View(view) => self.parent_of_view(view)?,
            Place::Inode { ordinal, inode } => self.parent_of_inode(ordinal, inode)?,
            Place::Part { view, side, directory } => self.parent_of_part(view, side, directory)?,
            Place::Document(_) => return Err(ViewError::WrongKind),
        };
        Ok(self.numbering.number(place))
    }

    /// Calls `each` with the position and entry of each name of a directory, from the `skip`-th on, until `each`
    /// returns true (no room for more).
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn list(
        &self,
        directory: u64,
        skip: usize,
        each: &mut dyn FnMut(usize, &DirectoryEntry<'_>) -> bool,
    ) -> Result<(), ViewError> {
        let mut each = |position: usize, name: &[u8], found: &NamedPlace| {
            let number = self.numbering.number(found.place);
            let (attributes, lasting) = (found.attributes, found.lasting);
            each(position, &DirectoryEntry { number, name, attributes, lasting })
        };
        match self.place(directory)? {
            Place::Folder(folder) => {
                self.list_above(folder, skip, &mut each);
                Ok(())
            }
            Place::View(view) => self.list_beside(view, skip, &mut each),
            Place::Inode { ordinal, inode } => self.list_inside(ordinal, inode, skip, &mut each),
            Place::Part { view, side, directory } => {
                self.list_part(view, side, directory, skip, &mut each)
            }
            Place::Document(_) => Err(ViewError::WrongKind),
        }
    }
}
