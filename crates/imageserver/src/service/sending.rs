//! Objects on their way to a client: of an image that is here, or of one that comes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::Encoded;
use wire::proto::{EncodedObject, GetObjectsResponse};

use super::convert::{catalog_status, store_status};
use super::is_stopping;
use crate::arrival::{ArrivingImage, Look};
use crate::catalog::CatalogError;
use crate::server::Shared;

/// Maximum number of batches that wait for a slow client. Together with the batch that is being sent, up to 3 × 2 MiB
/// are in memory.
const SEND_AHEAD: usize = 2;

/// Interval at which a thread that waits for an object looks whether its client is still there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Returns whether the catalog has an image.
pub(super) fn is_here(shared: &Shared, name: &ImageName) -> Result<bool, Status> {
    match shared.catalog.get(name) {
        Ok(_) => Ok(true),
        Err(CatalogError::Missing(_)) => Ok(false),
        Err(error) => Err(catalog_status(&error)),
    }
}

/// Checks that an image of the catalog has all these objects.
pub(super) fn check_closure(
    shared: &Shared,
    name: &ImageName,
    digests: &[Digest],
) -> Result<(), Status> {
    let record = shared.catalog.get(name).map_err(|error| catalog_status(&error))?;
    let manifest: Digest = record.manifest.parse().map_err(|error| {
        rpc::status::status(
            ErrorClass::Damaged,
            format!("the record of image {name} is damaged: {error}"),
        )
    })?;
    let closure = shared.closures.of(&shared.store, &manifest);
    let closure = closure.map_err(|error| store_status(&error))?;
    let extras = [&record.build_log, &record.release_notes];
    let is_extra = |digest: &Digest| extras.iter().any(|extra| **extra == digest.to_string());
    let is_foreign = |digest: &&Digest| !closure.contains(digest) && !is_extra(digest);
    digests.iter().find(is_foreign).map_or(Ok(()), |digest| Err(no_object(name.as_str(), digest)))
}

fn no_object(image: &str, digest: &Digest) -> Status {
    let message = format!("image {image} has no object {digest}");
    rpc::status::status(ErrorClass::NotFound, message)
}

/// A client, and the objects that are sent to it next.
struct Outbox<'a> {
    shared: &'a Shared,
    sender: &'a mpsc::Sender<Result<GetObjectsResponse, Status>>,
    batch: GetObjectsResponse,
    len: usize,
}

/// The client went away, or was told of a failure.
struct Gone;

impl Outbox<'_> {
    fn push(&mut self, object: Encoded) -> Result<(), Gone> {
        self.len += object.payload.len();
        self.shared.counts.objects_sent.add(1);
        self.shared.counts.bytes_sent.add(object.payload.len() as u64);
        self.batch.objects.push(EncodedObject {
            hash: object.digest.hash().to_vec().into(),
            kind: object.kind as u32,
            content_len: object.content_len,
            payload: object.payload.into(),
        });
        if self.len >= rpc::BATCH_LEN { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Gone> {
        self.len = 0;
        let batch = std::mem::take(&mut self.batch);
        if batch.objects.is_empty() {
            return if self.sender.is_closed() { Err(Gone) } else { Ok(()) };
        }
        self.sender.blocking_send(Ok(batch)).map_err(|_| Gone)
    }

    fn fail(&self, status: Status) -> Gone {
        self.sender.blocking_send(Err(status)).ok();
        Gone
    }
}

/// Sends objects on a thread of its own.
fn send_by(
    shared: &Arc<Shared>,
    work: impl FnOnce(&mut Outbox<'_>) -> Result<(), Gone> + Send + 'static,
) -> ReceiverStream<Result<GetObjectsResponse, Status>> {
    let (sender, receiver) = mpsc::channel(SEND_AHEAD);
    let shared = Arc::clone(shared);
    tokio::task::spawn_blocking(move || {
        let batch = GetObjectsResponse::default();
        let mut outbox = Outbox { shared: &shared, sender: &sender, batch, len: 0 };
        work(&mut outbox).and_then(|()| outbox.flush()).ok();
    });
    ReceiverStream::new(receiver)
}

/// Sends objects of the store in the requested order.
pub(super) fn send(
    shared: &Arc<Shared>,
    digests: Vec<Digest>,
) -> ReceiverStream<Result<GetObjectsResponse, Status>> {
    send_by(shared, move |outbox| {
        for digest in digests {
            let object = outbox.shared.store.read(&digest);
            outbox.push(object.map_err(|error| outbox.fail(store_status(&error)))?)?;
        }
        Ok(())
    })
}

/// Sends objects of an image that comes, in the requested order, as they come.
///
/// # Errors
/// `Unavailable`: too many clients wait.
pub(super) fn send_arriving(
    shared: &Arc<Shared>,
    image: Arc<ArrivingImage>,
    digests: Vec<Digest>,
) -> Result<ReceiverStream<Result<GetObjectsResponse, Status>>, Status> {
    let place = shared.arrivals.place().ok_or_else(|| {
        let message = "too many clients wait for images that come: try again later";
        rpc::status::status(ErrorClass::Unavailable, message)
    })?;
    Ok(send_by(shared, move |outbox| {
        let _place = place;
        digests.iter().try_for_each(|digest| send_when_here(outbox, &image, digest))
    }))
}

fn send_when_here(
    outbox: &mut Outbox<'_>,
    image: &ArrivingImage,
    digest: &Digest,
) -> Result<(), Gone> {
    loop {
        match image.look(digest, LOOK_EVERY) {
            Ok(Look::Object(object)) => return outbox.push(object),
            Ok(Look::NotYet) if *outbox.shared.stopping.borrow() => {
                return Err(outbox.fail(is_stopping()));
            }
            // What is here already is not held back for what is not.
            Ok(Look::NotYet) => outbox.flush()?,
            Ok(Look::Foreign) => return Err(outbox.fail(no_object(image.name(), digest))),
            Ok(Look::Given(why)) => {
                let message = format!("image {} does not come: {why}", image.name());
                let status = rpc::status::status(ErrorClass::Unavailable, message);
                return Err(outbox.fail(status));
            }
            Err(error) => return Err(outbox.fail(store_status(&error))),
        }
    }
}
