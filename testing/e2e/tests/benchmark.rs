//! Runs every step of `make bench` on small trees; the figures mean nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::Command;

use e2e::program;
use testkit::image::run;

#[test]
#[ignore = "two minutes: make full"]
fn full_privileged_the_benchmark_measures_every_side() {
    if !testkit::is_privileged("full_privileged_the_benchmark_measures_every_side") {
        return;
    }
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path = |name: &str| folder.path().join(name);
    for (tree, count) in [("one", 200), ("two", 210)] {
        std::fs::create_dir(path(tree)).unwrap();
        for number in 0..count {
            let file = path(tree).join(number.to_string());
            std::fs::write(file, testkit::hostile::noise(9000, number)).unwrap();
        }
    }
    let mut command = Command::new(program("unpack"));
    command.args(["--rounds", "1", "--work-dir"]).arg(path("work"));
    command.arg("--out").arg(path("out"));
    command.arg("--tree").arg(path("one")).arg("--tree").arg(path("two"));
    let printed = run(&mut command);
    for side in ["fresh: ours", "fresh: tar", "update: ours", "update: rsync", "verify: openssl"] {
        assert!(printed.contains(side), "no {side} in:\n{printed}");
    }
    let results = std::fs::read(path("out").join("unpack.json")).unwrap();
    let results: serde_json::Value = serde_json::from_slice(&results).unwrap();
    assert!(results["sides"].as_array().is_some_and(|sides| sides.len() > 10), "{results}");
}
