//! Publishers killed before and after every changing call, and at random moments. Resuming the run elsewhere gives the
//! same result as an undisturbed run and makes nothing twice; undoing it leaves nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, small_tree, soon};
use serde_json::Value;

const TARGET: &str = "dev/us-east-1";

/// Options that make publishing fast: an unencrypted snapshot needs no blocks of zeros.
const PLAIN: &[&str] = &["--no-boot", "--unencrypted"];

/// A publisher process, killed by SIGKILL on drop.
struct Publisher(Child);

impl Publisher {
    fn start(release: &Release, leaf: &str) -> Self {
        // Takes over the lease that a killed publisher still holds.
        let more = ["--no-boot", "--unencrypted", "--steal"];
        let arguments = release.arguments(&format!("small/tree/{leaf}"), &[TARGET], &more);
        let mut command = release.command();
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn count(release: &Release, call: &str) -> u64 {
    let name = format!("{}/us-east-1/{call}", ACCOUNTS[0]);
    release.sim.faults().counts().get(&name).copied().unwrap_or(0)
}

/// Starts a release with a published first revision, and a second one in the store.
fn prepared() -> Release {
    let release = Release::start(soon(false));
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", tree.to_str().unwrap()]);
    release.rig.add_volume("small/tree", "1GiB");
    release.publish("small/tree/1", &[TARGET], PLAIN);
    std::fs::write(tree.join("file-7"), testkit::hostile::noise(2_000_000, 99)).unwrap();
    release.rig.json(&["image", "add", "small/tree/2", tree.to_str().unwrap()]);
    release
}

/// Returns the published disk, and the number of AMIs and snapshots.
fn published(release: &Release, result: &Value) -> (Vec<u8>, usize) {
    let disk = release.sim.disk(result["SnapshotId"].as_str().unwrap()).unwrap();
    (disk, release.left().len())
}

/// Resumes the last run as another user on another machine would, checks the result, and undoes the run.
fn resumed_and_undone(release: &Release, expected: &(Vec<u8>, usize), before: &[String], at: &str) {
    let runs = release.json(&["runs", "list", "small/tree"]);
    let run = &runs["runs"][0];
    if run["image"] != "small/tree/2" || run["status"] == "undone" {
        // Killed before the run existed, so nothing was made.
        assert_eq!(release.left(), before, "{at}");
        return;
    }
    let id = run["id"].as_str().unwrap();
    let elsewhere = release.rig.path("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    let config = release.rig.path(".config/imprint/config.toml");
    let work = release.rig.path(".");
    let deadline = Instant::now() + Duration::from_secs(120);
    let document = loop {
        let mut command = release.command();
        command.env("HOME", &elsewhere).env("USER", "other").arg("--config").arg(&config);
        command.args([
            "--json",
            "runs",
            "resume",
            id,
            "--steal",
            "--work-dir",
            work.to_str().unwrap(),
        ]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            break serde_json::from_slice::<Value>(&output.stdout).unwrap();
        }
        assert!(Instant::now() < deadline, "{at}: {said}");
        std::thread::park_timeout(Duration::from_millis(500));
    };
    let result = &document["results"][0];
    assert_eq!(result["Step"], "done", "{at}: {document}");
    assert!(published(release, result) == *expected, "{at}: {document}");
    release.json(&["runs", "undo", id, "--yes", "--steal"]);
    assert_eq!(release.left(), before, "{at}");
}

#[test]
fn privileged_killed_at_every_step() {
    if !testkit::is_privileged("privileged_killed_at_every_step") {
        return;
    }
    let release = prepared();
    let before = release.left();
    let done = release.publish("small/tree/2", &[TARGET], PLAIN);
    let expected = published(&release, &done["results"][0]);
    release.json(&["runs", "undo", done["run"].as_str().unwrap(), "--yes"]);
    assert_eq!(release.left(), before);
    for call in [
        "StartSnapshot",
        "PutSnapshotBlock",
        "CompleteSnapshot",
        "DescribeSnapshots",
        "ListSnapshotBlocks",
        "DescribeImages",
        "RegisterImage",
    ] {
        for is_done in [false, true] {
            let at = format!("{call}, {}", if is_done { "done" } else { "not done" });
            // If the work is not done yet, the simulator does it only while the resumed run continues.
            let (delay_ms, hold_ms) = if is_done { (0, 5000) } else { (1000, 0) };
            // The first DescribeSnapshots comes before the run exists.
            let skip = u64::from(call == "DescribeSnapshots");
            let named = Some(call.to_owned());
            let fault = Fault { call: named, delay_ms, hold_ms, skip, ..Fault::default() };
            release.sim.faults().add(fault);
            let calls = count(&release, call);
            let publisher = Publisher::start(&release, "2");
            let deadline = Instant::now() + Duration::from_secs(60);
            while count(&release, call) <= calls + skip {
                assert!(Instant::now() < deadline, "{at} was never called");
                std::thread::park_timeout(Duration::from_millis(5));
            }
            // By then the simulator has done the call's work, or delays it.
            std::thread::park_timeout(Duration::from_millis(150));
            drop(publisher);
            release.sim.faults().clear();
            resumed_and_undone(&release, &expected, &before, &at);
        }
    }
}

fn killed_at_any_moment(moments: u64) {
    let release = prepared();
    let before = release.left();
    let started = Instant::now();
    let done = release.publish("small/tree/2", &[TARGET], PLAIN);
    let took = started.elapsed();
    let expected = published(&release, &done["results"][0]);
    release.json(&["runs", "undo", done["run"].as_str().unwrap(), "--yes"]);
    for moment in 0..moments {
        // Spreads the moments over the whole run, in mixed order.
        let part = f64::from(u32::try_from(moment * 7919 % 1000).unwrap()) / 1000.0;
        let publisher = Publisher::start(&release, "2");
        std::thread::park_timeout(took.mul_f64(part));
        drop(publisher);
        resumed_and_undone(&release, &expected, &before, &format!("after {part} of the time"));
    }
}

#[test]
fn privileged_killed_at_some_moments() {
    if testkit::is_privileged("privileged_killed_at_some_moments") {
        killed_at_any_moment(5);
    }
}

#[test]
#[ignore = "make full"]
fn full_killed_at_many_moments() {
    if testkit::is_privileged("full_killed_at_many_moments") {
        killed_at_any_moment(40);
    }
}
