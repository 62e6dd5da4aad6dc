//! Unpacks a disk from compression, from a tar with a single member, or from both. The disk goes to
//! a file, since ingest reads a disk in many places at once, and a qcow2 in any order.

use std::fs::File;
use std::io::Read;

use crate::Refusal;
use crate::error::StoreError;
use crate::ingest::compression;
use crate::ingest::recognise::Wrapping;
use crate::ingest::sparse_file::SparseFile;
use crate::ingest::tar::only_member;

/// Length of the pieces that are written, in bytes; all-zero pieces become holes.
const PIECE_LEN: usize = 64 << 10;

/// Writes a source's disk to an empty file, with holes for zeros. Returns false if the source is a
/// tar with several members, which must be read as a tree.
///
/// # Errors
/// [`StoreError::Refused`] for a source that is damaged or cut off, and for a disk longer than
/// [`LEN_MAX`](super::LEN_MAX); errors of reading and of writing, such as a full disk.
pub fn unwrap(source: impl Read, around: Wrapping, target: &File) -> Result<bool, StoreError> {
    let mut source: Box<dyn Read + '_> = match around.compression {
        Some(with) => compression::decoder(with, source).map_err(|error| failed(&error))?,
        None => Box::new(source),
    };
    let mut target = SparseFile { file: target };
    if around.is_in_tar {
        return only_member(source, &mut target);
    }
    let (mut at, mut piece) = (0, vec![0; PIECE_LEN]);
    loop {
        let len = fill(&mut source, &mut piece)?;
        target.write(&piece[..len], at)?;
        at += len as u64;
        if len < PIECE_LEN {
            target.finish(at)?;
            return Ok(true);
        }
    }
}

fn failed(error: &std::io::Error) -> StoreError {
    Refusal::DiskFile(error.to_string()).into()
}

/// Fills a buffer from the source, and returns the number of bytes read. That is less than the
/// buffer's length only at the source's end.
fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, StoreError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(len) => filled += len,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(filled)
}
