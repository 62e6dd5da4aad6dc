//! What Prometheus reads.

use statuspage::metrics::{Counter, Counters, Exposition, zeros};

use super::overview::Overview;
use crate::service::Shared;

/// What is counted from the daemon's start.
#[derive(Debug)]
pub struct Counted {
    /// Uploads by how they went: `begun`, `committed`, `refused`.
    pub uploads: Counters,
    /// Objects that came, and the bytes of their payloads.
    pub objects_received: Counter,
    /// See [`Counted::objects_received`].
    pub bytes_received: Counter,
    /// Objects that went out, and the bytes of their payloads.
    pub objects_sent: Counter,
    /// See [`Counted::objects_sent`].
    pub bytes_sent: Counter,
    /// Objects that a check found damaged, each time.
    pub objects_damaged: Counter,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            // With zeros: what is born with its first event has no rate.
            uploads: zeros("result", &["begun", "committed", "refused"]),
            objects_received: Counter::default(),
            bytes_received: Counter::default(),
            objects_sent: Counter::default(),
            bytes_sent: Counter::default(),
            objects_damaged: Counter::default(),
        }
    }
}

impl Counted {
    /// Counts an upload.
    pub fn upload(&self, result: &'static str) {
        self.uploads.get_or_create(&vec![("result", result.to_owned())]).inc();
    }
}

/// Writes the exposition.
pub(super) fn write(overview: &Overview, shared: &Shared) -> Result<String, String> {
    let (sums, stats, counted) = (overview.sums(), &overview.stats, &shared.counted);
    let mut page = Exposition::new(env!("CARGO_PKG_VERSION"));
    page.gauge("images", "Images in the catalog", sums.images);
    page.gauge("streams", "Streams that have an image", overview.streams.len() as u64);
    page.gauge("image_content_bytes", "Content of all images, each by itself", sums.bytes);
    page.gauge("store_packs", "Sealed packs", stats.packs);
    page.gauge("store_objects", "Objects in the store", stats.objects);
    page.gauge("store_payload_bytes", "Compressed length of all objects", stats.payload_bytes);
    page.gauge("store_content_bytes", "Content of all objects, each once", stats.content_bytes);
    page.gauge("store_free_bytes", "Bytes free where the store is", overview.free);
    page.gauge("uploads_open", "Uploads under way", shared.uploads.count() as u64);
    page.counters("uploads", "Uploads by how they went", &counted.uploads);
    page.counter("objects_received", "Objects that were uploaded", &counted.objects_received);
    page.counter("received_bytes", "Compressed length of what came", &counted.bytes_received);
    page.counter("objects_sent", "Objects that were fetched", &counted.objects_sent);
    page.counter("sent_bytes", "Compressed length of what was fetched", &counted.bytes_sent);
    page.counter("objects_damaged", "Objects found damaged by a check", &counted.objects_damaged);
    page.write()
}
