//! A disk as bytes: what ingest, partition tables and block maps read.

use std::fs::File;
use std::io::{self, Seek};
use std::os::unix::fs::FileExt;

use wire::units::SNAPSHOT_BLOCK_LEN;

/// Length of a sector in bytes.
pub const SECTOR_LEN: u64 = 512;

/// Limit on the length of a disk image, in bytes: the map of such a disk has 32 MiB, which fits one
/// message.
pub const LEN_MAX: u64 = 512 << 30;

/// Longest block map of a disk image, in bytes.
pub const MAP_LEN_MAX: u64 = wire::blockmap::encoded_len(LEN_MAX / SNAPSHOT_BLOCK_LEN);

/// A disk's content; several threads read it at once.
pub trait Disk: Sync {
    /// Returns the length in bytes.
    ///
    /// # Errors
    /// Errors of querying the file.
    fn size(&self) -> io::Result<u64>;

    /// Returns the indexes of 512 KiB blocks that may hold nonzero bytes, ascending.
    ///
    /// # Errors
    /// Errors of reading.
    fn data_blocks(&self) -> io::Result<Vec<u32>>;

    /// Fills a buffer with the bytes at an offset.
    ///
    /// # Errors
    /// Errors of reading; an error also if the buffer reaches beyond the disk's end.
    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()>;
}

/// A raw disk: a block device, or a file whose holes are not read.
impl Disk for File {
    fn size(&self) -> io::Result<u64> {
        // A device's metadata has no length, so seek to its end.
        let mut file = self;
        file.seek(io::SeekFrom::End(0))
    }

    fn data_blocks(&self) -> io::Result<Vec<u32>> {
        let len = Disk::size(self)?;
        let holes = sysio::file::holes(self, len)?;
        let mut blocks: Vec<u32> = Vec::new();
        let mut begin = 0;
        for (hole, after) in holes.into_iter().map(|(at, len)| (at, at + len)).chain([(len, len)]) {
            let first = (begin / SNAPSHOT_BLOCK_LEN) as u32;
            let last = hole.div_ceil(SNAPSHOT_BLOCK_LEN) as u32;
            if hole > begin {
                let next = blocks.last().map_or(first, |last| first.max(last + 1));
                blocks.extend(next..last);
            }
            begin = after;
        }
        Ok(blocks)
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        FileExt::read_exact_at(self, bytes, offset)
    }
}

/// A disk in memory; all its blocks count as data.
impl Disk for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn data_blocks(&self) -> io::Result<Vec<u32>> {
        Ok((0..self.len().div_ceil(SNAPSHOT_BLOCK_LEN as usize) as u32).collect())
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let begin = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = begin.saturating_add(bytes.len());
        bytes.copy_from_slice(self.get(begin..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// A disk extended with zeros to whole sectors.
#[derive(Debug)]
pub struct Padded<D>(pub D);

impl<D: Disk> Disk for Padded<D> {
    fn size(&self) -> io::Result<u64> {
        let len = self.0.size()?;
        len.checked_next_multiple_of(SECTOR_LEN).ok_or_else(|| io::ErrorKind::FileTooLarge.into())
    }

    fn data_blocks(&self) -> io::Result<Vec<u32>> {
        self.0.data_blocks()
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let inside = self.0.size()?.saturating_sub(offset).min(bytes.len() as u64) as usize;
        let (content, zeros) = bytes.split_at_mut(inside);
        if !content.is_empty() {
            self.0.read_exact_at(content, offset)?;
        }
        zeros.fill(0);
        Ok(())
    }
}
