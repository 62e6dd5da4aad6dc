//! The memory of the mount's process stays within `--memory`, for any number of readers and images.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::Bench;
use testkit::random::Random;

/// Count of images. Each manifest has 2 MB, from symlinks with targets of 4000 bytes; all manifests together exceed the
/// limit.
const IMAGES: u64 = 24;
const LINKS: u64 = 500;
const MEMORY_MIB: u64 = 32;

const READERS: u64 = 8;
const LOOKS: u64 = 60;

/// A mount by the `unpackd` binary; unmounted on drop.
struct Mount {
    at: PathBuf,
    child: Child,
}

impl Mount {
    fn start(bench: &Bench) -> Self {
        let at = bench.path("mnt");
        std::fs::create_dir(&at).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_unpackd"))
            .arg("mount")
            .arg(&at)
            .arg("--store")
            .arg(bench.path("store"))
            .args(["--foreground", "--memory", &format!("{MEMORY_MIB}MiB")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let mount = Self { at, child };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(line.starts_with("mounted"), "{line}");
        mount
    }

    /// Returns the anonymous memory in KiB. It excludes the program's pages, which processes share.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        rustix::mount::unmount(&self.at, rustix::mount::UnmountFlags::DETACH).ok();
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn target(number: u64) -> String {
    format!("{number:0>4000}")
}

/// Reads random symlinks of random images, in an order that depends on the seed.
fn look(at: &Path, seed: u64) {
    let mut random = Random::new(seed);
    for _ in 0..LOOKS {
        let (image, link) = (random.below(IMAGES), random.below(LINKS));
        let found = std::fs::read_link(at.join(format!("many/images/{image}/{link}"))).unwrap();
        assert!(found == Path::new(&target(link)), "another target");
    }
}

#[test]
fn privileged_many_readers_of_many_manifests_stay_within_the_memory() {
    if !testkit::is_privileged("privileged_many_readers_of_many_manifests_stay_within_the_memory") {
        return;
    }
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    for number in 0..LINKS {
        std::os::unix::fs::symlink(target(number), tree.join(number.to_string())).unwrap();
    }
    for number in 0..IMAGES {
        std::fs::write(tree.join("own"), number.to_string()).unwrap();
        bench.add(&tree, &format!("many/images/{number}"));
    }
    let mount = Mount::start(&bench);
    let mut most = 0;
    std::thread::scope(|scope| {
        let at = &mount.at;
        let readers: Vec<_> =
            (0..READERS).map(|seed| scope.spawn(move || look(at, seed))).collect();
        while readers.iter().any(|reader| !reader.is_finished()) {
            most = most.max(mount.memory());
            std::thread::park_timeout(Duration::from_millis(2));
        }
    });
    assert!(most <= MEMORY_MIB << 10, "{most} KiB of {MEMORY_MIB} MiB");
    // Checks that the test reads enough to need memory.
    assert!(most > 2 << 10, "{most} KiB");
}
