//! Deliberately damaged qcow2 images: each is refused or read, without a panic or endless loop.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use publisher::disk_image::{DiskImage, OpenSource};
use wire::blockmap::BlockIndex;

/// Opens and reads an image; returns whether everything succeeded.
fn read(path: &Path) -> bool {
    let Ok(OpenSource::Disk(image)) = DiskImage::open(path) else { return false };
    let (disk, mut block) = (image.disk(), vec![0; 512 << 10]);
    let Ok(blocks) = disk.data_blocks() else { return false };
    let mut read = |index: &BlockIndex| disk.read_exact_at(&mut block, index.offset()).is_ok();
    blocks.iter().take(4).all(&mut read)
}

#[test]
fn damaged_images_are_no_danger() {
    let scratch = testkit::scratch();
    let (raw, path) = (scratch.path().join("raw"), scratch.path().join("disk.qcow2"));
    let mut content = testkit::hostile::noise(1 << 20, 1);
    content.resize(3 << 20, 0);
    std::fs::write(&raw, content).unwrap();
    let mut convert = Command::new("qemu-img");
    let options = ["convert", "-O", "qcow2", "-o", "cluster_size=4k", "-f", "raw"];
    let output = convert.args(options).args([&raw, &path]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(read(&path));
    let good = std::fs::read(&path).unwrap();
    let started = Instant::now();
    // Change the header, its extensions, and a sample of the tables that follow.
    for at in (0..1024).chain((1024..64 << 10).step_by(61)) {
        for change in [1, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= change;
            std::fs::write(&path, &bytes).unwrap();
            read(&path);
        }
    }
    for len in (0..good.len()).step_by(4001) {
        std::fs::write(&path, &good[..len]).unwrap();
        read(&path);
    }
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
}

/// Returns the whole disk of an image; `None` if it is refused.
fn whole(path: &Path) -> Option<Vec<u8>> {
    let Ok(OpenSource::Disk(image)) = DiskImage::open(path) else { return None };
    let mut content = vec![0; image.content_len().unwrap() as usize];
    for index in image.disk().data_blocks().ok()? {
        let at = index.offset() as usize;
        let end = content.len().min(at + (512 << 10));
        image.disk().read_exact_at(&mut content[at..end], at as u64).ok()?;
    }
    Some(content)
}

#[test]
fn an_image_that_was_cut_off_is_refused_or_still_the_whole_disk() {
    let scratch = testkit::scratch();
    let (raw, path) = (scratch.path().join("raw"), scratch.path().join("disk.qcow2"));
    let mut content = testkit::hostile::noise(1 << 20, 1);
    content.extend(b"repeated".repeat(60_000));
    content.resize(3 << 20, 0);
    std::fs::write(&raw, &content).unwrap();
    for options in [&["-o", "cluster_size=4k"][..], &["-c"], &["-c", "-o", "cluster_size=512"]] {
        let mut convert = Command::new("qemu-img");
        convert.args(["convert", "-f", "raw", "-O", "qcow2"]).args(options);
        testkit::image::run(convert.args([&raw, &path]));
        let good = std::fs::read(&path).unwrap();
        assert!(whole(&path).unwrap() == content);
        let mut refused = 0;
        for len in (0..good.len()).step_by(30_011).chain(good.len() - 1100..good.len()) {
            std::fs::write(&path, &good[..len]).unwrap();
            match whole(&path) {
                Some(found) => assert!(found == content, "{options:?} cut to {len}: another disk"),
                None => refused += 1,
            }
        }
        assert!(refused > 0, "{options:?}");
    }
}
