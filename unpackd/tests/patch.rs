//! Patches of real volumes with the hostile tree, fresh and from revision to revision. An independent walker, rsync and
//! e2fsck check the result.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::process::Command;

use common::{Bench, OPTIONS, as_applied, assert_same, patch};
use diskfs::Filesystem;
use diskfs::Layout;
use patch::FreedPolicy;
use patch::engine::EngineChoice;
use testkit::hostile;
use testkit::image::{ROOT_OFFSET, SmallDisk, assert_fsck_clean};
use unpackd::oneshot::{ApplyOptions, VerifyOptions, apply, verify};

#[test]
fn privileged_hostile_tree_round_trips_fresh_and_patched() {
    if !testkit::is_privileged("privileged_hostile_tree_round_trips_fresh_and_patched") {
        return;
    }
    for engine in [EngineChoice::Uring, EngineChoice::Threads] {
        for freed in [FreedPolicy::Scrub, FreedPolicy::Keep] {
            round_trip(ApplyOptions { engine, freed, ..OPTIONS });
        }
    }
}

#[test]
fn privileged_hostile_tree_round_trips_on_xfs() {
    if testkit::is_privileged("privileged_hostile_tree_round_trips_on_xfs") {
        for freed in [FreedPolicy::Scrub, FreedPolicy::Keep] {
            round_trip(ApplyOptions { filesystem: Some(Filesystem::Xfs), freed, ..OPTIONS });
        }
    }
}

fn round_trip(options: ApplyOptions<'_>) {
    let bench = Bench::new();
    let size = if options.filesystem == Some(Filesystem::Xfs) { 512 << 20 } else { 256 << 20 };
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    hostile::build(&source).unwrap();
    if options.filesystem == Some(Filesystem::Xfs) {
        // XFS limits symlink targets to 1,023 bytes; the error names the link with a longer one.
        bench.add(&source, "hostile/tree/0");
        let volume = bench.volume("refused", size);
        let error = apply(&bench.open("hostile/tree/0"), &volume, options, &|_, _, _| {});
        let message = error.unwrap_err().to_string();
        assert!(message.contains("links/longest"), "{message}");
        std::fs::remove_file(source.join("links/longest")).unwrap();
    }
    bench.add(&source, "hostile/tree/1");
    let volume = bench.volume("volume", size);
    let first = bench.open("hostile/tree/1");
    let report = patch(&first, &volume, options);
    assert_eq!(report.evidence, "hash");
    assert_same(&bench, &source, &volume, ROOT_OFFSET);

    // Nothing changed: the file's times prove it, so the patch mounts nothing and writes no byte.
    let before = std::fs::read(&volume).unwrap();
    let report = patch(&first, &volume, options);
    assert_eq!(report.evidence, "counters");
    assert!(std::fs::read(&volume).unwrap() == before, "a patch without changes wrote");

    hostile::mutate(&source).unwrap();
    bench.add(&source, "hostile/tree/2");
    let second = bench.open("hostile/tree/2");
    let dry = patch(&second, &volume, ApplyOptions { is_dry_run: true, ..options });
    assert!(std::fs::read(&volume).unwrap() == before, "a dry run wrote");
    let report = patch(&second, &volume, options);
    assert_eq!((report.evidence.as_str(), report.steps), ("counters", dry.steps));
    assert_same(&bench, &source, &volume, ROOT_OFFSET);

    // Patches back to revision 1, and hashes everything.
    let back = patch(&first, &volume, ApplyOptions { verify_full: true, ..options });
    assert_eq!(back.evidence, "hash");
    assert_eq!(verify(&first, &volume, as_applied(options), &|_, _| {}).unwrap(), []);
    assert_fsck_clean(&volume, ROOT_OFFSET);
    // Patches forward to revision 2 without a ledger.
    std::fs::remove_file(bench.path("volume.ledger")).unwrap();
    assert_eq!(patch(&second, &volume, options).evidence, "hash");
    assert_same(&bench, &source, &volume, ROOT_OFFSET);
}

#[test]
fn privileged_what_others_wrote_is_found_and_undone() {
    if !testkit::is_privileged("privileged_what_others_wrote_is_found_and_undone") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    for name in ["a", "b", "c"] {
        std::fs::write(source.join(name), name.repeat(1000)).unwrap();
    }
    bench.add(&source, "small/tree/1");
    let opened = bench.open("small/tree/1");
    let volume = bench.volume("volume", 81 << 20);
    patch(&opened, &volume, ApplyOptions { layout: Layout::None, ..OPTIONS });
    let mount = bench.path("mnt");
    std::fs::create_dir(&mount).unwrap();
    testkit::image::run(Command::new("mount").args(["-o", "loop"]).arg(&volume).arg(&mount));
    let busy =
        apply(&opened, &volume, ApplyOptions { layout: Layout::None, ..OPTIONS }, &|_, _, _| {});
    std::fs::write(mount.join("a"), "changed").unwrap();
    std::fs::remove_file(mount.join("b")).unwrap();
    std::fs::write(mount.join("stranger"), "x").unwrap();
    testkit::image::run(Command::new("umount").arg(&mount));
    let message = busy.unwrap_err().to_string();
    assert!(message.contains("is in use") && message.contains("attached as"), "{message}");

    let found = verify(
        &opened,
        &volume,
        VerifyOptions { layout: Layout::None, ..as_applied(OPTIONS) },
        &|_, _| {},
    )
    .unwrap();
    let mut paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["", "a", "b", "stranger"]);
    let report = patch(&opened, &volume, ApplyOptions { layout: Layout::None, ..OPTIONS });
    assert_eq!(report.evidence, "scan");
    assert_same(&bench, &source, &volume, 0);
}

#[test]
fn privileged_what_somebody_could_miss_is_not_formatted() {
    if !testkit::is_privileged("privileged_what_somebody_could_miss_is_not_formatted") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("a"), "a").unwrap();
    bench.add(&source, "small/tree/1");
    let opened = bench.open("small/tree/1");
    for (name, offset) in [("start", 0), ("table", 512), ("inside", 19 << 20), ("end", 80 << 20)] {
        let volume = bench.volume(name, 81 << 20);
        let file = std::fs::File::options().write(true).open(&volume).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"precious", offset).unwrap();
        drop(file);
        let before = std::fs::read(&volume).unwrap();
        for layout in [Layout::Gpt, Layout::None] {
            let options = ApplyOptions { layout, ..OPTIONS };
            let error = apply(&opened, &volume, options, &|_, _, _| {}).unwrap_err();
            assert!(error.to_string().contains("--format"), "{error}");
        }
        assert!(std::fs::read(&volume).unwrap() == before, "{name} was changed");
        patch(&opened, &volume, ApplyOptions { is_format: true, ..OPTIONS });
        assert_same(&bench, &source, &volume, ROOT_OFFSET);
    }
    // A filesystem made for another stream is refused too.
    bench.add(&source, "other/tree/1");
    let volume = bench.path("start");
    std::fs::remove_file(bench.path("start.ledger")).unwrap();
    let error = apply(&bench.open("other/tree/1"), &volume, OPTIONS, &|_, _, _| {}).unwrap_err();
    assert!(error.to_string().contains("not made for stream other/tree"), "{error}");
}

/// Builds a tree of 2000 files with realistic sizes: most small, few large.
fn many_files(root: &std::path::Path) {
    for folder in 0..40 {
        let path = root.join(format!("folder-{folder}"));
        std::fs::create_dir(&path).unwrap();
        for file in 0..50u64 {
            let number = folder * 50 + file;
            let len = if number.is_multiple_of(97) { 900_000 } else { 300 + number * 7 % 20_000 };
            std::fs::write(path.join(file.to_string()), hostile::noise(len as usize, number))
                .unwrap();
        }
    }
}

#[test]
fn privileged_dirty_blocks_are_exact_and_predicted() {
    if !testkit::is_privileged("privileged_dirty_blocks_are_exact_and_predicted") {
        return;
    }
    for freed in [FreedPolicy::Keep, FreedPolicy::Scrub] {
        let options = ApplyOptions { freed, ..OPTIONS };
        let bench = Bench::new();
        let source = bench.path("source");
        std::fs::create_dir(&source).unwrap();
        many_files(&source);
        bench.add(&source, "many/tree/1");
        for folder in 10..20 {
            for file in 0..50 {
                std::fs::remove_file(source.join(format!("folder-{folder}/{file}"))).unwrap();
            }
        }
        let added = source.join("added");
        std::fs::create_dir(&added).unwrap();
        // As many files as a real revision adds. The kernel chooses where allocation begins, depending on the CPUs that
        // write back; with few files that choice would dominate the measurement.
        for number in 0..1600 {
            let content = hostile::noise(12_000, 5000 + number);
            std::fs::write(added.join(number.to_string()), content).unwrap();
        }
        bench.add(&source, "many/tree/2");
        let volume = bench.volume("volume", 256 << 20);
        patch(&bench.open("many/tree/1"), &volume, options);
        let second = bench.open("many/tree/2");
        let dry = patch(&second, &volume, ApplyOptions { is_dry_run: true, ..options });
        let before = std::fs::read(&volume).unwrap();
        let report = patch(&second, &volume, options);
        let after = std::fs::read(&volume).unwrap();
        let (before, after) = (before.chunks(512 << 10), after.chunks(512 << 10));
        let differing = before.zip(after).filter(|(a, b)| a != b).count() as u64;
        let dirty = report.dirty_blocks_512k.expect("a kernel that traces");
        let causes = dirty.data + dirty.directory + dirty.inode_table;
        let causes = causes + dirty.bitmap + dirty.journal + dirty.scrub;
        assert_eq!(causes, dirty.total);
        // A patch may rewrite a block with equal content: zeros over zeros, journal over journal.
        assert!((differing..=differing + 2).contains(&dirty.total), "{differing}, {dirty:?}");
        let predicted = dry.dirty_blocks_512k.expect("a prediction");
        let allowed = dirty.total.div_ceil(10).max(2);
        assert!(predicted.total.abs_diff(dirty.total) <= allowed, "{predicted:?}, {dirty:?}");
    }
}

#[test]
fn privileged_what_is_scrubbed_is_counted() {
    if !testkit::is_privileged("privileged_what_is_scrubbed_is_counted") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("kept"), b"kept").unwrap();
    std::fs::write(source.join("large"), hostile::noise(40 << 20, 1)).unwrap();
    bench.add(&source, "gone/tree/1");
    std::fs::remove_file(source.join("large")).unwrap();
    bench.add(&source, "gone/tree/2");
    // On tmpfs the patch writes zeros; on ext4 it sends a request to zero the range.
    let disk = SmallDisk::mount_ext4(&bench.path("disk.img"), &bench.path("disk"), 512);
    for volume in ["volume", "disk/volume"] {
        let volume = bench.volume(volume, 256 << 20);
        patch(&bench.open("gone/tree/1"), &volume, OPTIONS);
        let before = std::fs::read(&volume).unwrap();
        let report = patch(&bench.open("gone/tree/2"), &volume, OPTIONS);
        let after = std::fs::read(&volume).unwrap();
        let blocks = before.chunks(512 << 10).zip(after.chunks(512 << 10));
        let differing = blocks.filter(|(a, b)| a != b).count() as u64;
        let dirty = report.dirty_blocks_512k.expect("a kernel that traces");
        assert!(differing >= 80, "{differing}");
        assert!((differing..=differing + 2).contains(&dirty.total), "{differing}, {dirty:?}");
    }
    drop(disk);
}

#[test]
fn privileged_a_recorded_error_is_repaired() {
    if !testkit::is_privileged("privileged_a_recorded_error_is_repaired") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("file"), b"content").unwrap();
    bench.add(&source, "error/tree/1");
    let opened = bench.open("error/tree/1");
    let volume = bench.volume("volume", 32 << 20);
    let options = ApplyOptions { layout: Layout::None, ..OPTIONS };
    patch(&opened, &volume, options);
    // State 3 is "valid, with errors": the kernel leaves it after a failed journal write.
    let debugfs =
        Command::new("debugfs").args(["-w", "-R", "set_super_value state 3"]).arg(&volume).output();
    assert!(debugfs.unwrap().status.success());
    patch(&opened, &volume, options);
    let mut state = [0; 2];
    let file = std::fs::File::open(&volume).unwrap();
    std::os::unix::fs::FileExt::read_exact_at(&file, &mut state, 1024 + 0x3a).unwrap();
    assert_eq!(state, [1, 0]);
    assert_same(&bench, &source, &volume, 0);
}

#[test]
fn privileged_volumes_grow_in_place() {
    if !testkit::is_privileged("privileged_volumes_grow_in_place") {
        return;
    }
    for (filesystem, size) in [(Filesystem::Ext4, 96 << 20), (Filesystem::Xfs, 340 << 20)] {
        let options = ApplyOptions { filesystem: Some(filesystem), ..OPTIONS };
        let bench = Bench::new();
        let source = bench.path("source");
        std::fs::create_dir(&source).unwrap();
        std::fs::write(source.join("file"), hostile::noise(1 << 20, 1)).unwrap();
        bench.add(&source, "grow/tree/1");
        let volume = bench.volume("volume", size);
        patch(&bench.open("grow/tree/1"), &volume, options);
        // After the volume grew, a patch grows its filesystem, even if no file changes.
        std::fs::File::options()
            .write(true)
            .open(&volume)
            .unwrap()
            .set_len(size + (64 << 20))
            .unwrap();
        patch(&bench.open("grow/tree/1"), &volume, options);
        let len = |volume: &std::path::Path| {
            let device = patch::device::Device::open(volume).unwrap();
            device.filesystem_len(Layout::Gpt).unwrap().unwrap()
        };
        assert!(len(&volume) > size + (40 << 20), "{filesystem:?}: {}", len(&volume));
        assert_same(&bench, &source, &volume, ROOT_OFFSET);
        assert_eq!(patch(&bench.open("grow/tree/1"), &volume, options).evidence, "counters");
        // An image that needs more space than the image file has makes the file grow.
        std::fs::write(source.join("large"), hostile::noise(450 << 20, 2)).unwrap();
        bench.add(&source, "grow/tree/2");
        patch(&bench.open("grow/tree/2"), &volume, options);
        assert!(len(&volume) > 450 << 20, "{filesystem:?}: {}", len(&volume));
        assert_same(&bench, &source, &volume, ROOT_OFFSET);
    }
}

#[test]
fn privileged_a_uuid_that_is_mounted_is_not_given_again() {
    if !testkit::is_privileged("privileged_a_uuid_that_is_mounted_is_not_given_again") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    bench.add(&source, "twin/tree/1");
    let opened = bench.open("twin/tree/1");
    for (name, filesystem) in [("ext4", Filesystem::Ext4), ("xfs", Filesystem::Xfs)] {
        let options = ApplyOptions { filesystem: Some(filesystem), ..OPTIONS };
        let first = bench.volume(&format!("{name}-1"), 320 << 20);
        let second = bench.volume(&format!("{name}-2"), 320 << 20);
        patch(&opened, &first, options);
        let mounted = testkit::image::MountedImage::open(&first, ROOT_OFFSET, &bench.path("twin"));
        let refused = apply(&opened, &second, options, &|_, _, _| {}).unwrap_err().to_string();
        assert!(refused.contains("has the UUID") && refused.contains("random"), "{refused}");
        assert!(std::fs::read(&second).unwrap().iter().all(|byte| *byte == 0));
        drop(mounted);
        patch(&opened, &second, options);
    }
}

#[test]
fn privileged_a_volume_of_another_stream_is_refused_whatever_its_ledger_says() {
    if !testkit::is_privileged(
        "privileged_a_volume_of_another_stream_is_refused_whatever_its_ledger_says",
    ) {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("file"), "one").unwrap();
    bench.add(&source, "mine/tree/1");
    bench.add(&source, "other/tree/1");
    let volume = bench.volume("volume", 64 << 20);
    patch(&bench.open("mine/tree/1"), &volume, OPTIONS);
    let before = std::fs::read(&volume).unwrap();
    // The ledger proves that nobody wrote to the volume, but the volume's UUIDs are those of another identity.
    let own = ApplyOptions { own_uuids: 7, ..OPTIONS };
    for (image, options) in [("other/tree/1", OPTIONS), ("mine/tree/1", own)] {
        for is_dry_run in [true, false] {
            let options = ApplyOptions { is_dry_run, ..options };
            let refused = apply(&bench.open(image), &volume, options, &|_, _, _| {}).unwrap_err();
            assert!(refused.to_string().contains("was not made for stream"), "{refused}");
            assert!(std::fs::read(&volume).unwrap() == before, "{image}: it was written to");
        }
    }
    let report = patch(&bench.open("mine/tree/1"), &volume, OPTIONS);
    assert_eq!(report.evidence, "counters");
    // The trees are equal, but a machine of the other stream would not find its root by UUID.
    let verify = |image| verify(&bench.open(image), &volume, as_applied(OPTIONS), &|_, _| {});
    assert_eq!(verify("mine/tree/1").unwrap(), []);
    let found = verify("other/tree/1").unwrap();
    assert_eq!((found.len(), &found[0].fields[..]), (1, &["uuid"][..]), "{found:?}");
}

#[test]
fn privileged_a_device_that_is_read_only_is_not_called_damaged() {
    if !testkit::is_privileged("privileged_a_device_that_is_read_only_is_not_called_damaged") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    bench.add(&source, "read/only/1");
    let opened = bench.open("read/only/1");
    let volume = bench.volume("volume", 64 << 20);
    patch(&opened, &volume, OPTIONS);
    let mut losetup = Command::new("losetup");
    losetup.args(["--find", "--show", "--read-only"]).arg(&volume);
    let device = testkit::image::run(&mut losetup);
    let device = std::path::Path::new(device.trim());
    let refused = apply(&opened, device, OPTIONS, &|_, _, _| {});
    let found = verify(&opened, device, as_applied(OPTIONS), &|_, _| {});
    testkit::image::run(Command::new("losetup").arg("--detach").arg(device));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("is read-only"), "{refused}");
    assert_eq!(found.unwrap().len(), 0);
}
