//! Makes the plan: derives steps 1 to 7 from the assignment of inodes.

use wire::Manifest;
use wire::manifest::{Inode, NodeId, ROOT_NODE};

use super::content::{self, KeptFiles};
use super::{
    Choices, Create, DataSource, FileWrite, InodeOrigin, LinkSource, Plan, PlanCounts, assign,
    blocks_len, has_same_attributes, has_same_content,
};

/// Prefix of the staging directory's name in the volume's root; a number makes the name unique in both trees. If a
/// crash leaves the directory behind, the next plan deletes it like anything unwanted.
const STAGING: &str = ".imprint-staging";

/// The attribute that a directory hands down to new inodes in it.
const DEFAULT_ACL: &[u8] = b"system.posix_acl_default";

/// The permission bit by which a directory hands down its group, and to subdirectories also the bit itself.
const SGID: u32 = 0o2000;

pub(super) struct Planner<'a> {
    have: &'a Manifest,
    want: &'a Manifest,
    choices: Choices<'a>,
    /// Wanted directories in which names come or go.
    changed_dirs: Vec<bool>,
    /// Wanted directories that hand down an ACL or the sgid bit while inodes are created in them.
    inherits: Vec<bool>,
    plan: Plan,
}

impl<'a> Planner<'a> {
    pub(super) fn new(have: &'a Manifest, want: &'a Manifest, choices: Choices<'a>) -> Self {
        Self {
            have,
            want,
            choices,
            changed_dirs: vec![false; want.inode_count() as usize],
            inherits: vec![false; want.inode_count() as usize],
            plan: Plan { assignment: assign::assign(have, want), ..Plan::default() },
        }
    }

    pub(super) fn run(mut self) -> Plan {
        self.directories();
        self.names();
        self.removals();
        self.contents();
        self.attributes();
        self.count();
        self.plan
    }

    /// Returns the *have* node at a wanted node's path; `None` if there is no such node.
    fn counterpart(&self, node: NodeId) -> Option<NodeId> {
        self.plan.assignment.same_path(node)
    }

    /// Returns the *have* node at a wanted node's path if this name can stay, because it already leads to the inode
    /// from which the wanted inode is made.
    fn stays(&self, node: NodeId) -> Option<NodeId> {
        let there = self.counterpart(node)?;
        let assigned = self.plan.assignment.have_of(self.want.node_inode(node).index())?;
        (self.have.node_inode(there).index() == assigned).then_some(there)
    }

    /// Plans step 3, and records which directories hand down an ACL or the sgid bit.
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
                    let inode = self.have.inode(have);
                    let has_acl = inode.xattrs().any(|(name, _)| name == DEFAULT_ACL);
                    self.inherits[index as usize] = has_acl || inode.permissions() & SGID != 0;
                }
                None => {
                    self.inherits[index as usize] = self.inherits[parent as usize];
                    self.changed_dirs[parent as usize] = true;
                    self.plan.create_dirs.push(node);
                }
            }
        }
    }

    /// Plans steps 1, 4 and 5: finds the names that stay, and plans the others.
    fn names(&mut self) {
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            if inode.is_directory() {
                continue;
            }
            if inode.link_count() == 1 && self.stays(inode.first_node()).is_some() {
                // Skips nearly all inodes.
                continue;
            }
            let nodes = self.plan.assignment.nodes_of(index, inode);
            let (staying, missing): (Vec<NodeId>, Vec<NodeId>) =
                nodes.iter().partition(|node| self.stays(**node).is_some());
            for node in &missing {
                self.changed_dirs[self.want.parent(*node) as usize] = true;
            }
            let mut missing = missing.into_iter();
            let source = match (self.plan.assignment.have_of(index), staying.first()) {
                (Some(_), Some(stays)) => Some(*stays),
                (Some(have), None) => missing.next().inspect(|first| {
                    let staged = self.plan.stage.len();
                    self.plan.stage.push(self.have.inode(have).first_node());
                    self.plan.link.push((*first, LinkSource::Staged(staged)));
                }),
                (None, _) => missing.next().inspect(|first| {
                    let before = self.before(index);
                    let has_data = inode.is_regular() && inode.size() > 0;
                    self.plan.create.push(Create { node: *first, before, has_data });
                }),
            };
            if let Some(source) = source {
                let links = missing.map(|node| (node, LinkSource::Node(source)));
                self.plan.link.extend(links);
            }
        }
        if !self.plan.stage.is_empty() {
            self.changed_dirs[0] = true;
            let is_free = |name: &Vec<u8>| {
                self.have.child(0, name).is_none() && self.want.child(0, name).is_none()
            };
            let mut names = (0u32..).map(|number| format!("{STAGING}-{number}").into_bytes());
            self.plan.staging_name = names.find(is_free).unwrap_or_default();
        }
    }

    /// Plans step 2: removes every *have* name that no wanted node keeps.
    fn removals(&mut self) {
        let mut kept = vec![false; self.have.node_count()];
        for node in self.want.nodes() {
            let is_directory = self.want.node_inode(node).is_directory();
            let stays = if is_directory && node != ROOT_NODE {
                let index = self.want.node_inode(node).index();
                self.plan.assignment.have_of(index).map(|have| self.have.inode(have).first_node())
            } else {
                self.stays(node)
            };
            if let Some(there) = stays {
                kept[there.position()] = true;
            }
        }
        for node in self.have.nodes().skip(1) {
            if kept[node.position()] {
                continue;
            }
            if self.have.node_inode(node).is_directory() {
                self.plan.remove_dirs.push(node);
            } else {
                self.plan.unlink.push(node);
            }
            if let Some(parent) = self.plan.assignment.want_of(self.have.parent(node)) {
                self.changed_dirs[parent as usize] = true;
            }
        }
        // Nodes are numbered with parents first, but the deepest directories must go first.
        self.plan.remove_dirs.reverse();
    }

    /// Returns the state of a wanted inode before its attributes are set.
    fn before(&self, index: u32) -> InodeOrigin {
        let parent = self.want.parent(self.want.inode(index).first_node());
        match self.plan.assignment.have_of(index) {
            Some(have) => InodeOrigin::Have(have),
            None if self.inherits[parent as usize] => InodeOrigin::Inherited,
            None => InodeOrigin::Fresh,
        }
    }

    /// Plans step 6: writes the files that do not have the wanted content yet.
    fn contents(&mut self) {
        let kept = KeptFiles::new(self.have, self.want);
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            if !inode.is_regular() {
                continue;
            }
            let have = self.plan.assignment.have_of(index).map(|have| self.have.inode(have));
            let is_there = match have {
                Some(have) => has_same_content(have, inode),
                None => inode.size() == 0,
            };
            if !is_there {
                let assignment = &self.plan.assignment;
                let data = content::data(have, inode, &kept, assignment, self.choices);
                let before = self.before(index);
                self.plan.write.push(FileWrite { index, before, data });
            }
        }
    }

    /// Plans step 7, and collects the inodes whose stamps change.
    fn attributes(&mut self) {
        let mut directories = Vec::new();
        let mut written = self.plan.write.iter().map(|write| write.index).peekable();
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            let is_written = written.next_if_eq(&index).is_some();
            let before = self.before(index);
            let InodeOrigin::Have(have) = before else {
                self.plan.touched.push(index);
                if inode.is_directory() {
                    directories.push((index, before));
                }
                continue;
            };
            let differs = is_written
                || self.changed_dirs[index as usize]
                || !has_same_attributes(self.have.inode(have), inode);
            if differs || (!inode.is_directory() && self.is_relinked(have, inode)) {
                self.plan.touched.push(index);
            }
            if differs && inode.is_directory() {
                directories.push((index, before));
            } else if differs && !is_written {
                self.plan.attributes.push((index, before));
            }
        }
        self.plan.attributes.extend(directories);
    }

    /// Returns whether the patch adds or removes names of an inode. Either changes the inode's ctime.
    fn is_relinked(&self, have: u32, want: Inode<'_>) -> bool {
        let nodes = self.plan.assignment.nodes_of(want.index(), want);
        self.have.inode(have).link_count() != want.link_count()
            || nodes.iter().any(|node| self.stays(*node).is_none())
    }

    fn count(&mut self) {
        let changed = |index: &u32| self.changed_dirs[*index as usize];
        let attributes = self.plan.attributes.iter().map(|(index, _)| index);
        let is_have = |index: &u32| self.plan.assignment.have_of(*index).is_some();
        let writes = || self.plan.write.iter().map(|write| &write.index);
        let mut counts = PlanCounts {
            create: (self.plan.create.len() + self.plan.create_dirs.len()) as u64,
            link: self.plan.link.len() as u64,
            delete: (self.plan.unlink.len() + self.plan.remove_dirs.len()) as u64,
            meta: attributes.filter(|index| is_have(index) && !changed(index)).count() as u64,
            rewrite: writes().filter(|index| is_have(index)).count() as u64,
            ..PlanCounts::default()
        };
        let kept = (0..self.want.inode_count()).filter(is_have).count() as u64;
        counts.keep = kept - counts.meta - counts.rewrite;
        for write in &self.plan.write {
            let inode = self.want.inode(write.index);
            let have = self.plan.assignment.have_of(write.index).map(|have| self.have.inode(have));
            counts.bytes_written += content::written_len(write, inode, self.choices);
            match (&write.data, have) {
                (DataSource::Pages(_), Some(have)) => {
                    counts.blocks_needed += blocks_len(inode).saturating_sub(blocks_len(have));
                }
                (_, have) => {
                    counts.blocks_needed += blocks_len(inode);
                    counts.blocks_freed += have.map_or(0, blocks_len);
                }
            }
        }
        let mut gone_count = 0;
        for have in 0..self.have.inode_count() {
            if self.plan.assignment.want_of(have).is_none() {
                gone_count += 1;
                counts.blocks_freed += blocks_len(self.have.inode(have));
            }
        }
        counts.inodes_needed = counts.create as i64 - gone_count;
        self.plan.counts = counts;
    }
}
