//! The disk to publish: its block map, and its blocks, each read once for many targets.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard};
use sha2::{Digest, Sha256};
use store::Store;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};
use wire::digest::Algorithm;
use wire::units::SNAPSHOT_BLOCK_LEN;

const BLOCK_LEN: usize = SNAPSHOT_BLOCK_LEN as usize;

/// Limit on blocks in memory: 256 × 512 KiB = 128 MiB, however many targets there are.
const BLOCKS_MAX: usize = 256;

/// Number of blocks kept for targets that need them a little later than others: a quarter of [`BLOCKS_MAX`].
const RECENT_MAX: usize = 64;

/// Storage of a disk's bytes.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// A sparse file with the blocks to put, each at its offset in the disk.
    File(Arc<File>),
    /// A temporary store with the blocks to put, each an object named by its SHA-256.
    Objects(Arc<Store>),
    /// No storage: all targets have their blocks already.
    Gone,
}

/// A disk that does not change while it is published.
#[derive(Debug)]
pub(crate) struct PublishedDisk {
    content: Content,
    map: BlockMap,
    zeros: Bytes,
    places: Arc<Semaphore>,
    shared: Mutex<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    live: HashMap<BlockIndex, Weak<Block>>,
    recent: VecDeque<Arc<Block>>,
}

/// A block that is in memory or being read.
#[derive(Debug)]
struct Block {
    bytes: OnceCell<Bytes>,
    _place: OwnedSemaphorePermit,
}

/// A block's bytes. While a target holds them, the block stays in memory for others.
#[derive(Debug)]
pub(crate) struct BlockBytes {
    /// Always 512 KiB.
    pub bytes: Bytes,
    _block: Option<Arc<Block>>,
}

impl PublishedDisk {
    pub(crate) fn new(map: BlockMap, content: Content) -> Self {
        Self {
            content,
            map,
            zeros: Bytes::from(vec![0; BLOCK_LEN]),
            places: Arc::new(Semaphore::new(BLOCKS_MAX)),
            shared: Mutex::default(),
        }
    }

    pub(crate) fn map(&self) -> &BlockMap {
        &self.map
    }

    /// Returns a block. Concurrent callers share one read; zero blocks are not read at all.
    ///
    /// # Errors
    /// Reading failed, or the block no longer has the hash of the block map.
    pub(crate) async fn block(&self, index: BlockIndex) -> io::Result<BlockBytes> {
        let hash = self.map.hash(index).copied().unwrap_or(ZEROS);
        if hash == ZEROS {
            return Ok(BlockBytes { bytes: self.zeros.clone(), _block: None });
        }
        let block = match self.live(index) {
            Some(block) => block,
            None => {
                let place = Arc::clone(&self.places).acquire_owned().await;
                self.begin(index, place.map_err(io::Error::other)?)
            }
        };
        let content = self.content.clone();
        let read = || async move {
            let read = tokio::task::spawn_blocking(move || content.read(index, &hash));
            read.await.map_err(io::Error::other)?
        };
        let bytes = block.bytes.get_or_try_init(read).await?.clone();
        Ok(BlockBytes { bytes, _block: Some(block) })
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock()
    }

    fn live(&self, index: BlockIndex) -> Option<Arc<Block>> {
        self.shared().live.get(&index).and_then(Weak::upgrade)
    }

    /// Registers a block for reading, unless another caller has done so meanwhile.
    fn begin(&self, index: BlockIndex, place: OwnedSemaphorePermit) -> Arc<Block> {
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

impl Content {
    /// Reads a block, and refuses bytes that changed since the block map was made.
    fn read(&self, index: BlockIndex, hash: &BlockHash) -> io::Result<Bytes> {
        let bytes = match self {
            Self::File(file) => {
                let mut bytes = vec![0; BLOCK_LEN];
                let at = index.offset();
                let mut filled = 0;
                // The file may end within the last block: the rest is zeros.
                while filled < BLOCK_LEN {
                    match file.read_at(&mut bytes[filled..], at + filled as u64)? {
                        0 => break,
                        len => filled += len,
                    }
                }
                bytes
            }
            Self::Objects(store) => {
                let digest = wire::digest::Digest::new(Algorithm::Sha256, hash);
                let digest = digest.map_err(io::Error::other)?;
                store.load_content(&digest, SNAPSHOT_BLOCK_LEN).map_err(io::Error::other)?
            }
            Self::Gone => {
                return Err(io::Error::other(
                    "the disk's bytes were not prepared, since no target needed any",
                ));
            }
        };
        if <BlockHash>::from(Sha256::digest(&bytes)) != *hash {
            let what = format!("block {index} of the disk changed while it was published");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use store::ingest::disk::hash_disk;
    use store::ingest::{HashOnly, Progress};

    use super::*;

    fn source(file: File) -> PublishedDisk {
        let map = hash_disk("disk", &file, &Progress::default(), &HashOnly).unwrap();
        PublishedDisk::new(map, Content::File(Arc::new(file)))
    }

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
        let source = source(disk());
        let hashes = source.map().hashes();
        assert_eq!(hashes.len(), 6);
        let zeros: Vec<bool> = hashes.iter().map(|hash| *hash == ZEROS).collect();
        assert_eq!(zeros, [false, true, false, true, true, false]);
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            for index in 0..6 {
                let block = source.block(BlockIndex(index)).await.unwrap().bytes;
                assert_eq!(<BlockHash>::from(Sha256::digest(&block)), hashes[index as usize]);
            }
        });
    }

    #[test]
    fn a_disk_that_changes_is_noticed() {
        let file = disk();
        let writer = file.try_clone().unwrap();
        let source = source(file);
        writer.write_all_at(b"y", 0).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let read = runtime.block_on(source.block(BlockIndex(0)));
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn many_read_with_few_in_memory() {
        let file = tempfile::tempfile().unwrap();
        for index in 0..400_u64 {
            file.write_all_at(&index.to_le_bytes(), index * SNAPSHOT_BLOCK_LEN + 9).unwrap();
        }
        let source = Arc::new(source(file));
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let read = |begin: u32| {
                let source = Arc::clone(&source);
                tokio::spawn(async move {
                    for index in (0..400).map(|n| (n + begin) % 400) {
                        source.block(BlockIndex(index)).await.unwrap();
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
