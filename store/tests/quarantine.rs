//! Damage is named, and taken out of use, so that what is damaged can come again.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use store::codec::Encoder;
use store::fsck::{Depth, Report, check};
use store::gc::{CollectOptions, collect};
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use store::{Store, StoreError, quarantine};
use testkit::hostile::noise;
use wire::digest::Algorithm;
use wire::proto::ImageRecord;

const MIB: usize = 1 << 20;

fn open(path: &Path) -> Arc<Store> {
    Arc::new(Store::open_or_create(path, Algorithm::Sha256).unwrap())
}

fn add(store: &Arc<Store>, name: &str, files: &[(&str, &[u8])]) {
    let tree = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = tree.path().join(path);
        std::fs::write(&path, content).unwrap();
        std::fs::File::open(path).unwrap().set_modified(UNIX_EPOCH).unwrap();
    }
    std::fs::File::open(tree.path()).unwrap().set_modified(UNIX_EPOCH).unwrap();
    let batch = store.begin().unwrap();
    let progress = Progress::default();
    let options = Options {
        algorithm: Algorithm::Sha256,
        exclude: Exclude::default(),
        cache: None,
        progress: &progress,
    };
    let found = ingest_directory(tree.path(), &options, &BatchSink::new(&batch)).unwrap();
    batch.commit().unwrap();
    let manifest = found.digest.to_string();
    let record = ImageRecord { name: name.to_owned(), manifest, ..ImageRecord::default() };
    store.put_image(&name.parse().unwrap(), &record).unwrap();
}

fn the_pack(folder: &Path) -> PathBuf {
    std::fs::read_dir(folder.join("packs")).unwrap().next().unwrap().unwrap().path()
}

/// Flips a bit of a file where it has a part of some content.
fn damage(file: &Path, content: &[u8]) {
    let mut bytes = std::fs::read(file).unwrap();
    let part = &content[1000..1064];
    let at = bytes.windows(64).position(|window| window == part).unwrap();
    bytes[at] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

fn report(store: &Store) -> Report {
    check(store, Depth::Data, None, &mut |_, _| {}).unwrap()
}

#[test]
fn a_damaged_object_is_named_taken_out_of_use_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (small, other, long) = (noise(5000, 1), noise(MIB, 2), noise(9 * MIB, 3));
    add(&store, "s/1", &[("small", &small), ("other", &other), ("long", &long)]);
    let pack = the_pack(folder.path());
    add(&store, "s/2", &[("copy", &small)]);
    damage(&pack, &small);
    let digest = Algorithm::Sha256.digest(&small);
    let found = report(&store);
    assert_eq!(found.damaged_objects.len(), 1, "{found:?}");
    let damage = &found.damaged_objects[&digest];
    assert_eq!((damage.images.len(), damage.paths.len()), (2, 1), "{damage:?}");
    assert!(["small", "copy"].contains(&damage.paths[0].as_str()), "{damage:?}");

    assert_eq!(quarantine(&store, &found).unwrap().len(), 1);
    assert!(!pack.exists() && !store.contains(&digest));
    for content in [&other, &small] {
        let batch = store.begin().unwrap();
        let digest = Algorithm::Sha256.digest(content);
        batch.put(&Encoder::new().unwrap().encode(digest, content)).unwrap();
        batch.commit().unwrap();
    }
    assert!(report(&store).is_clean());
    drop(store);
    let store = open(folder.path());
    assert!(report(&store).is_clean());
    let kept = std::fs::read_dir(folder.path().join("quarantine")).unwrap().count();
    assert_eq!(kept, 1, "the pack is kept for a person to look at");
}

#[test]
fn a_damaged_frame_takes_its_list_along_only_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let long = noise(9 * MIB, 3);
    add(&store, "s/1", &[("long", &long)]);
    let list = Algorithm::Sha256.digest(&long);
    damage(&the_pack(folder.path()), &long);
    let found = report(&store);
    assert_eq!(found.damaged_objects.len(), 2, "{found:?}");
    assert!(found.damaged_objects.values().all(|damage| damage.paths == ["long"]), "{found:?}");
    quarantine(&store, &found).unwrap();
    assert!(store.contains(&list) && !store.is_complete(&list));
    let found = report(&store);
    assert!(found.damaged_objects.values().any(|damage| damage.problem.contains("missing")));
}

#[test]
fn a_pack_without_its_footer_goes_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    add(&store, "s/1", &[("file", &noise(5000, 1))]);
    drop(store);
    let pack = the_pack(folder.path());
    let bytes = std::fs::read(&pack).unwrap();
    std::fs::write(&pack, &bytes[..bytes.len() - 1]).unwrap();
    let store = open(folder.path());
    let found = report(&store);
    assert_eq!((found.damaged_packs.len(), found.damaged_objects.len()), (1, 1), "{found:?}");
    quarantine(&store, &found).unwrap();
    assert!(!pack.exists());
    // The same content makes the same pack again.
    add(&store, "s/1", &[("file", &noise(5000, 1))]);
    assert!(report(&store).is_clean() && pack.exists());
}

#[test]
fn a_damaged_list_goes_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let long = noise(9 * MIB, 3);
    add(&store, "s/1", &[("long", &long)]);
    let list = Algorithm::Sha256.digest(&long);
    let first_frame = store.frame_list(&list).unwrap().unwrap().frames[0].0;
    let pack = the_pack(folder.path());
    let mut bytes = std::fs::read(&pack).unwrap();
    let at = bytes.windows(32).position(|window| window == first_frame.hash()).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&pack, bytes).unwrap();
    let found = report(&store);
    assert_eq!(found.damaged_objects.keys().collect::<Vec<_>>(), [&list], "{found:?}");
    quarantine(&store, &found).unwrap();
    assert!(!store.contains(&list) && store.contains(&first_frame));
    // Nobody knows which frames the image needs: they stay.
    let older_than = SystemTime::now() + Duration::from_secs(3600);
    let options = CollectOptions { older_than, is_dry_run: false, rate: None };
    let error = collect(&store, options, &mut |_| true).unwrap_err();
    assert!(matches!(error, StoreError::MissingObject(digest) if digest == list), "{error}");
    add(&store, "s/1", &[("long", &long)]);
    assert!(report(&store).is_clean());
}

#[test]
fn objects_outlive_their_packs_header() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    add(&store, "s/1", &[("small", &noise(5000, 1)), ("long", &noise(9 * MIB, 3))]);
    store.rebuild_index().unwrap();
    drop(store);
    let pack = the_pack(folder.path());
    let mut bytes = std::fs::read(&pack).unwrap();
    bytes[9] ^= 1;
    std::fs::write(&pack, bytes).unwrap();
    // The index knows the objects, and each has a checksum of its own.
    let store = open(folder.path());
    let found = report(&store);
    assert_eq!((found.damaged_packs.len(), found.damaged_objects.len()), (1, 0), "{found:?}");
    quarantine(&store, &found).unwrap();
    assert!(report(&store).is_clean());
    drop(store);
    assert!(report(&open(folder.path())).is_clean());
}
