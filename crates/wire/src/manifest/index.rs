//! Checks and indexes a manifest's bytes in one pass. The pass checks every rule of the format except the digests of
//! directories, and derives the position of each inode's parts.

use super::layout::{
    COMPAT_KNOWN, ENTRY_LEN, HEADER_LEN, HOLE_LEN, Header, INCOMPAT_KNOWN, INODE_LEN, MAGIC,
    S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK, Sections, VERSION,
    entry, hole, inode,
};
use super::view::{InodePlace, Manifest, NodeId, NodePlace, ROOT_NODE, split_xattr};
use super::{
    COUNT_MAX, DEPTH_MAX, ManifestError, NAME_LEN_MAX, TARGET_LEN_MAX, XATTR_NAME_LEN_MAX,
    XATTR_VALUE_LEN_MAX,
};
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::digest::Algorithm;
use crate::units::PAGE_LEN;

/// Decodes and checks the header, and returns the start of each section.
pub(super) fn decode_header(bytes: &[u8]) -> Result<(Header, Sections), ManifestError> {
    let length = |expected| ManifestError::Length { expected, found: bytes.len() as u64 };
    let head = bytes.first_chunk::<HEADER_LEN>().ok_or(length(HEADER_LEN as u64))?;
    if head[..8] != MAGIC {
        return Err(ManifestError::Magic);
    }
    if crc32fast::hash(&head[..124]) != u32_at(head, 124) {
        return Err(ManifestError::Checksum("header"));
    }
    let (version, compat, incompat) = (u16_at(head, 8), u32_at(head, 12), u32_at(head, 20));
    if version != VERSION {
        return Err(ManifestError::Unsupported(format!("format version {version}")));
    }
    if incompat & !INCOMPAT_KNOWN != 0 || compat & !COMPAT_KNOWN != 0 {
        // Even a compatible feature would change the canonical bytes, so an unknown compatible feature is refused, too.
        return Err(ManifestError::Unsupported(format!("features {compat:#x}/{incompat:#x}")));
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
    if starts.end != bytes.len() {
        return Err(length(starts.end as u64));
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
    // Each section lies inside `bytes`, so its start fits a usize.
    Ok((header, starts))
}

/// Walks inodes and entries once, in order, and checks each.
pub(super) struct Indexer<'a> {
    manifest: &'a Manifest,
    inodes: Vec<InodePlace>,
    nodes: Vec<NodePlace>,
    links: Vec<u32>,
    depths: Vec<u16>,
    /// For each section, the position at which the next inode's part begins.
    next: InodePlace,
    name_at: u32,
    content_len: u64,
}

impl<'a> Indexer<'a> {
    pub(super) fn new(manifest: &'a Manifest) -> Self {
        Self {
            manifest,
            inodes: Vec::new(),
            nodes: vec![NodePlace { inode: 0, parent: 0, name_at: 0 }],
            links: vec![1],
            depths: vec![0],
            next: InodePlace::default(),
            name_at: 0,
            content_len: 0,
        }
    }

    pub(super) fn run(mut self) -> Result<(Vec<InodePlace>, Vec<NodePlace>), ManifestError> {
        let header = &self.manifest.header;
        let sections = [header.names_len, header.targets_len, header.xattrs_len];
        if header.inode_count == 0
            || header.inode_count > COUNT_MAX
            || header.entry_count > COUNT_MAX
            || sections.into_iter().any(|len| len > u64::from(u32::MAX))
        {
            return Err(ManifestError::Invalid { rule: "a count is out of range", index: 0 });
        }
        self.inodes.reserve(header.inode_count as usize);
        self.nodes.reserve(header.entry_count as usize);
        self.next.first_child = 1;
        // Node 0 names the root; each other inode gets its node from the first entry that names it.
        let mut first_nodes = vec![ROOT_NODE];
        for index in 0..header.inode_count as usize {
            let first_node = *first_nodes
                .get(index)
                .ok_or(ManifestError::Invalid { rule: "no entry names the inode", index })?;
            self.inode(index, first_node, &mut first_nodes)
                .map_err(|rule| ManifestError::Invalid { rule, index })?;
        }
        self.check_ends(first_nodes.len())?;
        Ok((self.inodes, self.nodes))
    }

    /// Checks one inode and, if it is a directory, its entries.
    fn inode(
        &mut self,
        index: usize,
        first_node: NodeId,
        first_nodes: &mut Vec<NodeId>,
    ) -> Result<(), &'static str> {
        let mut place = self.next;
        place.first_node = first_node;
        let record_at = self.manifest.starts.inodes + index * INODE_LEN;
        let record = &self.manifest.bytes[record_at..record_at + INODE_LEN];
        let size = u64_at(record, inode::SIZE);
        if u32_at(record, inode::MTIME_NANOS) >= 1_000_000_000
            || u32_at(record, inode::RESERVED) != 0
        {
            return Err("its nanoseconds or reserved bytes are out of range");
        }
        if u32_at(record, inode::MODE) & !(S_IFMT | 0o7777) != 0 {
            return Err("its mode has unknown bits");
        }
        self.xattrs(u32_at(record, inode::XATTRS_LEN))?;
        let hole_len = self.holes(u32_at(record, inode::HOLE_COUNT), size)?;
        match u32_at(record, inode::MODE) & S_IFMT {
            S_IFREG => {
                self.content_len =
                    self.content_len.checked_add(size).ok_or("sizes overflow 64 bits")?;
                self.next.digest_at += u32::from(size > hole_len);
            }
            _ if u32_at(record, inode::HOLE_COUNT) != 0 => return Err("only files have holes"),
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
        if index == 0 && u32_at(record, inode::MODE) & S_IFMT != S_IFDIR {
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
        let start = self.manifest.starts.xattrs;
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

    /// Checks an inode's hole map and returns the number of bytes that the holes cover.
    fn holes(&mut self, count: u32, size: u64) -> Result<u64, &'static str> {
        let begin = u64::from(self.next.hole_at);
        let end = begin + u64::from(count);
        if end > self.manifest.header.hole_count.min(COUNT_MAX) {
            return Err("its holes lie outside of their section");
        }
        let at = |hole: u64| self.manifest.starts.holes + hole as usize * HOLE_LEN;
        let mut covered = 0;
        let mut previous_end = None;
        for record in self.manifest.bytes[at(begin)..at(end)].chunks_exact(HOLE_LEN) {
            let (offset, len) = (u64_at(record, hole::OFFSET), u64_at(record, hole::LEN));
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
        let at = self.manifest.starts.targets + begin as usize;
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
            let record_at = self.manifest.starts.entries + (node as usize - 1) * ENTRY_LEN;
            let record = &self.manifest.bytes[record_at..record_at + ENTRY_LEN];
            let name = self.entry_name(record)?;
            if name <= previous {
                return Err("its entries are unsorted or repeat a name");
            }
            previous = name;
            let inode = match u32_at(record, entry::INODE_BACK) {
                0 => {
                    first_nodes.push(NodeId(node));
                    self.links.push(1);
                    self.depths.push(depth);
                    first_nodes.len() as u32 - 1
                }
                back => self.further_link(node, back)?,
            };
            let name_at = self.name_at;
            self.nodes.push(NodePlace { inode, parent: directory as u32, name_at });
            self.name_at += name.len() as u32;
        }
        self.next.first_child = end as u32;
        Ok(())
    }

    fn entry_name(&self, record: &[u8]) -> Result<&'a [u8], &'static str> {
        let len = usize::from(u16_at(record, entry::NAME_LEN));
        if len == 0 || len > NAME_LEN_MAX || u16_at(record, entry::RESERVED) != 0 {
            return Err("an entry's name is empty or too long");
        }
        if u64::from(self.name_at) + len as u64 > self.manifest.header.names_len {
            return Err("an entry's name lies outside of its section");
        }
        let at = self.manifest.starts.names + self.name_at as usize;
        let name = &self.manifest.bytes[at..at + len];
        if name.contains(&0) || name.contains(&b'/') || name == b"." || name == b".." {
            return Err("an entry's name holds '/' or NUL, or is '.' or '..'");
        }
        Ok(name)
    }

    /// Returns the inode of an entry that is a further hard link: an earlier entry is the first to name the inode.
    fn further_link(&mut self, node: u32, back: u32) -> Result<u32, &'static str> {
        let first = node.checked_sub(back).filter(|first| *first != ROOT_NODE.0);
        let first = first.ok_or("a hard link points outside of the entries")?;
        let inode = self.nodes[first as usize].inode;
        let first_at = self.manifest.starts.entries + (first as usize - 1) * ENTRY_LEN;
        if u32_at(&self.manifest.bytes, first_at + entry::INODE_BACK) != 0 {
            return Err("a hard link points to an entry that is not an inode's first");
        }
        // The inode's own record can come later in the file. The record is missing if entries name more inodes than the
        // manifest has; such a manifest is invalid in any case.
        let record_at = self.manifest.starts.inodes + inode as usize * INODE_LEN;
        if u64::from(inode) >= self.manifest.header.inode_count
            || u32_at(&self.manifest.bytes, record_at) & S_IFMT == S_IFDIR
        {
            return Err("a directory has more than one entry");
        }
        self.links[inode as usize] += 1;
        Ok(inode)
    }

    /// Checks that every section was used up, that link counts agree, and that padding is zero.
    fn check_ends(&self, named: usize) -> Result<(), ManifestError> {
        let header = &self.manifest.header;
        let ends = [
            (named as u64, header.inode_count, "entries name more inodes than there are"),
            (self.nodes.len() as u64 - 1, header.entry_count, "entries are left over"),
            (u64::from(self.name_at), header.names_len, "names are left over"),
            (u64::from(self.next.target_at), header.targets_len, "targets are left over"),
            (u64::from(self.next.xattrs_at), header.xattrs_len, "xattrs are left over"),
            (u64::from(self.next.hole_at), header.hole_count, "holes are left over"),
            (u64::from(self.next.digest_at), header.digest_count, "digests do not match inodes"),
            (self.content_len, header.content_len, "the sum of sizes is wrong"),
        ];
        for (found, expected, rule) in ends {
            if found != expected {
                return Err(ManifestError::Invalid { rule, index: 0 });
            }
        }
        for index in 0..self.inodes.len() {
            let at = self.manifest.starts.inodes + index * INODE_LEN;
            if u32_at(&self.manifest.bytes, at + inode::LINK_COUNT) != self.links[index] {
                return Err(ManifestError::Invalid { rule: "its link count is wrong", index });
            }
        }
        self.check_padding()
    }

    fn check_padding(&self) -> Result<(), ManifestError> {
        let Manifest { header, starts, bytes, .. } = self.manifest;
        for (begin, len, end) in [
            (starts.names, header.names_len, starts.targets),
            (starts.targets, header.targets_len, starts.xattrs),
            (starts.xattrs, header.xattrs_len, starts.holes),
        ] {
            let padding = &bytes[begin + len as usize..end];
            if padding.iter().any(|byte| *byte != 0) {
                return Err(ManifestError::Invalid { rule: "padding is not zero", index: 0 });
            }
        }
        Ok(())
    }
}
