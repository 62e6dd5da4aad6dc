//! Room in a mount's cache: what was fetched first goes, by the cache's bound, or where the disk below is full.

use std::sync::atomic::Ordering;
use std::sync::{PoisonError, TryLockError};

use store::StoreError;
use wire::ErrorClass;
use wire::digest::Digest;

use super::FetchCache;
use crate::{MountError, ServerError};

impl FetchCache {
    /// Makes what was fetched last findable by the next mount, and drops what the cache has no room for: not while
    /// something is being fetched, since an imaged that does not answer must not keep us from ending.
    ///
    /// # Errors
    /// Errors of the store.
    pub fn close(&self) -> Result<(), MountError> {
        self.seal()?;
        if let Ok(_alone) = self.gate.try_write() {
            self.drop_oldest()?;
        }
        Ok(())
    }

    /// Seals the last batch, so that what it holds is found, and begins a new one, also after an error.
    pub(super) fn seal(&self) -> Result<(), StoreError> {
        self.sealed_since.fetch_add(self.batch.payload_bytes(), Ordering::Relaxed);
        self.batch.renew()
    }

    /// Bytes that came since room was made.
    fn came_since(&self) -> u64 {
        self.sealed_since.load(Ordering::Relaxed).saturating_add(self.batch.payload_bytes())
    }

    /// Drops what there is no room for, while the gate is held alone.
    fn drop_oldest(&self) -> Result<(), StoreError> {
        let _dropping = self.dropping.lock().unwrap_or_else(PoisonError::into_inner);
        self.sealed_since.store(0, Ordering::Relaxed);
        self.cache.drop_oldest_packs(self.sealed_len_max)
    }

    /// Seals what was fetched, and drops what there is no room for, where it is time for that and nobody fetches, or so
    /// much came that it cannot be put off. What fails is nothing to a reader that has what it wanted, and one can go
    /// on: a disk that was full may have room again.
    pub(super) fn make_room(&self, is_due: bool) {
        if !is_due && self.came_since() <= self.batch_len_max {
            return;
        }
        let alone = match self.gate.try_write() {
            Ok(alone) => Some(alone),
            Err(TryLockError::Poisoned(alone)) => Some(alone.into_inner()),
            Err(TryLockError::WouldBlock) if self.came_since() <= 2 * self.batch_len_max => None,
            Err(TryLockError::WouldBlock) => {
                Some(self.gate.write().unwrap_or_else(PoisonError::into_inner))
            }
        };
        // What is put off is sealed later, too: a pack for each object would be of no use.
        let sealed = if is_due || alone.is_some() { self.seal() } else { Ok(()) };
        let dropped = alone.map_or(Ok(()), |_alone| self.drop_oldest());
        if let Err(error) = sealed.and(dropped) {
            tracing::error!(cache = %self.cache.path().display(), "{error}");
        }
    }

    /// Fetches something, and once more where the disk below the cache was full: what was fetched first gives way to
    /// what is wanted now.
    pub(super) fn with_room<T>(
        &self,
        get: impl Fn() -> Result<T, ServerError>,
    ) -> Result<T, ServerError> {
        let result = get();
        match &result {
            Err(ServerError::Store(error)) if error.class() == ErrorClass::Full => {}
            _ => return result,
        }
        tracing::warn!(
            cache = %self.cache.path().display(),
            "the disk below the cache is full: what was fetched first is dropped"
        );
        if let Err(error) = self.give_way() {
            tracing::debug!("{error}");
        }
        get()
    }

    /// Gives up what a batch held that met an error, which takes nothing more, and the oldest packs beside it.
    fn give_way(&self) -> Result<(), StoreError> {
        let given_up = self.seal();
        let _dropping = self.dropping.lock().unwrap_or_else(PoisonError::into_inner);
        let kept_len = self.cache.stats().payload_bytes.saturating_sub(self.batch_len_max);
        given_up.and(self.cache.drop_oldest_packs(kept_len))
    }

    /// Gives up the pack that holds a damaged object, which is fetched again when it is read.
    ///
    /// # Errors
    /// Errors of the cache.
    pub fn give_up(&self, digest: &Digest) -> Result<(), StoreError> {
        let _dropping = self.dropping.lock().unwrap_or_else(PoisonError::into_inner);
        tracing::warn!(object = %digest, "damaged in the cache: it is fetched again");
        self.cache.drop_pack_of(digest)
    }

    /// Drops what there is no room for.
    pub fn drop_rest(&self) {
        self.make_room(true);
    }
}
