//! Images that go from one place to another in a file.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Command, Stdio};

use e2e::release::small_tree;
use e2e::{Rig, expect_code, text};

/// A rig whose imaged trusts the CA of another rig, as in two places of one company.
fn of_the_same_ca(first: &Rig) -> Rig {
    Rig::start_in(|folder| {
        let copied = Command::new("cp").arg("-a").arg(first.path("pki")).arg(folder).status();
        assert!(copied.unwrap().success());
    })
}

fn run(rig: &Rig, identity: &str, code: i32, arguments: &[&str]) -> String {
    expect_code(&rig.command(identity).args(arguments).output().unwrap(), code, arguments)
}

#[test]
fn images_go_through_a_file_with_their_signatures_and_what_was_signed() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    std::fs::write(tree.join("large"), testkit::hostile::noise(3 << 20, 9)).unwrap();
    std::fs::write(rig.path("notes"), "what is new").unwrap();
    let notes = rig.path("notes");
    rig.json(&["image", "add", "base/small/1", text(&tree), "--release-notes", text(&notes)]);
    std::fs::write(tree.join("more"), "more").unwrap();
    rig.json(&["image", "add", "base/small/2", text(&tree), "--tag", "stage=test"]);
    rig.json(&["image", "tag", "base/small/2", "stage=production"]);
    rig.json(&["image", "expire", "base/small/2", "24h"]);
    let file = rig.path("small.bundle");
    let names = ["base/small/1", "base/small/2"];
    let saved = rig.json(&["image", "save", names[0], names[1], text(&file)]);
    assert_eq!(saved["images"], serde_json::json!(names));
    // What both images share is there once.
    let alone = rig.path("alone.bundle");
    let one = rig.json(&["image", "save", names[0], text(&alone)]);
    let lengths = [&saved, &one].map(|saved| saved["bytes"].as_u64().unwrap());
    assert!(lengths[0] < lengths[1] + lengths[1] / 4, "{lengths:?}");
    rig.refused("publish", 4, &["image", "save", names[0], text(&file)]);
    rig.refused("publish", 3, &["image", "save", "base/small/9", text(&rig.path("none"))]);
    assert!(!rig.path("none").exists());

    let other = of_the_same_ca(&rig);
    let said = run(&other, "admin", 0, &["image", "load", text(&file), "--dry-run"]);
    assert!(said.is_empty(), "{said}");
    other.refused("admin", 3, &["image", "show", names[0]]);
    run(&other, "admin", 0, &["image", "load", text(&file)]);
    for name in names {
        run(&other, "publish", 0, &["image", "verify", name]);
        let [here, there] = [&rig, &other].map(|rig| rig.json(&["image", "show", name]));
        for key in ["manifest", "creator", "facts", "release_notes"] {
            assert_eq!(here[key], there[key], "{key}");
        }
    }
    // Tags and expiry are those that were signed: who carries the file could set others.
    let there = other.json(&["image", "show", names[1]]);
    assert_eq!(there["tags"], serde_json::json!({"stage": "test"}));
    assert!(there["expires_at_ms"].is_null(), "{there}");
    // Again: nothing to do.
    let again = other.command("admin").args(["--json", "image", "load", text(&file)]).output();
    let again: serde_json::Value = serde_json::from_slice(&again.unwrap().stdout).unwrap();
    assert_eq!(again["images"][1]["result"], "present");

    // Through a pipe.
    let third = of_the_same_ca(&rig);
    let mut saving = rig.command("read");
    saving.args(["image", "save", names[0], "-"]).stdout(Stdio::piped());
    let mut saving = saving.spawn().unwrap();
    let mut loading = third.command("admin");
    loading.args(["image", "load", "-"]).stdin(saving.stdout.take().unwrap());
    expect_code(&loading.output().unwrap(), 0, &["image", "load", "-"]);
    assert!(saving.wait().unwrap().success());
    run(&third, "publish", 0, &["image", "verify", names[0]]);
}

#[test]
fn what_is_damaged_forged_or_of_strangers_is_not_loaded() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    rig.json(&["image", "add", "base/small/1", text(&tree)]);
    let file = rig.path("small.bundle");
    rig.json(&["image", "save", "base/small/1", text(&file)]);
    let bytes = std::fs::read(&file).unwrap();
    let other = of_the_same_ca(&rig);
    let load = |code: i32, bytes: &[u8]| {
        let path = rig.path("tampered.bundle");
        std::fs::write(&path, bytes).unwrap();
        run(&other, "admin", code, &["image", "load", text(&path)])
    };
    assert!(load(5, &bytes[..bytes.len() / 2]).contains("cut off"));
    assert!(load(4, b"not a bundle of images").contains("image save"));
    for at in [30, bytes.len() / 3, bytes.len() / 2, bytes.len() - 40] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let path = rig.path("tampered.bundle");
        std::fs::write(&path, &damaged).unwrap();
        let arguments = ["image", "load", text(&path)];
        let output = other.command("admin").args(arguments).output().unwrap();
        assert!(matches!(output.status.code(), Some(4 | 5)), "byte {at}: {output:?}");
    }
    // Signed by an identity that may not add there, and by another CA's.
    let stranger = Rig::start();
    let path = text(&file);
    let said = run(&stranger, "admin", 4, &["image", "load", path]);
    assert!(said.contains("another CA made it"), "{said}");
    // Who does not own the stream loads nothing, even what he signed himself.
    for identity in ["read", "publish", "replicate"] {
        let said = run(&other, identity, 4, &["image", "load", path]);
        assert!(said.contains("lacks the role") || said.contains("needs the role 'own'"), "{said}");
    }
    other.refused("admin", 3, &["image", "show", "base/small/1"]);
    assert!(other.json(&["image", "list"])["images"].as_array().unwrap().is_empty());
}

#[test]
fn owners_do_without_an_operator() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    let policy = rig.path("pki/imaged/policy.toml");
    let grants = "[[group]]\nname = 'shop'\nmembers = ['upload']\n[[grant]]\ngroup = 'shop'\nroles = ['own']\nstreams = ['shop/**']\n";
    let old = std::fs::read_to_string(&policy).unwrap();
    let others = old.replace(
        "identity = \"upload\"\nroles = [\"read\", \"upload\"]",
        "identity = \"nobody\"\nroles = [\"read\"]",
    );
    assert_ne!(old, others);
    // `publish` adds an image to the stream before it has an owner, and may not remove the owner's.
    rig.json(&["image", "add", "shop/web/1", text(&tree)]);
    std::fs::write(&policy, format!("{others}\n{grants}")).unwrap();
    rig.signal_imaged(rustix::process::Signal::HUP);
    while !rig.log("imaged").contains("took new files") {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    run(&rig, "upload", 0, &["image", "add", "shop/web/2", text(&tree)]);
    run(&rig, "upload", 0, &["image", "tag", "shop/web/1", "stage=test"]);
    run(&rig, "upload", 0, &["image", "expire", "shop/web/1", "24h"]);
    rig.refused("publish", 4, &["image", "rm", "shop/web/2", "--yes"]);
    run(&rig, "upload", 0, &["image", "rm", "shop/web/1", "--yes"]);
    run(&rig, "upload", 0, &["image", "rm", "shop/web/2", "--yes"]);
    rig.refused("upload", 4, &["image", "add", "base/debian/1", text(&tree)]);
}
