//! `kill -9` at many moments: running the same command again reaches the same result.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::Rig;
use e2e::text;
use testkit::image::{MountedImage, ROOT_OFFSET, assert_fsck_clean};
use testkit::{hostile, walk};

/// Makes a tree that takes long enough to be interrupted at many moments while it is ingested or patched.
fn tree(rig: &Rig) -> std::path::PathBuf {
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    hostile::build(&tree).unwrap();
    for folder in 0..20 {
        let folder = tree.join(format!("bulk-{folder}"));
        std::fs::create_dir(&folder).unwrap();
        for file in 0..60u64 {
            std::fs::write(folder.join(file.to_string()), hostile::noise(40_000, file + 100))
                .unwrap();
        }
        std::fs::write(folder.join("large"), hostile::noise(3_000_000, 7)).unwrap();
    }
    tree
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until the command ends, but not longer than `time`.
fn wait(child: &mut Child, time: Duration) {
    let deadline = Instant::now() + time;
    while child.try_wait().unwrap().is_none() && Instant::now() < deadline {
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

#[test]
fn privileged_imaged_killed_at_any_moment_loses_nothing() {
    if !testkit::is_privileged("privileged_imaged_killed_at_any_moment_loses_nothing") {
        return;
    }
    let mut rig = Rig::start();
    let tree = tree(&rig);
    let (mut acknowledged, mut began_again): (Vec<String>, _) = (Vec::new(), 0);
    for round in 0..12u64 {
        // New content in every round, so that there is always something to send.
        std::fs::write(tree.join("round"), hostile::noise(8_000_000, round)).unwrap();
        let name = format!("kill/tree/{round}");
        let mut add = spawn(rig.command("publish").args(["image", "add", &name, text(&tree)]));
        wait(&mut add, Duration::from_millis(20 + 60 * round));
        rig.kill_imaged();
        rig.start_imaged();
        // If the upload had begun before the kill, the client starts it again by itself. If the client found no imaged,
        // it ends with code 6.
        match add.wait().unwrap().code() {
            Some(0) => {
                acknowledged.push(name.clone());
                began_again += 1;
            }
            code => assert_eq!(code, Some(6), "{name}"),
        }
        for name in &acknowledged {
            rig.json(&["image", "show", name]);
        }
        let added = rig.json(&["image", "add", &name, text(&tree)]);
        assert_eq!(added["name"], name);
        acknowledged.push(name.clone());
        assert_eq!(rig.json(&["image", "verify", &name])["damaged"], serde_json::json!([]));
    }
    assert!(began_again >= 4, "{began_again} of 12 went on by themselves");
    rig.kill_imaged();
    let store = ["store", "scrub", "--json", "--data-dir"];
    let scrub =
        Command::new(e2e::program("imaged")).args(store).arg(rig.path("imaged")).output().unwrap();
    assert!(scrub.status.success(), "{}", String::from_utf8_lossy(&scrub.stdout));
}

#[test]
fn privileged_an_image_is_waited_for_while_imaged_is_away() {
    if !testkit::is_privileged("privileged_an_image_is_waited_for_while_imaged_is_away") {
        return;
    }
    let mut rig = Rig::start();
    let tree = tree(&rig);
    let wait_image = ["image", "wait", "kill/tree/1", "--timeout", "1m"];
    let mut waiting = spawn(rig.command("admin").args(wait_image));
    // The client first waits for imaged's answer; after the kill, several of its attempts find no imaged.
    wait(&mut waiting, Duration::from_millis(1000));
    rig.kill_imaged();
    wait(&mut waiting, Duration::from_millis(1500));
    assert!(waiting.try_wait().unwrap().is_none(), "it ended without an imaged");
    rig.start_imaged();
    rig.json(&["image", "add", "kill/tree/1", text(&tree)]);
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
}

#[test]
fn privileged_unpackd_killed_at_any_moment_never_hands_over_a_half_patched_volume() {
    let name = "privileged_unpackd_killed_at_any_moment_never_hands_over_a_half_patched_volume";
    if !testkit::is_privileged(name) {
        return;
    }
    let mut rig = Rig::start();
    let tree = tree(&rig);
    rig.json(&["image", "add", "kill/tree/1", text(&tree)]);
    let first = walk::snapshot(&tree).unwrap();
    hostile::mutate(&tree).unwrap();
    std::fs::remove_dir_all(tree.join("bulk-3")).unwrap();
    std::fs::rename(tree.join("bulk-4"), tree.join("bulk-renamed")).unwrap();
    rig.json(&["image", "add", "kill/tree/2", text(&tree)]);
    let second = walk::snapshot(&tree).unwrap();
    let volume = rig.add_volume("kill/tree", "512MiB");
    let mut interrupted = 0;
    // A busy machine may need more rounds until enough of them are interrupted.
    for round in 0..60u64 {
        if round >= 14 && interrupted >= 3 {
            break;
        }
        let (image, expect) =
            if round % 2 == 0 { ("kill/tree/1", &first) } else { ("kill/tree/2", &second) };
        let mut unpack = spawn(rig.command("publish").args(["unpacker", "unpack", image]));
        wait(&mut unpack, Duration::from_millis(10 + 18 * (round % 14)));
        rig.kill_unpackd();
        unpack.wait().unwrap();
        rig.start_unpackd();
        let status = rig.json(&["unpacker", "status"]);
        let state = status["volumes"][0]["state"].as_str().unwrap().to_owned();
        if ["unclaimed", "needs_scan"].contains(&state.as_str()) {
            interrupted += 1;
            let message = rig.refused("publish", 4, &["unpacker", "capture", "kill/tree"]);
            assert!(message.contains(&state), "{message}");
        }
        let report = rig.json(&["unpacker", "unpack", image]);
        assert_eq!(report["image"], image);
        let captured = rig.json(&["unpacker", "capture", "kill/tree", "--no-boot"]);
        assert_eq!(captured["image"], image);
        assert_fsck_clean(&volume, ROOT_OFFSET);
        let mounted = MountedImage::open(&volume, ROOT_OFFSET, &rig.path("mnt"));
        let found = walk::snapshot(mounted.path()).unwrap();
        assert_eq!(walk::differences(expect, &found), [] as [String; 0], "round {round}");
        drop(mounted);
        rig.json(&["unpacker", "release", "kill/tree"]);
    }
    assert!(interrupted >= 3, "only {interrupted} rounds were interrupted half-way");
}
