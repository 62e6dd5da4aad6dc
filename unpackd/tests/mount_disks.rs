//! Disk images in a mount: other tools read the whole disk and its partitions.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::Bench;
use imagefs::MountOptions;
use testkit::image::{MountedImage, run};

const OPTIONS: MountOptions = MountOptions {
    image: None,
    views: false,
    allow_other: false,
    memory_len_max: 64 << 20,
    cache_len_max: 1 << 30,
};

/// A mount; unmounted on drop.
struct Look(PathBuf, Option<imagefs::ImageMount>);

impl Look {
    fn at(bench: &Bench, options: &MountOptions) -> Self {
        let at = bench.path("images");
        std::fs::create_dir_all(&at).unwrap();
        let mounted = bench.mount(&at, options);
        Self(at, Some(mounted))
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if let Some(mounted) = self.1.take() {
            mounted.end().unwrap();
        }
    }
}

/// Makes a disk of 64 MiB plus 7 sectors, partitioned by an sfdisk script. The partition that begins at sector `first`
/// holds a tree as ext4.
fn disk(bench: &Bench, name: &str, script: &str, first: u64, sectors: u64) -> PathBuf {
    let (path, tree, part) = (bench.path(name), bench.path("tree"), bench.path("part"));
    let file = File::create(&path).unwrap();
    file.set_len((64 << 20) + 7 * 512).unwrap();
    let mut child =
        Command::new("sfdisk").arg("-q").arg(&path).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    if !tree.exists() {
        std::fs::create_dir_all(tree.join("d")).unwrap();
        std::fs::write(tree.join("d/noise"), testkit::hostile::noise(3 << 20, 5)).unwrap();
        std::fs::write(tree.join("text"), "text").unwrap();
    }
    File::create(&part).unwrap().set_len(sectors * 512).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F", "-d"]).args([&tree, &part]));
    file.write_all_at(&std::fs::read(&part).unwrap(), first * 512).unwrap();
    path
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const GPT: &str = "label: gpt\nlabel-id: 11111111-2222-3333-4444-555555555555\n\
                   1: start=2048, size=2048, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B\n\
                   3: start=4099, size=102400\n14: start=106800, size=1\n";
const MBR: &str = "label: dos\n1: start=2048, size=100\n2: start=4096, size=120000, type=5\n\
                   5: start=6144, size=102400\n";

#[test]
fn privileged_a_disk_image_is_its_disk_and_its_partitions() {
    if !testkit::is_privileged("privileged_a_disk_image_is_its_disk_and_its_partitions") {
        return;
    }
    let bench = Bench::new();
    // A partition may begin within a block of the block map.
    let gpt = disk(&bench, "gpt", GPT, 4099, 102_400);
    let mbr = disk(&bench, "mbr", MBR, 6144, 102_400);
    bench.add_disk(&gpt, "disks/gpt/1");
    bench.add_disk(&mbr, "disks/mbr/1");
    let look = Look::at(&bench, &OPTIONS);
    for (disk, shown, files, ext4, first) in [
        (
            &gpt,
            "disks/gpt/1",
            &["partition-1.raw", "partition-14.raw", "partition-3.raw"][..],
            3,
            4099,
        ),
        (&mbr, "disks/mbr/1", &["partition-1.raw", "partition-5.raw"][..], 5, 6144),
    ] {
        let root = look.0.join(shown);
        assert_eq!(names(&root), [&["disk.raw"], files].concat());
        let whole = root.join("disk.raw");
        run(Command::new("cmp").args([disk, &whole]));
        run(Command::new("qemu-img")
            .args(["compare", "-f", "raw", "-F", "raw"])
            .args([disk, &whole]));
        let partition = root.join(format!("partition-{ext4}.raw"));
        assert_eq!(std::fs::metadata(&partition).unwrap().len(), 102_400 * 512);
        let mut wanted = vec![0; 102_400 * 512];
        File::open(disk).unwrap().read_exact_at(&mut wanted, first * 512).unwrap();
        assert!(std::fs::read(&partition).unwrap() == wanted, "{shown}: another partition");
        // sfdisk must print the same table for both.
        let told = |path: &Path| {
            let told = run(Command::new("sfdisk").arg("--dump").arg(path));
            told.replace(path.to_str().unwrap(), "DISK")
        };
        assert_eq!(told(disk), told(&whole));
        // The kernel must be able to mount the partition.
        run(Command::new("e2fsck").arg("-fn").arg(&partition));
        let at = bench.path("mnt");
        let mounted = MountedImage::open(&partition, 0, &at);
        run(Command::new("diff")
            .args(["-r", "-x", "lost+found"])
            .args([&bench.path("tree"), mounted.path()]));
    }
}

#[test]
fn privileged_a_disk_in_a_mount_is_sparse_private_and_does_not_change() {
    if !testkit::is_privileged("privileged_a_disk_in_a_mount_is_sparse_private_and_does_not_change")
    {
        return;
    }
    let bench = Bench::new();
    let gpt = disk(&bench, "gpt", GPT, 4099, 102_400);
    bench.add_disk(&gpt, "disks/gpt/1");
    let changed = File::options().write(true).open(&gpt).unwrap();
    changed.write_all_at(b"changed", 2048 * 512 + 9).unwrap();
    bench.add_disk(&gpt, "disks/gpt/2");
    let look = Look::at(&bench, &MountOptions { views: true, ..OPTIONS });
    let root = look.0.join("disks/gpt/2");
    let whole = root.join("disk.raw");
    let stat = std::fs::metadata(&whole).unwrap();
    assert_eq!((stat.mode() & 0o7777, stat.len()), (0o400, (64 << 20) + 7 * 512));
    assert_eq!((stat.mtime(), stat.mtime_nsec()), (1_700_000_000, 123_000_000));
    assert!(stat.blocks() * 512 < 20 << 20, "{} blocks", stat.blocks());
    let size = rustix::fs::statvfs(&root).unwrap();
    assert!(size.f_blocks * 4096 < 20 << 20, "a disk is counted once");
    // `cp --sparse` must find the holes.
    let copy = bench.path("copy");
    run(Command::new("cp").arg("--sparse=auto").args([&whole, &copy]));
    run(Command::new("cmp").args([&copy, &gpt]));
    let copied = std::fs::metadata(&copy).unwrap().blocks();
    assert!(copied > 0 && copied <= stat.blocks(), "{copied} blocks of {}", stat.blocks());
    let file = File::open(&whole).unwrap();
    let hole = rustix::fs::seek(&file, rustix::fs::SeekFrom::Hole(0)).unwrap();
    assert!(hole > 0 && hole < 64 << 20 && hole.is_multiple_of(512 << 10), "{hole}");
    let error = File::options().write(true).open(&whole).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ReadOnlyFilesystem);
    // Differences between two revisions show as changed partitions.
    let diff = look.0.join(".diff/disks/gpt/1..2");
    assert_eq!(names(&diff.join("changed")), ["disk.raw", "partition-1.raw"]);
    assert_eq!(names(&diff.join("added")), [] as [&str; 0]);
    run(Command::new("cmp").args([&diff.join("changed/disk.raw"), &whole]));
    let missing = rustix::fs::lgetxattr(&whole, "user.imprint.digest", &mut [0u8; 200][..]);
    assert_eq!(missing, Err(rustix::io::Errno::NODATA));
    drop((file, look));
    // A mount of one disk image shows it as the root.
    let options = MountOptions { image: Some("disks/gpt/1".parse().unwrap()), ..OPTIONS };
    let look = Look::at(&bench, &options);
    assert_eq!(names(&look.0).len(), 4);
}
