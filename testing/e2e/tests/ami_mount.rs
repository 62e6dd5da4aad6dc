//! Mounting a published snapshot: the files show the same bytes as the disk, and only the needed blocks are read.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, soon};
use e2e::text;
use testkit::image::{MountedImage, run};

const HERE: &str = "dev/us-east-1";
const FIRST: u64 = 4099;
const SECTORS: u64 = 102_400;

/// Makes a disk of 64 MiB with one ext4 partition, which begins within a block. Returns the disk, and the tree that the
/// partition holds.
fn disk(release: &Release) -> (PathBuf, PathBuf) {
    let at = |name: &str| release.rig.path(name);
    let (path, tree, part) = (at("disk.raw"), at("tree"), at("part"));
    File::create(&path).unwrap().set_len(64 << 20).unwrap();
    let script = format!("label: gpt\n3: start={FIRST}, size={SECTORS}\n");
    let mut sfdisk = Command::new("sfdisk");
    let mut child = sfdisk.arg("-q").arg(&path).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    std::fs::create_dir_all(tree.join("d")).unwrap();
    std::fs::write(tree.join("d/noise"), testkit::hostile::noise(36 << 20, 5)).unwrap();
    std::fs::write(tree.join("text"), "text").unwrap();
    File::create(&part).unwrap().set_len(SECTORS * 512).unwrap();
    run(Command::new("mkfs.ext4").args(["-q", "-F", "-d"]).args([&tree, &part]));
    let file = File::options().write(true).open(&path).unwrap();
    file.write_all_at(&std::fs::read(&part).unwrap(), FIRST * 512).unwrap();
    (path, tree)
}

/// A running `amis mount`, ended on drop.
struct Look {
    child: Child,
    at: PathBuf,
    _said: BufReader<ChildStdout>,
}

impl Look {
    fn start(release: &Release, id: &str) -> Self {
        let at = release.rig.path("mnt");
        std::fs::create_dir_all(&at).unwrap();
        let log = File::create(release.rig.path("mount.log")).unwrap();
        let mut command = release.command();
        command.args(["amis", "mount", id, text(&at), "--target", HERE]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let log = std::fs::read_to_string(release.rig.path("mount.log")).unwrap();
        assert!(line.starts_with("mounted at "), "{line}{log}");
        Self { child, at, _said: said }
    }

    /// Ends the mount by SIGTERM; returns its exit code.
    fn end(mut self) -> Option<i32> {
        run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]));
        self.child.wait().unwrap().code()
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.child.kill().ok();
            self.child.wait().ok();
            Command::new("umount").arg("-l").arg(&self.at).status().ok();
        }
    }
}

fn gets(release: &Release) -> u64 {
    let name = format!("{}/us-east-1/GetSnapshotBlock", ACCOUNTS[0]);
    release.sim.faults().counts().get(&name).copied().unwrap_or(0)
}

fn begin_of(path: &Path, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    File::open(path).unwrap().read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

#[test]
fn privileged_a_published_snapshot_is_looked_into() {
    if !testkit::is_privileged("privileged_a_published_snapshot_is_looked_into") {
        return;
    }
    let release = Release::start(soon(false));
    let (disk, tree) = disk(&release);
    release.json(&["image", "add", "disk/look/1", text(&disk), "--arch", "x86_64"]);
    let published = release.publish("disk/look/1", &[HERE], &["--no-boot", "--unencrypted"]);
    let result = &published["results"][0];
    let put = result["BlocksPut"].as_u64().unwrap();
    let before = gets(&release);
    let look = Look::start(&release, result["AmiId"].as_str().unwrap());
    // Reading one file fetches the blocks that it needs, not the rest.
    let partition = look.at.join("partition-3.raw");
    let root = MountedImage::open(&partition, 0, &release.rig.path("root"));
    assert_eq!(std::fs::read_to_string(root.path().join("text")).unwrap(), "text");
    let read = gets(&release) - before;
    assert!((1..put / 2).contains(&read), "{read} of {put} blocks");
    let mut rsync = Command::new("rsync");
    rsync.args(["-naHAXc", "--delete", "--itemize-changes", "--exclude=lost+found"]);
    rsync.arg(format!("{}/", tree.display())).arg(format!("{}/", root.path().display()));
    let output = rsync.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    drop(root);
    let whole = look.at.join("disk.raw");
    let source = std::fs::read(&disk).unwrap();
    assert!(begin_of(&whole, source.len()) == source, "another disk");
    assert_eq!(std::fs::metadata(&whole).unwrap().len(), 1 << 30);
    assert!(std::fs::write(&whole, b"x").is_err());
    assert_eq!(look.end(), Some(0));
    // Mounts a snapshot by its id. Reading an unreadable block fails, and the log has the reason. The next read asks
    // AWS again.
    let look = Look::start(&release, result["SnapshotId"].as_str().unwrap());
    let call = Some("GetSnapshotBlock".to_owned());
    let code = Some("AccessDeniedException".to_owned());
    release.sim.faults().add(Fault { call, code, status: Some(403), ..Fault::default() });
    let whole = look.at.join("disk.raw");
    let mut bytes = [0; 4096];
    let block = 512 << 10;
    let has_data = |index: &usize| source[index * block..][..block].iter().any(|byte| *byte != 0);
    let index = (40..).find(has_data).unwrap();
    let at = (index * block) as u64;
    File::open(&whole).unwrap().read_exact_at(&mut bytes, at).unwrap_err();
    let log = std::fs::read_to_string(release.rig.path("mount.log")).unwrap();
    assert!(log.contains(&format!("block {index}: ")) && log.contains("AccessDenied"), "{log}");
    release.sim.faults().clear();
    File::open(&whole).unwrap().read_exact_at(&mut bytes, at).unwrap();
    assert!(bytes == source[at as usize..][..4096]);
    // Block tokens expire after a week; the mount continues.
    release.sim.clock().advance_ms(8 * 24 * 3_600_000);
    let lists = || {
        let name = format!("{}/us-east-1/ListSnapshotBlocks", ACCOUNTS[0]);
        release.sim.faults().counts()[&name]
    };
    let before = lists();
    let index = (index + 12..).find(has_data).unwrap();
    let at = (index * block) as u64;
    File::open(&whole).unwrap().read_exact_at(&mut bytes, at).unwrap();
    assert!(bytes == source[at as usize..][..4096]);
    assert_eq!(lists(), before + 1);
    assert_eq!(look.end(), Some(0));
    let (code, _, said) = release.run(&[
        "amis",
        "mount",
        "snap-0123",
        text(&release.rig.path("mnt")),
        "--target",
        HERE,
    ]);
    assert!(code == 3 && said.contains("snap-0123"), "{said}");
}
