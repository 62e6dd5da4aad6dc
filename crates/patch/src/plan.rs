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
//! 4 create       files (empty), symlinks, specials; attributes of what stays empty
//! 5 link         staged inodes to their first name, then further hard links
//! 6 write        data of new files and of those whose content changes, and their attributes
//! 7 attributes   of everything else that changes, then of directories
//! ```
//!
//! Namespace before data, so that directories stay together on a fresh volume. Any prefix of the
//! steps, run again as a new plan from what is then on the volume, ends in the same tree.

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
pub enum InodeOrigin {
    /// It is new, in a directory that hands down nothing.
    Fresh,
    /// It is new, in a directory with a default ACL or the sgid bit.
    Inherited,
    /// It is this inode of the volume.
    Have(u32),
}

/// An inode to create that is no directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Create {
    /// Its node.
    pub node: NodeId,
    /// What it has then.
    pub before: InodeOrigin,
    /// Whether data is written to it later, and its attributes are set then.
    pub has_data: bool,
}

/// A file whose data to write, and whose attributes to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWrite {
    /// The inode.
    pub index: u32,
    /// What it has.
    pub before: InodeOrigin,
    /// Where its data comes from, and what of it is written.
    pub data: DataSource,
}

/// Where a file's data comes from, and what of it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// All of it anew, from the store.
    Whole,
    /// In place, from the store: pages that differ in these frames, by number; in all of the file
    /// where there is no list of frames.
    Pages(Option<Vec<u32>>),
    /// All of it anew, from this wanted inode, which is on the volume and stays as it is.
    Copy(u32),
    /// All of it anew, from here: what boot set-up generates.
    Generated(Arc<[u8]>),
}

/// Steps in the order of the module's head. Nodes and inodes are of the wanted manifest unless
/// they are called *have*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The staging directory's name in the root.
    pub staging_name: Vec<u8>,
    /// VolumeContent nodes to link into the staging directory.
    pub stage: Vec<NodeId>,
    /// VolumeContent nodes to unlink.
    pub unlink: Vec<NodeId>,
    /// VolumeContent nodes of directories to remove, deepest first.
    pub remove_dirs: Vec<NodeId>,
    /// Nodes of directories to create, parents first.
    pub create_dirs: Vec<NodeId>,
    /// Other inodes to create.
    pub create: Vec<Create>,
    /// Nodes to link.
    pub link: Vec<(NodeId, LinkSource)>,
    /// Files to write, by ascending inode.
    pub write: Vec<FileWrite>,
    /// Inodes of which only attributes are to be set, files before directories.
    pub attributes: Vec<(u32, InodeOrigin)>,
    /// Inodes whose stamp changes, for the ledger, in ascending order.
    pub touched: Vec<u32>,
    /// Which have inode each wanted inode is.
    pub assignment: Assignment,
    /// What it comes to.
    pub counts: PlanCounts,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// Inodes that stay as they are.
    pub keep: u64,
    /// Inodes of which only attributes change.
    pub meta: u64,
    /// Files of the volume whose data changes.
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

/// What decides between ways that end in the same tree.
#[derive(Clone, Copy)]
pub struct Choices<'a> {
    /// What happens to blocks that are freed: those that are scrubbed are touched anyway.
    pub freed: FreedPolicy,
    /// Whether a copy shares its blocks with its source.
    pub has_reflinks: bool,
    /// The frames of a large file, where they are known without fetching them.
    pub frames: &'a dyn Fn(&Digest) -> Option<FrameList>,
    /// Whether an object needs no fetching.
    pub is_here: &'a dyn Fn(&Digest) -> bool,
    /// Content that is generated, and in no store.
    pub generated: &'a dyn Fn(&Digest) -> Option<Arc<[u8]>>,
}

impl std::fmt::Debug for Choices<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choices").field("freed", &self.freed).finish_non_exhaustive()
    }
}

/// Plans the way from what a volume holds to what it shall hold.
pub fn plan(have: &Manifest, want: &Manifest, choices: Choices<'_>) -> Plan {
    if have.digest() == want.digest() {
        let count = want.inode_count();
        let counts = PlanCounts { keep: count.into(), ..PlanCounts::default() };
        return Plan { assignment: Assignment::identity(count), counts, ..Plan::default() };
    }
    planner::Planner::new(have, want, choices).run()
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

/// Returns the objects that a plan writes and that are not here, each once, with the length of their
/// content. Of a large file only the frames that are not here come with it.
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
