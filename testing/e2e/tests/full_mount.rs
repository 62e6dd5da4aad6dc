//! Many readers of many images for ten minutes: `make full`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use e2e::{program, rootfs, text};
use store::Store;
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use testkit::random::Random;
use wire::digest::Algorithm;
use wire::proto::ImageRecord;

const IMAGES: u64 = 1000;
const READERS: u64 = 8;
const MINUTES: u64 = 10;
/// Limit of the mount's memory in KiB.
const MEMORY_MAX: u64 = 128 << 10;

/// Makes images of a part of a Debian. The images differ only in the content of one file.
fn make_images(scratch: &Path) -> PathBuf {
    let tree = scratch.join("tree");
    std::fs::create_dir_all(tree.join("usr/share")).unwrap();
    for part in ["etc", "usr/bin", "usr/share/perl5"] {
        let to = tree.join(part);
        let from = rootfs::debian().join(part);
        testkit::image::run(Command::new("cp").arg("-a").args([&from, &to]));
    }
    let store = Store::open_or_create(&scratch.join("store"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    for number in 1..=IMAGES {
        std::fs::write(tree.join("number"), number.to_string().repeat(1000)).unwrap();
        let batch = store.begin().unwrap();
        let (progress, exclude) = (Progress::default(), Exclude::default());
        let options =
            Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
        let found = ingest_directory(&tree, &options, &BatchSink::new(&batch)).unwrap();
        batch.commit().unwrap();
        let name = format!("many/images/{number}");
        let manifest = found.digest.to_string();
        let record = ImageRecord { name: name.clone(), manifest, ..ImageRecord::default() };
        store.put_image(&name.parse().unwrap(), &record).unwrap();
    }
    tree
}

fn files_of(tree: &Path) -> Vec<PathBuf> {
    let found = testkit::image::run(
        Command::new("find").arg(tree).args(["-type", "f", "-printf", "%P\\n"]),
    );
    found.lines().map(PathBuf::from).filter(|path| path != Path::new("number")).collect()
}

/// Returns a process's resident memory in KiB.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Reads and compares files and lists of random images until `end`.
fn read(at: &Path, tree: &Path, files: &[PathBuf], seed: u64, end: Instant, count: &AtomicU64) {
    let mut random = Random::new(seed);
    while Instant::now() < end {
        let number = random.below(IMAGES) + 1;
        let image = at.join(format!("many/images/{number}"));
        let own = std::fs::read_to_string(image.join("number")).unwrap();
        assert_eq!(own, number.to_string().repeat(1000));
        assert_eq!(std::fs::read_dir(image.join("etc")).unwrap().count(), {
            std::fs::read_dir(tree.join("etc")).unwrap().count()
        });
        for _ in 0..20 {
            let file = &files[random.below(files.len() as u64) as usize];
            let (found, right) = (std::fs::read(image.join(file)), std::fs::read(tree.join(file)));
            assert!(found.unwrap() == right.unwrap(), "{number}: {}", file.display());
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct Mount {
    at: PathBuf,
    child: Child,
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        rustix::mount::unmount(&self.at, rustix::mount::UnmountFlags::DETACH).ok();
    }
}

#[test]
#[ignore = "ten minutes: make full"]
fn full_eight_readers_over_a_thousand_images() {
    let scratch = testkit::scratch();
    let tree = make_images(scratch.path());
    let files = files_of(&tree);
    let (at, log) = (scratch.path().join("mnt"), scratch.path().join("mount.log"));
    std::fs::create_dir(&at).unwrap();
    let memory_max = format!("{MEMORY_MAX}KiB");
    let child = Command::new(program("unpackd"))
        .args(["mount", text(&at), "--store", text(&scratch.path().join("store"))])
        .args(["--foreground", "--memory", &memory_max])
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut mount = Mount { at: at.clone(), child };
    let mut line = String::new();
    BufReader::new(mount.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("mounted"), "{line}");

    let began = Instant::now();
    let end = began + Duration::from_secs(MINUTES * 60);
    let count = AtomicU64::new(0);
    let mut samples = Vec::new();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|seed| {
                scope.spawn({
                    let (at, tree, files, count) = (&at, &tree, &files, &count);
                    move || read(at, tree, files, seed, end, count)
                })
            })
            .collect();
        while readers.iter().any(|reader| !reader.is_finished()) {
            std::thread::park_timeout(Duration::from_secs(5));
            samples.push((began.elapsed().as_secs(), memory(&mount.child)));
        }
    });
    let most = samples.iter().map(|(_, kib)| *kib).max().unwrap();
    let mean = |from: u64, to: u64| {
        let within = samples.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, kib)| *kib);
        let within: Vec<u64> = within.collect();
        within.iter().sum::<u64>() / within.len() as u64
    };
    let (middle, last) = (mean(120, 300), mean(420, 600));
    eprintln!(
        "{} files read; memory at most {most} KiB, {middle} KiB in minutes 3 to 5, {last} in 8 to 10",
        count.load(Ordering::Relaxed)
    );
    assert!(most <= MEMORY_MAX, "{most} KiB of {MEMORY_MAX}");
    assert!(last <= middle + middle / 20, "it grows from {middle} to {last} KiB");
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(!said.contains("ERROR"), "{said}");
}
