//! Files of a directory: a worker opens and reads them, or takes them from the cache.

use std::fs::File;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use sysio::{Dir, Stat};
use wire::digest::Digest;
use wire::manifest::Hole;
use wire::manifest::tree::{align_holes, data_extents};
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX, show_path};

use super::large_file::LargeWriter;
use super::recall::RecalledFile;
use super::{Outcome, Slot, Worker};
use crate::codec::Encoder;
use crate::error::StoreError;

impl Worker<'_> {
    /// Takes known files as they are if the sink holds them, and reads the others.
    pub(super) fn recalled(
        &self,
        files: Vec<RecalledFile>,
        buffer: &mut Vec<u8>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        let Some(recall) = &self.shared.recall else { return Ok(()) };
        let digests: Vec<Digest> = files.iter().map(|file| file.known.digest).collect();
        let held = self.shared.sink.holds(&digests)?;
        for (file, is_held) in files.into_iter().zip(held) {
            let RecalledFile { path, stat, slot, known, .. } = &file;
            if is_held {
                self.shared.recalled(*slot, stat.size, known);
                recall.was_held(&file);
                continue;
            }
            recall.doubt(&file);
            let at = path.iter().rposition(|byte| *byte == b'/');
            let (parent, name) =
                at.map_or((&b""[..], &path[..]), |at| (&path[..at], &path[at + 1..]));
            let dir = recall.root.open_beneath(parent);
            let dir = dir.map_err(StoreError::tree("open directory", parent))?;
            self.file(&dir, name, path, stat, *slot, buffer, encoder)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one Work and the worker's buffers")]
    pub(super) fn file(
        &self,
        dir: &Dir,
        name: &[u8],
        path: &[u8],
        before: &Stat,
        slot: Slot,
        buffer: &mut Vec<u8>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        let read_at = SystemTime::now();
        let file = dir.open_file(name).map_err(StoreError::tree("open", path))?;
        let check = || -> Result<(), StoreError> {
            let now = sysio::dir::stat_fd(file.as_fd()).map_err(StoreError::tree("stat", path))?;
            if is_same_content(before, &now) {
                Ok(())
            } else {
                Err(StoreError::Changed(show_path(path)))
            }
        };
        check()?;
        let size = before.size;
        let holes =
            sysio::file::holes(&file, size).map_err(StoreError::tree("find holes of", path))?;
        let holes: Vec<Hole> =
            holes.into_iter().map(|(offset, len)| Hole { offset, len }).collect();
        let holes = align_holes(size, &holes);
        let can_be_kept = holes.is_empty();
        let keep = || {
            if let Some(recall) = self.shared.recall.as_ref().filter(|_| can_be_kept) {
                recall.was_read(before, slot.index, read_at);
            }
        };
        let extents = data_extents(size, &holes);
        let data_len: u64 = extents.iter().map(|(_, len)| len).sum();
        if data_len > OBJECT_WHOLE_LEN_MAX as u64 {
            sysio::file::advise_sequential(&file);
            if let Some(digest) = self.known_digest(&file, path, slot, &extents, buffer)? {
                check()?;
                self.shared.progress.bytes.fetch_add(data_len, Ordering::Relaxed);
                let outcome = Outcome { index: slot.index, size, holes, digest: Some(digest) };
                self.shared.outcomes.lock().push(outcome);
                keep();
                return Ok(());
            }
            self.large_file(&file, path, slot, size, holes, &extents, encoder)?;
            keep();
            return check();
        }
        buffer.clear();
        for (offset, len) in extents {
            let begin = buffer.len();
            buffer.resize(begin + len as usize, 0);
            read(&file, &mut buffer[begin..], offset, path)?;
        }
        check()?;
        keep();
        self.shared.small(slot, size, holes, buffer, encoder)
    }

    #[expect(clippy::too_many_arguments, reason = "one file's parts, split off `file` for length")]
    fn large_file(
        &self,
        file: &File,
        path: &[u8],
        slot: Slot,
        size: u64,
        holes: Vec<Hole>,
        extents: &[(u64, u64)],
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        let mut writer = LargeWriter::new(slot, self.shared.algorithm);
        let mut content = Vec::with_capacity(FRAME_LEN_MAX);
        for &(begin, len) in extents {
            let mut offset = begin;
            while offset < begin + len {
                let room = FRAME_LEN_MAX - content.len();
                let piece = (begin + len - offset).min(room as u64) as usize;
                let filled = content.len();
                content.resize(filled + piece, 0);
                read(file, &mut content[filled..], offset, path)?;
                offset += piece as u64;
                if content.len() == FRAME_LEN_MAX {
                    let frame = std::mem::replace(&mut content, Vec::with_capacity(FRAME_LEN_MAX));
                    self.hand_over(&mut writer, frame, encoder)?;
                }
            }
        }
        if !content.is_empty() {
            self.hand_over(&mut writer, content, encoder)?;
        }
        writer.end(size, holes, self.shared, encoder)
    }

    /// Hashes a whole file if the sink is likely to hold it; returns the digest if the sink holds
    /// the file.
    fn known_digest(
        &self,
        file: &File,
        path: &[u8],
        slot: Slot,
        extents: &[(u64, u64)],
        buffer: &mut Vec<u8>,
    ) -> Result<Option<Digest>, StoreError> {
        if !self.shared.sink.tells_what_it_holds() || !self.shared.odds.are_good() {
            return Ok(None);
        }
        let mut hasher = self.shared.algorithm.hasher();
        let mut start = Vec::new();
        buffer.resize(FRAME_LEN_MAX, 0);
        for &(begin, len) in extents {
            let mut offset = begin;
            while offset < begin + len {
                let piece = (begin + len - offset).min(FRAME_LEN_MAX as u64) as usize;
                read(file, &mut buffer[..piece], offset, path)?;
                if start.is_empty() {
                    start.extend_from_slice(&buffer[..piece.min(64)]);
                }
                hasher.update(&buffer[..piece]);
                offset += piece as u64;
            }
        }
        let digest = hasher.finish();
        let is_known = self.shared.sink.holds(&[digest])?.first() == Some(&true);
        self.shared.odds.note(is_known);
        if is_known {
            self.shared.notice_program(slot, &start);
        }
        Ok(is_known.then_some(digest))
    }
}

fn read(file: &File, buffer: &mut [u8], offset: u64, path: &[u8]) -> Result<(), StoreError> {
    let len = sysio::file::read_at(file, buffer, offset).map_err(StoreError::tree("read", path))?;
    if len < buffer.len() { Err(StoreError::Changed(show_path(path))) } else { Ok(()) }
}

/// Returns whether two stats show the same inode without a write in between.
fn is_same_content(before: &Stat, now: &Stat) -> bool {
    (before.ino, before.mode, before.size, before.mtime, before.ctime)
        == (now.ino, now.mode, now.size, now.mtime, now.ctime)
}
