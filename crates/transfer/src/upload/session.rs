//! What all threads of an upload share: the server, what it said at the beginning, and the offers to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use store::codec::Decoder;
use store::{Store, StoreError};
use wire::digest::{Algorithm, Digest};
use wire::object::Encoded;
use wire::proto::{AbortUploadRequest, Offer, OfferObjectsRequest, Verdict};

use crate::TransferError;
use crate::fetch::Remote;

/// Time limit of an offer: a server may read back and hash its copies of a batch before it answers.
const OFFER_MAX: Duration = Duration::from_secs(120);

/// An object to offer, with its content.
#[derive(Debug)]
pub(super) enum Item {
    Data {
        digest: Digest,
        content: Vec<u8>,
    },
    List(Encoded),
    /// A data object of a store, which is read only if it must be proved or sent.
    Stored {
        digest: Digest,
        store: Arc<Store>,
    },
}

impl Item {
    pub(super) fn digest(&self) -> &Digest {
        match self {
            Self::Data { digest, .. } | Self::Stored { digest, .. } => digest,
            Self::List(list) => &list.digest,
        }
    }
}

/// The state that all threads of an upload share.
#[derive(Debug)]
pub(super) struct Session {
    pub server: Remote,
    /// The server's id of the upload.
    pub id: String,
    pub nonce: Vec<u8>,
    pub algorithm: Algorithm,
    pub must_prove: bool,
    pub sent_bytes: AtomicU64,
    pub is_committed: AtomicBool,
}

impl Drop for Session {
    /// Tells the server that the upload is given up, without waiting: otherwise the server keeps it for 15 minutes.
    fn drop(&mut self) {
        if !self.is_committed.load(Ordering::Relaxed) {
            let (mut client, upload_id) = (self.server.client(), self.id.clone());
            self.server.runtime().spawn(async move {
                client.abort_upload(AbortUploadRequest { upload_id }).await.ok();
            });
        }
    }
}

impl Session {
    /// Offers objects, and returns the server's verdicts in the same order.
    pub(super) fn offer(&self, offers: Vec<Offer>) -> Result<Vec<Verdict>, TransferError> {
        let count = offers.len();
        let request = OfferObjectsRequest { upload_id: self.id.clone(), offers };
        let response =
            self.server.within(OFFER_MAX, self.server.client().offer_objects(request))?;
        let verdicts: Vec<Verdict> = response.into_inner().verdicts().collect();
        if verdicts.len() == count {
            return Ok(verdicts);
        }
        Err(self.broken("another number of verdicts than offers"))
    }

    /// Returns the error for an answer that breaks the protocol.
    pub(super) fn broken(&self, what: &str) -> TransferError {
        TransferError::Protocol(format!("{} answered {what}", self.server.address()))
    }

    /// Computes the proof that an object is here.
    pub(super) fn proof(&self, item: &Item) -> Result<Vec<u8>, StoreError> {
        let mut hasher = self.algorithm.hasher();
        hasher.update(&self.nonce);
        match item {
            Item::Data { content, .. } => hasher.update(content),
            Item::List(list) => hasher.update(&list.payload),
            Item::Stored { digest, store } => {
                let mut content = Vec::new();
                store.read_data(digest, &mut Decoder::new()?, &mut content)?;
                hasher.update(&content);
            }
        }
        Ok(hasher.finish().hash().to_vec())
    }
}
