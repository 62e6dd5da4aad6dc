//! The ingest cache: what files held when they were last read, so that unchanged ones need not be read again.
//!
//! ```text
//! stat of a file ──in the cache?──▶ its digest ──does the sink hold it?──▶ nothing is read
//!                        └ no ──────────────────────────────┴ no ────────▶ read, hash, offer
//! ```
//!
//! A file is the same as long as device, inode, size, ctime and mtime are. On the filesystems that are asked for
//! ([`sysio::keeps_change_times`]), ctime is the kernel's own: no program sets it back without setting the clock. On others,
//! such as images that are mounted read-only, two files may have the same times and other content: nothing is kept there. A file that changed within [`SETTLED_AFTER`] before it was read is not kept, because
//! a later change within the same tick of the clock would leave the same times.
//!
//! There is one file of the cache for each source. It is only a cache: a damaged file, or one of another version, counts
//! as empty.

mod record;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use parking_lot::Mutex;
use sysio::{Dir, Stat};
use wire::digest::{Algorithm, Digest};

use super::facts::Head;
use record::{decode, encode};

/// A file must have been unchanged for this long when it is read. Filesystems keep times in ticks of up to 2 s.
pub const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// Caches of sources that were not added for this long are removed.
const UNUSED_MAX: Duration = Duration::from_secs(30 * 24 * 3600);

/// Limit on the length of a cache, in bytes; a longer one is not written. A million files take 88 MB.
const CACHE_LEN_MAX: usize = 512 << 20;

const SUFFIX: &str = ".ingest";

/// What shows that a file still holds what it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FileKey {
    dev: u64,
    ino: u64,
    size: u64,
    ctime: (i64, u32),
    mtime: (i64, u32),
}

impl FileKey {
    fn new(stat: &Stat) -> Self {
        let Stat { dev, ino, size, ctime, mtime, .. } = *stat;
        Self { dev, ino, size, ctime, mtime }
    }

    /// Returns the key of a file that was read at a time; `None` if it changed shortly before, or later by its own times.
    pub(super) fn settled(stat: &Stat, read_at: SystemTime) -> Option<Self> {
        let key = Self::new(stat);
        key.is_settled(read_at).then_some(key)
    }

    /// Returns whether the file changed last well before a time.
    pub(super) fn is_settled(&self, at: SystemTime) -> bool {
        let at = at.duration_since(UNIX_EPOCH).ok().and_then(|at| at.checked_sub(SETTLED_AFTER));
        let limit = at.and_then(|at| Some((i64::try_from(at.as_secs()).ok()?, at.subsec_nanos())));
        limit.is_some_and(|limit| self.ctime < limit && self.mtime < limit)
    }
}

/// What a file held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownFile {
    /// Digest of its content, which has no holes.
    pub digest: Digest,
    /// The machine that it was built for, if it is a program.
    pub program: Option<Head>,
    /// Whether it is known to have no extended attributes: a change of them changes ctime.
    pub is_bare: bool,
}

/// The cache of one source.
#[derive(Debug)]
pub struct IngestCache {
    folder: PathBuf,
    name: String,
    algorithm: Algorithm,
    known: HashMap<FileKey, KnownFile>,
    /// What the source holds now.
    kept: Mutex<HashMap<FileKey, KnownFile>>,
}

impl IngestCache {
    /// Opens the cache of a source, in the folder of all caches; a missing or damaged one is empty.
    ///
    /// # Errors
    /// If the source's path cannot be resolved, or its filesystem keeps no times to go by.
    pub fn open(folder: &Path, source: &Path, algorithm: Algorithm) -> io::Result<Self> {
        let source = source.canonicalize()?;
        if !sysio::keeps_change_times(&source)? {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "no times to go by"));
        }
        let name = Algorithm::Sha256.digest(source.as_os_str().as_encoded_bytes());
        // Only root sees all extended attributes: what another user's ingest took for a file without any, may have some.
        let reader = if sysio::is_root() { "root-" } else { "" };
        let name = format!("{}-{reader}{algorithm}{SUFFIX}", HEXLOWER.encode(&name.hash()[..16]));
        let known = match std::fs::read(folder.join(&name)) {
            Ok(bytes) if bytes.len() <= CACHE_LEN_MAX => decode(&bytes, algorithm),
            _ => None,
        };
        let known = known.unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), name, algorithm, known, kept: Mutex::default() })
    }

    /// Returns how many files the cache knows.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Returns whether the cache knows no file.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(super) fn get(&self, stat: &Stat) -> Option<(FileKey, KnownFile)> {
        let key = FileKey::new(stat);
        self.known.get(&key).map(|known| (key, *known))
    }

    pub(super) fn keep(&self, key: FileKey, known: KnownFile) {
        self.kept.lock().insert(key, known);
    }

    /// Writes what the last ingest found, for the next one. Removes caches that have not been used for a month.
    ///
    /// # Errors
    /// Errors of writing; the cache is then as it was before.
    pub fn save(&self) -> io::Result<()> {
        let bytes = encode(&self.kept.lock(), self.algorithm);
        if bytes.len() > CACHE_LEN_MAX {
            return Ok(());
        }
        let folder = Dir::create_all(&self.folder)?;
        sysio::publish::replace_secret(&folder, self.name.as_bytes(), &bytes)?;
        for name in folder.names()? {
            let unused = |stat: &Stat| {
                let seconds = u64::try_from(stat.mtime.0).unwrap_or_default();
                let changed = UNIX_EPOCH + Duration::from_secs(seconds);
                changed.elapsed().is_ok_and(|age| age > UNUSED_MAX)
            };
            if name.ends_with(SUFFIX.as_bytes()) && folder.stat(&name).is_ok_and(|it| unused(&it)) {
                folder.remove(&name)?;
            }
        }
        Ok(())
    }

    /// Removes the cache, because it was wrong.
    ///
    /// # Errors
    /// Errors of removing.
    pub fn forget(&self) -> io::Result<()> {
        let folder = Dir::open(&self.folder)?;
        sysio::publish::remove(&folder, self.name.as_bytes())
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests {
    use super::*;
    use crate::StoreError;
    use crate::codec::Encoder;
    use crate::ingest::{Exclude, Options, Progress, Sink, SinkObject, ingest_directory};

    fn stat(changed: i64) -> Stat {
        Stat { ino: 7, size: 5, ctime: (changed, 9), mtime: (3, 9), ..Stat::default() }
    }

    fn at(seconds: u64, nanos: u32) -> SystemTime {
        UNIX_EPOCH + Duration::new(seconds, nanos)
    }

    #[test]
    fn a_file_that_changed_just_now_is_not_kept() {
        assert!(FileKey::settled(&stat(100), at(102, 9)).is_none());
        assert!(FileKey::settled(&stat(100), at(102, 10)).is_some());
        // A file from the future, by its own times or by a clock that was set back.
        assert!(FileKey::settled(&stat(200), at(102, 10)).is_none());
        assert!(FileKey::settled(&stat(100), at(1, 0)).is_none());
    }

    #[test]
    fn what_was_saved_is_known_and_a_damaged_cache_is_empty() {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, source) = (scratch.path().join("cache"), scratch.path());
        let algorithm = Algorithm::Sha512;
        let known = KnownFile {
            digest: algorithm.digest(b"x"),
            program: Head::of_program(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"),
            is_bare: true,
        };
        let open = || IngestCache::open(&folder, source, algorithm).unwrap();
        let cache = open();
        cache.keep(FileKey::new(&stat(100)), known);
        cache.keep(FileKey::new(&stat(101)), KnownFile { program: None, ..known });
        cache.save().unwrap();
        let cache = open();
        assert_eq!(cache.len(), 2);
        assert_eq!(cache.get(&stat(100)).unwrap().1, known);
        assert_eq!(cache.get(&stat(101)).unwrap().1.program, None);
        assert!(cache.get(&stat(102)).is_none());
        assert!(IngestCache::open(&folder, source, Algorithm::Sha256).unwrap().is_empty());

        let path = folder.join(&cache.name);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert_eq!(decode(&damaged, algorithm), None, "byte {at}");
            assert_eq!(decode(&bytes[..at], algorithm), None, "{at} bytes");
        }
        cache.forget().unwrap();
        assert!(open().is_empty());
    }

    /// A sink that holds nothing, as it can say.
    struct Empty;

    impl Sink for Empty {
        fn tells_what_it_holds(&self) -> bool {
            true
        }

        fn offer(&self, _: SinkObject<'_>, _: &mut Encoder) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[test]
    fn a_cache_that_is_wrong_is_noticed_where_a_known_file_is_read() {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, tree) = (scratch.path().join("cache"), scratch.path().join("tree"));
        std::fs::create_dir(&tree).unwrap();
        std::fs::write(tree.join("file"), "now").unwrap();
        let algorithm = Algorithm::Sha256;
        let cache = IngestCache::open(&folder, &tree, algorithm).unwrap();
        let stat = Dir::open(&tree).unwrap().stat(b"file").unwrap();
        let known =
            KnownFile { digest: algorithm.digest(b"before"), program: None, is_bare: false };
        cache.keep(FileKey::new(&stat), known);
        cache.save().unwrap();
        let cache = IngestCache::open(&folder, &tree, algorithm).unwrap();
        let (exclude, progress) = (Exclude::default(), Progress::default());
        let options = Options { algorithm, exclude, cache: Some(&cache), progress: &progress };
        let error = ingest_directory(&tree, &options, &Empty).unwrap_err();
        assert!(matches!(&error, StoreError::WrongCache(path) if path == "file"), "{error}");
    }
}
