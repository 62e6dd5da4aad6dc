//! Reads a tar whose only file is a disk, the form in which clouds import disks (`disk.raw` in a
//! `tar.gz`). The folder's own entry, which `tar -C FOLDER -c .` writes before the file, is
//! skipped.

use std::io::Read;

use tar::Header;
use wire::manifest::tree::data_extents;

use super::member::{self, Kind, Member, Members};
use super::sparse::Data;
use super::stream::{BLOCK_LEN, Stream};
use crate::error::StoreError;
use crate::ingest::sparse_file::SparseFile;

/// Bytes of a member's content that are examined: an ISO 9660 has its signature at 32 KiB.
const CONTENT_LEN: u64 = 36 << 10;

/// Number of bytes that are copied at once.
const PIECE_LEN: u64 = 256 << 10;

/// Returns whether a block is a tar header, including headers older than the "ustar" signature.
pub(in super::super) fn is_header(block: &[u8; BLOCK_LEN]) -> bool {
    let header = Header::from_byte_slice(block);
    // A header begins with a name, not a NUL. Other content almost never has a checksum that matches.
    block[0] != 0 && member::check_sum(block, header).is_ok()
}

/// Returns the name of a tar's first file and the beginning of its content, if `head` holds both.
pub(in super::super) fn first_file(head: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut stream = Stream::new(head);
    let member = behind_root(&mut Members::default(), &mut stream).ok()??;
    let (mut data, extents) = data(&member).ok()??;
    // A disk whose first sector is a hole has no boot record.
    let len = extents.first().filter(|(offset, _)| *offset == 0).map_or(0, |(_, len)| *len);
    let mut content = vec![0; len.min(CONTENT_LEN) as usize];
    data.read(&mut stream, &mut content).ok()?;
    Some((member.path, content))
}

/// Returns the first member; skips the entry of the packed folder itself.
fn behind_root<R: Read>(
    members: &mut Members,
    stream: &mut Stream<R>,
) -> Result<Option<Member>, StoreError> {
    let first = members.next(stream)?;
    match first {
        Some(Member { kind: Kind::Directory, ref path, .. }) if is_root(path) => {
            stream.skip_content()?;
            members.next(stream)
        }
        first => Ok(first),
    }
}

fn is_root(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').all(|part| matches!(part, b"" | b"."))
}

/// Copies a tar's first file to `target`, and returns whether it is the only one.
pub(in super::super) fn only_member(
    source: impl Read,
    target: &mut SparseFile<'_>,
) -> Result<bool, StoreError> {
    let mut stream = Stream::new(source);
    let mut members = Members::default();
    let Some(member) = behind_root(&mut members, &mut stream)? else { return Ok(false) };
    let Some((mut data, extents)) = data(&member)? else { return Ok(false) };
    let Kind::Regular { size, .. } = &member.kind else { return Ok(false) };
    let mut piece = Vec::new();
    for (mut at, mut left) in extents {
        while left > 0 {
            piece.resize(left.min(PIECE_LEN) as usize, 0);
            data.read(&mut stream, &mut piece)?;
            target.write(&piece, at)?;
            (at, left) = (at + piece.len() as u64, left - piece.len() as u64);
        }
    }
    stream.skip_content()?;
    if members.next(&mut stream)?.is_some() {
        return Ok(false);
    }
    stream.drain()?;
    target.finish(*size)?;
    Ok(true)
}

/// A regular file's data, and the offset and length of each extent outside of holes, in bytes.
type DataAndHoles = (Data, Vec<(u64, u64)>);

fn data(member: &Member) -> Result<Option<DataAndHoles>, StoreError> {
    let Kind::Regular { size, map } = &member.kind else { return Ok(None) };
    let data = Data::new(*size, map).map_err(|problem| member.refuse(&problem))?;
    let extents = data_extents(*size, data.holes());
    Ok(Some((data, extents)))
}
