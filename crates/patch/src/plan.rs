//! The plan: a pure function from what a volume holds and what it shall hold to ordered steps.
//!
//! First, the planner *assigns* to each inode of the wanted tree an inode of the volume from which it can be made. The
//! first choice is an inode at the same path with the same content. The second choice is an inode at the same path, if
//! both are directories or both are regular files. The third choice, only for a regular file, is an inode with the same
//! content at another path. Each inode of the volume is assigned at most once. The steps follow from the assignment:
//!
//! ```text
//! 1 stage        link inodes that would lose their last name into a staging directory
//! 2 delete       names that are not wanted, or name another inode; directories deepest first
//! 3 directories  parents first
//! 4 create       files (empty), symlinks, specials; attributes of what stays empty
//! 5 link         staged inodes to their first name, then further hard links
//! 6 write        data of new files and of those whose content changes, and their attributes
//! 7 attributes   of everything else that changes, then of directories
//! ```
//!
//! Names come before data, so that directories stay together on a fresh volume. If a patch ends after any of the steps,
//! a new plan, made from the volume's content, leads to the same tree.

mod assign;
mod content;
mod planner;

use std::collections::HashSet;
use std::sync::Arc;

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Inode, NodeId};
use wire::object::FrameList;

pub use assign::Assignment;

use crate::freed::FreedPolicy;

/// The place from which an existing inode gets a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSource {
    /// An inode in the staging directory, by its position in [`Plan::stage`]. A rename moves the inode to the new name.
    Staged(usize),
    /// Another node of the wanted tree, which exists before this link is made.
    Node(NodeId),
}

/// State of a wanted inode before its attributes are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InodeOrigin {
    /// New, in a directory that hands down nothing.
    Fresh,
    /// New, in a directory that hands down a default ACL or the sgid bit.
    Inherited,
    /// An inode of the volume, by its index in the *have* manifest.
    Have(u32),
}

/// An inode to create, of any type but directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Create {
    /// The inode's first node in the wanted tree.
    pub node: NodeId,
    /// What the directory hands down: [`InodeOrigin::Fresh`] or [`InodeOrigin::Inherited`].
    pub before: InodeOrigin,
    /// Whether a later step writes its data, and then sets its attributes.
    pub has_data: bool,
}

/// A file to write: its data, then its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWrite {
    /// Index of the wanted inode.
    pub index: u32,
    /// Origin of the inode. If the inode is new, an earlier step has created it, and it is still empty.
    pub before: InodeOrigin,
    /// Source of the data. The choice keeps the number of written snapshot blocks low, and copies data from a file that
    /// stays on the volume instead of fetching it.
    pub data: DataSource,
}

/// Source of a file's data, and the part of it to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// All data anew, from the store.
    Whole,
    /// Only the pages that differ, in place, with data from the store. The numbers are those of the frames to compare;
    /// `None` compares the whole file, because its list of frames is unknown.
    Pages(Option<Vec<u32>>),
    /// All data anew, from another wanted inode, by its index. That inode is on the volume and stays as it is.
    Copy(u32),
    /// All data anew, from these bytes that boot set-up generated.
    Generated(Arc<[u8]>),
}

/// Steps, in the order that the module's head lists. Nodes and inodes belong to the wanted manifest, unless they are
/// called *have*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Name of the staging directory in the root; empty if nothing is staged.
    pub staging_name: Vec<u8>,
    /// *Have* nodes to link into the staging directory.
    pub stage: Vec<NodeId>,
    /// *Have* nodes whose names are to be removed, except directories.
    pub unlink: Vec<NodeId>,
    /// *Have* nodes of directories to remove, deepest first.
    pub remove_dirs: Vec<NodeId>,
    /// Nodes of directories to create, parents first.
    pub create_dirs: Vec<NodeId>,
    /// Inodes of all other types to create.
    pub create: Vec<Create>,
    /// Names that step 5 gives to inodes. A name from which another name is linked comes before that name.
    pub link: Vec<(NodeId, LinkSource)>,
    /// Files to write, by ascending inode.
    pub write: Vec<FileWrite>,
    /// Inodes that get only attributes, new directories included; all directories come last.
    pub attributes: Vec<(u32, InodeOrigin)>,
    /// Inodes whose stamps change, for the ledger, in ascending order.
    pub touched: Vec<u32>,
    /// The *have* inode that each wanted inode is made of, if any.
    pub assignment: Assignment,
    /// Totals, for reports and for the check of free space.
    pub counts: PlanCounts,
}

/// Totals of a plan's steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// Inodes that stay, including directories in which names come or go.
    pub keep: u64,
    /// Inodes of the volume that get only attributes, except directories in which names come or go.
    pub meta: u64,
    /// Files of the volume whose data changes.
    pub rewrite: u64,
    /// Inodes to create, directories included.
    pub create: u64,
    /// Names that step 5 gives to inodes.
    pub link: u64,
    /// Names to remove, those of directories included.
    pub delete: u64,
    /// Upper limit of the bytes of data to write: a frame that changes in place counts with its whole length.
    pub bytes_written: u64,
    /// Bytes of the blocks that must be allocated for files that are created or rewritten.
    pub blocks_needed: u64,
    /// Bytes of the blocks that become free because files are removed or written anew.
    pub blocks_freed: u64,
    /// Count of inodes to create, minus the count of inodes to remove.
    pub inodes_needed: i64,
}

impl Plan {
    /// Returns whether the plan changes nothing.
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

/// Inputs by which the planner chooses between several ways to make the same tree.
#[derive(Clone, Copy)]
pub struct Choices<'a> {
    /// Policy for freed blocks. Scrubbing writes to them, so it adds to the cost of writing a file anew.
    pub freed: FreedPolicy,
    /// Whether a copy shares its blocks with its source.
    pub has_reflinks: bool,
    /// Returns the frames of a large file, if they are known without fetching.
    pub frames: &'a dyn Fn(&Digest) -> Option<FrameList>,
    /// Returns whether the local store has an object, so that it need not be fetched.
    pub is_here: &'a dyn Fn(&Digest) -> bool,
    /// Returns content that boot set-up generated, by digest; no store has it.
    pub generated: &'a dyn Fn(&Digest) -> Option<Arc<[u8]>>,
}

impl std::fmt::Debug for Choices<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choices").field("freed", &self.freed).finish_non_exhaustive()
    }
}

/// Plans the steps that turn the volume's tree into the wanted one.
pub fn plan(have: &Manifest, want: &Manifest, choices: Choices<'_>) -> Plan {
    if have.digest() == want.digest() {
        let count = want.inode_count();
        let counts = PlanCounts { keep: count.into(), ..PlanCounts::default() };
        return Plan { assignment: Assignment::identity(count), counts, ..Plan::default() };
    }
    planner::Planner::new(have, want, choices).run()
}

/// Returns the bytes of whole blocks that an inode's data takes.
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

/// Returns the objects that a plan writes and that the local store lacks, each once, with the length of its content. A
/// fetch of a large file brings only the frames that the store lacks.
pub fn missing_objects(want: &Manifest, plan: &Plan, choices: Choices<'_>) -> Vec<(Digest, u64)> {
    let mut seen = HashSet::new();
    plan.write
        .iter()
        .filter(|write| matches!(write.data, DataSource::Whole | DataSource::Pages(_)))
        .map(|write| want.inode(write.index))
        .filter_map(|inode| Some((inode.digest()?, inode.data_len())))
        .filter(|(digest, _)| seen.insert(*digest) && !(choices.is_here)(digest))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
