//! An image's tree with generated files in it: what a volume shall hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Content, ROOT_NODE, Timestamp, Tree, TreeInode};

use crate::error::UnpackError;

/// What is generated at a path: a file, or a folder to mount something on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// From the root, without a slash before it.
    pub path: String,
    /// A file's content; `None` for a folder, which may be there already.
    pub content: Option<Arc<[u8]>>,
}

impl Generated {
    pub(super) fn file(path: &str, content: String) -> Self {
        Self { path: path.to_owned(), content: Some(content.into_bytes().into()) }
    }

    pub(super) fn folder(path: &str) -> Self {
        Self { path: path.to_owned(), content: None }
    }
}

/// Checks that generated files have a place: folders on the way are folders, and nothing but a file
/// is replaced. A link may lead anywhere, so none is followed and none replaced.
pub(super) fn check(image: &Manifest, generated: &[Generated]) -> Result<(), String> {
    for Generated { path, content } in generated {
        let cuts = path.match_indices('/').map(|(at, _)| &path[..at]);
        let last = content.is_none().then_some(&path[..]);
        for folder in cuts.chain(last) {
            let found = image.lookup(folder.as_bytes()).map(|node| image.node_inode(node));
            if found.is_some_and(|inode| !inode.is_directory()) {
                return Err(format!("its /{folder} is no directory"));
            }
        }
        let found = image.lookup(path.as_bytes()).map(|node| image.node_inode(node));
        if content.is_some() && found.is_some_and(|inode| !inode.is_regular()) {
            return Err(format!("its /{path} is no file"));
        }
    }
    Ok(())
}

/// Returns the tree of an image with generated files.
///
/// Files are root's, readable by all, and as old as the root directory, so that the same inputs
/// give the same tree.
///
/// # Errors
/// Errors of the manifest's format, such as too many inodes.
pub fn overlay(image: &Manifest, generated: &[Generated]) -> Result<Manifest, UnpackError> {
    let mut tree = image.to_tree();
    let mtime = image.node_inode(ROOT_NODE).mtime();
    for Generated { path, content } in generated {
        let (folder, name) = match (content, path.rsplit_once('/')) {
            (None, _) => (&path[..], None),
            (Some(_), Some((folder, name))) => (folder, Some(name)),
            (Some(_), None) => ("", Some(&path[..])),
        };
        let mut at = 0;
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            at = child(&mut tree, at, part, mtime)?;
        }
        if let (Some(name), Some(bytes)) = (name, content) {
            let regular = Content::Regular {
                size: bytes.len() as u64,
                holes: Vec::new(),
                digest: Some(digest(image, bytes)),
            };
            let file = tree.push(inode(regular, 0o644, mtime));
            entries(&mut tree, at)?.insert(name.as_bytes().to_vec(), file);
        }
    }
    let tree = tree.pruned();
    Ok(tree.encode(image.algorithm()).map_err(store::StoreError::from)?)
}

/// The digest by which a generated file's content is known.
pub(crate) fn digest(image: &Manifest, content: &[u8]) -> Digest {
    image.algorithm().digest(content)
}

/// Finds or makes a folder in a folder.
fn child(tree: &mut Tree, at: usize, name: &str, mtime: Timestamp) -> Result<usize, UnpackError> {
    if let Some(found) = entries(tree, at)?.get(name.as_bytes()).copied() {
        return Ok(found);
    }
    let made = tree.push(inode(Content::Directory(BTreeMap::new()), 0o755, mtime));
    entries(tree, at)?.insert(name.as_bytes().to_vec(), made);
    Ok(made)
}

fn entries(tree: &mut Tree, at: usize) -> Result<&mut BTreeMap<Vec<u8>, usize>, UnpackError> {
    match tree.inodes.get_mut(at).map(|inode| &mut inode.content) {
        Some(Content::Directory(entries)) => Ok(entries),
        _ => Err(UnpackError::Refused("a folder for boot files is no directory".to_owned())),
    }
}

fn inode(content: Content, permissions: u32, mtime: Timestamp) -> TreeInode {
    TreeInode { permissions, uid: 0, gid: 0, mtime, xattrs: BTreeMap::new(), content }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::digest::Algorithm;

    fn image(boot: Content) -> Manifest {
        let folder = |entries: &[(&str, usize)]| {
            Content::Directory(
                entries.iter().map(|(name, at)| (name.as_bytes().to_vec(), *at)).collect(),
            )
        };
        let old = |content| inode(content, 0o700, Timestamp { secs: 7, nanos: 8 });
        let mut tree = Tree::new(old(folder(&[("boot", 1), ("etc", 2)])));
        tree.push(old(boot));
        tree.push(old(folder(&[])));
        tree.encode(Algorithm::Sha256).unwrap()
    }

    #[test]
    fn files_come_to_their_places_and_nothing_else_changes() {
        let image = image(Content::Directory(BTreeMap::new()));
        let generated = [
            Generated::folder("boot/efi"),
            Generated::file("boot/grub/grub.cfg", "menu".to_owned()),
            Generated::file("etc/fstab", "table".to_owned()),
        ];
        assert_eq!(check(&image, &generated), Ok(()));
        let found = overlay(&image, &generated).unwrap();
        assert_eq!(found.inode_count(), image.inode_count() + 4);
        let file = found.node_inode(found.lookup(b"boot/grub/grub.cfg").unwrap());
        assert_eq!((file.size(), file.permissions()), (4, 0o644));
        assert_eq!(file.mtime(), Timestamp { secs: 7, nanos: 8 });
        // Again, with other content: as from the image itself.
        let other = [Generated::file("etc/fstab", "other".to_owned())];
        let again = overlay(&overlay(&image, &generated).unwrap(), &generated).unwrap();
        assert_eq!(again.digest(), found.digest());
        assert_ne!(overlay(&found, &other).unwrap().digest(), found.digest());
        assert_eq!(overlay(&image, &[]).unwrap().digest(), image.digest());
    }

    #[test]
    fn nothing_is_put_behind_a_link() {
        let generated = [Generated::file("boot/grub/grub.cfg", "menu".to_owned())];
        for boot in [Content::Symlink(b"/srv".to_vec()), Content::Fifo] {
            let problem = check(&image(boot), &generated).unwrap_err();
            assert_eq!(problem, "its /boot is no directory");
        }
        let folder = Content::Directory(BTreeMap::new());
        let problem = check(&image(folder), &[Generated::file("etc", String::new())]);
        assert_eq!(problem.unwrap_err(), "its /etc is no file");
    }
}
