//! Frame lists of long files, kept in bounded memory. A reader of one file does not wait while another file's list is
//! fetched.
//!
//! *Locking:* a reader that fetches a list holds a claim on the list's digest, but no lock. A reader that decodes a
//! list on this machine holds the lock `long`, and claims nothing while it holds the lock.

use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wire::digest::Digest;
use wire::object::FrameList;

use super::claims::Claims;
use crate::MountError;

/// Number of bytes of a file to fetch ahead, after the bytes that are read.
pub const AHEAD_LEN: u64 = 4 << 20;

/// Bytes of memory for frame lists: about 25 lists of files of 4 GiB each.
const LISTS_LEN: u64 = 32 << 20;

/// Bytes of memory that each frame of a list takes: for the frame's object and its start.
const PART_LEN: u64 = (size_of::<(Digest, u32)>() + size_of::<u64>()) as u64;

/// Limit on the frames of a list that is kept together with other lists. The list of a file of 4 GiB reaches the limit
/// and takes 1.25 MiB of memory. Of all longer lists, only the one that was loaded last is kept.
const LIST_COUNT_MAX: usize = 1 << 14;

/// Limit on the objects of a window. In lists that Imprint writes, a read of 1 MiB and the content ahead of it are 20
/// objects.
const WINDOW_COUNT_MAX: usize = 4096;

/// Limit on lists fetched at once. The longest list has a million frames. With SHA-256 it takes 36 MiB while it
/// arrives, and 80 MiB once it is decoded. The list of a file of 4 GiB takes 2 MiB.
const FETCHED_AT_ONCE_MAX: usize = 4;

/// The objects that make up a long file's data. For a very long file, only the objects around the bytes that are read.
#[derive(Debug)]
pub struct Parts {
    /// Digest of each object, and length of its content in bytes.
    pub objects: Vec<(Digest, u32)>,
    /// Offset in the file's data at which each object begins.
    pub starts: Vec<u64>,
}

impl Parts {
    fn of(list: FrameList) -> Self {
        let mut start = 0;
        let starts = list.frames.iter().map(|(_, len)| {
            start += u64::from(*len);
            start - u64::from(*len)
        });
        Self { starts: starts.collect(), objects: list.frames }
    }

    /// Returns the objects that hold `len` bytes from `at` on, and the objects after them that are fetched ahead.
    fn window(&self, (at, len): (u64, u64)) -> Self {
        let first = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let end = at.saturating_add(len).saturating_add(AHEAD_LEN);
        let behind =
            self.starts.partition_point(|start| *start < end).min(first + WINDOW_COUNT_MAX);
        let range = first..behind;
        Self { objects: self.objects[range.clone()].to_vec(), starts: self.starts[range].to_vec() }
    }
}

/// A long file's frame list, or the answer that this machine lacks it.
#[derive(Debug)]
pub enum LocalList {
    /// This machine has the file's object: the list, or `None` if the file is a single object.
    Known(Option<FrameList>),
    /// This machine does not have the file's object: the object, or the list, must be fetched.
    Missing,
}

/// Source of one long file's list.
pub trait Source {
    /// Reads the list if this machine has it; asks no server.
    ///
    /// # Errors
    /// Damage; errors of reading.
    fn read_here(&self) -> Result<LocalList, MountError>;

    /// Reads the list, and fetches it if necessary; `None` if the file is a single object.
    ///
    /// # Errors
    /// As [`Self::read_here`], and errors of fetching.
    fn fetch(&self) -> Result<Option<FrameList>, MountError>;
}

#[derive(Clone, Debug)]
struct ByCount;

impl Weighter<Digest, Option<Arc<Parts>>> for ByCount {
    fn weight(&self, _: &Digest, parts: &Option<Arc<Parts>>) -> u64 {
        64 + parts.as_ref().map_or(0, |parts| parts.objects.len() as u64 * PART_LEN)
    }
}

/// The last list that is too long to be kept with others, and its digest.
type Long = Option<(Digest, Parts)>;

/// Frame lists in memory, and the fetches under way.
#[derive(Debug)]
pub struct Lists {
    parts: Cache<Digest, Option<Arc<Parts>>, ByCount>,
    /// Held by the reader that decodes a list on this machine. So memory holds the kept lists, those being fetched, and
    /// at most one more list.
    long: Mutex<Long>,
    fetching: Claims,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            parts: Cache::with_weighter(256, LISTS_LEN, ByCount),
            long: Mutex::default(),
            fetching: Claims::new(FETCHED_AT_ONCE_MAX),
        }
    }
}

impl Lists {
    /// Returns the objects that make up a long file; `None` for a file that is a single object. For a very long list,
    /// returns only the objects around `read`, an offset and a count of bytes.
    ///
    /// # Errors
    /// Errors of `source`.
    pub fn parts(
        &self,
        digest: &Digest,
        read: (u64, u64),
        source: &dyn Source,
    ) -> Result<Option<Arc<Parts>>, MountError> {
        if let Some(known) = self.parts.get(digest) {
            return Ok(known);
        }
        let mut long = self.long();
        if let Some(known) = self.known(digest, read, &long) {
            return Ok(known);
        }
        if let LocalList::Known(list) = source.read_here()? {
            return Ok(self.keep(digest, read, list, &mut long));
        }
        drop(long);
        let _claim = self.fetching.claim(digest);
        let known = self.known(digest, read, &self.long());
        if let Some(known) = known {
            return Ok(known);
        }
        let list = source.fetch()?;
        Ok(self.keep(digest, read, list, &mut self.long()))
    }

    fn long(&self) -> MutexGuard<'_, Long> {
        self.long.lock()
    }

    fn known(&self, digest: &Digest, read: (u64, u64), long: &Long) -> Option<Option<Arc<Parts>>> {
        let window = || {
            let (_, parts) = long.as_ref().filter(|(kept, _)| kept == digest)?;
            Some(Some(Arc::new(parts.window(read))))
        };
        self.parts.get(digest).or_else(window)
    }

    fn keep(
        &self,
        digest: &Digest,
        read: (u64, u64),
        list: Option<FrameList>,
        long: &mut Long,
    ) -> Option<Arc<Parts>> {
        match list.map(Parts::of) {
            Some(parts) if parts.objects.len() > LIST_COUNT_MAX => {
                let window = Arc::new(parts.window(read));
                *long = Some((*digest, parts));
                Some(window)
            }
            parts => {
                let parts = parts.map(Arc::new);
                self.parts.insert(*digest, parts.clone());
                parts
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;
    use wire::digest::Algorithm;
    use wire::units::FRAME_LEN_MAX;

    #[test]
    fn a_window_holds_what_is_read_and_what_comes_next() {
        let digest = Algorithm::Sha256.digest(b"frame");
        let frame_len = FRAME_LEN_MAX as u64;
        let list = || FrameList { frames: vec![(digest, FRAME_LEN_MAX as u32); 1 << 20] };
        let parts = Parts::of(list());
        for at in [0, 1, frame_len - 1, frame_len, 12345 * frame_len + 7] {
            let window = parts.window((at, 1 << 20));
            let end = window.starts.last().unwrap() + frame_len;
            assert!(window.starts[0] <= at && at < window.starts[0] + frame_len);
            assert!(end >= at + (1 << 20) + AHEAD_LEN && window.objects.len() < 32, "{at}");
        }
        let last = parts.window(((1 << 20) * frame_len - 1, 1));
        assert_eq!(last.objects.len(), 1);
        // A list whose frames hold one byte each.
        let parts = Parts::of(FrameList { frames: vec![(digest, 1); 1 << 20] });
        assert_eq!(parts.window((77, 1 << 20)).objects.len(), WINDOW_COUNT_MAX);
    }

    /// A list of `count` frames, which arrives once the test releases it.
    struct Slow {
        count: usize,
        begun: Sender<()>,
        may_come: Mutex<Receiver<()>>,
    }

    fn list(count: usize) -> FrameList {
        FrameList { frames: vec![(Algorithm::Sha256.digest(b"frame"), 1); count] }
    }

    impl Source for Slow {
        fn read_here(&self) -> Result<LocalList, MountError> {
            Ok(LocalList::Missing)
        }

        fn fetch(&self) -> Result<Option<FrameList>, MountError> {
            self.begun.send(()).unwrap();
            self.may_come.lock().recv().unwrap();
            Ok(Some(list(self.count)))
        }
    }

    /// A list that is on this machine or arrives at once.
    struct Quick {
        is_here: bool,
    }

    impl Source for Quick {
        fn read_here(&self) -> Result<LocalList, MountError> {
            Ok(if self.is_here { LocalList::Known(Some(list(2))) } else { LocalList::Missing })
        }

        fn fetch(&self) -> Result<Option<FrameList>, MountError> {
            Ok(Some(list(2)))
        }
    }

    #[test]
    fn a_reader_does_not_wait_for_anothers_list() {
        for count in [3, LIST_COUNT_MAX + 1] {
            let lists = Lists::default();
            let (begun, has_begun) = channel();
            let (come, may_come) = channel();
            let slow = Slow { count, begun, may_come: Mutex::new(may_come) };
            let [slow_digest, here, there] =
                [b"slow", b"here", b"away"].map(|name| Algorithm::Sha256.digest(name));
            std::thread::scope(|scope| {
                let first = scope.spawn(|| lists.parts(&slow_digest, (0, 1), &slow).unwrap());
                has_begun.recv().unwrap();
                let (done, is_done) = channel();
                let lists = &lists;
                scope.spawn(move || {
                    for (digest, is_here) in [(here, true), (there, false)] {
                        let parts = lists.parts(&digest, (0, 1), &Quick { is_here }).unwrap();
                        done.send(parts.unwrap().objects.len()).unwrap();
                    }
                });
                let counts = [(); 2].map(|()| is_done.recv_timeout(Duration::from_secs(10)));
                // A second reader of the same list waits, and does not fetch the list again.
                let again = scope.spawn(|| lists.parts(&slow_digest, (0, 1), &slow).unwrap());
                come.send(()).unwrap();
                assert_eq!(counts, [Ok(2), Ok(2)]);
                for parts in [first, again] {
                    assert_eq!(parts.join().unwrap().unwrap().starts[0], 0);
                }
            });
            assert!(has_begun.try_recv().is_err(), "it was fetched twice");
        }
    }
}
