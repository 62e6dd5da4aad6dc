//! Threads that offer the batches of an upload, and that compress and send what the server lacks.

use std::sync::atomic::Ordering;

use crossbeam_channel::Receiver;
use store::StoreError;
use store::codec::Encoder;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::proto::{EncodedObject, Offer, SendObjectsRequest, SendObjectsResponse, Verdict};

use super::session::{Item, Session};
use crate::TransferError;

/// Runs one negotiator thread until the queue is closed and empty.
pub(super) fn negotiate(
    session: &Session,
    batches: &Receiver<Vec<Item>>,
) -> Result<(), TransferError> {
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
                Verdict::Unspecified => return Err(self.session.broken("an unknown verdict")),
            }
        }
        for (item, verdict) in self.offer(to_prove, true)? {
            match verdict {
                Verdict::Have => {}
                Verdict::Send => self.send(item)?,
                Verdict::Prove | Verdict::Unspecified => {
                    return Err(self.session.broken("a demand for a second proof"));
                }
            }
        }
        Ok(())
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
        let verdicts = self.session.offer(offers)?;
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
            let mut client = session.server.client();
            let response = session.server.runtime().spawn(async move {
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
        match self.session.server.runtime().block_on(response) {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(status)) => Err(self.session.server.failed(&status)),
            Err(error) => {
                Err(TransferError::Protocol(format!("the task of the upload ended: {error}")))
            }
        }
    }
}
