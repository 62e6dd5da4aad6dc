//! Which objects an image makes readable: its manifest, its files and their frames.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use store::{Store, StoreError};
use wire::digest::Digest;

/// Closures that are kept: one of a million inodes takes about 70 MB, one of Debian's base 1 MB.
const KEPT_MAX: usize = 8;

/// Closures of images, kept while they are being asked for.
#[derive(Debug, Default)]
pub struct Closures {
    /// Most recently used last.
    kept: Mutex<Vec<(Digest, Arc<HashSet<Digest>>)>>,
}

impl Closures {
    /// Returns every object that the manifest needs.
    ///
    /// # Errors
    /// Errors of reading the manifest and frame lists.
    pub fn of(&self, store: &Store, manifest: &Digest) -> Result<Arc<HashSet<Digest>>, StoreError> {
        if let Some(found) = self.take(manifest) {
            return Ok(found);
        }
        let found = Arc::new(store::fsck::closure(store, manifest)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push((*manifest, Arc::clone(&found)));
        Ok(found)
    }

    fn take(&self, manifest: &Digest) -> Option<Arc<HashSet<Digest>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().position(|(digest, _)| digest == manifest)?;
        let entry = kept.remove(index);
        let found = Arc::clone(&entry.1);
        kept.push(entry);
        Some(found)
    }
}
