//! The disk: its block map, and blocks that many targets put at once.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use wire::blockmap::{BlockHash, BlockMap, ZEROS};
use wire::units::SNAPSHOT_BLOCK_LEN;

const BLOCK_LEN: usize = SNAPSHOT_BLOCK_LEN as usize;

/// Blocks in memory at most: 256 × 512 KiB = 128 MiB, however many targets there are.
const BLOCKS_MAX: usize = 256;

/// Blocks that stay for targets that come to them a little later: a quarter of those.
const RECENT_MAX: usize = 64;

/// A disk that does not change.
#[derive(Debug)]
pub struct Source {
    file: Arc<File>,
    map: BlockMap,
    zeros: Bytes,
    places: Arc<Semaphore>,
    shared: Mutex<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    live: HashMap<u32, Weak<Block>>,
    recent: VecDeque<Arc<Block>>,
}

/// A block that is, or is being, read.
#[derive(Debug)]
struct Block {
    bytes: OnceCell<Bytes>,
    _place: OwnedSemaphorePermit,
}

/// A block's bytes. While it is held, the block stays in memory for others.
#[derive(Debug)]
pub struct Held {
    /// The bytes.
    pub bytes: Bytes,
    _block: Option<Arc<Block>>,
}

impl Source {
    /// Takes a disk's file, and hashes it on all processors.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn new(file: File, progress: &(dyn Fn(u64, u64) + Sync)) -> std::io::Result<Self> {
        let map = map_of(&file, progress)?;
        Ok(Self {
            file: Arc::new(file),
            map,
            zeros: Bytes::from(vec![0; BLOCK_LEN]),
            places: Arc::new(Semaphore::new(BLOCKS_MAX)),
            shared: Mutex::default(),
        })
    }

    /// What the disk holds.
    pub fn map(&self) -> &BlockMap {
        &self.map
    }

    /// Reads a block, once for all who want it at about the same time.
    ///
    /// # Errors
    /// Errors of reading; a block that is no longer what it was.
    pub async fn block(&self, index: u32) -> std::io::Result<Held> {
        let hash = self.map.hashes().get(index as usize).copied().unwrap_or(ZEROS);
        if hash == ZEROS {
            return Ok(Held { bytes: self.zeros.clone(), _block: None });
        }
        let block = match self.live(index) {
            Some(block) => block,
            None => {
                let place = Arc::clone(&self.places).acquire_owned().await;
                self.begin(index, place.map_err(std::io::Error::other)?)
            }
        };
        let file = Arc::clone(&self.file);
        let read = || async move {
            let read = tokio::task::spawn_blocking(move || read(&file, index, &hash));
            read.await.map_err(std::io::Error::other)?
        };
        let bytes = block.bytes.get_or_try_init(read).await?.clone();
        Ok(Held { bytes, _block: Some(block) })
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self, index: u32) -> Option<Arc<Block>> {
        self.shared().live.get(&index).and_then(Weak::upgrade)
    }

    /// Makes a place for a block, unless somebody did meanwhile.
    fn begin(&self, index: u32, place: OwnedSemaphorePermit) -> Arc<Block> {
        let mut shared = self.shared();
        if let Some(block) = shared.live.get(&index).and_then(Weak::upgrade) {
            return block;
        }
        let block = Arc::new(Block { bytes: OnceCell::new(), _place: place });
        shared.live.insert(index, Arc::downgrade(&block));
        shared.recent.push_back(Arc::clone(&block));
        if shared.recent.len() > RECENT_MAX {
            shared.recent.pop_front();
            shared.live.retain(|_, block| block.strong_count() > 0);
        }
        block
    }
}

fn read(file: &File, index: u32, hash: &BlockHash) -> std::io::Result<Bytes> {
    let mut bytes = vec![0; BLOCK_LEN];
    let mut filled = 0;
    // The last block may end with the file: what follows is zeros.
    while filled < BLOCK_LEN {
        let at = u64::from(index) * SNAPSHOT_BLOCK_LEN + filled as u64;
        match file.read_at(&mut bytes[filled..], at)? {
            0 => break,
            len => filled += len,
        }
    }
    if <BlockHash>::from(Sha256::digest(&bytes)) != *hash {
        let what = format!("block {index} of the disk changed while it was published");
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, what));
    }
    Ok(bytes.into())
}

/// Hashes a disk by block; holes are zeros without being read.
fn map_of(file: &File, progress: &(dyn Fn(u64, u64) + Sync)) -> std::io::Result<BlockMap> {
    let size = file.metadata()?.len();
    let count = usize::try_from(size.div_ceil(SNAPSHOT_BLOCK_LEN)).unwrap_or(usize::MAX);
    let data = data_blocks(file, size)?;
    let mut hashes = vec![ZEROS; count];
    let workers = std::thread::available_parallelism().map_or(1, usize::from).max(1);
    let done = std::sync::atomic::AtomicU64::new(0);
    let (data, done_by_all) = (&data, &done);
    let work = |worker: usize| -> std::io::Result<Vec<(u32, BlockHash)>> {
        let mut bytes = vec![0; BLOCK_LEN];
        let mut found = Vec::new();
        for index in data.iter().skip(worker).step_by(workers) {
            let at = u64::from(*index) * SNAPSHOT_BLOCK_LEN;
            let len = BLOCK_LEN.min((size - at) as usize);
            bytes[len..].fill(0);
            file.read_exact_at(&mut bytes[..len], at)?;
            found.push((*index, Sha256::digest(&bytes).into()));
            let done = done_by_all.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            progress(done * SNAPSHOT_BLOCK_LEN, data.len() as u64 * SNAPSHOT_BLOCK_LEN);
        }
        Ok(found)
    };
    let found = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|n| scope.spawn(move || work(n))).collect();
        let joined = workers.into_iter().map(|worker| {
            worker.join().unwrap_or_else(|_| Err(std::io::Error::other("a worker ended")))
        });
        joined.collect::<std::io::Result<Vec<_>>>()
    })?;
    for (index, hash) in found.into_iter().flatten() {
        hashes[index as usize] = hash;
    }
    let too_large = || std::io::Error::other("the disk is larger than any volume");
    BlockMap::new(hashes).ok_or_else(too_large)
}

/// Blocks that hold any data, in order.
fn data_blocks(file: &File, size: u64) -> std::io::Result<Vec<u32>> {
    use rustix::fs::SeekFrom;
    let mut blocks: Vec<u32> = Vec::new();
    let mut at = 0;
    while at < size {
        let begin = match rustix::fs::seek(file, SeekFrom::Data(at)) {
            Ok(begin) => begin,
            Err(rustix::io::Errno::NXIO) => break,
            Err(error) => return Err(error.into()),
        };
        let end = rustix::fs::seek(file, SeekFrom::Hole(begin))?;
        let first = (begin / SNAPSHOT_BLOCK_LEN) as u32;
        let last = (end.div_ceil(SNAPSHOT_BLOCK_LEN)) as u32;
        let next = blocks.last().map_or(first, |last| first.max(last + 1));
        blocks.extend(next..last);
        at = end;
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn disk() -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![7; BLOCK_LEN]).unwrap();
        file.set_len(5 * SNAPSHOT_BLOCK_LEN).unwrap();
        file.write_all_at(b"end", 5 * SNAPSHOT_BLOCK_LEN + 10).unwrap();
        file.write_all_at(b"x", 3 * SNAPSHOT_BLOCK_LEN - 1).unwrap();
        file
    }

    #[test]
    fn holes_are_zeros_and_the_last_block_is_padded() {
        let source = Source::new(disk(), &|_, _| {}).unwrap();
        let hashes = source.map().hashes();
        assert_eq!(hashes.len(), 6);
        let zeros: Vec<bool> = hashes.iter().map(|hash| *hash == ZEROS).collect();
        assert_eq!(zeros, [false, true, false, true, true, false]);
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            for index in 0..6 {
                let block = source.block(index).await.unwrap().bytes;
                assert_eq!(<BlockHash>::from(Sha256::digest(&block)), hashes[index as usize]);
            }
        });
    }

    #[test]
    fn a_disk_that_changes_is_noticed() {
        let file = disk();
        let writer = file.try_clone().unwrap();
        let source = Source::new(file, &|_, _| {}).unwrap();
        writer.write_all_at(b"y", 0).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let read = runtime.block_on(source.block(0));
        assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    }

    #[test]
    fn many_read_with_few_in_memory() {
        let file = tempfile::tempfile().unwrap();
        for index in 0..400_u64 {
            file.write_all_at(&index.to_le_bytes(), index * SNAPSHOT_BLOCK_LEN + 9).unwrap();
        }
        let source = Arc::new(Source::new(file, &|_, _| {}).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let read = |begin: u32| {
                let source = Arc::clone(&source);
                tokio::spawn(async move {
                    for index in (0..400).map(|n| (n + begin) % 400) {
                        source.block(index).await.unwrap();
                    }
                })
            };
            for reader in [read(0), read(0), read(200), read(399)] {
                reader.await.unwrap();
            }
        });
        assert!(source.shared().live.len() <= RECENT_MAX + 4);
        assert!(source.places.available_permits() >= BLOCKS_MAX - RECENT_MAX);
    }
}
