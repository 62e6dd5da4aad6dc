//! Collections and quarantine on disks that lose power, fail or fill up: every object that an image needs stays.
//!
//! `IMPRINT_CRASH_SEEDS` gives the number of orders in which unsynced writes may reach the disk, for each moment.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic_in_result_fn,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use store::fsck::{Depth, check};
use store::gc::{CollectOptions, Collected, collect};
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use store::{Store, StoreError, quarantine};
use testkit::disk::{Disk, ObedientDisk, Op, Policy};
use testkit::hostile::noise;
use testkit::image::{LoopMount, SmallDisk, run};
use testkit::journal::{moments, replay};
use wire::digest::Algorithm;
use wire::proto::ImageRecord;

/// Images that are added.
const IMAGES: u64 = 12;

/// Decides which images stay.
type Kept = fn(u64) -> bool;

/// One image in three stays.
fn one_in_three(number: u64) -> bool {
    number.is_multiple_of(3)
}

/// One image of each pack stays, so that no pack is dead.
fn one_in_two(number: u64) -> bool {
    number.is_multiple_of(2)
}

fn name(number: u64) -> String {
    format!("crash/gc/{number}")
}

/// Returns the content of a file of an image: two files are those of all images, four are the image's own.
fn content(image: u64, file: u64) -> Vec<u8> {
    noise(20_000, if file < 2 { file + 1 } else { 100 + image * 10 + file })
}

/// Makes a store with images of which most were removed: packs to delete, to write anew and to merge.
fn prepare(place: &Path, is_kept: Kept) {
    let store = open(place);
    let tree = tempfile::tempdir().unwrap();
    // Two images in a pack: most packs hold garbage beside what is needed, two hold nothing else.
    for pair in 0..IMAGES / 2 {
        let batch = store.begin().unwrap();
        let images = [2 * pair, 2 * pair + 1].map(|number| {
            for file in 0..6 {
                std::fs::write(tree.path().join(format!("{file}")), content(number, file)).unwrap();
            }
            let (progress, exclude) = (Progress::default(), Exclude::default());
            let options =
                Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
            let sink = BatchSink::new(&batch);
            (number, ingest_directory(tree.path(), &options, &sink).unwrap().digest)
        });
        batch.commit().unwrap();
        for (number, digest) in images {
            let (name, manifest) = (name(number), digest.to_string());
            let record = ImageRecord { name: name.clone(), manifest, ..ImageRecord::default() };
            store.put_image(&name.parse().unwrap(), &record).unwrap();
        }
    }
    for number in (0..IMAGES).filter(|number| !is_kept(*number)) {
        store.remove_image(&name(number).parse().unwrap()).unwrap();
    }
    store.rebuild_index().unwrap();
}

fn open(place: &Path) -> Arc<Store> {
    Arc::new(Store::open_or_create(&place.join("store"), Algorithm::Sha256).unwrap())
}

fn collect_all(place: &Path) -> Result<Collected, StoreError> {
    let store = Store::open_or_create(&place.join("store"), Algorithm::Sha256)?;
    let older_than = SystemTime::now() + Duration::from_secs(24 * 3600);
    let options = CollectOptions { older_than, is_dry_run: false, rate: None };
    collect(&Arc::new(store), options, &mut |_| true)
}

/// Asserts that all kept images are whole, and that a collection leaves them whole and no garbage.
fn assert_whole(place: &Path, is_kept: Kept, context: &str) {
    for _ in 0..2 {
        let store = open(place);
        let report = check(&store, Depth::Data, None, &mut |_, _| {}).unwrap();
        assert!(report.is_clean(), "{context}: {report:?}");
        for number in (0..IMAGES).filter(|number| is_kept(*number)) {
            store.image(&name(number).parse().unwrap()).unwrap();
        }
        drop(store);
        collect_all(place).unwrap_or_else(|error| panic!("{context}: {error}"));
    }
    let kept = (0..IMAGES).filter(|number| is_kept(*number)).count() as u64;
    let store = open(place);
    // Two shared files, four own ones, and a manifest each.
    assert_eq!(store.stats().objects, 2 + kept * 5, "{context}");
}

fn seeds() -> u64 {
    std::env::var("IMPRINT_CRASH_SEEDS").map_or(2, |text| text.parse().unwrap())
}

/// Makes a small ext4 with a store in a file.
fn filesystem(path: &Path, at: &Path) {
    std::fs::File::create(path).unwrap().set_len(32 << 20).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F", "-J", "size=4"]).arg(path));
    prepare(LoopMount::new(path, at).path(), one_in_three);
}

/// Damages a pack and takes it out of use; the damaged object is that of a removed image.
fn quarantine_one(place: &Path) -> Result<(), StoreError> {
    let store = Store::open_or_create(&place.join("store"), Algorithm::Sha256)?;
    let store = Arc::new(store);
    let victim = Algorithm::Sha256.digest(&content(1, 3));
    let mut report = check(&store, Depth::Structure, None, &mut |_, _| {})?;
    report.damaged_objects.insert(victim, store::fsck::Damage::default());
    quarantine(&store, &report).map(drop)
}

/// Runs work on a disk whose writes are recorded, and replays every moment at which the power may be lost.
fn crash(test: &str, work: fn(&Path)) {
    if !testkit::is_privileged(test) {
        return;
    }
    let scratch = testkit::scratch();
    let path = |name: &str| scratch.path().join(name);
    filesystem(&path("backing"), &path("mnt"));
    std::fs::copy(path("backing"), path("before")).unwrap();
    let disk = Disk::mount(&path("backing"), &path("disk"), 1);
    disk.record();
    let mount = LoopMount::new(&disk.path(), &path("mnt"));
    work(mount.path());
    drop(mount);
    let events = disk.recorded();
    drop(disk);
    let moments = moments(&events, seeds());
    assert!(moments.len() > 10, "{} moments", moments.len());
    for moment in moments {
        std::fs::copy(path("before"), path("crashed")).unwrap();
        replay(&events, moment, &path("crashed")).unwrap();
        let mount = LoopMount::new(&path("crashed"), &path("mnt"));
        assert_whole(mount.path(), one_in_three, &format!("{moment:?}"));
    }
}

#[test]
fn privileged_crash_of_a_collection() {
    crash("privileged_crash_of_a_collection", |place| {
        let collected = collect_all(place).unwrap();
        assert!(collected.packs_dead > 0 && collected.packs_rewritten > 0, "{collected:?}");
    });
}

#[test]
fn privileged_crash_of_quarantine() {
    crash("privileged_crash_of_quarantine", |place| quarantine_one(place).unwrap());
}

/// Fails one write or flush with `EIO`.
struct Failing(AtomicI64);

impl Policy for Failing {
    fn admit(&self, op: Op) -> Result<(), i32> {
        const EIO: i32 = 5;
        let is_it = !matches!(op, Op::Read(_)) && self.0.fetch_sub(1, Ordering::Relaxed) == 0;
        if is_it { Err(EIO) } else { Ok(()) }
    }
}

#[test]
fn privileged_io_errors_of_a_collection() {
    if !testkit::is_privileged("privileged_io_errors_of_a_collection") {
        return;
    }
    let scratch = testkit::scratch();
    let path = |name: &str| scratch.path().join(name);
    filesystem(&path("before"), &path("mnt"));
    let (step, mut nth, mut failed) = (if seeds() > 2 { 1 } else { 3 }, 0, 0);
    loop {
        std::fs::copy(path("before"), path("backing")).unwrap();
        let disk = Disk::mount(&path("backing"), &path("disk"), 1);
        let mount = LoopMount::new(&disk.path(), &path("mnt"));
        let policy = Arc::new(Failing(AtomicI64::new(nth)));
        disk.set_policy(Arc::clone(&policy) as Arc<dyn Policy>);
        let result = collect_all(mount.path());
        let is_over = policy.0.load(Ordering::Relaxed) >= 0;
        disk.set_policy(Arc::new(ObedientDisk));
        failed += u32::from(result.is_err());
        drop(mount);
        drop(disk);
        let mount = LoopMount::new(&path("backing"), &path("mnt"));
        assert_whole(mount.path(), one_in_three, &format!("operation {nth}: {result:?}"));
        drop(mount);
        if is_over {
            break;
        }
        nth += step;
    }
    assert!(failed > 2, "only {failed} of {nth} operations failed");
}

#[test]
fn privileged_full_disks_under_a_collection() {
    if !testkit::is_privileged("privileged_full_disks_under_a_collection") {
        return;
    }
    let scratch = testkit::scratch();
    let place = scratch.path().join("disk");
    let disk = SmallDisk::mount(&place, 64);
    prepare(&place, one_in_two);
    let used = || {
        let text = run(Command::new("df").args(["--output=used", "-B1"]).arg(&place));
        text.lines().nth(1).unwrap().trim().parse::<u64>().unwrap()
    };
    let mut failed = 0;
    // A little more than is used each time: the copies do not fit, then some do, then all.
    for spare in (1..40).map(|count| count * 8192) {
        let size = format!("remount,size={}", used() + spare);
        run(Command::new("mount").args(["-o", &size]).arg(&place));
        let result = collect_all(&place);
        failed += u32::from(result.is_err());
        let store = open(&place);
        let report = check(&store, Depth::Data, None, &mut |_, _| {}).unwrap();
        assert!(report.is_clean(), "{spare}: {report:?}");
        if result.is_ok() {
            break;
        }
    }
    assert!(failed > 0, "every disk was large enough");
    run(Command::new("mount").args(["-o", "remount,size=64m"]).arg(&place));
    assert_whole(&place, one_in_two, "with more space");
    drop(disk);
}
