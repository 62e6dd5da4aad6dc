//! Simulated power losses: a crash at every moment between two flushes of a patch, with any subset of the
//! writes since the last flush.
//!
//! `IMPRINT_CRASH_SEEDS` sets the number of subsets tried at each flush: 2 in CI, 40 in `make crash`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic_in_result_fn,
    clippy::print_stderr,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use diskfs::Filesystem;
use diskfs::Identity;
use diskfs::Layout;
use patch::FreedPolicy;
use patch::engine::EngineChoice;
use patch::ledger::Ledger;
use patch::{
    CallerError, Desired, ImageObjects, LocalStoreOnly, Options, PatchError, StateRecorder,
    VolumePlace,
};
use sysio::Dir;
use testkit::disk::{Disk, Event, ObedientDisk, Op, Policy};
use testkit::hostile::noise;
use testkit::image::{assert_fsck_clean, run};
use testkit::journal::{moments, note_at, replay};
use unpackd::oneshot::ApplyOptions;
use wire::ErrorClass;

use common::{Bench, OPTIONS, assert_same, patch};

/// Builds a tree with files of many sizes, deep directories, and things that [`mutate`] deletes.
fn build(root: &Path) {
    for directory in ["a", "a/deep", "a/deep/er", "b", "gone"] {
        std::fs::create_dir(root.join(directory)).unwrap();
    }
    for number in 0..60u64 {
        let folder = ["a", "a/deep/er", "b", "gone"][number as usize % 4];
        let path = root.join(folder).join(format!("file-{number}"));
        std::fs::write(path, noise(1 << (number % 15), number)).unwrap();
    }
    std::fs::write(root.join("large"), noise(2 << 20, 99)).unwrap();
    std::fs::write(root.join("secret"), "deleted-secret".repeat(500)).unwrap();
    std::fs::hard_link(root.join("a/file-0"), root.join("b/link")).unwrap();
    symlink("a/file-0", root.join("symlink")).unwrap();
}

/// Changes the tree in many ways: deletes, moves, rewrites, adds, swaps, changes one page of a large file.
fn mutate(root: &Path) {
    std::fs::remove_dir_all(root.join("gone")).unwrap();
    std::fs::remove_file(root.join("secret")).unwrap();
    std::fs::create_dir(root.join("new")).unwrap();
    for number in 0..40u64 {
        let size = 700 * number as usize;
        std::fs::write(root.join(format!("new/{number}")), noise(size, 1000 + number)).unwrap();
    }
    std::fs::write(root.join("new/large"), noise(1 << 20, 98)).unwrap();
    std::fs::rename(root.join("a/deep/er/file-1"), root.join("new/moved")).unwrap();
    std::fs::rename(root.join("a/file-4"), root.join("swap")).unwrap();
    std::fs::rename(root.join("b/file-2"), root.join("a/file-4")).unwrap();
    std::fs::rename(root.join("swap"), root.join("b/file-2")).unwrap();
    std::fs::write(root.join("a/file-8"), "rewritten").unwrap();
    let mut large = noise(2 << 20, 99);
    large[1_000_000] ^= 1;
    std::fs::write(root.join("large"), large).unwrap();
}

/// Adds a note to the disk's event log for each state that the patch records. So the log shows the states and the
/// writes in one order.
struct Notes<'a>(&'a Disk);

impl StateRecorder for Notes<'_> {
    fn formatting(&self) -> Result<(), CallerError> {
        self.0.note("formatting");
        Ok(())
    }

    fn patching(&self) -> Result<(), CallerError> {
        self.0.note("patching");
        Ok(())
    }

    fn done(&self) -> Result<(), CallerError> {
        self.0.note("ready");
        Ok(())
    }

    fn progress(&self, _: &'static str, _: u64, _: u64) {}
}

/// Copies a disk with its holes.
fn copy(from: &Path, to: &Path) {
    run(Command::new("cp").arg("--sparse=always").arg(from).arg(to));
}

fn seeds() -> u64 {
    std::env::var("IMPRINT_CRASH_SEEDS").map_or(2, |text| text.parse().unwrap())
}

/// Fails one operation with `EIO`. With `is_gone`, all later operations fail too, as if the disk were gone.
struct Failing {
    /// Count of operations that succeed before the failure.
    left: AtomicI64,
    is_reading: bool,
    is_gone: bool,
}

impl Policy for Failing {
    fn admit(&self, op: Op) -> Result<(), i32> {
        const EIO: i32 = 5;
        if matches!(op, Op::Read(_)) != self.is_reading {
            return Ok(());
        }
        let left = self.left.fetch_sub(1, Ordering::Relaxed);
        if left == 0 || (left < 0 && self.is_gone) { Err(EIO) } else { Ok(()) }
    }
}

/// Patches a volume whose writes the disk logs; the ledger is outside the volume.
fn recorded_patch(
    bench: &Bench,
    disk: &Disk,
    image: &str,
    is_fresh: bool,
    options: ApplyOptions<'_>,
) -> Result<(), PatchError> {
    let ledgers = Dir::open(bench.path("ledgers").as_path()).unwrap();
    let store = bench.store();
    let image = image.parse().unwrap();
    let objects = ImageObjects { store: &store, source: &LocalStoreOnly, image: &image };
    let (_, manifest) = objects.manifest()?;
    patch::patch(
        VolumePlace {
            path: &disk.path(),
            layout: options.layout,
            filesystem: options.filesystem.unwrap_or(Filesystem::Ext4),
            identity: Identity { stream: &image.stream(), own: 0 },
            ledger: Some((&ledgers, "volume")),
        },
        Desired { manifest: &manifest, objects, kernel_arguments: None },
        Options {
            is_fresh,
            verify_full: false,
            is_dry_run: false,
            freed: options.freed,
            engine: options.engine.engine()?,
            recorder: &Notes(disk),
        },
    )?;
    assert!(Ledger::load(&ledgers, "volume").is_some());
    Ok(())
}

/// Mounts and unmounts the volume, so that the kernel replays its journal.
fn replay_journal(volume: &Path, at: &Path) {
    std::fs::create_dir_all(at).unwrap();
    run(Command::new("mount").args(["-o", "loop"]).arg(volume).arg(at));
    run(Command::new("umount").arg(at));
}

/// Builds both trees and adds them to the store as revisions 1 and 2.
fn prepare(bench: &Bench) -> (PathBuf, PathBuf) {
    let (one, two) = (bench.path("one"), bench.path("two"));
    std::fs::create_dir(&one).unwrap();
    build(&one);
    // A copy with times: unchanged files must have equal times in both trees.
    run(Command::new("cp").arg("-a").arg(&one).arg(&two));
    mutate(&two);
    bench.add(&one, "crash/tree/1");
    bench.add(&two, "crash/tree/2");
    (one, two)
}

fn crash(options: ApplyOptions<'_>) {
    let options = ApplyOptions { layout: Layout::None, ..options };
    let bench = Bench::new();
    let (one, two) = prepare(&bench);
    std::fs::create_dir(bench.path("ledgers")).unwrap();
    let size = if options.filesystem == Some(Filesystem::Xfs) { 300 << 20 } else { 32 << 20 };
    let backing = bench.volume("backing", size);
    let disk = Disk::mount(&backing, &bench.path("disk"), 1);
    recorded_patch(&bench, &disk, "crash/tree/1", true, options).unwrap();
    let before = bench.path("before");
    copy(&backing, &before);
    disk.record();
    recorded_patch(&bench, &disk, "crash/tree/2", false, options).unwrap();
    let events = disk.recorded();
    drop(disk);
    // Xfs gets half as many subsets: its volume is ten times as long, and is copied and checked at each moment.
    let seeds =
        if options.filesystem == Some(Filesystem::Xfs) { seeds().div_ceil(2) } else { seeds() };
    let (moments, second) = (moments(&events, seeds), bench.open("crash/tree/2"));
    assert!(moments.len() > 5, "{} moments", moments.len());
    for (number, moment) in moments.iter().enumerate() {
        let volume = bench.path("crashed");
        copy(&before, &volume);
        replay(&events, *moment, &volume).unwrap();
        let context = format!("moment {number} of {}: {moment:?}", moments.len());
        replay_journal(&volume, &bench.path("replay"));
        assert_fsck_clean(&volume, 0);
        // The last recorded state must agree with the volume's content.
        match note_at(&events, *moment) {
            None => assert_same(&bench, &one, &volume, 0),
            Some("ready") => assert_same(&bench, &two, &volume, 0),
            Some(note) => assert_eq!(note, "patching", "{context}"),
        }
        // A crash during a patch leaves no ledger. The next patch must still converge.
        let report = patch(&second, &volume, options);
        assert_eq!(report.evidence, "hash");
        assert_same(&bench, &two, &volume, 0);
        if options.freed == FreedPolicy::Scrub {
            let bytes = std::fs::read(&volume).unwrap();
            // Not `windows`: a build without optimisation takes seconds for 300 MiB.
            assert!(memchr::memmem::find(&bytes, b"deleted-secret").is_none(), "{context}");
        }
        std::fs::remove_file(&volume).unwrap();
        std::fs::remove_file(bench.path("crashed.ledger")).unwrap();
    }
}

/// Power losses while a fresh volume is formatted and filled. As long as the record does not say "patching", the next
/// patch must format the volume again.
#[test]
fn privileged_crash_of_a_fresh_volume() {
    if !testkit::is_privileged("privileged_crash_of_a_fresh_volume") {
        return;
    }
    let options = ApplyOptions { layout: Layout::None, ..OPTIONS };
    let bench = Bench::new();
    let (one, _) = prepare(&bench);
    std::fs::create_dir(bench.path("ledgers")).unwrap();
    let backing = bench.volume("backing", 32 << 20);
    let before = bench.path("before");
    copy(&backing, &before);
    let disk = Disk::mount(&backing, &bench.path("disk"), 1);
    disk.record();
    recorded_patch(&bench, &disk, "crash/tree/1", true, options).unwrap();
    let events = disk.recorded();
    drop(disk);
    let first = bench.open("crash/tree/1");
    for moment in moments(&events, seeds()) {
        let volume = bench.path("crashed");
        copy(&before, &volume);
        replay(&events, moment, &volume).unwrap();
        let note = note_at(&events, moment);
        if matches!(note, Some("patching" | "ready")) {
            assert_same(&bench, &one, &volume, 0);
        }
        // A daemon has a record; here the volume itself must show whether formatting was finished.
        let is_format = !matches!(note, Some("patching" | "ready"));
        let result = unpackd::oneshot::apply(&first, &volume, options, &|_, _, _| {});
        match result {
            Ok(_) => assert_same(&bench, &one, &volume, 0),
            // With a torn superblock, Imprint does not recognize its own filesystem, so it refuses to format.
            Err(error) if error.class() == ErrorClass::Refused => assert!(is_format, "{moment:?}"),
            Err(error) => panic!("{moment:?}: {error}"),
        }
        patch(&first, &volume, ApplyOptions { is_format, ..options });
        assert_same(&bench, &one, &volume, 0);
        std::fs::remove_file(&volume).unwrap();
        std::fs::remove_file(bench.path("crashed.ledger")).unwrap();
    }
}

#[test]
fn privileged_crash_ring_and_scrub() {
    if testkit::is_privileged("privileged_crash_ring_and_scrub") {
        crash(ApplyOptions { engine: EngineChoice::Uring, freed: FreedPolicy::Scrub, ..OPTIONS });
    }
}

#[test]
fn privileged_crash_threads_and_keep() {
    if testkit::is_privileged("privileged_crash_threads_and_keep") {
        crash(ApplyOptions { engine: EngineChoice::Threads, freed: FreedPolicy::Keep, ..OPTIONS });
    }
}

#[test]
fn privileged_io_errors_are_never_taken_for_success() {
    if !testkit::is_privileged("privileged_io_errors_are_never_taken_for_success") {
        return;
    }
    for (options, step) in [
        (ApplyOptions { engine: EngineChoice::Uring, freed: FreedPolicy::Scrub, ..OPTIONS }, 9),
        (ApplyOptions { engine: EngineChoice::Threads, freed: FreedPolicy::Keep, ..OPTIONS }, 13),
    ] {
        let step = if seeds() > 2 { 1 } else { step };
        let options = ApplyOptions { layout: Layout::None, ..options };
        let bench = Bench::new();
        let (_, two) = prepare(&bench);
        std::fs::create_dir(bench.path("ledgers")).unwrap();
        let backing = bench.volume("backing", 32 << 20);
        let disk = Disk::mount(&backing, &bench.path("disk"), 1);
        recorded_patch(&bench, &disk, "crash/tree/1", true, options).unwrap();
        drop(disk);
        let (before, ledger) = (bench.path("before"), bench.path("ledgers/volume"));
        copy(&backing, &before);
        let ledger_before = std::fs::read(&ledger).unwrap();
        for (is_reading, is_gone) in [(false, false), (false, true), (true, false)] {
            let (mut failed, mut nth) = (0, 0);
            loop {
                std::fs::copy(&before, &backing).unwrap();
                std::fs::write(&ledger, &ledger_before).unwrap();
                let disk = Disk::mount(&backing, &bench.path("disk"), 1);
                disk.record();
                let policy = Arc::new(Failing { left: AtomicI64::new(nth), is_reading, is_gone });
                disk.set_policy(Arc::clone(&policy) as Arc<dyn Policy>);
                let result = recorded_patch(&bench, &disk, "crash/tree/2", false, options);
                let has_failed = policy.left.load(Ordering::Relaxed) < 0;
                disk.set_policy(Arc::new(ObedientDisk));
                let is_ready = disk.recorded().contains(&Event::Note("ready".to_owned()));
                drop(disk);
                eprintln!("reading {is_reading}, gone {is_gone}, operation {nth}: {result:?}");
                assert_eq!(result.is_ok(), is_ready);
                if is_ready {
                    // The error did no harm; for example, it hit a read-ahead.
                    assert_same(&bench, &two, &backing, 0);
                } else {
                    failed += 1;
                    // The disk works again: the next patch must read what the volume holds, and converge.
                    std::fs::remove_file(&ledger).ok();
                    let volume = bench.path("well");
                    std::fs::copy(&backing, &volume).unwrap();
                    if patch_or_format(&bench, &volume, options) {
                        assert_same(&bench, &two, &volume, 0);
                    }
                    std::fs::remove_file(bench.path("well.ledger")).ok();
                }
                if !has_failed {
                    break;
                }
                nth += step;
            }
            assert!(failed > 0 || is_reading, "no operation failed");
        }
    }
}

/// Patches a volume after an I/O error. If its filesystem cannot be mounted, the patch must report damage, and a
/// second patch formats it.
fn patch_or_format(bench: &Bench, volume: &Path, options: ApplyOptions<'_>) -> bool {
    let second = bench.open("crash/tree/2");
    match unpackd::oneshot::apply(&second, volume, options, &|_, _, _| {}) {
        Ok(_) => true,
        Err(error) if matches!(error.class(), ErrorClass::Damaged | ErrorClass::Refused) => {
            patch(&second, volume, ApplyOptions { is_format: true, ..options });
            true
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn privileged_crash_on_xfs() {
    if testkit::is_privileged("privileged_crash_on_xfs") {
        let filesystem = Some(Filesystem::Xfs);
        crash(ApplyOptions { filesystem, ..OPTIONS });
    }
}
