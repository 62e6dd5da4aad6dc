//! Images that this server is about to have, because it fetches them from its primary now.
//!
//! A replica of a replica would wait until its primary has the whole image, then fetch it over its own link: in a chain the
//! times of all links add up. So a server tells its followers of an image when it begins to fetch it, and hands the objects on
//! as they come. Nothing is shown before it is durable: a follower that fetched ahead still waits for the change itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use store::{BatchReader, Store, StoreError, received_list};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use wire::digest::Digest;
use wire::object::{Encoded, Kind};
use wire::proto::ImageRecord;

/// Limit on images that come at the same time; further ones are not told of.
const IMAGES_MAX: usize = 8;

/// Limit on clients that wait for objects of images that come: each has a thread.
const CLIENTS_MAX: usize = 64;

/// Limit on bytes of lists that are kept in memory for an image; further ones are handed on once they are in the batch.
const LISTS_LEN_MAX: usize = 64 << 20;

/// The images that come, by name.
#[derive(Debug)]
pub(crate) struct ArrivingImages {
    all: Mutex<BTreeMap<String, Arc<ArrivingImage>>>,
    changes: watch::Sender<()>,
    places: Arc<Semaphore>,
}

impl Default for ArrivingImages {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(CLIENTS_MAX));
        Self { all: Mutex::default(), changes: watch::Sender::new(()), places }
    }
}

/// An image that comes.
#[derive(Debug)]
pub(crate) struct ArrivingImage {
    record: ImageRecord,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// The objects that the image needs, as far as they are known.
    known: HashSet<Digest>,
    /// Frames of lists that are not checked yet: only those are handed on that came themselves. A false list must not give
    /// out what the store has of other images.
    claimed: HashSet<Digest>,
    /// Objects that came with this image.
    came: HashSet<Digest>,
    /// Lists that came before their frames.
    lists: HashMap<Digest, Encoded>,
    lists_len: usize,
    /// The batch into which objects come now, or the store alone before the first.
    batch: BatchReader,
    end: Option<End>,
}

/// How the coming of an image ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Here,
    Failed,
}

/// What there is of an object of an image that comes.
#[derive(Debug)]
pub(crate) enum Look {
    /// The object.
    Object(Encoded),
    /// It is not here yet.
    NotYet,
    /// The image has no such object.
    Foreign,
    /// The image does not come: fetching it failed.
    Given(&'static str),
}

impl ArrivingImages {
    /// Adds an image; `None` if too many come, or this one already does.
    pub(crate) fn begin(
        self: &Arc<Self>,
        store: &Arc<Store>,
        record: &ImageRecord,
    ) -> Option<ImageArrival> {
        let mut all = self.all.lock();
        if all.len() >= IMAGES_MAX || all.contains_key(&record.name) {
            return None;
        }
        let image = Arc::new(ArrivingImage {
            record: record.clone(),
            state: Mutex::new(State {
                known: HashSet::new(),
                claimed: HashSet::new(),
                came: HashSet::new(),
                lists: HashMap::new(),
                lists_len: 0,
                batch: BatchReader::of_store(Arc::clone(store)),
                end: None,
            }),
            changed: Condvar::new(),
        });
        all.insert(record.name.clone(), Arc::clone(&image));
        self.changes.send_replace(());
        Some(ImageArrival { images: Arc::clone(self), image, end: End::Failed })
    }

    /// Returns the records of all images that come.
    pub(crate) fn records(&self) -> Vec<ImageRecord> {
        self.all.lock().values().map(|image| image.record.clone()).collect()
    }

    /// Returns an image that comes.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<ArrivingImage>> {
        self.all.lock().get(name).cloned()
    }

    /// Returns a place for a client that waits for objects; `None` if all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Returns a receiver that hears of images that begin to come.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }
}

/// An image while it comes. Its coming failed if this is dropped without [`ImageArrival::finish`].
#[derive(Debug)]
pub struct ImageArrival {
    images: Arc<ArrivingImages>,
    image: Arc<ArrivingImage>,
    end: End,
}

impl ImageArrival {
    /// Notes that the image needs these objects.
    pub fn needs(&self, objects: &[Digest]) {
        self.image.change(|state| state.known.extend(objects));
    }

    /// Notes the batch into which objects come from here on.
    pub fn begins(&self, batch: BatchReader) {
        self.image.change(|state| state.batch = batch);
    }

    /// Notes an object that came.
    pub fn received(&self, object: &Digest) {
        self.image.change(|state| state.came.extend([*object]));
    }

    /// Notes that all lists were checked, so that their frames are the image's.
    pub fn checked(&self) {
        self.image.change(|state| {
            let claimed = std::mem::take(&mut state.claimed);
            state.known.extend(claimed);
            // The batch has them now.
            (state.lists_len, state.lists) = Default::default();
        });
    }

    /// Notes lists of frames that came before their frames.
    pub fn lists(&self, lists: &[Encoded]) {
        self.image.change(|state| {
            for list in lists {
                let len = state.lists_len + list.payload.len();
                if len <= LISTS_LEN_MAX && state.lists.insert(list.digest, list.clone()).is_none() {
                    state.lists_len = len;
                }
            }
        });
    }

    /// Ends the coming of an image that the catalog has now.
    pub fn finish(mut self) {
        self.end = End::Here;
    }
}

impl Drop for ImageArrival {
    fn drop(&mut self) {
        self.images.all.lock().remove(&self.image.record.name);
        self.image.change(|state| {
            state.end = Some(self.end);
            if self.end == End::Failed {
                (state.known, state.claimed) = Default::default();
                (state.lists_len, state.lists) = Default::default();
            }
        });
    }
}

impl ArrivingImage {
    /// Returns the image's name.
    pub(crate) fn name(&self) -> &str {
        &self.record.name
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock());
        self.changed.notify_all();
    }

    /// Looks for an object. If it is not here yet, waits for news, at most so long.
    ///
    /// # Errors
    /// Errors of reading the store.
    pub(crate) fn look(&self, digest: &Digest, at_most: Duration) -> Result<Look, StoreError> {
        let mut state = self.state.lock();
        if let Some(object) = state.find(digest)? {
            // The frames of a list are known once a follower has it.
            if object.kind == Kind::FrameList {
                let frames = received_list(&object)?.frames;
                let frames = frames.into_iter().map(|(frame, _)| frame);
                match state.lists.contains_key(digest) {
                    true => state.claimed.extend(frames),
                    false => state.known.extend(frames),
                }
            }
            return Ok(Look::Object(object));
        }
        match state.end {
            Some(End::Failed) => return Ok(Look::Given("it could not be fetched")),
            Some(End::Here) => return Ok(Look::Foreign),
            None => {}
        }
        self.changed.wait_for(&mut state, at_most);
        Ok(Look::NotYet)
    }
}

impl State {
    fn find(&self, digest: &Digest) -> Result<Option<Encoded>, StoreError> {
        let is_claimed = self.claimed.contains(digest) && self.came.contains(digest);
        if !self.known.contains(digest) && !is_claimed {
            return Ok(None);
        }
        if let Some(list) = self.lists.get(digest) {
            return Ok(Some(list.clone()));
        }
        self.batch.read(digest)
    }
}

#[cfg(test)]
mod tests {
    use store::codec::{Encoder, encode_list};
    use wire::digest::Algorithm;
    use wire::object::FrameList;

    use super::*;

    #[test]
    fn objects_are_handed_on_as_they_come_and_no_others() {
        let folder = testkit::scratch();
        let store = Store::open_or_create(folder.path(), Algorithm::Sha256).unwrap();
        let store = Arc::new(store);
        let images = Arc::new(ArrivingImages::default());
        let record = ImageRecord { name: "a/1".to_owned(), ..ImageRecord::default() };
        let coming = images.begin(&store, &record).unwrap();
        assert!(images.begin(&store, &record).is_none(), "it comes already");
        let seen = images.get("a/1").unwrap();
        let mut encoder = Encoder::new().unwrap();
        let mut object = |content: &[u8]| {
            let digest = Algorithm::Sha256.digest(content);
            encoder.encode(digest, content)
        };
        let [one, two, secret] = [object(b"one"), object(b"two"), object(b"secret")];
        let look = |digest: &Digest| seen.look(digest, Duration::from_millis(1)).unwrap();
        // What the store has already needs no batch.
        let batch = store.begin().unwrap();
        let here = object(b"here");
        batch.put(&here).unwrap();
        batch.commit().unwrap();
        coming.needs(&[here.digest]);
        assert!(matches!(look(&here.digest), Look::Object(_)));
        let batch = store.begin().unwrap();
        batch.put(&secret).unwrap();
        coming.begins(batch.reader());
        coming.needs(&[one.digest, two.digest]);
        assert!(matches!(look(&one.digest), Look::NotYet));
        batch.put(&one).unwrap();
        assert!(matches!(look(&one.digest), Look::Object(found) if found.payload == one.payload));
        assert!(matches!(look(&secret.digest), Look::NotYet), "it is of another image");
        // Who waits hears of it.
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| seen.look(&two.digest, Duration::from_secs(20)));
            batch.put(&two).unwrap();
            coming.received(&two.digest);
            waits.join().unwrap().unwrap();
        });
        assert!(matches!(look(&two.digest), Look::Object(_)));
        batch.commit().unwrap();
        coming.finish();
        assert!(images.get("a/1").is_none());
        assert!(matches!(look(&one.digest), Look::Object(_)));
        assert!(matches!(look(&secret.digest), Look::Foreign));
    }

    #[test]
    fn a_list_that_is_not_checked_gives_out_nothing_of_other_images() {
        let folder = testkit::scratch();
        let store = Store::open_or_create(folder.path(), Algorithm::Sha256).unwrap();
        let (store, images) = (Arc::new(store), Arc::new(ArrivingImages::default()));
        let record = ImageRecord { name: "a/1".to_owned(), ..ImageRecord::default() };
        let coming = images.begin(&store, &record).unwrap();
        let seen = images.get("a/1").unwrap();
        let look = |digest: &Digest| seen.look(digest, Duration::from_millis(1)).unwrap();
        let mut encoder = Encoder::new().unwrap();
        let mut object =
            |content: &[u8]| encoder.encode(Algorithm::Sha256.digest(content), content);
        let (secret, frame) = (object(b"secret"), object(b"frame"));
        let batch = store.begin().unwrap();
        batch.put(&secret).unwrap();
        batch.commit().unwrap();
        let frames = vec![(secret.digest, 6), (frame.digest, 5)];
        let list = encode_list(Algorithm::Sha256.digest(b"long"), &FrameList { frames });
        coming.needs(&[list.digest]);
        coming.lists(std::slice::from_ref(&list));
        assert!(matches!(look(&list.digest), Look::Object(_)));
        assert!(matches!(look(&secret.digest), Look::NotYet), "it is of another image");
        // What came with the image is handed on.
        let batch = store.begin().unwrap();
        coming.begins(batch.reader());
        batch.put(&frame).unwrap();
        coming.received(&frame.digest);
        assert!(matches!(look(&frame.digest), Look::Object(_)));
        // A list that was checked names objects of the image.
        coming.checked();
        assert!(matches!(look(&secret.digest), Look::Object(_)));
        drop(coming);
        assert!(matches!(look(&secret.digest), Look::Given(_)));
    }

    #[test]
    fn an_image_that_fails_to_come_is_told_and_their_number_is_limited() {
        let folder = testkit::scratch();
        let store = Store::open_or_create(folder.path(), Algorithm::Sha256).unwrap();
        let store = Arc::new(store);
        let images = Arc::new(ArrivingImages::default());
        let record =
            |number: usize| ImageRecord { name: format!("a/{number}"), ..ImageRecord::default() };
        let all: Vec<_> =
            (0..IMAGES_MAX).map(|it| images.begin(&store, &record(it)).unwrap()).collect();
        assert!(images.begin(&store, &record(IMAGES_MAX)).is_none());
        assert_eq!(images.records().len(), IMAGES_MAX);
        let seen = images.get("a/0").unwrap();
        drop(all);
        let digest = Algorithm::Sha256.digest(b"x");
        assert!(matches!(seen.look(&digest, Duration::ZERO), Ok(Look::Given(_))));
        assert!(images.records().is_empty());
    }
}
