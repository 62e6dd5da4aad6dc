//! Keeps the known hashes of a volume's blocks as a block map. Later, only blocks that changed are hashed again.
//!
//! The file lies next to the ledger, and is deleted before a volume is mounted for writing. If a patch knows every
//! block that it wrote, it saves the file again, without the hashes of those blocks. The file is valid only with the
//! ledger whose digest it contains, and only if the volume's counters or file times prove that nobody else has written
//! to the volume since.
//!
//! The file is the ledger's SHA-256 and a block map (`docs/formats/block-map.md`). In the map, a hash of zero bytes
//! stands for an unknown block: no content has that hash.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use store::ingest::disk::{Disk, hash_blocks};
use store::ingest::{HashOnly, Progress};
use sysio::Dir;
use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};
use wire::digest::Digest;
use wire::units::SNAPSHOT_BLOCK_LEN;

use crate::PatchError;

const UNKNOWN: BlockHash = [0; 32];

/// Length in bytes of the longest volume that can have a map. Disk images have the same limit, so that a map fits into
/// one message.
const VOLUME_LEN_MAX: u64 = store::ingest::disk::LEN_MAX;

/// Hashes of a volume's blocks; some may be unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockHashCache {
    hashes: Vec<BlockHash>,
    len: u64,
}

/// The complete map of a volume, and the count of blocks that were hashed for it.
#[derive(Clone, Debug)]
pub struct MappedVolume {
    /// The map, with every block's hash.
    pub map: BlockMap,
    /// Count of blocks that were read and hashed, because their hashes were unknown.
    pub hashed: u64,
}

fn file_name(ledger: &str) -> String {
    format!("{ledger}.blocks")
}

impl BlockHashCache {
    /// Reads the file next to a ledger, for a volume of `len` bytes. `of` returns the ledger's digest; it is called
    /// only if there is a file. `None` if the file is missing or damaged, or belongs to another ledger or length.
    pub fn load(
        folder: &Dir,
        ledger: &str,
        of: impl FnOnce() -> Option<Digest>,
        len: u64,
    ) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut file = folder.open_file(file_name(ledger).as_bytes()).ok()?;
        std::io::Read::read_to_end(&mut file, &mut bytes).ok()?;
        let map = bytes.strip_prefix(of()?.hash())?;
        let map = BlockMap::decode(map)
            .inspect_err(|problem| tracing::warn!(ledger, "ignoring known blocks: {problem}"))
            .ok()?;
        (map.disk_len() == len).then(|| Self { hashes: map.hashes().to_vec(), len })
    }

    /// Marks each block that overlaps a range of bytes as unknown.
    pub fn forget(&mut self, bytes: Range<u64>) {
        let end = bytes.end.div_ceil(SNAPSHOT_BLOCK_LEN).min(self.hashes.len() as u64);
        for block in bytes.start / SNAPSHOT_BLOCK_LEN..end {
            self.hashes[block as usize] = UNKNOWN;
        }
    }

    /// Deletes the file, durably.
    ///
    /// # Errors
    /// [`PatchError::Io`].
    pub fn remove(folder: &Dir, ledger: &str) -> Result<(), PatchError> {
        let name = file_name(ledger);
        sysio::publish::remove(folder, name.as_bytes())
            .map_err(PatchError::io("remove known blocks", Path::new(&name)))
    }

    /// Saves the known hashes. They are valid only with the ledger whose digest is `of`.
    ///
    /// # Durability
    /// The file survives a power loss once this returned.
    ///
    /// # Errors
    /// [`PatchError::Io`].
    pub fn save(&self, folder: &Dir, ledger: &str, of: &Digest) -> Result<(), PatchError> {
        let name = file_name(ledger);
        let Some(map) = BlockMap::of_len(self.hashes.clone(), self.len) else { return Ok(()) };
        let bytes = [of.hash(), &map.encode()].concat();
        sysio::publish::replace(folder, name.as_bytes(), &bytes)
            .map_err(PatchError::io("write known blocks", Path::new(&name)))
    }

    /// Completes a volume's map: reads and hashes the blocks that are unknown. Without `known`, or if the volume's
    /// length has changed, all blocks are unknown.
    ///
    /// # Errors
    /// [`PatchError::TooLargeForMap`] for a volume that is too large; errors of reading.
    pub fn complete(known: Option<Self>, path: &Path) -> Result<MappedVolume, PatchError> {
        let failed = || PatchError::io("read volume", path);
        let file = File::open(path).map_err(failed())?;
        let len = Disk::size(&file).map_err(failed())?;
        if len > VOLUME_LEN_MAX {
            let (path, len_max) = (path.to_owned(), VOLUME_LEN_MAX);
            return Err(PatchError::TooLargeForMap { path, len_max });
        }
        let count = len.div_ceil(SNAPSHOT_BLOCK_LEN) as usize;
        let known = known.filter(|known| known.len == len);
        let mut hashes = known.map_or_else(|| vec![UNKNOWN; count], |known| known.hashes);
        let data: BTreeSet<BlockIndex> =
            Disk::data_blocks(&file).map_err(failed())?.into_iter().collect();
        let mut unknown = Vec::new();
        for (index, hash) in
            (0..).map(BlockIndex).zip(&mut hashes).filter(|(_, hash)| **hash == UNKNOWN)
        {
            *hash = ZEROS;
            unknown.extend(data.contains(&index).then_some(index));
        }
        let what = path.to_string_lossy();
        for (index, hash) in hash_blocks(&what, &file, &unknown, &Progress::default(), &HashOnly)? {
            hashes[index.position()] = hash;
        }
        let (path, len_max) = (path.to_owned(), VOLUME_LEN_MAX);
        let too_large = || PatchError::TooLargeForMap { path, len_max };
        let map = BlockMap::of_len(hashes, len).ok_or_else(too_large)?;
        Ok(MappedVolume { map, hashed: unknown.len() as u64 })
    }

    /// Makes a cache without unknown blocks from a complete map.
    pub fn of(map: &BlockMap) -> Self {
        Self { hashes: map.hashes().to_vec(), len: map.disk_len() }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use wire::digest::Algorithm;

    use super::*;

    #[test]
    fn only_what_was_forgotten_is_hashed_again() {
        const BLOCK: u64 = SNAPSHOT_BLOCK_LEN;
        let scratch = testkit::scratch();
        let path = scratch.path().join("volume");
        let file = File::create_new(&path).unwrap();
        file.set_len(9 * BLOCK + 100).unwrap();
        for block in [0, 3, 4, 9] {
            file.write_all_at(b"data", block * BLOCK + 7).unwrap();
        }
        let all = BlockHashCache::complete(None, &path).unwrap();
        assert_eq!((all.hashed, all.map.objects().count()), (4, 4));
        let folder = Dir::open(scratch.path()).unwrap();
        let mut known = BlockHashCache::of(&all.map);
        // Writes to the end of block 3, to block 5 (a hole), and zeros to block 9.
        file.write_all_at(b"other", 4 * BLOCK - 5).unwrap();
        file.write_all_at(b"new", 5 * BLOCK).unwrap();
        file.write_all_at(&[0; 64], 9 * BLOCK).unwrap();
        known.forget(4 * BLOCK - 5..4 * BLOCK);
        known.forget(5 * BLOCK..5 * BLOCK + 3);
        known.forget(9 * BLOCK..9 * BLOCK + 100);
        let (of, other) = (Algorithm::Sha256.digest(b"one"), Algorithm::Sha256.digest(b"two"));
        known.save(&folder, "v", &of).unwrap();
        assert_eq!(BlockHashCache::load(&folder, "v", || Some(other), 9 * BLOCK + 100), None);
        let known = BlockHashCache::load(&folder, "v", || Some(of), 9 * BLOCK + 100);
        let again = BlockHashCache::complete(known, &path).unwrap();
        assert_eq!(again.hashed, 3);
        assert_eq!(again.map, BlockHashCache::complete(None, &path).unwrap().map);
        assert_ne!(again.map, all.map);
        // A file for another length, or a damaged one, is ignored.
        assert_eq!(BlockHashCache::load(&folder, "v", || Some(of), 9 * BLOCK), None);
        let name = scratch.path().join(file_name("v"));
        let mut bytes = std::fs::read(&name).unwrap();
        bytes[50] ^= 1;
        std::fs::remove_file(&name).unwrap();
        File::create_new(&name).unwrap().write_all_at(&bytes, 0).unwrap();
        assert_eq!(BlockHashCache::load(&folder, "v", || Some(of), 9 * BLOCK + 100), None);
    }
}
