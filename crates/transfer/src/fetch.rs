//! Fetches objects from an imaged into a store. Verifies each object before putting it into the store.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rpc::client::{CallError, call_failed};
use rpc::services::image_service_client::ImageServiceClient;
use rpc::services::store_service_client::StoreServiceClient;
use store::codec::Decoder;
use store::{Batch, received_list};
use tokio::runtime::Handle;
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::{ImageName, StreamName};
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::{
    EncodedObject, GetImageRequest, GetLatestImageRequest, GetObjectsRequest, GetServerInfoRequest,
    GetServerInfoResponse, ImageRecord, ListImagesRequest, ListImagesResponse, WaitImageRequest,
};

use crate::TransferError;
use crate::watch::{FetchWatcher, NoWatcher};

/// Limit on objects in one request; imaged refuses more than [`rpc::BATCH_COUNT_MAX`].
const REQUEST_COUNT: usize = 1024;

/// Count of the threads that verify received objects, and limit on the responses (of 2 MiB) that wait for these
/// threads.
const VERIFIERS: usize = 2;
const WAITING_MAX: usize = 4;

/// Time limits. A reply may take [`ANSWER_MAX`], in addition to the wait of a long poll. The next message of a stream
/// may take [`MESSAGE_MAX`]; it holds 2 MiB, or one list of up to 36 MiB (SHA-256) or 68 MiB (SHA-512).
pub(crate) const ANSWER_MAX: Duration = Duration::from_secs(20);
const MESSAGE_MAX: Duration = Duration::from_secs(60);

/// Pause before a wait for an image goes on after the server went away.
const WAIT_PAUSE: Duration = Duration::from_secs(1);

/// A connection to an imaged that fetches images and objects. Its methods block.
#[derive(Clone, Debug)]
pub struct Remote {
    address: String,
    channel: Channel,
    runtime: Handle,
}

impl Remote {
    /// Wraps a connection; `address` is for error messages, `runtime` runs the network.
    pub fn new(address: String, channel: Channel, runtime: Handle) -> Self {
        Self { address, channel, runtime }
    }

    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Returns the server's address, as it was given.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Asks the server for its version, algorithm and clock, and for our identity and roles there.
    ///
    /// # Errors
    /// [`TransferError::Call`].
    pub fn server_info(&self) -> Result<GetServerInfoResponse, TransferError> {
        let mut client = self.client();
        let info = self.within(ANSWER_MAX, client.get_server_info(GetServerInfoRequest {}))?;
        Ok(info.into_inner())
    }

    /// Returns the server's digest algorithm; a store for its objects must use the same.
    ///
    /// # Errors
    /// [`TransferError::Call`]; [`TransferError::Protocol`] for an algorithm that we do not know.
    pub fn algorithm(&self) -> Result<Algorithm, TransferError> {
        self.known_algorithm(&self.server_info()?.algorithm)
    }

    /// Returns the algorithm that the server named.
    pub(crate) fn known_algorithm(&self, name: &str) -> Result<Algorithm, TransferError> {
        let unknown = |error| {
            TransferError::Protocol(format!(
                "the digest algorithm of {} is not known here: {error}",
                self.address
            ))
        };
        name.parse().map_err(unknown)
    }

    /// Lists the images that we may read, page by page. The first call is a long poll: it returns as soon as the catalog's
    /// version differs from `seen`, or after `wait`. Images that come or go between two pages change the version: the next
    /// list has them.
    ///
    /// # Errors
    /// [`TransferError::Call`]; [`TransferError::Protocol`] for pages that lead back.
    pub fn images(&self, seen: u64, wait: Duration) -> Result<ListImagesResponse, TransferError> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let mut request = ListImagesRequest { seen, wait_ms, ..ListImagesRequest::default() };
        let mut all = self.page_of_images(request.clone(), wait)?;
        (request.seen, request.wait_ms) = (0, 0);
        while !all.next.is_empty() {
            if all.next <= request.after {
                let problem = format!("{} lists its images without an end", self.address);
                return Err(TransferError::Protocol(problem));
            }
            request.after = std::mem::take(&mut all.next);
            let page = self.page_of_images(request.clone(), Duration::ZERO)?;
            all.images.extend(page.images);
            all.next = page.next;
        }
        Ok(all)
    }

    fn page_of_images(
        &self,
        request: ListImagesRequest,
        wait: Duration,
    ) -> Result<ListImagesResponse, TransferError> {
        let mut client = self.client();
        Ok(self.within(wait + ANSWER_MAX, client.list_images(request))?.into_inner())
    }

    /// Waits up to `wait` until the version of the server's catalog differs from `seen`; returns the version. `stream` is
    /// any stream that we may read.
    ///
    /// # Errors
    /// [`TransferError::Call`].
    pub fn news(
        &self,
        stream: &StreamName,
        seen: u64,
        wait: Duration,
    ) -> Result<u64, TransferError> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let stream = stream.to_string();
        let request = ListImagesRequest {
            stream,
            seen,
            wait_ms,
            count_max: 1,
            ..ListImagesRequest::default()
        };
        Ok(self.page_of_images(request, wait)?.version)
    }

    /// Returns the name of the newest image of a stream; `None` if it has none.
    ///
    /// # Errors
    /// [`TransferError::Call`]; an answer about another stream.
    pub fn latest_name(&self, stream: &StreamName) -> Result<Option<ImageName>, TransferError> {
        let request = GetLatestImageRequest { stream: stream.to_string() };
        let record = match self.within(ANSWER_MAX, self.client().get_latest_image(request)) {
            Err(error) if error.class() == ErrorClass::NotFound => return Ok(None),
            record => record?.into_inner(),
        };
        let name = record.name.parse::<ImageName>().ok();
        match name.filter(|name| name.stream() == *stream) {
            Some(name) => Ok(Some(name)),
            None => Err(TransferError::Protocol(format!(
                "{} was asked for the newest image of {stream}, and answered with '{}'",
                self.address, record.name
            ))),
        }
    }

    /// Returns the frames of a frame list, without fetching the frames. Puts a Data object into `batch` and returns
    /// `None`. The list is unverified, because its digest can be checked only by hashing all its frames.
    ///
    /// # Errors
    /// [`TransferError::Call`]; a damaged list.
    pub fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
        batch: &Batch,
    ) -> Result<Option<FrameList>, TransferError> {
        let (lists, _) = self.round(image, &[*digest], batch, (&|_, _| {}, &NoWatcher))?;
        Ok(lists.first().map(received_list).transpose()?)
    }

    pub(crate) fn client(&self) -> ImageServiceClient<Channel> {
        rpc::client::images(self.channel.clone())
    }

    pub(crate) fn store_client(&self) -> StoreServiceClient<Channel> {
        rpc::client::store(self.channel.clone())
    }

    /// Waits for an answer for at most `time`: a server that hangs must not block us for ever.
    pub(crate) fn within<T>(
        &self,
        time: Duration,
        call: impl Future<Output = Result<T, tonic::Status>>,
    ) -> Result<T, TransferError> {
        let answer = self.runtime.block_on(async { tokio::time::timeout(time, call).await });
        let answer = answer.map_err(|_| {
            let message = format!("{} did not answer within {time:?}: try again", self.address);
            CallError { class: ErrorClass::Unavailable, message }
        })?;
        answer.map_err(|status| self.failed(&status))
    }

    pub(crate) fn failed(&self, status: &tonic::Status) -> TransferError {
        TransferError::Call(call_failed(status, &self.address))
    }

    /// Requests one chunk of objects and passes the responses to the verifiers.
    fn receive(
        &self,
        image: &ImageName,
        digests: &[Digest],
        responses: &std::sync::mpsc::SyncSender<Vec<EncodedObject>>,
    ) -> Result<(), TransferError> {
        let hashes = digests.iter().map(|digest| digest.hash().to_vec().into()).collect();
        let request = GetObjectsRequest { image: image.to_string(), hashes };
        let mut client = self.client();
        let mut stream = self.within(ANSWER_MAX, client.get_objects(request))?.into_inner();
        loop {
            let Some(response) = self.within(MESSAGE_MAX, stream.message())? else {
                return Ok(());
            };
            if responses.send(response.objects).is_err() {
                // The verifiers have failed; their own error is reported.
                return Ok(());
            }
        }
    }

    /// Fetches objects and puts the Data objects into `batch`. Returns the frame lists, which are not in the batch yet,
    /// and the count of bytes received.
    fn round(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        told: Told<'_>,
    ) -> Result<(Vec<Encoded>, u64), TransferError> {
        let state =
            Mutex::new(Round { wanted: digests.iter().copied().collect(), ..Round::default() });
        let total = digests.len() as u64;
        let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<EncodedObject>>(WAITING_MAX);
        let receiver = Mutex::new(receiver);
        let received = std::thread::scope(|scope| {
            for _ in 0..VERIFIERS {
                scope.spawn(|| verify(&receiver, &state, batch, total, told));
            }
            let result = digests
                .chunks(REQUEST_COUNT)
                .try_for_each(|chunk| self.receive(image, chunk, &sender));
            drop(sender);
            result
        });
        let round = state.into_inner();
        if let Some(error) = round.error {
            return Err(error);
        }
        received?;
        if let Some(missing) = round.wanted.iter().next() {
            let message = format!("{} did not send object {missing}", self.address);
            return Err(CallError { class: ErrorClass::Damaged, message }.into());
        }
        Ok((round.lists, round.bytes))
    }
}

/// Who hears of the objects of a round: how many are done, of how many; and which.
type Told<'a> = (&'a (dyn Fn(u64, u64) + Sync), &'a dyn FetchWatcher);

/// The state that the threads of one round of requests share.
#[derive(Default)]
struct Round {
    wanted: HashSet<Digest>,
    lists: Vec<Encoded>,
    bytes: u64,
    done: u64,
    error: Option<TransferError>,
}

/// Runs one verifier thread, which decodes, hashes and puts objects.
fn verify(
    receiver: &Mutex<std::sync::mpsc::Receiver<Vec<EncodedObject>>>,
    state: &Mutex<Round>,
    batch: &Batch,
    total: u64,
    (progress, watcher): Told<'_>,
) {
    let lock = || state.lock();
    let algorithm = batch.store().algorithm();
    let mut content = Vec::new();
    let mut accept = |object: EncodedObject, decoder: &mut Decoder| -> Result<(), TransferError> {
        let refused = |problem: &str| TransferError::Protocol(format!("imaged sent {problem}"));
        let digest = Digest::new(algorithm, &object.hash)
            .map_err(|error| refused(&format!("a malformed hash: {error}")))?;
        if !lock().wanted.remove(&digest) {
            return Err(refused(&format!("object {digest}, which was not asked for")));
        }
        let kind = u8::try_from(object.kind).ok().and_then(Kind::from_tag);
        let kind = kind.ok_or_else(|| refused("an object of unknown kind"))?;
        let len = object.payload.len() as u64;
        let payload = object.payload.into();
        let object = Encoded { digest, kind, content_len: object.content_len, payload };
        match kind {
            Kind::FrameList => lock().lists.push(object),
            Kind::Data => {
                batch.put_received(&object, decoder, &mut content)?;
                watcher.received(&digest);
            }
        }
        let mut round = lock();
        round.bytes += len;
        round.done += 1;
        progress(round.done, total);
        Ok(())
    };
    let mut run = || -> Result<(), TransferError> {
        let mut decoder = Decoder::new()?;
        loop {
            let next = {
                let receiver = receiver.lock();
                receiver.recv()
            };
            let Ok(objects) = next else { return Ok(()) };
            if lock().error.is_some() {
                continue;
            }
            for object in objects {
                accept(object, &mut decoder)?;
            }
        }
    };
    while let Err(error) = run() {
        // Keeps taking responses and drops them, so that the receiving thread can end.
        lock().error.get_or_insert(error);
    }
}

impl Remote {
    /// Returns an image's record.
    ///
    /// # Errors
    /// [`TransferError::Call`], also for an unknown image.
    pub fn image(&self, name: &ImageName) -> Result<ImageRecord, TransferError> {
        let request = GetImageRequest { name: name.to_string() };
        let record = self.within(ANSWER_MAX, self.client().get_image(request))?.into_inner();
        check_name(&self.address, name, record)
    }

    /// Waits until the server has an image, for at most `wait`, across restarts of the server; returns its record.
    ///
    /// # Errors
    /// [`TransferError::Call`]: the image did not appear in time, or the server does not answer.
    pub fn wait_image(
        &self,
        name: &ImageName,
        wait: Duration,
    ) -> Result<ImageRecord, TransferError> {
        let deadline = Instant::now() + wait;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            let request = WaitImageRequest { name: name.to_string(), timeout_ms };
            match self.within(left + ANSWER_MAX, self.client().wait_image(request)) {
                Ok(record) => return check_name(&self.address, name, record.into_inner()),
                Err(error)
                    if error.class() == ErrorClass::Unavailable
                        && deadline > Instant::now() + WAIT_PAUSE =>
                {
                    std::thread::park_timeout(WAIT_PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Fetches objects into a batch. If an object is a list of frames, fetches all its frames, too. Returns the number
    /// of payload bytes received. Calls `progress` with two numbers: objects done, and objects known so far.
    ///
    /// # Errors
    /// [`TransferError::Call`]; a damaged object.
    pub fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, TransferError> {
        self.fetch_watched(image, digests, batch, progress, &NoWatcher)
    }

    /// Fetches as [`Remote::fetch`] does; a watcher hears of what comes.
    pub(crate) fn fetch_watched(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        progress: &(dyn Fn(u64, u64) + Sync),
        watcher: &dyn FetchWatcher,
    ) -> Result<u64, TransferError> {
        // If the store has a list but lacks some of its frames, the list is fetched again, together with those frames.
        let (lists, mut bytes) = self.round(image, digests, batch, (progress, watcher))?;
        watcher.lists(&lists);
        let mut frames = HashSet::new();
        for list in &lists {
            let decoded = received_list(list)?;
            frames.extend(decoded.frames.into_iter().map(|(digest, _)| digest));
        }
        let mut missing: Vec<Digest> =
            frames.into_iter().filter(|digest| !batch.contains(digest)).collect();
        // A server that fetches the same frames itself gets them in the same order.
        missing.sort_unstable();
        if !missing.is_empty() {
            let (nested, more) = self.round(image, &missing, batch, (progress, watcher))?;
            bytes += more;
            if let Some(nested) = nested.first() {
                let what = nested.digest;
                return Err(TransferError::Protocol(format!(
                    "imaged sent a list of lists: {what}"
                )));
            }
        }
        batch.put_all_received(&lists)?;
        watcher.checked();
        Ok(bytes)
    }
}

/// Refuses a record of another image: its signature would be right, for the other image.
fn check_name(
    address: &str,
    name: &ImageName,
    record: ImageRecord,
) -> Result<ImageRecord, TransferError> {
    if record.name == name.as_str() {
        return Ok(record);
    }
    Err(TransferError::Protocol(format!(
        "{address} was asked for image {name}, and answered with {}",
        record.name
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_another_image_is_refused() {
        let name: ImageName = "a/1".parse().unwrap();
        let record = |name: &str| ImageRecord { name: name.to_owned(), ..ImageRecord::default() };
        check_name("host:1", &name, record("a/1")).unwrap();
        for other in ["a/2", "", "a/1/", "A/1"] {
            let error = check_name("host:1", &name, record(other)).unwrap_err();
            assert!(matches!(&error, TransferError::Protocol(why) if why.contains("asked for")));
        }
    }
}
