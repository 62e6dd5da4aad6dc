//! Opens a store, and finds and reads its objects.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard, RwLock, RwLockWriteGuard};
use sysio::Dir;
use sysio::lock::FolderLock;
use sysio::map::SealedMap;
use wire::digest::{Algorithm, Digest};
use wire::object::{Encoded, FrameList, Kind};

use crate::codec::Decoder;
use crate::error::StoreError;
use crate::hold::{Hold, Holds};
use crate::index::{Index, IndexTable, Location, TABLE_NAME, encode_table};
use crate::meta::{self, Meta};
use crate::pack::{PackFile, PackId, PackWriter};
use crate::recent::RecentLen;

/// Limit on packs open at once: below the usual limit of 1,024 descriptors.
const OPEN_PACKS_MAX: usize = 256;

/// A content-addressed object store in a folder. Threads may share it.
#[derive(Debug)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) algorithm: Algorithm,
    pub(crate) packs: Dir,
    pub(crate) images: Dir,
    folder: Dir,
    index: RwLock<Index>,
    open_packs: Mutex<HashMap<PackId, Arc<PackFile>>>,
    pub(crate) holds: Holds,
    pub(crate) recent_len: Arc<RecentLen>,
    /// Held shared from the publishing of a pack until the index knows it, and alone while packs are deleted: a new pack
    /// may be the same as a deleted one, and have its name.
    publishing: RwLock<()>,
    /// Held while an index table or an image file is replaced: the temporary name of the new file
    /// is always the same, so two threads must not write it at once.
    replacing: Mutex<()>,
    /// The lock of the folder; `None` if the store was opened for reading only.
    lock: Option<FolderLock>,
}

/// The place of a data object's stored payload. The code that decodes the payload must check its
/// checksums.
#[derive(Clone, Debug)]
pub struct DataPlace {
    /// Digest of the object's content.
    pub digest: Digest,
    /// Open file of the object's pack, readable even after the pack is removed.
    pub pack: Arc<std::fs::File>,
    /// Offset of the payload in the pack, in bytes.
    pub offset: u64,
    /// Length of the stored payload in bytes.
    pub payload_len: u32,
    /// Length of the decoded content in bytes.
    pub content_len: u64,
}

/// Numbers of packs, objects and bytes in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Packs that hold at least one object of the index.
    pub packs: u64,
    /// Data objects and lists of frames, each counted once.
    pub objects: u64,
    /// Bytes of stored, usually compressed payloads.
    pub payload_bytes: u64,
    /// Bytes of decoded content, each data object counted once.
    pub content_bytes: u64,
}

impl Store {
    /// Opens a store for reading and writing; creates one if the folder holds none. An existing
    /// store keeps its own algorithm, whatever `algorithm` is.
    ///
    /// # Durability
    /// A new store survives a power loss once this has returned.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process has it open for writing;
    /// [`StoreError::Unsupported`] or [`StoreError::Damaged`] for its description;
    /// [`StoreError::Io`].
    pub fn open_or_create(path: &Path, algorithm: Algorithm) -> Result<Self, StoreError> {
        let folder = Dir::create_all(path).map_err(StoreError::io("create folder", path))?;
        let lock = take_lock(&folder, path)?;
        for name in ["packs", "images"] {
            Dir::create_all(&path.join(name))
                .map_err(StoreError::io("create folder", path.join(name)))?;
        }
        if Meta::load(&folder, path)?.is_none() {
            sysio::publish::replace(&folder, meta::NAME, &Meta::encode(algorithm))
                .map_err(StoreError::io("write", path.join("imprint-store")))?;
        }
        Self::load(path, folder, Some(lock))
    }

    /// Opens an existing store for reading and writing.
    ///
    /// # Errors
    /// [`StoreError::NoStore`] if the folder holds none, and as [`Store::open_or_create`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = open_folder(path)?;
        if Meta::load(&folder, path)?.is_none() {
            return Err(StoreError::NoStore(path.to_owned()));
        }
        let lock = take_lock(&folder, path)?;
        Self::load(path, folder, Some(lock))
    }

    /// Opens a store for reading only; another process may write to it meanwhile.
    /// [`Store::refresh`] adds the packs that the other process has published since.
    ///
    /// # Errors
    /// [`StoreError::NoStore`] if the folder holds none, and as [`Store::open_or_create`], except
    /// for the lock.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        Self::load(path, open_folder(path)?, None)
    }

    fn load(path: &Path, folder: Dir, lock: Option<FolderLock>) -> Result<Self, StoreError> {
        let meta =
            Meta::load(&folder, path)?.ok_or_else(|| StoreError::NoStore(path.to_owned()))?;
        if lock.is_some() && !meta.is_writable {
            return Err(StoreError::Unsupported {
                what: "writing to the store".to_owned(),
                need: "a read-only-compatible feature".to_owned(),
            });
        }
        let subfolder = |name: &str| {
            Dir::open(&path.join(name)).map_err(StoreError::io("open folder", path.join(name)))
        };
        let store = Self {
            path: path.to_owned(),
            algorithm: meta.algorithm,
            packs: subfolder("packs")?,
            images: subfolder("images")?,
            folder,
            index: RwLock::new(Index::default()),
            open_packs: Mutex::default(),
            holds: Holds::default(),
            recent_len: Arc::default(),
            publishing: RwLock::default(),
            replacing: Mutex::new(()),
            lock,
        };
        store.recover()?;
        if store.lock.is_some() {
            store.renew_table();
        }
        Ok(store)
    }

    pub(crate) fn open_table(&self) -> Option<IndexTable> {
        let file = self.folder.open_file(TABLE_NAME).ok()?;
        let table = SealedMap::open(&file)
            .map_err(|error| error.to_string())
            .and_then(|map| IndexTable::open(map, self.algorithm));
        table
            .inspect_err(|problem| {
                tracing::warn!(problem, "ignoring the index: `store rebuild-index` writes it anew");
            })
            .ok()
    }

    /// Returns the path under which the store was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the algorithm of every digest in the store. It is chosen when the store is created.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the free bytes and inodes of the store's filesystem.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn free_space(&self) -> Result<sysio::dir::FreeSpace, StoreError> {
        self.folder.free_space().map_err(StoreError::io("stat the filesystem of", &self.path))
    }

    pub(crate) fn check_writable(&self) -> Result<(), StoreError> {
        match self.lock {
            Some(_) => Ok(()),
            None => Err(StoreError::ReadOnly(self.path.clone())),
        }
    }

    /// Returns the location of an object; `None` if the store does not hold it.
    pub fn locate(&self, digest: &Digest) -> Option<Location> {
        self.index().get(digest)
    }

    /// Returns whether the store holds an object; for a list of frames, see [`Store::is_complete`].
    pub fn contains(&self, digest: &Digest) -> bool {
        self.locate(digest).is_some()
    }

    /// Returns whether the store holds an object and all its frames.
    pub fn is_complete(&self, digest: &Digest) -> bool {
        match self.frame_list(digest) {
            Ok(None) => true,
            Ok(Some(list)) => list.frames.iter().all(|(frame, _)| self.contains(frame)),
            Err(_) => false,
        }
    }

    /// Promises an object and all its frames to a hold, and returns whether the store holds them.
    pub fn promise_whole(&self, digest: &Digest, hold: &Hold) -> bool {
        if !self.contains(digest) {
            return false;
        }
        hold.promise(digest);
        match self.frame_list(digest) {
            Ok(None) => true,
            Ok(Some(list)) => list.frames.iter().all(|(frame, _)| {
                hold.promise(frame);
                self.contains(frame)
            }),
            Err(_) => false,
        }
    }

    /// Reads an object's stored payload, without checking it: decoding checks the frames'
    /// checksums.
    ///
    /// # Errors
    /// [`StoreError::MissingObject`]; [`StoreError::Io`] if the pack cannot be opened;
    /// [`StoreError::DamagedObject`] if the pack ends too early; [`StoreError::ReadObject`] for
    /// other errors of reading.
    pub fn read(&self, digest: &Digest) -> Result<Encoded, StoreError> {
        let mut payload = Vec::new();
        let (kind, content_len) = self.read_into(digest, &mut payload)?;
        Ok(Encoded { digest: *digest, kind, content_len, payload })
    }

    /// Reads an object's stored payload into a buffer that the caller reuses; returns the object's
    /// kind and its content's length in bytes.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_into(
        &self,
        digest: &Digest,
        payload: &mut Vec<u8>,
    ) -> Result<(Kind, u64), StoreError> {
        let (location, pack) = self.find(digest)?;
        let read = pack.payload_into(location.offset, location.payload_len, payload);
        read.map_err(|source| match source.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                let problem = format!("{} ends too early", location.pack.file_name());
                StoreError::DamagedObject { digest: *digest, problem }
            }
            _ => StoreError::ReadObject { digest: *digest, source },
        })?;
        Ok((location.kind, location.content_len))
    }

    /// Finds an object and opens its pack. If the pack is gone, a collection of garbage has copied the object into
    /// another, in this process or in the one that writes to the store.
    fn find(&self, digest: &Digest) -> Result<(Location, Arc<PackFile>), StoreError> {
        let missing = || StoreError::MissingObject(*digest);
        let is_gone = |error: &StoreError| matches!(error, StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound);
        let location = self.locate(digest).ok_or_else(missing)?;
        match self.pack(location.pack) {
            Err(error) if is_gone(&error) => {
                if self.lock.is_none() {
                    // The process that writes has deleted packs: what is known here is out of date.
                    self.recover()?;
                }
                let again = self.locate(digest).filter(|again| again.pack != location.pack);
                let again = again.ok_or(error)?;
                Ok((again, self.pack(again.pack)?))
            }
            opened => Ok((location, opened?)),
        }
    }

    /// Returns the place of a data object's payload, for callers that read it themselves.
    ///
    /// # Errors
    /// [`StoreError::MissingObject`]; [`StoreError::DamagedObject`] for a list of frames;
    /// [`StoreError::Io`].
    pub fn data_place(&self, digest: &Digest) -> Result<DataPlace, StoreError> {
        let (location, pack) = self.find(digest)?;
        if location.kind != Kind::Data {
            let problem = "it is a list of frames, and data was expected".to_owned();
            return Err(StoreError::DamagedObject { digest: *digest, problem });
        }
        Ok(DataPlace {
            digest: *digest,
            pack: Arc::clone(pack.file()),
            offset: location.offset,
            payload_len: location.payload_len,
            content_len: location.content_len,
        })
    }

    /// Reads and decodes a data object into `content`, which is replaced. Does not check the
    /// digest.
    ///
    /// # Errors
    /// As [`Store::read`]; [`StoreError::DamagedObject`] also for a list of frames or a wrong
    /// checksum.
    pub fn read_data(
        &self,
        digest: &Digest,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let object = self.read(digest)?;
        let damaged = |problem| StoreError::DamagedObject { digest: *digest, problem };
        if object.kind != Kind::Data {
            return Err(damaged("it is a list of frames, and data was expected".to_owned()));
        }
        decoder.decode_stored(&object, content)
    }

    /// Returns the list of frames of an object; `None` for a data object, which holds its content
    /// itself.
    ///
    /// # Errors
    /// As [`Store::read`]; [`StoreError::DamagedObject`] also for a malformed list.
    pub fn frame_list(&self, digest: &Digest) -> Result<Option<FrameList>, StoreError> {
        let location = self.locate(digest).ok_or(StoreError::MissingObject(*digest))?;
        if location.kind == Kind::Data {
            return Ok(None);
        }
        let object = self.read(digest)?;
        FrameList::decode(&object.payload, object.content_len).map(Some).map_err(|error| {
            StoreError::DamagedObject { digest: *digest, problem: error.to_string() }
        })
    }

    /// Counts the packs, objects and bytes in the index.
    pub fn stats(&self) -> Stats {
        let mut packs = HashSet::new();
        let mut stats = Stats::default();
        for (_, location) in self.index().iter() {
            packs.insert(location.pack);
            stats.objects += 1;
            stats.payload_bytes += u64::from(location.payload_len);
            // A list's content is counted with its frames.
            if location.kind == Kind::Data {
                stats.content_bytes += location.content_len;
            }
        }
        stats.packs = packs.len() as u64;
        stats
    }

    /// Waits until no other thread replaces a file of the store, and makes other threads wait while
    /// the returned guard lives.
    pub(crate) fn replacing(&self) -> MutexGuard<'_, ()> {
        self.replacing.lock()
    }

    /// Writes the table of all objects, and uses it.
    pub(crate) fn write_table(&self) -> Result<(), StoreError> {
        let _replacing = self.replacing();
        self.publish_table(&HashSet::new())?;
        if let Some(table) = self.open_table() {
            self.index_mut().replace_table(table);
        }
        Ok(())
    }

    /// Writes the table without the objects in some packs, for the next opening of the store: the packs may be deleted
    /// then.
    pub(crate) fn write_table_without(&self, packs: &HashSet<PackId>) -> Result<(), StoreError> {
        let _replacing = self.replacing();
        self.publish_table(packs)
    }

    fn publish_table(&self, without: &HashSet<PackId>) -> Result<(), StoreError> {
        let bytes = encode_table(self.algorithm, &self.index().sorted_without(without));
        sysio::publish::replace(&self.folder, TABLE_NAME, &bytes)
            .map_err(StoreError::io("write", self.path.join("index")))
    }

    /// Publishes a pack and adds its objects to the index; returns its id.
    pub(crate) fn publish_pack(&self, pack: PackWriter) -> Result<PackId, StoreError> {
        let failed = StoreError::io("publish a pack in", self.path.join("packs"));
        let id = {
            let _publishing = self.publishing.read();
            let sealed = pack.seal(&self.packs).map_err(failed)?;
            self.index_mut().add_pack(sealed.id, &sealed.entries);
            sealed.id
        };
        self.renew_table();
        Ok(id)
    }

    /// Keeps packs from being published while the returned guard lives.
    pub(crate) fn stop_publishing(&self) -> RwLockWriteGuard<'_, ()> {
        self.publishing.write()
    }

    /// Makes a hold, which keeps what is promised to it from being collected.
    pub fn hold(&self) -> Arc<Hold> {
        self.holds.begin()
    }

    /// Writes a new table if [`Index::needs_table`] says so.
    fn renew_table(&self) {
        if self.index().needs_table()
            && let Err(error) = self.write_table()
        {
            // The table is a cache: packs are durable and indexed without it.
            tracing::warn!("failed to write the index: {error}");
        }
    }

    pub(crate) fn pack(&self, id: PackId) -> Result<Arc<PackFile>, StoreError> {
        if let Some(pack) = self.open_packs().get(&id) {
            return Ok(Arc::clone(pack));
        }
        let file = PackFile::open(&self.packs, id)
            .map_err(StoreError::io("open pack", self.path.join("packs").join(id.file_name())))?;
        let pack = Arc::new(file);
        let mut open = self.open_packs();
        if open.len() >= OPEN_PACKS_MAX {
            open.clear();
        }
        open.insert(id, Arc::clone(&pack));
        Ok(pack)
    }

    /// Returns whether the table on disk is sound; `None` if there is no table.
    pub(crate) fn table_is_sound(&self) -> Option<bool> {
        self.folder.open_file(TABLE_NAME).ok()?;
        Some(self.open_table().is_some_and(|table| table.check_body()))
    }

    pub(crate) fn index(&self) -> parking_lot::RwLockReadGuard<'_, Index> {
        self.index.read()
    }

    pub(crate) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write()
    }

    pub(crate) fn open_packs(&self) -> MutexGuard<'_, HashMap<PackId, Arc<PackFile>>> {
        self.open_packs.lock()
    }
}

fn open_folder(path: &Path) -> Result<Dir, StoreError> {
    Dir::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => StoreError::NoStore(path.to_owned()),
        _ => StoreError::Io { action: "open folder", path: path.to_owned(), source },
    })
}

fn take_lock(folder: &Dir, path: &Path) -> Result<FolderLock, StoreError> {
    FolderLock::try_take(folder, b"lock").map_err(|source| match source.kind() {
        std::io::ErrorKind::WouldBlock => StoreError::Locked(path.to_owned()),
        _ => StoreError::Io { action: "lock", path: path.to_owned(), source },
    })
}
