//! Disk images as directories: `disk.raw`, and `partition-N.raw` for each partition.
//!
//! The mount makes a manifest for each disk, so that names, attributes and lists work as for any image. Only the bytes
//! are stored differently: in blocks of 512 KiB, each of which is an object. Only the mounting user may read the files,
//! because a partition exposes files regardless of its filesystem's permissions.

mod table;

use std::collections::BTreeMap;

use store::partitions::{NUMBER_MAX, Partition, Table};
use wire::Manifest;
use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};
use wire::digest::{Algorithm, Digest};
use wire::manifest::tree::align_holes;
use wire::manifest::{Content, Hole, Timestamp, Tree, TreeInode};
use wire::units::SNAPSHOT_BLOCK_LEN;

use super::attributes::Seek;
use super::names::Image;
use crate::MountError;

pub use table::read_table;

/// Name of the file that shows the whole disk. Each partition has its own file, `partition-N.raw`.
pub const WHOLE: &str = "disk.raw";

/// Limit on the holes in all files of a disk together; at 16 bytes each, 1 Mi holes take 16 MiB. The file of a whole
/// disk of 512 GiB has at most half as many holes. A file that would exceed the limit is shown without holes.
const HOLES_MAX: usize = 1 << 20;

/// Limit on the total length of a disk's partitions, in multiples of the disk's length. Partitions of a useful disk do
/// not overlap. The mount looks at each block of each partition when it loads the disk: 255 partitions that each span a
/// disk of 512 GiB would take minutes.
const SHOWN_TIMES_MAX: u64 = 2;

/// Blocks of 512 KiB to fetch ahead of the one that is read.
const AHEAD_COUNT: usize = 8;

/// The stretch of the disk that a file shows, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    offset: u64,
    len: u64,
}

/// The blocks of a disk, and the stretch that each of its files shows.
#[derive(Debug)]
pub struct DiskFiles {
    map: BlockMap,
    /// Indexed by the manifest's inodes; `None` for the root.
    stretches: Vec<Option<Stretch>>,
}

/// A piece of a file, within one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Length in bytes of a run of zeros, where the disk has no block.
    Zeros(u64),
    /// Bytes of a block's object.
    Block {
        /// Number of the block on the disk.
        index: BlockIndex,
        /// Digest by which the block is read. For [`Blocks`](crate::Blocks), it is a name made from the block's number.
        object: Digest,
        /// Offset of the piece's first byte in the block.
        at: u64,
        /// Length of the piece in bytes. The piece does not extend beyond the block.
        len: u64,
    },
}

impl Piece {
    /// Returns the piece's length in bytes, which is never 0.
    #[allow(clippy::len_without_is_empty, reason = "no piece is empty")]
    pub fn len(&self) -> u64 {
        let (Self::Zeros(len) | Self::Block { len, .. }) = self;
        *len
    }
}

/// Returns the files of a disk: the whole disk, and its partitions up to the limit [`SHOWN_TIMES_MAX`]. Also returns
/// the count of partitions left out.
fn files(disk_len: u64, partitions: &[Partition]) -> (BTreeMap<String, Stretch>, usize) {
    let mut files = BTreeMap::from([(WHOLE.to_owned(), Stretch { offset: 0, len: disk_len })]);
    let mut left = disk_len.saturating_mul(SHOWN_TIMES_MAX);
    for Partition { number, offset, len, .. } in partitions {
        let Some(rest) = left.checked_sub(*len) else { break };
        left = rest;
        let stretch = Stretch { offset: *offset, len: *len };
        files.insert(format!("partition-{number}.raw"), stretch);
    }
    let shown = files.len() - 1;
    (files, partitions.len() - shown)
}

impl DiskFiles {
    /// Makes the manifest that shows a disk with its partitions. Logs how many partitions it leaves out.
    ///
    /// # Errors
    /// Errors of encoding the manifest.
    pub fn new(
        image: &Image,
        map: BlockMap,
        table: &Table,
    ) -> Result<(Self, Manifest), MountError> {
        let (files, left_out) = files(map.disk_len(), &table.partitions);
        let left_out = left_out + table.left_out;
        if left_out > 0 {
            tracing::warn!(
                image = %image.name,
                left_out,
                "partitions are not shown: their numbers are above {NUMBER_MAX}, or all together are longer than \
                 {SHOWN_TIMES_MAX} times the disk"
            );
        }
        Self::of_files(image, map, &files)
    }

    fn of_files(
        image: &Image,
        map: BlockMap,
        files: &BTreeMap<String, Stretch>,
    ) -> Result<(Self, Manifest), MountError> {
        let inode = |permissions, content| TreeInode {
            permissions,
            uid: sysio::effective_user(),
            gid: 0,
            mtime: Timestamp {
                secs: image.created_at_ms.div_euclid(1000),
                nanos: image.created_at_ms.rem_euclid(1000) as u32 * 1_000_000,
            },
            xattrs: BTreeMap::new(),
            content,
        };
        let mut tree = Tree::new(inode(0o755, Content::Directory(BTreeMap::new())));
        let (mut names, mut left) = (BTreeMap::new(), HOLES_MAX);
        for (name, stretch) in files {
            let mut holes = holes(&map, *stretch);
            if holes.len() > left {
                holes.clear();
            }
            left -= holes.len();
            let has_data = holes.iter().map(|hole| hole.len).sum::<u64>() < stretch.len;
            let digest = has_data.then(|| name_of(&map, *stretch));
            let content = Content::Regular { size: stretch.len, holes, digest };
            names.insert(name.clone().into_bytes(), tree.push(inode(0o400, content)));
        }
        tree.inodes[0].content = Content::Directory(names);
        let manifest = tree.encode(Algorithm::Sha256).map_err(store::StoreError::from)?;
        let mut stretches = vec![None; manifest.inode_count() as usize];
        for node in manifest.children(0) {
            let name = String::from_utf8_lossy(manifest.name(node));
            stretches[manifest.node_inode(node).index() as usize] = files.get(&*name).copied();
        }
        Ok((Self { map, stretches }, manifest))
    }

    /// Returns the bytes of memory that the block map and the stretches take.
    pub fn memory_len(&self) -> u64 {
        (size_of_val(self.map.hashes()) + size_of_val(&self.stretches[..])) as u64
    }

    /// Returns whether an inode shows the whole disk.
    pub fn is_whole(&self, inode: u32) -> bool {
        let whole = Stretch { offset: 0, len: self.map.disk_len() };
        self.stretch(inode) == Some(whole)
    }

    fn stretch(&self, inode: u32) -> Option<Stretch> {
        self.stretches.get(inode as usize).copied().flatten()
    }

    /// Returns the pieces that make up at most `len` bytes of a file from `offset` on, cut at the end of the file.
    pub fn pieces(&self, inode: u32, offset: u64, len: u64) -> Vec<Piece> {
        let Some(stretch) = self.stretch(inode).filter(|stretch| offset < stretch.len) else {
            return Vec::new();
        };
        let len = len.min(stretch.len - offset);
        pieces(&self.map, stretch.offset + offset, len)
    }

    /// Returns the objects of the blocks that follow a block. A sequential reader reads them next.
    pub fn following(&self, index: BlockIndex) -> Vec<Digest> {
        let hashes = self.map.hashes().get(index.position() + 1..).unwrap_or_default();
        hashes.iter().take(AHEAD_COUNT).filter_map(object).collect()
    }

    /// Returns the offset of the next data or hole of a file; `None` if there is none before the end of the file.
    pub fn seek(&self, inode: u32, offset: u64, whence: Seek) -> Option<u64> {
        let stretch = self.stretch(inode).filter(|stretch| offset < stretch.len)?;
        let (from, end) = (stretch.offset + offset, stretch.offset + stretch.len);
        let first = BlockIndex::at(from).position();
        let hashes = self.map.hashes().get(first..).unwrap_or_default();
        let is_wanted = |hash: &BlockHash| (*hash == ZEROS) == (whence == Seek::Hole);
        let found = hashes.iter().position(is_wanted);
        let at = found.map(|steps| (first + steps) as u64 * SNAPSHOT_BLOCK_LEN);
        match at.map(|at| at.max(from)).filter(|at| *at < end) {
            Some(at) => Some(at - stretch.offset),
            None => (whence == Seek::Hole).then_some(stretch.len),
        }
    }
}

fn object(hash: &BlockHash) -> Option<Digest> {
    Digest::new(Algorithm::Sha256, hash).ok().filter(|_| *hash != ZEROS)
}

fn pieces(map: &BlockMap, mut at: u64, len: u64) -> Vec<Piece> {
    let (end, mut found) = (at + len, Vec::new());
    while at < end {
        let index = BlockIndex::at(at);
        let inside = at % SNAPSHOT_BLOCK_LEN;
        let len = (SNAPSHOT_BLOCK_LEN - inside).min(end - at);
        let hash = map.hash(index);
        found.push(match hash.and_then(object) {
            Some(object) => Piece::Block { index, object, at: inside, len },
            None => Piece::Zeros(len),
        });
        at += len;
    }
    found
}

/// Returns the runs of zeros of a stretch, relative to its start, cut to whole pages.
fn holes(map: &BlockMap, stretch: Stretch) -> Vec<Hole> {
    let mut found: Vec<Hole> = Vec::new();
    let mut at = 0;
    for piece in pieces(map, stretch.offset, stretch.len) {
        let len = piece.len();
        match (piece, found.last_mut()) {
            (Piece::Block { .. }, _) => {}
            (Piece::Zeros(_), Some(last)) if last.offset + last.len == at => last.len += len,
            (Piece::Zeros(_), _) => found.push(Hole { offset: at, len }),
        }
        at += len;
    }
    align_holes(stretch.len, &found)
}

/// Returns a name for a stretch's content: equal names mean equal content. The name depends on the whole blocks at both
/// ends, so equal content may get different names.
fn name_of(map: &BlockMap, stretch: Stretch) -> Digest {
    let first = BlockIndex::at(stretch.offset).position();
    let last = (stretch.offset + stretch.len).div_ceil(SNAPSHOT_BLOCK_LEN) as usize;
    let inside = stretch.offset % SNAPSHOT_BLOCK_LEN;
    let mut named = [inside.to_le_bytes(), stretch.len.to_le_bytes()].concat();
    named.extend(map.hashes().get(first..last).unwrap_or_default().as_flattened());
    Algorithm::Sha256.digest(&named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: u64 = SNAPSHOT_BLOCK_LEN;

    /// Makes a disk with these files and five blocks: data, zeros, zeros, data, and a last block of 512 bytes.
    fn files(stretches: &[(&str, u64, u64)]) -> (DiskFiles, Manifest) {
        let image = Image {
            name: "a/b".parse().unwrap(),
            manifest: Algorithm::Sha256.digest(b""),
            created_at_ms: -1,
            is_disk: true,
        };
        let hashes = vec![[1; 32], ZEROS, ZEROS, [2; 32], [3; 32]];
        let map = BlockMap::of_len(hashes, 4 * BLOCK + 512).unwrap();
        let stretch = |(name, offset, len): &(&str, u64, u64)| {
            ((*name).to_owned(), Stretch { offset: *offset, len: *len })
        };
        DiskFiles::of_files(&image, map, &stretches.iter().map(stretch).collect()).unwrap()
    }

    fn inode(manifest: &Manifest, name: &str) -> u32 {
        manifest.node_inode(manifest.child(0, name.as_bytes()).unwrap()).index()
    }

    #[test]
    fn files_are_stretches_of_blocks() {
        let whole = (WHOLE, 0, 4 * BLOCK + 512);
        let part = ("partition-2.raw", BLOCK / 2 + 512, 3 * BLOCK);
        let (disk, manifest) = files(&[whole, part]);
        let (whole, part) = (inode(&manifest, WHOLE), inode(&manifest, "partition-2.raw"));
        assert!(disk.is_whole(whole) && !disk.is_whole(part) && !disk.is_whole(0));
        let told = |inode, offset, len| {
            let told = |piece| match piece {
                Piece::Zeros(len) => (u32::MAX, 0, len),
                Piece::Block { index, at, len, .. } => (index.0, at, len),
            };
            disk.pieces(inode, offset, len).into_iter().map(told).collect::<Vec<_>>()
        };
        let zeros = u32::MAX;
        assert_eq!(told(whole, 4 * BLOCK, 4096), [(4, 0, 512)]);
        assert_eq!(told(whole, 4 * BLOCK + 512, 1), []);
        assert_eq!(told(whole, 3 * BLOCK - 1, 2), [(zeros, 0, 1), (3, 0, 1)]);
        assert_eq!(told(part, 0, 1), [(0, BLOCK / 2 + 512, 1)]);
        assert_eq!(told(part, 3 * BLOCK - 1, 9), [(3, BLOCK / 2 + 511, 1)]);
        assert_eq!(told(part, BLOCK / 2 - 513, 2), [(0, BLOCK - 1, 1), (zeros, 0, 1)]);
        assert_eq!(told(0, 0, 9), []);
        let inode = manifest.inode(part);
        // Holes cover whole pages.
        assert_eq!((inode.size(), inode.data_len()), (3 * BLOCK, BLOCK + 4096));
    }

    #[test]
    fn data_and_holes_are_found_within_a_partition() {
        let (disk, manifest) = files(&[("p", 512, 3 * BLOCK), ("zeros", BLOCK, BLOCK)]);
        let (part, zeros) = (inode(&manifest, "p"), inode(&manifest, "zeros"));
        assert_eq!(disk.seek(part, 0, Seek::Data), Some(0));
        assert_eq!(disk.seek(part, 0, Seek::Hole), Some(BLOCK - 512));
        assert_eq!(disk.seek(part, BLOCK, Seek::Hole), Some(BLOCK));
        assert_eq!(disk.seek(part, BLOCK, Seek::Data), Some(3 * BLOCK - 512));
        assert_eq!(disk.seek(part, 3 * BLOCK - 1, Seek::Hole), Some(3 * BLOCK));
        assert_eq!(disk.seek(part, 3 * BLOCK, Seek::Hole), None);
        assert_eq!(disk.seek(zeros, 5, Seek::Data), None);
        assert_eq!(manifest.inode(zeros).data_len(), 0);
    }

    #[test]
    fn partitions_that_show_a_disk_again_and_again_are_left_out() {
        let partition =
            |number, offset, len| Partition { number, offset, len, is_efi: number == 1 };
        let names = |partitions: &[Partition]| {
            let (files, left_out) = super::files(4 * BLOCK, partitions);
            (files.into_keys().collect::<Vec<_>>(), left_out)
        };
        let usual = [partition(1, 512, BLOCK), partition(5, 2 * BLOCK, 2 * BLOCK)];
        let shown = ["disk.raw", "partition-1.raw", "partition-5.raw"].map(str::to_owned);
        assert_eq!(names(&usual), (shown.to_vec(), 0));
        let whole: Vec<_> = (1..=255).map(|number| partition(number, 0, 4 * BLOCK)).collect();
        let shown = ["disk.raw", "partition-1.raw", "partition-2.raw"].map(str::to_owned);
        assert_eq!(names(&whole), (shown.to_vec(), 253));
    }

    #[test]
    fn many_partitions_of_many_holes_take_bounded_memory() {
        let image = Image {
            name: "a/b".parse().unwrap(),
            manifest: Algorithm::Sha256.digest(b""),
            created_at_ms: 0,
            is_disk: true,
        };
        let hashes: Vec<_> =
            (0..1 << 16).map(|n| if n % 2 == 0 { ZEROS } else { [1; 32] }).collect();
        let map = BlockMap::new(hashes).unwrap();
        let len = map.disk_len();
        let files = (0..40).map(|n| (format!("{n}"), Stretch { offset: 0, len })).collect();
        let (_, manifest) = DiskFiles::of_files(&image, map, &files).unwrap();
        assert!(manifest.memory_len() < (HOLES_MAX as u64 * 16) + (1 << 20));
    }
}
