//! A large file: any worker processes its frames; the one that finishes last offers the list of
//! frames.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use wire::digest::{Algorithm, Digest};
use wire::manifest::Hole;
use wire::object::{FRAME_LIST_COUNT_MAX, FrameList};
use wire::units::FRAME_LEN_MAX;

use super::{Outcome, Shared, Slot};
use crate::Refusal;
use crate::codec::Encoder;
use crate::error::StoreError;
use crate::ingest::sink::SinkObject;

/// A large file; any worker may process its frames.
pub(super) struct Large {
    slot: Slot,
    frames: Mutex<Vec<Option<(Digest, u32)>>>,
    /// Number of frames that are not done yet, plus one until the end of the file is known.
    pending: AtomicUsize,
    end: OnceLock<(Digest, u64, Vec<Hole>)>,
}

impl Large {
    fn new(slot: Slot) -> Self {
        Self { slot, frames: Mutex::default(), pending: AtomicUsize::new(1), end: OnceLock::new() }
    }

    /// Digests and offers one frame; if it is the last to be done, offers the list of frames, too.
    pub(super) fn frame(
        &self,
        index: usize,
        mut content: Vec<u8>,
        shared: &Shared<'_>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        let digest = shared.algorithm.digest(&content);
        let len = content.len() as u32;
        shared.progress.bytes.fetch_add(len.into(), Ordering::Relaxed);
        shared.sink.offer(SinkObject::Data { digest, content: &mut content }, encoder)?;
        self.frames.lock()[index] = Some((digest, len));
        self.done_one(shared, encoder)
    }

    /// Counts a frame, or the file's end, as done. The call that counts the last of them offers the list of frames.
    fn done_one(&self, shared: &Shared<'_>, encoder: &mut Encoder) -> Result<(), StoreError> {
        if self.pending.fetch_sub(1, Ordering::AcqRel) != 1 {
            return Ok(());
        }
        let Some((digest, size, holes)) = self.end.get().cloned() else {
            return Ok(());
        };
        let frames: Vec<_> = self.frames.lock().iter().copied().flatten().collect();
        shared.sink.offer(SinkObject::List { digest, list: FrameList { frames } }, encoder)?;
        let outcome = Outcome { index: self.slot.index, size, holes, digest: Some(digest) };
        shared.outcomes.lock().push(outcome);
        Ok(())
    }
}

/// The reading side of a large file: hashes the whole, and numbers the frames.
pub(in crate::ingest) struct LargeWriter {
    pub(super) large: Arc<Large>,
    whole: wire::Hasher,
    count: usize,
}

impl LargeWriter {
    pub(super) fn new(slot: Slot, algorithm: Algorithm) -> Self {
        Self { large: Arc::new(Large::new(slot)), whole: algorithm.hasher(), count: 0 }
    }

    /// Adds the next frame to the hash of the whole file; returns the frame's number.
    pub(super) fn next(
        &mut self,
        content: &[u8],
        shared: &Shared<'_>,
    ) -> Result<usize, StoreError> {
        if self.count == 0 {
            shared.notice_program(self.large.slot, content);
        }
        if self.count == FRAME_LIST_COUNT_MAX {
            let gib = (FRAME_LIST_COUNT_MAX * FRAME_LEN_MAX) >> 30;
            return Err(Refusal::FileTooLong(gib).into());
        }
        self.whole.update(content);
        self.large.frames.lock().push(None);
        self.large.pending.fetch_add(1, Ordering::AcqRel);
        self.count += 1;
        Ok(self.count - 1)
    }

    /// Ends the file, whose size and holes are now known.
    pub(super) fn end(
        self,
        size: u64,
        holes: Vec<Hole>,
        shared: &Shared<'_>,
        encoder: &mut Encoder,
    ) -> Result<(), StoreError> {
        // Set once, before `pending` can reach zero.
        self.large.end.get_or_init(|| (self.whole.finish(), size, holes));
        self.large.done_one(shared, encoder)
    }
}
