//! Random trees for property tests of the crates that work on manifests.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Content, Timestamp, Tree, TreeInode};
use crate::digest::Algorithm;

/// Returns an inode with this content and time; mode 0644, owner 0 and no attributes.
pub fn inode(content: Content, mtime: i64) -> TreeInode {
    TreeInode {
        permissions: 0o644,
        uid: 0,
        gid: 0,
        mtime: Timestamp { secs: mtime, nanos: 0 },
        xattrs: BTreeMap::new(),
        content,
    }
}

/// Makes random trees with few different names, so that two trees have much in common.
pub fn trees() -> impl Strategy<Value = Tree> {
    prop::collection::vec((0..8usize, 0..6u8, 0..10u8, 0..4u8), 0..40).prop_map(|steps| {
        let mut tree = Tree::new(inode(Content::Directory(BTreeMap::new()), 0));
        for (parent, name, kind, value) in steps {
            let indices = |want_dirs: bool, tree: &Tree| -> Vec<usize> {
                (0..tree.inodes.len())
                    .filter(|i| {
                        matches!(tree.inodes[*i].content, Content::Directory(_)) == want_dirs
                    })
                    .collect()
            };
            let directories = indices(true, &tree);
            let others = indices(false, &tree);
            let parent = directories[parent % directories.len()];
            let index = match kind {
                0..=2 => tree.push(inode(Content::Directory(BTreeMap::new()), value.into())),
                3..=6 => {
                    let digest = (value > 0).then(|| Algorithm::Sha256.digest(&[value]));
                    let size = u64::from(value > 0);
                    tree.push(inode(
                        Content::Regular { size, holes: Vec::new(), digest },
                        i64::from(kind),
                    ))
                }
                7 if !others.is_empty() => others[usize::from(value) % others.len()],
                8 => tree.push(inode(Content::Symlink(vec![b'x' + value]), 0)),
                _ => tree.push(inode(Content::CharDevice(1, value.into()), 0)),
            };
            if let Content::Directory(children) = &mut tree.inodes[parent].content {
                children.entry(vec![b'a' + name]).or_insert(index);
            }
        }
        tree.pruned()
    })
}
