//! Objects that arrive while a fresh volume is filled.
//!
//! A crash in the middle of filling a fresh volume leads to a new filesystem, so that nothing is lost if an object
//! never arrives. A volume that holds something is patched only after everything has arrived, durably.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use store::{Batch, DataPlace, KeepPolicy, Store, StoreError};
use wire::digest::Digest;
use wire::object::FrameList;

use crate::tasks::{TaskLimits, cut};
use crate::{ImageObjects, PatchError};

/// Limits of one request: enough content that a round trip does not count, little enough that writing begins soon.
const REQUEST: TaskLimits = TaskLimits { bytes: 16 << 20, count: 4096 };

/// Requests under way: while one waits for the network, the content of another is checked.
const REQUESTS: usize = 2;

/// Longest sleep of a thread that waits for an object.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Where the engine reads the content of files.
#[derive(Clone, Copy, Debug)]
pub enum ContentSource<'a> {
    /// A store that has everything.
    Store(&'a Store),
    /// Objects that are being fetched: each is waited for.
    Arriving(&'a ArrivingObjects<'a>),
}

impl ContentSource<'_> {
    pub(crate) fn frame_list(self, digest: &Digest) -> Result<Option<FrameList>, PatchError> {
        match self {
            Self::Store(store) => Ok(store.frame_list(digest)?),
            Self::Arriving(objects) => {
                objects.wait_for(digest)?;
                Ok(objects.batch.frame_list(digest)?)
            }
        }
    }

    pub(crate) fn data_place(self, digest: &Digest) -> Result<DataPlace, PatchError> {
        match self {
            Self::Store(store) => Ok(store.data_place(digest)?),
            Self::Arriving(objects) => {
                objects.wait_for(digest)?;
                Ok(objects.batch.data_place(digest)?)
            }
        }
    }

    /// Takes the content of an object that came a moment ago, if it is still in memory.
    pub(crate) fn take_recent(self, digest: &Digest) -> Option<Arc<Vec<u8>>> {
        match self {
            Self::Store(_) => None,
            Self::Arriving(objects) => objects.batch.take_recent(digest),
        }
    }
}

/// Objects of an image on their way into a store.
#[derive(Debug)]
pub struct ArrivingObjects<'a> {
    objects: ImageObjects<'a>,
    batch: Batch,
    requests: Mutex<Requests>,
    /// Wakes the threads that wait, after each object and at the end.
    arrived: Condvar,
    bytes: AtomicU64,
    count: AtomicU64,
    total: u64,
}

#[derive(Debug)]
struct Requests {
    /// Requests to come, in the order in which the objects are needed.
    pending: VecDeque<Vec<Digest>>,
    /// Requests that did not end yet.
    open: usize,
    failure: Option<PatchError>,
    is_stopped: bool,
}

impl<'a> ArrivingObjects<'a> {
    /// Prepares to fetch objects, which are needed in this order; each comes with the length of its content.
    ///
    /// # Errors
    /// Errors of the store.
    pub(crate) fn new(
        objects: ImageObjects<'a>,
        needed: &[(Digest, u64)],
    ) -> Result<Self, PatchError> {
        let digests = |part: &[(Digest, u64)]| part.iter().map(|(digest, _)| *digest).collect();
        let pending: VecDeque<Vec<Digest>> =
            cut(needed, REQUEST, |(_, len)| *len).into_iter().map(digests).collect();
        let open = pending.len();
        Ok(Self {
            objects,
            batch: objects.store.begin()?.keeping(KeepPolicy::ForReaders),
            requests: Mutex::new(Requests { pending, open, failure: None, is_stopped: false }),
            arrived: Condvar::new(),
            bytes: AtomicU64::new(0),
            count: AtomicU64::new(0),
            total: needed.len() as u64,
        })
    }

    /// Fetches on threads of its own while `work` runs; then makes everything durable. Returns the bytes that came.
    ///
    /// # Errors
    /// The error of fetching, or else that of `work`.
    pub(crate) fn fetch_while(
        self,
        show: &(dyn Fn(u64, u64) + Sync),
        work: impl FnOnce(&Self) -> Result<(), PatchError>,
    ) -> Result<u64, PatchError> {
        let worked = std::thread::scope(|scope| {
            for _ in 0..REQUESTS {
                scope.spawn(|| self.fetch(show));
            }
            let worked = work(&self);
            if worked.is_err() {
                self.requests.lock().is_stopped = true;
            }
            worked
        });
        let Self { batch, requests, bytes, .. } = self;
        match requests.into_inner().failure {
            Some(failure) => Err(failure),
            None => {
                worked?;
                batch.commit()?;
                Ok(bytes.into_inner())
            }
        }
    }

    /// Carries out requests until none is left.
    fn fetch(&self, show: &(dyn Fn(u64, u64) + Sync)) {
        loop {
            let next = {
                let mut requests = self.requests.lock();
                let is_over = requests.is_stopped || requests.failure.is_some();
                requests.pending.pop_front().filter(|_| !is_over)
            };
            let Some(digests) = next else { return };
            let note = |_, _| {
                let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
                show(count.min(self.total), self.total);
                self.arrived.notify_all();
            };
            let fetched =
                self.objects.source.fetch(self.objects.image, &digests, &self.batch, &note);
            let mut requests = self.requests.lock();
            requests.open -= 1;
            match fetched {
                Ok(bytes) => drop(self.bytes.fetch_add(bytes, Ordering::Relaxed)),
                Err(error) => drop(requests.failure.get_or_insert_with(|| error.into())),
            }
            drop(requests);
            self.arrived.notify_all();
        }
    }

    /// Waits until an object is there.
    fn wait_for(&self, digest: &Digest) -> Result<(), PatchError> {
        while !self.batch.contains(digest) {
            let mut requests = self.requests.lock();
            if requests.failure.is_some() || requests.is_stopped {
                return Err(PatchError::FetchEnded);
            }
            // Objects are put and notified without the lock: so look again now and then.
            if requests.open > 0 {
                self.arrived.wait_for(&mut requests, LOOK_EVERY);
            } else if !self.batch.contains(digest) {
                return Err(StoreError::MissingObject(*digest).into());
            }
        }
        Ok(())
    }
}
