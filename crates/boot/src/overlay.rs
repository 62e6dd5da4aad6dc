//! An image's tree with generated files in it: what a volume shall hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Content, ROOT_NODE, Timestamp, Tree, TreeInode};

use crate::BootError;

/// What is generated at a path: a file, or a folder to mount something on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedEntry {
    /// From the root, without a slash before it.
    pub path: String,
    /// A file's content; `None` for a folder, which may be there already.
    pub content: Option<Arc<[u8]>>,
}

impl GeneratedEntry {
    pub(super) fn file(path: &str, content: impl Into<Vec<u8>>) -> Self {
        Self { path: path.to_owned(), content: Some(content.into().into()) }
    }

    pub(super) fn folder(path: &str) -> Self {
        Self { path: path.to_owned(), content: None }
    }
}

/// Returns the tree of an image with generated files.
///
/// A file that is replaced keeps its mode, owner and attributes, but for those that vouch for its content. New
/// files and folders are root's, readable by all, and have the security label of the folder that they are in, as
/// if they had been made there. All are as old as the root directory, so that the same inputs give the same tree.
///
/// # Errors
/// Errors of the manifest's format, such as too many inodes.
pub fn overlay(image: &Manifest, generated: &[GeneratedEntry]) -> Result<Manifest, BootError> {
    let mut tree = image.to_tree();
    let mtime = image.node_inode(ROOT_NODE).mtime();
    for GeneratedEntry { path, content } in generated {
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
            let replaced = entries(&mut tree, at)?.get(name.as_bytes()).copied();
            let like = match replaced {
                Some(replaced) => replaced_by(&tree.inodes[replaced], regular, mtime),
                None => new(&tree.inodes[at], regular, 0o644, mtime),
            };
            let file = tree.push(like);
            entries(&mut tree, at)?.insert(name.as_bytes().to_vec(), file);
        }
    }
    let tree = tree.pruned();
    Ok(tree.encode(image.algorithm())?)
}

/// The digest by which a generated file's content is known.
pub(crate) fn digest(image: &Manifest, content: &[u8]) -> Digest {
    image.algorithm().digest(content)
}

/// Finds or makes a folder in a folder.
fn child(tree: &mut Tree, at: usize, name: &str, mtime: Timestamp) -> Result<usize, BootError> {
    if let Some(found) = entries(tree, at)?.get(name.as_bytes()).copied() {
        return Ok(found);
    }
    let folder = new(&tree.inodes[at], Content::Directory(BTreeMap::new()), 0o755, mtime);
    let made = tree.push(folder);
    entries(tree, at)?.insert(name.as_bytes().to_vec(), made);
    Ok(made)
}

fn entries(tree: &mut Tree, at: usize) -> Result<&mut BTreeMap<Vec<u8>, usize>, BootError> {
    match tree.inodes.get_mut(at).map(|inode| &mut inode.content) {
        Some(Content::Directory(entries)) => Ok(entries),
        _ => Err(BootError::NoFolder),
    }
}

/// Labels that a new file takes from its folder. *Source:* the kernel's security modules, where no rule
/// of a policy says otherwise.
const LABELS: [&[u8]; 2] = [b"security.selinux", b"security.SMACK64"];

/// Attributes that are about a file's content, which is another now.
const OF_CONTENT: [&[u8]; 3] = [b"security.ima", b"security.evm", b"security.capability"];

/// A file or folder that the image has none of.
fn new(folder: &TreeInode, content: Content, permissions: u32, mtime: Timestamp) -> TreeInode {
    let mut xattrs = folder.xattrs.clone();
    xattrs.retain(|name, _| LABELS.contains(&name.as_slice()));
    TreeInode { permissions, uid: 0, gid: 0, mtime, xattrs, content }
}

/// A file in the place of another.
fn replaced_by(other: &TreeInode, content: Content, mtime: Timestamp) -> TreeInode {
    let TreeInode { permissions, uid, gid, .. } = *other;
    let mut xattrs = other.xattrs.clone();
    xattrs.retain(|name, _| !OF_CONTENT.contains(&name.as_slice()));
    TreeInode { permissions, uid, gid, mtime, xattrs, content }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::digest::Algorithm;

    fn inode(content: Content, label: &[u8]) -> TreeInode {
        let xattrs =
            [(&b"security.selinux"[..], label), (b"security.ima", b"1"), (b"user.x", b"2")];
        let xattrs = xattrs.map(|(name, value)| (name.to_vec(), value.to_vec())).into();
        let mtime = Timestamp { secs: 7, nanos: 8 };
        TreeInode { permissions: 0o700, uid: 3, gid: 4, mtime, xattrs, content }
    }

    fn image(boot: Content) -> Manifest {
        let folder = |entries: &[(&str, usize)]| {
            Content::Directory(
                entries.iter().map(|(name, at)| (name.as_bytes().to_vec(), *at)).collect(),
            )
        };
        let mut tree = Tree::new(inode(folder(&[("boot", 1), ("etc", 2)]), b"root_t"));
        tree.push(inode(boot, b"boot_t"));
        tree.push(inode(folder(&[("fstab", 3)]), b"etc_t"));
        let regular = Content::Regular { size: 0, holes: Vec::new(), digest: None };
        tree.push(inode(regular, b"fstab_t"));
        tree.encode(Algorithm::Sha256).unwrap()
    }

    #[test]
    fn files_come_to_their_places_and_nothing_else_changes() {
        let image = image(Content::Directory(BTreeMap::new()));
        let generated = [
            GeneratedEntry::folder("boot/efi"),
            GeneratedEntry::file("boot/grub/grub.cfg", "menu".to_owned()),
            GeneratedEntry::file("etc/fstab", "table".to_owned()),
        ];
        let found = overlay(&image, &generated).unwrap();
        assert_eq!(found.inode_count(), image.inode_count() + 3);
        let file = found.node_inode(found.lookup(b"boot/grub/grub.cfg").unwrap());
        assert_eq!((file.size(), file.permissions()), (4, 0o644));
        assert_eq!(file.mtime(), Timestamp { secs: 7, nanos: 8 });
        // Again, with other content: as from the image itself.
        let other = [GeneratedEntry::file("etc/fstab", "other".to_owned())];
        let again = overlay(&overlay(&image, &generated).unwrap(), &generated).unwrap();
        assert_eq!(again.digest(), found.digest());
        assert_ne!(overlay(&found, &other).unwrap().digest(), found.digest());
        assert_eq!(overlay(&image, &[]).unwrap().digest(), image.digest());
    }

    #[test]
    fn attributes_of_what_is_replaced_stay_and_new_files_take_their_folders_label() {
        let generated = [
            GeneratedEntry::file("boot/grub/grub.cfg", "menu".to_owned()),
            GeneratedEntry::file("etc/fstab", "table".to_owned()),
        ];
        let image = image(Content::Directory(BTreeMap::new()));
        let found = overlay(&image, &generated).unwrap();
        let seen = |path: &str| {
            let inode = found.node_inode(found.lookup(path.as_bytes()).unwrap());
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let xattrs: Vec<String> =
                inode.xattrs().map(|(name, value)| text(name) + "=" + &text(value)).collect();
            format!(
                "{:o} {}:{} {}",
                inode.permissions(),
                inode.uid(),
                inode.gid(),
                xattrs.join(" ")
            )
        };
        assert_eq!(seen("etc/fstab"), "700 3:4 security.selinux=fstab_t user.x=2");
        assert_eq!(seen("boot/grub"), "755 0:0 security.selinux=boot_t");
        assert_eq!(seen("boot/grub/grub.cfg"), "644 0:0 security.selinux=boot_t");
    }
}
