//! Volumes that boot, of releases and processors that CI has no time for: `make full`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::PathBuf;

use testkit::image::ROOT_OFFSET;
use tests_e2e::machine::{Firmware, add_report, assert_mounts_are_sound, boot};
use tests_e2e::rootfs::kernels;
use tests_e2e::{Rig, rootfs};

/// Publishes a tree as a disk and lets it boot; returns what the image's record and the volume's
/// report say of its processor and firmware.
fn boots(tree: PathBuf, filesystem: &str, firmware: Firmware) -> (String, String) {
    let rig = Rig::start();
    let copy = rig.path("tree");
    rootfs::copy(&tree, &copy);
    drop(tree);
    add_report(&copy, "full/boot/1", firmware);
    rig.json(&["image", "add", "full/boot/1", copy.to_str().unwrap()]);
    let volume = rig.path("volume.img");
    let arguments = format!("console={}", firmware.console());
    rig.json(&[
        "unpacker",
        "add-volume",
        "--file",
        volume.to_str().unwrap(),
        "--size",
        "2GiB",
        "--fs",
        filesystem,
        "--stream",
        "full/boot",
        "--kernel-args",
        &arguments,
    ]);
    let report = rig.json(&["unpacker", "unpack", "full/boot/1"]);
    let out = rig.path("out");
    let out = out.to_str().unwrap();
    let done = rig.json(&["publish", "full/boot/1", "--via", "local", "--out", out]);
    let disk = PathBuf::from(done["results"][0]["Path"].as_str().unwrap());
    let said = boot(&disk, firmware, &rig.path("."));
    let kernel = &kernels(&copy)[0];
    let expected = format!("image=full/boot/1 kernel={kernel} root={filesystem} esp=BOOT");
    assert!(said.contains(&expected), "no '{expected}' in:\n{said}");
    assert_mounts_are_sound(&said);
    if filesystem == "ext4" {
        testkit::image::assert_fsck_clean(&volume, ROOT_OFFSET);
    }
    let shown = rig.json(&["image", "show", "full/boot/1"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&shown["architecture"]), text(&report["boot"]["mode"]))
}

fn x86_64(release: &str, filesystem: &str, firmware: Firmware) {
    let name = format!("full_{release}");
    if testkit::is_privileged(&name) {
        let is = boots(rootfs::bootable_release(release), filesystem, firmware);
        assert_eq!(is, ("x86_64".to_owned(), "uefi-preferred".to_owned()));
    }
}

#[test]
#[ignore = "make full"]
fn full_bullseye_boots_without_uefi() {
    x86_64("bullseye", "ext4", Firmware::Bios);
}

#[test]
#[ignore = "make full"]
fn full_bullseye_boots_with_uefi() {
    x86_64("bullseye", "xfs", Firmware::Uefi);
}

#[test]
#[ignore = "make full"]
fn full_trixie_boots_without_uefi() {
    x86_64("trixie", "xfs", Firmware::Bios);
}

#[test]
#[ignore = "make full"]
fn full_trixie_boots_with_uefi() {
    x86_64("trixie", "ext4", Firmware::Uefi);
}

#[test]
#[ignore = "make full"]
fn full_arm64_boots() {
    if testkit::is_privileged("full_arm64_boots") {
        let is = boots(rootfs::bootable_arm64(), "ext4", Firmware::UefiArm64);
        assert_eq!(is, ("arm64".to_owned(), "uefi".to_owned()));
    }
}
