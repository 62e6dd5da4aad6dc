//! Encodes a [`Tree`] as canonical bytes.

use super::layout::{Header, padded};
use super::view::Manifest;
use super::{Content, ManifestError, Tree, TreeInode, merkle};
use crate::digest::Algorithm;

/// The tree in canonical order.
struct Order<'a> {
    /// Indices of inodes in the tree, in the order in which entries first name them.
    inodes: Vec<usize>,
    /// The name of each entry, and the distance back to the first entry of the same inode, counted in entries. The
    /// distance is 0 if the entry itself is the first.
    entries: Vec<(&'a [u8], u32)>,
    /// For each inode of the tree, the number of entries that name it.
    link_counts: Vec<u32>,
}

impl Tree {
    /// Encodes the tree as a manifest.
    ///
    /// Equal trees give equal bytes, whatever the indices of their inodes.
    ///
    /// # Errors
    /// [`ManifestError::Invalid`] if the tree breaks a rule of the format: an invalid name, a directory that two
    /// entries name, an inode that no entry names, a digest of another algorithm, and so on.
    pub fn encode(&self, algorithm: Algorithm) -> Result<Manifest, ManifestError> {
        let order = self.order()?;
        let mut bytes = self.sections(algorithm, &order)?;
        let unsealed = Manifest::index(bytes)?;
        let digests = merkle::digests(&unsealed);
        let header = unsealed.header().clone();
        bytes = unsealed.into_bytes_with(&digests);
        let body_crc = crc32fast::hash(&bytes[super::layout::HEADER_LEN..]);
        bytes[..super::layout::HEADER_LEN].copy_from_slice(&header.encode(body_crc));
        Manifest::index(bytes)
    }

    /// Orders the tree breadth-first, with each directory's entries sorted by name.
    fn order(&self) -> Result<Order<'_>, ManifestError> {
        let invalid = |rule, index| ManifestError::Invalid { rule, index };
        let mut order =
            Order { inodes: vec![0], entries: Vec::new(), link_counts: vec![0; self.inodes.len()] };
        let mut first_entry = vec![usize::MAX; self.inodes.len()];
        let mut next = 0;
        while let Some(&index) = order.inodes.get(next) {
            next += 1;
            let Content::Directory(children) = &self.inodes[index].content else {
                continue;
            };
            for (name, &child) in children {
                let inode =
                    self.inodes.get(child).ok_or(invalid("an entry names no inode", child))?;
                let is_directory = matches!(inode.content, Content::Directory(_));
                let entry = order.entries.len();
                let is_first = child != 0 && order.link_counts[child] == 0;
                if is_directory && !is_first {
                    return Err(invalid("a directory has more than one entry", child));
                }
                if is_first {
                    first_entry[child] = entry;
                    order.inodes.push(child);
                }
                order.link_counts[child] += 1;
                let back = u32::try_from(entry - first_entry[child])
                    .map_err(|_| invalid("too many entries", entry))?;
                order.entries.push((name, back));
            }
        }
        order.link_counts[0] = 1;
        if order.inodes.len() != self.inodes.len() {
            let index = order.link_counts.iter().position(|count| *count == 0).unwrap_or(0);
            return Err(invalid("no entry names the inode", index));
        }
        Ok(order)
    }

    /// Writes the header and all sections. The digests of directories are still zeros, and the checksums in the header
    /// cover these zeros.
    fn sections(&self, algorithm: Algorithm, order: &Order<'_>) -> Result<Vec<u8>, ManifestError> {
        let mut inodes = Vec::new();
        let (mut entries, mut names) = (Vec::new(), Vec::new());
        let mut parts = VariableSections { algorithm, ..VariableSections::default() };
        let mut content_len = 0u64;
        for &index in &order.inodes {
            let inode = &self.inodes[index];
            let size = parts.push(inode, index)?;
            if matches!(inode.content, Content::Regular { .. }) {
                content_len = content_len
                    .checked_add(size)
                    .ok_or(ManifestError::Invalid { rule: "sizes add up to over 16 EiB", index })?;
            }
            push_record(&mut inodes, inode, size, order.link_counts[index]);
        }
        for (name, back) in &order.entries {
            entries.extend_from_slice(&(name.len().min(0xffff) as u16).to_le_bytes());
            entries.extend_from_slice(&[0, 0]);
            entries.extend_from_slice(&back.to_le_bytes());
            names.extend_from_slice(name);
        }
        let header = Header {
            algorithm,
            inode_count: order.inodes.len() as u64,
            entry_count: order.entries.len() as u64,
            names_len: names.len() as u64,
            targets_len: parts.targets.len() as u64,
            xattrs_len: parts.xattrs.len() as u64,
            hole_count: (parts.holes.len() / super::layout::HOLE_LEN) as u64,
            digest_count: parts.digest_count,
            content_len,
        };
        let mut bytes = header.encode(0).to_vec();
        for section in
            [inodes, entries, names, parts.targets, parts.xattrs, parts.holes, parts.digests]
        {
            bytes.extend_from_slice(&section);
            bytes.resize(padded(bytes.len() as u64).map_or(bytes.len(), |len| len as usize), 0);
        }
        let body_crc = crc32fast::hash(&bytes[super::layout::HEADER_LEN..]);
        bytes[..super::layout::HEADER_LEN].copy_from_slice(&header.encode(body_crc));
        Ok(bytes)
    }
}

/// The sections in which an inode's part can have any length. They grow inode by inode.
struct VariableSections {
    algorithm: Algorithm,
    targets: Vec<u8>,
    xattrs: Vec<u8>,
    holes: Vec<u8>,
    digests: Vec<u8>,
    digest_count: u64,
}

impl Default for VariableSections {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            targets: Vec::new(),
            xattrs: Vec::new(),
            holes: Vec::new(),
            digests: Vec::new(),
            digest_count: 0,
        }
    }
}

impl VariableSections {
    /// Appends an inode's parts to their sections and returns the value of its size field.
    fn push(&mut self, inode: &TreeInode, index: usize) -> Result<u64, ManifestError> {
        push_xattrs(&mut self.xattrs, inode);
        Ok(match &inode.content {
            Content::Directory(children) => {
                self.digests.resize(self.digests.len() + self.algorithm.hash_len(), 0);
                self.digest_count += 1;
                children.len() as u64
            }
            Content::Regular { size, holes, digest } => {
                for hole in holes {
                    self.holes.extend_from_slice(&hole.offset.to_le_bytes());
                    self.holes.extend_from_slice(&hole.len.to_le_bytes());
                }
                if let Some(digest) = digest {
                    if digest.algorithm() != self.algorithm {
                        let rule = "its digest has another algorithm than the manifest";
                        return Err(ManifestError::Invalid { rule, index });
                    }
                    self.digests.extend_from_slice(digest.hash());
                    self.digest_count += 1;
                }
                *size
            }
            Content::Symlink(target) => {
                self.targets.extend_from_slice(target);
                target.len() as u64
            }
            Content::CharDevice(major, minor) | Content::BlockDevice(major, minor) => {
                u64::from(*major) << 32 | u64::from(*minor)
            }
            Content::Fifo | Content::Socket => 0,
        })
    }
}

fn push_record(records: &mut Vec<u8>, inode: &TreeInode, size: u64, link_count: u32) {
    let hole_count = match &inode.content {
        Content::Regular { holes, .. } => holes.len() as u32,
        _ => 0,
    };
    for word in [inode.mode(), inode.uid, inode.gid, inode.mtime.nanos] {
        records.extend_from_slice(&word.to_le_bytes());
    }
    records.extend_from_slice(&inode.mtime.secs.to_le_bytes());
    records.extend_from_slice(&size.to_le_bytes());
    for word in [link_count, xattrs_len(inode), hole_count, 0] {
        records.extend_from_slice(&word.to_le_bytes());
    }
}

fn xattrs_len(inode: &TreeInode) -> u32 {
    inode.xattrs.iter().map(|(name, value)| (6 + name.len() + value.len()) as u32).sum()
}

fn push_xattrs(section: &mut Vec<u8>, inode: &TreeInode) {
    for (name, value) in &inode.xattrs {
        section.extend_from_slice(&(name.len() as u16).to_le_bytes());
        section.extend_from_slice(&(value.len() as u32).to_le_bytes());
        section.extend_from_slice(name);
        section.extend_from_slice(value);
    }
}
