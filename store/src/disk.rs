//! A disk as a sequence of bytes, for ingest, partition tables and block maps.

use std::fs::File;
use std::io::{self, Seek};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use wire::blockmap::BlockIndex;
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
    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>>;

    /// Fills a buffer with the bytes at an offset.
    ///
    /// # Errors
    /// Errors of reading; an error also if the buffer reaches beyond the disk's end.
    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()>;
}

/// Appends the indexes of all blocks that overlap a range of bytes. Skips blocks up to the last one
/// that is in `blocks` already.
pub fn push_blocks(blocks: &mut Vec<BlockIndex>, bytes: Range<u64>) {
    if bytes.is_empty() {
        return;
    }
    let first = BlockIndex::at(bytes.start);
    let next = blocks.last().map_or(first, |last| first.max(BlockIndex(last.0 + 1)));
    blocks.extend((next.0..=BlockIndex::at(bytes.end - 1).0).map(BlockIndex));
}

/// A raw disk: a block device, or a file whose holes are not read.
impl Disk for File {
    fn size(&self) -> io::Result<u64> {
        // A device's metadata has no length, so seek to its end.
        let mut file = self;
        file.seek(io::SeekFrom::End(0))
    }

    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>> {
        let len = Disk::size(self)?;
        let holes = sysio::file::holes(self, len)?;
        let mut blocks = Vec::new();
        let mut begin = 0;
        for (hole, after) in holes.into_iter().map(|(at, len)| (at, at + len)).chain([(len, len)]) {
            push_blocks(&mut blocks, begin..hole);
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

    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>> {
        let mut blocks = Vec::new();
        push_blocks(&mut blocks, 0..self.len() as u64);
        Ok(blocks)
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
pub struct PaddedDisk<D>(pub D);

impl<D: Disk> Disk for PaddedDisk<D> {
    fn size(&self) -> io::Result<u64> {
        let len = self.0.size()?;
        len.checked_next_multiple_of(SECTOR_LEN).ok_or_else(|| io::ErrorKind::FileTooLarge.into())
    }

    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>> {
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
