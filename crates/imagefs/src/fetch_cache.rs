//! Objects that an imaged has, fetched as they are read, in a cache that outgrows its bound by what is being
//! fetched at most.
//!
//! Every object is verified before it is in the cache, which is a store of its own. What is asked for by
//! several readers is fetched once. Neighbours of what is asked for come with it: one round trip for each
//! of 16,000 files would be most of the time.

mod room;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use store::{Batch, ImageContent, Store, StoreError};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::ImageRecord;

use crate::{ImageServer, MountError, ServerError};

/// Bytes that are fetched before they are sealed and the cache's length is looked at; a quarter of the cache at
/// most. As many again may come while somebody's fetch is slow, before that is waited for.
const BATCH_LEN_MAX: u64 = 64 << 20;

/// How long an imaged that did not answer is not asked again.
const AWAY_FOR: Duration = Duration::from_secs(1);

/// A connection, the cache behind it, and which objects are waited for.
///
/// *Locking:* `gate` before `dropping`. Nobody waits for `gate` alone while an imaged may be slow, but where twice
/// `batch_len_max` came since room was made: new readers would wait behind.
#[derive(Debug)]
pub struct FetchCache {
    server: Box<dyn ImageServer>,
    cache: Arc<Store>,
    /// Bytes in packs that are sealed, and in those that are not.
    sealed_len_max: u64,
    batch_len_max: u64,
    /// What was fetched last, readable from here before its pack is sealed.
    batch: Batch,
    /// Shared by each reader that fetches until it has read what it wanted, held alone while what there is no room
    /// for is dropped: nothing is dropped for that between coming and being read.
    gate: RwLock<()>,
    /// Held while packs are dropped, for whichever reason.
    dropping: Mutex<()>,
    /// Bytes that were sealed since room was made.
    sealed_since: AtomicU64,
    under_way: Mutex<HashSet<Digest>>,
    arrived: Condvar,
    /// When imaged did not answer last, and what was said of it.
    away: Mutex<Option<(Instant, String)>>,
}

impl FetchCache {
    /// Opens the cache.
    ///
    /// # Errors
    /// [`MountError::NoCache`] for a store with images; errors of the store, such as one that another process
    /// writes to.
    pub fn open(
        server: Box<dyn ImageServer>,
        cache: &Path,
        cache_len_max: u64,
    ) -> Result<Self, MountError> {
        let algorithm = server.algorithm()?;
        let folder = cache.to_owned();
        let cache = Arc::new(Store::open_or_create(cache, algorithm)?);
        // What is beyond the bound is removed, which must not be what somebody's images are made of.
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

    /// Returns the connection.
    pub fn server(&self) -> &dyn ImageServer {
        &*self.server
    }

    /// Returns the longest file that is fetched whole, in bytes: the cache must have room for it.
    pub fn whole_len_max(&self) -> u64 {
        self.batch_len_max
    }

    /// Returns whether an object can be read without asking anybody.
    pub fn contains(&self, digest: &Digest) -> bool {
        self.batch.contains(digest)
    }

    /// Reads an object, where nobody needs to be asked for it.
    ///
    /// # Errors
    /// Errors of the cache.
    pub fn read_here(&self, digest: &Digest) -> Result<Option<Encoded>, MountError> {
        match self.batch.read(digest) {
            Err(StoreError::MissingObject(_)) => Ok(None),
            object => Ok(object.map(Some)?),
        }
    }

    /// Reads an object into a buffer, and fetches it first where it is not here; with it come those of `ahead`
    /// that are not. Returns its kind and the length of its content.
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
            let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
            let get =
                || self.fetch(image, digest, ahead).and_then(|()| Ok(self.batch.read(digest)?));
            match self.with_room(get) {
                // It came into a pack that was dropped before it was read: one that held a damaged object, or on a disk
                // that is full.
                Err(ServerError::Store(StoreError::MissingObject(_))) => self.with_room(get),
                result => result,
            }
        };
        // A batch that met an error of the disk takes nothing more.
        self.make_room(matches!(fetched, Err(ServerError::Store(_))));
        Ok(take(fetched?, payload))
    }

    fn away(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks imaged, unless it did not answer just now: readers that waited for one that hangs do not ask it once more,
    /// one after another.
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

    /// Returns an image's record.
    ///
    /// # Errors
    /// As [`ImageServer::image`].
    pub fn record(&self, name: &ImageName) -> Result<ImageRecord, MountError> {
        Ok(self.ask(|server| server.image(name))?)
    }

    /// Fetches an object and its neighbours, or waits for the reader that does.
    fn fetch(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
    ) -> Result<(), ServerError> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        while under_way.contains(digest) {
            under_way = self.arrived.wait(under_way).unwrap_or_else(PoisonError::into_inner);
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
        let claim = Claim { fetched: self, objects: &wanted };
        let began = Instant::now();
        let get = |objects: &[Digest]| self.ask(|server| server.fetch(image, objects, &self.batch));
        let result = match get(&wanted[..]) {
            // A neighbour that cannot be had is nothing to a reader of this one.
            Err(error) if wanted.len() > 1 && error.class() != ErrorClass::Unavailable => {
                get(&wanted[..1])
            }
            result => result,
        };
        tracing::debug!(%image, objects = wanted.len(), elapsed = ?began.elapsed(), "fetched");
        drop(claim);
        result.map(drop)
    }

    /// Fetches an image's manifest or block map, and checks that it is that.
    ///
    /// # Errors
    /// As [`ImageServer::fetch`]; damage.
    pub fn load_content(
        &self,
        image: &ImageName,
        digest: &Digest,
    ) -> Result<ImageContent, MountError> {
        let gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let is_here = self.have_manifest(image, digest)?;
        let content = ImageContent::load(&self.cache, digest);
        drop(gate);
        self.make_room(!is_here);
        Ok(content?)
    }

    /// Fetches an image's manifest where it is not here, and returns whether it was: what there is no room for is
    /// dropped once it was read, with [`Self::drop_rest`].
    ///
    /// # Errors
    /// As [`ImageServer::fetch`].
    pub fn bring_manifest(&self, image: &ImageName, digest: &Digest) -> Result<bool, MountError> {
        let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        Ok(!self.have_manifest(image, digest)?)
    }

    /// Makes it one that is here, while the gate is held; returns whether it was.
    fn have_manifest(&self, image: &ImageName, digest: &Digest) -> Result<bool, MountError> {
        let is_here = self.cache.is_complete(digest);
        if !is_here {
            self.with_room(|| {
                self.ask(|server| server.fetch(image, &[*digest], &self.batch))?;
                // It is read through the store, which sees what is sealed.
                Ok(self.seal()?)
            })?;
        }
        Ok(is_here)
    }

    /// Returns the frames that make up an object, as imaged says; `None` where it is not a list.
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

/// Objects that one reader fetches, and others may wait for: they wait no longer than it takes, whatever it ends with.
struct Claim<'a> {
    fetched: &'a FetchCache,
    objects: &'a [Digest],
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let lock = self.fetched.under_way.lock();
        let mut under_way = lock.unwrap_or_else(PoisonError::into_inner);
        for object in self.objects {
            under_way.remove(object);
        }
        drop(under_way);
        self.fetched.arrived.notify_all();
    }
}
