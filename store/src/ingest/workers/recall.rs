//! Files whose content the ingest cache knows: workers ask the sink for many of them at once, and read those that it does
//! not hold.

use std::time::SystemTime;

use parking_lot::Mutex;
use sysio::{Dir, Stat};
use wire::digest::Digest;
use wire::manifest::{Content, Tree};
use wire::units::show_path;

use super::Slot;
use crate::error::StoreError;
use crate::ingest::cache::{FileKey, IngestCache, KnownFile};

/// Number of files for which the sink is asked at once.
const ASK_COUNT: usize = 512;

/// A file whose content is known, if it did not change.
pub(super) struct RecalledFile {
    pub path: Vec<u8>,
    pub stat: Stat,
    pub slot: Slot,
    pub key: FileKey,
    pub known: KnownFile,
}

/// The cache during one ingest.
pub(super) struct Recall<'a> {
    pub cache: &'a IngestCache,
    /// The source, to open files that must be read after all.
    pub root: &'a Dir,
    waiting: Mutex<Vec<RecalledFile>>,
    /// When the ingest began: all attributes are read later.
    begin: SystemTime,
    /// Files that were read: their index in the tree, and the key under which their content is kept.
    read: Mutex<Vec<(usize, FileKey)>>,
    /// Files that were not read.
    held: Mutex<Vec<(usize, FileKey, KnownFile)>>,
    /// Files that were read although they were known: their index in the tree, what they should hold, and their path.
    doubted: Mutex<Vec<(usize, Digest, Vec<u8>)>>,
}

impl<'a> Recall<'a> {
    pub(super) fn new(cache: &'a IngestCache, root: &'a Dir) -> Self {
        let (waiting, read, held, doubted) = Default::default();
        Self { cache, root, waiting, begin: SystemTime::now(), read, held, doubted }
    }

    /// Adds a file to those that wait; returns them all when they are enough.
    pub(super) fn wait(&self, file: RecalledFile) -> Option<Vec<RecalledFile>> {
        let mut waiting = self.waiting.lock();
        waiting.push(file);
        (waiting.len() >= ASK_COUNT).then(|| std::mem::take(&mut *waiting))
    }

    /// Returns the files that still wait.
    pub(super) fn rest(&self) -> Vec<RecalledFile> {
        std::mem::take(&mut *self.waiting.lock())
    }

    /// Notes that a file was read at a time, and that it has no holes.
    pub(super) fn was_read(&self, stat: &Stat, index: usize, at: SystemTime) {
        if let Some(key) = FileKey::settled(stat, at) {
            self.read.lock().push((index, key));
        }
    }

    /// Notes that a known file was not read.
    pub(super) fn was_held(&self, file: &RecalledFile) {
        self.held.lock().push((file.slot.index, file.key, file.known));
    }

    /// Notes that a known file will be read, so that its content shows whether the cache is right.
    pub(super) fn doubt(&self, file: &RecalledFile) {
        self.doubted.lock().push((file.slot.index, file.known.digest, file.path.clone()));
    }

    /// Keeps what was read, for the next ingest. `program` returns the machine of a program, by its index in the tree.
    ///
    /// # Errors
    /// [`StoreError::WrongCache`] if a known file held something else.
    pub(super) fn conclude(
        self,
        tree: &Tree,
        program: impl Fn(usize) -> Option<super::Head>,
    ) -> Result<(), StoreError> {
        let digest = |index: usize| match &tree.inodes[index].content {
            Content::Regular { digest, .. } => *digest,
            _ => None,
        };
        for (index, expected, path) in self.doubted.into_inner() {
            if digest(index) != Some(expected) {
                return Err(StoreError::WrongCache(show_path(&path)));
            }
        }
        // What changed within a tick of the filesystem's clock before the attributes were read may have got others since.
        let is_bare = |index: usize, key: &FileKey| {
            tree.inodes[index].xattrs.is_empty() && key.is_settled(self.begin)
        };
        for (index, key) in self.read.into_inner() {
            if let Some(digest) = digest(index) {
                let (program, is_bare) = (program(index), is_bare(index, &key));
                self.cache.keep(key, KnownFile { digest, program, is_bare });
            }
        }
        for (index, key, known) in self.held.into_inner() {
            let is_bare = known.is_bare || is_bare(index, &key);
            self.cache.keep(key, KnownFile { is_bare, ..known });
        }
        Ok(())
    }
}
