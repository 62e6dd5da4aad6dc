//! Contents that came a moment ago, for those who need them next: the list of frames that follows its frames, and the
//! file that is written from them. Nothing is then read back and decoded a second time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use wire::digest::Digest;
use wire::units::FRAME_LEN_MAX;

/// Limit on the bytes that all batches of a store keep. A file of about this length is hashed from memory.
pub const RECENT_LEN_MAX: u64 = 64 << 20;

/// What a content takes beside its bytes: its digest of 65 bytes in two tables, which may be half empty, and two
/// allocations.
const ENTRY_LEN: usize = 384;

/// Which contents a batch keeps of what it receives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepPolicy {
    /// None.
    #[default]
    Nothing,
    /// Frames of full length, until the list of the frames comes; the oldest ones go first. A shorter frame looks like any
    /// small file.
    ForLists,
    /// What comes while there is room, until a reader takes it.
    ForReaders,
}

/// Bytes that all batches of a store keep.
#[derive(Debug, Default)]
pub(crate) struct RecentLen(AtomicU64);

impl RecentLen {
    /// Counts more bytes; returns false if they would exceed the limit.
    fn grow(&self, by: usize) -> bool {
        let grown = |len: u64| Some(len + by as u64).filter(|len| *len <= RECENT_LEN_MAX);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok()
    }

    fn shrink(&self, by: usize) {
        self.0.fetch_sub(by as u64, Ordering::Relaxed);
    }
}

/// The contents that one batch keeps.
#[derive(Debug)]
pub(crate) struct RecentContents {
    policy: KeepPolicy,
    len: Arc<RecentLen>,
    table: Mutex<ContentTable>,
}

#[derive(Debug, Default)]
struct ContentTable {
    contents: HashMap<Digest, KeptContent>,
    /// The digests in the order in which they came; also those of contents that were taken meanwhile.
    order: VecDeque<Digest>,
}

#[derive(Debug)]
struct KeptContent {
    content: Arc<Vec<u8>>,
    /// Bytes that are counted for it.
    cost: usize,
}

impl RecentContents {
    pub(crate) fn new(policy: KeepPolicy, len: Arc<RecentLen>) -> Self {
        Self { policy, len, table: Mutex::default() }
    }

    /// Keeps the content of an object that came for the first time. May leave another buffer in its place.
    pub(crate) fn keep(&self, digest: &Digest, content: &mut Vec<u8>) {
        match self.policy {
            KeepPolicy::Nothing => return,
            KeepPolicy::ForLists if content.len() != FRAME_LEN_MAX => return,
            KeepPolicy::ForLists | KeepPolicy::ForReaders => {}
        }
        // Copies a short content, so that the caller keeps its large buffer.
        let is_short = content.len() * 4 < content.capacity();
        let cost = ENTRY_LEN + if is_short { content.len() } else { content.capacity() };
        let mut table = self.table.lock();
        let mut spare = Vec::new();
        while !self.len.grow(cost) {
            let Some(oldest) = self.evict(&mut table) else { return };
            spare = Arc::into_inner(oldest).unwrap_or(spare);
        }
        let content = if is_short { content.clone() } else { std::mem::replace(content, spare) };
        let recent = KeptContent { content: Arc::new(content), cost };
        if let Some(same) = table.contents.insert(*digest, recent) {
            self.len.shrink(same.cost);
        }
        table.order.push_back(*digest);
        table.shorten();
    }

    /// Makes room: of contents for readers, the oldest is the one that is needed next, and stays.
    fn evict(&self, table: &mut ContentTable) -> Option<Arc<Vec<u8>>> {
        if self.policy == KeepPolicy::ForReaders {
            return None;
        }
        let KeptContent { content, cost } = std::iter::from_fn(|| table.order.pop_front())
            .find_map(|digest| table.contents.remove(&digest))?;
        self.len.shrink(cost);
        Some(content)
    }

    /// Returns the content of a frame for its list. It stays for a reader, if there is one.
    pub(crate) fn for_list(&self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        if self.policy == KeepPolicy::ForReaders {
            let table = self.table.lock();
            return table.contents.get(digest).map(|recent| Arc::clone(&recent.content));
        }
        self.take(digest)
    }

    /// Takes a content, which is gone from here afterwards.
    pub(crate) fn take(&self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        let KeptContent { content, cost } = self.table.lock().contents.remove(digest)?;
        self.len.shrink(cost);
        Some(content)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut table = self.table.lock();
        table.contents.drain().for_each(|(_, recent)| self.len.shrink(recent.cost));
        table.order.clear();
    }
}

impl ContentTable {
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
        let batch = || RecentContents::new(KeepPolicy::ForLists, Arc::clone(&len));
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
    fn contents_for_readers_stay_until_they_are_taken() {
        let len = Arc::<RecentLen>::default();
        let recent = RecentContents::new(KeepPolicy::ForReaders, Arc::clone(&len));
        for number in 0..FRAMES_MAX + 10 {
            recent.keep(&digest(number), &mut content(number));
        }
        assert_eq!(recent.take(&digest(FRAMES_MAX)), None, "there was no room for it");
        for number in 0..FRAMES_MAX {
            assert_eq!(shown(recent.for_list(&digest(number))), Some(content(number)));
            assert_eq!(shown(recent.take(&digest(number))), Some(content(number)));
        }
        assert_eq!((recent.take(&digest(0)), len.0.load(Ordering::Relaxed)), (None, 0));
    }

    #[test]
    fn a_short_content_takes_no_more_than_its_length() {
        let len = Arc::<RecentLen>::default();
        let recent = RecentContents::new(KeepPolicy::ForReaders, Arc::clone(&len));
        let mut buffer = Vec::with_capacity(FRAME_LEN_MAX);
        buffer.extend_from_slice(b"short");
        recent.keep(&digest(1), &mut buffer);
        let counted = len.0.load(Ordering::Relaxed);
        assert_eq!((buffer.capacity(), counted), (FRAME_LEN_MAX, (5 + ENTRY_LEN) as u64));
        recent.clear();
        assert_eq!((recent.take(&digest(1)), len.0.load(Ordering::Relaxed)), (None, 0));
    }

    #[test]
    fn order_does_not_grow_while_contents_come_and_go() {
        let recent = RecentContents::new(KeepPolicy::ForLists, Arc::default());
        recent.keep(&digest(0), &mut content(0));
        for number in 1..1000 {
            recent.keep(&digest(number), &mut content(0));
            assert!(recent.for_list(&digest(number)).is_some());
        }
        assert!(recent.table.lock().order.len() <= 4);
    }

    #[test]
    fn a_policy_says_what_is_kept() {
        let short = vec![1; FRAME_LEN_MAX - 1];
        for (policy, whole, part) in [
            (KeepPolicy::Nothing, false, false),
            (KeepPolicy::ForLists, true, false),
            (KeepPolicy::ForReaders, true, true),
        ] {
            let recent = RecentContents::new(policy, Arc::default());
            recent.keep(&digest(1), &mut content(1));
            recent.keep(&digest(2), &mut short.clone());
            let kept = (recent.take(&digest(1)).is_some(), recent.take(&digest(2)).is_some());
            assert_eq!(kept, (whole, part), "{policy:?}");
        }
    }
}
