//! A disk's partition table, read from the blocks that hold it.

use std::io;

use parking_lot::Mutex;
use store::codec::Decoder;
use store::ingest::disk::Disk;
use store::partitions::Table;
use wire::blockmap::{BlockIndex, BlockMap};
use wire::digest::Digest;
use wire::name::ImageName;
use wire::units::SNAPSHOT_BLOCK_LEN;

use super::{Piece, pieces};
use crate::MountError;
use crate::error::damaged;
use crate::names::Image;
use crate::objects::Objects;

/// Reads a disk's partition table. May fetch blocks, so the caller should hold no lock.
///
/// # Errors
/// Errors of reading the disk's first and last blocks.
pub fn read_table(image: &Image, map: &BlockMap, objects: &Objects) -> Result<Table, MountError> {
    let blocks = BlockReader { image: &image.name, map, objects, last: Mutex::default() };
    let failed = MountError::io("read the partition table of", image.name.as_str());
    Table::read(&blocks).map_err(failed)
}

/// Reader of a few blocks of a disk; keeps the block that was read last.
struct BlockReader<'a> {
    image: &'a ImageName,
    map: &'a BlockMap,
    objects: &'a Objects,
    last: Mutex<Option<(Digest, Vec<u8>)>>,
}

impl BlockReader<'_> {
    fn load(&self, object: &Digest) -> Result<Vec<u8>, MountError> {
        let (mut payload, mut content) = (Vec::new(), Vec::new());
        let (_, len) = self.objects.read_into(self.image, object, &Vec::new, &mut payload)?;
        let decoded = Decoder::new()?.decode(&payload, len, &mut content);
        decoded.map_err(|problem| damaged(object, problem))?;
        if content.len() as u64 != SNAPSHOT_BLOCK_LEN {
            return Err(damaged(
                object,
                format!("the block has {} bytes instead of 512 KiB", content.len()),
            ));
        }
        Ok(content)
    }

    fn read(&self, object: &Digest, at: u64, place: &mut [u8]) -> Result<(), MountError> {
        let mut last = self.last.lock();
        let known = last.take().filter(|(known, _)| known == object);
        let block = match known {
            Some((_, block)) => block,
            None => match self.load(object) {
                Err(error) if self.objects.give_up(&error) => self.load(object)?,
                result => result?,
            },
        };
        place.copy_from_slice(&block[at as usize..][..place.len()]);
        *last = Some((*object, block));
        Ok(())
    }
}

impl Disk for BlockReader<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.map.disk_len())
    }

    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>> {
        Ok(self.map.objects().map(|(index, _)| index).collect())
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let end = offset.saturating_add(bytes.len() as u64);
        if end > self.map.disk_len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut rest = bytes;
        for piece in pieces(self.map, offset, end - offset) {
            let (place, after) = rest.split_at_mut(piece.len() as usize);
            rest = after;
            match piece {
                Piece::Zeros(_) => place.fill(0),
                Piece::Block { object, at, .. } => {
                    self.read(&object, at, place).map_err(io::Error::other)?;
                }
            }
        }
        Ok(())
    }
}
