//! Where ingest's objects go.

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

    /// Waits until everything offered has arrived; durability is for the sink's owner to ask for.
    ///
    /// # Errors
    /// The first error of anything that was offered.
    fn finish(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Puts objects into a batch of a local store.
#[derive(Debug)]
pub struct BatchSink<'a> {
    /// The batch.
    pub batch: &'a Batch,
}

impl Sink for BatchSink<'_> {
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
    fn offer(&self, _: Offered<'_>, _: &mut Encoder) -> Result<(), StoreError> {
        Ok(())
    }
}
