//! Folders, in which images come and go.

use std::time::UNIX_EPOCH;

use super::super::attributes::{Attributes, FileKind};
use super::super::ino::{Numbering, Place};
use super::super::names::{Entry, ROOT_FOLDER};
use super::super::views::TOP;
use super::{Each, Found, Lasting, View, ViewError};

impl Found {
    /// What a list says of something that it must not look into: of a thousand images, it must not read the
    /// manifests.
    pub(super) fn unseen(place: Place, kind: FileKind) -> Self {
        let attributes = Attributes { kind, ..Attributes::of_folder(UNIX_EPOCH, 0) };
        Self { place, attributes, lasting: Lasting::Never }
    }
}

impl View {
    pub(super) fn folder_attributes(&self, folder: u32) -> Result<Attributes, ViewError> {
        let names = self.names();
        let (_, changed) = names.about(folder).ok_or(ViewError::Missing)?;
        let mut count = names.list(folder).len();
        if folder == ROOT_FOLDER && self.extras.is_some() {
            count += TOP.len();
        }
        Ok(Attributes::of_folder(changed, count as u32))
    }

    pub(super) fn find_above(&self, folder: u32, name: &[u8]) -> Result<Found, ViewError> {
        let name = std::str::from_utf8(name).map_err(|_| ViewError::Missing)?;
        let entry = self.names().find(folder, name);
        let place = match entry {
            Some(Entry::Folder(folder)) => Place::Folder(folder),
            Some(Entry::Image(ordinal)) => Place::Inode { ordinal, inode: 0 },
            None => {
                let top = TOP.into_iter().find(|(top, _)| folder == ROOT_FOLDER && *top == name);
                let (_, view) = top.ok_or(ViewError::Missing)?;
                self.extras()?.views.place(view).ok_or(ViewError::Missing)?
            }
        };
        Ok(Found { lasting: Lasting::Briefly, ..self.found(place)? })
    }

    pub(super) fn parent_of_folder(&self, folder: u32) -> Place {
        Place::Folder(self.names().about(folder).map_or(ROOT_FOLDER, |(parent, _)| parent))
    }

    /// Returns what the root of an image is in.
    pub(super) fn above_image(&self, ordinal: u32) -> Place {
        match self.numbering {
            Numbering::One => Place::Inode { ordinal, inode: 0 },
            Numbering::All => Place::Folder(self.names().folder_of(ordinal)),
        }
    }

    pub(super) fn list_above(
        &self,
        folder: u32,
        skip: usize,
        each: &mut Each<'_>,
    ) -> Result<(), ViewError> {
        let mut places: Vec<(String, Place)> = Vec::new();
        for (name, entry) in self.names().list(folder) {
            let place = match entry {
                Entry::Folder(folder) => Place::Folder(folder),
                Entry::Image(ordinal) => Place::Inode { ordinal, inode: 0 },
            };
            places.push((name, place));
        }
        if let (ROOT_FOLDER, Some(extras)) = (folder, &self.extras) {
            for (name, view) in TOP {
                places.extend(extras.views.place(view).map(|place| (name.to_owned(), place)));
            }
        }
        for (position, (name, place)) in places.iter().enumerate().skip(skip) {
            if each(position, name.as_bytes(), &Found::unseen(*place, FileKind::Directory)) {
                break;
            }
        }
        Ok(())
    }
}
