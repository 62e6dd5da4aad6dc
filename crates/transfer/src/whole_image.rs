//! A whole image on its way from an imaged into a store.

use std::sync::Arc;

use store::{Hold, ImageContent, KeepPolicy, Store};
use wire::digest::Digest;
use wire::name::ImageName;
use wire::proto::ImageRecord;

use crate::TransferError;
use crate::fetch::Remote;
use crate::watch::FetchWatcher;

/// Content that is made durable at once: what a crash may cost is fetched again, and no more.
const DURABLE_EVERY: u64 = 64 << 20;

impl Remote {
    /// Fetches what a store lacks of an image, hashed, and makes it durable, also build log and release notes. The image's
    /// objects are promised to `hold`, which must live until something names them. Returns the count of bytes that came.
    ///
    /// # Errors
    /// Errors of the server and of the store; an object that is not what its digest says.
    pub fn fetch_image(
        &self,
        store: &Arc<Store>,
        hold: &Arc<Hold>,
        record: &ImageRecord,
        watcher: &dyn FetchWatcher,
    ) -> Result<u64, TransferError> {
        let name: ImageName = record.name.parse().map_err(|error| {
            TransferError::Protocol(format!("'{}' is no name of an image: {error}", record.name))
        })?;
        let digest = |text: &str| {
            let malformed = |error| {
                TransferError::Protocol(format!("the record of {name} has no digest: {error}"))
            };
            text.parse::<Digest>().map_err(malformed)
        };
        let manifest = digest(&record.manifest)?;
        watcher.needs(&[manifest]);
        let fetch = |objects: &[_]| fetch_missing(self, store, hold, (&name, watcher), objects);
        let mut bytes = fetch(&[(manifest, 0)])?;
        // What the manifest names is known only once it is here.
        let content = ImageContent::load(store, &manifest)?;
        let mut wanted: Vec<(Digest, u64)> = content.data_objects().collect();
        for extra in [&record.build_log, &record.release_notes] {
            if !extra.is_empty() {
                wanted.push((digest(extra)?, 0));
            }
        }
        watcher.needs(&wanted.iter().map(|(digest, _)| *digest).collect::<Vec<_>>());
        for part in parts(&wanted) {
            bytes += fetch(part)?;
        }
        Ok(bytes)
    }
}

/// Cuts objects into runs of about [`DURABLE_EVERY`] bytes of content each.
fn parts(objects: &[(Digest, u64)]) -> impl Iterator<Item = &[(Digest, u64)]> {
    let mut rest = objects;
    std::iter::from_fn(move || {
        let mut len = 0;
        let count = rest.iter().take_while(|(_, next)| {
            let fits = len < DURABLE_EVERY;
            len += next;
            fits
        });
        let (part, left) = rest.split_at(count.count());
        rest = left;
        (!part.is_empty()).then_some(part)
    })
}

fn fetch_missing(
    remote: &Remote,
    store: &Arc<Store>,
    hold: &Arc<Hold>,
    (name, watcher): (&ImageName, &dyn FetchWatcher),
    objects: &[(Digest, u64)],
) -> Result<u64, TransferError> {
    let mut missing: Vec<Digest> = objects.iter().map(|(digest, _)| *digest).collect();
    missing.retain(|digest| !store.promise_whole(digest, hold));
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(0);
    }
    let batch = store.begin_with(Arc::clone(hold))?.keeping(KeepPolicy::ForLists);
    watcher.begins(batch.reader());
    let bytes = remote.fetch_watched(name, &missing, &batch, &|_, _| {}, watcher)?;
    batch.commit()?;
    Ok(bytes)
}
