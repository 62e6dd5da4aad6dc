//! qcow2 images that were damaged on purpose: refused or read, never a panic and never for ever.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use publish_cli::disk_image::DiskImage;

/// Opens and reads an image, whatever comes of it.
fn read(path: &Path) -> bool {
    let Ok(Some(image)) = DiskImage::open(path) else { return false };
    let (disk, mut block) = (image.disk(), vec![0; 512 << 10]);
    let Ok(blocks) = disk.data_blocks() else { return false };
    let mut read = |index: &u32| disk.read_exact_at(&mut block, u64::from(*index) << 19).is_ok();
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
    // The header with its extensions, and tables behind it.
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
