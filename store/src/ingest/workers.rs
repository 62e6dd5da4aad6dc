//! Workers that read, hash and compress on all cores, in bounded memory.

mod large_file;
mod reading;
mod recall;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use diskfs::acl::Accounts;
use parking_lot::{Condvar, Mutex};
use sysio::{Dir, Stat};
use wire::digest::{Algorithm, Digest};
use wire::manifest::{Content, Hole, Tree};
use wire::proto::ImageFacts;

use super::cache::KnownFile;
use super::directory::{FoundFile, Visitor};
use super::facts::{CapturedPath, Facts, Head, wanted};
use super::sink::{Odds, Sink, SinkObject};
use super::{Options, Progress};
use crate::codec::Encoder;
use crate::error::StoreError;
use large_file::Large;
use recall::{Recall, RecalledFile};

pub(super) use large_file::LargeWriter;

/// Limit on pieces of work in the queue. They hold at most 64 MiB of content, and they are enough
/// to keep the workers busy while the walk is in a directory of large files.
pub const QUEUE_LEN: usize = 64;

/// The tree and the facts that the walk and the workers found, before repairs and before the
/// manifest is encoded.
pub(super) struct IngestedTree {
    /// The tree, with all digests filled in.
    pub tree: Tree,
    pub facts: ImageFacts,
    /// Users and groups of the image, for names in ACLs.
    pub accounts: Accounts,
}

/// A file's index in the tree, and the facts to collect while reading it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub index: usize,
    /// Whether the file is executable. If it is a program, its first bytes show the architecture.
    pub is_program: bool,
    /// The file's path, if facts need the file's whole content; otherwise `None`.
    pub wanted: Option<CapturedPath>,
}

/// A piece of work for any worker.
enum Work {
    /// A file of a directory under ingest; the worker opens and reads it.
    File { dir: Arc<Dir>, name: Vec<u8>, path: Vec<u8>, stat: Stat, slot: Slot },
    /// A small file's data from a tar, without its holes.
    Buffer { content: Vec<u8>, size: u64, holes: Vec<Hole>, slot: Slot },
    /// One frame of a large file; `index` is its place in the list of frames.
    Frame { content: Vec<u8>, large: Arc<Large>, index: usize },
    /// Files whose content the cache knows, if the sink holds it.
    Recalled(Vec<RecalledFile>),
    /// Tells one worker to end.
    End,
}

/// A file's size, holes and digest, for the tree.
struct Outcome {
    index: usize,
    size: u64,
    holes: Vec<Hole>,
    digest: Option<Digest>,
}

/// The sending side of the queue of work.
pub(super) struct Workers<'a> {
    sender: Sender<Work>,
    shared: &'a Shared<'a>,
}

struct Shared<'a> {
    algorithm: Algorithm,
    sink: &'a dyn Sink,
    /// Whether it pays off to hash a large file before its frames are offered.
    odds: Odds,
    recall: Option<Recall<'a>>,
    progress: &'a Progress,
    outcomes: Mutex<Vec<Outcome>>,
    facts: Mutex<Facts>,
    error: Mutex<Option<StoreError>>,
    has_failed: AtomicBool,
    /// Pieces of work that are queued or running. Work creates more work (frames), so everything is
    /// done only when this is zero.
    outstanding: Mutex<usize>,
    all_done: Condvar,
}

/// Runs `walk` at the same time as the workers, and returns the walk's tree with the workers'
/// results filled in.
pub(super) fn run(
    options: &Options<'_>,
    sink: &dyn Sink,
    walk: impl FnOnce(&Workers<'_>) -> Result<Tree, StoreError>,
) -> Result<IngestedTree, StoreError> {
    run_with(options, sink, None, walk)
}

/// Runs a walk of `root` as [`run`] does, with the cache of the options.
pub(super) fn run_in(
    root: &Dir,
    options: &Options<'_>,
    sink: &dyn Sink,
    walk: impl FnOnce(&Workers<'_>) -> Result<Tree, StoreError>,
) -> Result<IngestedTree, StoreError> {
    let recall = options.cache.map(|cache| Recall::new(cache, root));
    run_with(options, sink, recall, walk)
}

fn run_with(
    options: &Options<'_>,
    sink: &dyn Sink,
    recall: Option<Recall<'_>>,
    walk: impl FnOnce(&Workers<'_>) -> Result<Tree, StoreError>,
) -> Result<IngestedTree, StoreError> {
    let shared = Shared {
        algorithm: options.algorithm,
        sink,
        odds: Odds::default(),
        recall,
        progress: options.progress,
        outcomes: Mutex::default(),
        facts: Mutex::default(),
        error: Mutex::default(),
        has_failed: AtomicBool::new(false),
        outstanding: Mutex::new(0),
        all_done: Condvar::new(),
    };
    let count = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2);
    let encoders = (0..count).map(|_| Encoder::new()).collect::<Result<Vec<_>, _>>()?;
    let walked = std::thread::scope(|scope| {
        let (sender, receiver) = bounded(QUEUE_LEN);
        for encoder in encoders {
            let worker =
                Worker { receiver: receiver.clone(), sender: sender.clone(), shared: &shared };
            scope.spawn(move || worker.run(encoder));
        }
        let workers = Workers { sender, shared: &shared };
        let tree = walk(&workers).and_then(|tree| workers.ask_for_rest().map(|()| tree));
        workers.stop(count);
        tree
    });
    // Prefer a worker's error: the walk's error may say only that the ingest stopped.
    if let Some(error) = shared.error.lock().take() {
        return Err(error);
    }
    let mut tree = walked?;
    for outcome in shared.outcomes.lock().drain(..) {
        if let Content::Regular { size, holes, digest } = &mut tree.inodes[outcome.index].content {
            (*size, *holes, *digest) = (outcome.size, outcome.holes, outcome.digest);
        }
    }
    let noticed = shared.facts.into_inner();
    let (facts, accounts) = (noticed.conclude(&tree), noticed.accounts(&tree));
    if let Some(recall) = shared.recall {
        let programs: HashMap<usize, Head> = noticed.programs.into_iter().collect();
        recall.conclude(&tree, |index| programs.get(&index).copied())?;
    }
    Ok(IngestedTree { tree, facts, accounts })
}

impl Workers<'_> {
    /// Queues a small file's data, without its holes.
    pub(super) fn buffer(
        &self,
        content: Vec<u8>,
        size: u64,
        holes: Vec<Hole>,
        slot: Slot,
    ) -> Result<(), StoreError> {
        self.send(Work::Buffer { content, size, holes, slot })
    }

    /// Begins a large file, which the caller reads and cuts into frames.
    pub(super) fn begin_large(&self, slot: Slot) -> LargeWriter {
        LargeWriter::new(slot, self.shared.algorithm)
    }

    /// Queues the next frame of a large file.
    pub(super) fn frame(
        &self,
        writer: &mut LargeWriter,
        content: Vec<u8>,
    ) -> Result<(), StoreError> {
        let index = writer.next(&content, self.shared)?;
        self.send(Work::Frame { content, large: Arc::clone(&writer.large), index })
    }

    /// Ends a large file after its last frame.
    pub(super) fn end_large(
        &self,
        writer: LargeWriter,
        size: u64,
        holes: Vec<Hole>,
    ) -> Result<(), StoreError> {
        writer.end(size, holes, self.shared, &mut Encoder::new()?)
    }

    pub(super) fn count_inode(&self) {
        self.shared.progress.inodes.fetch_add(1, Ordering::Relaxed);
    }

    /// Queues the known files that wait for more of them.
    fn ask_for_rest(&self) -> Result<(), StoreError> {
        let rest = self.shared.recall.as_ref().map(Recall::rest).unwrap_or_default();
        if rest.is_empty() { Ok(()) } else { self.send(Work::Recalled(rest)) }
    }

    fn send(&self, work: Work) -> Result<(), StoreError> {
        let stopped = || StoreError::Stopped("ingest was stopped by an earlier error");
        if self.shared.has_failed.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        *self.shared.outstanding.lock() += 1;
        self.sender.send(work).map_err(|_| stopped())
    }

    /// Waits until no work is left, then ends the workers.
    fn stop(self, count: usize) {
        let mut outstanding = self.shared.outstanding.lock();
        self.shared.all_done.wait_while(&mut outstanding, |count| *count > 0);
        drop(outstanding);
        for _ in 0..count {
            if self.sender.send(Work::End).is_err() {
                return;
            }
        }
    }
}

impl Visitor for Workers<'_> {
    fn inode(&self) {
        self.count_inode();
    }

    fn is_bare(&self, stat: &Stat) -> bool {
        let recall = self.shared.recall.as_ref();
        let known = recall.and_then(|recall| recall.cache.get(stat));
        known.is_some_and(|(_, known)| known.is_bare)
    }

    fn file(&self, file: FoundFile<'_>) -> Result<(), StoreError> {
        let FoundFile { stat, index, .. } = file;
        let is_program = stat.mode & 0o111 != 0;
        let slot = Slot { index, is_program, wanted: wanted(file.path) };
        let path = file.path.to_vec();
        if let Some(recall) = self.shared.recall_for(slot)
            && let Some((key, known)) = recall.cache.get(&stat)
        {
            let many = recall.wait(RecalledFile { path, stat, slot, key, known });
            return many.map_or(Ok(()), |many| self.send(Work::Recalled(many)));
        }
        let (dir, name) = (Arc::clone(file.dir), file.name.to_vec());
        self.send(Work::File { dir, name, path, stat, slot })
    }
}

struct Worker<'a> {
    receiver: Receiver<Work>,
    /// Queues the frames of large files that this worker reads.
    sender: Sender<Work>,
    shared: &'a Shared<'a>,
}

impl Worker<'_> {
    fn run(self, mut encoder: Encoder) {
        let mut content = Vec::new();
        while let Ok(work) = self.receiver.recv() {
            if matches!(work, Work::End) {
                return;
            }
            if !self.shared.has_failed.load(Ordering::Relaxed)
                && let Err(error) = self.perform(work, &mut content, &mut encoder)
            {
                self.shared.fail(error);
            }
            self.shared.done_one();
        }
    }

    fn perform(
        &self,
        work: Work,
        buffer: &mut Vec<u8>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        match work {
            Work::File { dir, name, path, stat, slot } => {
                self.file(&dir, &name, &path, &stat, slot, buffer, encoder)
            }
            Work::Buffer { mut content, size, holes, slot } => {
                self.shared.small(slot, size, holes, &mut content, encoder)
            }
            Work::Frame { content, large, index } => {
                large.frame(index, content, self.shared, encoder)
            }
            Work::Recalled(files) => self.recalled(files, buffer, encoder),
            Work::End => Ok(()),
        }
    }

    /// Queues a frame. If the queue is full, processes the frame here: if every worker waited for
    /// room in the queue, no work would ever leave it.
    fn hand_over(
        &self,
        writer: &mut LargeWriter,
        content: Vec<u8>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        let index = writer.next(&content, self.shared)?;
        let work = Work::Frame { content, large: Arc::clone(&writer.large), index };
        *self.shared.outstanding.lock() += 1;
        match self.sender.try_send(work) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(work) | TrySendError::Disconnected(work)) => {
                let result = self.perform(work, &mut Vec::new(), encoder);
                self.shared.done_one();
                result
            }
        }
    }
}

impl Shared<'_> {
    fn small(
        &self,
        slot: Slot,
        size: u64,
        holes: Vec<Hole>,
        content: &mut Vec<u8>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        self.notice_program(slot, content);
        if let Some(path) = slot.wanted {
            self.facts.lock().capture(path, slot.index, content);
        }
        self.progress.bytes.fetch_add(content.len() as u64, Ordering::Relaxed);
        let digest = (!content.is_empty()).then(|| self.algorithm.digest(content));
        if let Some(digest) = digest {
            self.sink.offer(SinkObject::Data { digest, content }, encoder)?;
        }
        self.outcomes.lock().push(Outcome { index: slot.index, size, holes, digest });
        Ok(())
    }

    /// Returns the cache for a file of which nothing but the digest is needed.
    fn recall_for(&self, slot: Slot) -> Option<&Recall<'_>> {
        let recall = self.recall.as_ref()?;
        (slot.wanted.is_none() && self.sink.tells_what_it_holds()).then_some(recall)
    }

    /// Notes a known file that the sink holds.
    fn recalled(&self, slot: Slot, size: u64, known: &KnownFile) {
        if slot.is_program
            && let Some(head) = known.program
        {
            self.facts.lock().programs.push((slot.index, head));
        }
        self.progress.bytes.fetch_add(size, Ordering::Relaxed);
        let (holes, digest) = (Vec::new(), Some(known.digest));
        self.outcomes.lock().push(Outcome { index: slot.index, size, holes, digest });
    }

    /// Records the machine that a program's first bytes name.
    fn notice_program(&self, slot: Slot, start: &[u8]) {
        if slot.is_program
            && let Some(head) = Head::of_program(start)
        {
            self.facts.lock().programs.push((slot.index, head));
        }
    }

    fn done_one(&self) {
        let mut outstanding = self.outstanding.lock();
        *outstanding -= 1;
        if *outstanding == 0 {
            self.all_done.notify_all();
        }
    }

    fn fail(&self, error: StoreError) {
        self.has_failed.store(true, Ordering::Relaxed);
        self.error.lock().get_or_insert(error);
    }
}
