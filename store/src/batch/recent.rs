//! Contents that came a moment ago, for those who need them next: the list of frames that follows its frames, and the
//! file that is written from them. Nothing is then read back and decoded a second time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use wire::digest::Digest;
use wire::units::FRAME_LEN_MAX;

/// Limit on the bytes that all batches of a store keep: a file of this length is hashed from memory.
pub const RECENT_LEN_MAX: u64 = 64 << 20;

/// What a content takes beside its bytes: its digest, twice, and the places in the tables.
const ENTRY_LEN: usize = 128;

/// Which contents a batch keeps, and for how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Keep {
    /// Frames of full length, until the list of the frames has come. A shorter frame looks like any small file.
    #[default]
    ForLists,
    /// Everything, as long as there is room.
    ForReaders,
}

/// Bytes that all batches of a store keep.
#[derive(Debug, Default)]
pub(crate) struct RecentLen(AtomicU64);

impl RecentLen {
    /// Counts one more content; returns false if it would exceed the limit.
    fn grow(&self, by: usize) -> bool {
        let by = (by + ENTRY_LEN) as u64;
        let grown = |len: u64| Some(len + by).filter(|len| *len <= RECENT_LEN_MAX);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok()
    }

    fn shrink(&self, by: usize) {
        self.0.fetch_sub((by + ENTRY_LEN) as u64, Ordering::Relaxed);
    }
}

/// The contents that one batch keeps. The oldest ones go first.
#[derive(Debug)]
pub(super) struct RecentContents {
    keep: Keep,
    len: Arc<RecentLen>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    contents: HashMap<Digest, Arc<Vec<u8>>>,
    /// The digests in the order in which they came; also those of contents that were taken meanwhile.
    order: VecDeque<Digest>,
}

impl RecentContents {
    pub(super) fn new(keep: Keep, len: Arc<RecentLen>) -> Self {
        Self { keep, len, kept: Mutex::default() }
    }

    /// Keeps the content of an object. May leave another buffer in its place.
    pub(super) fn keep(&self, digest: &Digest, content: &mut Vec<u8>) {
        if self.keep == Keep::ForLists && content.len() != FRAME_LEN_MAX {
            return;
        }
        let mut kept = self.kept.lock();
        if kept.contents.contains_key(digest) {
            return;
        }
        // Copies a short content, so that the caller keeps its large buffer.
        let is_short = content.len() * 4 < content.capacity();
        let len = if is_short { content.len() } else { content.capacity() };
        let mut spare = Vec::new();
        while !self.len.grow(len) {
            let Some(oldest) = kept.take_oldest() else { return };
            self.len.shrink(oldest.capacity());
            spare = Arc::into_inner(oldest).unwrap_or(spare);
        }
        let content = if is_short { content.clone() } else { std::mem::replace(content, spare) };
        debug_assert_eq!(content.capacity(), len, "the length that is counted");
        kept.contents.insert(*digest, Arc::new(content));
        kept.order.push_back(*digest);
        kept.shorten();
    }

    /// Returns a content that a list of frames needs, each time for the last time if no reader needs it.
    pub(super) fn for_list(&self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        match self.keep {
            Keep::ForReaders => self.get(digest),
            Keep::ForLists => {
                let content = self.kept.lock().contents.remove(digest)?;
                self.len.shrink(content.capacity());
                Some(content)
            }
        }
    }

    pub(super) fn get(&self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        self.kept.lock().contents.get(digest).cloned()
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        let mut kept = self.kept.lock();
        kept.contents.drain().for_each(|(_, content)| self.len.shrink(content.capacity()));
        kept.order.clear();
    }
}

impl Kept {
    fn take_oldest(&mut self) -> Option<Arc<Vec<u8>>> {
        std::iter::from_fn(|| self.order.pop_front())
            .find_map(|digest| self.contents.remove(&digest))
    }

    /// Drops the digests of contents that were taken, once they are most of all.
    fn shorten(&mut self) {
        let Self { contents, order } = self;
        if order.len() > 2 * contents.len() {
            order.retain(|digest| contents.contains_key(digest));
        }
    }
}

impl Drop for RecentContents {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use wire::digest::Algorithm;

    use super::*;

    const FRAME_COST: u64 = (FRAME_LEN_MAX + ENTRY_LEN) as u64;
    const FRAMES_MAX: u64 = RECENT_LEN_MAX / FRAME_COST;

    fn digest(number: u64) -> Digest {
        Algorithm::Sha256.digest(&number.to_le_bytes())
    }

    fn content(number: u64) -> Vec<u8> {
        number.to_le_bytes().repeat(FRAME_LEN_MAX / 8)
    }

    fn shown(content: Option<Arc<Vec<u8>>>) -> Option<Vec<u8>> {
        content.map(|content| content.to_vec())
    }

    #[test]
    fn all_batches_together_keep_no_more_than_the_limit() {
        let len = Arc::<RecentLen>::default();
        let batch = || RecentContents::new(Keep::ForLists, Arc::clone(&len));
        let (one, other) = (batch(), batch());
        for number in 0..FRAMES_MAX + 10 {
            one.keep(&digest(number), &mut content(number));
        }
        assert_eq!(len.0.load(Ordering::Relaxed), FRAMES_MAX * FRAME_COST);
        assert_eq!(one.for_list(&digest(9)), None, "the oldest ones went");
        // There is no room for a second batch, until the first one gives some back.
        other.keep(&digest(1000), &mut content(1000));
        assert_eq!(other.for_list(&digest(1000)), None);
        assert_eq!(shown(one.for_list(&digest(10))), Some(content(10)));
        other.keep(&digest(1000), &mut content(1000));
        assert_eq!(len.0.load(Ordering::Relaxed), FRAMES_MAX * FRAME_COST);
        drop(one);
        assert_eq!(len.0.load(Ordering::Relaxed), FRAME_COST);
        assert_eq!(shown(other.for_list(&digest(1000))), Some(content(1000)));
        assert_eq!(other.for_list(&digest(1000)), None);
        assert_eq!(len.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn contents_for_readers_stay_and_short_ones_take_no_more_than_their_length() {
        let len = Arc::<RecentLen>::default();
        let recent = RecentContents::new(Keep::ForReaders, Arc::clone(&len));
        let mut buffer = Vec::with_capacity(FRAME_LEN_MAX);
        buffer.extend_from_slice(b"short");
        recent.keep(&digest(1), &mut buffer);
        assert_eq!(
            (buffer.capacity(), len.0.load(Ordering::Relaxed)),
            (FRAME_LEN_MAX, 5 + ENTRY_LEN as u64)
        );
        for _ in 0..2 {
            assert_eq!(shown(recent.for_list(&digest(1))), Some(b"short".to_vec()));
            assert_eq!(shown(recent.get(&digest(1))), Some(b"short".to_vec()));
        }
        recent.clear();
        assert_eq!((recent.get(&digest(1)), len.0.load(Ordering::Relaxed)), (None, 0));
    }

    #[test]
    fn order_does_not_grow_while_contents_come_and_go() {
        let recent = RecentContents::new(Keep::ForLists, Arc::default());
        recent.keep(&digest(0), &mut content(0));
        for number in 1..1000 {
            recent.keep(&digest(number), &mut content(0));
            assert!(recent.for_list(&digest(number)).is_some());
        }
        assert!(recent.kept.lock().order.len() <= 4);
    }

    #[test]
    fn shorter_contents_are_not_kept_for_lists() {
        let recent = RecentContents::new(Keep::ForLists, Arc::default());
        let mut short = vec![1; FRAME_LEN_MAX - 1];
        recent.keep(&digest(1), &mut short);
        assert_eq!((short.len(), recent.for_list(&digest(1))), (FRAME_LEN_MAX - 1, None));
    }
}
