//! What a mount shows, in our words: names, attributes, directories, content. The adapter to FUSE asks
//! here, and so do tests.
//!
//! LocalPart is which part answers: `folders` for folders of streams, `image_tree` for images, `diff_views` for virtual views.

mod diff_views;
mod folders;
mod image_tree;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

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
    Failed(#[from] MountError),
}

/// How long the kernel may believe an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// For ever: it is inside an image.
    Forever,
    /// Until it is told otherwise, or a second has passed.
    Briefly,
    /// Not at all: a program that looks at it asks us again. It is a directory, and that is all that is sure.
    Never,
}

/// One name in a directory, and what it leads to.
#[derive(Debug)]
pub struct DirectoryEntry<'a> {
    /// The inode's number.
    pub number: u64,
    /// The name.
    pub name: &'a [u8],
    /// Its attributes.
    pub attributes: Attributes,
    /// How long the name leads there.
    pub lasting: Lifetime,
}

/// What a filesystem says of its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Blocks of 4096 bytes in use; none is free.
    pub blocks: u64,
    /// Inodes in use; none is free.
    pub inodes: u64,
}

/// What a name leads to.
struct Found {
    place: Place,
    attributes: Attributes,
    lasting: Lifetime,
}

/// What takes the names of a directory: its position, the name, and what it leads to. It answers true where it
/// has no room for more.
type Each<'a> = dyn FnMut(usize, &[u8], &Found) -> bool + 'a;

/// Where the bytes of files are.
#[derive(Debug)]
pub enum Files {
    /// In objects.
    Objects(Box<Content>),
    /// On a volume.
    Volume(Box<VolumeFiles>),
}

/// All that a mount shows.
#[derive(Debug)]
pub struct View {
    numbering: Numbering,
    names: Arc<RwLock<Names>>,
    images: Images,
    files: Files,
    extras: Option<VirtualViews>,
}

/// What virtual views need.
#[derive(Debug)]
pub struct VirtualViews {
    views: Views,
    pairs: Pairs,
    documents: Documents,
}

impl VirtualViews {
    /// Begins with no view looked at.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self {
            views: Views::default(),
            pairs: Pairs::default(),
            documents: Documents::new(objects),
        }
    }
}

impl View {
    /// Shows images by their names, with virtual views or without.
    pub fn new(
        numbering: Numbering,
        names: Arc<RwLock<Names>>,
        images: Images,
        files: Files,
        extras: Option<VirtualViews>,
    ) -> Self {
        Self { numbering, names, images, files, extras }
    }

    /// Returns how many frames have been decoded.
    pub fn decoded(&self) -> u64 {
        match &self.files {
            Files::Objects(content) => content.decoded(),
            Files::Volume(_) => 0,
        }
    }

    /// Returns whether files can be had as files of another filesystem.
    pub fn is_on_volume(&self) -> bool {
        matches!(self.files, Files::Volume(_))
    }

    fn names(&self) -> RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
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

    fn found(&self, place: Place) -> Result<Found, ViewError> {
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
        Ok(Found { place, attributes, lasting })
    }

    /// Returns an inode's attributes, and how long they hold.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn attributes(&self, number: u64) -> Result<(Attributes, Lifetime), ViewError> {
        let found = self.found(self.place(number)?)?;
        Ok((found.attributes, found.lasting))
    }

    /// Finds a name in a directory: its number, its attributes, and how long it leads there.
    ///
    /// # Errors
    /// [`ViewError`]. Of a name that is missing, the second value says for how long.
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

    /// Returns the number of the directory that a directory is in; the root is in itself.
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

    /// Calls `each` with the names of a directory from the `skip`-th on, until it answers true: it has no
    /// room for more.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn list(
        &self,
        directory: u64,
        skip: usize,
        each: &mut dyn FnMut(usize, &DirectoryEntry<'_>) -> bool,
    ) -> Result<(), ViewError> {
        let mut each = |position: usize, name: &[u8], found: &Found| {
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
