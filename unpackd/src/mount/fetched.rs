//! Objects that an imaged has, fetched as they are read, in a cache that does not outgrow its bound.
//!
//! Every object is verified before it is in the cache, which is a store of its own. What is asked for by
//! several readers is fetched once. Neighbours of what is asked for come with it: one round trip for each
//! of 16,000 files would be most of the time.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Instant;

use store::{Batch, Store};
use transfer::fetch::{Fetch, Remote};
use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::object::{FrameList, Kind};

use crate::error::UnpackError;

/// Bytes that are fetched before the batch that they are in is closed, and the cache's length is looked at; a
/// quarter of the cache at most.
const BATCH_LEN_MAX: u64 = 64 << 20;

/// A connection, the cache behind it, and who waits for what.
#[derive(Debug)]
pub struct Fetched {
    remote: Remote,
    cache: Arc<Store>,
    /// Bytes in packs that are closed, and of the batch that is not. A batch is longer by its last fetch.
    closed_len_max: u64,
    batch_len_max: u64,
    /// What was fetched last, readable from here before its packs are sealed.
    batch: RwLock<Option<Batch>>,
    batch_len: AtomicU64,
    under_way: Mutex<HashSet<Digest>>,
    arrived: Condvar,
}

impl Fetched {
    /// Opens the cache.
    ///
    /// # Errors
    /// Errors of the store, such as one that another process writes to.
    pub fn open(
        remote: Remote,
        cache: &Path,
        cache_len_max: u64,
        algorithm: Algorithm,
    ) -> Result<Self, UnpackError> {
        let folder = cache.display();
        let cache = Arc::new(Store::open_or_create(cache, algorithm)?);
        // What is beyond the bound is removed, which must not be what somebody's images are made of.
        if !cache.image_names()?.is_empty() {
            return Err(UnpackError::Refused(format!(
                "{folder} is a store with images, not a mount's cache: name an empty folder with --cache"
            )));
        }
        let batch_len_max = BATCH_LEN_MAX.min(cache_len_max / 4);
        let fetched = Self {
            remote,
            cache,
            closed_len_max: cache_len_max - batch_len_max,
            batch_len_max,
            batch: RwLock::default(),
            batch_len: AtomicU64::new(0),
            under_way: Mutex::default(),
            arrived: Condvar::new(),
        };
        fetched.close_batch()?;
        Ok(fetched)
    }

    /// Returns the connection.
    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Makes what was fetched last findable by the next mount, and drops what the cache has no room for. While
    /// something is being fetched it does nothing: an imaged that does not answer must not keep us from ending.
    ///
    /// # Errors
    /// Errors of the store.
    pub fn close_batch(&self) -> Result<(), UnpackError> {
        match self.batch.try_write() {
            Ok(batch) => self.renew(batch),
            Err(_) => Ok(()),
        }
    }

    /// Whatever fails, a batch is open afterwards: a disk that was full may have room again.
    fn renew(&self, mut batch: RwLockWriteGuard<'_, Option<Batch>>) -> Result<(), UnpackError> {
        let committed = batch.take().map_or(Ok(()), |full| full.commit().map(drop));
        let dropped = self.cache.drop_oldest_packs(self.closed_len_max);
        *batch = Some(self.cache.begin()?);
        self.batch_len.store(0, Ordering::Relaxed);
        committed?;
        dropped?;
        Ok(())
    }

    fn with_batch<T>(
        &self,
        work: impl FnOnce(&Batch) -> Result<T, UnpackError>,
    ) -> Result<T, UnpackError> {
        let batch = self.batch.read().unwrap_or_else(PoisonError::into_inner);
        match &*batch {
            Some(batch) => work(batch),
            // Left so by an error of the disk that it is on.
            None => Err(UnpackError::Refused("the cache is not usable any more".to_owned())),
        }
    }

    /// Returns whether an object can be read without asking anybody.
    pub fn contains(&self, digest: &Digest) -> bool {
        self.with_batch(|batch| Ok(batch.contains(digest))).unwrap_or(false)
    }

    /// Reads an object into a buffer, and fetches it first where it is not here; with it come those of `ahead`
    /// that are not. Returns its kind and the length of its content.
    ///
    /// # Errors
    /// As [`Fetch::fetch`], and errors of the cache.
    pub fn read_into(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
        payload: &mut Vec<u8>,
    ) -> Result<(Kind, u64), UnpackError> {
        // Twice: what was fetched may have left a full cache before it was read.
        for _ in 0..2 {
            if !self.contains(digest) {
                self.fetch(image, digest, ahead)?;
            }
            let read = self.with_batch(|batch| Ok(batch.read(digest)));
            match read? {
                Ok(object) => {
                    *payload = object.payload;
                    return Ok((object.kind, object.content_len));
                }
                Err(error) => tracing::debug!(%digest, "not in the cache any more: {error}"),
            }
        }
        Err(UnpackError::Damaged {
            what: format!("object {digest} in the cache"),
            problem: "it cannot be read back: remove the cache, or give it more room".to_owned(),
        })
    }

    /// Fetches an object and its neighbours, or waits for whoever does.
    fn fetch(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
    ) -> Result<(), UnpackError> {
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
        let get = |objects: &[Digest]| {
            self.with_batch(|batch| Ok(self.remote.fetch(image, objects, batch, &|_, _| {})?))
        };
        // A neighbour that cannot be had is nothing to who reads this one.
        let result = match get(&wanted) {
            Err(_) if wanted.len() > 1 => get(&wanted[..1]),
            result => result,
        };
        tracing::debug!(%image, objects = wanted.len(), elapsed = ?began.elapsed(), "fetched");
        drop(claim);
        let fetched = *result.as_ref().unwrap_or(&0);
        let is_full = self.batch_len.fetch_add(fetched, Ordering::Relaxed) > self.batch_len_max;
        // A batch that met an error of the disk takes nothing more: the next fetch begins with another.
        let is_broken =
            matches!(&result, Err(UnpackError::Transfer(transfer::TransferError::Store(_))));
        // While others fetch it stays: whoever waited for them would let all readers wait.
        let renewed = match self.batch.try_write() {
            Ok(batch) if is_full || is_broken => self.renew(batch),
            _ => Ok(()),
        };
        result.and(renewed)
    }

    /// Fetches an image's manifest, and checks that it is that.
    ///
    /// # Errors
    /// As [`Fetch::fetch`]; damage.
    pub fn load_manifest(
        &self,
        image: &ImageName,
        digest: &Digest,
    ) -> Result<Manifest, UnpackError> {
        if !self.cache.is_complete(digest) {
            // In a batch of its own: the store sees nothing of one before it is closed.
            let batch = self.cache.begin()?;
            self.remote.fetch(image, &[*digest], &batch, &|_, _| {})?;
            batch.commit()?;
        }
        Ok(self.cache.load_manifest(digest)?)
    }

    /// Returns the frames that make up an object, as imaged says; `None` where it is not a list.
    ///
    /// # Errors
    /// As [`Remote::frame_list`].
    pub fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
    ) -> Result<Option<FrameList>, UnpackError> {
        self.with_batch(|batch| Ok(self.remote.frame_list(image, digest, batch)?))
    }
}

/// Objects that one reader fetches, and others may wait for: they wait no longer than it takes, whatever it ends with.
struct Claim<'a> {
    fetched: &'a Fetched,
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
