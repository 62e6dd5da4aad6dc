//! Hashes files of a volume, and reads them in the order in which they lie on the device.
//!
//! The filesystem says where a file's data lies ([`sysio::extents`]). The data is read from the device itself, in long
//! pieces that hold many small files, and as far ahead as the queue allows. If the filesystem does not know where the
//! data lies, the file itself is read.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use store::StoreError;
use store::ingest::Progress;
use sysio::Dir;
use sysio::queue::{IoQueue, PIECE_LEN};
use wire::Manifest;
use wire::digest::{Algorithm, Digest, Hasher};
use wire::manifest::Hole;
use wire::manifest::tree::{align_holes, data_extents};
use wire::units::PAGE_LEN;

use crate::PatchError;
use crate::engine::{Engine, pool};
use crate::tasks::{TaskLimits, cut};

/// Limits of a task. The files of a task are neighbours on the device, and one thread reads them.
const TASK: TaskLimits = TaskLimits { bytes: 8 << 20, count: 1024 };

/// Longest gap between two files, in bytes, that is read together with them: this costs less than another request.
const GAP_LEN_MAX: u64 = 32 * 1024;

/// A mounted volume: files are found through the mount, and their data is read from the device if possible.
#[derive(Clone, Copy, Debug)]
pub struct MountedVolume<'a> {
    /// Root directory of the mount, below which files are opened.
    pub root: &'a Dir,
    /// The volume, opened by [`Device::reader`](crate::device::Device::reader), and the offset of the filesystem on it.
    pub device: (&'a Arc<File>, u64),
}

/// A file to hash, as a walk of the volume found it or a manifest records it.
#[derive(Clone, Debug)]
pub struct FileToHash {
    /// The caller's own number for the file.
    pub index: usize,
    /// Path from the root, without the leading slash.
    pub path: Vec<u8>,
    /// Inode number, by which files are sorted; 0 if their order does not matter.
    pub ino: u64,
    /// Length in bytes that the file must still have.
    pub size: u64,
}

/// Content of one file, as it is on the volume.
#[derive(Debug)]
pub(super) struct HashedFile {
    /// The caller's number, from [`FileToHash`].
    pub index: usize,
    /// Holes of the file, in whole pages.
    pub holes: Vec<Hole>,
    /// Digest of the file's data; `None` for a file without data.
    pub digest: Option<Digest>,
}

/// Hashes files on all processors; the results are in no particular order.
pub(super) fn hash(
    mounted: MountedVolume<'_>,
    mut wanted: Vec<FileToHash>,
    algorithm: Algorithm,
    engine: Engine,
    progress: &Progress,
) -> Result<Vec<HashedFile>, PatchError> {
    wanted.sort_unstable_by_key(|file| file.ino);
    let placed = Mutex::new(Vec::with_capacity(wanted.len()));
    let tasks: Vec<&[FileToHash]> = wanted.chunks(TASK.count).collect();
    pool::run(
        engine.threads(),
        &tasks,
        || Ok(None),
        |dir, files| {
            let found = files.iter().map(|file| place(mounted, dir, file));
            let found = found.collect::<Result<Vec<_>, _>>()?;
            placed.lock().extend(found);
            Ok(())
        },
    )?;
    let mut placed = placed.into_inner();
    placed.sort_unstable_by_key(|file| file.ranges.first().map(|range| (range.is_file, range.at)));
    let len = |file: &Placed| file.ranges.iter().map(|range| range.len).sum();
    let tasks = cut(&placed, TASK, len);
    let found = Mutex::new(Vec::with_capacity(placed.len()));
    let worker = || Ok(Worker { algorithm, queue: engine.queue(false)? });
    pool::run(engine.readers(), &tasks, worker, |worker, files| {
        let hashed = worker.files(files, progress)?;
        found.lock().extend(hashed);
        Ok(())
    })?;
    Ok(found.into_inner())
}

/// Hashes files that a volume should hold, from inode `begin` on until `bytes` were read. Returns the inode to continue
/// with, or `None` if a file differs from the manifest.
///
/// # Errors
/// Errors of reading.
pub fn hash_again(
    mounted: MountedVolume<'_>,
    manifest: &Manifest,
    begin: u32,
    bytes: u64,
    engine: Engine,
) -> Result<Option<u32>, PatchError> {
    let mut wanted = Vec::new();
    let (mut index, mut planned) = (begin.min(manifest.inode_count()), 0);
    while index < manifest.inode_count() && planned < bytes {
        let inode = manifest.inode(index);
        if inode.is_regular() && inode.size() > 0 {
            planned += inode.data_len();
            let path = manifest.path(inode.first_node());
            wanted.push(FileToHash { index: index as usize, path, ino: 0, size: inode.size() });
        }
        index += 1;
    }
    let next = if index == manifest.inode_count() { 0 } else { index };
    let found = hash(mounted, wanted, manifest.algorithm(), engine, &Progress::default());
    let found = match found {
        // A file that is gone, or has another length than in the manifest, is a difference, not a failure.
        Err(PatchError::Store(StoreError::Changed(_) | StoreError::Tree { .. })) => {
            return Ok(None);
        }
        found => found?,
    };
    let is_same = |found: &HashedFile| {
        let inode = manifest.inode(found.index as u32);
        (inode.digest(), inode.holes()) == (found.digest, found.holes.clone())
    };
    Ok(found.iter().all(is_same).then_some(next))
}

/// A file, and the ranges in which its data lies.
struct Placed {
    index: usize,
    path: Vec<u8>,
    holes: Vec<Hole>,
    /// The ranges to read, in the order of the file's data.
    ranges: Vec<Range>,
}

/// A range of bytes to read.
struct Range {
    /// The device, or the file itself.
    source: Arc<File>,
    is_file: bool,
    at: u64,
    len: u64,
}

/// Opens a file, checks its length, and finds its data.
fn place(
    mounted: MountedVolume<'_>,
    dir: &mut Option<(Vec<u8>, Dir)>,
    wanted: &FileToHash,
) -> Result<Placed, PatchError> {
    let (path, size) = (&wanted.path, wanted.size);
    let cut = path.iter().rposition(|byte| *byte == b'/');
    let (parent, name) = cut.map_or((&[][..], &path[..]), |at| (&path[..at], &path[at + 1..]));
    let parent_dir = match dir.take() {
        Some((there, dir)) if there == parent => dir,
        _ => {
            mounted.root.open_beneath(parent).map_err(StoreError::tree("open directory", parent))?
        }
    };
    let file = parent_dir.open_file(name).map_err(StoreError::tree("open", path))?;
    *dir = Some((parent.to_vec(), parent_dir));
    let now = sysio::dir::stat_fd(std::os::fd::AsFd::as_fd(&file));
    if now.map_err(StoreError::tree("stat", path))?.size != size {
        return Err(StoreError::Changed(wire::units::show_path(path)).into());
    }
    let found = sysio::extents::extents(&file).map_err(StoreError::tree("find data of", path))?;
    let (holes, ranges) = match found {
        Some(extents) => on_device(mounted, size, &extents),
        None => in_file(file, size).map_err(StoreError::tree("find holes of", path))?,
    };
    Ok(Placed { index: wanted.index, path: path.clone(), holes, ranges })
}

/// Returns the holes and device ranges of a file whose extents are known.
fn on_device(
    mounted: MountedVolume<'_>,
    size: u64,
    extents: &[sysio::extents::Extent],
) -> (Vec<Hole>, Vec<Range>) {
    let (device, begin) = mounted.device;
    let (mut holes, mut ranges) = (Vec::new(), Vec::new());
    let mut position = 0;
    for extent in extents.iter().filter(|extent| extent.offset < size) {
        if extent.offset > position {
            holes.push(Hole { offset: position, len: extent.offset - position });
        }
        let len = extent.len.min(size - extent.offset);
        ranges.push(Range {
            source: Arc::clone(device),
            is_file: false,
            at: begin + extent.place,
            len,
        });
        position = extent.offset + len;
    }
    if position < size {
        holes.push(Hole { offset: position, len: size - position });
    }
    (holes, ranges)
}

/// Returns the holes and data ranges of a file that is read through the filesystem, not from the device.
fn in_file(file: File, size: u64) -> std::io::Result<(Vec<Hole>, Vec<Range>)> {
    let holes = sysio::file::holes(&file, size)?;
    let holes: Vec<Hole> = holes.into_iter().map(|(offset, len)| Hole { offset, len }).collect();
    let holes = align_holes(size, &holes);
    let source = Arc::new(file);
    let range = |(at, len)| Range { source: Arc::clone(&source), is_file: true, at, len };
    let ranges = data_extents(size, &holes).into_iter().map(range).collect();
    Ok((holes, ranges))
}

/// One read, and the files whose data it covers.
struct SharedRead {
    source: Arc<File>,
    at: u64,
    len: u64,
    /// Index of each file in the task, and the range of the piece that holds its data.
    parts: Vec<(usize, std::ops::Range<usize>)>,
}

/// Cuts the data of files into pieces; neighbours share a piece.
fn pieces(files: &[Placed]) -> Vec<SharedRead> {
    let mut pieces: Vec<SharedRead> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        for range in &file.ranges {
            let mut at = range.at;
            while at < range.at + range.len {
                let left = range.at + range.len - at;
                let last = pieces.last_mut().filter(|last| {
                    let end = last.at + last.len;
                    Arc::ptr_eq(&last.source, &range.source)
                        && (end..=end + GAP_LEN_MAX).contains(&at)
                        && at + left.min(PAGE_LEN) <= last.at + PIECE_LEN as u64
                });
                let piece = match last {
                    Some(last) => last,
                    None => {
                        let source = Arc::clone(&range.source);
                        pieces.push(SharedRead { source, at, len: 0, parts: Vec::new() });
                        let Some(last) = pieces.last_mut() else { return pieces };
                        last
                    }
                };
                let begin = at - piece.at;
                let len = left.min(PIECE_LEN as u64 - begin);
                piece.parts.push((number, begin as usize..(begin + len) as usize));
                piece.len = begin + len;
                at += len;
            }
        }
    }
    pieces
}

/// One thread's queue for hashing.
struct Worker {
    algorithm: Algorithm,
    queue: IoQueue,
}

impl Worker {
    fn files(
        &mut self,
        files: &[Placed],
        progress: &Progress,
    ) -> Result<Vec<HashedFile>, PatchError> {
        let mut hashers: HashMap<usize, Hasher> = HashMap::new();
        let pieces = pieces(files);
        let mut asked = VecDeque::new();
        let mut pending = pieces.iter();
        let read = |piece: &SharedRead| {
            let path = piece.parts.first().map(|(number, _)| &files[*number].path[..]);
            StoreError::tree("read", path.unwrap_or_default())
        };
        loop {
            while self.queue.has_room()
                && let Some(piece) = pending.next()
            {
                let len = (piece.len as usize).next_multiple_of(PAGE_LEN as usize);
                self.queue.ask(&piece.source, piece.at, len).map_err(read(piece))?;
                asked.push_back(piece);
            }
            let Some(piece) = asked.pop_front() else { break };
            let is_whole = self.queue.answer(|bytes| {
                for (number, part) in &piece.parts {
                    let Some(data) = bytes.get(part.clone()) else { return false };
                    let new = || self.algorithm.hasher();
                    hashers.entry(*number).or_insert_with(new).update(data);
                    progress.bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
                }
                true
            });
            if !is_whole.map_err(read(piece))? {
                let path = piece
                    .parts
                    .first()
                    .map(|(number, _)| wire::units::show_path(&files[*number].path));
                return Err(StoreError::Changed(path.unwrap_or_default()).into());
            }
        }
        Ok(files
            .iter()
            .enumerate()
            .map(|(number, file)| HashedFile {
                index: file.index,
                holes: file.holes.clone(),
                digest: hashers.remove(&number).map(Hasher::finish),
            })
            .collect())
    }
}
