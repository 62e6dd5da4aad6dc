//! A batch: many objects that are written together and acknowledged together.
//!
//! ```text
//! 1 append objects to a pack without a name        a crash leaves nothing
//! 2 seal the pack: fsync, publish (on a thread)    a crash leaves no pack, or a whole one that no
//!                                                  image uses; a second attempt uses its objects
//! 3 commit: seal the last pack, wait for all       only now may an image name the objects
//! ```
//!
//! Several threads may put into one batch at once. Dropping a batch discards every object whose
//! pack is not sealed yet.

mod received;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Mutex, MutexGuard};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::object::{Encoded, FrameList, Kind};

use crate::error::StoreError;
use crate::hold::Hold;
use crate::pack::{Entry, PackFile, PackWriter, SEAL_LEN};
use crate::recent::{KeepPolicy, RecentContents};
use crate::store::{DataPlace, Store};

pub use received::received_list;

/// Limit on packs that are being sealed at the same time; a caller that fills another pack waits.
/// So a crash loses at most the objects of three packs, the open one and two that are being sealed,
/// usually of about 24 MiB each.
const SEALING_MAX: usize = 2;

/// Objects on their way into a store; durable only after [`Batch::commit`].
#[derive(Debug)]
pub struct Batch {
    store: Arc<Store>,
    hold: Arc<Hold>,
    open: Arc<Mutex<Open>>,
    recent: RecentContents,
}

/// Reads what a batch has so far, and what the store has; it outlives the batch.
#[derive(Clone, Debug)]
pub struct BatchReader {
    store: Arc<Store>,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    pack: Option<PackWriter>,
    /// Objects that were put into this batch, with their pack, so that they can be read back before
    /// the index lists them.
    unsealed: HashMap<Digest, (Arc<PackFile>, Entry)>,
    /// Objects that a caller has claimed with [`Batch::claim`].
    claimed: HashSet<Digest>,
    current_file: Option<Arc<PackFile>>,
    sealing: Vec<JoinHandle<Result<(), StoreError>>>,
    new_objects: u64,
    new_bytes: u64,
    /// The first error; later puts and commits return it.
    failure: Option<(String, ErrorClass)>,
}

impl Open {
    fn check(&self) -> Result<(), StoreError> {
        match self.failure.clone() {
            None => Ok(()),
            Some((message, class)) => Err(StoreError::EarlierFailure { message, class }),
        }
    }
}

/// Objects that a committed batch added to the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchTotals {
    /// Number of objects that the store did not hold before.
    pub objects: u64,
    /// Bytes of the stored payloads of these objects.
    pub payload_bytes: u64,
}

impl Batch {
    pub(crate) fn new(store: Arc<Store>, hold: Arc<Hold>) -> Self {
        let recent = RecentContents::new(KeepPolicy::Nothing, Arc::clone(&store.recent_len));
        Self { store, hold, open: Arc::default(), recent }
    }

    /// Returns the hold to which the batch promises each object that is put, found or claimed. If an image is to name
    /// the objects, the hold must live until the image is in place.
    pub fn hold(&self) -> &Arc<Hold> {
        &self.hold
    }

    /// Returns the store that the batch adds to. The store shows an object only after the object's
    /// pack is sealed.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Returns a reader for those who need the objects before they are durable.
    pub fn reader(&self) -> BatchReader {
        BatchReader { store: Arc::clone(&self.store), open: Arc::clone(&self.open) }
    }

    /// Returns whether the object is in the store or was put into this batch.
    pub fn contains(&self, digest: &Digest) -> bool {
        let is_there = || self.store.contains(digest) || self.open().unsealed.contains_key(digest);
        // Only what is there is promised, so that a hold grows no larger than the store; and it is looked for again.
        if !is_there() {
            return false;
        }
        self.hold.promise(digest);
        is_there()
    }

    /// Claims an object. Returns true to exactly one caller, who then puts it; false if the store
    /// holds the object or another caller has claimed it.
    pub fn claim(&self, digest: &Digest) -> bool {
        self.hold.promise(digest);
        !self.store.contains(digest) && self.open().claimed.insert(*digest)
    }

    /// Appends an object whose content the caller has hashed. Does nothing if the store or the
    /// batch holds the object already.
    ///
    /// # Errors
    /// [`StoreError::WrongAlgorithm`]; [`StoreError::Io`] from the pack's file, after which the batch
    /// refuses all further objects with [`StoreError::EarlierFailure`].
    pub fn put(&self, object: &Encoded) -> Result<(), StoreError> {
        self.put_new(object).map(drop)
    }

    /// As [`Batch::put`]; returns whether the object was appended.
    fn put_new(&self, object: &Encoded) -> Result<bool, StoreError> {
        if object.digest.algorithm() != self.store.algorithm() {
            return Err(StoreError::WrongAlgorithm {
                digest: object.digest,
                algorithm: self.store.algorithm(),
            });
        }
        self.hold.promise(&object.digest);
        let mut open = self.open();
        if open.unsealed.contains_key(&object.digest) || self.store.contains(&object.digest) {
            return Ok(false);
        }
        let result = self.append(&mut open, object);
        if let Err(error) = &result
            && open.failure.is_none()
        {
            open.failure = Some((error.to_string(), error.class()));
        }
        result.map(|()| true)
    }

    fn append(&self, open: &mut Open, object: &Encoded) -> Result<(), StoreError> {
        let failed = || StoreError::io("write a pack into", self.store.path().join("packs"));
        open.check()?;
        if open.pack.is_none() {
            let pack =
                PackWriter::begin(&self.store.packs, self.store.algorithm()).map_err(failed())?;
            let file = PackFile::from_file(pack.file().map_err(failed())?);
            open.current_file = Some(Arc::new(file));
            open.pack = Some(pack);
        }
        let (Some(pack), Some(file)) = (&mut open.pack, &open.current_file) else {
            return Err(StoreError::Stopped("no pack is open"));
        };
        let entry = pack.append(object).map_err(failed())?;
        let is_full = pack.len() >= SEAL_LEN;
        open.unsealed.insert(object.digest, (Arc::clone(file), entry));
        open.new_objects += 1;
        open.new_bytes += object.payload.len() as u64;
        if is_full { self.seal(open) } else { Ok(()) }
    }

    /// Hands the open pack to a thread that makes it durable and adds it to the index.
    fn seal(&self, open: &mut Open) -> Result<(), StoreError> {
        let Some(pack) = open.pack.take().filter(|pack| !pack.is_empty()) else {
            return Ok(());
        };
        while open.sealing.len() >= SEALING_MAX {
            join(open.sealing.remove(0))?;
        }
        let store = Arc::clone(&self.store);
        let thread = std::thread::Builder::new()
            .name("seal-pack".to_owned())
            .spawn(move || store.publish_pack(pack).map(drop));
        let thread = thread.map_err(StoreError::io("start a thread for", self.store.path()))?;
        open.sealing.push(thread);
        Ok(())
    }

    /// Reads an object of this batch or of the store, still encoded.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read(&self, digest: &Digest) -> Result<Encoded, StoreError> {
        match self.reader().unsealed(digest)? {
            Some(object) => Ok(object),
            None => self.store.read(digest),
        }
    }

    /// Returns the list of frames of an object of this batch or of the store; `None` for a data object.
    ///
    /// # Errors
    /// As [`Store::frame_list`].
    pub fn frame_list(&self, digest: &Digest) -> Result<Option<FrameList>, StoreError> {
        let place = self.open().unsealed.get(digest).map(|(_, entry)| entry.kind);
        match place {
            None => self.store.frame_list(digest),
            Some(Kind::Data) => Ok(None),
            Some(Kind::FrameList) => received_list(&self.read(digest)?).map(Some),
        }
    }

    /// Returns the place of a data object of this batch or of the store. The payload may not be durable yet.
    ///
    /// # Errors
    /// As [`Store::data_place`].
    pub fn data_place(&self, digest: &Digest) -> Result<DataPlace, StoreError> {
        let place = self.open().unsealed.get(digest).cloned();
        match place {
            Some((pack, entry)) if entry.kind == Kind::Data => Ok(DataPlace {
                digest: *digest,
                pack: Arc::clone(pack.file()),
                offset: entry.offset,
                payload_len: entry.payload_len,
                content_len: entry.content_len,
            }),
            _ => self.store.data_place(digest),
        }
    }

    /// Returns how many bytes of payloads this batch has added so far.
    pub fn payload_bytes(&self) -> u64 {
        self.open().new_bytes
    }

    /// Seals the last pack and waits until all packs of the batch are durable.
    ///
    /// # Durability
    /// All objects survive a power loss once this has returned without an error.
    ///
    /// # Errors
    /// The first error of any pack; objects of packs that were sealed before that error stay in the
    /// store.
    pub fn commit(self) -> Result<BatchTotals, StoreError> {
        self.recent.clear();
        let mut open = self.open();
        self.close(&mut open)?;
        Ok(BatchTotals { objects: open.new_objects, payload_bytes: open.new_bytes })
    }

    /// Commits as [`Batch::commit`] does, and leaves an empty batch. After an error the batch is
    /// empty too: objects that are not durable yet are lost. This is meant for caches, which
    /// promise no durability. Contents that were kept are forgotten.
    ///
    /// # Errors
    /// As [`Batch::commit`].
    pub fn renew(&self) -> Result<(), StoreError> {
        self.hold.forget();
        let mut open = self.open();
        let closed = self.close(&mut open);
        self.recent.clear();
        for thread in std::mem::take(&mut *open).sealing {
            join(thread).ok();
        }
        closed
    }

    fn close(&self, open: &mut Open) -> Result<(), StoreError> {
        open.check()?;
        self.seal(open)?;
        open.sealing.drain(..).try_for_each(join)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock()
    }
}

impl BatchReader {
    /// Returns a reader of what a store has, without any batch.
    pub fn of_store(store: Arc<Store>) -> Self {
        Self { store, open: Arc::default() }
    }

    /// Reads an object of the batch or of the store, still encoded; `None` if neither has it yet.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read(&self, digest: &Digest) -> Result<Option<Encoded>, StoreError> {
        match self.unsealed(digest)? {
            Some(object) => Ok(Some(object)),
            None if self.store.contains(digest) => self.store.read(digest).map(Some),
            None => Ok(None),
        }
    }

    /// Reads an object that was put into the batch.
    fn unsealed(&self, digest: &Digest) -> Result<Option<Encoded>, StoreError> {
        let place = self.open.lock().unsealed.get(digest).cloned();
        let Some((file, entry)) = place else { return Ok(None) };
        let payload = file
            .payload(entry.offset, entry.payload_len)
            .map_err(StoreError::io("read back a pack of", self.store.path()))?;
        let (kind, content_len) = (entry.kind, entry.content_len);
        Ok(Some(Encoded { digest: *digest, kind, content_len, payload }))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.recent.clear();
        for thread in self.open().sealing.drain(..) {
            if let Err(error) = join(thread) {
                tracing::warn!("failed to seal a pack of a batch that was given up: {error}");
            }
        }
    }
}

fn join(thread: JoinHandle<Result<(), StoreError>>) -> Result<(), StoreError> {
    thread.join().unwrap_or_else(|_| Err(StoreError::Stopped("the sealing thread panicked")))
}

impl Store {
    /// Begins a batch of new objects.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] if the store was opened for reading only.
    pub fn begin(self: &Arc<Self>) -> Result<Batch, StoreError> {
        self.begin_with(self.hold())
    }

    /// Begins a batch that promises its objects to a hold which others may share.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub fn begin_with(self: &Arc<Self>, hold: Arc<Hold>) -> Result<Batch, StoreError> {
        self.check_writable()?;
        Ok(Batch::new(Arc::clone(self), hold))
    }
}
