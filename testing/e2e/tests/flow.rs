//! How many blocks are put at once: through narrow links, with few open files, with slow answers.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::fs::FileExt;

use awssim::Config;
use awssim::config::{Account, Timing};
use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release};
use e2e::text;
use serde_json::Value;

const BLOCK_LEN: usize = 512 << 10;

/// An office's upload link of 17 Mbit/s, in bytes per second.
const OFFICE: f64 = 17e6 / 8.0;

/// Share of the link's bandwidth that a run must use.
const USED_MIN: f64 = 0.85;

/// Limit of the publisher's memory in KiB.
const MEMORY_KIB_MAX: u64 = 200 << 10;

/// Returns a configuration with two accounts, which have `regions` regions each, and with a link of the given
/// bandwidth.
fn config(regions: usize, bandwidth: Option<f64>, put_ms: u64) -> Config {
    let account =
        Account { encryption_by_default: false, not_opted_in: Vec::new(), ..Account::default() };
    let region = |number: usize| match number {
        0 => "us-east-1".to_owned(),
        number => format!("xx-test-{number}"),
    };
    Config {
        accounts: ACCOUNTS.map(|id| (id.to_owned(), account.clone())).into(),
        regions: (0..regions).map(region).collect(),
        timing: Timing {
            snapshot_ms: [100, 500],
            ami_ms: 100,
            visible_after_ms: 50,
            put_ms: [put_ms, put_ms],
            call_ms: [5, 20],
            readable_ms: [0, 500],
            ..Timing::default()
        },
        bandwidth,
        ..Config::default()
    }
}

/// Adds a disk image with `blocks` blocks of data.
fn add_disk(release: &Release, image: &str, blocks: u64) {
    let path = release.rig.path("disk.raw");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(1 << 30).unwrap();
    for number in 0..blocks {
        let noise = testkit::hostile::noise(BLOCK_LEN, number);
        file.write_all_at(&noise, number * BLOCK_LEN as u64).unwrap();
    }
    release.json(&["image", "add", image, text(&path), "--arch", "x86_64"]);
}

/// Publishes to targets, which must all succeed; returns the document and the peak memory in KiB.
fn publish(release: &Release, image: &str, targets: &[&str], more: &[&str]) -> (Value, u64) {
    let mut more = more.to_vec();
    more.extend(["--no-boot", "--unencrypted"]);
    let arguments = release.arguments(image, targets, &more);
    let mut command = release.command();
    command.arg("--json").args(arguments);
    let (code, document, memory) = release.watched(&mut command);
    assert_eq!(code, Some(0), "{document}");
    for result in document["results"].as_array().unwrap() {
        assert_eq!(result["Step"], "done", "{result}");
    }
    assert!(memory < MEMORY_KIB_MAX, "{memory} KiB");
    (document, memory)
}

/// Returns how long putting blocks took in the slowest target, in seconds.
fn putting_s(document: &Value) -> f64 {
    let results = document["results"].as_array().unwrap();
    let ms = results.iter().map(|result| result["PhaseMs"]["putting"].as_f64().unwrap());
    ms.fold(0.0, f64::max) / 1000.0
}

/// Puts 40 blocks to each target through the office's link; the run must use the link well.
fn through_an_office(targets: &[&str], regions: usize, slow: bool) {
    let release = Release::start(config(regions, Some(OFFICE), 80));
    add_disk(&release, "disk/office/1", 40);
    if slow {
        // Every twentieth put gets its answer late.
        let call = Some("PutSnapshotBlock".to_owned());
        release.sim.faults().add(Fault {
            call,
            every: Some(20),
            hold_ms: 20_000,
            ..Fault::default()
        });
    }
    let (document, memory) = publish(&release, "disk/office/1", targets, &[]);
    let count = document["results"].as_array().unwrap().len();
    let ideal = (count * 40 * BLOCK_LEN) as f64 / OFFICE;
    let took = putting_s(&document);
    eprintln!(
        "{count} targets: {took:.1} s where the link needs {ideal:.1} ({:.2}); at most {} puts at once, {} MiB",
        ideal / took,
        release.sim.puts_peak(),
        memory >> 10
    );
    // The last put may get its answer 20 s late.
    let late = if slow { 20.0 } else { 0.0 };
    assert!(took - late <= ideal / USED_MIN, "{took} s, and the link needs {ideal} s");
}

#[test]
fn an_office_publishes_to_one_target() {
    through_an_office(&["dev/us-east-1"], 1, false);
}

#[test]
#[ignore = "a minute: make full"]
fn full_an_office_publishes_to_four_targets() {
    through_an_office(&["*/*"], 2, false);
}

#[test]
#[ignore = "a minute: make full"]
fn full_an_office_publishes_to_four_targets_with_slow_answers() {
    through_an_office(&["*/*"], 2, true);
}

#[test]
#[ignore = "four minutes: make full"]
fn full_an_office_publishes_to_twenty_four_targets() {
    through_an_office(&["*/*"], 12, false);
}

#[test]
#[ignore = "four minutes: make full"]
fn full_an_office_publishes_to_twenty_four_targets_with_slow_answers() {
    through_an_office(&["*/*"], 12, true);
}

#[test]
fn concurrency_is_never_exceeded() {
    let release = Release::start(config(6, None, 60));
    add_disk(&release, "disk/bounded/1", 30);
    publish(&release, "disk/bounded/1", &["*/*"], &["--concurrency", "4"]);
    assert!((2..=4).contains(&release.sim.puts_peak()), "{}", release.sim.puts_peak());
}

#[test]
fn many_targets_do_with_few_open_files() {
    let release = Release::start(config(12, None, 60));
    add_disk(&release, "disk/files/1", 100);
    let mut more = vec!["--no-boot", "--unencrypted", "--concurrency", "8192"];
    more.push("--prove=all");
    let arguments = release.arguments("disk/files/1", &["*/*"], &more);
    let mut command = std::process::Command::new("/bin/sh");
    // Sets the hard limit too, so that the publisher cannot raise the soft limit.
    command.args(["-c", "ulimit -n 1024; exec \"$@\"", "sh"]);
    let inner = release.command();
    command.arg(inner.get_program()).arg("--json").args(arguments);
    command.env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let (code, document, memory) = release.watched(&mut command);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(document["results"].as_array().unwrap().len(), 24);
    assert!(release.sim.puts_peak() <= 512, "{}", release.sim.puts_peak());
    assert!(memory < MEMORY_KIB_MAX, "{memory} KiB");
}

#[test]
fn a_run_that_is_gone_on_with_keeps_what_was_put() {
    let release = Release::start(config(1, None, 400));
    add_disk(&release, "disk/kept/1", 120);
    let call = Some("PutSnapshotBlock".to_owned());
    let code = Some("AccessDeniedException".to_owned());
    release.sim.faults().add(Fault {
        call,
        code,
        status: Some(403),
        skip: 100,
        ..Fault::default()
    });
    let more = ["--no-boot", "--unencrypted", "--concurrency", "4"];
    let arguments = release.arguments("disk/kept/1", &["dev/us-east-1"], &more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    assert_eq!(code, 4, "{said}");
    release.sim.faults().clear();
    let count = || release.sim.faults().counts()["111111111111/us-east-1/PutSnapshotBlock"];
    let before = count();
    let run = document["run"].as_str().unwrap();
    let work = release.rig.path(".");
    let resumed = ["runs", "resume", run, "--concurrency", "4", "--work-dir", text(&work)];
    assert_eq!(release.json(&resumed)["results"][0]["Step"], "done");
    // Only those puts are repeated that were under way when the first run ended.
    assert!(count() - before <= 20 + 4, "{} of 120 were put again", count() - before);
    let snapshot = document["results"][0]["SnapshotId"].as_str().unwrap();
    let disk = release.sim.disk(snapshot).unwrap();
    assert!(disk == std::fs::read(release.rig.path("disk.raw")).unwrap(), "another disk");
}
