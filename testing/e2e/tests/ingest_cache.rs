//! Adding a folder again: only what changed is read, and the image is what the folder holds.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use e2e::release::small_tree;
use e2e::{Rig, text};

/// Asserts that an image holds what a folder holds, by the word of rsync.
fn assert_same(rig: &Rig, image: &str, tree: &Path) {
    let got = rig.path(&image.replace('/', "-"));
    std::fs::create_dir(&got).unwrap();
    rig.json(&["image", "get", image, text(&got)]);
    let mut rsync = Command::new("rsync");
    rsync.args(["-naHAXc", "--delete", "--itemize-changes"]);
    rsync.arg(tree.join("")).arg(got.join(""));
    let output = rsync.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn privileged_a_folder_that_is_added_again_is_what_it_holds_now() {
    if !testkit::is_privileged("privileged_a_folder_that_is_added_again_is_what_it_holds_now") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    std::fs::write(tree.join("same-length"), "old content").unwrap();
    std::fs::write(tree.join("large"), vec![1; 2 << 20]).unwrap();
    // Until the files are old enough to be kept.
    std::thread::park_timeout(Duration::from_millis(3500));
    rig.json(&["image", "add", "base/small/1", text(&tree)]);
    let caches: Vec<_> = std::fs::read_dir(rig.path(".cache/imprint")).unwrap().collect();
    assert_eq!(caches.len(), 1);

    // What changed is read, even if only the time of the inode tells.
    let old = std::fs::metadata(tree.join("same-length")).unwrap().modified().unwrap();
    std::fs::write(tree.join("same-length"), "new content").unwrap();
    let file = std::fs::File::options().write(true).open(tree.join("same-length")).unwrap();
    file.set_modified(old).unwrap();
    rig.json(&["image", "add", "base/small/2", text(&tree)]);
    assert_same(&rig, "base/small/2", &tree);

    // An image server that has nothing gets everything.
    let other = Rig::start();
    let mut command = rig.command("publish");
    command.env("IMPRINT_IMAGED", other.imaged_address());
    command.env("IMPRINT_TLS_DIR", other.path("pki/publish"));
    let added = command.args(["image", "add", "base/small/2", text(&tree)]).output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    assert_same(&other, "base/small/2", &tree);

    // A damaged cache counts as none, and none is used if nobody wants it.
    let cache = caches[0].as_ref().unwrap().path();
    std::fs::write(&cache, "no cache").unwrap();
    rig.json(&["image", "add", "base/small/3", text(&tree)]);
    std::fs::remove_file(&cache).unwrap();
    rig.json(&["image", "add", "base/small/4", text(&tree), "--no-cache"]);
    assert!(!cache.exists());
    let manifest = |image: &str| rig.json(&["image", "show", image])["manifest"].clone();
    for image in ["base/small/3", "base/small/4"] {
        assert_eq!(manifest(image), manifest("base/small/2"));
    }
}
