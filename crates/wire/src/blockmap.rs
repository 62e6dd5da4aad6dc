//! Block maps: the SHA-256 of each block of a disk. The blocks have 512 KiB, like those of EBS snapshots.
//!
//! ```text
//! magic "IMPBMAP\0" · version u32 · compat u32 · ro_compat u32 · incompat u32 · count u32 · tail u32 ·
//! count × SHA-256 · SHA-256 of all before
//! ```
//!
//! The difference of two maps is the set of blocks that an incremental snapshot must hold. A disk image's map is its
//! manifest: each block that is not all zeros is an object, which is named by the block's hash. The format's document
//! is `docs/formats/block-map.md`.

use sha2::{Digest as _, Sha256};

use crate::bytes::u32_at;
use crate::digest::{Algorithm, Digest};
use crate::units::SNAPSHOT_BLOCK_LEN;

/// The SHA-256 of a block of 512 KiB.
pub type BlockHash = [u8; 32];

/// Limit on blocks in a map: those of a 64 TiB volume, the largest that EBS offers.
pub const BLOCKS_MAX: usize = (64 << 40) / SNAPSHOT_BLOCK_LEN as usize;

/// Returns the length in bytes of the encoding of a map of `blocks` blocks.
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

/// Reason that bytes were refused as a block map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockMapError {
    /// The bytes are something else, or an incomplete map.
    #[error("not a block map")]
    Shape,
    /// The map has a version or feature that only a later program knows.
    #[error("a block map of a later version of Imprint: update this program")]
    Later,
    /// Bytes have changed since the map was written.
    #[error("a block map whose checksum is wrong")]
    Checksum,
}

/// The hashes of a disk's blocks, and the disk's length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockMap {
    hashes: Vec<BlockHash>,
    /// Number of bytes in the last block that are part of the disk; 0 if the whole block is part of the disk. Zeros pad
    /// the block before it is hashed.
    tail: u32,
}

/// Place of a block in a disk, counted in blocks of 512 KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockIndex(pub u32);

impl BlockIndex {
    /// Returns the index of the block that holds the byte at `offset`. The offset must lie within the longest disk,
    /// which has [`BLOCKS_MAX`] blocks.
    pub fn at(offset: u64) -> Self {
        Self((offset / SNAPSHOT_BLOCK_LEN) as u32)
    }

    /// Returns the offset in bytes of the block's first byte.
    pub fn offset(self) -> u64 {
        u64::from(self.0) * SNAPSHOT_BLOCK_LEN
    }

    /// Returns the block's place in [`BlockMap::hashes`].
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Display for BlockIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl BlockMap {
    /// Makes a map of whole blocks from their hashes in order; `None` for more than [`BLOCKS_MAX`].
    pub fn new(hashes: Vec<BlockHash>) -> Option<Self> {
        (hashes.len() <= BLOCKS_MAX).then_some(Self { hashes, tail: 0 })
    }

    /// Makes the map of a disk of `len` bytes. If the disk ends within its last block, the last of `hashes` must be the
    /// hash of this block padded with zeros. Returns `None` if the count of `hashes` is not the count of blocks in
    /// `len`.
    pub fn of_len(hashes: Vec<BlockHash>, len: u64) -> Option<Self> {
        let is_right = hashes.len() as u64 == len.div_ceil(SNAPSHOT_BLOCK_LEN);
        let tail = (len % SNAPSHOT_BLOCK_LEN) as u32;
        Self::new(hashes).filter(|_| is_right).map(|map| Self { tail, ..map })
    }

    /// Returns whether bytes begin with the magic of a map.
    pub fn has_magic(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Returns the hashes in the order of blocks, blocks of zeros included.
    pub fn hashes(&self) -> &[BlockHash] {
        &self.hashes
    }

    /// Returns the hash of a block; `None` beyond the disk's end.
    pub fn hash(&self, index: BlockIndex) -> Option<&BlockHash> {
        self.hashes.get(index.position())
    }

    /// Returns each block's index and hash, in order.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockIndex, &BlockHash)> {
        (0..).map(BlockIndex).zip(&self.hashes)
    }

    /// Returns the disk's length in bytes.
    pub fn disk_len(&self) -> u64 {
        let blocks = self.hashes.len() as u64 * SNAPSHOT_BLOCK_LEN;
        if self.tail == 0 { blocks } else { blocks - SNAPSHOT_BLOCK_LEN + u64::from(self.tail) }
    }

    /// Returns the index and the object of each block that is not all zeros.
    pub fn objects(&self) -> impl Iterator<Item = (BlockIndex, Digest)> + '_ {
        let object = |hash: &BlockHash| Digest::new(Algorithm::Sha256, hash).ok();
        let blocks = self.blocks().filter(|(_, hash)| **hash != ZEROS);
        blocks.filter_map(move |(index, hash)| Some((index, object(hash)?)))
    }

    /// Returns the map of the same disk padded with zeros to whole GiB, as on an EBS volume.
    pub fn on_volume(&self) -> Self {
        let count = (self.disk_len().div_ceil(1 << 30) << 30) / SNAPSHOT_BLOCK_LEN;
        let mut hashes = self.hashes.clone();
        // The count stays within [`BLOCKS_MAX`], because the largest volume has whole GiB.
        hashes.resize(count as usize, ZEROS);
        Self { hashes, tail: 0 }
    }

    /// Returns a digest of the hashes. Disks that differ only in zeros at the end of the last block have the same
    /// digest.
    pub fn digest(&self) -> BlockHash {
        let mut hasher = Sha256::new();
        for hash in &self.hashes {
            hasher.update(hash);
        }
        hasher.finalize().into()
    }

    /// Returns the blocks that a snapshot on top of `parent` must hold: those that differ, and those beyond the
    /// parent's end, blocks of zeros included.
    pub fn changed_since(&self, parent: &Self) -> Vec<BlockIndex> {
        let differing = self.blocks().filter(|(index, hash)| parent.hash(*index) != Some(hash));
        differing.map(|(index, _)| index).collect()
    }

    /// Returns the blocks that a snapshot without a parent must hold: all of them if `with_zeros`, otherwise those that
    /// are not all zeros.
    pub fn all(&self, with_zeros: bool) -> Vec<BlockIndex> {
        let wanted = self.blocks().filter(|(_, hash)| with_zeros || **hash != ZEROS);
        wanted.map(|(index, _)| index).collect()
    }

    /// Encodes the map; [`encoded_len`] gives the length.
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

    /// Decodes and checks an encoded map.
    ///
    /// # Errors
    /// [`BlockMapError`] for bytes that are not a map, that are incomplete or damaged, or that come from a later
    /// version.
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
        assert_eq!(map(&[1, 0, 2, 0]).changed_since(&map(&[1, 3, 2])), [1, 3].map(BlockIndex));
        assert_eq!(map(&[1, 2]).changed_since(&map(&[1, 2, 3])), []);
        assert_eq!(map(&[0, 1, 0]).all(false), [BlockIndex(1)]);
        assert_eq!(map(&[0, 1, 0]).all(true), [0, 1, 2].map(BlockIndex));
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
        assert_eq!(
            disk.objects().map(|(index, _)| index).collect::<Vec<_>>(),
            [0, 2].map(BlockIndex)
        );
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
            // The checksum also covers features that a reader may ignore.
            prop_assert!(BlockMap::decode(&bytes).is_err());
            prop_assert!(BlockMap::decode(&bytes[..at]).is_err());
        }
    }
}
