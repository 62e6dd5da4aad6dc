//! Bad input: a clear error, the right exit code, and no harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;

use e2e::text;
use e2e::{Rig, program};
use testkit::image::SmallDisk;

fn tree(rig: &Rig) -> std::path::PathBuf {
    let tree = rig.path("tree");
    std::fs::create_dir_all(tree.join("etc")).unwrap();
    std::fs::write(tree.join("etc/hostname"), "example\n").unwrap();
    std::fs::write(tree.join("large"), testkit::hostile::noise(2_000_000, 1)).unwrap();
    tree
}

fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "'{word}' is not in: {message}");
    }
}

#[test]
fn names_roles_and_certificates() {
    let rig = Rig::start();
    let tree = tree(&rig);
    rig.json(&["image", "add", "a/tree/1", text(&tree)]);

    assert_says(&rig.refused("publish", 2, &["image", "show", "a/../b"]), &["not allowed"]);
    assert_says(&rig.refused("publish", 3, &["image", "show", "a/tree/none"]), &["a/tree/none"]);
    assert_says(&rig.refused("publish", 3, &["image", "latest", "none"]), &["has no image"]);
    let add = ["image", "add", "a/tree/2", text(&tree)];
    assert_says(
        &rig.refused("read", 4, &add),
        &["'read' lacks the role 'upload' for every stream"],
    );
    let remove = ["image", "rm", "a/tree/1", "--yes"];
    assert_says(&rig.refused("upload", 4, &remove), &["added by 'publish'", "only its creator"]);
    assert_says(&rig.refused("upload", 4, &["unpacker", "unpack", "a/tree/1"]), &["'operate'"]);
    let wait = ["image", "wait", "a/tree/never", "--timeout", "1s"];
    assert_says(&rig.refused("publish", 6, &wait), &["did not appear"]);
    assert_says(&rig.refused("publish", 2, &["image", "rm", "a/tree/1"]), &["--yes"]);

    // Each of these has its own error: a certificate of another CA, an expired one, a missing one, and an absent
    // server.
    let make = |name: &str, days: &str| {
        let path = rig.path(name);
        let mut command = Command::new(program("imaged"));
        command.args(["pki", "init", text(&path), "--days", days]);
        testkit::image::run(&mut command);
        path.join("publish")
    };
    let run = |tls: &Path, code| {
        let mut command = rig.command("publish");
        let output = command.env("IMPRINT_TLS_DIR", tls).args(["image", "list"]).output().unwrap();
        e2e::expect_code(&output, code, &["image list"])
    };
    let foreign = make("foreign", "5");
    assert_says(&run(&foreign, 4), &["certificate", "is not accepted"]);
    // The client has the server's CA, but its own certificate is from another CA.
    std::fs::copy(rig.path("pki/ca.pem"), foreign.join("ca.pem")).unwrap();
    assert_says(&run(&foreign, 4), &["refused our certificate"]);
    assert_says(&run(&make("expired", "0"), 4), &["expired on"]);
    assert_says(&run(&rig.path("nowhere"), 4), &["ca.pem", "pki init"]);
    let mut command = rig.command("publish");
    let output = command.args(["--imaged", "127.0.0.1:1", "image", "list"]).output().unwrap();
    assert_says(&e2e::expect_code(&output, 6, &[]), &["127.0.0.1:1 does not answer"]);
}

#[test]
fn damaged_sources_leave_no_image() {
    let rig = Rig::start();
    let tree = tree(&rig);
    let tar = rig.path("tree.tar.gz");
    testkit::image::run(Command::new("tar").arg("-C").arg(&tree).arg("-czf").arg(&tar).arg("."));
    let whole = std::fs::read(&tar).unwrap();
    for (cut, name) in [(whole.len() / 2, "half"), (whole.len() - 6, "tail")] {
        let path = rig.path(name);
        std::fs::write(&path, &whole[..cut]).unwrap();
        let message = rig.refused("publish", 4, &["image", "add", "a/tree/cut", text(&path)]);
        assert_says(&message, &[text(&path), "damaged near byte"]);
    }
    let none = rig.path("none.tar");
    std::fs::write(&none, [0; 10240]).unwrap();
    let message = rig.refused("publish", 4, &["image", "add", "a/tree/cut", text(&none)]);
    assert_says(&message, &[text(&none), "no members"]);
    let missing = rig.path("missing");
    rig.refused("publish", 3, &["image", "add", "a/tree/cut", text(&missing)]);
    rig.refused("publish", 3, &["image", "show", "a/tree/cut"]);
}

#[test]
fn a_flipped_bit_is_found_and_named() {
    let mut rig = Rig::start();
    let tree = tree(&rig);
    rig.json(&["image", "add", "a/tree/1", text(&tree)]);
    rig.json(&["image", "add", "a/tree/2", text(&tree)]);
    rig.kill_imaged();
    let packs = rig.path("imaged/store/packs");
    let pack = std::fs::read_dir(&packs).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pack, &bytes).unwrap();
    rig.start_imaged();
    let output = rig.command("publish").args(["image", "verify", "a/tree/1"]).output().unwrap();
    e2e::expect_code(&output, 5, &["image verify"]);
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_says(&found, &["object sha256:", "damaged", "a/tree/1, a/tree/2", "large"]);
    let copy = rig.path("copy");
    let message = rig.refused("publish", 5, &["image", "get", "a/tree/1", text(&copy)]);
    assert_says(&message, &["object sha256:", "damaged"]);
    rig.kill_imaged();
    let scrub = Command::new(program("imaged"))
        .args(["store", "scrub", "--data-dir"])
        .arg(rig.path("imaged"))
        .output()
        .unwrap();
    e2e::expect_code(&scrub, 5, &["store scrub"]);
    assert_says(&String::from_utf8_lossy(&scrub.stdout), &["object sha256:", "a/tree/1"]);
    // A log that goes to a file has no colour codes.
    let log = rig.log("imaged");
    assert!(!log.is_empty() && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn the_index_is_rebuilt_from_packs() {
    let mut rig = Rig::start();
    let tree = tree(&rig);
    rig.json(&["image", "add", "a/tree/1", text(&tree)]);
    let imaged = |arguments: &[&str]| {
        let mut command = Command::new(program("imaged"));
        command.arg("store").args(arguments).arg("--data-dir").arg(rig.path("imaged"));
        command.output().unwrap()
    };
    // A server has the store open, so no other process may write to it.
    let output = imaged(&["rebuild-index"]);
    assert_says(&e2e::expect_code(&output, 4, &[]), &["in use by another process"]);
    let stat = imaged(&["stat", "--json"]);
    e2e::expect_code(&stat, 0, &[]);
    rig.kill_imaged();
    let rebuild = || {
        let mut command = Command::new(program("imaged"));
        command.args(["store", "rebuild-index", "--json", "--data-dir"]).arg(rig.path("imaged"));
        command.output().unwrap()
    };
    let output = rebuild();
    e2e::expect_code(&output, 0, &[]);
    assert_eq!(output.stdout, stat.stdout);
    let index = rig.path("imaged/store/index");
    std::fs::write(&index, "nonsense").unwrap();
    rig.start_imaged();
    assert_eq!(rig.json(&["image", "verify", "a/tree/1"])["damaged"], serde_json::json!([]));
}

#[test]
fn privileged_leases_volumes_and_space() {
    if !testkit::is_privileged("privileged_leases_volumes_and_space") {
        return;
    }
    let rig = Rig::start();
    let tree = tree(&rig);
    rig.json(&["image", "add", "a/tree/1", text(&tree)]);
    let unpack = ["unpacker", "unpack", "a/tree/1"];
    assert_says(&rig.refused("publish", 3, &unpack), &["stream a/tree has no volume"]);
    let volume = rig.add_volume("a/tree", "96MiB");
    assert_says(&rig.refused("publish", 4, &["unpacker", "capture", "a/tree"]), &["unclaimed"]);

    // While a lease is held, a second publisher is refused: both another identity, and another run of the same
    // identity.
    rig.json(&["unpacker", "prepare", "a/tree"]);
    assert_says(&rig.refused("admin", 4, &unpack), &["is held by publish/tester@", "--steal"]);
    let out = rig.path("out");
    let publish = ["publish", "a/tree/1", "--out", text(&out), "--no-boot"];
    assert_says(&rig.refused("publish", 4, &publish), &["is held by publish/tester@"]);
    rig.json(&unpack);
    rig.json(&["unpacker", "capture", "a/tree", "--no-boot"]);
    rig.json(&["unpacker", "release", "a/tree"]);
    rig.json(&publish);

    // A volume that is mounted elsewhere is refused.
    let mount = rig.path("mnt");
    let mounted = testkit::image::MountedImage::open(&volume, testkit::image::ROOT_OFFSET, &mount);
    assert_says(&rig.refused("publish", 4, &unpack), &["is in use", "attached as /dev/loop"]);
    drop(mounted);
    rig.json(&unpack);

    // A file can be added only once, even under another name. A volume is not captured while, or after, another program
    // writes to it.
    let link = rig.path("link.img");
    std::fs::hard_link(&volume, &link).unwrap();
    let add = ["unpacker", "add-volume", "--stream", "b/tree"];
    for (flag, path) in [("--file", &link), ("--device", &volume), ("--device", &link)] {
        rig.refused("publish", 4, &[&add[..], &[flag, text(path)]].concat());
    }
    let foreign = rig.path("foreign.img");
    std::fs::write(&foreign, testkit::hostile::noise(24 << 20, 1)).unwrap();
    let message = rig.refused("publish", 4, &[&add[..], &["--file", text(&foreign)]].concat());
    assert_says(&message, &["did not make", "--format"]);
    let whole = std::fs::read(&volume).unwrap();
    let file = std::fs::File::options().write(true).open(&volume).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &[7; 4096], 40 << 20).unwrap();
    let capture = ["unpacker", "capture", "a/tree", "--no-boot"];
    assert_says(&rig.refused("publish", 4, &capture), &["is in use", "open for writing"]);
    drop(file);
    assert_says(
        &rig.refused("publish", 4, &capture),
        &["written to since", "unpack the image again"],
    );
    std::fs::write(&volume, &whole).unwrap();
    rig.json(&unpack);
    rig.json(&capture);
    rig.json(&["unpacker", "release", "a/tree"]);
    // The error for a destroyed volume names the stream and the remedy. The remedy works.
    std::fs::write(&volume, testkit::hostile::noise(96 << 20, 1)).unwrap();
    assert_says(&rig.refused("publish", 4, &unpack), &["not made for stream a/tree", "forget"]);
    rig.json(&["unpacker", "forget", "a/tree", "--yes"]);
    let id = rig.json(&["unpacker", "status"])["volumes"][0]["id"].as_str().unwrap().to_owned();
    rig.json(&["unpacker", "associate", "a/tree", &id]);
    rig.json(&unpack);
    std::fs::write(tree.join("huge"), testkit::hostile::noise(80 << 20, 3)).unwrap();
    rig.json(&["image", "add", "a/tree/2", text(&tree)]);
    // An image file grows to hold the image.
    rig.json(&["unpacker", "unpack", "a/tree/2"]);
    assert_eq!(rig.json(&["unpacker", "verify", "a/tree"])["image"], "a/tree/2");
    rig.refused("publish", 3, &["unpacker", "remove-volume", "none", "--yes"]);
}

#[test]
fn privileged_a_full_disk_is_survived_on_either_side() {
    if !testkit::is_privileged("privileged_a_full_disk_is_survived_on_either_side") {
        return;
    }
    // The server's disk fills up during an upload.
    let mut mounted = Vec::new();
    let rig = Rig::start_in(|folder| {
        mounted.push(SmallDisk::mount(&folder.join("imaged"), 290));
        mounted.push(SmallDisk::mount(&folder.join("volumes"), 40));
    });
    // This variable is dropped before the rig, because the disks are mounted in the rig's folder.
    let _disks = mounted;
    let tree = tree(&rig);
    rig.json(&["image", "add", "a/tree/1", text(&tree)]);
    let huge = rig.path("huge");
    std::fs::create_dir(&huge).unwrap();
    for part in 0..10u64 {
        let content = testkit::hostile::noise(30 << 20, part + 1);
        std::fs::write(huge.join(part.to_string()), content).unwrap();
    }
    let message = rig.refused("publish", 4, &["image", "add", "a/huge/1", text(&huge)]);
    assert_says(&message, &["No space left"]);
    rig.refused("publish", 3, &["image", "show", "a/huge/1"]);
    assert_eq!(rig.json(&["image", "verify", "a/tree/1"])["damaged"], serde_json::json!([]));
    // The disk is full before an upload begins.
    let message = rig.refused("publish", 4, &["image", "add", "a/huge/1", text(&huge)]);
    assert_says(&message, &["are free", "at least"]);

    // The volume's sparse file cannot grow to the volume's size.
    let file = rig.path("volumes/volume");
    let add = ["unpacker", "add-volume", "--size", "256MiB", "--stream", "a/tree", "--file"];
    rig.json(&[&add[..], &[text(&file)]].concat());
    std::fs::write(rig.path("volumes/filler"), vec![1; 34 << 20]).unwrap();
    let unpack = ["unpacker", "unpack", "a/tree/1"];
    assert_says(&rig.refused("publish", 4, &unpack), &["and the filesystem that it is in has"]);
    std::fs::remove_file(rig.path("volumes/filler")).unwrap();
    rig.json(&unpack);
    assert_eq!(rig.json(&["unpacker", "verify", "a/tree"])["differences"], serde_json::json!([]));
}
