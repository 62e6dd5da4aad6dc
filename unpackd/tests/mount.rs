//! Images as a filesystem: exact, read-only, consistent with the store, and updated as images come and go.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use common::Bench;
use imagefs::ImageMount;
use imagefs::MountOptions;
use rustix::io::Errno;
use store::Store;
use testkit::walk;
use wire::digest::Algorithm;

const OPTIONS: MountOptions = MountOptions {
    image: None,
    views: false,
    allow_other: false,
    memory_len_max: 64 << 20,
    cache_len_max: 1 << 30,
};

/// A mount of a bench's store; unmounted on drop.
struct Look {
    at: PathBuf,
    mounted: Option<ImageMount>,
}

impl Look {
    fn at(bench: &Bench, image: Option<&str>) -> Self {
        let image = image.map(|name| name.parse().unwrap());
        Self::with(bench, &MountOptions { image, ..OPTIONS })
    }

    fn with(bench: &Bench, options: &MountOptions) -> Self {
        let at = bench.path("mnt");
        std::fs::create_dir_all(&at).unwrap();
        let mounted = bench.mount(&at, options);
        Self { at, mounted: Some(mounted) }
    }

    fn decoded(&self) -> u64 {
        self.mounted.as_ref().unwrap().view().decoded()
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            mounted.end().unwrap();
        }
    }
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(2);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within two seconds: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

fn assert_same(left: &Path, right: &Path) {
    let (left, right) = (walk::snapshot(left).unwrap(), walk::snapshot(right).unwrap());
    let differences = walk::differences(&left, &right);
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn privileged_a_mounted_image_is_its_source() {
    if !testkit::is_privileged("privileged_a_mounted_image_is_its_source") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    testkit::hostile::build(&tree).unwrap();
    bench.add(&tree, "odd/tree/1");
    testkit::hostile::mutate(&tree).unwrap();
    bench.add(&tree, "odd/tree/2");
    let look = Look::at(&bench, None);
    assert_same(&tree, &look.at.join("odd/tree/2"));
    // The second walk is answered from the kernel's caches.
    assert_same(&tree, &look.at.join("odd/tree/2"));
    // An image made from the mount has the same manifest.
    bench.add(&look.at.join("odd/tree/2"), "odd/again/2");
    let store = bench.store();
    let manifest = |name: &str| store.image(&name.parse().unwrap()).unwrap().manifest;
    assert_eq!(manifest("odd/again/2"), manifest("odd/tree/2"));
    drop(look);
    let look = Look::at(&bench, Some("odd/tree/2"));
    assert_same(&tree, &look.at);
}

#[test]
fn privileged_links_times_holes_and_sizes_are_shown() {
    if !testkit::is_privileged("privileged_links_times_holes_and_sizes_are_shown") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir_all(tree.join("d/e")).unwrap();
    std::fs::write(tree.join("file"), b"text").unwrap();
    std::fs::hard_link(tree.join("file"), tree.join("d/again")).unwrap();
    let sparse = File::create(tree.join("sparse")).unwrap();
    sparse.write_all_at(b"middle", 1 << 20).unwrap();
    sparse.set_len(3 << 20).unwrap();
    bench.add(&tree, "s/t/1");
    let look = Look::at(&bench, None);
    let root = look.at.join("s/t/1");
    let stat = |name: &str| std::fs::metadata(root.join(name)).unwrap();
    assert_eq!(stat("file").ino(), stat("d/again").ino());
    assert_eq!((stat("file").nlink(), stat("d").nlink(), stat("").nlink()), (2, 3, 3));
    assert_eq!((stat("sparse").size(), stat("sparse").blocks()), (3 << 20, 8));
    let shown = File::open(root.join("sparse")).unwrap();
    let seek = |from| rustix::fs::seek(&shown, from);
    assert_eq!(seek(rustix::fs::SeekFrom::Data(0)), Ok(1 << 20));
    assert_eq!(seek(rustix::fs::SeekFrom::Hole(1 << 20)), Ok((1 << 20) + 4096));
    assert_eq!(seek(rustix::fs::SeekFrom::Data(2 << 20)), Err(Errno::NXIO));
    let xattr = |path: &Path, name: &str| {
        let mut value = [0; 200];
        let len = rustix::fs::lgetxattr(path, name, &mut value[..]).unwrap();
        String::from_utf8(value[..len].to_vec()).unwrap()
    };
    let digest = Algorithm::Sha256.digest(b"text").to_string();
    assert_eq!(xattr(&root.join("file"), "user.imprint.digest"), digest);
    assert_eq!(xattr(&root, "user.imprint.image"), "s/t/1");
    let manifest = bench.store().image(&"s/t/1".parse().unwrap()).unwrap().manifest;
    assert_eq!(xattr(&root, "user.imprint.manifest"), manifest);
    // `user.imprint.*` attributes are not listed: a copy with all attributes must not get them.
    assert_eq!(rustix::fs::llistxattr(root.join("file"), &mut [0u8; 64][..]).unwrap(), 0);
    let size = rustix::fs::statvfs(&root).unwrap();
    assert_eq!((size.f_files, size.f_ffree, size.f_bfree), (5, 0, 0));
    assert_eq!(size.f_blocks, 5, "three directories, a page of text and one of a sparse file");
}

/// Runs `what` in a thread of another user; `folder` is made accessible to that user.
fn as_another<T: Send>(folder: &Path, what: impl FnOnce() -> T + Send) -> T {
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder, permissions).unwrap();
    let other = rustix::fs::Uid::from_raw(65534);
    let work = || {
        rustix::thread::set_thread_res_uid(other, other, other).unwrap();
        what()
    };
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

#[test]
fn privileged_trusted_attributes_are_roots_alone() {
    if !testkit::is_privileged("privileged_trusted_attributes_are_roots_alone") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("file"), b"text").unwrap();
    for name in ["trusted.first", "user.plain", "trusted.second"] {
        let flags = rustix::fs::XattrFlags::empty();
        rustix::fs::setxattr(tree.join("file"), name, name.as_bytes(), flags).unwrap();
    }
    bench.add(&tree, "s/t/1");
    let look = Look::with(&bench, &MountOptions { allow_other: true, ..OPTIONS });
    let file = look.at.join("s/t/1/file");
    let listed = || {
        let mut names = [0; 200];
        let len = rustix::fs::llistxattr(&file, &mut names[..]).unwrap();
        let names = String::from_utf8(names[..len].to_vec()).unwrap();
        names.split_terminator('\0').map(str::to_owned).collect::<Vec<_>>()
    };
    let value = |name: &str| {
        let mut value = [0; 200];
        let len = rustix::fs::lgetxattr(&file, name, &mut value[..])?;
        Ok(String::from_utf8(value[..len].to_vec()).unwrap())
    };
    let all = ["trusted.first", "trusted.second", "user.plain"];
    // Two rounds: answers that the kernel cached for root must not reach another user.
    for _ in 0..2 {
        assert_eq!(listed(), all);
        for name in all {
            assert_eq!(value(name), Ok(name.to_owned()));
        }
        as_another(bench.path("mnt").parent().unwrap(), || {
            assert_eq!(std::fs::read(&file).unwrap(), b"text");
            assert_eq!(listed(), ["user.plain"]);
            assert_eq!(value("trusted.first"), Err(Errno::NODATA));
            assert_eq!(value("user.plain"), Ok("user.plain".to_owned()));
        });
    }
}

#[test]
fn privileged_nobody_writes() {
    if !testkit::is_privileged("privileged_nobody_writes") {
        return;
    }
    use rustix::fs::{self, AtFlags, Mode, OFlags, Timespec, Timestamps};
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir_all(tree.join("d")).unwrap();
    std::fs::write(tree.join("file"), b"text").unwrap();
    let device = fs::makedev(1, 3);
    let mode = Mode::from(0o666);
    fs::mknodat(fs::CWD, tree.join("null"), fs::FileType::CharacterDevice, mode, device).unwrap();
    bench.add(&tree, "s/t/1");
    let look = Look::at(&bench, None);
    for root in [look.at.clone(), look.at.join("s"), look.at.join("s/t/1")] {
        let new = root.join("new");
        assert_eq!(fs::mkdir(&new, mode), Err(Errno::ROFS));
        assert_eq!(fs::symlink("a", &new), Err(Errno::ROFS));
        assert_eq!(fs::open(&new, OFlags::CREATE | OFlags::WRONLY, mode).err(), Some(Errno::ROFS));
        let fifo = fs::FileType::Fifo;
        assert_eq!(fs::mknodat(fs::CWD, &new, fifo, mode, 0), Err(Errno::ROFS));
        assert_eq!(fs::chmod(&root, mode), Err(Errno::ROFS));
        let flags = fs::XattrFlags::empty();
        assert_eq!(fs::setxattr(&root, "user.a", b"b", flags), Err(Errno::ROFS));
    }
    let root = look.at.join("s/t/1");
    let (file, other) = (root.join("file"), root.join("other"));
    for flags in [OFlags::WRONLY, OFlags::RDWR, OFlags::RDONLY | OFlags::TRUNC] {
        assert_eq!(fs::open(&file, flags, mode).err(), Some(Errno::ROFS));
    }
    assert_eq!(fs::unlink(&file), Err(Errno::ROFS));
    assert_eq!(fs::rmdir(root.join("d")), Err(Errno::ROFS));
    assert_eq!(fs::rename(&file, &other), Err(Errno::ROFS));
    assert_eq!(fs::link(&file, &other), Err(Errno::ROFS));
    assert_eq!(fs::removexattr(&file, "user.imprint.digest"), Err(Errno::ROFS));
    let owner = Some(fs::Uid::from_raw(1));
    assert_eq!(fs::chown(&file, owner, None), Err(Errno::ROFS));
    let now = Timespec { tv_sec: 0, tv_nsec: fs::UTIME_NOW };
    let times = Timestamps { last_access: now, last_modification: now };
    assert_eq!(fs::utimensat(fs::CWD, &file, &times, AtFlags::empty()), Err(Errno::ROFS));
    // A device node shows its number but cannot be opened.
    assert_eq!(std::fs::metadata(root.join("null")).unwrap().rdev(), device);
    assert_eq!(
        File::open(root.join("null")).err().unwrap().kind(),
        io::ErrorKind::PermissionDenied
    );
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    let line = mounts.lines().find(|line| line.contains(look.at.to_str().unwrap())).unwrap();
    assert!(line.contains("ro,nosuid,nodev,noexec"), "{line}");
}

#[test]
fn privileged_images_come_and_go() {
    if !testkit::is_privileged("privileged_images_come_and_go") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("file"), b"first").unwrap();
    bench.add(&tree, "s/t/1");
    let look = Look::at(&bench, None);
    let listed = |folder: &str| {
        let names = std::fs::read_dir(look.at.join(folder)).map(|entries| {
            let mut names: Vec<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        });
        names.unwrap_or_default()
    };
    assert_eq!((listed(""), listed("s/t")), (vec!["s".to_owned()], vec!["1".to_owned()]));
    assert!(!look.at.join("s/t/2").exists());
    std::fs::write(tree.join("file"), b"second").unwrap();
    bench.add(&tree, "s/t/2");
    eventually("the new image is listed", || listed("s/t") == ["1", "2"]);
    assert_eq!(std::fs::read(look.at.join("s/t/2/file")).unwrap(), b"second");
    let held = File::open(look.at.join("s/t/1/file")).unwrap();
    let store = Store::open(&bench.path("store")).unwrap();
    store.remove_image(&"s/t/1".parse().unwrap()).unwrap();
    eventually("the removed image is gone", || !look.at.join("s/t/1").exists());
    assert_eq!(listed("s/t"), ["2"]);
    // Files that are already open stay readable.
    let mut text = [0; 5];
    held.read_exact_at(&mut text, 0).unwrap();
    assert_eq!(&text, b"first");
}

#[test]
fn privileged_a_page_costs_two_frames_at_most_and_damage_is_an_error() {
    let name = "privileged_a_page_costs_two_frames_at_most_and_damage_is_an_error";
    if !testkit::is_privileged(name) {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    let long = testkit::hostile::noise(9 << 20, 7);
    std::fs::write(tree.join("long"), &long).unwrap();
    std::fs::write(tree.join("whole"), &long[..900_000]).unwrap();
    bench.add(&tree, "s/t/1");
    let look = Look::at(&bench, None);
    let root = look.at.join("s/t/1");
    for (name, len) in [("long", long.len()), ("whole", 900_000)] {
        let file = File::open(root.join(name)).unwrap();
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::Random).unwrap();
        let mut random = testkit::random::Random::new(3);
        for _ in 0..50 {
            let at = random.below((len - 4096) as u64);
            let (before, mut page) = (look.decoded(), [0; 4096]);
            file.read_exact_at(&mut page, at).unwrap();
            assert_eq!(page, long[at as usize..at as usize + 4096]);
            assert!(look.decoded() - before <= 2, "{name} at {at}");
        }
    }
    drop(look);
    // Flips one bit in the middle of each pack. The bit belongs to the content of `long`.
    for pack in std::fs::read_dir(bench.path("store/packs")).unwrap() {
        let file = File::options().read(true).write(true).open(pack.unwrap().path()).unwrap();
        let (middle, mut byte) = (file.metadata().unwrap().len() / 2, [0]);
        file.read_exact_at(&mut byte, middle).unwrap();
        file.write_all_at(&[byte[0] ^ 1], middle).unwrap();
    }
    let look = Look::at(&bench, None);
    let shown = File::open(look.at.join("s/t/1/long")).unwrap();
    let (mut wrong, mut right) = (0, 0);
    for at in (0..long.len()).step_by(4096) {
        let mut page = [0; 4096];
        match shown.read_exact_at(&mut page, at as u64) {
            Ok(()) => {
                assert_eq!(page, long[at..at + 4096]);
                right += 1;
            }
            Err(error) => {
                assert_eq!(error.raw_os_error(), Some(Errno::IO.raw_os_error()));
                wrong += 1;
            }
        }
    }
    assert!((1..=256).contains(&wrong), "{wrong} pages are errors");
    assert!(right > 1000, "{right} pages are right");
}

/// Differences between two trees as the independent walker finds them: added, removed and changed paths, each with
/// its parent directories.
fn expected_parts(old: &walk::Snapshot, new: &walk::Snapshot) -> [BTreeSet<Vec<u8>>; 3] {
    let mut parts = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    let mut insert = |part: usize, path: &[u8]| {
        let above = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        parts[part].extend(above.map(|(at, _)| path[..at].to_vec()));
        parts[part].insert(path.to_vec());
    };
    for (path, record) in new {
        match old.get(path) {
            None => insert(0, path),
            Some(before) => {
                let is_directory = record.mode & 0o170_000 == 0o040_000;
                let mut same_time = before.clone();
                if is_directory {
                    same_time.mtime = record.mtime;
                }
                if same_time != *record {
                    insert(2, path);
                }
            }
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        insert(1, path);
    }
    parts
}

#[test]
fn privileged_what_differs_is_shown_and_nothing_else() {
    if !testkit::is_privileged("privileged_what_differs_is_shown_and_nothing_else") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    testkit::hostile::build(&tree).unwrap();
    bench.add(&tree, "odd/tree/1");
    let old = walk::snapshot(&tree).unwrap();
    testkit::hostile::mutate(&tree).unwrap();
    bench.add(&tree, "odd/tree/2");
    bench.add(&tree, "odd/other/2");
    let new = walk::snapshot(&tree).unwrap();
    let expected = expected_parts(&old, &new);
    let look = Look::with(&bench, &MountOptions { views: true, ..OPTIONS });
    for pair in ["odd/tree/1..2", "odd/tree/1..odd/tree/2", "odd/tree/1..odd/other/2"] {
        let pair = look.at.join(".diff").join(pair);
        let sides = [("added", &new), ("removed", &old), ("changed", &new)];
        for ((side, source), expected) in sides.into_iter().zip(&expected) {
            let shown = walk::snapshot(&pair.join(side)).unwrap();
            let paths: BTreeSet<Vec<u8>> =
                shown.keys().filter(|path| !path.is_empty()).cloned().collect();
            let expected: BTreeSet<Vec<u8>> =
                expected.iter().filter(|path| !path.is_empty()).cloned().collect();
            assert_eq!(paths, expected, "{side}");
            for path in &paths {
                let (shown, source) = (&shown[path], &source[path]);
                let what = |record: &walk::Record| walk::Record {
                    link_leader: Vec::new(),
                    ..record.clone()
                };
                assert_eq!(what(shown), what(source), "{side}: {}", String::from_utf8_lossy(path));
            }
        }
    }
    // In the opposite direction, added paths are removed paths.
    let back = walk::snapshot(&look.at.join(".diff/odd/tree/2..1/removed")).unwrap();
    assert_eq!(back.len(), expected[0].iter().filter(|path| !path.is_empty()).count() + 1);
    // `find` skips subdirectories if a directory's link count is too small.
    let found = testkit::image::run(
        Command::new("find").arg(look.at.join(".diff")).args(["-type", "d", "-name", "added"]),
    );
    assert_eq!(found.lines().count(), 1);
    for nothing in [".diff/odd/tree/1..3", ".diff/odd/tree/1", ".diff/odd/1..2", ".by-digest/x"] {
        assert!(!look.at.join(nothing).exists(), "{nothing}");
    }
}

#[test]
fn privileged_files_are_found_by_digest_and_records_are_there() {
    if !testkit::is_privileged("privileged_files_are_found_by_digest_and_records_are_there") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    let content = testkit::hostile::noise(4096, 1);
    std::fs::write(tree.join("file"), &content).unwrap();
    // The same data followed by a hole has the same digest, but is a different file.
    std::fs::write(tree.join("dir-before"), &content).unwrap();
    File::options().write(true).open(tree.join("dir-before")).unwrap().set_len(1 << 20).unwrap();
    bench.add(&tree, "s/t/1");
    std::fs::write(tree.join(".imprint.json"), b"its own").unwrap();
    bench.add(&tree, "s/t/2");
    let look = Look::with(&bench, &MountOptions { views: true, ..OPTIONS });
    let sum = testkit::image::run(Command::new("sha256sum").arg(tree.join("file")));
    let digest = format!("sha256:{}", sum.split(' ').next().unwrap());
    let by_digest = look.at.join(".by-digest");
    assert_eq!(std::fs::read(by_digest.join(&digest)).unwrap(), content);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&by_digest), 0o700);
    assert_eq!(mode(&look.at.join("s/t/1/.imprint.json")), 0o400);
    assert!(!look.at.join(".diff/s/t/1..\u{e4}").exists());
    assert!(!by_digest.join(digest.replace('a', "b").replace('c', "d")).exists());
    let record = std::fs::read_to_string(look.at.join("s/t/1/.imprint.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!((&record["name"], &record["kind"]), (&"s/t/1".into(), &"".into()));
    assert_eq!(record["manifest"].as_str().unwrap().len(), 71);
    let names = |path: &str| -> Vec<_> {
        let entries = std::fs::read_dir(look.at.join(path)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    // .imprint.json can be opened but is not listed, so that a copy of the tree equals the image.
    assert_eq!(names("s/t/1"), ["dir-before", "file"]);
    assert_eq!(names(""), [".by-digest", ".diff", "s"]);
    // An image's own file of that name takes precedence.
    assert_eq!(std::fs::read(look.at.join("s/t/2/.imprint.json")).unwrap(), b"its own");
    assert_eq!(names("s/t/2"), [".imprint.json", "dir-before", "file"]);
    let refused = std::fs::write(look.at.join("s/t/1/.imprint.json"), b"x").unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(Errno::ROFS.raw_os_error()));
    // New images join the comparisons; removed images leave them.
    std::fs::write(tree.join("more"), b"more").unwrap();
    bench.add(&tree, "s/t/3");
    eventually("a new pair", || look.at.join(".diff/s/t/2..3/added/more").exists());
    eventually("a new pair is listed", || names(".diff/s/t").contains(&"2..3".into()));
    Store::open(&bench.path("store")).unwrap().remove_image(&"s/t/2".parse().unwrap()).unwrap();
    eventually("a pair that goes", || !look.at.join(".diff/s/t/2..3").exists());
    eventually("another pair", || names(".diff/s/t") == ["1..3"]);
}
