//! Room in a mount's cache: the oldest packs are dropped when the cache exceeds its bound or the disk below the cache
//! is full.

use std::sync::atomic::Ordering;

use store::StoreError;
use wire::ErrorClass;
use wire::digest::Digest;

use super::FetchCache;
use crate::{MountError, ServerError};

impl FetchCache {
    /// Seals the batch, so that the next mount finds its objects, and trims the cache. Skips the trim while a fetch is
    /// under way: an imaged that does not answer must not delay the end of the mount.
    ///
    /// # Errors
    /// Errors of the store.
    pub fn close(&self) -> Result<(), MountError> {
        self.seal()?;
        if let Some(_alone) = self.gate.try_write() {
            self.drop_oldest()?;
        }
        Ok(())
    }

    /// Seals the batch, so that the store finds the batch's objects. Begins a new batch even if sealing fails.
    pub(super) fn seal(&self) -> Result<(), StoreError> {
        self.sealed_since.fetch_add(self.batch.payload_bytes(), Ordering::Relaxed);
        self.batch.renew()
    }

    /// Returns the count of bytes that arrived since the last trim, whether they are sealed or not.
    fn came_since(&self) -> u64 {
        self.sealed_since.load(Ordering::Relaxed).saturating_add(self.batch.payload_bytes())
    }

    /// Trims the sealed packs to the bound. The caller holds the gate exclusively.
    fn drop_oldest(&self) -> Result<(), StoreError> {
        let _dropping = self.dropping.lock();
        self.sealed_since.store(0, Ordering::Relaxed);
        self.cache.drop_oldest_packs(self.sealed_len_max)
    }

    /// Seals the batch and trims the cache, if `is_due` or if more than `batch_len_max` bytes arrived. While others
    /// fetch, postpones the trim until twice as many bytes arrived, then waits for the fetches. Errors are logged, not
    /// returned: the caller already has its object, and a full disk may have room later.
    pub(super) fn make_room(&self, is_due: bool) {
        if !is_due && self.came_since() <= self.batch_len_max {
            return;
        }
        let alone = match self.gate.try_write() {
            Some(alone) => Some(alone),
            None if self.came_since() <= 2 * self.batch_len_max => None,
            None => Some(self.gate.write()),
        };
        // If there is no trim, seals the batch only if `is_due`: a pack for each object would be wasteful.
        let sealed = if is_due || alone.is_some() { self.seal() } else { Ok(()) };
        let dropped = alone.map_or(Ok(()), |_alone| self.drop_oldest());
        if let Err(error) = sealed.and(dropped) {
            tracing::error!(cache = %self.cache.path().display(), "{error}");
        }
    }

    /// Fetches something. If the disk below the cache is full, drops the oldest packs and fetches once more.
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

    /// Makes room: seals the batch, because it takes nothing more after an error, and drops about `batch_len_max` bytes
    /// of the oldest packs.
    fn give_way(&self) -> Result<(), StoreError> {
        let given_up = self.seal();
        let _dropping = self.dropping.lock();
        let kept_len = self.cache.stats().payload_bytes.saturating_sub(self.batch_len_max);
        given_up.and(self.cache.drop_oldest_packs(kept_len))
    }

    /// Drops the pack of a damaged object; the next read fetches the object again.
    ///
    /// # Errors
    /// Errors of the cache.
    pub fn give_up(&self, digest: &Digest) -> Result<(), StoreError> {
        let _dropping = self.dropping.lock();
        tracing::warn!(object = %digest, "damaged in the cache: it is fetched again");
        self.cache.drop_pack_of(digest)
    }

    /// Seals the batch. Also trims the cache, unless a fetch is under way and fewer than twice `batch_len_max` bytes
    /// arrived. Logs errors.
    pub fn drop_rest(&self) {
        self.make_room(true);
    }
}
