//! The plan: a pure function from what a volume holds and what it shall hold to ordered steps.
//!
//! Inodes of the wanted tree are first *assigned* inodes of the volume that they can be made of:
//! the same path and content, else the same path and type, else the same content elsewhere. Each
//! inode of the volume is assigned once at most. Everything follows from that:
//!
//! ```text
//! 1 stage        link inodes that would lose their last name into a staging directory
//! 2 delete       names that are not wanted, or name another inode; directories deepest first
//! 3 directories  parents first
//! 4 create       files (empty), symlinks, specials
//! 5 link         staged inodes to their first name, then further hard links
//! 6 write        data of new files and of those whose content changes
//! 7 attributes   of everything new or changed, then of directories
//! ```
//!
//! Namespace before data, so that directories stay together on a fresh volume. Any prefix of the
//! steps, run again as a new plan from what is then on the volume, ends in the same tree.

mod assign;

use std::collections::{HashMap, HashSet};

use wire::Manifest;
use wire::manifest::{Inode, NodeId, ROOT_NODE};

pub use assign::Assignment;

/// What the staging directory in the volume's root is called, with a number that makes the name
/// one that neither tree has. One left by a crash is deleted like anything that is not wanted.
const STAGING: &str = ".imprint-staging";

/// The attribute that a directory hands down to what is created in it.
const DEFAULT_ACL: &[u8] = b"system.posix_acl_default";

/// Where a further hard link is linked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSource {
    /// The n-th inode of the staging directory: renamed, so that it leaves it.
    Staged(usize),
    /// Another node of the wanted tree that exists by then.
    Node(NodeId),
}

/// What a wanted inode has before its attributes are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It is new, in a directory that hands down nothing.
    Fresh,
    /// It is new, in a directory with a default ACL.
    Inherited,
    /// It is this inode of the volume.
    Have(u32),
}

/// Steps in the order of the module's head. Nodes and inodes are of the wanted manifest unless
/// they are called *have*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The staging directory's name in the root.
    pub staging_name: Vec<u8>,
    /// Have nodes to link into the staging directory.
    pub stage: Vec<NodeId>,
    /// Have nodes to unlink.
    pub unlink: Vec<NodeId>,
    /// Have nodes of directories to remove, deepest first.
    pub remove_dirs: Vec<NodeId>,
    /// Nodes of directories to create, parents first.
    pub create_dirs: Vec<NodeId>,
    /// Nodes of other inodes to create.
    pub create: Vec<NodeId>,
    /// Nodes to link.
    pub link: Vec<(NodeId, LinkSource)>,
    /// Inodes whose data to write, in full.
    pub write: Vec<u32>,
    /// Inodes whose attributes to set, files before directories.
    pub attributes: Vec<(u32, Before)>,
    /// Inodes whose stamp changes, for the ledger.
    pub touched: HashSet<u32>,
    /// Which have inode each wanted inode is.
    pub assignment: Assignment,
    /// What it comes to.
    pub counts: Counts,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Inodes that stay as they are.
    pub keep: u64,
    /// Inodes of which only attributes change.
    pub meta: u64,
    /// Files whose data is written anew in place.
    pub rewrite: u64,
    /// Inodes that are created.
    pub create: u64,
    /// Names that are linked to an inode that is there.
    pub link: u64,
    /// Names that are removed.
    pub delete: u64,
    /// Bytes of data to write.
    pub bytes_written: u64,
    /// Bytes of blocks that files to be created or rewritten need, and that others give up.
    pub blocks_needed: u64,
    /// Bytes of blocks that are freed.
    pub blocks_freed: u64,
    /// Inodes to create less inodes that go.
    pub inodes_needed: i64,
}

impl Plan {
    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.unlink.is_empty()
            && self.remove_dirs.is_empty()
            && self.create_dirs.is_empty()
            && self.create.is_empty()
            && self.link.is_empty()
            && self.write.is_empty()
            && self.attributes.is_empty()
    }
}

/// Plans the way from what a volume holds to what it shall hold.
pub fn plan(have: &Manifest, want: &Manifest) -> Plan {
    let assignment = assign::assign(have, want);
    let mut planner = Planner {
        have,
        want,
        changed_dirs: HashSet::new(),
        inherits: vec![false; want.inode_count() as usize],
        plan: Plan { assignment, ..Plan::default() },
    };
    planner.directories();
    planner.names();
    planner.removals();
    planner.contents();
    planner.attributes();
    planner.count();
    planner.plan
}

struct Planner<'a> {
    have: &'a Manifest,
    want: &'a Manifest,
    /// Wanted directories in which names come or go.
    changed_dirs: HashSet<u32>,
    /// Wanted directories that hand down an ACL while things are created in them.
    inherits: Vec<bool>,
    plan: Plan,
}

impl Planner<'_> {
    /// Returns the have node at the same path as a wanted node, if its parents are kept.
    fn counterpart(&self, node: NodeId) -> Option<NodeId> {
        if node == ROOT_NODE {
            return Some(ROOT_NODE);
        }
        let parent = self.plan.assignment.have_of(self.want.parent(node))?;
        self.have.child(parent, self.want.name(node))
    }

    /// Returns whether the have node at a wanted node's path is the inode it shall be.
    fn stays(&self, node: NodeId) -> Option<NodeId> {
        let there = self.counterpart(node)?;
        let assigned = self.plan.assignment.have_of(self.want.node_inode(node).index())?;
        (self.have.node_inode(there).index() == assigned).then_some(there)
    }

    /// Step 3, and which directories hand down ACLs.
    fn directories(&mut self) {
        for index in 0..self.want.inode_count() {
            let directory = self.want.inode(index);
            if !directory.is_directory() {
                continue;
            }
            let node = directory.first_node();
            let parent = self.want.parent(node);
            match self.plan.assignment.have_of(index) {
                Some(have) => {
                    let has_acl =
                        self.have.inode(have).xattrs().any(|(name, _)| name == DEFAULT_ACL);
                    self.inherits[index as usize] = has_acl;
                }
                None => {
                    self.inherits[index as usize] = self.inherits[parent as usize];
                    self.changed_dirs.insert(parent);
                    self.plan.create_dirs.push(node);
                }
            }
        }
    }

    /// Steps 1, 4 and 5: which names stay, and how the others come about.
    fn names(&mut self) {
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            if inode.is_directory() {
                continue;
            }
            let nodes = self.plan.assignment.nodes_of(index, inode);
            let (staying, missing): (Vec<NodeId>, Vec<NodeId>) =
                nodes.iter().partition(|node| self.stays(**node).is_some());
            for node in &missing {
                self.changed_dirs.insert(self.want.parent(*node));
            }
            let mut missing = missing.into_iter();
            let source = match (self.plan.assignment.have_of(index), staying.first()) {
                (Some(_), Some(stays)) => Some(*stays),
                (Some(have), None) => missing.next().inspect(|first| {
                    let staged = self.plan.stage.len();
                    self.plan.stage.push(self.have.inode(have).first_node());
                    self.plan.link.push((*first, LinkSource::Staged(staged)));
                }),
                (None, _) => missing.next().inspect(|first| self.plan.create.push(*first)),
            };
            if let Some(source) = source {
                let links = missing.map(|node| (node, LinkSource::Node(source)));
                self.plan.link.extend(links);
            }
        }
        if !self.plan.stage.is_empty() {
            self.changed_dirs.insert(0);
            let is_free = |name: &Vec<u8>| {
                self.have.child(0, name).is_none() && self.want.child(0, name).is_none()
            };
            let mut names = (0u32..).map(|number| format!("{STAGING}-{number}").into_bytes());
            self.plan.staging_name = names.find(is_free).unwrap_or_default();
        }
    }

    /// Step 2: every have name that no wanted node keeps.
    fn removals(&mut self) {
        let mut kept = vec![false; self.have.node_count() as usize];
        for node in 0..self.want.node_count() {
            let is_directory = self.want.node_inode(node).is_directory();
            let stays = if is_directory && node != ROOT_NODE {
                let index = self.want.node_inode(node).index();
                self.plan.assignment.have_of(index).map(|have| self.have.inode(have).first_node())
            } else {
                self.stays(node)
            };
            if let Some(there) = stays {
                kept[there as usize] = true;
            }
        }
        for node in 1..self.have.node_count() {
            if kept[node as usize] {
                continue;
            }
            if self.have.node_inode(node).is_directory() {
                self.plan.remove_dirs.push(node);
            } else {
                self.plan.unlink.push(node);
            }
            if let Some(parent) = self.plan.assignment.want_of(self.have.parent(node)) {
                self.changed_dirs.insert(parent);
            }
        }
        // Nodes are numbered parents first.
        self.plan.remove_dirs.reverse();
    }

    /// Step 6.
    fn contents(&mut self) {
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            if !inode.is_regular() {
                continue;
            }
            let is_there = match self.plan.assignment.have_of(index) {
                Some(have) => has_same_content(self.have.inode(have), inode),
                None => inode.size() == 0,
            };
            if !is_there {
                self.plan.write.push(index);
            }
        }
    }

    /// Step 7, and whose stamps change.
    fn attributes(&mut self) {
        let written: HashSet<u32> = self.plan.write.iter().copied().collect();
        let mut directories = Vec::new();
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            let before = match self.plan.assignment.have_of(index) {
                Some(have) => Before::Have(have),
                None if self.inherits[self.want.parent(inode.first_node()) as usize] => {
                    Before::Inherited
                }
                None => Before::Fresh,
            };
            let differs = match before {
                Before::Have(have) => {
                    let is_changed = written.contains(&index) || self.changed_dirs.contains(&index);
                    is_changed || !has_same_attributes(self.have.inode(have), inode)
                }
                Before::Fresh | Before::Inherited => true,
            };
            let is_relinked = match before {
                Before::Have(have) => !inode.is_directory() && self.is_relinked(have, inode),
                Before::Fresh | Before::Inherited => false,
            };
            if differs || is_relinked {
                self.plan.touched.insert(index);
            }
            if differs && inode.is_directory() {
                directories.push((index, before));
            } else if differs {
                self.plan.attributes.push((index, before));
            }
        }
        self.plan.attributes.extend(directories);
    }

    /// Whether names of an inode come or go, which changes its ctime.
    fn is_relinked(&self, have: u32, want: Inode<'_>) -> bool {
        let nodes = self.plan.assignment.nodes_of(want.index(), want);
        self.have.inode(have).link_count() != want.link_count()
            || nodes.iter().any(|node| self.stays(*node).is_none())
    }

    fn count(&mut self) {
        let attributes: HashSet<u32> =
            self.plan.attributes.iter().map(|(index, _)| *index).collect();
        let mut counts = Counts {
            create: (self.plan.create.len() + self.plan.create_dirs.len()) as u64,
            link: self.plan.link.len() as u64,
            delete: (self.plan.unlink.len() + self.plan.remove_dirs.len()) as u64,
            ..Counts::default()
        };
        for index in 0..self.want.inode_count() {
            if self.plan.assignment.have_of(index).is_none() {
                continue;
            }
            let is_changed_dir = self.changed_dirs.contains(&index);
            if self.plan.write.binary_search(&index).is_ok() {
                counts.rewrite += 1;
            } else if attributes.contains(&index) && !is_changed_dir {
                counts.meta += 1;
            } else {
                counts.keep += 1;
            }
        }
        for index in &self.plan.write {
            let inode = self.want.inode(*index);
            counts.bytes_written += inode.data_len();
            counts.blocks_needed += blocks_len(inode);
            if let Some(have) = self.plan.assignment.have_of(*index) {
                counts.blocks_freed += blocks_len(self.have.inode(have));
            }
        }
        let gone = (0..self.have.inode_count())
            .filter(|have| self.plan.assignment.want_of(*have).is_none())
            .map(|have| self.have.inode(have));
        let mut gone_count = 0;
        for inode in gone {
            gone_count += 1;
            counts.blocks_freed += blocks_len(inode);
        }
        counts.inodes_needed = counts.create as i64 - gone_count;
        self.plan.counts = counts;
    }
}

/// The blocks that an inode's data takes.
fn blocks_len(inode: Inode<'_>) -> u64 {
    if inode.is_regular() { inode.data_len().next_multiple_of(4096) } else { 0 }
}

fn has_same_content(have: Inode<'_>, want: Inode<'_>) -> bool {
    have.size() == want.size()
        && have.hole_bytes() == want.hole_bytes()
        && have.digest() == want.digest()
}

fn has_same_attributes(have: Inode<'_>, want: Inode<'_>) -> bool {
    (have.permissions(), have.uid(), have.gid(), have.mtime(), have.xattr_bytes())
        == (want.permissions(), want.uid(), want.gid(), want.mtime(), want.xattr_bytes())
}

/// Returns the objects that a plan writes and that `is_there` does not have, each once.
pub fn missing_objects(
    want: &Manifest,
    plan: &Plan,
    is_there: impl Fn(&wire::Digest) -> bool,
) -> Vec<wire::Digest> {
    let mut seen: HashMap<wire::Digest, ()> = HashMap::new();
    plan.write
        .iter()
        .filter_map(|index| want.inode(*index).digest())
        .filter(|digest| seen.insert(*digest, ()).is_none() && !is_there(digest))
        .collect()
}

#[cfg(test)]
mod tests;
