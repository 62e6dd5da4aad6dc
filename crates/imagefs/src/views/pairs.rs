//! Differences between two images as three trees, each with only the paths that differ and the directories above them.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wire::Manifest;
use wire::manifest::NodeId;
use wire::manifest::diff::{Change, Fields, diff};

use super::super::ino::Side;

/// Bytes of memory for pairs. A pair takes one bit for each path of the earlier image, and two bits for each path of
/// the later image.
const MEMORY_LEN: u64 = 8 << 20;

/// A set of a manifest's nodes, one bit for each node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nodes(Vec<u64>);

impl Nodes {
    fn of(manifest: &Manifest) -> Self {
        Self(vec![0; manifest.node_count().div_ceil(64)])
    }

    /// Returns whether the set holds a node.
    pub fn contains(&self, node: NodeId) -> bool {
        let word = self.0.get(node.position() / 64);
        word.is_some_and(|word| word & (1 << (node.position() % 64)) != 0)
    }

    /// Adds a node with all directories above it.
    fn insert(&mut self, manifest: &Manifest, mut node: NodeId) {
        while !self.contains(node) {
            if let Some(word) = self.0.get_mut(node.position() / 64) {
                *word |= 1 << (node.position() % 64);
            }
            node = manifest.inode(manifest.parent(node)).first_node();
        }
    }
}

/// The nodes that differ between two images, by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferingNodes {
    added: Nodes,
    removed: Nodes,
    changed: Nodes,
}

impl DifferingNodes {
    /// Compares two images. Ignores a directory that differs only in its time, because the changed entries in it are
    /// reported.
    pub fn between(old: &Manifest, new: &Manifest) -> Self {
        let mut found =
            Self { added: Nodes::of(new), removed: Nodes::of(old), changed: Nodes::of(new) };
        let time = Fields { mtime: true, ..Fields::default() };
        for change in diff(old, new) {
            match change {
                Change::Added(node) => found.added.insert(new, node),
                Change::Removed(node) => found.removed.insert(old, node),
                Change::Changed { new: node, fields, .. } => {
                    if fields != time || !new.node_inode(node).is_directory() {
                        found.changed.insert(new, node);
                    }
                }
            }
        }
        found
    }

    /// Returns the nodes of a side: in the earlier image for removed paths, else in the later one.
    pub fn side(&self, side: Side) -> &Nodes {
        match side {
            Side::Added => &self.added,
            Side::Removed => &self.removed,
            Side::Changed => &self.changed,
        }
    }
}

#[derive(Clone, Debug)]
struct PairLen;

impl Weighter<(u32, u32), Arc<DifferingNodes>> for PairLen {
    fn weight(&self, _: &(u32, u32), differing: &Arc<DifferingNodes>) -> u64 {
        let words = [&differing.added, &differing.removed, &differing.changed];
        256 + words.map(|nodes| nodes.0.len() as u64 * 8).iter().sum::<u64>()
    }
}

/// Compared pairs, in bounded memory.
#[derive(Debug)]
pub struct Pairs {
    known: Cache<(u32, u32), Arc<DifferingNodes>, PairLen>,
}

impl Default for Pairs {
    fn default() -> Self {
        Self { known: Cache::with_weighter(64, MEMORY_LEN, PairLen) }
    }
}

impl Pairs {
    /// Returns the differences between two images, given by ordinal. If several callers ask at once, one of them
    /// compares.
    ///
    /// # Errors
    /// Errors of `compare`.
    pub fn get<E>(
        &self,
        old: u32,
        new: u32,
        compare: impl FnOnce() -> Result<DifferingNodes, E>,
    ) -> Result<Arc<DifferingNodes>, E> {
        self.known.get_or_insert_with(&(old, new), || compare().map(Arc::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use wire::digest::Algorithm;
    use wire::manifest::strategies::trees;

    fn paths(manifest: &Manifest, nodes: &Nodes) -> BTreeSet<Vec<u8>> {
        let all = manifest.nodes().skip(1);
        all.filter(|node| nodes.contains(*node)).map(|node| manifest.path(node)).collect()
    }

    proptest! {
        /// Each side has exactly the paths that the comparison finds, and the directories above them.
        #[test]
        fn sides_are_what_differs(old in trees(), new in trees()) {
            let (old, new) = (
                old.encode(Algorithm::Sha256).unwrap(),
                new.encode(Algorithm::Sha256).unwrap(),
            );
            let found = DifferingNodes::between(&old, &new);
            let mut expected = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
            for change in diff(&old, &new) {
                let (index, manifest, node) = match change {
                    Change::Added(node) => (0, &new, node),
                    Change::Removed(node) => (1, &old, node),
                    Change::Changed { new: node, fields, .. } => {
                        if new.node_inode(node).is_directory() && fields.names() == ["mtime"] {
                            continue;
                        }
                        (2, &new, node)
                    }
                };
                let path = manifest.path(node);
                let above = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
                expected[index].extend(above.map(|(at, _)| path[..at].to_vec()));
                if !path.is_empty() {
                    expected[index].insert(path);
                }
            }
            for (side, expected) in [Side::Added, Side::Removed, Side::Changed].into_iter().zip(expected) {
                let manifest = if side == Side::Removed { &old } else { &new };
                prop_assert_eq!(paths(manifest, found.side(side)), expected);
            }
        }
    }
}
