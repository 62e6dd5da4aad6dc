//! Stores and ledgers on disks that lose power, fail or fill up. All acknowledged data must be there and complete.
//! Other data must not be taken for it.
//!
//! `IMPRINT_CRASH_SEEDS` works as in the crash tests of patches (crash.rs).
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic_in_result_fn,
    clippy::print_stderr,
    reason = "tests use files freely and end at the first error"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use patch::ledger::{Ledger, Stamp};
use store::Store;
use store::fsck::{Depth, check};
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use sysio::Dir;
use testkit::disk::{Disk, ObedientDisk, Op, Policy};
use testkit::hostile::noise;
use testkit::image::{LoopMount, SmallDisk, run};
use testkit::journal::{moments, note_at, replay};
use wire::digest::Algorithm;
use wire::proto::ImageRecord;

/// Number of revisions that the scenario adds.
const REVISIONS: u64 = 3;

/// Callback that receives the acknowledged state after each step.
type Note<'a> = &'a dyn Fn(&str);

fn sources(folder: &Path) -> Vec<PathBuf> {
    (1..=REVISIONS)
        .map(|revision| {
            let tree = folder.join(format!("tree-{revision}"));
            std::fs::create_dir_all(tree.join("folder")).unwrap();
            for number in 0..20 {
                let content = noise(3000 * number as usize, number + revision / 2);
                std::fs::write(tree.join(format!("folder/{number}")), content).unwrap();
            }
            std::fs::write(tree.join("large"), noise(1_500_000, revision)).unwrap();
            tree
        })
        .collect()
}

fn ledger(revision: u64) -> Ledger {
    Ledger {
        manifest: Algorithm::Sha256.digest(&revision.to_le_bytes()),
        boot: boot::BootRecord {
            generated: Vec::new(),
            loaders: boot::InstalledLoaders {
                inputs: None,
                area: Algorithm::Sha256.digest(b"area"),
                mode: Err("it has no kernel".to_owned()),
            },
        },
        stamps: vec![Stamp { ino: revision, ctime: (1, 2) }; 500],
        witness: None,
        superblock_digest: None,
        is_scrubbed: true,
        next_hashed: 0,
    }
}

/// Adds revisions to a store and rewrites a ledger, as patches do. Calls `note` with each acknowledged state.
fn scenario(place: &Path, sources: &[PathBuf], note: Note<'_>) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let store = Store::open_or_create(&place.join("store"), Algorithm::Sha256);
    let store = Arc::new(store.map_err(|error| text(&error))?);
    let folder = Dir::open(place).map_err(|error| text(&error))?;
    for (revision, source) in (1..).zip(sources) {
        let batch = store.begin().map_err(|error| text(&error))?;
        let progress = Progress::default();
        let exclude = Exclude::default();
        let options =
            Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
        let found = ingest_directory(source, &options, &BatchSink::new(&batch));
        let found = found.map_err(|error| text(&error))?;
        batch.commit().map_err(|error| text(&error))?;
        let name = format!("crash/store/{revision}");
        let manifest = found.digest.to_string();
        let record = ImageRecord { name: name.clone(), manifest, ..ImageRecord::default() };
        store.put_image(&name.parse().unwrap(), &record).map_err(|error| text(&error))?;
        note(&format!("image {revision}, ledger {}", revision - 1));
        Ledger::remove(&folder, "ledger").map_err(|error| text(&error))?;
        note(&format!("image {revision}, ledger 0"));
        ledger(revision).save(&folder, "ledger").map_err(|error| text(&error))?;
        note(&format!("image {revision}, ledger {revision}"));
    }
    store.rebuild_index().map_err(|error| text(&error))?;
    Ok(())
}

/// Asserts that the last acknowledged state is there and complete.
fn assert_holds(place: &Path, note: Option<&str>, context: &str) {
    let digits = |text: &str| text.parse::<u64>().unwrap();
    let (images, known) = note.map_or((0, 0), |note| {
        let (image, ledger) = note.split_once(", ").unwrap();
        (digits(&image["image ".len()..]), digits(&ledger["ledger ".len()..]))
    });
    if note.is_none() && !place.join("store/imprint-store").exists() {
        return;
    }
    let store = Store::open_or_create(&place.join("store"), Algorithm::Sha256);
    let store = store.unwrap_or_else(|error| panic!("{context}: {error}"));
    let report = check(&store, Depth::Data, None, &mut |_, _| {}).unwrap();
    assert!(report.is_clean(), "{context}: {report:?}");
    for revision in 1..=images {
        let record = store.image(&format!("crash/store/{revision}").parse().unwrap()).unwrap();
        let manifest = record.manifest.parse().unwrap();
        for digest in store::fsck::closure(&store, &manifest).unwrap() {
            assert!(store.is_complete(&digest), "{context}: {digest} of {revision}");
        }
    }
    // A ledger on disk is the last acknowledged one or the one that was being written, never an older one.
    let folder = Dir::open(place).unwrap();
    let found = Ledger::load(&folder, "ledger");
    let revision = found.map(|found| (0..=REVISIONS).find(|r| ledger(*r) == found).unwrap());
    match known {
        0 => assert!(revision.is_none_or(|r| r >= images), "{context}: {revision:?}"),
        known => assert!(revision.is_none_or(|r| r == known), "{context}: {revision:?}"),
    }
    // The ledger may be missing only if its removal had begun.
    let is_removing = note.is_some_and(|note| note == format!("image {images}, ledger {known}"));
    assert!(revision.is_some() || known == 0 || is_removing, "{context}");
}

fn seeds() -> u64 {
    std::env::var("IMPRINT_CRASH_SEEDS").map_or(2, |text| text.parse().unwrap())
}

/// Makes a small ext4 in a file.
fn filesystem(path: &Path) {
    std::fs::File::create(path).unwrap().set_len(32 << 20).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F", "-J", "size=4"]).arg(path));
}

#[test]
fn privileged_crash_of_store_and_ledger() {
    if !testkit::is_privileged("privileged_crash_of_store_and_ledger") {
        return;
    }
    let scratch = testkit::scratch();
    let path = |name: &str| scratch.path().join(name);
    let sources = sources(scratch.path());
    filesystem(&path("backing"));
    std::fs::copy(path("backing"), path("before")).unwrap();
    let disk = Disk::mount(&path("backing"), &path("disk"), 1);
    disk.record();
    let mount = LoopMount::new(&disk.path(), &path("mnt"));
    scenario(mount.path(), &sources, &|note| disk.note(note)).unwrap();
    drop(mount);
    let events = disk.recorded();
    drop(disk);
    let moments = moments(&events, seeds());
    assert!(moments.len() > 20, "{} moments", moments.len());
    for moment in moments {
        std::fs::copy(path("before"), path("crashed")).unwrap();
        replay(&events, moment, &path("crashed")).unwrap();
        let mount = LoopMount::new(&path("crashed"), &path("mnt"));
        assert_holds(mount.path(), note_at(&events, moment), &format!("{moment:?}"));
        // It must be possible to add all revisions, whatever the crash left.
        scenario(mount.path(), &sources, &|_| {}).unwrap();
        assert_holds(mount.path(), Some("image 3, ledger 3"), &format!("{moment:?}, again"));
    }
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
fn privileged_io_errors_of_store_and_ledger() {
    if !testkit::is_privileged("privileged_io_errors_of_store_and_ledger") {
        return;
    }
    let scratch = testkit::scratch();
    let path = |name: &str| scratch.path().join(name);
    let sources = sources(scratch.path());
    let (step, mut nth, mut failed) = (if seeds() > 2 { 1 } else { 5 }, 0, 0);
    loop {
        filesystem(&path("backing"));
        let disk = Disk::mount(&path("backing"), &path("disk"), 1);
        let mount = LoopMount::new(&disk.path(), &path("mnt"));
        let policy = Arc::new(Failing(AtomicI64::new(nth)));
        disk.set_policy(Arc::clone(&policy) as Arc<dyn Policy>);
        disk.record();
        let result = scenario(mount.path(), &sources, &|note| disk.note(note));
        let is_over = policy.0.load(Ordering::Relaxed) >= 0;
        disk.set_policy(Arc::new(ObedientDisk));
        drop(mount);
        let events = disk.recorded();
        drop(disk);
        failed += u32::from(result.is_err());
        let end = testkit::journal::Moment { durable: events.len(), asked: events.len(), seed: 0 };
        let note = note_at(&events, end);
        let mount = LoopMount::new(&path("backing"), &path("mnt"));
        assert_holds(mount.path(), note, &format!("operation {nth}: {result:?}"));
        drop(mount);
        if is_over {
            break;
        }
        nth += step;
    }
    assert!(failed > 2, "only {failed} of {nth} operations failed");
}

#[test]
fn privileged_full_disks_under_store_and_ledger() {
    if !testkit::is_privileged("privileged_full_disks_under_store_and_ledger") {
        return;
    }
    let scratch = testkit::scratch();
    let sources = sources(scratch.path());
    let mut failed = 0;
    // Each size makes another write fail for lack of space, at its start or half-way.
    for mib in 1..=9 {
        let place = scratch.path().join(format!("disk-{mib}"));
        let disk = SmallDisk::mount(&place, mib);
        let last = std::sync::Mutex::new(None);
        let note = |note: &str| *last.lock().unwrap() = Some(note.to_owned());
        let result = scenario(&place, &sources, &note);
        failed += u32::from(result.is_err());
        let last = last.into_inner().unwrap();
        assert_holds(&place, last.as_deref(), &format!("{mib} MiB: {result:?}"));
        // With more space the same scenario must succeed.
        run(Command::new("mount").args(["-o", "remount,size=64m"]).arg(&place));
        scenario(&place, &sources, &|_| {}).unwrap();
        assert_holds(&place, Some("image 3, ledger 3"), &format!("{mib} MiB and more"));
        drop(disk);
    }
    assert!(failed > 2, "only {failed} disks were too small");
}
