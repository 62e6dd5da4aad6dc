//! Removes compression and a tar with a single member from around a disk. The disk goes to a file,
//! since ingest reads a disk in many places at once, and a qcow2 in any order.

use std::fs::File;
use std::io::Read;

use super::LEN_MAX;
use crate::Refusal;
use crate::error::StoreError;
use crate::ingest::recognise::Wrapping;
use crate::ingest::tar::{compression, only_member};

/// Bytes of a piece; all-zero pieces become holes.
const PIECE_LEN: usize = 64 << 10;

/// Writes a source's disk to an empty file, with holes for zeros. Returns false if the source is a
/// tar with more members, which is then a tree.
///
/// # Errors
/// [`StoreError::Refused`] for a source that is damaged or cut off, and for a disk longer than
/// [`LEN_MAX`]; errors of reading and of writing, such as a full disk.
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

/// Fills a buffer, or as much of it as the source still has.
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

/// A file in which all-zero pieces stay holes.
pub(in crate::ingest) struct SparseFile<'a> {
    file: &'a File,
}

impl SparseFile<'_> {
    /// Writes a piece at its offset, unless it is all zeros.
    pub(in crate::ingest) fn write(&mut self, piece: &[u8], at: u64) -> Result<(), StoreError> {
        let end = at.saturating_add(piece.len() as u64);
        if end > LEN_MAX {
            return Err(too_long(end));
        }
        if piece.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let failed = StoreError::tree("write", b"the disk, without what was around it,");
        sysio::file::write_all_at(self.file, piece, at).map_err(failed)
    }

    /// Sets the file's length, since holes at the end have not.
    pub(in crate::ingest) fn finish(&self, len: u64) -> Result<(), StoreError> {
        if len > LEN_MAX {
            return Err(too_long(len));
        }
        let failed = StoreError::tree("write", b"the disk, without what was around it,");
        self.file.set_len(len).map_err(failed)
    }
}

fn too_long(len: u64) -> StoreError {
    Refusal::DiskTooLong { len, max_gib: LEN_MAX >> 30 }.into()
}
