//! The main job on a real Debian root filesystem: adds two revisions and publishes two disk images. An independent
//! walker, rsync and e2fsck check the disk images.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;

use e2e::text;
use e2e::{Rig, expect_code, rootfs};
use testkit::image::{MountedImage, ROOT_OFFSET, assert_fsck_clean, run};
use testkit::walk;

/// Asserts that a disk image has exactly the content of a directory.
fn assert_same(rig: &Rig, tree: &Path, image: &Path) {
    assert_fsck_clean(image, ROOT_OFFSET);
    let mounted = MountedImage::open(image, ROOT_OFFSET, &rig.path("mnt"));
    let (a, b) = (walk::snapshot(tree).unwrap(), walk::snapshot(mounted.path()).unwrap());
    assert_eq!(walk::differences(&a, &b), [] as [String; 0]);
    let changes = run(Command::new("rsync")
        .args(["-aHAXSn", "--modify-window=-1", "--checksum", "--itemize-changes", "--delete"])
        .arg(format!("{}/", tree.display()))
        .arg(format!("{}/", mounted.path().display())));
    assert_eq!(changes, "");
}

#[test]
fn privileged_debian_goes_in_twice_and_comes_out_as_disk_images() {
    if !testkit::is_privileged("privileged_debian_goes_in_twice_and_comes_out_as_disk_images") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    rootfs::copy(&rootfs::debian(), &tree);
    let out = rig.path("out");

    // Revision 1 from a directory, and the same from a tar on standard input.
    let added = rig.json(&["image", "add", "base/debian/1", text(&tree), "--tag", "team=base"]);
    assert!(added["inodes"].as_u64().unwrap() > 5000, "{added}");
    assert!(added["new_bytes"].as_u64().unwrap() > 50 << 20, "{added}");
    let manifest = added["manifest"].as_str().unwrap();
    let tar = format!(
        "tar --xattrs --xattrs-include='*' --acls --numeric-owner -S -C {} -cf - .",
        tree.display()
    );
    let mut shell = rig.command("publish");
    let program = shell.get_program().to_string_lossy().into_owned();
    let pipe = format!("{tar} | {program} --json image add base/debian/1-tar -");
    let output = shell_of(&mut shell, &pipe).output().unwrap();
    expect_code(&output, 0, &[&pipe]);
    let again: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&again["manifest"], &again["new_objects"]), (&added["manifest"], &0.into()));
    let shown = rig.json(&["image", "show", "base/debian/1"]);
    assert_eq!(shown["os_release"]["ID"], "debian");
    assert_eq!(
        (&shown["tags"]["team"], &shown["architecture"]),
        (&"base".into(), &"x86_64".into())
    );
    // The same name with the same content succeeds; with other content it is refused.
    assert_eq!(rig.json(&["image", "add", "base/debian/1", text(&tree)])["is_new"], false);
    std::fs::write(tree.join("etc/motd"), "changed").unwrap();
    let message = rig.refused("publish", 4, &["image", "add", "base/debian/1", text(&tree)]);
    assert!(message.contains("immutable"), "{message}");
    std::fs::remove_dir_all(&tree).unwrap();
    rootfs::copy(&rootfs::debian(), &tree);

    // Writes the image to a volume and publishes it.
    rig.add_volume("base/debian", "2GiB");
    let unpacked = rig.json(&["unpacker", "unpack", "base/debian/1"]);
    assert_eq!(unpacked["manifest"], manifest);
    assert!(matches!(unpacked["io_engine"].as_str(), Some("uring" | "threads")), "{unpacked}");
    assert_eq!(
        rig.json(&["unpacker", "verify", "base/debian"])["differences"],
        serde_json::json!([])
    );
    let publish = |image: &str| {
        rig.json(&["publish", image, "--via", "local", "--out", text(&out), "--no-boot"])["results"]
            [0]
        .clone()
    };
    let one = publish("base/debian/1");
    assert_eq!(one["Manifest"], manifest);
    assert_same(&rig, &tree, Path::new(one["Path"].as_str().unwrap()));

    // Revision 2 is patched over revision 1. The rung `counters` of the evidence (the volume file's length and times)
    // proves the volume's content, so no scan is needed.
    rootfs::next_revision(&tree);
    let second = rig.json(&["image", "add", "base/debian/2", text(&tree)]);
    assert!(second["new_bytes"].as_u64().unwrap() < added["new_bytes"].as_u64().unwrap() / 5);
    let dry = rig.json(&["unpacker", "unpack", "base/debian/2", "--dry-run"]);
    let done = rig.json(&["unpacker", "unpack", "base/debian/2"]);
    let total = |report: &serde_json::Value| report["dirty_blocks_512k"]["total"].as_u64().unwrap();
    let allowed = total(&done).div_ceil(10).max(2);
    assert!(total(&dry).abs_diff(total(&done)) <= allowed, "{dry} {done}");
    let two = publish("base/debian@latest");
    assert_eq!(two["Manifest"], second["manifest"]);
    assert_same(&rig, &tree, Path::new(two["Path"].as_str().unwrap()));
    let same = rig.json(&["unpacker", "unpack", "base/debian/2"]);
    assert_eq!((&same["evidence"], &same["bytes_written"]), (&"counters".into(), &0.into()));

    // Other commands for images.
    let diff = rig.json(&["image", "diff", "base/debian/1", "base/debian/2"]);
    assert!(diff["removed"].as_u64().unwrap() > 10 && diff["added"].as_u64().unwrap() > 10);
    let arguments = ["image", "diff", "base/debian/1", "base/debian/2", "--exit-code"];
    rig.refused("read", 1, &arguments);
    assert_eq!(rig.json(&["image", "verify", "base/debian/2"])["damaged"], serde_json::json!([]));
    let copy = rig.path("copy");
    rig.json(&["image", "get", "base/debian/2", text(&copy)]);
    let (a, b) = (walk::snapshot(&tree).unwrap(), walk::snapshot(&copy).unwrap());
    assert_eq!(walk::differences(&a, &b), [] as [String; 0]);
    let cat =
        run(rig.command("read").args(["image", "cat", "base/debian/1", "/etc/debian_version"]));
    assert!(cat.starts_with("12."), "{cat}");
    let missing = rig.refused("publish", 3, &["image", "cat", "base/debian/1", "/etc/none"]);
    assert!(missing.contains("/etc/none"), "{missing}");
    rig.json(&["image", "rm", "base/debian/1-tar", "--yes"]);
    rig.refused("publish", 3, &["image", "show", "base/debian/1-tar"]);
}

/// Makes a shell command with the environment of a prepared command.
fn shell_of(command: &mut Command, script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.env_clear().args(["-c", script]);
    for (key, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(key, value);
        }
    }
    shell
}

#[test]
fn privileged_the_one_shot_commands_work_on_a_servers_data() {
    if !testkit::is_privileged("privileged_the_one_shot_commands_work_on_a_servers_data") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    testkit::hostile::build(&tree).unwrap();
    rig.json(&["image", "add", "hostile/tree/1", text(&tree)]);
    let volume = rig.path("volume");
    std::fs::File::create(&volume).unwrap().set_len(256 << 20).unwrap();
    let unpackd = |arguments: &[&str]| {
        let mut command = Command::new(e2e::program("unpackd"));
        command.args(arguments).arg("--store").arg(rig.path("imaged"));
        command.output().unwrap()
    };
    let arguments = ["apply", "hostile/tree/1", text(&volume), "--json"];
    let output = unpackd(&arguments);
    expect_code(&output, 0, &arguments);
    assert_fsck_clean(&volume, ROOT_OFFSET);
    let arguments = ["verify", "hostile/tree/1", text(&volume)];
    expect_code(&unpackd(&arguments), 0, &arguments);
    testkit::hostile::mutate(&tree).unwrap();
    rig.json(&["image", "add", "hostile/tree/2", text(&tree)]);
    let arguments = ["verify", "hostile/tree/2", text(&volume)];
    let output = unpackd(&arguments);
    expect_code(&output, 5, &arguments);
    assert!(String::from_utf8_lossy(&output.stdout).contains("/files/small: content"));
    // Hard links share an object, which is fetched once; a device as target is written to, not replaced.
    rig.json(&["image", "diff", "hostile/tree/1", "hostile/tree/2", "--text"]);
    let null = rig.path("null");
    std::os::unix::fs::symlink("/dev/null", &null).unwrap();
    rig.json(&["image", "get", "hostile/tree/1", "--tar", text(&null)]);
    assert!(null.is_symlink());
    let arguments = ["apply", "hostile/tree/none", text(&volume)];
    expect_code(&unpackd(&arguments), 3, &arguments);
}
