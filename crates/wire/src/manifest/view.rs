//! Decoded manifests and their inodes: accessors on checked bytes.

use std::ops::Range;
use std::sync::OnceLock;

use super::layout::{
    ENTRY_LEN, HOLE_LEN, Header, INODE_LEN, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT,
    S_IFREG, Sections, hole, inode,
};
use super::tree::{Content, Hole, Timestamp, Tree, TreeInode};
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::digest::{Algorithm, Digest};

/// A place in the tree of one manifest: the root, or an entry of a directory. Hard links are several
/// nodes with one inode. Nodes are ordered by their directories, parents first, then by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Returns the node's place among all nodes of its manifest, below [`Manifest::node_count`].
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// The root directory's node.
pub const ROOT_NODE: NodeId = NodeId(0);

/// A decoded, checked manifest: its bytes, and the derived position of every part.
#[derive(Clone)]
pub struct Manifest {
    pub(super) bytes: Vec<u8>,
    pub(super) header: Header,
    pub(super) starts: Sections,
    pub(super) inodes: Vec<InodePlace>,
    pub(super) nodes: Vec<NodePlace>,
    /// Computed on first use.
    pub(super) digest: OnceLock<Digest>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct InodePlace {
    pub(super) first_node: NodeId,
    /// For a directory, the position of its first entry among all nodes.
    pub(super) first_child: u32,
    pub(super) target_at: u32,
    pub(super) xattrs_at: u32,
    pub(super) hole_at: u32,
    pub(super) digest_at: u32,
}

#[derive(Clone, Copy)]
pub(super) struct NodePlace {
    pub(super) inode: u32,
    pub(super) parent: u32,
    pub(super) name_at: u32,
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Manifest {
    /// Writes the digests of directories into the manifest's bytes, and returns the bytes. `digests` has the inode and
    /// the digest of each directory.
    pub(super) fn into_bytes_with(mut self, digests: &[(u32, Digest)]) -> Vec<u8> {
        let hash_len = self.header.algorithm.hash_len();
        for (inode, digest) in digests {
            let at =
                self.starts.digests + self.inodes[*inode as usize].digest_at as usize * hash_len;
            self.bytes[at..at + hash_len].copy_from_slice(digest.hash());
        }
        self.bytes
    }

    /// Returns the canonical bytes, as stored and sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the memory that the value takes, in bytes.
    pub fn memory_len(&self) -> u64 {
        let places = self.inodes.len() * size_of::<InodePlace>();
        let nodes = self.nodes.len() * size_of::<NodePlace>();
        (self.bytes.len() + places + nodes) as u64
    }

    /// Returns the digest of the canonical bytes, which is the manifest's name.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| self.header.algorithm.digest(&self.bytes))
    }

    /// Returns the header, whose counts agree with the sections.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the algorithm of every digest in the manifest.
    pub fn algorithm(&self) -> Algorithm {
        self.header.algorithm
    }

    /// Returns the number of inodes; valid indices are below this number, and 0 is the root.
    pub fn inode_count(&self) -> u32 {
        self.inodes.len() as u32
    }

    /// Returns the number of nodes, the root among them.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Returns every node, the root first, and each directory before its entries.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Returns the inode with this index, which must be below [`Manifest::inode_count`].
    pub fn inode(&self, index: u32) -> Inode<'_> {
        Inode { manifest: self, index }
    }

    /// Returns the inode that a node names; it is the same for all hard links to it.
    pub fn node_inode(&self, node: NodeId) -> Inode<'_> {
        self.inode(self.nodes[node.position()].inode)
    }

    /// Returns the inode of the directory that contains a node; for the root, the root itself.
    pub fn parent(&self, node: NodeId) -> u32 {
        self.nodes[node.position()].parent
    }

    /// Returns a node's name; empty for the root.
    pub fn name(&self, node: NodeId) -> &[u8] {
        let Some(entry) = node.position().checked_sub(1) else {
            return &[];
        };
        let at = self.starts.names + self.nodes[node.position()].name_at as usize;
        let len = usize::from(u16_at(&self.bytes, self.starts.entries + entry * ENTRY_LEN));
        &self.bytes[at..at + len]
    }

    /// Returns the nodes in a directory, sorted by name; nothing for other inodes.
    pub fn children(
        &self,
        inode: u32,
    ) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + Clone + use<> {
        self.child_range(inode).map(NodeId)
    }

    /// Returns the nodes that follow a node in its directory, sorted by name.
    pub fn later_siblings(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (node.0 + 1..self.child_range(self.parent(node)).end).map(NodeId)
    }

    fn child_range(&self, inode: u32) -> Range<u32> {
        let inode = self.inode(inode);
        if !inode.is_directory() {
            return 0..0;
        }
        let first = self.inodes[inode.index as usize].first_child;
        first..first + inode.size() as u32
    }

    /// Returns a node's path from the root, without a leading slash; empty for the root.
    pub fn path(&self, mut node: NodeId) -> Vec<u8> {
        let mut names = Vec::new();
        while node != ROOT_NODE {
            names.push(self.name(node));
            node = self.inodes[self.parent(node) as usize].first_node;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// Finds an entry of a directory by name, by binary search.
    pub fn child(&self, directory: u32, name: &[u8]) -> Option<NodeId> {
        let Range { start, end } = self.child_range(directory);
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(NodeId(middle)).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(NodeId(middle)),
            }
        }
        None
    }

    /// Finds a node by its path. Ignores empty components and leading slashes, does not follow symlinks, and
    /// treats `.` and `..` as ordinary names, which no manifest contains.
    pub fn lookup(&self, path: &[u8]) -> Option<NodeId> {
        path.split(|byte| *byte == b'/')
            .filter(|component| !component.is_empty())
            .try_fold(ROOT_NODE, |node, name| self.child(self.node_inode(node).index, name))
    }

    /// Returns the digest and data length of every file with data, in inode order. Files with equal data repeat the
    /// digest.
    pub fn data_objects(&self) -> impl Iterator<Item = (Digest, u64)> + '_ {
        (0..self.inode_count())
            .map(|index| self.inode(index))
            .filter(Inode::is_regular)
            .filter_map(|inode| Some((inode.digest()?, inode.data_len())))
    }

    /// Converts the manifest back into a tree with the same inode indices.
    pub fn to_tree(&self) -> Tree {
        Tree { inodes: (0..self.inode_count()).map(|index| self.inode(index).to_tree()).collect() }
    }
}

/// An inode of a manifest; its attributes are read from the manifest's bytes.
#[derive(Clone, Copy)]
pub struct Inode<'a> {
    manifest: &'a Manifest,
    index: u32,
}

impl std::fmt::Debug for Inode<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inode({}, mode {:o})", self.index, self.mode())
    }
}

impl<'a> Inode<'a> {
    fn record(&self) -> &'a [u8] {
        let at = self.manifest.starts.inodes + self.index as usize * INODE_LEN;
        &self.manifest.bytes[at..at + INODE_LEN]
    }

    fn place(&self) -> &'a InodePlace {
        &self.manifest.inodes[self.index as usize]
    }

    /// Returns the inode's index in the manifest: 0 is the root.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Returns the first of the nodes that name the inode. A directory has only this one.
    pub fn first_node(&self) -> NodeId {
        self.place().first_node
    }

    /// Returns type and permission bits.
    pub fn mode(&self) -> u32 {
        u32_at(self.record(), inode::MODE)
    }

    /// Returns the type bits of the mode, such as `S_IFDIR`.
    pub fn kind(&self) -> u32 {
        self.mode() & S_IFMT
    }

    /// Returns the permission bits, including suid, sgid and sticky.
    pub fn permissions(&self) -> u32 {
        self.mode() & !S_IFMT
    }

    /// Returns the owner's numeric id.
    pub fn uid(&self) -> u32 {
        u32_at(self.record(), inode::UID)
    }

    /// Returns the group's numeric id.
    pub fn gid(&self) -> u32 {
        u32_at(self.record(), inode::GID)
    }

    /// Returns the time of the last change of content. Nanoseconds count forward from the seconds.
    pub fn mtime(&self) -> Timestamp {
        let record = self.record();
        Timestamp {
            secs: u64_at(record, inode::MTIME_SECS).cast_signed(),
            nanos: u32_at(record, inode::MTIME_NANOS),
        }
    }

    /// Returns the length in bytes of a file or of a symlink's target, a directory's number of entries, or a device's
    /// packed numbers ([`Inode::device`]).
    pub fn size(&self) -> u64 {
        u64_at(self.record(), inode::SIZE)
    }

    /// Returns the number of nodes that name the inode: its hard links.
    pub fn link_count(&self) -> u32 {
        u32_at(self.record(), inode::LINK_COUNT)
    }

    /// Returns whether the inode is a directory; only directories have [`Manifest::children`].
    pub fn is_directory(&self) -> bool {
        self.kind() == S_IFDIR
    }

    /// Returns whether the inode is a regular file; only regular files have [`Inode::holes`] and data.
    pub fn is_regular(&self) -> bool {
        self.kind() == S_IFREG
    }

    /// Returns whether the inode is a symbolic link; only symbolic links have a [`Inode::target`].
    pub fn is_symlink(&self) -> bool {
        self.kind() == S_IFLNK
    }

    /// Returns a device's major and minor number; meaningless for other inodes.
    pub fn device(&self) -> (u32, u32) {
        let size = self.size();
        ((size >> 32) as u32, size as u32)
    }

    /// Returns a symlink's target; empty for other inodes.
    pub fn target(&self) -> &'a [u8] {
        if !self.is_symlink() {
            return &[];
        }
        let at = self.manifest.starts.targets + self.place().target_at as usize;
        &self.manifest.bytes[at..at + self.size() as usize]
    }

    /// Returns the encoded set of extended attributes; equal sets have equal bytes.
    pub fn xattr_bytes(&self) -> &'a [u8] {
        let at = self.manifest.starts.xattrs + self.place().xattrs_at as usize;
        &self.manifest.bytes[at..at + u32_at(self.record(), inode::XATTRS_LEN) as usize]
    }

    /// Returns the extended attributes as (name, value), sorted by name.
    pub fn xattrs(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let mut rest = self.xattr_bytes();
        std::iter::from_fn(move || {
            let (name, value, after) = split_xattr(rest)?;
            rest = after;
            Some((name, value))
        })
    }

    /// Returns the encoded hole map; equal maps have equal bytes.
    pub fn hole_bytes(&self) -> &'a [u8] {
        let at = self.manifest.starts.holes + self.place().hole_at as usize * HOLE_LEN;
        &self.manifest.bytes[at..at + u32_at(self.record(), inode::HOLE_COUNT) as usize * HOLE_LEN]
    }

    /// Returns a file's holes, sorted by offset; empty for other inodes.
    pub fn holes(&self) -> Vec<Hole> {
        self.hole_bytes()
            .chunks_exact(HOLE_LEN)
            .map(|record| Hole {
                offset: u64_at(record, hole::OFFSET),
                len: u64_at(record, hole::LEN),
            })
            .collect()
    }

    /// Returns the length in bytes of a file's data outside of holes, which is the length of its object.
    pub fn data_len(&self) -> u64 {
        let holes = self.hole_bytes().chunks_exact(HOLE_LEN);
        self.size() - holes.map(|record| u64_at(record, hole::LEN)).sum::<u64>()
    }

    /// Returns the digest of a file's data, or of a directory's whole subtree. `None` for a file without data, and for
    /// an inode of any other type.
    pub fn digest(&self) -> Option<Digest> {
        if !self.has_digest() {
            return None;
        }
        let hash_len = self.manifest.header.algorithm.hash_len();
        let at = self.manifest.starts.digests + self.place().digest_at as usize * hash_len;
        Digest::new(self.manifest.header.algorithm, &self.manifest.bytes[at..at + hash_len]).ok()
    }

    fn has_digest(&self) -> bool {
        self.is_directory() || (self.is_regular() && self.data_len() > 0)
    }

    /// Returns the bytes of the inode's fixed-size record, which [`merkle`] hashes.
    pub(super) fn record_bytes(&self) -> &'a [u8] {
        self.record()
    }

    fn to_tree(self) -> TreeInode {
        let content = match self.kind() {
            S_IFDIR => Content::Directory(
                self.manifest
                    .children(self.index)
                    .map(|node| {
                        let inode = self.manifest.node_inode(node).index as usize;
                        (self.manifest.name(node).to_vec(), inode)
                    })
                    .collect(),
            ),
            S_IFREG => {
                Content::Regular { size: self.size(), holes: self.holes(), digest: self.digest() }
            }
            S_IFLNK => Content::Symlink(self.target().to_vec()),
            S_IFCHR => Content::CharDevice(self.device().0, self.device().1),
            S_IFBLK => Content::BlockDevice(self.device().0, self.device().1),
            S_IFIFO => Content::Fifo,
            _ => Content::Socket,
        };
        TreeInode {
            permissions: self.permissions(),
            uid: self.uid(),
            gid: self.gid(),
            mtime: self.mtime(),
            xattrs: self.xattrs().map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
            content,
        }
    }
}

/// Splits the first attribute off an encoded set: (name, value, rest). `None` if the bytes are too short.
pub(super) fn split_xattr(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (header, rest) = bytes.split_first_chunk::<6>()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16_at(header, 0)))?;
    let (value, rest) = rest.split_at_checked(u32_at(header, 2) as usize)?;
    Some((name, value, rest))
}
