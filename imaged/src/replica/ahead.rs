//! Fetches an image while the primary itself still fetches it, on a thread of its own.

use std::sync::Arc;
use std::thread::JoinHandle;

use imageserver::ImageServer;
use imageserver::coming::Coming;
use store::{BatchReader, Hold};
use transfer::TransferError;
use transfer::fetch::Remote;
use transfer::whole_image::FetchWatcher;
use wire::digest::Digest;
use wire::object::Encoded;
use wire::proto::ImageRecord;

/// The followers of this server, who are told of an image that comes here; `None`: they are not told.
pub(super) struct Followers(pub Option<Coming>);

impl Followers {
    /// Tells the followers of a server that an image comes. The record must have been verified.
    pub(super) fn of(server: &ImageServer, record: &ImageRecord) -> Self {
        Self(server.begin_coming(record))
    }

    /// Ends it: the catalog has the image.
    pub(super) fn arrived(self) {
        if let Some(coming) = self.0 {
            coming.arrived();
        }
    }
}

impl FetchWatcher for Followers {
    fn needs(&self, objects: &[Digest]) {
        self.0.iter().for_each(|coming| coming.needs(objects));
    }

    fn begins(&self, batch: BatchReader) {
        self.0.iter().for_each(|coming| coming.begins(batch.clone()));
    }

    fn received(&self) {
        self.0.iter().for_each(Coming::received);
    }

    fn lists(&self, lists: &[Encoded]) {
        self.0.iter().for_each(|coming| coming.lists(lists));
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

type Fetched = (EarlyImage, Result<u64, TransferError>);

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
        if self.running.as_ref().is_some_and(|(_, thread)| !thread.is_finished()) {
            return;
        }
        let (store, remote) = (Arc::clone(server.store()), Arc::clone(remote));
        let early =
            EarlyImage { hold: store.hold(), bytes: 0, followers: Followers::of(server, &record) };
        let name = record.name.clone();
        tracing::info!(image = name, "fetching an image that comes to the primary");
        let thread = std::thread::Builder::new().name("replica-ahead".to_owned());
        let thread = thread.spawn(move || {
            let fetched = remote.fetch_image(&store, &early.hold, &record, &early.followers);
            (early, fetched)
        });
        match thread {
            Ok(thread) => self.running = Some((name, thread)),
            Err(error) => tracing::warn!("no image can be fetched ahead: {error}"),
        }
    }

    /// Waits until an image is here as far as it comes ahead; `None` if it is not being fetched ahead. What failed is fetched
    /// again when its change is followed.
    pub(super) fn take(&mut self, name: &str) -> Option<EarlyImage> {
        let (_, thread) = self.running.take_if(|(running, _)| running == name)?;
        let (mut early, fetched) = thread.join().ok()?;
        match fetched {
            Ok(bytes) => early.bytes = bytes,
            Err(error) => tracing::info!(image = name, "the image did not come ahead: {error}"),
        }
        Some(early)
    }
}
