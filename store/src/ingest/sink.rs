//! Sinks: receivers of the objects that ingest makes.

use std::sync::atomic::{AtomicU32, Ordering};

use wire::digest::Digest;
use wire::object::FrameList;

use crate::batch::Batch;
use crate::codec::{Encoder, encode_list};
use crate::error::StoreError;

/// An object that ingest offers to a sink, already hashed.
#[derive(Debug)]
pub enum SinkObject<'a> {
    /// Content of 1 byte to 1 MiB. The sink may take the buffer and leave an empty one.
    Data {
        /// Digest of the uncompressed content.
        digest: Digest,
        /// The uncompressed content. To keep it, the sink compresses it with the encoder.
        content: &'a mut Vec<u8>,
    },
    /// Content above 1 MiB. Its frames are offered separately, before or at the same time.
    List {
        /// Digest of the whole content.
        digest: Digest,
        /// Digests and lengths of the content's frames, in order.
        list: FrameList,
    },
}

/// Receives objects from several threads at once.
pub trait Sink: Sync {
    /// Takes an object, unless the sink holds it already.
    ///
    /// # Errors
    /// Any error ends the ingest, which returns it.
    fn offer(&self, object: SinkObject<'_>, encoder: &mut Encoder) -> Result<(), StoreError>;

    /// Returns whether [`Sink::holds`] can return true: whether the sink may tell what it holds.
    fn tells_what_it_holds(&self) -> bool {
        false
    }

    /// Returns for each object whether the sink holds it, with all its frames if it is a large one,
    /// so that ingest need not offer it. The sink may return false for any object.
    ///
    /// # Errors
    /// Any error ends the ingest.
    fn holds(&self, digests: &[Digest]) -> Result<Vec<bool>, StoreError> {
        Ok(vec![false; digests.len()])
    }

    /// Waits until every offered object has arrived. The sink's owner makes the objects durable.
    ///
    /// # Errors
    /// The first error of any offered object.
    fn finish(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Counts how often the sink held a large object already. The counts decide whether it pays off to
/// ask the sink about the next one.
#[derive(Debug, Default)]
pub(super) struct Odds {
    hits: AtomicU32,
    misses: AtomicU32,
}

impl Odds {
    /// Below this number of misses, the sink is always asked. From this number on, it is asked only
    /// while there is at least one hit per four misses.
    const ALWAYS: u32 = 4;

    /// Returns whether asking the sink about a further object is likely to pay off.
    pub(super) fn are_good(&self) -> bool {
        let (hits, misses) =
            (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed));
        misses < Self::ALWAYS || hits >= misses / 4
    }

    /// Counts an answer.
    pub(super) fn note(&self, is_known: bool) {
        let counter = if is_known { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Puts objects into a batch of a local store. The caller commits the batch.
#[derive(Debug)]
pub struct BatchSink<'a> {
    batch: &'a Batch,
}

impl<'a> BatchSink<'a> {
    /// Wraps a batch, which the sink never commits.
    pub fn new(batch: &'a Batch) -> Self {
        Self { batch }
    }
}

impl Sink for BatchSink<'_> {
    fn tells_what_it_holds(&self) -> bool {
        true
    }

    fn holds(&self, digests: &[Digest]) -> Result<Vec<bool>, StoreError> {
        let (store, hold) = (self.batch.store(), self.batch.hold());
        Ok(digests.iter().map(|digest| store.promise_whole(digest, hold)).collect())
    }

    fn offer(&self, object: SinkObject<'_>, encoder: &mut Encoder) -> Result<(), StoreError> {
        match object {
            SinkObject::Data { digest, content } if self.batch.claim(&digest) => {
                self.batch.put(&encoder.encode(digest, content))
            }
            SinkObject::List { digest, list } if self.batch.claim(&digest) => {
                self.batch.put(&encode_list(digest, &list))
            }
            _ => Ok(()),
        }
    }
}

/// A sink that keeps nothing and claims to hold every object. It serves an ingest that only hashes
/// a tree.
#[derive(Debug)]
pub struct HashOnly;

impl Sink for HashOnly {
    fn tells_what_it_holds(&self) -> bool {
        true
    }

    fn holds(&self, digests: &[Digest]) -> Result<Vec<bool>, StoreError> {
        Ok(vec![true; digests.len()])
    }

    fn offer(&self, _: SinkObject<'_>, _: &mut Encoder) -> Result<(), StoreError> {
        Ok(())
    }
}
