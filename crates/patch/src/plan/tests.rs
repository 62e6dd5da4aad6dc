//! Tests the planner with a model of a filesystem: any plan, carried out step by step on plain values, leads to the
//! wanted tree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wire::digest::Algorithm;
use wire::manifest::strategies::{inode, trees};
use wire::manifest::{Content, Tree};

use super::*;

/// Mode, digest, target, size and mtime of an inode.
type Described = (u32, Option<Digest>, Vec<u8>, u64, i64);

/// A filesystem as plain values: paths to inode numbers, and inode numbers to descriptions.
#[derive(Default)]
struct Model {
    names: BTreeMap<Vec<u8>, u64>,
    inodes: BTreeMap<u64, Described>,
    next: u64,
}

impl Model {
    fn of(manifest: &Manifest) -> Self {
        let mut model = Self { next: 1000, ..Self::default() };
        for node in manifest.nodes() {
            let inode = manifest.node_inode(node);
            model.names.insert(manifest.path(node), inode.index().into());
            model.inodes.insert(inode.index().into(), Self::describe(inode));
        }
        model
    }

    fn describe(inode: Inode<'_>) -> Described {
        let digest = inode.is_regular().then(|| inode.digest()).flatten();
        let size = if inode.is_directory() { 0 } else { inode.size() };
        (inode.mode(), digest, inode.target().to_vec(), size, inode.mtime().secs)
    }

    fn remove(&mut self, path: &[u8], is_directory: bool) {
        let below = [path, b"/"].concat();
        assert!(
            !is_directory || !self.names.keys().any(|name| name.starts_with(&below)),
            "removing a directory that is not empty"
        );
        self.names.remove(path).expect("a name that is there");
    }

    fn insert(&mut self, path: Vec<u8>, number: u64) {
        let parent = path.iter().rposition(|byte| *byte == b'/').map_or(&[][..], |at| &path[..at]);
        let parent = self.names.get(parent).expect("a parent that is there");
        assert_eq!(self.inodes[parent].0 & 0o170_000, 0o040_000, "a parent that is a directory");
        assert!(self.names.insert(path, number).is_none(), "a name that is free");
    }

    /// Carries out a plan in the order of its steps.
    fn apply(&mut self, plan: &Plan, have: &Manifest, want: &Manifest) {
        let staged: Vec<u64> = plan.stage.iter().map(|n| self.names[&have.path(*n)]).collect();
        plan.unlink.iter().for_each(|node| self.remove(&have.path(*node), false));
        plan.remove_dirs.iter().for_each(|node| self.remove(&have.path(*node), true));
        let others = plan.create.iter().map(|create| &create.node);
        for node in plan.create_dirs.iter().chain(others) {
            let inode = want.node_inode(*node);
            let (mode, _, target, size, _) = Self::describe(inode);
            let size = if inode.is_regular() { 0 } else { size };
            self.next += 1;
            self.inodes.insert(self.next, (mode, None, target, size, i64::MIN));
            self.insert(want.path(*node), self.next);
        }
        for (node, source) in &plan.link {
            let number = match source {
                LinkSource::Staged(index) => staged[*index],
                LinkSource::Node(node) => self.names[&want.path(*node)],
            };
            self.insert(want.path(*node), number);
        }
        for write in &plan.write {
            let inode = want.inode(write.index);
            let number = self.names[&want.path(inode.first_node())];
            if let DataSource::Copy(source) = write.data {
                let source = self.names[&want.path(want.inode(source).first_node())];
                assert_eq!(self.inodes[&source].1, inode.digest(), "a source with the content");
            }
            let entry = self.inodes.get_mut(&number).unwrap();
            (entry.1, entry.3) = (inode.digest(), inode.size());
        }
        // Each inode that changes gets its attributes exactly once.
        let empty = plan.create.iter().filter(|create| !create.has_data);
        let empty = empty.map(|create| want.node_inode(create.node).index());
        let written = plan.write.iter().map(|write| write.index);
        let attributes = plan.attributes.iter().map(|(index, _)| *index);
        let mut seen = HashSet::new();
        for index in empty.chain(written).chain(attributes) {
            assert!(seen.insert(index), "attributes of {index} are set twice");
            let inode = want.inode(index);
            let number = self.names[&want.path(inode.first_node())];
            let entry = self.inodes.get_mut(&number).unwrap();
            (entry.0, entry.4) = (inode.mode(), inode.mtime().secs);
        }
    }

    /// Compares with a manifest: names, their inodes' descriptions, and which names share an inode.
    fn assert_is(&self, want: &Manifest) {
        let expect = Self::of(want);
        assert_eq!(
            self.names.keys().collect::<Vec<_>>(),
            expect.names.keys().collect::<Vec<_>>(),
            "names"
        );
        let mut numbers: BTreeMap<u64, u64> = BTreeMap::new();
        for (path, number) in &self.names {
            let other = expect.names[path];
            assert_eq!(self.inodes[number], expect.inodes[&other], "{path:?}");
            assert_eq!(*numbers.entry(*number).or_insert(other), other, "links of {path:?}");
        }
    }
}

const CHOICES: Choices<'_> = Choices {
    freed: FreedPolicy::Keep,
    has_reflinks: false,
    frames: &|_| None,
    is_here: &|_| true,
    generated: &|_| None,
};

fn check(a: &Tree, b: &Tree) -> PlanCounts {
    let have = a.encode(Algorithm::Sha256).unwrap();
    let want = b.encode(Algorithm::Sha256).unwrap();
    for (freed, has_reflinks, is_here) in [
        (FreedPolicy::Keep, false, true),
        (FreedPolicy::Scrub, true, true),
        (FreedPolicy::Scrub, false, false),
    ] {
        let choices = Choices {
            freed,
            has_reflinks,
            frames: &|_| None,
            is_here: &|_| is_here,
            generated: &|_| None,
        };
        let plan = plan(&have, &want, choices);
        let mut model = Model::of(&have);
        model.apply(&plan, &have, &want);
        model.assert_is(&want);
    }
    let plan = plan(&have, &want, CHOICES);
    let mut model = Model::of(&have);
    model.apply(&plan, &have, &want);
    model.assert_is(&want);
    plan.counts
}

proptest! {
    #[test]
    fn prop_a_plan_leads_from_any_tree_to_any_other(a in trees(), b in trees()) {
        check(&a, &b);
    }

    #[test]
    fn prop_nothing_to_do_is_nothing_done(a in trees()) {
        let have = a.encode(Algorithm::Sha256).unwrap();
        let plan = plan(&have, &have, CHOICES);
        prop_assert!(plan.is_empty(), "{plan:?}");
        prop_assert_eq!(plan.counts.keep, u64::from(have.inode_count()));
        prop_assert!(plan.touched.is_empty());
    }
}

#[test]
fn a_renamed_file_is_linked_not_written() {
    let tree = |name: &[u8]| {
        let mut tree = Tree::new(inode(Content::Directory(BTreeMap::new()), 0));
        let digest = Some(Algorithm::Sha256.digest(b"x"));
        let index = tree.push(inode(Content::Regular { size: 1, holes: Vec::new(), digest }, 1));
        if let Content::Directory(children) = &mut tree.inodes[0].content {
            children.insert(name.to_vec(), index);
        }
        tree
    };
    let counts = check(&tree(b"old"), &tree(b"new"));
    assert_eq!((counts.link, counts.create, counts.bytes_written), (1, 0, 0));
}
