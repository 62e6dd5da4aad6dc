//! A patch refuses an image that the volume cannot hold, before the first write.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use common::{Bench, OPTIONS, as_applied, assert_same, patch};
use diskfs::Filesystem;
use diskfs::Layout;
use testkit::hostile;
use unpackd::oneshot::{ApplyOptions, apply, verify};

#[test]
fn privileged_volumes_that_are_too_small_are_refused_untouched() {
    if !testkit::is_privileged("privileged_volumes_that_are_too_small_are_refused_untouched") {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("large"), hostile::noise(37 << 20, 1)).unwrap();
    bench.add(&source, "large/tree/1");
    let opened = bench.open("large/tree/1");
    let volume = bench.volume("volume", 37 << 20);
    let error = apply(&opened, &volume, OPTIONS, &|_, _, _| {}).unwrap_err();
    assert!(error.to_string().contains("is too small"), "{error}");
    assert_eq!(std::fs::read(&volume).unwrap(), vec![0; 37 << 20]);

    // On a device with space for the first revision only, a failed patch must keep the first revision.
    let file = bench.volume("roomy", 65 << 20);
    let file = std::fs::File::options().read(true).write(true).open(file).unwrap();
    let device = sysio::loopdev::LoopDevice::attach(&file, 0, 0).unwrap();
    let volume = device.path().to_owned();
    patch(&opened, &volume, OPTIONS);
    std::fs::write(source.join("more"), hostile::noise(30 << 20, 2)).unwrap();
    bench.add(&source, "large/tree/2");
    let error = apply(&bench.open("large/tree/2"), &volume, OPTIONS, &|_, _, _| {}).unwrap_err();
    assert!(error.to_string().contains("is too small"), "{error}");
    assert_eq!(verify(&opened, &volume, as_applied(OPTIONS), &|_, _| {}).unwrap(), []);
}

#[test]
fn privileged_a_full_ext4_has_no_room_for_attributes_either() {
    if !testkit::is_privileged("privileged_a_full_ext4_has_no_room_for_attributes_either") {
        return;
    }
    const FILES: u64 = 2000;
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("large"), hostile::noise(28 << 20, 1)).unwrap();
    let names: Vec<_> = (0..FILES).map(|number| source.join(format!("{number}"))).collect();
    names.iter().for_each(|path| std::fs::write(path, "").unwrap());
    bench.add(&source, "large/tree/1");
    // A device cannot grow, so only the free space of its filesystem counts.
    let file = bench.volume("volume", 40 << 20);
    let file = std::fs::File::options().read(true).write(true).open(file).unwrap();
    let device = sysio::loopdev::LoopDevice::attach(&file, 0, 0).unwrap();
    let volume = device.path().to_owned();
    let options = ApplyOptions { layout: Layout::None, ..OPTIONS };
    let first = bench.open("large/tree/1");
    patch(&first, &volume, options);
    let set = |count: usize| {
        for (number, path) in names.iter().enumerate().take(count) {
            let value = hostile::noise(3000, number as u64);
            let flags = rustix::fs::XattrFlags::empty();
            rustix::fs::setxattr(path, "user.value", &value, flags).unwrap();
        }
    };
    // No file gets more data, but each gets an attribute that needs a block of its own.
    set(FILES as usize);
    bench.add(&source, "large/tree/2");
    let error = apply(&bench.open("large/tree/2"), &volume, options, &|_, _, _| {}).unwrap_err();
    assert!(error.to_string().contains("is too small"), "{error}");
    assert_eq!(verify(&first, &volume, as_applied(options), &|_, _| {}).unwrap(), []);
    // Sets as many attributes as the filesystem has space for.
    names.iter().for_each(|path| rustix::fs::removexattr(path, "user.value").unwrap());
    set(500);
    bench.add(&source, "large/tree/3");
    patch(&bench.open("large/tree/3"), &volume, options);
    assert_same(&bench, &source, &volume, 0);
}

#[test]
fn privileged_what_ext4_cannot_hold_is_refused_before_the_first_write() {
    use std::os::unix::fs::MetadataExt;
    if !testkit::is_privileged("privileged_what_ext4_cannot_hold_is_refused_before_the_first_write")
    {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir_all(source.join("d")).unwrap();
    std::fs::write(source.join("d/a"), "x").unwrap();
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(source.join("d/a"), "user.big", &[b'x'; 5000], flags).unwrap();
    bench.add(&source, "large/attributes/1");
    let image = bench.open("large/attributes/1");
    let volume = bench.volume("ext4", 128 << 20);
    for is_dry_run in [true, false] {
        let options = ApplyOptions { is_dry_run, layout: Layout::None, ..OPTIONS };
        let error = apply(&image, &volume, options, &|_, _, _| {}).unwrap_err().to_string();
        for word in ["'/d/a'", "'user.big' with 5000 bytes", "4060"] {
            assert!(error.contains(word), "no '{word}': {error}");
        }
        assert_eq!(volume.metadata().unwrap().blocks(), 0, "it was written to");
    }
    let volume = bench.volume("xfs", 512 << 20);
    let options =
        ApplyOptions { filesystem: Some(Filesystem::Xfs), layout: Layout::None, ..OPTIONS };
    patch(&image, &volume, options);
    assert_same(&bench, &source, &volume, 0);
}

#[test]
fn privileged_attributes_that_do_not_fit_beside_the_old_ones_replace_them() {
    if !testkit::is_privileged(
        "privileged_attributes_that_do_not_fit_beside_the_old_ones_replace_them",
    ) {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    let path = source.join("a");
    std::fs::write(&path, "x").unwrap();
    let volume = bench.volume("ext4", 128 << 20);
    // Attributes are set in the order of their names, so the first grows before the second shrinks.
    for (number, (first, second)) in [(10, 3900), (3900, 10), (2000, 1900)].into_iter().enumerate()
    {
        let flags = rustix::fs::XattrFlags::empty();
        rustix::fs::setxattr(&path, "user.1", &vec![b'a'; first], flags).unwrap();
        rustix::fs::setxattr(&path, "user.2", &vec![b'b'; second], flags).unwrap();
        let name = format!("large/attributes/{number}");
        bench.add(&source, &name);
        patch(&bench.open(&name), &volume, ApplyOptions { layout: Layout::None, ..OPTIONS });
        assert_same(&bench, &source, &volume, 0);
    }
}
