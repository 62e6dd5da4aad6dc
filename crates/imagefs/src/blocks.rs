//! A disk whose blocks are read one by one from a source other than a store, such as a snapshot in a cloud.

use std::fmt::Debug;

use bytes::Bytes;
use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{Kind, push_frame};
use wire::units::{FRAME_LEN_MAX, SNAPSHOT_BLOCK_LEN};

use super::error::damaged;
use crate::MountError;

/// Source of a disk's blocks, of 512 KiB each.
pub trait Blocks: Debug + Send + Sync {
    /// Returns the length of the disk in blocks.
    fn count(&self) -> u32;

    /// Returns the numbers of the blocks with data, ascending; all other blocks are zeros.
    fn indexes(&self) -> Vec<BlockIndex>;

    /// Reads a whole block. The caller will soon read the blocks of `ahead`, too.
    ///
    /// # Errors
    /// A message for a person: the reason why the block cannot be read now.
    fn read(&self, index: BlockIndex, ahead: &[BlockIndex]) -> Result<Bytes, String>;
}

/// A disk that is mounted alone. It is not an image of a store or of an imaged.
#[derive(Debug)]
pub struct DiskOrigin {
    /// Name of the disk in messages, and in the attribute `user.imprint.image` of the mount's root.
    pub name: ImageName,
    /// Time that the disk's files show as their last change, in milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Source of the disk's blocks. It is asked for a block when a reader wants bytes of that block.
    pub blocks: std::sync::Arc<dyn Blocks>,
}

/// Last 28 bytes of a block's name; the first 4 bytes are the block's number. The name is not a hash, because the
/// content is unknown until the block is read; only the block's source can verify the content.
const NUMBERED: [u8; 28] = *b"a block of a disk, by number";

fn name(index: BlockIndex) -> BlockHash {
    let mut name = [0; 32];
    name[..4].copy_from_slice(&index.0.to_le_bytes());
    name[4..].copy_from_slice(&NUMBERED);
    name
}

fn number(name: &Digest) -> Option<BlockIndex> {
    let (index, rest) = name.hash().split_first_chunk::<4>()?;
    (rest == NUMBERED).then(|| BlockIndex(u32::from_le_bytes(*index)))
}

/// Makes a block map that names each block by its number.
///
/// # Errors
/// [`MountError::DiskTooLong`] for a disk longer than a block map can hold.
pub(super) fn map(blocks: &dyn Blocks) -> Result<BlockMap, MountError> {
    let mut names = vec![ZEROS; blocks.count() as usize];
    for index in blocks.indexes() {
        if let Some(place) = names.get_mut(index.position()) {
            *place = name(index);
        }
    }
    let refused = || MountError::DiskTooLong(u64::from(blocks.count()) * SNAPSHOT_BLOCK_LEN);
    BlockMap::new(names).ok_or_else(refused)
}

/// Reads a block by its name, and encodes it as an object of raw frames.
pub(super) fn read_into(
    blocks: &dyn Blocks,
    named: &Digest,
    ahead: &dyn Fn() -> Vec<Digest>,
    payload: &mut Vec<u8>,
) -> Result<(Kind, u64), MountError> {
    let index = number(named).ok_or_else(|| damaged(named, "no block has this name".to_owned()))?;
    let ahead: Vec<BlockIndex> = ahead().iter().filter_map(number).collect();
    let bytes = blocks.read(index, &ahead).map_err(|problem| damaged(named, problem))?;
    if bytes.len() as u64 != SNAPSHOT_BLOCK_LEN {
        return Err(damaged(
            named,
            format!("the block has {} bytes instead of 512 KiB", bytes.len()),
        ));
    }
    payload.clear();
    for piece in bytes.chunks(FRAME_LEN_MAX) {
        push_frame(payload, piece.len(), true, piece);
    }
    Ok((Kind::Data, SNAPSHOT_BLOCK_LEN))
}

#[cfg(test)]
mod tests {
    use wire::digest::Algorithm;

    use super::*;

    #[derive(Debug)]
    struct Two;

    impl Blocks for Two {
        fn count(&self) -> u32 {
            2048
        }

        fn indexes(&self) -> Vec<BlockIndex> {
            [0, 2047, 4000].map(BlockIndex).to_vec()
        }

        fn read(&self, index: BlockIndex, ahead: &[BlockIndex]) -> Result<Bytes, String> {
            match index.0 {
                _ if ahead != [BlockIndex(2047)] => Err(format!("{ahead:?} is read soon")),
                0 => Ok(vec![7; SNAPSHOT_BLOCK_LEN as usize].into()),
                2047 => Ok(Bytes::from_static(b"short")),
                _ => Err("away".to_owned()),
            }
        }
    }

    #[test]
    fn blocks_are_read_by_their_numbers() {
        let map = map(&Two).unwrap();
        assert_eq!(map.disk_len(), 1 << 30);
        let objects: Vec<_> = map.objects().collect();
        assert_eq!(
            objects.iter().map(|(index, _)| *index).collect::<Vec<_>>(),
            [0, 2047].map(BlockIndex)
        );
        let digest = |index| Digest::new(Algorithm::Sha256, &name(index)).unwrap();
        let ahead = || vec![digest(BlockIndex(2047))];
        let mut payload = Vec::new();
        let read = |index, payload: &mut Vec<u8>| {
            read_into(&Two, &digest(BlockIndex(index)), &ahead, payload)
        };
        assert_eq!(read(0, &mut payload).unwrap(), (Kind::Data, SNAPSHOT_BLOCK_LEN));
        let mut content = Vec::new();
        let mut decoder = store::codec::Decoder::new().unwrap();
        decoder.decode(&payload, SNAPSHOT_BLOCK_LEN, &mut content).unwrap();
        assert_eq!(content, vec![7; SNAPSHOT_BLOCK_LEN as usize]);
        assert!(read(2047, &mut payload).unwrap_err().to_string().contains("5 bytes"));
        assert!(read(9, &mut payload).unwrap_err().to_string().contains("away"));
        let other = Algorithm::Sha256.digest(b"other");
        assert!(read_into(&Two, &other, &ahead, &mut payload).is_err());
    }
}
