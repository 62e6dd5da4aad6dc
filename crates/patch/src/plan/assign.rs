//! The assignment: which inode of the volume becomes which wanted inode.

use std::collections::HashMap;

use wire::Manifest;
use wire::manifest::layout::S_IFREG;
use wire::manifest::{Inode, NodeId, ROOT_NODE};

use super::has_same_content;

/// A one-to-one relation between wanted inodes and inodes of the volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// For each wanted inode, the *have* inode from which it is made, if any.
    have: Vec<Option<u32>>,
    /// For each *have* inode, the wanted inode that it becomes, if any.
    want: Vec<Option<u32>>,
    /// For each wanted node, the volume's node at the same path; `None` if there is no such node.
    same_path: Vec<Option<NodeId>>,
    /// All nodes of each wanted inode that has several nodes.
    links: HashMap<u32, Vec<NodeId>>,
}

impl Assignment {
    /// Assigns each of `count` inodes to itself.
    pub(super) fn identity(count: u32) -> Self {
        let same: Vec<Option<u32>> = (0..count).map(Some).collect();
        Self { have: same.clone(), want: same, ..Self::default() }
    }

    /// Returns the inode of the volume that a wanted inode is made of; `None` for a new inode.
    pub fn have_of(&self, want: u32) -> Option<u32> {
        self.have[want as usize]
    }

    /// Returns the wanted inode that an inode of the volume becomes; `None` for a removed inode.
    pub fn want_of(&self, have: u32) -> Option<u32> {
        self.want[have as usize]
    }

    /// Returns the volume's node at a wanted node's path; `None` if there is no such node.
    pub(super) fn same_path(&self, node: NodeId) -> Option<NodeId> {
        self.same_path[node.position()]
    }

    /// Returns all nodes of a wanted inode. The inode must not be a directory.
    pub(super) fn nodes_of(&self, index: u32, inode: Inode<'_>) -> Vec<NodeId> {
        self.links.get(&index).cloned().unwrap_or_else(|| vec![inode.first_node()])
    }

    fn set(&mut self, want: u32, have: u32) {
        self.have[want as usize] = Some(have);
        self.want[have as usize] = Some(want);
    }

    fn is_free(&self, want: u32, have: u32) -> bool {
        self.have_of(want).is_none() && self.want_of(have).is_none()
    }
}

/// Assigns inodes of the volume to the wanted inodes.
pub(super) fn assign(have: &Manifest, want: &Manifest) -> Assignment {
    let mut assignment = Assignment {
        have: vec![None; want.inode_count() as usize],
        want: vec![None; have.inode_count() as usize],
        same_path: vec![None; want.node_count()],
        links: links(want),
    };
    let pairs = same_paths(have, want, &mut assignment);
    // The first pass assigns inodes of the same path and content: nothing is written. The second pass assigns regular
    // files of the same path: they are written in place, so that their directory stays untouched.
    for is_exact in [true, false] {
        for &(a, b) in &pairs {
            let (x, y) = (have.inode(a), want.inode(b));
            let fits = match is_exact {
                true => holds_the_same(x, y),
                false => x.kind() == S_IFREG && y.kind() == S_IFREG,
            };
            if fits && assignment.is_free(b, a) {
                assignment.set(b, a);
            }
        }
    }
    same_content(have, want, &mut assignment);
    assignment
}

/// Walks both trees together. Assigns directories. Returns pairs (have, want) of other inodes that have the same path
/// and type.
fn same_paths(have: &Manifest, want: &Manifest, assignment: &mut Assignment) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    assignment.set(0, 0);
    assignment.same_path[ROOT_NODE.position()] = Some(ROOT_NODE);
    // Inodes are numbered breadth-first: a directory is assigned before its entries are visited.
    for index in 0..want.inode_count() {
        let Some(there) = assignment.have_of(index) else {
            continue;
        };
        let mut left = have.children(there).peekable();
        for node in want.children(index) {
            let name = want.name(node);
            while left.next_if(|other| have.name(*other) < name).is_some() {}
            let Some(other) = left.next_if(|other| have.name(*other) == name) else {
                continue;
            };
            assignment.same_path[node.position()] = Some(other);
            let (a, b) = (have.node_inode(other), want.node_inode(node));
            if a.is_directory() && b.is_directory() {
                assignment.set(b.index(), a.index());
            } else if a.kind() == b.kind() {
                pairs.push((a.index(), b.index()));
            }
        }
    }
    pairs
}

/// Assigns files that moved: inodes with the same data elsewhere on the volume.
fn same_content(have: &Manifest, want: &Manifest, assignment: &mut Assignment) {
    let mut free: HashMap<(wire::Digest, u64), Vec<u32>> = HashMap::new();
    for index in (0..have.inode_count()).rev() {
        let inode = have.inode(index);
        if assignment.want_of(index).is_none()
            && inode.is_regular()
            && let Some(digest) = inode.digest()
        {
            free.entry((digest, inode.size())).or_default().push(index);
        }
    }
    for index in 0..want.inode_count() {
        let inode = want.inode(index);
        if assignment.have_of(index).is_some() || !inode.is_regular() {
            continue;
        }
        let Some(digest) = inode.digest() else {
            continue;
        };
        let Some(candidates) = free.get_mut(&(digest, inode.size())) else {
            continue;
        };
        let fit = candidates.iter().rposition(|a| has_same_content(have.inode(*a), inode));
        if let Some(fit) = fit {
            assignment.set(index, candidates.remove(fit));
        }
    }
}

/// Returns whether an inode can stay as it is, apart from its attributes.
fn holds_the_same(a: Inode<'_>, b: Inode<'_>) -> bool {
    a.kind() == b.kind()
        && match a.kind() {
            S_IFREG => has_same_content(a, b),
            // Compares a symlink's target or a device's number.
            _ => a.size() == b.size() && a.target() == b.target(),
        }
}

fn links(want: &Manifest) -> HashMap<u32, Vec<NodeId>> {
    let mut links: HashMap<u32, Vec<NodeId>> = HashMap::new();
    for node in want.nodes() {
        let inode = want.node_inode(node);
        if inode.link_count() > 1 && !inode.is_directory() {
            links.entry(inode.index()).or_default().push(node);
        }
    }
    links
}
