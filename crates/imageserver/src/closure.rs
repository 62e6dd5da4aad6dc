//! The objects that an image makes readable: its manifest, files and frames.

use std::collections::HashSet;
use std::sync::Arc;

use quick_cache::sync::Cache;
use store::{Store, StoreError};
use wire::digest::Digest;

/// Limit on closures in the cache. The closure of an image with a million inodes takes about 70 MB, that of a minimal
/// Debian 1 MB.
const KEPT_MAX: usize = 8;

/// A cache of the closures of recently requested images, by manifest digest.
#[derive(Debug)]
pub(crate) struct Closures {
    kept: Cache<Digest, Arc<HashSet<Digest>>>,
}

impl Default for Closures {
    fn default() -> Self {
        Self { kept: Cache::new(KEPT_MAX) }
    }
}

impl Closures {
    /// Returns every object that the manifest needs, from the cache or by reading the manifest.
    ///
    /// # Errors
    /// Errors of reading the manifest and its frame lists.
    pub(crate) fn of(
        &self,
        store: &Store,
        manifest: &Digest,
    ) -> Result<Arc<HashSet<Digest>>, StoreError> {
        if let Some(closure) = self.kept.get(manifest) {
            return Ok(closure);
        }
        let closure = Arc::new(store::fsck::closure(store, manifest)?);
        // Frames of a list that is missing are unknown: once the list is healed, the closure has more.
        if closure.iter().all(|digest| store.contains(digest)) {
            self.kept.insert(*manifest, Arc::clone(&closure));
        }
        Ok(closure)
    }
}
