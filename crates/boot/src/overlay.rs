//! Adds generated files to an image's tree: the result is what a volume holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Content, ROOT_NODE, Timestamp, Tree, TreeInode};

use crate::BootError;

/// A generated file, or a folder as a mount point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedEntry {
    /// Path from the root, without the leading slash.
    pub path: String,
    /// Content of a file; `None` for a folder, which may exist already.
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

/// Returns the image's tree with the generated entries.
///
/// A replaced file keeps its mode, owner and attributes, except attributes that vouch for its
/// content. New files and folders belong to root, are readable by all, and take the security label
/// of their folder, as if created there. All files that are replaced or new, and all new folders,
/// get the root directory's modification time, so that the same inputs give the same tree.
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
        let no_folder = || BootError::NoFolder(folder.to_owned());
        let mut at = 0;
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            at = child(&mut tree, at, part, mtime).ok_or_else(no_folder)?;
        }
        if let (Some(name), Some(bytes)) = (name, content) {
            let regular = Content::Regular {
                size: bytes.len() as u64,
                holes: Vec::new(),
                digest: Some(digest(image, bytes)),
            };
            let entries_now = entries(&mut tree, at).ok_or_else(no_folder)?;
            let replaced = entries_now.get(name.as_bytes()).copied();
            let like = match replaced {
                Some(replaced) => replaced_by(&tree.inodes[replaced], regular, mtime),
                None => new(&tree.inodes[at], regular, 0o644, mtime),
            };
            let file = tree.push(like);
            let entries = entries(&mut tree, at).ok_or_else(no_folder)?;
            entries.insert(name.as_bytes().to_vec(), file);
        }
    }
    let tree = tree.pruned();
    Ok(tree.encode(image.algorithm())?)
}

/// Returns the digest of a generated file's content, in the image's algorithm.
pub(crate) fn digest(image: &Manifest, content: &[u8]) -> Digest {
    image.algorithm().digest(content)
}

/// Returns the index of the entry `name` in the folder `at`. If there is no such entry, adds a folder with this name.
/// `None` if `at` is not a folder.
fn child(tree: &mut Tree, at: usize, name: &str, mtime: Timestamp) -> Option<usize> {
    if let Some(found) = entries(tree, at)?.get(name.as_bytes()).copied() {
        return Some(found);
    }
    let folder = new(&tree.inodes[at], Content::Directory(BTreeMap::new()), 0o755, mtime);
    let made = tree.push(folder);
    entries(tree, at)?.insert(name.as_bytes().to_vec(), made);
    Some(made)
}

fn entries(tree: &mut Tree, at: usize) -> Option<&mut BTreeMap<Vec<u8>, usize>> {
    match tree.inodes.get_mut(at).map(|inode| &mut inode.content) {
        Some(Content::Directory(entries)) => Some(entries),
        _ => None,
    }
}

/// Labels that a new file takes from its folder by default; a rule of the system's policy can give
/// it another label. *Source:* the kernel's security modules.
const LABELS: [&[u8]; 2] = [b"security.selinux", b"security.SMACK64"];

/// Extended attributes that depend on a file's content: a file loses them when it is replaced.
const OF_CONTENT: [&[u8]; 3] = [b"security.ima", b"security.evm", b"security.capability"];

/// Makes a file or folder that the image lacks.
fn new(folder: &TreeInode, content: Content, permissions: u32, mtime: Timestamp) -> TreeInode {
    let mut xattrs = folder.xattrs.clone();
    xattrs.retain(|name, _| LABELS.contains(&name.as_slice()));
    TreeInode { permissions, uid: 0, gid: 0, mtime, xattrs, content }
}

/// Makes the file that takes the place of another.
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
        // Overlaying again changes nothing; other content gives another tree.
        let other = [GeneratedEntry::file("etc/fstab", "other".to_owned())];
        let again = overlay(&overlay(&image, &generated).unwrap(), &generated).unwrap();
        assert_eq!(again.digest(), found.digest());
        assert_ne!(overlay(&found, &other).unwrap().digest(), found.digest());
        assert_eq!(overlay(&image, &[]).unwrap().digest(), image.digest());
    }

    #[test]
    fn another_thing_in_a_folders_place_stays_and_nothing_is_put_into_it() {
        let regular = Content::Regular { size: 0, holes: Vec::new(), digest: None };
        let image = image(regular);
        // A generated folder is only a mount point, so what the image has in its place stays.
        let found = overlay(&image, &[GeneratedEntry::folder("boot")]).unwrap();
        assert_eq!(found.digest(), image.digest());
        let refused = overlay(&image, &[GeneratedEntry::file("boot/grub/grub.cfg", String::new())]);
        assert!(refused.unwrap_err().to_string().contains("'/boot/grub' in the image must be a"));
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
