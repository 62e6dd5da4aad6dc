//! Which images there are, now and as they come and go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use wire::name::ImageName;
use wire::proto::ImageRecord;

use super::names::Image;
use super::objects::Objects;
use crate::MountError;

/// How often a store's folder of images is looked at: a new image is to be seen within two seconds.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long an imaged may wait for news before it answers: a server that stops waits for its answers.
const NEWS_WAIT: Duration = Duration::from_secs(5);

/// The images of a place, as they were seen last.
#[derive(Debug)]
pub struct Follower {
    objects: Arc<Objects>,
    /// With those that are not shown, which so are read, and complained of, once.
    known: BTreeMap<ImageName, Option<Image>>,
    /// Of an imaged: the version of its catalog, and what was listed then.
    seen: u64,
    listed: Vec<Image>,
}

impl Follower {
    /// Begins with no image known.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self { objects, known: BTreeMap::new(), seen: 0, listed: Vec::new() }
    }

    /// Returns all images; waits some seconds for a change unless it is the first time.
    ///
    /// # Errors
    /// Errors of the store or of imaged, after which one may try again.
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

    /// Waits until it is worth while to look again.
    pub fn pause(&self, failed: bool) {
        if failed || matches!(*self.objects, Objects::Local(_)) {
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    /// Reads the records of images that were not there the last time.
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

/// Takes from a record what a mount needs; `None` for one that names no image.
pub fn image(record: &ImageRecord) -> Option<Image> {
    Some(Image {
        name: record.name.parse().ok()?,
        manifest: record.manifest.parse().ok()?,
        created_at_ms: record.created_at_ms,
        // Records before there were disk images do not say.
        is_disk: record.kind == "disk",
    })
}
