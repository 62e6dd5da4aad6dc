//! Ingest of a disk: blocks of 512 KiB, each an object unless all zeros, and their map.

pub mod qcow2;
pub mod unwrap;

use std::fs::File;
use std::io::{self, Seek};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use wire::blockmap::{BlockHash, BlockMap, ZEROS};
use wire::digest::{Algorithm, Digest};
use wire::units::{FRAME_LEN_MAX, SNAPSHOT_BLOCK_LEN};

use super::sink::{Offered, Sink};
use super::{Progress, offer_pieces};
use crate::Refusal;
use crate::codec::Encoder;
use crate::error::StoreError;

/// Longest disk that can become an image, in bytes: its map has 32 MiB, which fits one message.
pub const LEN_MAX: u64 = 512 << 30;

/// Longest block map of a disk image, in bytes.
pub const MAP_LEN_MAX: u64 = wire::blockmap::encoded_len(LEN_MAX / SNAPSHOT_BLOCK_LEN);

const BLOCK_LEN: usize = SNAPSHOT_BLOCK_LEN as usize;

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
        Ok((0..self.len().div_ceil(BLOCK_LEN) as u32).collect())
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

/// Bytes of a sector; EC2's disks have no others.
const SECTOR_LEN: u64 = crate::partitions::SECTOR_LEN;

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

/// Ingests a disk; returns its block map and the map's digest, which names the image.
///
/// # Errors
/// [`StoreError::Refused`] for an empty disk, for one longer than [`LEN_MAX`], and for an algorithm
/// other than SHA-256, by which EBS names blocks; errors of reading and of the sink.
pub fn ingest_disk(
    what: &str,
    disk: &dyn Disk,
    algorithm: Algorithm,
    progress: &Progress,
    sink: &dyn Sink,
) -> Result<(BlockMap, Digest), StoreError> {
    if algorithm != Algorithm::Sha256 {
        return Err(Refusal::DiskAlgorithm.into());
    }
    let len = disk.size().map_err(StoreError::tree("read", what.as_bytes()))?;
    if len == 0 || len > LEN_MAX {
        return Err(Refusal::DiskLength { len, max_gib: LEN_MAX >> 30 }.into());
    }
    let map = hash_disk(what, disk, progress, sink)?;
    let bytes = map.encode();
    let digest = algorithm.digest(&bytes);
    let whole = 0..bytes.len();
    let pieces = whole.clone().step_by(FRAME_LEN_MAX);
    let pieces = pieces.map(|begin| begin..whole.end.min(begin + FRAME_LEN_MAX)).collect();
    offer_pieces(&bytes, pieces, digest, sink)?;
    sink.finish()?;
    Ok((map, digest))
}

/// Hashes all blocks of a disk on all processors, and offers each block that is not all zeros.
///
/// # Errors
/// Errors of reading and of the sink.
pub fn hash_disk(
    what: &str,
    disk: &dyn Disk,
    progress: &Progress,
    sink: &dyn Sink,
) -> Result<BlockMap, StoreError> {
    let failed = || StoreError::tree("read", what.as_bytes());
    let len = disk.size().map_err(failed())?;
    let data = disk.data_blocks().map_err(failed())?;
    let count = usize::try_from(len.div_ceil(SNAPSHOT_BLOCK_LEN)).unwrap_or(usize::MAX);
    let too_large = || StoreError::from(Refusal::DiskLargerThanVolume(what.to_owned()));
    if count > wire::blockmap::BLOCKS_MAX {
        return Err(too_large());
    }
    let mut hashes = vec![ZEROS; count];
    for (index, hash) in hash_blocks(what, disk, &data, progress, sink)? {
        hashes[index as usize] = hash;
    }
    BlockMap::of_len(hashes, len).ok_or_else(too_large)
}

/// Hashes the given blocks on all processors, and offers each that is not all zeros; returns them
/// in no order.
///
/// # Errors
/// Errors of reading and of the sink.
pub fn hash_blocks(
    what: &str,
    disk: &dyn Disk,
    blocks: &[u32],
    progress: &Progress,
    sink: &dyn Sink,
) -> Result<Vec<(u32, BlockHash)>, StoreError> {
    let failed = || StoreError::tree("read", what.as_bytes());
    let len = disk.size().map_err(failed())?;
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || -> Result<Vec<(u32, BlockHash)>, StoreError> {
        let mut encoder = Encoder::new()?;
        let mut content = Vec::new();
        let mut found = Vec::new();
        while let Some(index) = blocks.get(next.fetch_add(1, Ordering::Relaxed)).copied()
            && !is_over.load(Ordering::Relaxed)
        {
            let at = u64::from(index) * SNAPSHOT_BLOCK_LEN;
            let filled = BLOCK_LEN.min(len.saturating_sub(at) as usize);
            content.clear();
            content.resize(BLOCK_LEN, 0);
            disk.read_exact_at(&mut content[..filled], at).map_err(failed())?;
            let digest = Algorithm::Sha256.digest(&content);
            progress.bytes.fetch_add(filled as u64, Ordering::Relaxed);
            let hash = BlockHash::try_from(digest.hash()).unwrap_or(ZEROS);
            if hash != ZEROS {
                sink.offer(Offered::Data { digest, content: &mut content }, &mut encoder)?;
            }
            found.push((index, hash));
        }
        Ok(found)
    };
    // A failed thread stops the others.
    let work = || work().inspect_err(|_| is_over.store(true, Ordering::Relaxed));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let found = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let ended = |_| Err(StoreError::Stopped("a thread that hashes has ended"));
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(ended)).collect::<Vec<_>>()
    });
    let mut all = Vec::with_capacity(blocks.len());
    for part in found {
        all.extend(part?);
    }
    Ok(all)
}
