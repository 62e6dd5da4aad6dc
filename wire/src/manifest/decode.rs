//! From bytes to a [`Manifest`]: one pass that checks every rule of the format and derives where
//! each inode's parts are.

use std::ops::Range;

use super::layout::{
    COMPAT_KNOWN, ENTRY_LEN, HEADER_LEN, HOLE_LEN, Header, INCOMPAT_KNOWN, INODE_LEN, MAGIC,
    S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, VERSION, u16_at,
    u32_at, u64_at,
};
use super::tree::{Content, Hole, Timestamp, Tree, TreeInode};
use super::{
    COUNT_MAX, DEPTH_MAX, ManifestError, NAME_LEN_MAX, TARGET_LEN_MAX, XATTR_NAME_LEN_MAX,
    XATTR_VALUE_LEN_MAX, merkle,
};
use crate::digest::{Algorithm, Digest};
use crate::units::PAGE_LEN;

/// A place in the tree: the root, or an entry of a directory. Hard links are several nodes with
/// one inode.
pub type NodeId = u32;

/// The root directory's node.
pub const ROOT_NODE: NodeId = 0;

/// A decoded manifest: the bytes, and where everything in them is.
#[derive(Clone)]
pub struct Manifest {
    bytes: Vec<u8>,
    header: Header,
    starts: [usize; 8],
    inodes: Vec<InodePlace>,
    nodes: Vec<NodePlace>,
}

#[derive(Clone, Copy, Default)]
struct InodePlace {
    first_node: NodeId,
    first_child: NodeId,
    target_at: u32,
    xattrs_at: u32,
    hole_at: u32,
    digest_at: u32,
}

#[derive(Clone, Copy)]
struct NodePlace {
    inode: u32,
    parent: u32,
    name_at: u32,
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

impl Manifest {
    /// Decodes a manifest from anywhere, trusting nothing.
    ///
    /// # Errors
    /// [`ManifestError`] for any bytes that [`Tree::encode`] does not write.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, ManifestError> {
        let manifest = Self::index(bytes)?;
        for (index, digest) in merkle::digests(&manifest) {
            if manifest.inode(index).digest() != Some(digest) {
                return Err(ManifestError::Merkle {
                    index: index as usize,
                });
            }
        }
        Ok(manifest)
    }

    /// Decodes the manifest that `digest` names.
    ///
    /// # Errors
    /// [`ManifestError::Digest`] where the bytes are others, and as [`Manifest::decode`].
    pub fn decode_named(bytes: Vec<u8>, digest: &Digest) -> Result<Self, ManifestError> {
        let found = digest.algorithm().digest(&bytes);
        if found != *digest {
            return Err(ManifestError::Digest {
                expected: *digest,
                found,
            });
        }
        Self::decode(bytes)
    }

    /// Decodes all but the directories' digests.
    pub(super) fn index(bytes: Vec<u8>) -> Result<Self, ManifestError> {
        let (header, starts) = decode_header(&bytes)?;
        let mut manifest = Self {
            bytes,
            header,
            starts,
            inodes: Vec::new(),
            nodes: Vec::new(),
        };
        let (inodes, nodes) = Indexer::new(&manifest).run()?;
        (manifest.inodes, manifest.nodes) = (inodes, nodes);
        Ok(manifest)
    }

    /// Returns the bytes with directories' digests filled in.
    pub(super) fn into_bytes_with(mut self, digests: &[(u32, Digest)]) -> Vec<u8> {
        let hash_len = self.header.algorithm.hash_len();
        for (inode, digest) in digests {
            let at = self.starts[6] + self.inodes[*inode as usize].digest_at as usize * hash_len;
            self.bytes[at..at + hash_len].copy_from_slice(digest.hash());
        }
        self.bytes
    }

    /// Returns the canonical bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Hashes the canonical bytes: the manifest's name.
    pub fn digest(&self) -> Digest {
        self.header.algorithm.digest(&self.bytes)
    }

    /// Returns the header's fields.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the algorithm of every digest inside.
    pub fn algorithm(&self) -> Algorithm {
        self.header.algorithm
    }

    /// Returns the number of inodes; inodes are 0 (the root) up to this.
    pub fn inode_count(&self) -> u32 {
        self.inodes.len() as u32
    }

    /// Returns the number of nodes; nodes are 0 (the root) up to this.
    pub fn node_count(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// Returns an inode.
    pub fn inode(&self, index: u32) -> Inode<'_> {
        Inode {
            manifest: self,
            index,
        }
    }

    /// Returns the inode that a node names.
    pub fn node_inode(&self, node: NodeId) -> Inode<'_> {
        self.inode(self.nodes[node as usize].inode)
    }

    /// Returns the inode of the directory that a node is in; the root is in itself.
    pub fn parent(&self, node: NodeId) -> u32 {
        self.nodes[node as usize].parent
    }

    /// Returns a node's name; the root's is empty.
    pub fn name(&self, node: NodeId) -> &[u8] {
        let Some(entry) = (node as usize).checked_sub(1) else {
            return &[];
        };
        let at = self.starts[2] + self.nodes[node as usize].name_at as usize;
        let len = usize::from(u16_at(&self.bytes, self.starts[1] + entry * ENTRY_LEN));
        &self.bytes[at..at + len]
    }

    /// Returns a directory's nodes, sorted by name; nothing for other inodes.
    pub fn children(&self, inode: u32) -> Range<NodeId> {
        let inode = self.inode(inode);
        if !inode.is_directory() {
            return 0..0;
        }
        let first = self.inodes[inode.index as usize].first_child;
        first..first + inode.size() as u32
    }

    /// Returns the path of a node from the root, without a leading slash; the root's is empty.
    pub fn path(&self, mut node: NodeId) -> Vec<u8> {
        let mut names = Vec::new();
        while node != ROOT_NODE {
            names.push(self.name(node));
            node = self.inodes[self.parent(node) as usize].first_node;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// Finds an entry of a directory by name.
    pub fn child(&self, directory: u32, name: &[u8]) -> Option<NodeId> {
        let Range { start, end } = self.children(directory);
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// Finds a node by its path. Empty components and leading slashes are skipped, `.` and `..`
    /// are names like others (and never found), symlinks are not followed.
    pub fn lookup(&self, path: &[u8]) -> Option<NodeId> {
        path.split(|byte| *byte == b'/')
            .filter(|component| !component.is_empty())
            .try_fold(ROOT_NODE, |node, name| {
                self.child(self.node_inode(node).index, name)
            })
    }

    /// Returns every file's digest with the length of its data, in inode order, with repeats.
    pub fn data_objects(&self) -> impl Iterator<Item = (Digest, u64)> + '_ {
        (0..self.inode_count())
            .map(|index| self.inode(index))
            .filter(Inode::is_regular)
            .filter_map(|inode| Some((inode.digest()?, inode.data_len())))
    }

    /// Turns the manifest back into a tree.
    pub fn to_tree(&self) -> Tree {
        Tree {
            inodes: (0..self.inode_count())
                .map(|index| self.inode(index).to_tree())
                .collect(),
        }
    }
}

/// An inode of a manifest.
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
        let at = self.manifest.starts[0] + self.index as usize * INODE_LEN;
        &self.manifest.bytes[at..at + INODE_LEN]
    }

    fn place(&self) -> &'a InodePlace {
        &self.manifest.inodes[self.index as usize]
    }

    /// Returns the inode's number in the manifest: 0 is the root.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Returns the first node that names it.
    pub fn first_node(&self) -> NodeId {
        self.place().first_node
    }

    /// Returns type and permission bits.
    pub fn mode(&self) -> u32 {
        u32_at(self.record(), 0)
    }

    /// Returns the type bits alone.
    pub fn kind(&self) -> u32 {
        self.mode() & S_IFMT
    }

    /// Returns the permission bits with suid, sgid and sticky.
    pub fn permissions(&self) -> u32 {
        self.mode() & !S_IFMT
    }

    /// Returns the owner.
    pub fn uid(&self) -> u32 {
        u32_at(self.record(), 4)
    }

    /// Returns the group.
    pub fn gid(&self) -> u32 {
        u32_at(self.record(), 8)
    }

    /// Returns the time of the last change of content.
    pub fn mtime(&self) -> Timestamp {
        let record = self.record();
        Timestamp {
            secs: u64_at(record, 16).cast_signed(),
            nanos: u32_at(record, 12),
        }
    }

    /// Returns a file's or target's length in bytes, or a directory's number of entries.
    pub fn size(&self) -> u64 {
        u64_at(self.record(), 24)
    }

    /// Returns how many nodes name it.
    pub fn link_count(&self) -> u32 {
        u32_at(self.record(), 32)
    }

    /// Returns whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.kind() == S_IFDIR
    }

    /// Returns whether it is a regular file.
    pub fn is_regular(&self) -> bool {
        self.kind() == S_IFREG
    }

    /// Returns whether it is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.kind() == S_IFLNK
    }

    /// Returns a device's major and minor number.
    pub fn device(&self) -> (u32, u32) {
        let size = self.size();
        ((size >> 32) as u32, size as u32)
    }

    /// Returns a symlink's target; empty for other inodes.
    pub fn target(&self) -> &'a [u8] {
        if !self.is_symlink() {
            return &[];
        }
        let at = self.manifest.starts[3] + self.place().target_at as usize;
        &self.manifest.bytes[at..at + self.size() as usize]
    }

    /// Returns the encoded xattr set: equal for equal sets.
    pub fn xattr_bytes(&self) -> &'a [u8] {
        let at = self.manifest.starts[4] + self.place().xattrs_at as usize;
        &self.manifest.bytes[at..at + u32_at(self.record(), 36) as usize]
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

    /// Returns the encoded hole map: equal for equal maps.
    pub fn hole_bytes(&self) -> &'a [u8] {
        let at = self.manifest.starts[5] + self.place().hole_at as usize * HOLE_LEN;
        &self.manifest.bytes[at..at + u32_at(self.record(), 40) as usize * HOLE_LEN]
    }

    /// Returns the holes of a file, in order.
    pub fn holes(&self) -> Vec<Hole> {
        self.hole_bytes()
            .chunks_exact(HOLE_LEN)
            .map(|record| Hole {
                offset: u64_at(record, 0),
                len: u64_at(record, 8),
            })
            .collect()
    }

    /// Returns the length in bytes of a file's data outside of holes: its object's length.
    pub fn data_len(&self) -> u64 {
        self.size() - self.holes().iter().map(|hole| hole.len).sum::<u64>()
    }

    /// Returns the digest of a file's data, or of a directory's whole subtree.
    pub fn digest(&self) -> Option<Digest> {
        if !self.has_digest() {
            return None;
        }
        let hash_len = self.manifest.header.algorithm.hash_len();
        let at = self.manifest.starts[6] + self.place().digest_at as usize * hash_len;
        Digest::new(
            self.manifest.header.algorithm,
            &self.manifest.bytes[at..at + hash_len],
        )
        .ok()
    }

    fn has_digest(&self) -> bool {
        self.is_directory() || (self.is_regular() && self.data_len() > 0)
    }

    /// Returns the fixed record's bytes, which [`merkle`] hashes.
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
            S_IFREG => Content::Regular {
                size: self.size(),
                holes: self.holes(),
                digest: self.digest(),
            },
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
            xattrs: self
                .xattrs()
                .map(|(name, value)| (name.to_vec(), value.to_vec()))
                .collect(),
            content,
        }
    }
}

/// Splits the first attribute off an encoded set: name, value, rest.
fn split_xattr(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (header, rest) = bytes.split_first_chunk::<6>()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16_at(header, 0)))?;
    let (value, rest) = rest.split_at_checked(u32_at(header, 2) as usize)?;
    Some((name, value, rest))
}

fn decode_header(bytes: &[u8]) -> Result<(Header, [usize; 8]), ManifestError> {
    let length = |expected| ManifestError::Length {
        expected,
        found: bytes.len() as u64,
    };
    let head = bytes
        .first_chunk::<HEADER_LEN>()
        .ok_or(length(HEADER_LEN as u64))?;
    if head[..8] != MAGIC {
        return Err(ManifestError::Magic);
    }
    if crc32fast::hash(&head[..124]) != u32_at(head, 124) {
        return Err(ManifestError::Checksum("header"));
    }
    let (version, compat, incompat) = (u16_at(head, 8), u32_at(head, 12), u32_at(head, 20));
    if version != VERSION {
        return Err(ManifestError::Unsupported(format!(
            "format version {version}"
        )));
    }
    if incompat & !INCOMPAT_KNOWN != 0 || compat & !COMPAT_KNOWN != 0 {
        // A compatible feature would change canonical bytes too, so it is refused as well.
        return Err(ManifestError::Unsupported(format!(
            "features {compat:#x}/{incompat:#x}"
        )));
    }
    let algorithm = Algorithm::from_tag(head[10])
        .ok_or_else(|| ManifestError::Unsupported(format!("digest algorithm {}", head[10])))?;
    let header = Header {
        algorithm,
        inode_count: u64_at(head, 24),
        entry_count: u64_at(head, 32),
        names_len: u64_at(head, 40),
        targets_len: u64_at(head, 48),
        xattrs_len: u64_at(head, 56),
        hole_count: u64_at(head, 64),
        digest_count: u64_at(head, 72),
        content_len: u64_at(head, 80),
    };
    let starts = header.section_starts().ok_or(length(u64::MAX))?;
    if starts[7] != bytes.len() as u64 {
        return Err(length(starts[7]));
    }
    if crc32fast::hash(&bytes[HEADER_LEN..]) != u32_at(head, 120) {
        return Err(ManifestError::Checksum("body"));
    }
    if header.encode(u32_at(head, 120)) != *head {
        return Err(ManifestError::Invalid {
            rule: "reserved header bytes are not zero",
            index: 0,
        });
    }
    // Every section fits in memory, so its start fits a usize.
    Ok((header, starts.map(|start| start as usize)))
}

/// Walks inodes and entries once, in order, and checks each.
struct Indexer<'a> {
    manifest: &'a Manifest,
    inodes: Vec<InodePlace>,
    nodes: Vec<NodePlace>,
    links: Vec<u32>,
    depths: Vec<u16>,
    /// Where the next inode's parts begin: its position in each section.
    next: InodePlace,
    name_at: u32,
    content_len: u64,
}

impl<'a> Indexer<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        Self {
            manifest,
            inodes: Vec::new(),
            nodes: vec![NodePlace {
                inode: 0,
                parent: 0,
                name_at: 0,
            }],
            links: vec![1],
            depths: vec![0],
            next: InodePlace::default(),
            name_at: 0,
            content_len: 0,
        }
    }

    fn run(mut self) -> Result<(Vec<InodePlace>, Vec<NodePlace>), ManifestError> {
        let header = &self.manifest.header;
        let sections = [header.names_len, header.targets_len, header.xattrs_len];
        if header.inode_count == 0
            || header.inode_count > COUNT_MAX
            || header.entry_count > COUNT_MAX
            || sections.into_iter().any(|len| len > u64::from(u32::MAX))
        {
            return Err(ManifestError::Invalid {
                rule: "a count is out of range",
                index: 0,
            });
        }
        self.inodes.reserve(header.inode_count as usize);
        self.nodes.reserve(header.entry_count as usize);
        self.next.first_child = 1;
        // The root is named by node 0; every other inode by the entry that first reaches it.
        let mut first_nodes = vec![ROOT_NODE];
        for index in 0..header.inode_count as usize {
            let first_node = *first_nodes.get(index).ok_or(ManifestError::Invalid {
                rule: "no entry names the inode",
                index,
            })?;
            self.inode(index, first_node, &mut first_nodes)
                .map_err(|rule| ManifestError::Invalid { rule, index })?;
        }
        self.check_ends(first_nodes.len())?;
        Ok((self.inodes, self.nodes))
    }

    /// Checks one inode and, for a directory, its entries.
    fn inode(
        &mut self,
        index: usize,
        first_node: NodeId,
        first_nodes: &mut Vec<NodeId>,
    ) -> Result<(), &'static str> {
        let mut place = self.next;
        place.first_node = first_node;
        let record_at = self.manifest.starts[0] + index * INODE_LEN;
        let record = &self.manifest.bytes[record_at..record_at + INODE_LEN];
        let size = u64_at(record, 24);
        if u32_at(record, 12) >= 1_000_000_000 || u32_at(record, 44) != 0 {
            return Err("its nanoseconds or reserved bytes are out of range");
        }
        if u32_at(record, 0) & !(S_IFMT | 0o7777) != 0 {
            return Err("its mode has unknown bits");
        }
        self.xattrs(u32_at(record, 36))?;
        let hole_len = self.holes(u32_at(record, 40), size)?;
        match u32_at(record, 0) & S_IFMT {
            S_IFREG => {
                self.content_len = self
                    .content_len
                    .checked_add(size)
                    .ok_or("sizes overflow 64 bits")?;
                self.next.digest_at += u32::from(size > hole_len);
            }
            _ if u32_at(record, 40) != 0 => return Err("only files have holes"),
            S_IFDIR => {
                self.next.digest_at += 1;
                self.entries(index, size, first_nodes)?;
            }
            S_IFLNK => self.target(size)?,
            S_IFCHR | S_IFBLK if size >> 32 >= 1 << 12 || size & 0xffff_ffff >= 1 << 20 => {
                return Err("its device number is out of range");
            }
            S_IFCHR | S_IFBLK => {}
            S_IFIFO | S_IFSOCK if size != 0 => return Err("its size is not zero"),
            S_IFIFO | S_IFSOCK => {}
            _ => return Err("its type is unknown"),
        }
        if index == 0 && u32_at(record, 0) & S_IFMT != S_IFDIR {
            return Err("the root is not a directory");
        }
        self.inodes.push(place);
        Ok(())
    }

    fn xattrs(&mut self, len: u32) -> Result<(), &'static str> {
        let begin = u64::from(self.next.xattrs_at);
        let end = begin + u64::from(len);
        if end > self.manifest.header.xattrs_len {
            return Err("its xattrs lie outside of their section");
        }
        let start = self.manifest.starts[4];
        let mut rest = &self.manifest.bytes[start + begin as usize..start + end as usize];
        let mut previous: &[u8] = &[];
        while !rest.is_empty() {
            let (name, value, after) = split_xattr(rest).ok_or("an xattr is truncated")?;
            if name.len() > XATTR_NAME_LEN_MAX || value.len() > XATTR_VALUE_LEN_MAX {
                return Err("an xattr is too long");
            }
            if name <= previous || name.contains(&0) {
                return Err("xattr names are empty, unsorted or hold a NUL");
            }
            (previous, rest) = (name, after);
        }
        self.next.xattrs_at = end as u32;
        Ok(())
    }

    /// Checks a hole map and returns how many bytes it covers.
    fn holes(&mut self, count: u32, size: u64) -> Result<u64, &'static str> {
        let begin = u64::from(self.next.hole_at);
        let end = begin + u64::from(count);
        if end > self.manifest.header.hole_count.min(COUNT_MAX) {
            return Err("its holes lie outside of their section");
        }
        let at = |hole: u64| self.manifest.starts[5] + hole as usize * HOLE_LEN;
        let mut covered = 0;
        let mut previous_end = None;
        for record in self.manifest.bytes[at(begin)..at(end)].chunks_exact(HOLE_LEN) {
            let (offset, len) = (u64_at(record, 0), u64_at(record, 8));
            let hole_end = offset.checked_add(len).ok_or("a hole overflows")?;
            let is_aligned = offset.is_multiple_of(PAGE_LEN)
                && (hole_end.is_multiple_of(PAGE_LEN) || hole_end == size);
            if len == 0 || hole_end > size || !is_aligned {
                return Err("a hole is empty, unaligned or past the end");
            }
            if previous_end.is_some_and(|previous| offset <= previous) {
                return Err("holes are unsorted or touch");
            }
            previous_end = Some(hole_end);
            covered += len;
        }
        self.next.hole_at = end as u32;
        Ok(covered)
    }

    fn target(&mut self, size: u64) -> Result<(), &'static str> {
        let begin = u64::from(self.next.target_at);
        if size == 0 || size > TARGET_LEN_MAX as u64 {
            return Err("its target is empty or too long");
        }
        if begin + size > self.manifest.header.targets_len {
            return Err("its target lies outside of its section");
        }
        let at = self.manifest.starts[3] + begin as usize;
        if self.manifest.bytes[at..at + size as usize].contains(&0) {
            return Err("its target holds a NUL");
        }
        self.next.target_at += size as u32;
        Ok(())
    }

    fn entries(
        &mut self,
        directory: usize,
        count: u64,
        first_nodes: &mut Vec<NodeId>,
    ) -> Result<(), &'static str> {
        let end = u64::from(self.next.first_child) + count;
        if end > self.manifest.header.entry_count + 1 {
            return Err("its entries lie outside of their section");
        }
        let depth = self.depths[directory] + 1;
        if usize::from(depth) > DEPTH_MAX {
            return Err("it is nested too deep");
        }
        let mut previous: &[u8] = &[];
        for node in self.next.first_child..end as u32 {
            let record_at = self.manifest.starts[1] + (node as usize - 1) * ENTRY_LEN;
            let record = &self.manifest.bytes[record_at..record_at + ENTRY_LEN];
            let name = self.entry_name(record)?;
            if name <= previous {
                return Err("its entries are unsorted or repeat a name");
            }
            previous = name;
            let inode = match u32_at(record, 4) {
                0 => {
                    first_nodes.push(node);
                    self.links.push(1);
                    self.depths.push(depth);
                    first_nodes.len() as u32 - 1
                }
                back => self.further_link(node, back)?,
            };
            let name_at = self.name_at;
            self.nodes.push(NodePlace {
                inode,
                parent: directory as u32,
                name_at,
            });
            self.name_at += name.len() as u32;
        }
        self.next.first_child = end as u32;
        Ok(())
    }

    fn entry_name(&self, record: &[u8]) -> Result<&'a [u8], &'static str> {
        let len = usize::from(u16_at(record, 0));
        if len == 0 || len > NAME_LEN_MAX || u16_at(record, 2) != 0 {
            return Err("an entry's name is empty or too long");
        }
        if u64::from(self.name_at) + len as u64 > self.manifest.header.names_len {
            return Err("an entry's name lies outside of its section");
        }
        let at = self.manifest.starts[2] + self.name_at as usize;
        let name = &self.manifest.bytes[at..at + len];
        if name.contains(&0) || name.contains(&b'/') || name == b"." || name == b".." {
            return Err("an entry's name holds '/' or NUL, or is '.' or '..'");
        }
        Ok(name)
    }

    /// Resolves a further hard link to the inode that an earlier entry named first.
    fn further_link(&mut self, node: NodeId, back: u32) -> Result<u32, &'static str> {
        let first = node.checked_sub(back).filter(|first| *first != ROOT_NODE);
        let first = first.ok_or("a hard link points outside of the entries")?;
        let inode = self.nodes[first as usize].inode;
        let first_at = self.manifest.starts[1] + (first as usize - 1) * ENTRY_LEN;
        if u32_at(&self.manifest.bytes, first_at + 4) != 0 {
            return Err("a hard link points to an entry that is not an inode's first");
        }
        // The inode's own record may come later in the file, but it is there: indices of inodes
        // named so far are below the count, or `run` refuses the manifest at the end.
        let record_at = self.manifest.starts[0] + inode as usize * INODE_LEN;
        if u64::from(inode) >= self.manifest.header.inode_count
            || u32_at(&self.manifest.bytes, record_at) & S_IFMT == S_IFDIR
        {
            return Err("a directory has more than one entry");
        }
        self.links[inode as usize] += 1;
        Ok(inode)
    }

    /// Checks that every section was used up, that link counts agree and padding is zero.
    fn check_ends(&self, named: usize) -> Result<(), ManifestError> {
        let header = &self.manifest.header;
        let ends = [
            (
                named as u64,
                header.inode_count,
                "entries name more inodes than there are",
            ),
            (
                self.nodes.len() as u64 - 1,
                header.entry_count,
                "entries are left over",
            ),
            (
                u64::from(self.name_at),
                header.names_len,
                "names are left over",
            ),
            (
                u64::from(self.next.target_at),
                header.targets_len,
                "targets are left over",
            ),
            (
                u64::from(self.next.xattrs_at),
                header.xattrs_len,
                "xattrs are left over",
            ),
            (
                u64::from(self.next.hole_at),
                header.hole_count,
                "holes are left over",
            ),
            (
                u64::from(self.next.digest_at),
                header.digest_count,
                "digests do not match inodes",
            ),
            (
                self.content_len,
                header.content_len,
                "the sum of sizes is wrong",
            ),
        ];
        for (found, expected, rule) in ends {
            if found != expected {
                return Err(ManifestError::Invalid { rule, index: 0 });
            }
        }
        for index in 0..self.inodes.len() {
            let at = self.manifest.starts[0] + index * INODE_LEN;
            if u32_at(&self.manifest.bytes, at + 32) != self.links[index] {
                return Err(ManifestError::Invalid {
                    rule: "its link count is wrong",
                    index,
                });
            }
        }
        for (section, len) in [
            (2, header.names_len),
            (3, header.targets_len),
            (4, header.xattrs_len),
        ] {
            let end = self.manifest.starts[section] + len as usize;
            let padding = &self.manifest.bytes[end..self.manifest.starts[section + 1]];
            if padding.iter().any(|byte| *byte != 0) {
                return Err(ManifestError::Invalid {
                    rule: "padding is not zero",
                    index: 0,
                });
            }
        }
        Ok(())
    }
}
