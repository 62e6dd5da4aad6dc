//! Resolves paths and follows symbolic links, as the kernel does for a process whose root is the image's root.

use super::view::{Manifest, NodeId, ROOT_NODE};

/// Limit on symbolic links that one path may follow. *Source:* Linux, include/linux/namei.h: MAXSYMLINKS.
const LINKS_MAX: usize = 40;

impl Manifest {
    /// Finds a node by its path from the root, and follows every symbolic link on the way. Links never leave the
    /// image: absolute targets begin at the image's root, and `..` never leads above this root. Returns `None` if the
    /// path does not exist, or if it leads through more than 40 links (links can form a circle).
    pub fn follow(&self, path: &[u8]) -> Option<NodeId> {
        let pieces = |path: &[u8]| -> Vec<Vec<u8>> {
            path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec).collect()
        };
        let (mut rest, mut at, mut links) = (pieces(path), ROOT_NODE, 0);
        while let Some(name) = rest.pop() {
            match name.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    at = self.inode(self.parent(at)).first_node();
                    continue;
                }
                _ => {}
            }
            let child = self.child(self.node_inode(at).index(), &name)?;
            let inode = self.node_inode(child);
            if !inode.is_symlink() {
                at = child;
                continue;
            }
            links += 1;
            let target = inode.target();
            if links > LINKS_MAX {
                return None;
            }
            if target.starts_with(b"/") {
                at = ROOT_NODE;
            }
            rest.extend(pieces(target));
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Content, Timestamp, Tree, TreeInode};
    use crate::digest::Algorithm;

    #[test]
    fn links_are_followed_inside_the_image() {
        let inode = |content| TreeInode {
            permissions: 0o755,
            uid: 0,
            gid: 0,
            mtime: Timestamp { secs: 0, nanos: 0 },
            xattrs: BTreeMap::new(),
            content,
        };
        let mut tree = Tree::new(inode(Content::Directory(BTreeMap::new())));
        let mut add = |folder: usize, name: &str, content: Content| {
            let added = tree.push(inode(content));
            let Content::Directory(entries) = &mut tree.inodes[folder].content else { panic!() };
            entries.insert(name.as_bytes().to_vec(), added);
            added
        };
        let folder = || Content::Directory(BTreeMap::new());
        let link = |target: &str| Content::Symlink(target.as_bytes().to_vec());
        let usr = add(0, "usr", folder());
        let lib = add(usr, "lib", folder());
        add(lib, "file", Content::Fifo);
        add(0, "lib", link("usr/lib"));
        add(lib, "up", link("../../../../usr/lib/../lib/file"));
        add(lib, "absolute", link("/lib/file"));
        add(lib, "circle", link("/lib/circle"));
        add(lib, "nowhere", link("/none"));
        let image = tree.encode(Algorithm::Sha256).unwrap();
        let place = image.lookup(b"usr/lib/file");
        for path in ["lib/file", "/lib/./up", "lib/absolute", "usr/../lib/absolute"] {
            assert_eq!(image.follow(path.as_bytes()), place, "{path}");
        }
        for path in ["lib/circle", "lib/nowhere", "none", "lib/file/x"] {
            assert_eq!(image.follow(path.as_bytes()), None, "{path}");
        }
    }
}
