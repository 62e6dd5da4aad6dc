//! The ingest cache: unchanged files are not read again, and an image never depends on the cache.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use store::StoreError;
use store::codec::Encoder;
use store::ingest::cache::{IngestCache, SETTLED_AFTER};
use store::ingest::{
    Exclude, IngestOutcome, Options, Progress, Sink, SinkObject, ingest_directory,
};
use wire::digest::{Algorithm, Digest};

/// A sink that remembers which objects it has, and counts what it was offered.
#[derive(Default)]
struct Counting {
    held: Mutex<HashSet<Digest>>,
    offered: AtomicUsize,
    asked: AtomicUsize,
}

impl Sink for Counting {
    fn tells_what_it_holds(&self) -> bool {
        true
    }

    fn holds(&self, digests: &[Digest]) -> Result<Vec<bool>, StoreError> {
        self.asked.fetch_add(digests.len(), Ordering::Relaxed);
        let held = self.held.lock();
        Ok(digests.iter().map(|digest| held.contains(digest)).collect())
    }

    fn offer(&self, object: SinkObject<'_>, _: &mut Encoder) -> Result<(), StoreError> {
        let (SinkObject::Data { digest, .. } | SinkObject::List { digest, .. }) = object;
        self.offered.fetch_add(1, Ordering::Relaxed);
        self.held.lock().insert(digest);
        Ok(())
    }
}

fn ingest(tree: &Path, cache: Option<&IngestCache>, sink: &Counting) -> IngestOutcome {
    let progress = Progress::default();
    let (algorithm, exclude) = (Algorithm::Sha256, Exclude::default());
    let options = Options { algorithm, exclude, cache, progress: &progress };
    sink.offered.store(0, Ordering::Relaxed);
    sink.asked.store(0, Ordering::Relaxed);
    ingest_directory(tree, &options, sink).unwrap()
}

/// Waits until a file that changes now is old enough to be kept.
fn settle(path: &Path) {
    let changed = std::fs::metadata(path).unwrap();
    let changed = Duration::new(changed.ctime().cast_unsigned(), 0) + Duration::from_secs(1);
    let until = UNIX_EPOCH + changed + SETTLED_AFTER;
    while let Ok(left) = until.duration_since(SystemTime::now()) {
        std::thread::park_timeout(left);
    }
}

fn build(tree: &Path) {
    std::fs::create_dir_all(tree.join("a/b")).unwrap();
    for number in 0..1500 {
        std::fs::write(tree.join(format!("a/{number}")), format!("file {number}")).unwrap();
    }
    std::fs::create_dir_all(tree.join("etc")).unwrap();
    std::fs::write(tree.join("etc/os-release"), "ID=debian\n").unwrap();
    std::fs::write(tree.join("a/b/large"), vec![7; 3 << 20]).unwrap();
    std::fs::copy("/bin/true", tree.join("program")).unwrap();
    std::fs::write(tree.join("z-last"), "last").unwrap();
}

#[test]
fn an_image_is_the_same_with_and_without_the_cache() {
    let scratch = testkit::scratch();
    let (tree, folder) = (scratch.path().join("tree"), scratch.path().join("cache"));
    build(&tree);
    settle(&tree.join("z-last"));
    let open = || IngestCache::open(&folder, &tree, Algorithm::Sha256).unwrap();
    let sink = Counting::default();
    let cache = open();
    let first = ingest(&tree, Some(&cache), &sink);
    cache.save().unwrap();

    // Unchanged: nothing but the files from which facts are read is offered, and the pieces of the manifest.
    let cache = open();
    let known = cache.len();
    assert!(known > 1500, "{known}");
    let second = ingest(&tree, Some(&cache), &sink);
    cache.save().unwrap();
    assert_eq!((second.digest, &second.facts), (first.digest, &first.facts));
    assert!(!first.facts.architecture.is_empty() && !first.facts.os_release.is_empty());
    let pieces = sink.offered.load(Ordering::Relaxed);
    assert!(pieces < 10, "{pieces} objects were offered");
    assert!(sink.asked.load(Ordering::Relaxed) > 1500);

    // Changed in every way that there is, some with the same length and the same time of change of the content.
    let touch = |name: &str, content: &[u8]| {
        let path = tree.join(name);
        let before = std::fs::metadata(&path).unwrap().modified().unwrap();
        std::fs::write(&path, content).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    };
    touch("a/7", b"FILE 7");
    touch("a/b/large", &vec![8; 3 << 20]);
    std::fs::rename(tree.join("a/8"), tree.join("a/9")).unwrap();
    std::fs::write(tree.join("a/new"), "new").unwrap();
    std::fs::hard_link(tree.join("a/10"), tree.join("a/11-linked")).unwrap();
    let cache = open();
    let third = ingest(&tree, Some(&cache), &sink);
    cache.save().unwrap();
    let offered = sink.offered.load(Ordering::Relaxed);
    assert!((7..40).contains(&offered), "{offered}");
    let plain = ingest(&tree, None, &Counting::default());
    assert_eq!((third.digest, &third.facts), (plain.digest, &plain.facts));
    assert_ne!(third.digest, first.digest);

    // What changed just now was not kept: it could change again within the same tick of the clock.
    // Five inodes that were known are no longer: a/7, a/8 (now a/9), the old a/9, a/10, and the large file.
    assert_eq!(open().len(), known - 5);

    // A sink that has lost everything gets everything.
    let empty = Counting::default();
    let again = ingest(&tree, Some(&open()), &empty);
    assert_eq!(again.digest, plain.digest);
    assert!(empty.offered.load(Ordering::Relaxed) > 1500);
}

#[test]
fn attributes_that_come_and_go_are_seen() {
    let scratch = testkit::scratch();
    let (tree, folder) = (scratch.path().join("tree"), scratch.path().join("cache"));
    std::fs::create_dir(&tree).unwrap();
    for name in ["bare", "had", "gets"] {
        std::fs::write(tree.join(name), name).unwrap();
    }
    let dir = sysio::Dir::open(&tree).unwrap();
    let set = |name: &str, value: &[u8]| dir.set_xattr(name.as_bytes(), b"user.note", value);
    set("had", b"1").unwrap();
    settle(&tree.join("had"));
    let open = || IngestCache::open(&folder, &tree, Algorithm::Sha256).unwrap();
    let same = |expected_offers: usize| {
        let (sink, plain) = (Counting::default(), Counting::default());
        let without = ingest(&tree, None, &plain);
        sink.held.lock().extend(plain.held.lock().iter());
        let cache = open();
        let with = ingest(&tree, Some(&cache), &sink);
        cache.save().unwrap();
        assert_eq!(with.digest, without.digest);
        let offered = sink.offered.load(Ordering::Relaxed);
        assert!(offered >= expected_offers, "{offered}");
        with.digest
    };
    let first = same(1);
    assert_eq!(same(0), first);
    // A file that had none gets one; one that had one loses it; one is set right after the ingest began to know it.
    set("gets", b"2").unwrap();
    dir.remove_xattr(b"had", b"user.note").unwrap();
    let second = same(0);
    assert_ne!(second, first);
    set("gets", b"3").unwrap();
    assert_ne!(same(0), second);
    settle(&tree.join("gets"));
    let third = same(0);
    assert_eq!(same(0), third);
    set("bare", b"4").unwrap();
    assert_ne!(same(0), third);
}
