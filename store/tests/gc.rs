//! Garbage is collected, and nothing else: against a plain model, beside uploads and readers, and by what fails.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use store::codec::{Decoder, Encoder};
use store::fsck::{Depth, check};
use store::gc::{CollectOptions, CollectPhase, Collected, collect, collect_cache};
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use store::{Batch, Store, StoreError};
use testkit::hostile::noise;
use testkit::random::Random;
use wire::digest::{Algorithm, Digest};
use wire::proto::ImageRecord;

/// Everything that is older than tomorrow: all packs.
fn all() -> CollectOptions {
    let older_than = SystemTime::now() + Duration::from_secs(24 * 3600);
    CollectOptions { older_than, is_dry_run: false, rate: None }
}

fn collect_all(store: &Arc<Store>) -> Collected {
    collect(store, all(), &mut |_| true).unwrap()
}

fn open(path: &Path) -> Arc<Store> {
    Arc::new(Store::open_or_create(path, Algorithm::Sha256).unwrap())
}

/// Adds a tree of files as an image.
fn add(store: &Arc<Store>, name: &str, files: &[(&str, Vec<u8>)]) {
    let tree = tempfile::tempdir().unwrap();
    for (path, content) in files {
        std::fs::write(tree.path().join(path), content).unwrap();
    }
    let batch = store.begin().unwrap();
    let hold = Arc::clone(batch.hold());
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
    drop(hold);
}

fn assert_clean(store: &Store) {
    let report = check(store, Depth::Data, None, &mut |_, _| {}).unwrap();
    assert!(report.is_clean(), "{report:?}");
}

/// Returns the length of all packs.
fn packs_len(path: &Path) -> u64 {
    let packs = std::fs::read_dir(path.join("packs")).unwrap();
    packs.map(|pack| pack.unwrap().metadata().unwrap().len()).sum()
}

fn packs_count(path: &Path) -> usize {
    std::fs::read_dir(path.join("packs")).unwrap().count()
}

const MIB: usize = 1 << 20;

#[test]
fn what_removed_images_needed_is_freed_and_the_rest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let shared = noise(5 * MIB, 1);
    // A file of 9 MiB is a list of frames.
    let long = |seed| noise(9 * MIB, seed);
    add(&store, "s/1", &[("shared", shared.clone()), ("own", noise(MIB, 2)), ("long", long(3))]);
    add(&store, "s/2", &[("shared", shared.clone()), ("own", noise(MIB, 4)), ("long", long(5))]);
    add(&store, "s/3", &[("shared", shared), ("long", long(5))]);
    assert_eq!(collect_all(&store).objects, 0, "nothing is garbage");
    for name in ["s/1", "s/2"] {
        store.remove_image(&name.parse().unwrap()).unwrap();
    }
    let forecast = collect(&store, CollectOptions { is_dry_run: true, ..all() }, &mut |_| true);
    let forecast = forecast.unwrap();
    let before = packs_len(folder.path());
    let collected = collect_all(&store);
    assert_eq!(collected, forecast);
    assert_eq!(collected.images, 1);
    let after = packs_len(folder.path());
    assert!(before - after >= 10 * MIB as u64, "{before} {after} {collected:?}");
    assert_clean(&store);
    // Again, there is nothing to do; and a store that is opened anew finds the same.
    assert_eq!(collect_all(&store).bytes_freed, 0);
    drop(store);
    let store = open(folder.path());
    assert_clean(&store);
    store.remove_image(&"s/3".parse().unwrap()).unwrap();
    collect_all(&store);
    assert_eq!((store.stats().objects, packs_count(folder.path())), (0, 0));
}

#[test]
fn small_packs_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..40 {
        add(&store, &format!("s/{number}"), &[("file", noise(1000, number + 1))]);
    }
    assert_eq!(packs_count(folder.path()), 40);
    let collected = collect_all(&store);
    assert_eq!((collected.packs_rewritten, packs_count(folder.path())), (40, 1));
    assert_clean(&store);
    drop(store);
    assert_clean(&open(folder.path()));
}

#[test]
fn new_packs_stay_for_an_upload_that_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let batch = store.begin().unwrap();
    put(&batch, b"of a broken upload");
    batch.commit().unwrap();
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    collect(&store, CollectOptions { older_than: hour_ago, ..all() }, &mut |_| true).unwrap();
    assert_eq!(store.stats().objects, 1);
    collect_all(&store);
    assert_eq!(store.stats().objects, 0);
}

fn put(batch: &Batch, content: &[u8]) -> Digest {
    let digest = Algorithm::Sha256.digest(content);
    batch.put(&Encoder::new().unwrap().encode(digest, content)).unwrap();
    digest
}

#[test]
fn what_is_promised_stays_and_what_is_gone_is_not_promised() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let batch = store.begin().unwrap();
    let [kept, gone] = [put(&batch, b"promised"), put(&batch, &noise(MIB, 1))];
    batch.commit().unwrap();
    let upload = store.begin().unwrap();
    assert!(upload.contains(&kept));
    collect_all(&store);
    assert!(store.contains(&kept) && !upload.contains(&gone));
    // It is put again, also as the very pack that was deleted.
    assert_eq!(put(&upload, &noise(MIB, 1)), gone);
    let hold = Arc::clone(upload.hold());
    upload.commit().unwrap();
    collect_all(&store);
    assert!(store.contains(&kept) && store.contains(&gone));
    drop(hold);
    collect_all(&store);
    assert_eq!(store.stats().objects, 0);
}

#[test]
fn a_reader_finds_the_copy_in_this_process_and_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    add(&store, "s/1", &[("kept", noise(MIB, 1)), ("gone", noise(3 * MIB, 2))]);
    add(&store, "s/2", &[("kept", noise(MIB, 1))]);
    let reader = Store::open_read_only(folder.path()).unwrap();
    let kept = Algorithm::Sha256.digest(&noise(MIB, 1));
    store.remove_image(&"s/1".parse().unwrap()).unwrap();
    assert!(collect_all(&store).packs_rewritten > 0);
    let mut content = Vec::new();
    for store in [&*store, &reader] {
        store.read_data(&kept, &mut Decoder::new().unwrap(), &mut content).unwrap();
        assert_eq!(content, noise(MIB, 1));
        store.data_place(&kept).unwrap();
    }
    let gone = Algorithm::Sha256.digest(&noise(3 * MIB, 2));
    assert!(matches!(store.read(&gone), Err(StoreError::MissingObject(_))));
}

#[test]
fn a_collection_that_cannot_know_what_is_needed_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    add(&store, "s/1", &[("file", noise(MIB, 1))]);
    add(&store, "s/2", &[("other", noise(MIB, 2))]);
    store.remove_image(&"s/1".parse().unwrap()).unwrap();
    let image = folder.path().join("images/s/2.image");
    let whole = std::fs::read(&image).unwrap();
    std::fs::write(&image, &whole[..whole.len() - 1]).unwrap();
    let before = packs_len(folder.path());
    let error = collect(&store, all(), &mut |_| true).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(packs_len(folder.path()), before);
    std::fs::write(&image, &whole).unwrap();
    collect_all(&store);
    assert_clean(&store);
    assert!(packs_len(folder.path()) < before);
}

#[test]
fn a_pack_with_damage_stays_and_others_are_collected() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    add(&store, "s/1", &[("kept", noise(MIB, 1)), ("gone", noise(2 * MIB, 2))]);
    let damaged = std::fs::read_dir(folder.path().join("packs")).unwrap().next().unwrap().unwrap();
    add(
        &store,
        "s/2",
        &[("kept", noise(MIB, 1)), ("also", noise(MIB, 3)), ("gone", noise(4 * MIB, 4))],
    );
    add(&store, "s/3", &[("kept", noise(MIB, 1)), ("also", noise(MIB, 3))]);
    for name in ["s/1", "s/2"] {
        store.remove_image(&name.parse().unwrap()).unwrap();
    }
    let mut bytes = std::fs::read(damaged.path()).unwrap();
    let part = &noise(MIB, 1)[1000..1064];
    let kept = bytes.windows(64).position(|window| window == part).unwrap();
    bytes[kept] ^= 1;
    std::fs::write(damaged.path(), bytes).unwrap();
    let collected = collect_all(&store);
    assert_eq!((collected.packs_kept, collected.packs_rewritten), (1, 1), "{collected:?}");
    assert!(damaged.path().exists());
    let report = check(&store, Depth::Data, None, &mut |_, _| {}).unwrap();
    assert_eq!(report.damaged_objects.len(), 1, "{report:?}");
}

#[test]
fn one_collection_runs_at_a_time_and_can_be_ended() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..10 {
        add(&store, &format!("s/{number}"), &[("file", noise(1000, number + 1))]);
    }
    let again = Arc::clone(&store);
    let mut phases = Vec::new();
    collect(&store, all(), &mut |phase| {
        let second = collect(&again, all(), &mut |_| true);
        assert!(matches!(second, Err(StoreError::Busy(_))), "{second:?}");
        phases.push(phase);
        phases.len() < 3
    })
    .unwrap();
    assert_eq!(phases.last(), Some(&CollectPhase::Mark(3, 10)));
    assert_eq!(packs_count(folder.path()), 10);
    let reader = Arc::new(Store::open_read_only(folder.path()).unwrap());
    let refused = collect(&reader, all(), &mut |_| true);
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
}

/// A store as a plain map, with the images' contents.
#[derive(Default)]
struct Model {
    images: BTreeMap<String, Vec<u64>>,
    /// Contents of batches that were committed without an image.
    stray: BTreeSet<u64>,
}

/// Contents from which trees are made. One in seven is large.
const CONTENTS: u64 = 60;

fn file_of(seed: u64) -> Vec<u8> {
    noise(if seed.is_multiple_of(7) { 200_000 } else { 3000 }, seed)
}

/// Puts, commits, removes, reopens and collects in random order; after each step the store has every content of the
/// model's images, and after a collection nothing else.
#[test]
fn a_store_is_what_its_model_is() {
    let steps = std::env::var("IMPRINT_STORE_STEPS").map_or(300, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut model = Model::default();
    let mut random = Random::new(7);
    let contents: Vec<Vec<u8>> = (0..=CONTENTS).map(file_of).collect();
    let digests: Vec<Digest> =
        contents.iter().map(|content| Algorithm::Sha256.digest(content)).collect();
    let mut next = 0;
    for step in 0..steps {
        match random.below(10) {
            0..=3 => {
                let seeds: Vec<u64> =
                    (0..=random.below(4)).map(|_| random.below(CONTENTS) + 1).collect();
                let name = format!("s/{next}");
                next += 1;
                let names: Vec<String> =
                    (0..seeds.len()).map(|index| format!("f{index}")).collect();
                let files: Vec<(&str, Vec<u8>)> = names
                    .iter()
                    .zip(&seeds)
                    .map(|(name, seed)| (name.as_str(), contents[*seed as usize].clone()))
                    .collect();
                add(&store, &name, &files);
                model.images.insert(name, seeds);
            }
            4..=5 => {
                let index = random.below(model.images.len().max(1) as u64) as usize;
                if let Some(name) = model.images.keys().nth(index).cloned() {
                    store.remove_image(&name.parse().unwrap()).unwrap();
                    model.images.remove(&name);
                }
            }
            6 => {
                let batch = store.begin().unwrap();
                let seed = random.below(CONTENTS) + 1;
                put(&batch, &contents[seed as usize]);
                if random.below(2) == 0 {
                    batch.commit().unwrap();
                    model.stray.insert(seed);
                }
            }
            7 => {
                drop(store);
                store = open(folder.path());
            }
            8 => {
                store.rebuild_index().unwrap();
            }
            _ => {
                collect_all(&store);
                model.stray.clear();
                assert_clean(&store);
            }
        }
        model.assert_held(&store, &digests, step);
    }
    collect_all(&store);
    let needed: BTreeSet<u64> = model.images.values().flatten().copied().collect();
    let manifests: BTreeSet<_> =
        store.images().unwrap().into_iter().map(|image| image.unwrap().manifest).collect();
    let live = needed.iter().map(|seed| contents[*seed as usize].len() as u64).sum::<u64>();
    let stats = store.stats();
    // Garbage of a twentieth may stay in packs that hold much else.
    let objects = (needed.len() + manifests.len()) as u64;
    assert!(
        stats.objects >= objects && stats.content_bytes <= live + live / 10 + 200_000,
        "{stats:?} {objects} {live}"
    );
}

impl Model {
    /// Asserts that a store has every content, readable and with its digest.
    fn assert_held(&self, store: &Store, digests: &[Digest], step: u64) {
        let (mut decoder, mut content) = (Decoder::new().unwrap(), Vec::new());
        let seeds: BTreeSet<u64> =
            self.images.values().flatten().chain(&self.stray).copied().collect();
        for seed in seeds {
            let digest = &digests[seed as usize];
            let read = store.read_data(digest, &mut decoder, &mut content);
            assert!(read.is_ok(), "step {step}: {seed}: {read:?}");
            assert_eq!(Algorithm::Sha256.digest(&content), *digest, "step {step}: {seed}");
        }
    }
}

/// Uploads and reads go on while garbage is collected over and over.
#[test]
fn uploads_and_readers_go_on_beside_collections() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for client in 0..3_u64 {
            let (store, is_over) = (&store, &is_over);
            scope.spawn(move || {
                let mut random = Random::new(client + 1);
                for round in 0..40 {
                    let name = format!("s{client}/{round}");
                    // Contents that others add and remove, too.
                    let seeds = [random.below(20) + 1, random.below(20) + 1, 1000 + client];
                    let contents = seeds.map(file_of);
                    let files = [
                        ("a", contents[0].clone()),
                        ("b", contents[1].clone()),
                        ("c", contents[2].clone()),
                    ];
                    add(store, &name, &files);
                    let (mut decoder, mut found) = (Decoder::new().unwrap(), Vec::new());
                    for content in &contents {
                        let digest = Algorithm::Sha256.digest(content);
                        store.read_data(&digest, &mut decoder, &mut found).unwrap();
                        assert_eq!(&found, content);
                    }
                    if random.below(3) > 0 {
                        store.remove_image(&name.parse().unwrap()).unwrap();
                    }
                }
                is_over.store(true, Ordering::Relaxed);
            });
        }
        let mut collections = 0;
        while !is_over.load(Ordering::Relaxed) {
            collect_all(&store);
            collections += 1;
        }
        assert!(collections > 3, "{collections}");
    });
    assert_clean(&store);
    collect_all(&store);
    assert_clean(&store);
}

#[test]
fn a_cache_keeps_what_is_there_of_its_images_and_nothing_else() {
    let folder = testkit::scratch();
    let server = open(&folder.path().join("server"));
    let long = noise(3 << 20, 7);
    add(&server, "a/1", &[("long", long.clone()), ("old", noise(200_000, 1))]);
    add(&server, "a/2", &[("long", long), ("new", noise(200_000, 2))]);
    let manifest = |name: &str| {
        let images = server.images().unwrap().into_iter().map(Result::unwrap);
        images.into_iter().find(|it| it.name == name).unwrap().manifest.parse::<Digest>().unwrap()
    };
    let [old, new] = [manifest("a/1"), manifest("a/2")];
    let closure = |digest: &Digest| store::fsck::closure(&server, digest).unwrap();
    // The cache lacks one object of the newer image, and has no image files.
    let cache = open(&folder.path().join("cache"));
    let lacks = Algorithm::Sha256.digest(&noise(200_000, 2));
    assert!(closure(&new).contains(&lacks));
    let batch = cache.begin().unwrap();
    for digest in closure(&old).union(&closure(&new)).filter(|it| **it != lacks) {
        batch.put(&server.read(digest).unwrap()).unwrap();
    }
    batch.commit().unwrap();
    let collected = collect_cache(&cache, &[new], all(), &mut |_| true).unwrap();
    assert!(collected.bytes_freed > 150_000, "{collected:?}");
    for digest in closure(&new).iter().filter(|it| **it != lacks) {
        assert!(cache.contains(digest), "{digest}");
        cache.read(digest).unwrap();
    }
    assert!(closure(&old).difference(&closure(&new)).all(|it| !cache.contains(it)));
    // Without any image, all goes; what is promised stays.
    let hold = cache.hold();
    assert!(cache.promise_whole(&new, &hold));
    collect_cache(&cache, &[], all(), &mut |_| true).unwrap();
    assert!(cache.contains(&new));
    drop(hold);
    collect_cache(&cache, &[], all(), &mut |_| true).unwrap();
    assert_eq!(cache.stats().objects, 0);
}
