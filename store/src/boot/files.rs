//! An image's files, by path.

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Inode, NodeId};

use super::ReadHead;

/// Folders of kernel modules, in order of precedence.
pub(super) const MODULES: [&str; 2] = ["usr/lib/modules", "lib/modules"];

/// An image's manifest and a reader of its files' beginnings. Links are followed inside the image,
/// unless a method says otherwise.
pub struct Files<'a, E> {
    image: &'a Manifest,
    head: &'a ReadHead<'a, E>,
}

impl<E> std::fmt::Debug for Files<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

impl<'a, E> Files<'a, E> {
    /// Wraps an image; `head` reads the beginning of a file.
    pub fn new(image: &'a Manifest, head: &'a ReadHead<'a, E>) -> Self {
        Self { image, head }
    }

    /// Returns the inode at a path; `None` if nothing is there.
    pub(super) fn inode(&self, path: &str) -> Option<Inode<'a>> {
        Some(self.image.node_inode(self.image.follow(path.as_bytes())?))
    }

    /// Returns the inode at a path; `None` also if a component of the path is a link.
    pub(super) fn unfollowed(&self, path: &str) -> Option<Inode<'a>> {
        Some(self.image.node_inode(self.image.lookup(path.as_bytes())?))
    }

    /// Returns whether a folder has an entry of that name, even a dangling link.
    pub(super) fn has_name(&self, folder: &str, name: &str) -> bool {
        let folder = self.folder(folder);
        folder.is_some_and(|folder| self.image.child(folder.index(), name.as_bytes()).is_some())
    }

    /// Returns a regular, non-empty file and its path with all links resolved.
    pub(super) fn file(&self, path: &str) -> Option<(String, Inode<'a>)> {
        let node = self.image.follow(path.as_bytes())?;
        let inode = self.image.node_inode(node);
        let path = String::from_utf8(self.image.path(node)).ok()?;
        (inode.is_regular() && inode.size() > 0).then_some((path, inode))
    }

    pub(super) fn folder(&self, path: &str) -> Option<Inode<'a>> {
        self.inode(path).filter(Inode::is_directory)
    }

    /// Returns the names in a folder, with their nodes. Skips names that are not UTF-8.
    pub(super) fn names(&self, folder: &str) -> Vec<(&'a str, NodeId)> {
        let Some(folder) = self.folder(folder) else { return Vec::new() };
        let nodes = self.image.children(folder.index());
        nodes
            .filter_map(|node| Some((std::str::from_utf8(self.image.name(node)).ok()?, node)))
            .collect()
    }

    /// Returns the content digest of a node's inode.
    pub(super) fn digest(&self, node: NodeId) -> Option<Digest> {
        self.image.node_inode(node).digest()
    }

    /// Reads up to `len` bytes from a file's beginning.
    pub(super) fn head(&self, inode: Inode<'_>, len: u64) -> Result<Vec<u8>, E> {
        (self.head)(inode, len)
    }

    /// Reads a whole file; `None` if the path is no regular file, or one longer than `len_max`.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn bytes(&self, path: &str, len_max: u64) -> Result<Option<Vec<u8>>, E> {
        match self.inode(path) {
            Some(inode) if inode.is_regular() && inode.size() <= len_max => {
                self.head(inode, inode.size()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Reads a whole text as [`Files::bytes`] does. Invalid UTF-8 becomes U+FFFD, so the text must
    /// not be written back.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn text(&self, path: &str, len_max: u64) -> Result<Option<String>, E> {
        let bytes = self.bytes(path, len_max)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Reads the files in a folder whose names end in `end`, as texts and in the order of these
    /// names.
    pub(super) fn texts(&self, folder: &str, end: &str, len_max: u64) -> Result<Vec<String>, E> {
        /// Limit on files read from one folder: more than any distribution ships.
        const TEXTS_MAX: usize = 64;
        let names = self.names(folder).into_iter().map(|(name, _)| name);
        let names = names.filter(|name| name.ends_with(end)).take(TEXTS_MAX);
        let mut texts = Vec::new();
        for name in names {
            texts.extend(self.text(&format!("{folder}/{name}"), len_max)?);
        }
        Ok(texts)
    }
}

/// Returns whether a character has no special meaning in GRUB's script language.
pub(super) fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-._~/".contains(character)
}
