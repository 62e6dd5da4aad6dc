//! What a disk holds, by block: the SHA-256 of each 512 KiB, as EBS snapshots are made of them.
//!
//! ```text
//! magic "IMPBMAP\0" · version u32 · compat u32 · ro_compat u32 · incompat u32 · count u32 · zero u32 ·
//! count × SHA-256 · SHA-256 of all before
//! ```
//!
//! Two maps say which blocks an incremental snapshot must hold. The document is
//! `docs/formats/block-map.md`.

use sha2::{Digest as _, Sha256};

use crate::bytes::u32_at;
use crate::units::SNAPSHOT_BLOCK_LEN;

/// A SHA-256.
pub type BlockHash = [u8; 32];

/// Blocks in a map at most: a volume of 64 TiB, the largest that EBS has.
pub const BLOCKS_MAX: usize = (64 << 40) / SNAPSHOT_BLOCK_LEN as usize;

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
pub struct BlockMap(Vec<BlockHash>);

impl BlockMap {
    /// Makes a map of hashes, in the order of blocks; `None` for more than any volume has.
    pub fn new(hashes: Vec<BlockHash>) -> Option<Self> {
        (hashes.len() <= BLOCKS_MAX).then_some(Self(hashes))
    }

    /// The hashes, in the order of blocks.
    pub fn hashes(&self) -> &[BlockHash] {
        &self.0
    }

    /// Names the whole disk.
    pub fn digest(&self) -> BlockHash {
        let mut hasher = Sha256::new();
        for hash in &self.0 {
            hasher.update(hash);
        }
        hasher.finalize().into()
    }

    /// Blocks that a snapshot on top of `parent` must hold: those that differ, and those that the
    /// parent does not know, zeros among them.
    pub fn changed_since(&self, parent: &Self) -> Vec<u32> {
        let differs = |(index, hash): (usize, &BlockHash)| {
            (parent.0.get(index) != Some(hash)).then_some(index as u32)
        };
        self.0.iter().enumerate().filter_map(differs).collect()
    }

    /// All blocks, or all that are not zeros: what a snapshot without a parent must hold.
    pub fn all(&self, with_zeros: bool) -> Vec<u32> {
        let is_wanted = |(index, hash): (usize, &BlockHash)| {
            (with_zeros || *hash != ZEROS).then_some(index as u32)
        };
        self.0.iter().enumerate().filter_map(is_wanted).collect()
    }

    /// Encodes it.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LEN + (self.0.len() + 1) * HASH_LEN);
        bytes.extend_from_slice(&MAGIC);
        for word in [VERSION, 0, 0, 0, self.0.len() as u32, 0] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        for hash in &self.0 {
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
        let count = u32_at(bytes, 24) as usize;
        if count > BLOCKS_MAX || bytes.len() != HEADER_LEN + (count + 1) * HASH_LEN {
            return Err(BlockMapError::Shape);
        }
        let (content, sum) = bytes.split_at(bytes.len() - HASH_LEN);
        if Sha256::digest(content)[..] != *sum {
            return Err(BlockMapError::Checksum);
        }
        let hashes = content[HEADER_LEN..].chunks_exact(HASH_LEN);
        Ok(Self(hashes.filter_map(|hash| hash.try_into().ok()).collect()))
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
