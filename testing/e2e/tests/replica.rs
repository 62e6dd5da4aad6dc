//! Replicas follow a primary: images, tags, expiry and removals, through kills, and not into the past.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

use e2e::Rig;
use e2e::release::small_tree;
use e2e::replica::{Replica, add};
use rig::{Link, LinkSpeed};
use rustix::process::Signal;
use serde_json::Value;

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
fn the_primary_shows_its_replicas_with_their_lag() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let page = |path: &str| {
        let url = format!("{}{path}", rig.imaged_status());
        let output = Command::new("curl").args(["-sS", "--fail", &url]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let figure = |name: &str, place: &str| {
        let start = format!("imprint_{name}{{replica=\"");
        let page = page("metrics");
        let mut lines =
            page.lines().filter(|line| line.starts_with(&start) && line.contains(place));
        lines.next().map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
    };
    let wait = |what: &str, holds: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(20);
        while !holds() {
            assert!(Instant::now() < end, "in vain: {what}: {}", page("metrics"));
            std::thread::park_timeout(Duration::from_millis(50));
        }
    };
    assert!(!page("").contains("Changes behind"));
    assert!(page("").contains("next in "), "the next collection is not told");
    let replica = Replica::start(&rig, "replica", &[]);
    let place = format!(":{}\"", replica.server.address.rsplit(':').next().unwrap());
    let behind = |count: u64| figure("replicas_changes_behind", &place) == Some(count);
    wait("the replica is heard", &|| behind(0));
    assert_eq!(figure("replicas_lag_seconds", &place), Some(0));
    // A replica that is stopped falls behind, and comes back.
    let pid = replica.server.pid();
    rustix::process::kill_process(pid, Signal::STOP).unwrap();
    rig.json(&["image", "tag", "base/small/1", "a=b"]);
    wait("it falls behind", &|| behind(1));
    wait("its lag grows", &|| figure("replicas_lag_seconds", &place) >= Some(2));
    assert!(figure("replicas_silence_seconds", &place) >= Some(2));
    assert!(page("").contains("Changes behind"));
    rustix::process::kill_process(pid, Signal::CONT).unwrap();
    wait("it is up to date", &|| behind(0));
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
fn a_replica_of_a_replica_fetches_while_its_primary_still_does() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    // Some objects of one frame, and some of many.
    let random = |len: usize| {
        let mut bytes = vec![0; len];
        std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
        bytes
    };
    for number in 0..40 {
        std::fs::write(tree.join(format!("small-{number}")), random(100_000)).unwrap();
    }
    for number in 0..2 {
        std::fs::write(tree.join(format!("long-{number}")), random(8 << 20)).unwrap();
    }
    let speed = LinkSpeed { delay: Duration::from_millis(5), rate: 4 << 20 };
    let link = Link::start(rig.imaged_address(), speed).unwrap();
    let middle = Replica::of(&rig, &link.address, "middle", &[]);
    let last = Replica::of(&rig, &middle.server.address, "last", &[]);
    // Both follow before the image comes.
    let figure = |replica: &Replica<'_>, name: &str| {
        let url = format!("{}metrics", replica.server.status);
        let output = Command::new("curl").args(["-sS", "--fail", &url]).output().unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        let line = page.lines().find_map(|line| line.strip_prefix(&format!("imprint_{name} ")));
        line.unwrap().parse::<u64>().unwrap()
    };
    let end = Instant::now() + Duration::from_secs(20);
    while figure(&middle, "replicas") == 0 && Instant::now() < end {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    add(&rig, &tree, "base/small/1");
    last.wait_for_log("fetching an image that comes to the primary");
    assert!(middle.record("base/small/1").is_none(), "the middle has it already");
    last.wait("base/small/1", |record| record.is_some());
    last.assert_whole("base/small/1");
    middle.assert_whole("base/small/1");
    assert!(!last.log().contains("did not come ahead"), "{}", last.log());
    // No object was sent twice.
    assert_eq!(figure(&middle, "objects_sent_total"), figure(&last, "store_objects"));
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
    let replica = Replica::with_certificates(&rig, rig.imaged_address(), "refused", "read", &[]);
    replica.wait_for_log("lacks the role 'replicate'");
}

#[test]
fn a_primary_with_followers_stops_at_once() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/small/1", |record| record.is_some());
    let began = Instant::now();
    rig.signal_imaged(Signal::TERM);
    replica.wait_for_log("following");
    rig.start_imaged();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!rig.log("imaged").contains("giving up requests"), "{}", rig.log("imaged"));
}

#[test]
fn a_damaged_image_holds_up_no_other() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/damaged/1");
    rig.kill_imaged();
    let pack = std::fs::read_dir(rig.path("imaged/store/packs")).unwrap().next();
    let pack = pack.unwrap().unwrap().path();
    let whole = std::fs::read(&pack).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&pack, damaged).unwrap();
    rig.start_imaged();
    std::fs::create_dir(rig.path("other")).unwrap();
    std::fs::write(rig.path("other/file"), "whole").unwrap();
    add(&rig, &rig.path("other"), "base/whole/1");

    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/whole/1", |record| record.is_some());
    replica.assert_whole("base/whole/1");
    assert!(replica.record("base/damaged/1").is_none());
    assert!(replica.log().contains("failed to follow a change"), "{}", replica.log());

    // Once the primary is whole again, a restarted replica gets the image at once.
    drop(replica);
    rig.kill_imaged();
    std::fs::write(&pack, whole).unwrap();
    rig.start_imaged();
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/damaged/1", |record| record.is_some());
    replica.assert_whole("base/damaged/1");
}
