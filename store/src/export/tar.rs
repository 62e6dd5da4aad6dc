//! Writes a manifest's tree as a PAX tar: exact, with nanoseconds, attributes and holes.

use std::io::Write;

use tar::{EntryType, Header};
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};
use wire::manifest::tree::data_extents;
use wire::manifest::{Inode, Manifest, NodeId, ROOT_NODE};

use super::Source;
use crate::error::StoreError;
use diskfs::acl::Acl;
use wire::units::show_path;

const BLOCK_LEN: u64 = 512;

/// Writes the whole tree as a tar. Leaves out sockets, because no tar can hold them, and returns
/// their paths.
///
/// # Errors
/// Errors of the source and of the writer.
pub fn write(
    manifest: &Manifest,
    source: &dyn Source,
    target: &mut dyn Write,
) -> Result<Vec<String>, StoreError> {
    let mut writer = Writer { manifest, source, target, left_out: Vec::new() };
    let mut pending = vec![ROOT_NODE];
    while let Some(node) = pending.pop() {
        writer.member(node)?;
        pending.extend(manifest.children(manifest.node_inode(node).index()).rev());
    }
    // Two zero blocks end an archive.
    writer.put(&[0; 2 * BLOCK_LEN as usize])?;
    writer.target.flush().map_err(failed)?;
    Ok(writer.left_out)
}

struct Writer<'a> {
    manifest: &'a Manifest,
    source: &'a dyn Source,
    target: &'a mut dyn Write,
    left_out: Vec<String>,
}

fn failed(source: std::io::Error) -> StoreError {
    StoreError::Io { action: "write", path: "the tar".into(), source }
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.target.write_all(bytes).map_err(failed)
    }

    fn pad(&mut self, len: u64) -> Result<(), StoreError> {
        let padding = len.next_multiple_of(BLOCK_LEN) - len;
        self.put(&[0; BLOCK_LEN as usize][..padding as usize])
    }

    fn member(&mut self, node: NodeId) -> Result<(), StoreError> {
        let inode = self.manifest.node_inode(node);
        let path = member_path(self.manifest, node);
        let is_link = inode.first_node() != node;
        let kind = match inode.kind() {
            _ if is_link => EntryType::Link,
            S_IFREG => EntryType::Regular,
            S_IFDIR => EntryType::Directory,
            S_IFLNK => EntryType::Symlink,
            S_IFCHR => EntryType::Char,
            S_IFBLK => EntryType::Block,
            S_IFIFO => EntryType::Fifo,
            _ => {
                self.left_out.push(show_path(&path));
                return Ok(());
            }
        };
        if is_link
            && self.left_out.contains(&show_path(&member_path(self.manifest, inode.first_node())))
        {
            self.left_out.push(show_path(&path));
            return Ok(());
        }
        let link = match kind {
            EntryType::Link => member_path(self.manifest, inode.first_node()),
            _ => inode.target().to_vec(),
        };
        let extents = data_extents(inode.size(), &inode.holes());
        let map = (kind == EntryType::Regular && !inode.hole_bytes().is_empty())
            .then(|| sparse_map(inode.size(), &extents));
        let stored_len = match kind {
            EntryType::Regular => inode.data_len() + map.as_ref().map_or(0, |map| map.len() as u64),
            _ => 0,
        };
        let pax = pax_records(inode, &path, &link, stored_len, map.is_some(), is_link);
        self.header(EntryType::XHeader, b"././@PaxHeader", pax.len() as u64, None)?;
        self.put(&pax)?;
        self.pad(pax.len() as u64)?;
        self.header(kind, &path, stored_len, Some((inode, &link)))?;
        if let Some(map) = map {
            self.put(&map)?;
        }
        if kind == EntryType::Regular {
            self.content(inode)?;
            self.pad(stored_len)?;
        }
        Ok(())
    }

    fn content(&mut self, inode: Inode<'_>) -> Result<(), StoreError> {
        let Some(digest) = inode.digest() else {
            return Ok(());
        };
        let target = &mut *self.target;
        self.source.content(&digest, &mut |piece| target.write_all(piece).map_err(failed))
    }

    /// Writes a header block. Values that do not fit the fields of this block are in the PAX header
    /// before the block.
    fn header(
        &mut self,
        kind: EntryType,
        path: &[u8],
        stored_len: u64,
        inode: Option<(Inode<'_>, &[u8])>,
    ) -> Result<(), StoreError> {
        /// Largest id that a ustar field holds: its eight bytes are seven octal digits and a NUL.
        const ID_MAX: u32 = 0o7_777_777;
        let mut header = Header::new_ustar();
        copy_start(&mut header.as_mut_bytes()[..100], path);
        header.set_entry_type(kind);
        header.set_size(stored_len);
        header.set_mode(0o644);
        if let Some((inode, link)) = inode {
            copy_start(&mut header.as_mut_bytes()[157..257], link);
            header.set_mode(inode.permissions());
            header.set_uid(inode.uid().min(ID_MAX).into());
            header.set_gid(inode.gid().min(ID_MAX).into());
            header.set_mtime(u64::try_from(inode.mtime().secs).unwrap_or(0));
            if matches!(kind, EntryType::Char | EntryType::Block) {
                header.set_device_major(inode.device().0).map_err(failed)?;
                header.set_device_minor(inode.device().1).map_err(failed)?;
            }
        }
        header.set_cksum();
        self.put(&header.as_bytes()[..])
    }
}

fn copy_start(field: &mut [u8], bytes: &[u8]) {
    let len = bytes.len().min(field.len());
    field[..len].copy_from_slice(&bytes[..len]);
}

fn member_path(manifest: &Manifest, node: NodeId) -> Vec<u8> {
    let path = manifest.path(node);
    if path.is_empty() { b"./".to_vec() } else { [b"./", &path[..]].concat() }
}

/// Encodes the map of a sparse file as PAX 1.0 does: a count, then offset and length of each
/// extent, one number a line, padded to whole blocks.
fn sparse_map(size: u64, extents: &[(u64, u64)]) -> Vec<u8> {
    let ends_in_hole = extents.last().is_none_or(|(offset, len)| offset + len < size);
    let end = ends_in_hole.then_some((size, 0));
    let mut text = format!("{}\n", extents.len() + usize::from(ends_in_hole));
    for (offset, len) in extents.iter().copied().chain(end) {
        text.push_str(&format!("{offset}\n{len}\n"));
    }
    let mut map = text.into_bytes();
    map.resize(map.len().next_multiple_of(BLOCK_LEN as usize), 0);
    map
}

fn pax_records(
    inode: Inode<'_>,
    path: &[u8],
    link: &[u8],
    stored_len: u64,
    is_sparse: bool,
    is_link: bool,
) -> Vec<u8> {
    let mut pax = Vec::new();
    let mut record = |key: &[u8], value: &[u8]| {
        // "LEN key=value\n", where LEN counts itself.
        let rest = key.len() + value.len() + 3;
        let mut len = rest + 1;
        while len != rest + len.to_string().len() {
            len = rest + len.to_string().len();
        }
        pax.extend_from_slice(format!("{len} ").as_bytes());
        pax.extend_from_slice(key);
        pax.push(b'=');
        pax.extend_from_slice(value);
        pax.push(b'\n');
    };
    if is_sparse {
        record(b"GNU.sparse.major", b"1");
        record(b"GNU.sparse.minor", b"0");
        record(b"GNU.sparse.name", path);
        record(b"GNU.sparse.realsize", inode.size().to_string().as_bytes());
    } else {
        record(b"path", path);
    }
    if !link.is_empty() {
        record(b"linkpath", link);
    }
    record(b"size", stored_len.to_string().as_bytes());
    record(b"uid", inode.uid().to_string().as_bytes());
    record(b"gid", inode.gid().to_string().as_bytes());
    record(b"mtime", pax_time(inode).as_bytes());
    if !is_link {
        for (name, value) in inode.xattrs() {
            // Other tools restore ACLs only from their text form.
            let which = name.strip_prefix(b"system.posix_acl_");
            let text = which.and_then(|_| Acl::from_bytes(value)?.to_text());
            match (which, text) {
                (Some(which), Some(text)) => {
                    record(&[&b"SCHILY.acl."[..], which].concat(), text.as_bytes());
                }
                _ => record(&[&b"SCHILY.xattr."[..], &escape_keyword(name)].concat(), value),
            }
        }
    }
    pax
}

/// Escapes a keyword as GNU tar does: an equals sign would end the keyword, and a percent sign
/// begins an escape. *Source:* xattr_encode_keyword, tar/src/xheader.c.
fn escape_keyword(name: &[u8]) -> Vec<u8> {
    name.iter().fold(Vec::with_capacity(name.len()), |mut escaped, byte| {
        match byte {
            b'%' => escaped.extend_from_slice(b"%25"),
            b'=' => escaped.extend_from_slice(b"%3D"),
            other => escaped.push(*other),
        }
        escaped
    })
}

/// Formats a time as a signed decimal: -6 s and 750,000,000 ns is -5.25.
fn pax_time(inode: Inode<'_>) -> String {
    let (secs, nanos) = (inode.mtime().secs, inode.mtime().nanos);
    if secs < 0 && nanos > 0 {
        let whole = secs + 1;
        let sign = if whole == 0 { "-" } else { "" };
        return format!("{sign}{whole}.{:09}", 1_000_000_000 - nanos);
    }
    format!("{secs}.{nanos:09}")
}
