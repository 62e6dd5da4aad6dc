//! Reads a sealed pack.

use std::fs::File;
use std::io;
use std::sync::Arc;

use sysio::Dir;
use wire::digest::Algorithm;

use super::PackId;
use super::footer::{Entry, HEADER_LEN, TRAILER_LEN, decode_footer, decode_header, decode_trailer};

/// An open pack; it stays readable after its file is removed.
#[derive(Debug)]
pub struct PackFile {
    file: Arc<File>,
}

impl PackFile {
    /// Opens a pack by its id in the folder of packs.
    ///
    /// # Errors
    /// Errors of opening the file.
    pub fn open(folder: &Dir, id: PackId) -> io::Result<Self> {
        Ok(Self::from_file(folder.open_file(id.file_name().as_bytes())?))
    }

    /// Wraps an open file of a pack that was just sealed, or is still being written.
    pub fn from_file(file: File) -> Self {
        Self { file: Arc::new(file) }
    }

    /// Returns the pack's file, for callers that read payloads themselves.
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Reads an object's payload. The caller must check the checksums of its frames.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn payload(&self, entry_offset: u64, payload_len: u32) -> io::Result<Vec<u8>> {
        let mut payload = Vec::new();
        self.payload_into(entry_offset, payload_len, &mut payload)?;
        Ok(payload)
    }

    /// Reads an object's payload as [`PackFile::payload`] does, into a buffer that the caller
    /// reuses.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn payload_into(
        &self,
        entry_offset: u64,
        payload_len: u32,
        payload: &mut Vec<u8>,
    ) -> io::Result<()> {
        payload.resize(payload_len as usize, 0);
        sysio::file::read_exact_at(&self.file, payload, entry_offset)
    }

    /// Reads and checks header, trailer and footer, and returns the pack's objects.
    ///
    /// # Errors
    /// The outer error is one of reading; the inner one is the problem with the pack, in words.
    pub fn entries(&self, algorithm: Algorithm) -> io::Result<Result<Vec<Entry>, String>> {
        let file_len = sysio::dir::stat_fd(std::os::fd::AsFd::as_fd(&*self.file))?.size;
        if file_len < (HEADER_LEN + TRAILER_LEN) as u64 {
            return Ok(Err(format!("the file is truncated to {file_len} bytes")));
        }
        let mut header = [0; HEADER_LEN];
        sysio::file::read_exact_at(&self.file, &mut header, 0)?;
        let mut trailer = [0; TRAILER_LEN];
        sysio::file::read_exact_at(&self.file, &mut trailer, file_len - TRAILER_LEN as u64)?;
        let place = match decode_header(&header) {
            Ok(found) if found == algorithm => decode_trailer(&trailer, file_len, algorithm),
            Ok(found) => Err(format!("its digests are {found}, the store's are {algorithm}")),
            Err(problem) => Err(problem),
        };
        let (offset, len, crc) = match place {
            Ok(place) => place,
            Err(problem) => return Ok(Err(problem)),
        };
        let mut footer = vec![0; len];
        sysio::file::read_exact_at(&self.file, &mut footer, offset)?;
        Ok(decode_footer(&footer, crc, offset, algorithm))
    }
}
