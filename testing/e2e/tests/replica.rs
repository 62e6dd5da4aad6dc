//! Replicas follow a primary: images, tags, expiry and removals, through kills, and not into the past.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::release::small_tree;
use e2e::{Rig, text};
use rig::{Server, StatusPages};
use serde_json::Value;

/// Time in which a replica must have followed.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(20);

/// Another imaged that follows the rig's.
struct Replica<'a> {
    rig: &'a Rig,
    name: &'static str,
    server: Server,
}

impl<'a> Replica<'a> {
    /// Starts a replica of the rig's imaged.
    fn start(rig: &'a Rig, name: &'static str, arguments: &[&str]) -> Self {
        Self::of(rig, rig.imaged_address(), name, arguments)
    }

    /// Starts a replica of any server.
    fn of(rig: &'a Rig, primary: &str, name: &'static str, arguments: &[&str]) -> Self {
        let log = rig.path(&format!("{name}.log"));
        let listen = ("imaged", "127.0.0.1:0");
        let server = Server::start(&Arc::default(), listen, StatusPages::Off, &log, |command| {
            command.arg("--data-dir").arg(rig.path(name));
            command.arg("--tls-dir").arg(rig.path("pki/imaged"));
            command.args(["--primary", primary]);
            command.arg("--primary-tls-dir").arg(rig.path("pki/replicate")).args(arguments);
        });
        Self { rig, name, server: server.unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.rig.command("publish");
        command.env("IMPRINT_IMAGED", &self.server.address).arg("--json").args(arguments);
        command.output().unwrap()
    }

    /// Returns the record of an image here; `None` if there is no such image.
    fn record(&self, image: &str) -> Option<Value> {
        let output = self.run(&["image", "show", image]);
        match output.status.code() {
            Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
            Some(3) => None,
            _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        }
    }

    /// Waits until what is here of an image satisfies a condition.
    fn wait(&self, image: &str, condition: impl Fn(Option<&Value>) -> bool) {
        let deadline = Instant::now() + FOLLOWED_WITHIN;
        while !condition(self.record(image).as_ref()) {
            assert!(Instant::now() < deadline, "{image}: {}", self.log());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    fn wait_for_log(&self, words: &str) {
        let deadline = Instant::now() + FOLLOWED_WITHIN;
        while !self.log().contains(words) {
            assert!(Instant::now() < deadline, "no '{words}': {}", self.log());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.rig.path(&format!("{}.log", self.name))).unwrap()
    }

    /// Checks that an image here is whole, and the same as at the primary.
    fn assert_whole(&self, image: &str) {
        let verified = self.run(&["image", "verify", image]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        let at_primary = self.rig.json(&["image", "show", image]);
        assert_eq!(self.record(image).unwrap()["manifest"], at_primary["manifest"]);
    }
}

fn add(rig: &Rig, tree: &Path, image: &str) {
    rig.json(&["image", "add", image, text(tree)]);
}

#[test]
fn a_replica_follows_images_tags_expiry_and_removals() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    add(&rig, &tree, "other/small/1");
    let replica = Replica::start(&rig, "replica", &["--include", "base/**"]);
    let archive = Replica::start(&rig, "archive", &["--archive"]);
    replica.wait("base/small/1", |record| record.is_some());
    replica.assert_whole("base/small/1");
    archive.wait("other/small/1", |record| record.is_some());

    // News is pushed.
    std::fs::write(tree.join("news"), "revision 2").unwrap();
    add(&rig, &tree, "base/small/2");
    replica.wait("base/small/2", |record| record.is_some());
    replica.assert_whole("base/small/2");
    rig.json(&["image", "tag", "base/small/2", "stage=production"]);
    rig.json(&["image", "expire", "base/small/2", "24h"]);
    let is_tagged = |record: Option<&Value>| record.unwrap()["tags"]["stage"] == "production";
    replica.wait("base/small/2", is_tagged);
    archive.wait("base/small/2", is_tagged);
    replica.wait("base/small/2", |record| !record.unwrap()["expires_at_ms"].is_null());
    rig.json(&["image", "rm", "base/small/1", "--yes"]);
    replica.wait("base/small/1", |record| record.is_none());
    assert!(replica.record("other/small/1").is_none(), "another stream is followed");
    archive.wait_for_log("base/small/2");
    assert!(archive.record("base/small/1").is_some(), "an archive follows a removal");
    assert!(archive.record("base/small/2").unwrap()["expires_at_ms"].is_null());
}

#[test]
fn a_replica_of_a_replica_follows_too() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let middle = Replica::start(&rig, "middle", &[]);
    let last = Replica::of(&rig, &middle.server.address, "last", &[]);
    last.wait("base/small/1", |record| record.is_some());
    last.assert_whole("base/small/1");
    rig.json(&["image", "rm", "base/small/1", "--yes"]);
    last.wait("base/small/1", |record| record.is_none());
    middle.wait("base/small/1", |record| record.is_none());
}

#[test]
fn a_killed_replica_goes_on_where_it_was() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/small/1", |record| record.is_some());
    replica.server.kill();
    rig.json(&["image", "tag", "base/small/1", "stage=test"]);
    std::fs::write(tree.join("news"), "revision 2").unwrap();
    add(&rig, &tree, "base/small/2");
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/small/2", |record| record.is_some());
    replica.wait("base/small/1", |record| record.unwrap()["tags"]["stage"] == "test");
    replica.assert_whole("base/small/2");
    let log = replica.log();
    let times = log.lines().filter(|line| line.contains("replicated an image")).count();
    assert_eq!(times, 2, "an image came twice: {log}");
}

#[test]
fn a_primary_that_went_back_in_time_is_not_followed() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    rig.kill_imaged();
    let (catalog, backup) = (rig.path("imaged/catalog.redb"), rig.path("backup.redb"));
    std::fs::copy(&catalog, &backup).unwrap();
    rig.start_imaged();
    add(&rig, &tree, "base/small/2");
    {
        let replica = Replica::start(&rig, "replica", &[]);
        replica.wait("base/small/2", |record| record.is_some());
        replica.wait_for_log("replicated an image");
    }
    rig.kill_imaged();
    std::fs::copy(&backup, &catalog).unwrap();
    // A backup of the whole folder lacks the image's file, too.
    for entry in std::fs::read_dir(rig.path("imaged/store/images/base/small")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with('2') {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    rig.start_imaged();
    add(&rig, &tree, "base/small/3");
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait_for_log("went back in time");
    replica.assert_whole("base/small/1");
    assert!(replica.record("base/small/2").is_some() && replica.record("base/small/3").is_none());
}

#[test]
fn a_primary_that_refuses_is_told() {
    let rig = Rig::start();
    let log = rig.path("refused.log");
    let listen = ("imaged", "127.0.0.1:0");
    let server = Server::start(&Arc::default(), listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(rig.path("refused"));
        command.arg("--tls-dir").arg(rig.path("pki/imaged"));
        command.args(["--primary", rig.imaged_address()]);
        command.arg("--primary-tls-dir").arg(rig.path("pki/read"));
    });
    let _server = server.unwrap();
    let deadline = Instant::now() + FOLLOWED_WITHIN;
    let said = || std::fs::read_to_string(&log).unwrap();
    while !said().contains("lacks the role 'replicate'") {
        assert!(Instant::now() < deadline, "{}", said());
        std::thread::park_timeout(Duration::from_millis(50));
    }
}
