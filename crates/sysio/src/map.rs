//! Our own sealed files, mapped into memory.

#![allow(unsafe_code, reason = "memory maps")]

use std::fs::File;
use std::io;
use std::ops::Deref;

/// A sealed file, mapped read-only.
///
/// Map only files that we published and never change or truncate afterwards, such as index tables of a store. Never map
/// a file on a volume, nor a file that a user may write to.
#[derive(Debug)]
pub struct SealedMap {
    map: memmap2::Mmap,
}

impl SealedMap {
    /// Maps a whole file; the mapping stays valid after `file` is closed.
    ///
    /// # Errors
    /// As `mmap(2)`.
    pub fn open(file: &File) -> io::Result<Self> {
        // JUSTIFICATION: a lookup reads a few places of a store-wide index of millions of records. Reading the index
        // into memory at each start would take seconds, and memory for the whole index.
        // SAFETY: the bytes must not change while they are borrowed. Index files are created unnamed, written once,
        // linked read-only into a folder of mode 0700, and afterwards at most unlinked, which leaves the mapping
        // intact.
        let map = unsafe { memmap2::Mmap::map(file) }?;
        map.advise(memmap2::Advice::Random)?;
        Ok(Self { map })
    }
}

impl Deref for SealedMap {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}
