//! unpackd fetches the newest image of a volume's stream by itself, so that a patch finds everything here.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::time::{Duration, Instant};

use e2e::Rig;
use e2e::release::small_tree;
use e2e::replica::add;

/// Time in which an image must have been fetched.
const FETCHED_WITHIN: Duration = Duration::from_secs(20);

fn wait_for_log(rig: &Rig, words: &str) {
    let deadline = Instant::now() + FETCHED_WITHIN;
    while !rig.log("unpackd").contains(words) {
        assert!(Instant::now() < deadline, "no '{words}': {}", rig.log("unpackd"));
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

#[test]
fn a_patch_finds_everything_here_and_needs_no_imaged() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    rig.add_volume("base/small", "256MiB");
    // A fresh volume's image comes ahead, too.
    wait_for_log(&rig, "fetched an image ahead image=base/small/1");
    let first = rig.json(&["unpacker", "unpack", "base/small/1"]);
    assert_eq!(first["bytes_fetched"], 0, "{first}");
    std::fs::write(tree.join("file-0"), testkit::hostile::noise(2_000_000, 99)).unwrap();
    add(&rig, &tree, "base/small/2");
    wait_for_log(&rig, "fetched an image ahead image=base/small/2");
    // Other streams' images are left alone.
    add(&rig, &tree, "other/small/1");
    rig.kill_imaged();
    let second = rig.json(&["unpacker", "unpack", "base/small/2"]);
    assert_eq!(second["bytes_fetched"], 0, "{second}");
    assert!(!rig.log("unpackd").contains("other/small"), "{}", rig.log("unpackd"));
}
