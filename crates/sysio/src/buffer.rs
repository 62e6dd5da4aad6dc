//! Buffers of one length, and the reads and writes that use them. Plain calls and rings share both.

use std::fs::File;
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use memmap2::MmapMut;

/// Maximum length of a piece in bytes. The longest frame of the store has this length, and EBS counts at most this many
/// bytes as one I/O operation.
pub const PIECE_LEN: usize = 256 * 1024;

/// A page-aligned buffer of [`PIECE_LEN`] bytes.
#[derive(Debug)]
pub struct Buffer {
    pub(crate) map: MmapMut,
    /// Index of the buffer among the registered buffers of its ring; 0 without a ring.
    pub(crate) index: usize,
}

impl Buffer {
    pub(crate) fn new(index: usize) -> io::Result<Self> {
        Ok(Self { map: MmapMut::map_anon(PIECE_LEN)?, index })
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.map
    }
}

/// A read or write of `len` bytes of a file, from `offset` on.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) file: Arc<File>,
    pub(crate) offset: u64,
    pub(crate) len: usize,
}
