//! Ingests a disk: makes an object of each block of 512 KiB that is not all zeros, and then offers
//! the map of all blocks to the sink.

pub mod qcow2;
pub mod unwrap;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};
use wire::digest::{Algorithm, Digest};
use wire::units::{FRAME_LEN_MAX, SNAPSHOT_BLOCK_LEN};

use super::sink::{Sink, SinkObject};
use super::{Progress, offer_pieces};
use crate::Refusal;
use crate::codec::Encoder;
pub use crate::disk::{Disk, LEN_MAX, MAP_LEN_MAX, PaddedDisk, push_blocks};
use crate::error::StoreError;

const BLOCK_LEN: usize = SNAPSHOT_BLOCK_LEN as usize;

/// Ingests a disk; returns its block map and the map's digest, which names the image.
///
/// # Errors
/// [`StoreError::Refused`] if the disk is empty or longer than [`LEN_MAX`], or if the algorithm is
/// not SHA-256, because EBS names blocks by SHA-256; errors of reading and of the sink.
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
        hashes[index.position()] = hash;
    }
    BlockMap::of_len(hashes, len).ok_or_else(too_large)
}

/// Hashes the given blocks on all processors, and offers each block that is not all zeros. Returns
/// the hashes in no particular order.
///
/// # Errors
/// Errors of reading and of the sink.
pub fn hash_blocks(
    what: &str,
    disk: &dyn Disk,
    blocks: &[BlockIndex],
    progress: &Progress,
    sink: &dyn Sink,
) -> Result<Vec<(BlockIndex, BlockHash)>, StoreError> {
    let failed = || StoreError::tree("read", what.as_bytes());
    let len = disk.size().map_err(failed())?;
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || -> Result<Vec<(BlockIndex, BlockHash)>, StoreError> {
        let mut encoder = Encoder::new()?;
        let mut content = Vec::new();
        let mut found = Vec::new();
        while let Some(index) = blocks.get(next.fetch_add(1, Ordering::Relaxed)).copied()
            && !is_over.load(Ordering::Relaxed)
        {
            let at = index.offset();
            let filled = BLOCK_LEN.min(len.saturating_sub(at) as usize);
            content.clear();
            content.resize(BLOCK_LEN, 0);
            disk.read_exact_at(&mut content[..filled], at).map_err(failed())?;
            let digest = Algorithm::Sha256.digest(&content);
            progress.bytes.fetch_add(filled as u64, Ordering::Relaxed);
            let hash = BlockHash::try_from(digest.hash()).unwrap_or(ZEROS);
            if hash != ZEROS {
                sink.offer(SinkObject::Data { digest, content: &mut content }, &mut encoder)?;
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
