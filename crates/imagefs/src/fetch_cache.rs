//! Objects of an imaged, fetched when they are read and kept in a bounded cache. The cache exceeds its bound at most by
//! the objects that are being fetched.
//!
//! The cache is a separate store; every object is verified before it enters. Readers that want the same object share
//! one fetch. A fetch also brings the object's neighbours: if each of 16,000 files cost a round trip, the round trips
//! would take most of the time.

mod room;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard, RwLock};
use store::{Batch, ImageContent, Store, StoreError};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::ImageRecord;

use crate::{ImageServer, MountError, ServerError};

/// Limit on the bytes that arrive before the batch is sealed and the cache is trimmed. In a small cache, the limit is a
/// quarter of the cache. While a slow fetch prevents the trim, the same number of bytes may arrive again before readers
/// wait for the trim.
const BATCH_LEN_MAX: u64 = 64 << 20;

/// Time for which imaged is not asked again after it failed to answer.
const AWAY_FOR: Duration = Duration::from_secs(1);

/// An image server's connection, the cache of its objects, and the objects being fetched.
///
/// *Locking:* `gate` before `dropping`. While a thread waits to hold `gate` exclusively, new readers queue behind it,
/// for as long as a slow fetch takes. So a thread waits only if more than twice `batch_len_max` bytes arrived since the
/// last trim.
#[derive(Debug)]
pub struct FetchCache {
    server: Box<dyn ImageServer>,
    cache: Arc<Store>,
    /// Limit on the bytes of all sealed packs together. The bytes of the unsealed batch are not included.
    sealed_len_max: u64,
    batch_len_max: u64,
    /// Stores fetched objects. Readers can read them even before their pack is sealed.
    batch: Batch,
    /// Readers hold this lock shared while they fetch and read an object; the trim takes the lock exclusively. So the
    /// trim drops no object that has arrived but was not read yet.
    gate: RwLock<()>,
    /// Held while packs are dropped, whether for room or because of damage.
    dropping: Mutex<()>,
    /// Bytes sealed since the last trim.
    sealed_since: AtomicU64,
    under_way: Mutex<HashSet<Digest>>,
    arrived: Condvar,
    /// Time and message of imaged's last failure to answer.
    away: Mutex<Option<(Instant, String)>>,
}

impl FetchCache {
    /// Opens the cache in a folder, and creates the folder if it is missing. Trims the cache to `cache_len_max` bytes.
    ///
    /// # Errors
    /// [`MountError::NoCache`] if the folder is a store that holds images; errors of the server; errors of the store,
    /// for example if another process writes to it.
    pub fn open(
        server: Box<dyn ImageServer>,
        cache: &Path,
        cache_len_max: u64,
    ) -> Result<Self, MountError> {
        let algorithm = server.algorithm()?;
        let folder = cache.to_owned();
        let cache = Arc::new(Store::open_or_create(cache, algorithm)?);
        // The trim drops packs, so the cache must not be a store of somebody's images.
        if !cache.image_names()?.is_empty() {
            return Err(MountError::NoCache(folder));
        }
        let batch_len_max = BATCH_LEN_MAX.min(cache_len_max / 4);
        let fetched = Self {
            server,
            batch: cache.begin()?,
            cache,
            sealed_len_max: cache_len_max - 2 * batch_len_max,
            batch_len_max,
            gate: RwLock::default(),
            dropping: Mutex::default(),
            sealed_since: AtomicU64::new(0),
            under_way: Mutex::default(),
            arrived: Condvar::new(),
            away: Mutex::default(),
        };
        fetched.close()?;
        Ok(fetched)
    }

    /// Returns the image server, for calls that need no cache.
    pub fn server(&self) -> &dyn ImageServer {
        &*self.server
    }

    /// Returns the length in bytes of the longest file that is fetched whole. The cache has room for such a file.
    pub fn whole_len_max(&self) -> u64 {
        self.batch_len_max
    }

    /// Returns whether the cache holds an object. If it does, a read of the object asks no server.
    pub fn contains(&self, digest: &Digest) -> bool {
        self.batch.contains(digest)
    }

    /// Reads an object from the cache; `None` if the cache lacks it.
    ///
    /// # Errors
    /// Errors of the cache.
    pub fn read_here(&self, digest: &Digest) -> Result<Option<Encoded>, MountError> {
        match self.batch.read(digest) {
            Err(StoreError::MissingObject(_)) => Ok(None),
            object => Ok(object.map(Some)?),
        }
    }

    /// Reads an object into a buffer. If the cache lacks the object, fetches it together with the missing objects of
    /// `ahead`. Returns the object's kind and the length of its content.
    ///
    /// # Errors
    /// As [`ImageServer::fetch`], and errors of the cache.
    pub fn read_into(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
        payload: &mut Vec<u8>,
    ) -> Result<(Kind, u64), MountError> {
        let take = |object: Encoded, payload: &mut Vec<u8>| {
            *payload = object.payload;
            (object.kind, object.content_len)
        };
        if let Ok(object) = self.batch.read(digest) {
            return Ok(take(object, payload));
        }
        let fetched = {
            let _gate = self.gate.read();
            let get =
                || self.fetch(image, digest, ahead).and_then(|()| Ok(self.batch.read(digest)?));
            match self.with_room(get) {
                // The object's pack was dropped before the read: the pack also held a damaged object, or the disk was
                // full.
                Err(ServerError::Store(StoreError::MissingObject(_))) => self.with_room(get),
                result => result,
            }
        };
        // After an error of the disk, a batch takes nothing more, so this begins a new batch.
        self.make_room(matches!(fetched, Err(ServerError::Store(_))));
        Ok(take(fetched?, payload))
    }

    fn away(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.away.lock()
    }

    /// Asks imaged. If imaged failed to answer less than [`AWAY_FOR`] ago, returns that failure again without asking.
    /// So readers that queue for a hanging imaged do not wait for one timeout after another.
    fn ask<T>(
        &self,
        question: impl FnOnce(&dyn ImageServer) -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        if let Some((since, message)) = &*self.away()
            && since.elapsed() < AWAY_FOR
        {
            let (class, message) = (ErrorClass::Unavailable, message.clone());
            return Err(ServerError::Call { class, message });
        }
        question(&*self.server).inspect_err(|error| {
            if error.class() == ErrorClass::Unavailable {
                *self.away() = Some((Instant::now(), error.to_string()));
            }
        })
    }

    /// Returns an image's record; always asks imaged.
    ///
    /// # Errors
    /// As [`ImageServer::image`].
    pub fn record(&self, name: &ImageName) -> Result<ImageRecord, MountError> {
        Ok(self.ask(|server| server.image(name))?)
    }

    /// Fetches an object and its neighbours. If another reader is already fetching the object, waits for that reader.
    fn fetch(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
    ) -> Result<(), ServerError> {
        let mut under_way = self.under_way.lock();
        while under_way.contains(digest) {
            self.arrived.wait(&mut under_way);
        }
        if self.contains(digest) {
            return Ok(());
        }
        let mut wanted = vec![*digest];
        let is_new = |object: &Digest| object != digest && !under_way.contains(object);
        wanted
            .extend(ahead().into_iter().filter(|object| is_new(object) && !self.contains(object)));
        let mut unique = HashSet::new();
        wanted.retain(|object| unique.insert(*object));
        under_way.extend(&wanted);
        drop(under_way);
        let claim = FetchClaim { fetched: self, objects: &wanted };
        let began = Instant::now();
        let get = |objects: &[Digest]| self.ask(|server| server.fetch(image, objects, &self.batch));
        let result = match get(&wanted[..]) {
            // A neighbour that cannot be fetched must not fail the read of this object.
            Err(error) if wanted.len() > 1 && error.class() != ErrorClass::Unavailable => {
                get(&wanted[..1])
            }
            result => result,
        };
        tracing::debug!(%image, objects = wanted.len(), elapsed = ?began.elapsed(), "fetched");
        drop(claim);
        result.map(drop)
    }

    /// Fetches and decodes an image's manifest or block map; refuses any other object.
    ///
    /// # Errors
    /// As [`ImageServer::fetch`]; damage.
    pub fn load_content(
        &self,
        image: &ImageName,
        digest: &Digest,
    ) -> Result<ImageContent, MountError> {
        let gate = self.gate.read();
        let is_here = self.have_manifest(image, digest)?;
        let content = ImageContent::load(&self.cache, digest);
        drop(gate);
        self.make_room(!is_here);
        Ok(content?)
    }

    /// Checks that an image has this manifest, and fetches the manifest unless the cache holds it. Returns true if a
    /// fetch was necessary. After a fetch, the caller reads the manifest, then trims the cache with
    /// [`Self::drop_rest`].
    ///
    /// # Errors
    /// As [`ImageServer::check`] and [`ImageServer::fetch`].
    pub fn bring_manifest(&self, image: &ImageName, digest: &Digest) -> Result<bool, MountError> {
        self.ask(|server| server.check(image, digest))?;
        let _gate = self.gate.read();
        Ok(!self.have_manifest(image, digest)?)
    }

    /// Fetches a manifest unless the cache holds it. Returns true if no fetch was necessary. The caller holds the gate.
    fn have_manifest(&self, image: &ImageName, digest: &Digest) -> Result<bool, MountError> {
        let is_here = self.cache.is_complete(digest);
        if !is_here {
            self.with_room(|| {
                self.ask(|server| server.fetch(image, &[*digest], &self.batch))?;
                // Seals the batch, because the store reads the manifest and sees only sealed packs.
                Ok(self.seal()?)
            })?;
        }
        Ok(is_here)
    }

    /// Returns an object's frames as imaged lists them, unverified; `None` for an object that is not a list.
    ///
    /// # Errors
    /// As [`ImageServer::frame_list`].
    pub fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
    ) -> Result<Option<FrameList>, MountError> {
        Ok(self.with_room(|| self.ask(|server| server.frame_list(image, digest, &self.batch)))?)
    }
}

/// Objects that one reader fetches and for which other readers may wait. Dropping the claim wakes those readers,
/// whether the fetch succeeded or failed.
struct FetchClaim<'a> {
    fetched: &'a FetchCache,
    objects: &'a [Digest],
}

impl Drop for FetchClaim<'_> {
    fn drop(&mut self) {
        let mut under_way = self.fetched.under_way.lock();
        for object in self.objects {
            under_way.remove(object);
        }
        drop(under_way);
        self.fetched.arrived.notify_all();
    }
}
