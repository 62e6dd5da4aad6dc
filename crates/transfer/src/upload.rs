//! Uploading: a sink for ingest that proves objects the server has and sends objects the server lacks.
//!
//! ```text
//! ingest workers ──batches of 2 MiB──▶ negotiators: offer → verdicts → prove, or compress and send
//! ```
//!
//! Content stays in memory until the server's verdict, so that nothing is read twice; a bounded queue limits
//! the memory. A frame list follows its frames; if it overtakes one of them on the way, the server lets it wait.

mod negotiator;
mod session;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use parking_lot::Mutex;
use store::codec::{Encoder, encode_list};
use store::ingest::{Sink, SinkObject};
use store::{Store, StoreError};
use wire::digest::{Algorithm, Digest};
use wire::object::{Encoded, Kind};
use wire::proto::{
    BeginUploadRequest, CommitUploadRequest, CommitUploadResponse, ImageRecord, Offer, Verdict,
};

use crate::TransferError;
use crate::fetch::{ANSWER_MAX, Remote};
use negotiator::negotiate;
use session::{Item, Session};

/// Count of the threads that offer batches, and that compress and send what the server lacks.
const NEGOTIATORS: usize = 2;

/// Limit on the batches that wait for negotiators. There are at most five batches: one that is being filled, two that
/// wait, and two that the negotiators work on. They take 5 × 3 MiB of memory.
const QUEUE_LEN: usize = 2;

/// Time limit of a commit: the server syncs packs and decodes the manifest; and a replica first sends the image to its
/// primary.
const COMMIT_MAX: Duration = Duration::from_secs(4 * 3600);

/// Limit on objects in a batch. A lower limit would cost more round trips for small files.
const BATCH_COUNT: usize = 512;

/// An upload in progress: a [`Sink`] for ingest.
#[derive(Debug)]
pub struct Upload {
    session: Arc<Session>,
    is_full: bool,
    /// Digests of objects that were offered or will be offered soon, so that each object is offered only once.
    seen: Mutex<HashSet<Digest>>,
    pending: Mutex<Pending>,
    sender: Mutex<Option<Sender<Vec<Item>>>>,
    negotiators: Mutex<Vec<JoinHandle<Result<(), TransferError>>>>,
}

#[derive(Debug, Default)]
struct Pending {
    items: Vec<Item>,
    len: usize,
}

impl Upload {
    /// Begins an upload of the image `name`. With `is_full`, the server compares all bytes with its own copy.
    ///
    /// # Errors
    /// [`TransferError::Call`]: an unreachable server, a missing role, a name already taken. [`TransferError::Protocol`]: an
    /// algorithm that is not known here.
    pub fn begin(server: Remote, name: &str, is_full: bool) -> Result<Self, TransferError> {
        let request = BeginUploadRequest { name: name.to_owned(), full: is_full };
        let begun = server.within(ANSWER_MAX, server.client().begin_upload(request))?.into_inner();
        let algorithm = server.known_algorithm(&begun.algorithm)?;
        let session = Arc::new(Session {
            server,
            id: begun.upload_id,
            nonce: begun.nonce.to_vec(),
            algorithm,
            must_prove: begun.must_prove,
            sent_bytes: AtomicU64::new(0),
            is_committed: AtomicBool::new(false),
        });
        let (sender, receiver) = bounded(QUEUE_LEN);
        let negotiators = (0..NEGOTIATORS)
            .map(|_| {
                let (session, receiver) = (Arc::clone(&session), receiver.clone());
                std::thread::spawn(move || negotiate(&session, &receiver))
            })
            .collect();
        Ok(Self {
            session,
            is_full,
            seen: Mutex::default(),
            pending: Mutex::default(),
            sender: Mutex::new(Some(sender)),
            negotiators: Mutex::new(negotiators),
        })
    }

    /// Returns the server's digest algorithm, which the image must use.
    pub fn algorithm(&self) -> Algorithm {
        self.session.algorithm
    }

    /// Returns the payload bytes sent so far: compressed, without proofs and offers.
    pub fn sent_bytes(&self) -> u64 {
        self.session.sent_bytes.load(Ordering::Relaxed)
    }

    /// Turns the upload into an image. The caller must have offered every object and called [`Sink::finish`]. With
    /// `strict`, the server refuses an image that has findings.
    ///
    /// # Durability
    /// The image survives a power loss on the server once this returned.
    ///
    /// # Errors
    /// [`TransferError::Call`]: the server refuses the image, or the connection fails.
    pub fn commit(
        &self,
        record: ImageRecord,
        strict: bool,
    ) -> Result<CommitUploadResponse, TransferError> {
        self.commit_with(CommitUploadRequest {
            record: Some(record),
            strict,
            ..CommitUploadRequest::default()
        })
    }

    /// As [`Upload::commit`], for an image that was signed at any time before, such as one of a bundle. The caller must
    /// own its stream.
    ///
    /// # Errors
    /// As [`Upload::commit`].
    pub fn commit_of_bundle(
        &self,
        record: ImageRecord,
    ) -> Result<CommitUploadResponse, TransferError> {
        self.commit_with(CommitUploadRequest {
            record: Some(record),
            from_bundle: true,
            ..CommitUploadRequest::default()
        })
    }

    fn commit_with(
        &self,
        request: CommitUploadRequest,
    ) -> Result<CommitUploadResponse, TransferError> {
        let request = CommitUploadRequest { upload_id: self.session.id.clone(), ..request };
        let server = &self.session.server;
        let committed = server.within(COMMIT_MAX, server.client().commit_upload(request))?;
        self.session.is_committed.store(true, Ordering::Relaxed);
        Ok(committed.into_inner())
    }

    /// Offers objects of a store, which are sent as they are stored.
    ///
    /// # Errors
    /// Errors of the store; those of sending, with their class.
    pub fn offer_stored(
        &self,
        store: &Arc<Store>,
        digests: impl IntoIterator<Item = Digest>,
    ) -> Result<(), StoreError> {
        let mut lists = Vec::new();
        for digest in digests {
            if !self.seen.lock().insert(digest) {
                continue;
            }
            let location = store.locate(&digest).ok_or(StoreError::MissingObject(digest))?;
            match location.kind {
                Kind::FrameList => lists.push(digest),
                Kind::Data => {
                    let store = Arc::clone(store);
                    self.push(Item::Stored { digest, store }, 0)?;
                }
            }
        }
        lists.iter().try_for_each(|digest| self.push_list(store.read(digest)?))
    }

    fn push_list(&self, list: Encoded) -> Result<(), StoreError> {
        let len = list.payload.len();
        self.push(Item::List(list), len)
    }

    fn push(&self, item: Item, len: usize) -> Result<(), StoreError> {
        let full = {
            let mut pending = self.pending.lock();
            pending.items.push(item);
            pending.len += len;
            let is_full = pending.len >= rpc::BATCH_LEN || pending.items.len() >= BATCH_COUNT;
            is_full.then(|| std::mem::take(&mut *pending).items)
        };
        full.map_or(Ok(()), |items| self.hand_over(items))
    }

    fn hand_over(&self, items: Vec<Item>) -> Result<(), StoreError> {
        let sender = self.sender.lock().clone();
        match sender {
            Some(sender) if sender.send(items).is_ok() => Ok(()),
            // The negotiators have ended. Before the end of the upload they do so only after an error.
            _ => self.join(),
        }
    }

    /// Waits for the negotiators to end and returns the first error among them.
    fn join(&self) -> Result<(), StoreError> {
        drop(self.sender.lock().take());
        let threads: Vec<_> = self.negotiators.lock().drain(..).collect();
        let mut result = Ok(());
        for thread in threads {
            let ended = thread.join().unwrap_or_else(|_| {
                Err(TransferError::Protocol("a thread of the upload panicked".to_owned()))
            });
            if result.is_ok() {
                result = ended.map_err(sink_error);
            }
        }
        result
    }
}

/// Converts an error so that ingest can return it; the error keeps its class.
fn sink_error(error: TransferError) -> StoreError {
    match error {
        TransferError::Store(error) => error,
        other => StoreError::sink(other.class(), other),
    }
}

impl Sink for Upload {
    fn tells_what_it_holds(&self) -> bool {
        !self.session.must_prove && !self.is_full
    }

    fn holds(&self, digests: &[Digest]) -> Result<Vec<bool>, StoreError> {
        let offer =
            |digest: &Digest| Offer { hash: digest.hash().to_vec().into(), ..Offer::default() };
        let verdicts = self.session.offer(digests.iter().map(offer).collect());
        // An object that is to be proved is read and offered as any other.
        let is_held = |verdict| verdict == Verdict::Have;
        Ok(verdicts.map_err(sink_error)?.into_iter().map(is_held).collect())
    }

    fn offer(&self, object: SinkObject<'_>, _: &mut Encoder) -> Result<(), StoreError> {
        match object {
            SinkObject::Data { digest, content } => {
                if !self.seen.lock().insert(digest) {
                    return Ok(());
                }
                let len = content.len();
                // Copies a small file, so that the worker keeps its large buffer. Takes the buffer itself for a large
                // file.
                let content = if len * 4 < content.capacity() {
                    content.clone()
                } else {
                    std::mem::take(content)
                };
                self.push(Item::Data { digest, content }, len)
            }
            SinkObject::List { digest, list } => {
                let is_new = self.seen.lock().insert(digest);
                if is_new { self.push_list(encode_list(digest, &list)) } else { Ok(()) }
            }
        }
    }

    fn finish(&self) -> Result<(), StoreError> {
        let rest = std::mem::take(&mut *self.pending.lock()).items;
        if !rest.is_empty() {
            self.hand_over(rest)?;
        }
        self.join()
    }
}
