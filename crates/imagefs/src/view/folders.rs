//! Folders above the images.

use std::time::UNIX_EPOCH;

use super::super::attributes::Attributes;
use super::super::ino::{Numbering, Place};
use super::super::names::{Entry, ROOT_FOLDER};
use super::super::views::TOP;
use super::{Each, Lifetime, NamedPlace, View, ViewError};

impl From<Entry> for Place {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Folder(folder) => Self::Folder(folder),
            Entry::Image(ordinal) => Self::Inode { ordinal, inode: 0 },
        }
    }
}

/// Lists directories without loading them, so that a list of a thousand images reads no manifest.
pub(super) fn list_unseen(places: &[(String, Place)], skip: usize, each: &mut Each<'_>) {
    for (position, (name, place)) in places.iter().enumerate().skip(skip) {
        let attributes = Attributes::of_folder(UNIX_EPOCH, 0);
        let found = NamedPlace { place: *place, attributes, lasting: Lifetime::Never };
        if each(position, name.as_bytes(), &found) {
            break;
        }
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

    pub(super) fn find_above(&self, folder: u32, name: &[u8]) -> Result<NamedPlace, ViewError> {
        let name = std::str::from_utf8(name).map_err(|_| ViewError::Missing)?;
        let entry = self.names().find(folder, name);
        let place = match entry {
            Some(entry) => entry.into(),
            None => {
                let top = TOP.into_iter().find(|(top, _)| folder == ROOT_FOLDER && *top == name);
                let (_, view) = top.ok_or(ViewError::Missing)?;
                self.place_of(view)?
            }
        };
        Ok(NamedPlace { lasting: Lifetime::Briefly, ..self.found(place)? })
    }

    pub(super) fn parent_of_folder(&self, folder: u32) -> Place {
        Place::Folder(self.names().about(folder).map_or(ROOT_FOLDER, |(parent, _)| parent))
    }

    /// Returns the place above an image's root; in a mount of one image, the root itself.
    pub(super) fn above_image(&self, ordinal: u32) -> Place {
        match self.numbering {
            Numbering::One => Place::Inode { ordinal, inode: 0 },
            Numbering::All => Place::Folder(self.names().folder_of(ordinal)),
        }
    }

    pub(super) fn list_above(&self, folder: u32, skip: usize, each: &mut Each<'_>) {
        let entries = self.names().list(folder).into_iter();
        let mut places: Vec<(String, Place)> =
            entries.map(|(name, entry)| (name, Place::from(entry))).collect();
        if folder == ROOT_FOLDER {
            // Without virtual views, `place_of` fails, so that no names are added.
            let top = TOP.into_iter();
            places.extend(
                top.filter_map(|(name, view)| Some((name.to_owned(), self.place_of(view).ok()?))),
            );
        }
        list_unseen(&places, skip, each);
    }
}
