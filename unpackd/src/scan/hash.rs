//! Hashing files of a volume: read ahead, in the order in which they lie on the device.
//!
//! The layout fills a volume in the order of inode numbers, so files are read in that order, and
//! neighbours are asked for together: a ring submits them together, and the block layer makes one
//! request of those that touch.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use store::StoreError;
use store::ingest::Progress;
use sysio::Dir;
use sysio::queue::{IoQueue, PIECE_LEN};
use wire::Manifest;
use wire::digest::{Algorithm, Digest, Hasher};
use wire::manifest::Hole;
use wire::manifest::tree::{align_holes, data_extents};

use crate::engine::{Engine, pool};
use crate::error::UnpackError;

/// Files of one task, and their bytes unless it is one: neighbours go to one thread.
const TASK_LEN: usize = 128;
const TASK_BYTES: u64 = 8 << 20;

/// A file to hash.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whatever the caller knows it by.
    pub index: usize,
    /// Its path from the root.
    pub path: Vec<u8>,
    /// Its inode number.
    pub ino: u64,
    /// Its length.
    pub size: u64,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// As in [`Wanted`].
    pub index: usize,
    /// Its holes, in whole pages.
    pub holes: Vec<Hole>,
    /// The digest of its data; `None` where it has none.
    pub digest: Option<Digest>,
}

/// Hashes files, on all processors.
pub(super) fn hash(
    root: &Dir,
    mut wanted: Vec<Wanted>,
    algorithm: Algorithm,
    engine: Engine,
    progress: &Progress,
) -> Result<Vec<Found>, UnpackError> {
    wanted.sort_unstable_by_key(|file| file.ino);
    let tasks = tasks(&wanted);
    let found = Mutex::new(Vec::with_capacity(wanted.len()));
    let worker = || {
        let queue = engine.queue(false)?;
        Ok(Worker { root, algorithm, queue, dir: None, open: VecDeque::new() })
    };
    pool::run(engine.threads(), &tasks, worker, |worker, files| {
        let hashed = worker.files(files, progress)?;
        found.lock().unwrap_or_else(PoisonError::into_inner).extend(hashed);
        Ok(())
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Hashes files of a manifest that a volume should hold, from inode `begin` on until `bytes` were
/// read, and returns the inode to go on with; `None` where one is not as the manifest has it.
///
/// # Errors
/// Errors of reading.
pub fn hash_again(
    root: &Dir,
    manifest: &Manifest,
    begin: u32,
    bytes: u64,
    engine: Engine,
) -> Result<Option<u32>, UnpackError> {
    let mut wanted = Vec::new();
    let (mut index, mut planned) = (begin.min(manifest.inode_count()), 0);
    while index < manifest.inode_count() && planned < bytes {
        let inode = manifest.inode(index);
        if inode.is_regular() && inode.size() > 0 {
            planned += inode.data_len();
            let path = manifest.path(inode.first_node());
            wanted.push(Wanted { index: index as usize, path, ino: 0, size: inode.size() });
        }
        index += 1;
    }
    let next = if index == manifest.inode_count() { 0 } else { index };
    let found = hash(root, wanted, manifest.algorithm(), engine, &Progress::default());
    let found = match found {
        // Another length than the manifest's, or gone: that is an answer.
        Err(UnpackError::Store(StoreError::Changed(_) | StoreError::Tree { .. })) => {
            return Ok(None);
        }
        found => found?,
    };
    let is_same = |found: &Found| {
        let inode = manifest.inode(found.index as u32);
        (inode.digest(), inode.holes()) == (found.digest, found.holes.clone())
    };
    Ok(found.iter().all(is_same).then_some(next))
}

fn tasks(wanted: &[Wanted]) -> Vec<&[Wanted]> {
    let mut tasks = Vec::new();
    let (mut begin, mut bytes) = (0, 0);
    for (index, file) in wanted.iter().enumerate() {
        if index > begin && (bytes + file.size > TASK_BYTES || index - begin >= TASK_LEN) {
            tasks.push(&wanted[begin..index]);
            (begin, bytes) = (index, 0);
        }
        bytes += file.size;
    }
    if begin < wanted.len() {
        tasks.push(&wanted[begin..]);
    }
    tasks
}

/// One thread's means of hashing.
struct Worker<'a> {
    root: &'a Dir,
    algorithm: Algorithm,
    queue: IoQueue,
    /// The directory that was opened last, by its path.
    dir: Option<(Vec<u8>, Dir)>,
    /// Files that are open, in order: the first is being hashed, the others are read ahead.
    open: VecDeque<Open>,
}

/// A file that is being read.
struct Open {
    file: Arc<File>,
    index: usize,
    path: Vec<u8>,
    holes: Vec<Hole>,
    hasher: Hasher,
    has_data: bool,
    /// Extents that are still to be asked for, in reverse order.
    pending: Vec<(u64, u64)>,
    /// Lengths of the pieces that were asked for and not answered.
    asked: VecDeque<usize>,
}

impl Worker<'_> {
    fn files(&mut self, files: &[Wanted], progress: &Progress) -> Result<Vec<Found>, UnpackError> {
        let mut files = files.iter();
        let mut found = Vec::with_capacity(files.len());
        loop {
            self.fill(&mut files)?;
            let Some(first) = self.open.front_mut() else { return Ok(found) };
            let Some(expected) = first.asked.pop_front() else {
                // All of it was answered.
                if let Some(Open { index, holes, hasher, has_data, .. }) = self.open.pop_front() {
                    found.push(Found { index, holes, digest: has_data.then(|| hasher.finish()) });
                }
                continue;
            };
            let hasher = &mut first.hasher;
            let len = self
                .queue
                .answer(|bytes| {
                    hasher.update(bytes);
                    bytes.len()
                })
                .map_err(StoreError::tree("read", &first.path))?;
            if len != expected {
                return Err(StoreError::Changed(store::show(&first.path)).into());
            }
            progress.bytes.fetch_add(len as u64, Ordering::Relaxed);
        }
    }

    /// Asks for pieces as long as the queue has room, opening files as it comes to them.
    fn fill(&mut self, files: &mut std::slice::Iter<'_, Wanted>) -> Result<(), UnpackError> {
        while self.queue.has_room() {
            let next = self.open.back_mut().filter(|open| !open.pending.is_empty());
            let Some(open) = next else {
                match files.next() {
                    Some(file) => {
                        let open = self.open_file(file)?;
                        self.open.push_back(open);
                        continue;
                    }
                    None => return Ok(()),
                }
            };
            if let Some((offset, left)) = open.pending.last_mut() {
                let len = (*left).min(PIECE_LEN as u64);
                self.queue
                    .ask(&open.file, *offset, len as usize)
                    .map_err(StoreError::tree("read", &open.path))?;
                open.asked.push_back(len as usize);
                *offset += len;
                *left -= len;
                if *left == 0 {
                    open.pending.pop();
                }
            }
        }
        Ok(())
    }

    fn open_file(&mut self, wanted: &Wanted) -> Result<Open, UnpackError> {
        let path = &wanted.path;
        let cut = path.iter().rposition(|byte| *byte == b'/');
        let (parent, name) = cut.map_or((&[][..], &path[..]), |at| (&path[..at], &path[at + 1..]));
        let dir = match self.dir.take() {
            Some((there, dir)) if there == parent => dir,
            _ => self
                .root
                .open_beneath(parent)
                .map_err(StoreError::tree("open directory", parent))?,
        };
        let dir = &self.dir.insert((parent.to_vec(), dir)).1;
        let file = dir.open_file(name).map_err(StoreError::tree("open", path))?;
        let size = wanted.size;
        let holes =
            sysio::file::holes(&file, size).map_err(StoreError::tree("find holes of", path))?;
        let holes: Vec<Hole> =
            holes.into_iter().map(|(offset, len)| Hole { offset, len }).collect();
        let holes = align_holes(size, &holes);
        let mut pending = data_extents(size, &holes);
        pending.reverse();
        Ok(Open {
            file: Arc::new(file),
            index: wanted.index,
            path: path.clone(),
            holes,
            hasher: self.algorithm.hasher(),
            has_data: !pending.is_empty(),
            pending,
            asked: VecDeque::new(),
        })
    }
}
