//! What a disk holds, by block: the SHA-256 of each 512 KiB, as EBS snapshots are made of them.
//!
//! ```text
//! magic "IMPBMAP\0" · version u32 · compat u32 · ro_compat u32 · incompat u32 · count u32 · tail u32 ·
//! count × SHA-256 · SHA-256 of all before
//! ```
//!
//! Two maps say which blocks an incremental snapshot must hold. The map of a disk image is its manifest:
//! each block that is not zeros is an object under its hash. The document is `docs/formats/block-map.md`.

use sha2::{Digest as _, Sha256};

use crate::bytes::u32_at;
use crate::digest::{Algorithm, Digest};
use crate::units::SNAPSHOT_BLOCK_LEN;

/// A SHA-256.
pub type BlockHash = [u8; 32];

/// Blocks in a map at most: a volume of 64 TiB, the largest that EBS has.
pub const BLOCKS_MAX: usize = (64 << 40) / SNAPSHOT_BLOCK_LEN as usize;

/// The length of the encoding of a map of so many blocks.
pub const fn encoded_len(blocks: u64) -> u64 {
    HEADER_LEN as u64 + (blocks + 1) * HASH_LEN as u64
}

const MAGIC: [u8; 8] = *b"IMPBMAP\0";
const VERSION: u32 = 1;
const HEADER_LEN: usize = 32;
const HASH_LEN: usize = 32;

/// The SHA-256 of a block of zeros.
pub const ZEROS: BlockHash = [
    0x07, 0x85, 0x4d, 0x2f, 0xef, 0x29, 0x7a, 0x06, 0xba, 0x81, 0x68, 0x5e, 0x66, 0x0c, 0x33, 0x2d,
    0xe3, 0x6d, 0x5d, 0x18, 0xd5, 0x46, 0x92, 0x7d, 0x30, 0xda, 0xad, 0x6d, 0x7f, 0xda, 0x15, 0x41,
];

/// Why bytes are no block map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockMapError {
    /// Something else, or the beginning of one.
    #[error("not a block map")]
    Shape,
    /// A version or feature of a later program.
    #[error("a block map of a later version of Imprint: update this program")]
    Later,
    /// Bytes that changed.
    #[error("a block map whose checksum is wrong")]
    Checksum,
}

/// A disk's blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockMap {
    hashes: Vec<BlockHash>,
    /// Bytes of the last block that are the disk's; zeros follow. 0 for all of them.
    tail: u32,
}

impl BlockMap {
    /// Makes a map of hashes, in the order of blocks; `None` for more than any volume has.
    pub fn new(hashes: Vec<BlockHash>) -> Option<Self> {
        (hashes.len() <= BLOCKS_MAX).then_some(Self { hashes, tail: 0 })
    }

    /// Makes the map of a disk that may end within its last block, which is hashed with zeros behind it;
    /// `None` for another number of hashes than the length has blocks.
    pub fn of_len(hashes: Vec<BlockHash>, len: u64) -> Option<Self> {
        let is_right = hashes.len() as u64 == len.div_ceil(SNAPSHOT_BLOCK_LEN);
        let tail = (len % SNAPSHOT_BLOCK_LEN) as u32;
        Self::new(hashes).filter(|_| is_right).map(|map| Self { tail, ..map })
    }

    /// Returns whether bytes begin like a map.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// The hashes, in the order of blocks.
    pub fn hashes(&self) -> &[BlockHash] {
        &self.hashes
    }

    /// The disk's length in bytes.
    pub fn disk_len(&self) -> u64 {
        let blocks = self.hashes.len() as u64 * SNAPSHOT_BLOCK_LEN;
        if self.tail == 0 { blocks } else { blocks - SNAPSHOT_BLOCK_LEN + u64::from(self.tail) }
    }

    /// Blocks that are not zeros, each with the object that holds it.
    pub fn objects(&self) -> impl Iterator<Item = (u32, Digest)> + '_ {
        let object = |hash: &BlockHash| Digest::new(Algorithm::Sha256, hash).ok();
        let blocks = (0u32..).zip(&self.hashes).filter(|(_, hash)| **hash != ZEROS);
        blocks.filter_map(move |(index, hash)| Some((index, object(hash)?)))
    }

    /// The same disk with zeros behind it, as long as a volume of whole GiB.
    pub fn on_volume(&self) -> Self {
        let count = (self.disk_len().div_ceil(1 << 30) << 30) / SNAPSHOT_BLOCK_LEN;
        let mut hashes = self.hashes.clone();
        // No longer than the largest volume, which is of whole GiB itself.
        hashes.resize(count as usize, ZEROS);
        Self { hashes, tail: 0 }
    }

    /// Names the blocks: the same for all disks that are the same on a volume of their blocks.
    pub fn digest(&self) -> BlockHash {
        let mut hasher = Sha256::new();
        for hash in &self.hashes {
            hasher.update(hash);
        }
        hasher.finalize().into()
    }

    /// Blocks that a snapshot on top of `parent` must hold: those that differ, and those that the
    /// parent does not know, zeros among them.
    pub fn changed_since(&self, parent: &Self) -> Vec<u32> {
        let differs = |(index, hash): (usize, &BlockHash)| {
            (parent.hashes.get(index) != Some(hash)).then_some(index as u32)
        };
        self.hashes.iter().enumerate().filter_map(differs).collect()
    }

    /// All blocks, or all that are not zeros: what a snapshot without a parent must hold.
    pub fn all(&self, with_zeros: bool) -> Vec<u32> {
        let is_wanted = |(index, hash): (usize, &BlockHash)| {
            (with_zeros || *hash != ZEROS).then_some(index as u32)
        };
        self.hashes.iter().enumerate().filter_map(is_wanted).collect()
    }

    /// Encodes it.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LEN + (self.hashes.len() + 1) * HASH_LEN);
        bytes.extend_from_slice(&MAGIC);
        for word in [VERSION, 0, 0, 0, self.hashes.len() as u32, self.tail] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        for hash in &self.hashes {
            bytes.extend_from_slice(hash);
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    /// Decodes a map.
    ///
    /// # Errors
    /// [`BlockMapError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BlockMapError> {
        if bytes.len() < HEADER_LEN + HASH_LEN || bytes[..8] != MAGIC {
            return Err(BlockMapError::Shape);
        }
        let (version, incompat) = (u32_at(bytes, 8), u32_at(bytes, 20));
        if version != VERSION || incompat != 0 {
            return Err(BlockMapError::Later);
        }
        let (count, tail) = (u32_at(bytes, 24) as usize, u32_at(bytes, 28));
        let is_tail = tail == 0 || (count > 0 && u64::from(tail) < SNAPSHOT_BLOCK_LEN);
        if count > BLOCKS_MAX || bytes.len() != HEADER_LEN + (count + 1) * HASH_LEN || !is_tail {
            return Err(BlockMapError::Shape);
        }
        let (content, sum) = bytes.split_at(bytes.len() - HASH_LEN);
        if Sha256::digest(content)[..] != *sum {
            return Err(BlockMapError::Checksum);
        }
        let hashes = content[HEADER_LEN..].chunks_exact(HASH_LEN);
        let hashes = hashes.filter_map(|hash| hash.try_into().ok()).collect();
        Ok(Self { hashes, tail })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map(numbers: &[u8]) -> BlockMap {
        let hash = |number: &u8| if *number == 0 { ZEROS } else { [*number; 32] };
        BlockMap::new(numbers.iter().map(hash).collect()).unwrap()
    }

    #[test]
    fn zeros_are_a_block_of_zeros() {
        assert_eq!(ZEROS, <BlockHash>::from(Sha256::digest(vec![0; SNAPSHOT_BLOCK_LEN as usize])));
    }

    #[test]
    fn what_the_parent_does_not_know_is_put_with_its_zeros() {
        assert_eq!(map(&[1, 0, 2, 0]).changed_since(&map(&[1, 3, 2])), [1, 3]);
        assert_eq!(map(&[1, 2]).changed_since(&map(&[1, 2, 3])), [] as [u32; 0]);
        assert_eq!(map(&[0, 1, 0]).all(false), [1]);
        assert_eq!(map(&[0, 1, 0]).all(true), [0, 1, 2]);
    }

    #[test]
    fn golden_bytes() {
        let bytes = map(&[1, 0]).encode();
        assert_eq!(bytes.len(), 32 + 3 * 32);
        assert_eq!(bytes[..32], *b"IMPBMAP\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0");
        assert_eq!(bytes[96..100], [0x06, 0x06, 0x9c, 0x9e]);
    }

    #[test]
    fn disks_may_end_within_a_block() {
        let hashes = || vec![[1; 32], ZEROS, [2; 32]];
        let block = SNAPSHOT_BLOCK_LEN;
        let disk = BlockMap::of_len(hashes(), 2 * block + 512).unwrap();
        assert_eq!(disk.disk_len(), 2 * block + 512);
        assert_eq!(BlockMap::decode(&disk.encode()).unwrap(), disk);
        assert_eq!(disk.digest(), BlockMap::new(hashes()).unwrap().digest());
        assert_eq!(disk.objects().map(|(index, _)| index).collect::<Vec<_>>(), [0, 2]);
        let volume = disk.on_volume();
        assert_eq!((volume.hashes().len(), volume.disk_len()), (2048, 1 << 30));
        assert_eq!(volume.hashes()[..3], hashes());
        for len in [2 * block, 3 * block + 1, 0] {
            assert_eq!(BlockMap::of_len(hashes(), len), None, "{len}");
        }
        assert_eq!(BlockMap::of_len(vec![], 0).unwrap().disk_len(), 0);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(numbers in proptest::collection::vec(any::<u8>(), 0..50)) {
            let map = map(&numbers);
            prop_assert_eq!(BlockMap::decode(&map.encode()), Ok(map));
        }

        #[test]
        fn nothing_else_is(
            numbers in proptest::collection::vec(any::<u8>(), 0..9), at in any::<usize>(), bit in 0..8u8,
        ) {
            let mut bytes = map(&numbers).encode();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            // Features that may be ignored are covered by the checksum all the same.
            prop_assert!(BlockMap::decode(&bytes).is_err());
            prop_assert!(BlockMap::decode(&bytes[..at]).is_err());
        }
    }
}
