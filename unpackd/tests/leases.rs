//! Leases, epochs and captures of a real volume, and collections of the store beside them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use diskfs::Layout;
use patch::engine::EngineChoice;
use patch::{CallerError, ObjectSource};
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use store::{Batch, Store};
use unpackd::UnpackError;
use unpackd::manager::{AddVolume, Manager, UnpackOptions};
use wire::digest::{Algorithm, Digest};
use wire::name::{ImageName, StreamName};
use wire::proto::ImageRecord;

/// Source of objects that is another store on this machine.
struct Neighbour(Arc<Store>);

impl ObjectSource for Neighbour {
    fn image(&self, name: &ImageName) -> Result<ImageRecord, CallerError> {
        Ok(self.0.image(name)?)
    }

    fn fetch(
        &self,
        _: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        _: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, CallerError> {
        let mut bytes = 0;
        for digest in digests {
            for (frame, _) in self.0.frame_list(digest)?.into_iter().flat_map(|list| list.frames) {
                batch.put(&self.0.read(&frame)?)?;
            }
            let object = self.0.read(digest)?;
            bytes += object.payload.len() as u64;
            batch.put(&object)?;
        }
        Ok(bytes)
    }
}

fn add(store: &Arc<Store>, tree: &Path, name: &str) {
    let batch = store.begin().unwrap();
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    let found = ingest_directory(tree, &options, &BatchSink::new(&batch)).unwrap();
    batch.commit().unwrap();
    let manifest = found.digest.to_string();
    let record = ImageRecord { name: name.to_owned(), manifest, ..ImageRecord::default() };
    store.put_image(&name.parse().unwrap(), &record).unwrap();
}

/// Describes a small volume in a file, for a stream.
fn volume_of(path: &Path, stream: &StreamName) -> AddVolume {
    AddVolume {
        path: path.to_owned(),
        is_file: true,
        size: 81 << 20,
        layout: Layout::Gpt,
        is_format: false,
        filesystem: diskfs::Filesystem::Ext4,
        freed: patch::FreedPolicy::Keep,
        kernel_arguments: None,
        has_own_uuids: false,
        stream: Some(stream.clone()),
    }
}

fn unpack(manager: &Manager, image: &str, holder: &str) -> Result<(), UnpackError> {
    let options = UnpackOptions { wait: Duration::ZERO, verify_full: false, is_dry_run: false };
    manager.unpack(&image.parse().unwrap(), holder, options, &|_, _, _| {}).map(drop)
}

#[test]
fn privileged_a_capture_holds_only_under_its_own_epoch() {
    if !testkit::is_privileged("privileged_a_capture_holds_only_under_its_own_epoch") {
        return;
    }
    let scratch = testkit::scratch();
    let tree = scratch.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    let store = Store::open_or_create(&scratch.path().join("images"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    for revision in ["1", "2"] {
        std::fs::write(tree.join("file"), revision).unwrap();
        add(&store, &tree, &format!("a/tree/{revision}"));
    }
    let state = scratch.path().join("state");
    let open = || {
        let engine = EngineChoice::Auto.engine().unwrap();
        let fetch = Box::new(Neighbour(Arc::clone(&store)));
        Manager::open(&state, Algorithm::Sha256, fetch, engine).unwrap()
    };
    let manager = open();
    let stream: StreamName = "a/tree".parse().unwrap();
    let volume = volume_of(&scratch.path().join("volume"), &stream);
    manager.add_volume(&volume).unwrap();
    let refused = |result: Result<_, UnpackError>, words: &str| {
        let message = result.map(|_: Digest| ()).unwrap_err().to_string();
        assert!(message.contains(words), "'{words}' is not in: {message}");
    };
    let confirm = |manager: &Manager, holder: &str, epoch| {
        manager.confirm(&stream, holder, epoch).map(|revision| revision.manifest)
    };

    unpack(&manager, "a/tree/1", "me").unwrap();
    let first = manager.capture(&stream, "me", false, false).unwrap();
    assert_eq!(confirm(&manager, "me", first.epoch).unwrap(), first.revision.manifest);
    refused(confirm(&manager, "other", first.epoch), "is held by me");
    refused(confirm(&manager, "me", first.epoch + 1), "no longer holds");

    // Capture, patch and capture again by one holder: the first capture is void.
    unpack(&manager, "a/tree/2", "me").unwrap();
    refused(confirm(&manager, "me", first.epoch), "the volume is in the state ready");
    let second = manager.capture(&stream, "me", false, false).unwrap();
    assert!(second.epoch > first.epoch);
    refused(confirm(&manager, "me", first.epoch), "no longer holds");
    confirm(&manager, "me", second.epoch).unwrap();

    // After a steal, the thief has a new epoch; the old holder can neither confirm nor patch.
    let stolen = manager.prepare(&stream, "thief", Duration::ZERO, true).unwrap();
    assert!(stolen.epoch > second.epoch);
    refused(confirm(&manager, "me", second.epoch), "is held by thief");
    assert!(matches!(unpack(&manager, "a/tree/1", "me"), Err(UnpackError::LeaseHeld { .. })));
    assert!(matches!(
        manager.prepare(&stream, "me", Duration::ZERO, false),
        Err(UnpackError::LeaseHeld { .. })
    ));
    // Leases and captures survive a restart of the daemon.
    drop(manager);
    let manager = open();
    let third = manager.capture(&stream, "thief", false, false).unwrap();
    drop(manager);
    let manager = open();
    confirm(&manager, "thief", third.epoch).unwrap();
    manager.release(&stream, "thief").unwrap();
    refused(confirm(&manager, "thief", third.epoch), "the volume is in the state ready");
    unpack(&manager, "a/tree/1", "me").unwrap();

    // A write that bypasses the daemon voids the capture, even if it writes the same byte again.
    let fourth = manager.capture(&stream, "me", false, false).unwrap();
    confirm(&manager, "me", fourth.epoch).unwrap();
    let path = scratch.path().join("volume");
    let byte = std::fs::read(&path).unwrap()[40 << 20];
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &[byte], 40 << 20).unwrap();
    drop(file);
    refused(confirm(&manager, "me", fourth.epoch), "without unpackd");
    manager.release(&stream, "me").unwrap();

    // Another device at the volume's path is detected before anything is written to it.
    std::fs::rename(scratch.path().join("volume"), scratch.path().join("away")).unwrap();
    std::fs::File::create(scratch.path().join("volume")).unwrap().set_len(81 << 20).unwrap();
    assert!(unpack(&manager, "a/tree/2", "me").is_err());
    assert_eq!(std::fs::read(scratch.path().join("volume")).unwrap(), vec![0; 81 << 20]);
}

/// Hashes a volume's blocks without the code that makes block maps; only the hash function is shared.
fn hashes_of(volume: &Path) -> Vec<Vec<u8>> {
    let mut bytes = std::fs::read(volume).unwrap();
    bytes.resize(bytes.len().next_multiple_of(512 << 10), 0);
    let hash = |block: &[u8]| Algorithm::Sha256.digest(block).hash().to_vec();
    bytes.chunks(512 << 10).map(hash).collect()
}

#[test]
fn privileged_block_maps_follow_patches() {
    if !testkit::is_privileged("privileged_block_maps_follow_patches") {
        return;
    }
    use diskfs::Filesystem;
    for filesystem in [Filesystem::Ext4, Filesystem::Xfs] {
        let scratch = testkit::scratch();
        // On ext4, zeroing a range is a separate request, as on a server's disk; on tmpfs it is not.
        let at = scratch.path().join("disk");
        let disk = testkit::image::SmallDisk::mount_ext4(&scratch.path().join("img"), &at, 500);
        let tree = scratch.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        let store = Store::open_or_create(&scratch.path().join("images"), Algorithm::Sha256);
        let store = Arc::new(store.unwrap());
        for number in 0..40 {
            let content = testkit::hostile::noise(1 << 20, number);
            std::fs::write(tree.join(format!("file-{number}")), content).unwrap();
        }
        add(&store, &tree, "b/tree/1");
        std::fs::remove_file(tree.join("file-7")).unwrap();
        std::fs::write(tree.join("file-9"), b"changed").unwrap();
        std::fs::create_dir(tree.join("new")).unwrap();
        std::fs::write(tree.join("new/file"), testkit::hostile::noise(3 << 20, 77)).unwrap();
        add(&store, &tree, "b/tree/2");
        let engine = EngineChoice::Auto.engine().unwrap();
        let fetch = Box::new(Neighbour(Arc::clone(&store)));
        let state = scratch.path().join("state");
        let manager = Manager::open(&state, Algorithm::Sha256, fetch, engine).unwrap();
        let stream: StreamName = "b/tree".parse().unwrap();
        let path = at.join("volume");
        let volume = AddVolume {
            size: 400 << 20,
            filesystem,
            freed: patch::FreedPolicy::Scrub,
            ..volume_of(&path, &stream)
        };
        manager.add_volume(&volume).unwrap();
        manager.prepare(&stream, "me", Duration::from_secs(600), false).unwrap();
        let map = |what: &str| {
            let captured = manager.capture(&stream, "me", false, true).unwrap();
            let mapped = captured.mapped.unwrap();
            let found: Vec<Vec<u8>> =
                mapped.map.hashes().iter().map(|hash| hash.to_vec()).collect();
            assert!(found == hashes_of(&path), "{what}: the map is another");
            (mapped.hashed, mapped.map)
        };
        unpack(&manager, "b/tree/1", "me").unwrap();
        let (all, first) = map("fresh");
        assert!(all >= 80, "{all}");
        assert_eq!(map("again").0, 0);
        unpack(&manager, "b/tree/2", "me").unwrap();
        let (hashed, second) = map("patched");
        let differing = second.changed_since(&first).len() as u64;
        // The hashed blocks are those that were written and are not holes now, and those of the boot loaders.
        assert!((1..differing + 40).contains(&hashed), "{hashed}, {differing}, {all}");
        assert!(differing > 10 && hashed < all / 2, "{hashed}, {differing}, {all}");
        unpack(&manager, "b/tree/2", "me").unwrap();
        assert_eq!(map("unchanged").0, 0);
        // A foreign write is detected, and then every block is hashed.
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"x", (20 << 20) + 1029).unwrap();
        drop(file);
        assert!(manager.capture(&stream, "me", false, true).is_err());
        let options = UnpackOptions { wait: Duration::ZERO, verify_full: true, is_dry_run: false };
        let image: ImageName = "b/tree/1".parse().unwrap();
        manager.unpack(&image, "me", options, &|_, _, _| {}).unwrap();
        let (hashed, _) = map("written to by others");
        assert!(hashed >= all - 8, "{hashed} of {all}");
        drop(disk);
    }
}

#[test]
fn privileged_a_volume_without_its_filesystem_is_damaged_until_a_patch_succeeds() {
    use std::os::unix::fs::FileExt;
    let name = "privileged_a_volume_without_its_filesystem_is_damaged_until_a_patch_succeeds";
    if !testkit::is_privileged(name) {
        return;
    }
    let scratch = testkit::scratch();
    let tree = scratch.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    let store = Store::open_or_create(&scratch.path().join("images"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    for revision in ["1", "2"] {
        std::fs::write(tree.join("file"), revision).unwrap();
        add(&store, &tree, &format!("a/tree/{revision}"));
    }
    let engine = EngineChoice::Auto.engine().unwrap();
    let fetch = Box::new(Neighbour(Arc::clone(&store)));
    let state = scratch.path().join("state");
    let manager = Manager::open(&state, Algorithm::Sha256, fetch, engine).unwrap();
    let path = scratch.path().join("volume");
    let volume = volume_of(&path, &"a/tree".parse().unwrap());
    manager.add_volume(&volume).unwrap();
    unpack(&manager, "a/tree/1", "me").unwrap();
    let state = || manager.volumes().unwrap()[0].state.name();
    assert_eq!(state(), "ready");

    // Each access opens the file anew and closes it, because a patch refuses a volume that is open for writing.
    let open = || std::fs::File::options().read(true).write(true).open(&path).unwrap();
    let mut before = vec![0; 81 << 20];
    open().read_exact_at(&mut before, 0).unwrap();
    open().write_all_at(&vec![0; 80 << 20], 0).unwrap();
    let error = unpack(&manager, "a/tree/2", "me").unwrap_err();
    assert_eq!(state(), "damaged", "{error}");

    // After somebody repaired the volume, a patch compares it completely, and the volume can be used again.
    open().write_all_at(&before, 0).unwrap();
    unpack(&manager, "a/tree/2", "me").unwrap();
    assert_eq!(state(), "ready");
}

#[test]
fn a_removed_volume_stays_removed_while_its_lease_is_renewed() {
    let scratch = testkit::scratch();
    let store = Store::open_or_create(&scratch.path().join("images"), Algorithm::Sha256).unwrap();
    let fetch = Box::new(Neighbour(Arc::new(store)));
    let engine = EngineChoice::Auto.engine().unwrap();
    let state = scratch.path().join("state");
    let manager = Manager::open(&state, Algorithm::Sha256, fetch, engine).unwrap();
    let stream: StreamName = "a/tree".parse().unwrap();
    for round in 0..100 {
        let volume = volume_of(&scratch.path().join(format!("volume-{round}")), &stream);
        let id = manager.add_volume(&volume).unwrap().id;
        std::thread::scope(|scope| {
            scope.spawn(|| while manager.prepare(&stream, "h", Duration::ZERO, false).is_ok() {});
            while manager.prepare(&stream, "h", Duration::ZERO, false).is_err() {}
            manager.remove_volume(&id, "h").unwrap();
            assert!(manager.volumes().unwrap().is_empty(), "round {round}");
        });
        assert!(manager.volumes().unwrap().is_empty(), "round {round}");
    }
}

#[test]
fn privileged_a_collection_keeps_what_volumes_need_and_holds_up_no_patch() {
    let name = "privileged_a_collection_keeps_what_volumes_need_and_holds_up_no_patch";
    if !testkit::is_privileged(name) {
        return;
    }
    let scratch = testkit::scratch();
    let tree = scratch.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    let store = Store::open_or_create(&scratch.path().join("images"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    std::fs::write(tree.join("same"), testkit::hostile::noise(300_000, 9)).unwrap();
    for revision in 1..=2 {
        std::fs::write(tree.join("file"), testkit::hostile::noise(500_000, revision)).unwrap();
        add(&store, &tree, &format!("a/tree/{revision}"));
    }
    let engine = EngineChoice::Auto.engine().unwrap();
    let fetch = Box::new(Neighbour(Arc::clone(&store)));
    let state = scratch.path().join("state");
    let manager = Manager::open(&state, Algorithm::Sha256, fetch, engine).unwrap();
    let stream: StreamName = "a/tree".parse().unwrap();
    manager.add_volume(&volume_of(&scratch.path().join("volume"), &stream)).unwrap();
    let all = || SystemTime::now() + Duration::from_secs(24 * 3600);
    let manifest = |image: &str| store.image(&image.parse().unwrap()).unwrap().manifest;
    let has = |image: &str| manager.store().is_complete(&manifest(image).parse().unwrap());

    unpack(&manager, "a/tree/1", "me").unwrap();
    unpack(&manager, "a/tree/2", "me").unwrap();
    assert!(has("a/tree/1") && has("a/tree/2"));
    let collected = manager.collect(all()).unwrap().unwrap();
    assert!(collected.collected.bytes_freed > 400_000, "{collected:?}");
    assert!(!has("a/tree/1") && has("a/tree/2"));
    // What was given back is fetched again; what was noted as newest stays.
    manager.note_newest(&stream, manifest("a/tree/2").parse().unwrap());
    unpack(&manager, "a/tree/1", "me").unwrap();
    manager.collect(all()).unwrap().unwrap();
    assert!(has("a/tree/1") && has("a/tree/2"));

    // No collection begins while an operation works, and none holds one up.
    let options = UnpackOptions { wait: Duration::ZERO, verify_full: true, is_dry_run: false };
    let collect = |_: &'static str, _: u64, _: u64| assert!(manager.collect(all()).is_none());
    manager.unpack(&"a/tree/2".parse().unwrap(), "me", options, &collect).unwrap();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                if let Some(collected) = manager.collect(all()) {
                    collected.unwrap();
                }
            }
        });
        let patched: Result<Vec<()>, UnpackError> = (0..6)
            .map(|round| unpack(&manager, &format!("a/tree/{}", 1 + round % 2), "me"))
            .collect();
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        patched.unwrap();
    });
}
