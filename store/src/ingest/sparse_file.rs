//! The file into which a disk is unpacked.

use std::fs::File;

use crate::Refusal;
use crate::disk::LEN_MAX;
use crate::error::StoreError;

/// A file in which all-zero pieces stay holes.
pub(super) struct SparseFile<'a> {
    pub(super) file: &'a File,
}

impl SparseFile<'_> {
    /// Writes a piece at its offset, unless it is all zeros.
    pub(super) fn write(&mut self, piece: &[u8], at: u64) -> Result<(), StoreError> {
        let end = at.saturating_add(piece.len() as u64);
        if end > LEN_MAX {
            return Err(too_long(end));
        }
        if piece.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let failed = StoreError::tree("write", b"the unpacked disk");
        sysio::file::write_all_at(self.file, piece, at).map_err(failed)
    }

    /// Sets the file's length: holes at the end are not written, and so do not extend the file.
    pub(super) fn finish(&self, len: u64) -> Result<(), StoreError> {
        if len > LEN_MAX {
            return Err(too_long(len));
        }
        let failed = StoreError::tree("write", b"the unpacked disk");
        self.file.set_len(len).map_err(failed)
    }
}

fn too_long(len: u64) -> StoreError {
    Refusal::DiskTooLong { len, max_gib: LEN_MAX >> 30 }.into()
}
