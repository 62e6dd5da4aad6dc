//! Fetches an image while the primary itself still fetches it, on a thread of its own.

use std::sync::Arc;
use std::thread::JoinHandle;

use imageserver::ImageServer;
use imageserver::arrival::ImageArrival;
use store::{BatchReader, Hold};
use transfer::TransferError;
use transfer::fetch::Remote;
use transfer::watch::FetchWatcher;
use wire::digest::Digest;
use wire::object::Encoded;
use wire::proto::ImageRecord;

/// The followers of this server, who are told of an image that comes here; `None`: they are not told.
pub(super) struct Followers(Option<ImageArrival>);

impl Followers {
    /// Tells the followers of a server that an image comes. The record must have been verified.
    pub(super) fn of(server: &ImageServer, record: &ImageRecord) -> Self {
        Self(server.begin_arrival(record))
    }

    /// Ends it: the catalog has the image.
    pub(super) fn arrived(self) {
        if let Some(arrival) = self.0 {
            arrival.finish();
        }
    }
}

impl FetchWatcher for Followers {
    fn needs(&self, objects: &[Digest]) {
        self.0.iter().for_each(|arrival| arrival.needs(objects));
    }

    fn begins(&self, batch: BatchReader) {
        self.0.iter().for_each(|arrival| arrival.begins(batch.clone()));
    }

    fn received(&self, object: &Digest) {
        self.0.iter().for_each(|arrival| arrival.received(object));
    }

    fn lists(&self, lists: &[Encoded]) {
        self.0.iter().for_each(|arrival| arrival.lists(lists));
    }

    fn checked(&self) {
        self.0.iter().for_each(ImageArrival::checked);
    }
}

/// What came of an image before its change.
pub(super) struct EarlyImage {
    /// Keeps the objects from being collected.
    pub hold: Arc<Hold>,
    /// Bytes that came.
    pub bytes: u64,
    pub followers: Followers,
}

type Fetched = Result<EarlyImage, TransferError>;

/// The image that is being fetched ahead; one at a time.
#[derive(Default)]
pub(super) struct Ahead {
    running: Option<(String, JoinHandle<Fetched>)>,
}

impl Ahead {
    /// Begins to fetch an image that comes to the primary, unless another is being fetched.
    pub(super) fn begin(
        &mut self,
        server: &ImageServer,
        remote: &Arc<Remote>,
        record: ImageRecord,
    ) {
        self.forget_ended();
        if self.running.is_some() {
            return;
        }
        let (store, remote) = (Arc::clone(server.store()), Arc::clone(remote));
        let (hold, followers) = (store.hold(), Followers::of(server, &record));
        let name = record.name.clone();
        tracing::info!(image = name, "fetching an image that comes to the primary");
        let thread = std::thread::Builder::new().name("replica-ahead".to_owned());
        let thread = thread.spawn(move || {
            // If this fails, followers are told so at once: the image is fetched again when its change is followed.
            let bytes = remote.fetch_image(&store, &hold, &record, &followers)?;
            Ok(EarlyImage { hold, bytes, followers })
        });
        match thread {
            Ok(thread) => self.running = Some((name, thread)),
            Err(error) => tracing::warn!("no image can be fetched ahead: {error}"),
        }
    }

    /// Waits until an image is here as far as it comes ahead; `None` if it is not being fetched ahead, or did not come.
    pub(super) fn take(&mut self, name: &str) -> Option<EarlyImage> {
        let (_, thread) = self.running.take_if(|(running, _)| running == name)?;
        let fetched = thread.join().ok()?;
        let failed = |error| tracing::info!(image = name, "the image did not come ahead: {error}");
        fetched.map_err(failed).ok()
    }

    /// Forgets an image that is not to be added after all. What comes of it meanwhile is garbage.
    pub(super) fn forget(&mut self, name: &str) {
        self.running.take_if(|(running, _)| running == name);
    }

    /// Forgets an image that came ahead and whose change did not come. One that is still being fetched goes on: a second
    /// thread would only take its share of the link.
    pub(super) fn forget_ended(&mut self) {
        self.running.take_if(|(_, thread)| thread.is_finished());
    }
}
