//! Holds: objects that somebody relies on before an image names them.
//!
//! An upload is told that the store has an object, and commits its image much later. Until then the object may be
//! garbage: no image needs it. So a caller that relies on an object first *promises* it to a hold, and looks for it
//! afterwards. The collector decides and removes under the index's lock: it either sees the promise and keeps the
//! object, or removed the object before, and the look finds nothing.
//!
//! A hold must live until the image is in place. While a collection runs, holds that have ended count, too: their image
//! may be newer than the list of images that the collection has read.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;
use wire::digest::Digest;

/// Objects that must not be collected while this value lives; see the module's head.
#[derive(Debug, Default)]
pub struct Hold {
    promised: Mutex<Marks>,
}

impl Hold {
    /// Promises an object. Look for the object after this call, never before.
    pub fn promise(&self, digest: &Digest) {
        self.promised.lock().insert(digest);
    }

    /// Takes all promises back.
    pub(crate) fn forget(&self) {
        *self.promised.lock() = Marks::default();
    }
}

/// A set of digests that may claim to hold more: it keeps 8 bytes of each. A false answer only keeps garbage.
#[derive(Debug, Default)]
pub(crate) struct Marks(HashSet<u64>);

impl Marks {
    pub(crate) fn insert(&mut self, digest: &Digest) {
        self.0.insert(Self::mark(digest));
    }

    pub(crate) fn contains(&self, digest: &Digest) -> bool {
        self.0.contains(&Self::mark(digest))
    }

    fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    fn mark(digest: &Digest) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest.hash()[..8]);
        u64::from_le_bytes(bytes)
    }
}

/// All holds of a store.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    state: Mutex<HoldsState>,
}

#[derive(Debug, Default)]
struct HoldsState {
    all: Vec<Arc<Hold>>,
    is_collecting: bool,
}

impl Holds {
    /// Makes a hold, and forgets those that have ended.
    pub(crate) fn begin(&self) -> Arc<Hold> {
        let hold = Arc::new(Hold::default());
        let mut state = self.state.lock();
        if !state.is_collecting {
            state.all.retain(|hold| Arc::strong_count(hold) > 1);
        }
        state.all.push(Arc::clone(&hold));
        hold
    }

    /// Begins a collection; `None` if one runs.
    pub(crate) fn begin_collection(&self) -> Option<CollectionGuard<'_>> {
        let mut state = self.state.lock();
        if std::mem::replace(&mut state.is_collecting, true) {
            return None;
        }
        state.all.retain(|hold| Arc::strong_count(hold) > 1);
        Some(CollectionGuard { holds: self })
    }

    /// Returns what is promised, by holds that have ended since the collection began, too.
    pub(crate) fn promised(&self) -> Marks {
        let mut promised = Marks::default();
        for hold in &self.state.lock().all {
            promised.extend(&hold.promised.lock());
        }
        promised
    }
}

/// A collection that runs.
#[derive(Debug)]
pub(crate) struct CollectionGuard<'a> {
    holds: &'a Holds,
}

impl Drop for CollectionGuard<'_> {
    fn drop(&mut self) {
        let mut state = self.holds.state.lock();
        state.is_collecting = false;
        state.all.retain(|hold| Arc::strong_count(hold) > 1);
    }
}

#[cfg(test)]
mod tests {
    use wire::digest::Algorithm;

    use super::*;

    #[test]
    fn holds_that_end_during_a_collection_count_until_its_end() {
        let holds = Holds::default();
        let digest = |text: &str| Algorithm::Sha256.digest(text.as_bytes());
        let before = holds.begin();
        let open = holds.begin();
        before.promise(&digest("before"));
        drop(before);
        let collection = holds.begin_collection().unwrap();
        assert!(holds.begin_collection().is_none());
        open.promise(&digest("open"));
        drop(open);
        drop(holds.begin());
        let promised = holds.promised();
        assert!(promised.contains(&digest("open")) && !promised.contains(&digest("before")));
        drop(collection);
        assert!(!holds.promised().contains(&digest("open")));
        assert!(holds.begin_collection().is_some());
    }
}
