//! Virtual views: their directories, and the differences between images.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use wire::digest::Digest;
use wire::manifest::NodeId;

use super::super::attributes::Attributes;
use super::super::images::LoadedImage;
use super::super::ino::{Place, Side};
use super::super::names::ROOT_FOLDER;
use super::super::views::document::Document;
use super::super::views::pairs::DifferingNodes;
use super::super::views::{Pair, ViewDirectory, find, list, parent};
use super::folders::list_unseen;
use super::{Each, Lifetime, NamedPlace, View, ViewError};

/// One side of a compared pair: an image, and the nodes of this image that the side shows.
pub(super) struct Part {
    /// Ordinal of the image: the earlier one for [`Side::Removed`], else the later one.
    pub ordinal: u32,
    pub loaded: Arc<LoadedImage>,
    differing: Arc<DifferingNodes>,
    side: Side,
}

impl Part {
    fn shows(&self, node: NodeId) -> bool {
        self.differing.side(self.side).contains(node)
    }
}

impl View {
    fn virtual_at(&self, view: u32) -> Result<ViewDirectory, ViewError> {
        self.extras()?.views.get(view).ok_or(ViewError::Missing)
    }

    pub(super) fn place_of(&self, view: ViewDirectory) -> Result<Place, ViewError> {
        self.extras()?.views.place(view).ok_or(ViewError::Missing)
    }

    /// Returns the attributes of a view's directory. The modification time is the time of what the directory shows, for
    /// example of the folder whose images are compared: the kernel caches the listing until this time changes.
    pub(super) fn virtual_attributes(&self, view: u32) -> Result<Attributes, ViewError> {
        let names = self.names();
        let changed = match self.virtual_at(view)? {
            ViewDirectory::Diff(folder) | ViewDirectory::DiffFrom { folder, .. } => {
                names.about(folder).map(|(_, changed)| changed)
            }
            ViewDirectory::Pair(Pair { b, .. }) => names.image(b).map(|image| {
                UNIX_EPOCH + Duration::from_millis(image.created_at_ms.unsigned_abs())
            }),
            // Only the mounting user may enter: a path through this directory bypasses the permissions of the
            // directories that hold the files.
            ViewDirectory::ByDigest => {
                return Ok(Attributes { links: 1, ..Attributes::of_private_folder(UNIX_EPOCH) });
            }
        };
        // One link means that subdirectories are not counted.
        Ok(Attributes { links: 1, ..Attributes::of_folder(changed.unwrap_or(UNIX_EPOCH), 0) })
    }

    pub(super) fn find_beside(&self, view: u32, name: &[u8]) -> Result<NamedPlace, ViewError> {
        let name = std::str::from_utf8(name).map_err(|_| ViewError::Missing)?;
        let place = match self.virtual_at(view)? {
            ViewDirectory::ByDigest => self.find_digest(name)?,
            ViewDirectory::Pair(_) => {
                let side = Side::ALL.into_iter().find(|side| side.name() == name);
                Place::Part { view, side: side.ok_or(ViewError::Missing)?, directory: 0 }
            }
            at => {
                let found = find(&self.names(), at, name);
                self.place_of(found.ok_or(ViewError::Missing)?)?
            }
        };
        Ok(NamedPlace { lasting: Lifetime::Briefly, ..self.found(place)? })
    }

    pub(super) fn parent_of_view(&self, view: u32) -> Result<Place, ViewError> {
        let above = parent(&self.names(), self.virtual_at(view)?);
        above.map_or(Ok(Place::Folder(ROOT_FOLDER)), |above| self.place_of(above))
    }

    pub(super) fn list_beside(
        &self,
        view: u32,
        skip: usize,
        each: &mut Each<'_>,
    ) -> Result<(), ViewError> {
        let mut places = Vec::new();
        match self.virtual_at(view)? {
            ViewDirectory::Pair(_) => places
                .extend(Side::ALL.map(|side| {
                    (side.name().to_owned(), Place::Part { view, side, directory: 0 })
                })),
            at => {
                for (name, found) in list(&self.names(), at) {
                    // Once the mount's numbers are used up, leaves out directories that have no number.
                    places.extend(self.place_of(found).map(|place| (name, place)));
                }
            }
        }
        list_unseen(&places, skip, each);
        Ok(())
    }

    /// Searches all images for a file with a digest, and loads their manifests to do so.
    fn find_digest(&self, name: &str) -> Result<Place, ViewError> {
        let digest: Digest = name.parse().map_err(|_| ViewError::Missing)?;
        // The digests of a disk image's files are not hashes of their content.
        let ordinals: Vec<u32> = {
            let names = self.names();
            let is_tree = |ordinal: &u32| names.image(*ordinal).is_some_and(|image| !image.is_disk);
            names.shown().rev().filter(is_tree).collect()
        };
        let mut missing = ViewError::Missing;
        for ordinal in ordinals {
            let loaded = match self.loaded(ordinal) {
                Ok(loaded) => loaded,
                // Other images may have the file. If none has it, this error is the answer, because the file may be in
                // the image that cannot be read.
                Err(error) => {
                    missing = error;
                    continue;
                }
            };
            let manifest = &loaded.manifest;
            let is_it = |inode: &u32| {
                let inode = manifest.inode(*inode);
                // The digest covers the data without holes, so a file with holes has other content.
                inode.is_regular()
                    && inode.digest() == Some(digest)
                    && inode.size() == inode.data_len()
            };
            if let Some(inode) = (0..manifest.inode_count()).find(is_it) {
                return Ok(Place::Inode { ordinal, inode });
            }
        }
        Err(missing)
    }

    /// Returns a side of a pair, and compares the two images unless that was done before.
    pub(super) fn part(&self, view: u32, side: Side) -> Result<Part, ViewError> {
        let ViewDirectory::Pair(Pair { a, b, .. }) = self.virtual_at(view)? else {
            return Err(ViewError::Missing);
        };
        let differing = self.extras()?.pairs.get(a, b, || {
            Ok::<_, ViewError>(DifferingNodes::between(
                &self.loaded(a)?.manifest,
                &self.loaded(b)?.manifest,
            ))
        })?;
        // After the comparison, keeps only one of the images loaded: memory might not have room for both.
        let ordinal = if side == Side::Removed { a } else { b };
        let loaded = self.loaded(ordinal)?;
        Ok(Part { ordinal, loaded, differing, side })
    }

    /// Returns the place of a node. A directory has a place of its own in this side of the view, because the side
    /// leaves some of its entries out. Any other inode has the same place as in the image.
    fn in_part(&self, part: &Part, view: u32, node: NodeId) -> NamedPlace {
        let manifest = &part.loaded.manifest;
        let mut found = NamedPlace::of_node(part.ordinal, manifest, node);
        let inode = manifest.node_inode(node);
        if inode.is_directory() {
            let directory = inode.index();
            found.attributes.links = part_links(part, directory);
            found.place = Place::Part { view, side: part.side, directory };
        }
        found
    }

    pub(super) fn part_attributes(
        &self,
        view: u32,
        side: Side,
        directory: u32,
    ) -> Result<Attributes, ViewError> {
        let part = self.part(view, side)?;
        let node = directory_node(&part, directory)?;
        Ok(self.in_part(&part, view, node).attributes)
    }

    pub(super) fn find_part(
        &self,
        view: u32,
        side: Side,
        directory: u32,
        name: &[u8],
    ) -> Result<NamedPlace, ViewError> {
        let part = self.part(view, side)?;
        directory_node(&part, directory)?;
        let node = part.loaded.manifest.child(directory, name).filter(|node| part.shows(*node));
        Ok(self.in_part(&part, view, node.ok_or(ViewError::Missing)?))
    }

    pub(super) fn parent_of_part(
        &self,
        view: u32,
        side: Side,
        directory: u32,
    ) -> Result<Place, ViewError> {
        if directory == 0 {
            return Ok(Place::View(view));
        }
        let part = self.part(view, side)?;
        let node = directory_node(&part, directory)?;
        Ok(Place::Part { view, side, directory: part.loaded.manifest.parent(node) })
    }

    pub(super) fn list_part(
        &self,
        view: u32,
        side: Side,
        directory: u32,
        skip: usize,
        each: &mut Each<'_>,
    ) -> Result<(), ViewError> {
        let part = self.part(view, side)?;
        directory_node(&part, directory)?;
        let manifest = &part.loaded.manifest;
        let shown = manifest.children(directory).filter(|node| part.shows(*node));
        for (position, node) in shown.enumerate().skip(skip) {
            if each(position, manifest.name(node), &self.in_part(&part, view, node)) {
                break;
            }
        }
        Ok(())
    }

    /// Returns the record of an image as JSON.
    pub(super) fn document(&self, ordinal: u32) -> Result<Arc<Document>, ViewError> {
        let name = self.names().image(ordinal).map(|image| image.name.clone());
        Ok(self.extras()?.documents.get(ordinal, &name.ok_or(ViewError::Missing)?)?)
    }

    pub(super) fn document_attributes(&self, ordinal: u32) -> Result<Attributes, ViewError> {
        let document = self.document(ordinal)?;
        Ok(Attributes::of_document(document.since, document.bytes.len() as u64))
    }
}

fn directory_node(part: &Part, directory: u32) -> Result<NodeId, ViewError> {
    let manifest = &part.loaded.manifest;
    if directory >= manifest.inode_count() {
        return Err(ViewError::Missing);
    }
    let inode = manifest.inode(directory);
    if inode.is_directory() { Ok(inode.first_node()) } else { Err(ViewError::WrongKind) }
}

/// Returns the link count of a directory of a side: one for its name, one for its `.`, and one for the `..` of each
/// subdirectory that the side shows.
fn part_links(part: &Part, directory: u32) -> u32 {
    let manifest = &part.loaded.manifest;
    let shown = manifest.children(directory).filter(|node| part.shows(*node));
    2 + shown.filter(|node| manifest.node_inode(*node).is_directory()).count() as u32
}
