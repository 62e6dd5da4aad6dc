//! Objects that another process sent: each is hashed before it is appended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wire::digest::Digest;
use wire::object::{Encoded, FrameList, Kind};

use super::Batch;
use crate::codec::Decoder;
use crate::error::StoreError;
use crate::recent::{KeepPolicy, RecentContents};

impl Batch {
    /// Makes an empty batch keep contents of what it receives: at most [`RECENT_LEN_MAX`](crate::RECENT_LEN_MAX) bytes
    /// for all batches of a store.
    #[must_use]
    pub fn keeping(mut self, policy: KeepPolicy) -> Self {
        self.recent = RecentContents::new(policy, Arc::clone(&self.store.recent_len));
        self
    }

    /// Takes the content of an object that was received a moment ago, if it is still in memory
    /// ([`KeepPolicy::ForReaders`]).
    pub fn take_recent(&self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        self.recent.take(digest)
    }

    /// Checks an object that another process sent, and appends it as [`Batch::put`] does. The content must have the
    /// object's digest. This batch or the store must hold the frames of a list. `content` is room for the work.
    ///
    /// # Durability
    /// The object is durable only after [`Batch::commit`].
    ///
    /// # Errors
    /// [`StoreError::Received`], [`StoreError::DamagedObject`], [`StoreError::WrongContent`] and
    /// [`StoreError::UnfitFrame`] for what came; as [`Batch::read`] for the frames of a list; as [`Batch::put`].
    pub fn put_received(
        &self,
        object: &Encoded,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        match object.kind {
            Kind::Data => {
                decoder.decode_received(object, content)?;
                // A list must be checked against the copy that the store has, if it has one already.
                if self.put_new(object)? {
                    self.recent.keep(&object.digest, content);
                }
                Ok(())
            }
            Kind::FrameList => {
                self.check_list(&object.digest, &received_list(object)?, decoder, content)?;
                self.put(object)
            }
        }
    }

    /// Checks and appends objects as [`Batch::put_received`] does, on all cores and in any order: if there are lists, their
    /// frames must have come before.
    ///
    /// # Errors
    /// As [`Batch::put_received`], for any of the objects; others may have been appended.
    pub fn put_all_received(&self, objects: &[Encoded]) -> Result<(), StoreError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), StoreError> {
            let (mut decoder, mut content) = (Decoder::new()?, Vec::new());
            while let Some(object) = objects.get(next.fetch_add(1, Ordering::Relaxed)) {
                let put = self.put_received(object, &mut decoder, &mut content);
                if put.is_err() {
                    // The other threads end, too.
                    next.store(objects.len(), Ordering::Relaxed);
                    return put;
                }
            }
            Ok(())
        };
        let panicked = || Err(StoreError::Stopped("a thread that checks objects panicked"));
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..cores.min(objects.len())).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| panicked()))
        })
    }

    /// Hashes the joint content of a list's frames.
    fn check_list(
        &self,
        digest: &Digest,
        list: &FrameList,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let mut hasher = digest.algorithm().hasher();
        for (frame, len) in &list.frames {
            // A batch that was renewed after an error has lost what came.
            let recent = self.recent.for_list(frame).filter(|it| it.len() == *len as usize);
            if let Some(recent) = recent.filter(|_| self.contains(frame)) {
                hasher.update(&recent);
                continue;
            }
            let stored = self.read(frame)?;
            if stored.kind != Kind::Data || stored.content_len != u64::from(*len) {
                return Err(StoreError::UnfitFrame { frame: *frame, list: *digest });
            }
            decoder.decode_stored(&stored, content)?;
            hasher.update(content);
        }
        let (expected, found) = (*digest, hasher.finish());
        if found == expected { Ok(()) } else { Err(StoreError::WrongContent { expected, found }) }
    }
}

/// Decodes a list of frames that another process sent. Does not check the frames themselves.
///
/// # Errors
/// [`StoreError::Received`]: a malformed list.
pub fn received_list(object: &Encoded) -> Result<FrameList, StoreError> {
    FrameList::decode(&object.payload, object.content_len)
        .map_err(|source| StoreError::Received { digest: object.digest, source })
}
