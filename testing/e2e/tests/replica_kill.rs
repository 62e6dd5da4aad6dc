//! Primary and replica are killed at many moments: nothing is lost, and nothing is fetched again that was durable.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use e2e::replica::{Replica, add};
use e2e::{Rig, program};
use rig::{Link, LinkSpeed};
use serde_json::Value;
use testkit::hostile::noise;
use testkit::random::Random;

/// A link on which an image of [`FILES`] files takes about 150 ms, so that kills come while objects travel.
const SPEED: LinkSpeed = LinkSpeed { delay: Duration::from_millis(1), rate: 20 << 20 };

/// Files of an image; each revision changes all of them.
const FILES: u64 = 12;
const FILE_LEN: usize = 256 << 10;

/// Time in which a replica must have caught up.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(30);

/// Bytes of TLS, framing and records that come with the objects of a few images.
const FRAME_LEN: u64 = 128 << 10;

fn write_revision(tree: &Path, number: u64) {
    for file in 0..FILES {
        let content = noise(FILE_LEN, number * FILES + file + 1);
        std::fs::write(tree.join(format!("file-{file}")), content).unwrap();
    }
}

/// Returns name, manifest and tags of each image of a server.
fn images(list: &Value) -> Vec<(String, String, String)> {
    let images = list["images"].as_array().unwrap().iter();
    images
        .map(|image| {
            let text = |key: &str| image[key].as_str().unwrap().to_owned();
            (text("name"), text("manifest"), image["tags"].to_string())
        })
        .collect()
}

fn images_of(replica: &Replica<'_>) -> Vec<(String, String, String)> {
    let output = replica.run(&["image", "list"]);
    images(&serde_json::from_slice(&output.stdout).unwrap())
}

fn wait_until_equal(rig: &Rig, replica: &Replica<'_>) {
    let deadline = Instant::now() + CAUGHT_UP_WITHIN;
    loop {
        let (ours, theirs) = (images_of(replica), images(&rig.json(&["image", "list"])));
        if ours == theirs {
            return;
        }
        assert!(Instant::now() < deadline, "{ours:#?}\n{theirs:#?}\n{}", replica.log());
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Returns the length of all objects in a server's store.
fn stored(data: &Path) -> u64 {
    let mut command = std::process::Command::new(program("imaged"));
    let output = command.args(["store", "stat", "--json", "--data-dir"]).arg(data).output();
    let stats: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    stats["payload_bytes"].as_u64().unwrap()
}

/// Kills one side at a random moment after an image was added, `moments` times.
fn kill_at_moments(moments: u64) {
    let mut rig = Rig::start();
    rig.kill_unpackd();
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    let link = Link::start(rig.imaged_address(), SPEED).unwrap();
    let mut random = Random::new(moments);
    for moment in 0..moments {
        let replica = Replica::of(&rig, &link.address, "replica", &[]);
        write_revision(&tree, moment);
        let name = format!("base/kill/{moment}");
        add(&rig, &tree, &name);
        // A few images stay, and some are tagged or removed.
        if moment > 8 {
            rig.json(&["image", "rm", &format!("base/kill/{}", moment - 8), "--yes"]);
        }
        rig.json(&["image", "tag", &name, &format!("moment={moment}")]);
        std::thread::park_timeout(Duration::from_millis(random.below(350)));
        if moment % 2 == 0 {
            replica.server.kill();
            let (held, received) = (stored(&rig.path("replica")), link.received());
            let again = Replica::of(&rig, &link.address, "replica", &[]);
            wait_until_equal(&rig, &again);
            let fetched = link.received() - received;
            let missing = stored(&rig.path("replica")) - held;
            let limit = missing + missing / 20 + FRAME_LEN;
            assert!(fetched <= limit, "moment {moment}: {fetched} bytes for {missing} that lacked");
        } else {
            let server = replica.server;
            rig.kill_imaged();
            rig.start_imaged();
            let replica = Replica::running(&rig, "replica", server);
            wait_until_equal(&rig, &replica);
            replica.server.kill();
        }
    }
    let replica = Replica::of(&rig, &link.address, "replica", &[]);
    wait_until_equal(&rig, &replica);
    for (name, ..) in images_of(&replica) {
        replica.assert_whole(&name);
    }
}

#[test]
fn killed_sides_converge() {
    kill_at_moments(16);
}

#[test]
#[ignore = "make full"]
fn full_killed_sides_converge_at_200_moments() {
    kill_at_moments(200);
}
