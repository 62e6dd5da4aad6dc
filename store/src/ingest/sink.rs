//! Where ingest's objects go.

use std::sync::atomic::{AtomicU32, Ordering};

use wire::digest::Digest;
use wire::object::FrameList;

use crate::batch::Batch;
use crate::codec::{Encoder, encode_list};
use crate::error::StoreError;

/// An object that ingest has hashed.
#[derive(Debug)]
pub enum Offered<'a> {
    /// Content of 1 byte to 1 MiB. A sink may take the buffer and leave an empty one.
    Data {
        /// The content's digest.
        digest: Digest,
        /// The content.
        content: &'a mut Vec<u8>,
    },
    /// Larger content, whose frames were offered before or are being offered.
    List {
        /// The whole content's digest.
        digest: Digest,
        /// Its frames.
        list: FrameList,
    },
}

/// Takes objects from several threads at once.
pub trait Sink: Sync {
    /// Takes an object, or leaves it where it is known already.
    ///
    /// # Errors
    /// Any error ends the ingest.
    fn offer(&self, object: Offered<'_>, encoder: &mut Encoder) -> Result<(), StoreError>;

    /// Returns whether asking [`Sink::holds`] is worth hashing a large file once more.
    fn expects_known(&self) -> bool {
        false
    }

    /// Returns whether a large object is known with all that it is made of, so that its frames
    /// need not be offered.
    ///
    /// # Errors
    /// Any error ends the ingest.
    fn holds(&self, _digest: &Digest) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Waits until everything offered has arrived; durability is for the sink's owner to ask for.
    ///
    /// # Errors
    /// The first error of anything that was offered.
    fn finish(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// How often large objects turned out to be known: whether to go on asking.
#[derive(Debug, Default)]
pub struct Odds {
    hits: AtomicU32,
    misses: AtomicU32,
}

impl Odds {
    /// The first few are always asked about; later ones while one in four was known.
    const ALWAYS: u32 = 4;

    /// Returns whether to ask again.
    pub fn are_good(&self) -> bool {
        let (hits, misses) =
            (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed));
        misses < Self::ALWAYS || hits >= misses / 4
    }

    /// Notes an answer, and returns it.
    pub fn note(&self, is_known: bool) -> bool {
        let counter = if is_known { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        is_known
    }
}

/// Puts objects into a batch of a local store.
#[derive(Debug)]
pub struct BatchSink<'a> {
    batch: &'a Batch,
    odds: Odds,
}

impl<'a> BatchSink<'a> {
    /// Makes a sink of a batch.
    pub fn new(batch: &'a Batch) -> Self {
        Self { batch, odds: Odds::default() }
    }
}

impl Sink for BatchSink<'_> {
    fn expects_known(&self) -> bool {
        self.odds.are_good()
    }

    fn holds(&self, digest: &Digest) -> Result<bool, StoreError> {
        Ok(self.odds.note(self.batch.store().is_complete(digest)))
    }

    fn offer(&self, object: Offered<'_>, encoder: &mut Encoder) -> Result<(), StoreError> {
        match object {
            Offered::Data { digest, content } if self.batch.claim(&digest) => {
                self.batch.put(&encoder.encode(digest, content))
            }
            Offered::List { digest, list } if self.batch.claim(&digest) => {
                self.batch.put(&encode_list(digest, &list))
            }
            _ => Ok(()),
        }
    }
}

/// Keeps nothing: for hashing a tree only.
#[derive(Debug)]
pub struct HashOnly;

impl Sink for HashOnly {
    fn expects_known(&self) -> bool {
        true
    }

    fn holds(&self, _: &Digest) -> Result<bool, StoreError> {
        Ok(true)
    }

    fn offer(&self, _: Offered<'_>, _: &mut Encoder) -> Result<(), StoreError> {
        Ok(())
    }
}
