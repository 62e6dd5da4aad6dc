//! The list of images, kept up to date as images come and go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use wire::name::ImageName;
use wire::proto::ImageRecord;

use super::names::Image;
use super::objects::Objects;
use crate::MountError;

/// Interval at which a store's folder of images is listed: a new image must appear within two seconds.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Longest time for which imaged holds back its answer while nothing changes. The time is short, because a server that
/// stops waits for such answers.
const NEWS_WAIT: Duration = Duration::from_secs(5);

/// The images of a source, as last seen.
#[derive(Debug)]
pub struct Follower {
    objects: Arc<Objects>,
    /// All images of a store. `None` stands for an image that cannot be shown, so that its record is read and logged
    /// only once.
    known: BTreeMap<ImageName, Option<Image>>,
    /// For an imaged: the version of the catalog that was listed last, and its images.
    seen: u64,
    listed: Vec<Image>,
}

impl Follower {
    /// Begins with no image known, so that the first list is returned without a wait.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self { objects, known: BTreeMap::new(), seen: 0, listed: Vec::new() }
    }

    /// Returns all images. An imaged answers the first call at once. It answers a later call as soon as something
    /// changes, but after five seconds at the latest.
    ///
    /// # Errors
    /// Errors of the store or of imaged; the caller may try again.
    pub fn images(&mut self) -> Result<Vec<Image>, MountError> {
        let objects = Arc::clone(&self.objects);
        match &*objects {
            Objects::Local(store) => self.look(store),
            Objects::Blocks(_) => Ok(Vec::new()),
            Objects::Fetched(fetched) => {
                let listed = fetched.server().images(self.seen, NEWS_WAIT)?;
                if listed.version != self.seen {
                    self.seen = listed.version;
                    self.listed = listed.images.iter().filter_map(image).collect();
                }
                Ok(self.listed.clone())
            }
        }
    }

    /// Waits for a second if the source is a store, or if the last list failed. Does not wait after an answer of
    /// imaged, because imaged itself holds back its next answer.
    pub fn pause(&self, failed: bool) {
        if failed || matches!(*self.objects, Objects::Local(_)) {
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    /// Lists a store's images, and reads the records of new ones.
    fn look(&mut self, store: &Store) -> Result<Vec<Image>, MountError> {
        let mut before = std::mem::take(&mut self.known);
        for name in store.image_names()? {
            let found = before.remove(&name).unwrap_or_else(|| match store.image(&name) {
                Ok(record) => image(&record),
                Err(error) => {
                    tracing::warn!(image = %name, "not shown: {error}");
                    None
                }
            });
            self.known.insert(name, found);
        }
        Ok(self.known.values().flatten().cloned().collect())
    }
}

/// Extracts from a record what a mount needs; `None` if the name or manifest cannot be parsed.
pub fn image(record: &ImageRecord) -> Option<Image> {
    Some(Image {
        name: record.name.parse().ok()?,
        manifest: record.manifest.parse().ok()?,
        created_at_ms: record.created_at_ms,
        // Records written before disk images existed have no kind.
        is_disk: record.kind == "disk",
    })
}
