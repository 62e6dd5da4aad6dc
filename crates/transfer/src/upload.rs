//! Uploading: a sink for ingest that proves objects the server has and sends objects the server lacks.
//!
//! ```text
//! ingest workers ──batches of 2 MiB──▶ negotiators: offer → verdicts → prove, or compress and send
//! ```
//!
//! Content stays in memory until the server's verdict, so that nothing is read twice; a bounded queue limits
//! the memory. A frame list follows its frames; if it overtakes one of them on the way, the server lets it wait.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use rpc::client::{CallError, call_failed};
use rpc::services::image_service_client::ImageServiceClient;
use store::codec::{Decoder, Encoder, encode_list};
use store::ingest::{Sink, SinkObject};
use store::{Store, StoreError};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::object::{Encoded, Kind};
use wire::proto::{
    AbortUploadRequest, BeginUploadRequest, CommitUploadRequest, CommitUploadResponse,
    EncodedObject, ImageRecord, Offer, OfferObjectsRequest, SendObjectsRequest,
    SendObjectsResponse, Verdict,
};

use crate::TransferError;
use crate::fetch::ANSWER_MAX;

/// Count of the threads that offer batches, and that compress and send what the server lacks.
const NEGOTIATORS: usize = 2;

/// Limit on the batches that wait for negotiators. There are at most five batches: one that is being filled, two that
/// wait, and two that the negotiators work on. They take 5 × 3 MiB of memory.
const QUEUE_LEN: usize = 2;

/// Time limits. A server may read back and hash its copies of a batch before it answers an offer. At a commit it syncs
/// packs and decodes the manifest; and a replica first sends the image to its primary.
const OFFER_MAX: Duration = Duration::from_secs(120);
const COMMIT_MAX: Duration = Duration::from_secs(4 * 3600);

/// Limit on objects in a batch. A lower limit would cost more round trips for small files.
const BATCH_COUNT: usize = 512;

/// An upload in progress: a [`Sink`] for ingest.
#[derive(Debug)]
pub struct Upload {
    session: Arc<Session>,
    algorithm: Algorithm,
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

/// An object to offer, with its content.
#[derive(Debug)]
enum Item {
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
    fn digest(&self) -> &Digest {
        match self {
            Self::Data { digest, .. } | Self::Stored { digest, .. } => digest,
            Self::List(list) => &list.digest,
        }
    }
}

/// The state that all threads of an upload share.
#[derive(Debug)]
struct Session {
    address: String,
    channel: Channel,
    runtime: Handle,
    id: String,
    nonce: Vec<u8>,
    algorithm: Algorithm,
    must_prove: bool,
    sent_bytes: AtomicU64,
    is_committed: AtomicBool,
}

impl Drop for Session {
    /// Tells the server that the upload is given up, without waiting: otherwise the server keeps it for 15 minutes.
    fn drop(&mut self) {
        if !self.is_committed.load(Ordering::Relaxed) {
            let (mut client, upload_id) = (client(&self.channel), self.id.clone());
            self.runtime.spawn(async move {
                client.abort_upload(AbortUploadRequest { upload_id }).await.ok();
            });
        }
    }
}

/// Makes a call and waits for the answer for at most `time`: a server that hangs must not block us for ever.
fn within<T>(
    runtime: &Handle,
    address: &str,
    time: Duration,
    call: impl Future<Output = Result<tonic::Response<T>, Status>>,
) -> Result<T, TransferError> {
    let answer = runtime.block_on(async { tokio::time::timeout(time, call).await });
    let answer = answer.map_err(|_| {
        let message = format!("{address} did not answer within {time:?}: try again");
        CallError { class: ErrorClass::Unavailable, message }
    })?;
    Ok(answer.map_err(|status| call_failed(&status, address))?.into_inner())
}

impl Upload {
    /// Begins an upload of the image `name`. With `is_full`, the server compares all bytes with its own copy.
    ///
    /// # Errors
    /// [`TransferError::Call`]: an unreachable server, a missing role, a name already taken.
    pub fn begin(
        address: &str,
        channel: Channel,
        runtime: Handle,
        name: &str,
        is_full: bool,
    ) -> Result<Self, TransferError> {
        let mut client = client(&channel);
        let request = BeginUploadRequest { name: name.to_owned(), full: is_full };
        let begun = within(&runtime, address, ANSWER_MAX, client.begin_upload(request))?;
        let algorithm: Algorithm = begun.algorithm.parse().map_err(|error| {
            TransferError::Protocol(format!(
                "the digest algorithm of {address} is not known here: {error}"
            ))
        })?;
        let session = Arc::new(Session {
            address: address.to_owned(),
            channel,
            runtime,
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
            algorithm,
            is_full,
            seen: Mutex::default(),
            pending: Mutex::default(),
            sender: Mutex::new(Some(sender)),
            negotiators: Mutex::new(negotiators),
        })
    }

    /// Returns the server's digest algorithm, which the image must use.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
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
        let mut client = client(&self.session.channel);
        let Session { address, runtime, .. } = &*self.session;
        let committed = within(runtime, address, COMMIT_MAX, client.commit_upload(request))?;
        self.session.is_committed.store(true, Ordering::Relaxed);
        Ok(committed)
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
        let upload_id = self.session.id.clone();
        let request =
            OfferObjectsRequest { upload_id, offers: digests.iter().map(offer).collect() };
        let mut client = client(&self.session.channel);
        let Session { address, runtime, .. } = &*self.session;
        let response = within(runtime, address, OFFER_MAX, client.offer_objects(request));
        let response = response.map_err(sink_error)?;
        // An object that is to be proved is read and offered as any other.
        let held: Vec<bool> = response.verdicts().map(|verdict| verdict == Verdict::Have).collect();
        if held.len() != digests.len() {
            let problem = format!("{address} answered another number of verdicts than offers");
            return Err(sink_error(TransferError::Protocol(problem)));
        }
        Ok(held)
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

impl Session {
    fn failed(&self, status: &Status) -> TransferError {
        call_failed(status, &self.address).into()
    }

    fn proof(&self, item: &Item) -> Result<Vec<u8>, StoreError> {
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

fn client(channel: &Channel) -> ImageServiceClient<Channel> {
    rpc::client::images(channel.clone())
}

/// Runs one negotiator thread until the queue is closed and empty.
fn negotiate(session: &Session, batches: &Receiver<Vec<Item>>) -> Result<(), TransferError> {
    let mut negotiator = Negotiator::new(session)?;
    for batch in batches {
        negotiator.batch(batch)?;
    }
    negotiator.end()
}

type Response = tokio::task::JoinHandle<Result<SendObjectsResponse, Status>>;

/// Offers batches, and sends the objects that the server lacks over one stream.
struct Negotiator<'a> {
    session: &'a Session,
    encoder: Encoder,
    outgoing: Vec<EncodedObject>,
    outgoing_len: usize,
    stream: Option<(mpsc::Sender<SendObjectsRequest>, Response)>,
}

impl<'a> Negotiator<'a> {
    fn new(session: &'a Session) -> Result<Self, TransferError> {
        let encoder = Encoder::new()?;
        Ok(Self { session, encoder, outgoing: Vec::new(), outgoing_len: 0, stream: None })
    }

    fn batch(&mut self, items: Vec<Item>) -> Result<(), TransferError> {
        let must_prove = self.session.must_prove;
        let mut to_prove = Vec::new();
        for (item, verdict) in self.offer(items, must_prove)? {
            match verdict {
                Verdict::Have => {}
                Verdict::Send => self.send(item)?,
                Verdict::Prove => to_prove.push(item),
                Verdict::Unspecified => return Err(self.protocol("an unknown verdict")),
            }
        }
        for (item, verdict) in self.offer(to_prove, true)? {
            match verdict {
                Verdict::Have => {}
                Verdict::Send => self.send(item)?,
                Verdict::Prove | Verdict::Unspecified => {
                    return Err(self.protocol("a demand for a second proof"));
                }
            }
        }
        Ok(())
    }

    fn protocol(&self, what: &str) -> TransferError {
        TransferError::Protocol(format!("{} answered {what}", self.session.address))
    }

    fn offer(
        &self,
        items: Vec<Item>,
        with_proof: bool,
    ) -> Result<Vec<(Item, Verdict)>, TransferError> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let offers = items
            .iter()
            .map(|item| {
                let proof = if with_proof { self.session.proof(item)? } else { Vec::new() };
                Ok(Offer { hash: item.digest().hash().to_vec().into(), proof: proof.into() })
            })
            .collect::<Result<_, StoreError>>()?;
        let request = OfferObjectsRequest { upload_id: self.session.id.clone(), offers };
        let mut client = client(&self.session.channel);
        let Session { address, runtime, .. } = self.session;
        let response = within(runtime, address, OFFER_MAX, client.offer_objects(request))?;
        if response.verdicts.len() != items.len() {
            return Err(self.protocol("another number of verdicts than offers"));
        }
        let verdicts: Vec<Verdict> = response.verdicts().collect();
        Ok(items.into_iter().zip(verdicts).collect())
    }

    fn send(&mut self, item: Item) -> Result<(), TransferError> {
        let encoded = match item {
            Item::Data { digest, content } => self.encoder.encode(digest, &content),
            Item::List(list) => list,
            Item::Stored { digest, store } => store.read(&digest)?,
        };
        self.outgoing_len += encoded.payload.len();
        self.outgoing.push(EncodedObject {
            hash: encoded.digest.hash().to_vec().into(),
            kind: encoded.kind as u32,
            content_len: encoded.content_len,
            payload: encoded.payload.into(),
        });
        if self.outgoing_len >= rpc::BATCH_LEN { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TransferError> {
        let objects = std::mem::take(&mut self.outgoing);
        let len = std::mem::take(&mut self.outgoing_len);
        if objects.is_empty() {
            return Ok(());
        }
        let session = self.session;
        let (sender, _) = self.stream.get_or_insert_with(|| {
            let (sender, receiver) = mpsc::channel(1);
            let mut client = client(&session.channel);
            let response = session.runtime.spawn(async move {
                client
                    .send_objects(ReceiverStream::new(receiver))
                    .await
                    .map(tonic::Response::into_inner)
            });
            (sender, response)
        });
        let request = SendObjectsRequest { upload_id: session.id.clone(), objects };
        if sender.blocking_send(request).is_err() {
            // Before the end of the upload, the server ends the stream only with an error.
            return self.end();
        }
        session.sent_bytes.fetch_add(len as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Sends the remaining objects and waits until the server has put all of them.
    fn end(&mut self) -> Result<(), TransferError> {
        if !self.outgoing.is_empty() {
            self.flush()?;
        }
        let Some((sender, response)) = self.stream.take() else {
            return Ok(());
        };
        drop(sender);
        match self.session.runtime.block_on(response) {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(status)) => Err(self.session.failed(&status)),
            Err(error) => {
                Err(TransferError::Protocol(format!("the task of the upload ended: {error}")))
            }
        }
    }
}
