//! Names of the images: folders named after streams, in which images come and go.
//!
//! A stream may have the name of an image (`a/1` and `a/1/x`). The image then keeps the name, and the folder appears as
//! `1@`, a name that no image or stream can have.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use wire::digest::Digest;
use wire::name::ImageName;

use super::ino::ORDINAL_MAX;

/// The folder above all others.
pub const ROOT_FOLDER: u32 = 0;

/// An image that the mount shows, or showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Full name, with the stream.
    pub name: ImageName,
    /// Digest of the manifest, or of a disk image's block map.
    pub manifest: Digest,
    /// Time when the image was added, in milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Whether the image is a disk image. For a disk image, the mount makes a tree of the disk and its partitions.
    pub is_disk: bool,
}

/// The thing that a name in a folder leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A subfolder, by the number that [`Names::list`] takes.
    Folder(u32),
    /// An image, by the ordinal that [`Names::image`] takes.
    Image(u32),
}

#[derive(Debug)]
struct Folder {
    parent: u32,
    name: String,
    folders: BTreeMap<String, u32>,
    images: BTreeMap<String, u32>,
    changed: SystemTime,
}

/// A folder, and a name in it that now leads elsewhere or nowhere.
pub type Changed = (u32, String);

/// All folders and images. Their numbers are never reused.
#[derive(Debug)]
pub struct Names {
    folders: Vec<Folder>,
    images: Vec<Image>,
    shown: BTreeMap<ImageName, u32>,
}

impl Names {
    /// Begins with an empty root folder, changed at `now`.
    pub fn new(now: SystemTime) -> Self {
        let root = Folder {
            parent: ROOT_FOLDER,
            name: String::new(),
            folders: BTreeMap::new(),
            images: BTreeMap::new(),
            changed: now,
        };
        Self { folders: vec![root], images: Vec::new(), shown: BTreeMap::new() }
    }

    /// Returns an image by its ordinal, even one that is no longer shown; `None` for an ordinal not given out yet.
    pub fn image(&self, ordinal: u32) -> Option<&Image> {
        self.images.get((ordinal as usize).checked_sub(1)?)
    }

    /// Returns the folder of an image's stream; a folder that is gone counts as the root.
    pub fn folder_of(&self, ordinal: u32) -> u32 {
        let Some(image) = self.image(ordinal) else { return ROOT_FOLDER };
        let components = image.name.stream();
        components.as_str().split('/').fold(ROOT_FOLDER, |folder, name| {
            self.folder(folder).and_then(|f| f.folders.get(name)).copied().unwrap_or(ROOT_FOLDER)
        })
    }

    fn folder(&self, folder: u32) -> Option<&Folder> {
        self.folders.get(folder as usize)
    }

    /// Returns the number of a folder's parent, and the time at which the names in the folder last changed.
    pub fn about(&self, folder: u32) -> Option<(u32, SystemTime)> {
        self.folder(folder).map(|folder| (folder.parent, folder.changed))
    }

    /// Finds an image or a subfolder by its name in a folder; `NAME@` finds the subfolder `NAME` if an image also has
    /// this name.
    pub fn find(&self, folder: u32, name: &str) -> Option<Entry> {
        let folder = self.folder(folder)?;
        if let Some(ordinal) = folder.images.get(name) {
            return Some(Entry::Image(*ordinal));
        }
        let beside = name.strip_suffix('@').filter(|name| folder.images.contains_key(*name));
        folder.folders.get(beside.unwrap_or(name)).map(|folder| Entry::Folder(*folder))
    }

    /// Returns a folder's entries, sorted by name.
    pub fn list(&self, folder: u32) -> Vec<(String, Entry)> {
        let Some(folder) = self.folder(folder) else { return Vec::new() };
        let images = folder.images.iter().map(|(name, id)| (name.clone(), Entry::Image(*id)));
        let folders = folder.folders.iter().map(|(name, id)| {
            let beside = if folder.images.contains_key(name) { "@" } else { "" };
            (format!("{name}{beside}"), Entry::Folder(*id))
        });
        let all: BTreeMap<_, _> = images.chain(folders).collect();
        all.into_iter().collect()
    }

    /// Returns the images of a folder, ordered by the time when they were added.
    pub fn revisions(&self, folder: u32) -> Vec<(u32, &Image)> {
        let Some(folder) = self.folder(folder) else { return Vec::new() };
        let ordinals = folder.images.values().copied();
        let mut images: Vec<(u32, &Image)> =
            ordinals.filter_map(|ordinal| Some((ordinal, self.image(ordinal)?))).collect();
        images.sort_by_key(|(_, image)| (image.created_at_ms, image.name.leaf()));
        images
    }

    /// Returns the ordinals of all shown images, sorted by name.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.shown.values().copied()
    }

    /// Shows exactly the wanted images. Returns the names that now lead elsewhere or nowhere, for notices to the
    /// kernel.
    pub fn show(&mut self, wanted: &[Image], now: SystemTime) -> Vec<Changed> {
        let mut changed = Vec::new();
        let keep: BTreeMap<&ImageName, &Image> =
            wanted.iter().map(|image| (&image.name, image)).collect();
        let gone: Vec<(ImageName, u32)> = self
            .shown
            .iter()
            .filter(|(name, ordinal)| {
                let shown = self.image(**ordinal).map(|image| image.manifest);
                keep.get(name).map(|image| image.manifest) != shown
            })
            .map(|(name, ordinal)| (name.clone(), *ordinal))
            .collect();
        for (name, _) in &gone {
            self.hide(name, now, &mut changed);
        }
        for image in wanted {
            if !self.shown.contains_key(&image.name) {
                self.add(image, now, &mut changed);
            }
        }
        let unique: BTreeSet<Changed> = changed.into_iter().collect();
        unique.into_iter().collect()
    }

    fn add(&mut self, image: &Image, now: SystemTime, changed: &mut Vec<Changed>) {
        if self.images.len() >= ORDINAL_MAX as usize {
            tracing::error!(image = %image.name, "not shown: the mount's numbers are used up; mount again");
            return;
        }
        let mut at = ROOT_FOLDER;
        for component in image.name.stream().as_str().split('/') {
            let found = self.folders[at as usize].folders.get(component).copied();
            at = found.unwrap_or_else(|| self.add_folder(at, component, now, changed));
        }
        self.images.push(image.clone());
        let ordinal = self.images.len() as u32;
        let leaf = image.name.leaf().to_owned();
        self.changed(at, &leaf, now, changed);
        self.folders[at as usize].images.insert(leaf, ordinal);
        self.shown.insert(image.name.clone(), ordinal);
    }

    fn add_folder(
        &mut self,
        parent: u32,
        name: &str,
        now: SystemTime,
        changed: &mut Vec<Changed>,
    ) -> u32 {
        let id = self.folders.len() as u32;
        self.folders.push(Folder {
            parent,
            name: name.to_owned(),
            folders: BTreeMap::new(),
            images: BTreeMap::new(),
            changed: now,
        });
        self.folders[parent as usize].folders.insert(name.to_owned(), id);
        self.changed(parent, name, now, changed);
        id
    }

    /// Records that a name now leads elsewhere, and also `NAME@` if there is a folder of this name.
    fn changed(&mut self, folder: u32, name: &str, now: SystemTime, changed: &mut Vec<Changed>) {
        self.folders[folder as usize].changed = now;
        changed.push((folder, name.to_owned()));
        if self.folders[folder as usize].folders.contains_key(name) {
            changed.push((folder, format!("{name}@")));
        }
    }

    fn hide(&mut self, name: &ImageName, now: SystemTime, changed: &mut Vec<Changed>) {
        let Some(ordinal) = self.shown.get(name).copied() else { return };
        let mut at = self.folder_of(ordinal);
        self.shown.remove(name);
        self.folders[at as usize].images.remove(name.leaf());
        self.changed(at, name.leaf(), now, changed);
        // Also removes folders that are now empty.
        while at != ROOT_FOLDER {
            let folder = &self.folders[at as usize];
            if !folder.images.is_empty() || !folder.folders.is_empty() {
                return;
            }
            let (parent, name) = (folder.parent, folder.name.clone());
            self.changed(parent, &name, now, changed);
            self.folders[parent as usize].folders.remove(&name);
            at = parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;
    use wire::digest::Algorithm;

    fn image(name: &str) -> Image {
        let manifest = Algorithm::Sha256.digest(name.as_bytes());
        Image { name: name.parse().unwrap(), manifest, created_at_ms: 0, is_disk: false }
    }

    fn listed(names: &Names, folder: u32) -> Vec<String> {
        names.list(folder).into_iter().map(|(name, _)| name).collect()
    }

    fn folder(names: &Names, path: &str) -> u32 {
        path.split('/').fold(ROOT_FOLDER, |at, name| match names.find(at, name) {
            Some(Entry::Folder(id)) => id,
            other => panic!("{path}: {other:?}"),
        })
    }

    #[test]
    fn images_come_and_go_and_folders_with_them() {
        let mut names = Names::new(UNIX_EPOCH);
        let changed = names.show(&[image("base/deb/1"), image("base/deb/2")], UNIX_EPOCH);
        assert_eq!(changed[0], (ROOT_FOLDER, "base".to_owned()));
        let deb = folder(&names, "base/deb");
        assert_eq!(listed(&names, deb), ["1", "2"]);
        assert_eq!(names.find(deb, "2"), Some(Entry::Image(2)));
        assert_eq!(names.folder_of(2), deb);
        let changed = names.show(&[image("base/deb/2")], UNIX_EPOCH);
        assert_eq!(changed, [(deb, "1".to_owned())]);
        assert_eq!(names.find(deb, "1"), None);
        // Numbers are never reused.
        names.show(&[image("base/deb/2"), image("base/deb/1")], UNIX_EPOCH);
        assert_eq!(names.find(deb, "1"), Some(Entry::Image(3)));
        let changed = names.show(&[], UNIX_EPOCH);
        assert!(changed.contains(&(ROOT_FOLDER, "base".to_owned())));
        assert!(listed(&names, ROOT_FOLDER).is_empty());
        names.show(&[image("base/deb/1")], UNIX_EPOCH);
        assert_ne!(folder(&names, "base/deb"), deb);
    }

    #[test]
    fn a_stream_named_as_an_image_is_beside_it() {
        let mut names = Names::new(UNIX_EPOCH);
        names.show(&[image("a/1/x")], UNIX_EPOCH);
        let a = folder(&names, "a");
        assert_eq!(listed(&names, a), ["1"]);
        let changed = names.show(&[image("a/1/x"), image("a/1")], UNIX_EPOCH);
        assert_eq!(changed, [(a, "1".to_owned()), (a, "1@".to_owned())]);
        assert_eq!(listed(&names, a), ["1", "1@"]);
        assert!(matches!(names.find(a, "1"), Some(Entry::Image(_))));
        let beside = folder(&names, "a/1@");
        assert_eq!(listed(&names, beside), ["x"]);
        assert_eq!(names.folder_of(1), beside);
        names.show(&[image("a/1/x")], UNIX_EPOCH);
        assert_eq!(listed(&names, a), ["1"]);
        assert_eq!(names.find(a, "1@"), None);
    }

    #[test]
    fn an_image_with_another_manifest_is_another_image() {
        let mut names = Names::new(UNIX_EPOCH);
        names.show(&[image("a/1")], UNIX_EPOCH);
        let other = Image { manifest: Algorithm::Sha256.digest(b"other"), ..image("a/1") };
        let a = folder(&names, "a");
        assert!(names.show(&[other], UNIX_EPOCH).contains(&(a, "1".to_owned())));
        assert_eq!(names.find(folder(&names, "a"), "1"), Some(Entry::Image(2)));
    }
}
