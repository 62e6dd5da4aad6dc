//! Tests of the manifest format as a whole.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::diff::{Change, diff};
use super::*;
use crate::digest::Algorithm;

fn inode(content: Content) -> TreeInode {
    TreeInode {
        permissions: 0o755,
        uid: 0,
        gid: 0,
        mtime: Timestamp { secs: -1, nanos: 999_999_999 },
        xattrs: BTreeMap::new(),
        content,
    }
}

fn file(bytes: &[u8]) -> TreeInode {
    let digest = (!bytes.is_empty()).then(|| Algorithm::Sha256.digest(bytes));
    inode(Content::Regular { size: bytes.len() as u64, holes: Vec::new(), digest })
}

fn directory() -> TreeInode {
    inode(Content::Directory(BTreeMap::new()))
}

fn link(tree: &mut Tree, parent: usize, name: &[u8], child: usize) {
    if let Content::Directory(children) = &mut tree.inodes[parent].content {
        children.insert(name.to_vec(), child);
    }
}

fn add(tree: &mut Tree, parent: usize, name: &[u8], inode: TreeInode) -> usize {
    let index = tree.push(inode);
    link(tree, parent, name, index);
    index
}

/// Returns a tree with every kind of inode and every part that an inode can have.
fn example() -> Tree {
    let mut tree = Tree::new(directory());
    let etc = add(&mut tree, 0, b"etc", directory());
    let passwd = add(&mut tree, etc, b"passwd", file(b"root:x:0:0\n"));
    link(&mut tree, 0, b"passwd-link", passwd);
    add(&mut tree, etc, b"empty", file(b""));
    add(&mut tree, etc, b"mtab", inode(Content::Symlink(b"/proc/mounts".to_vec())));
    add(&mut tree, 0, b"null", inode(Content::CharDevice(1, 3)));
    add(&mut tree, 0, b"sda", inode(Content::BlockDevice(8, 0)));
    add(&mut tree, 0, b"fifo", inode(Content::Fifo));
    add(&mut tree, 0, b"\xff\xfe sock", inode(Content::Socket));
    let mut sparse = inode(Content::Regular {
        size: 1 << 40,
        holes: vec![Hole { offset: 0, len: 4096 }, Hole { offset: 8192, len: (1 << 40) - 8192 }],
        digest: Some(Algorithm::Sha256.digest(&[7; 4096])),
    });
    sparse.xattrs.insert(b"security.capability".to_vec(), vec![1, 0, 0, 2]);
    sparse.xattrs.insert(b"user.note".to_vec(), b"x".to_vec());
    add(&mut tree, 0, b"sparse", sparse);
    tree
}

#[test]
fn golden_digest_of_the_example_tree() {
    let manifest = example().encode(Algorithm::Sha256).unwrap();
    insta::assert_snapshot!(manifest.digest());
    insta::assert_snapshot!(data_encoding::HEXLOWER.encode(&manifest.bytes()[..128]));
}

#[test]
fn the_example_round_trips() {
    let manifest = example().encode(Algorithm::Sha256).unwrap();
    let decoded = Manifest::decode(manifest.bytes().to_vec()).unwrap();
    let again = decoded.to_tree().encode(Algorithm::Sha256).unwrap();
    assert_eq!(again.bytes(), manifest.bytes());
    let node = decoded.lookup(b"/etc/passwd").unwrap();
    assert_eq!(decoded.node_inode(node).link_count(), 2);
    assert_eq!(decoded.path(node), b"etc/passwd");
    assert_eq!(decoded.lookup(b"etc/../etc/passwd"), None);
    let sparse = decoded.node_inode(decoded.lookup(b"sparse").unwrap());
    assert_eq!((sparse.size(), sparse.data_len()), (1 << 40, 4096));
    assert_eq!(sparse.xattrs().count(), 2);
}

#[test]
fn order_of_insertion_leaves_no_trace() {
    let mut forward = Tree::new(directory());
    let mut backward = Tree::new(directory());
    for i in 0..10u8 {
        add(&mut forward, 0, &[b'a' + i], file(&[i]));
        add(&mut backward, 0, &[b'a' + 9 - i], file(&[9 - i]));
    }
    let encode = |tree: &Tree| tree.encode(Algorithm::Sha256).unwrap().digest();
    assert_eq!(encode(&forward), encode(&backward));
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let bytes = example().encode(Algorithm::Sha256).unwrap().bytes().to_vec();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Manifest::decode(damaged).is_err(), "bit {bit}");
    }
    for len in 0..bytes.len() {
        assert!(Manifest::decode(bytes[..len].to_vec()).is_err(), "length {len}");
    }
}

/// With correct checksums, a changed byte may give another valid manifest but must never cause a panic.
#[test]
fn changed_bytes_with_valid_checksums_do_not_panic() {
    let bytes = example().encode(Algorithm::Sha256).unwrap().bytes().to_vec();
    for at in (0..bytes.len()).filter(|at| !(120..128).contains(at)) {
        for value in [0, 1, 0x7f, 0xff, bytes[at].wrapping_add(1)] {
            let mut changed = bytes.clone();
            changed[at] = value;
            let result = Manifest::decode(reseal(changed));
            if let Ok(manifest) = result {
                assert_eq!(manifest.to_tree().encode(Algorithm::Sha256).unwrap().bytes(), {
                    manifest.bytes()
                });
            }
        }
    }
}

fn reseal(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = crc32fast::hash(&bytes[layout::HEADER_LEN..]);
    bytes[120..124].copy_from_slice(&body.to_le_bytes());
    let head = crc32fast::hash(&bytes[..124]);
    bytes[124..128].copy_from_slice(&head.to_le_bytes());
    bytes
}

#[test]
fn trees_that_break_a_rule_are_refused() {
    let refuse = |name: &[u8]| {
        let mut tree = Tree::new(directory());
        add(&mut tree, 0, name, file(b"x"));
        assert!(tree.encode(Algorithm::Sha256).is_err(), "{name:?}");
    };
    for name in [&b""[..], b".", b"..", b"a/b", b"a\0b", &[b'x'; 256]] {
        refuse(name);
    }
    let mut cycle = Tree::new(directory());
    link(&mut cycle, 0, b"self", 0);
    assert!(cycle.encode(Algorithm::Sha256).is_err());
    let mut twice = Tree::new(directory());
    let child = add(&mut twice, 0, b"a", directory());
    link(&mut twice, 0, b"b", child);
    assert!(twice.encode(Algorithm::Sha256).is_err());
    let mut orphan = Tree::new(directory());
    orphan.push(file(b"x"));
    assert!(orphan.encode(Algorithm::Sha256).is_err());
    let mut other_algorithm = Tree::new(directory());
    add(&mut other_algorithm, 0, b"a", file(b"x"));
    assert!(other_algorithm.encode(Algorithm::Sha512).is_err());
}

/// Finds paths, kinds and link groups of a tree by an independent walk.
fn naive_paths(tree: &Tree) -> BTreeMap<Vec<u8>, (TreeInode, Vec<Vec<u8>>)> {
    let mut paths: Vec<(Vec<u8>, usize)> = Vec::new();
    let mut pending = vec![(Vec::new(), 0usize)];
    while let Some((path, index)) = pending.pop() {
        if let Content::Directory(children) = &tree.inodes[index].content {
            for (name, child) in children {
                let mut below: Vec<u8> = path.clone();
                if !below.is_empty() {
                    below.push(b'/');
                }
                below.extend_from_slice(name);
                pending.push((below, *child));
            }
        }
        paths.push((path, index));
    }
    let groups: BTreeMap<usize, Vec<Vec<u8>>> =
        paths.iter().fold(BTreeMap::new(), |mut groups, (path, index)| {
            groups.entry(*index).or_insert_with(Vec::new).push(path.clone());
            groups
        });
    paths
        .into_iter()
        .map(|(path, index)| {
            let mut group = groups[&index].clone();
            group.sort();
            let mut inode = tree.inodes[index].clone();
            if let Content::Directory(children) = &mut inode.content {
                children.clear();
            }
            (path, (inode, group))
        })
        .collect()
}

/// Makes random trees with few different names, so that pairs of trees overlap.
fn trees() -> impl Strategy<Value = Tree> {
    prop::collection::vec((0..8usize, 0..6u8, 0..9u8, 0..3u8), 0..40).prop_map(|steps| {
        let mut tree = Tree::new(directory());
        for (parent, name, kind, value) in steps {
            let directories: Vec<usize> = (0..tree.inodes.len())
                .filter(|index| matches!(tree.inodes[*index].content, Content::Directory(_)))
                .collect();
            let parent = directories[parent % directories.len()];
            let name = [b'a' + name];
            let Content::Directory(children) = &tree.inodes[parent].content else {
                continue;
            };
            if children.contains_key(&name[..]) {
                continue;
            }
            let links: Vec<usize> = (0..tree.inodes.len())
                .filter(|index| !matches!(tree.inodes[*index].content, Content::Directory(_)))
                .collect();
            match kind {
                0..=2 => drop(add(&mut tree, parent, &name, directory())),
                3..=5 => drop(add(&mut tree, parent, &name, file(&[value]))),
                6 if !links.is_empty() => {
                    link(&mut tree, parent, &name, links[usize::from(value) % links.len()]);
                }
                7 => drop(add(&mut tree, parent, &name, inode(Content::Symlink(vec![value + 1])))),
                _ => drop(add(&mut tree, parent, &name, inode(Content::Fifo))),
            }
        }
        tree
    })
}

proptest! {
    #[test]
    fn prop_trees_round_trip(tree in trees()) {
        let manifest = tree.encode(Algorithm::Sha256).unwrap();
        let decoded = Manifest::decode(manifest.bytes().to_vec()).unwrap();
        prop_assert_eq!(naive_paths(&decoded.to_tree()), naive_paths(&tree));
    }

    #[test]
    fn prop_diff_agrees_with_a_comparison_of_all_paths(a in trees(), b in trees()) {
        let (old, new) = (a.encode(Algorithm::Sha256).unwrap(), b.encode(Algorithm::Sha256).unwrap());
        let (x, y) = (naive_paths(&a), naive_paths(&b));
        let mut expect: BTreeMap<Vec<u8>, char> = BTreeMap::new();
        for (path, (inode, group)) in &x {
            match y.get(path) {
                None => drop(expect.insert(path.clone(), '-')),
                // Of a group of hard links, the format shows only the count and the first member in canonical order.
                Some((other, others)) if inode != other
                    || group.len() != others.len()
                    || first(&old, path) != first(&new, path) => drop(expect.insert(path.clone(), '!')),
                Some(_) => {}
            }
        }
        expect.extend(y.keys().filter(|path| !x.contains_key(*path)).map(|p| (p.clone(), '+')));
        let found: BTreeMap<Vec<u8>, char> = diff(&old, &new).into_iter().map(|change| match change {
            Change::Added(node) => (new.path(node), '+'),
            Change::Removed(node) => (old.path(node), '-'),
            Change::Changed { old: node, .. } => (old.path(node), '!'),
        }).collect();
        prop_assert_eq!(found, expect);
    }

    #[test]
    fn prop_decoding_noise_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        prop_assert!(Manifest::decode(bytes).is_err());
    }
}

fn first(manifest: &Manifest, path: &[u8]) -> Vec<u8> {
    let node = manifest.lookup(path).unwrap();
    manifest.path(manifest.node_inode(node).first_node())
}
