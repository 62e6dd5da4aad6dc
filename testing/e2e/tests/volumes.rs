//! Volumes in practice: failed formatting, locked files, read-only files, and agreement on what boots.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::{Rig, expect_code, program, text};
use testkit::image::run;

/// Adds a tree with one file as an image.
fn add(rig: &Rig, image: &str, content: &str) {
    let tree = rig.path("tree");
    std::fs::create_dir_all(&tree).unwrap();
    std::fs::write(tree.join("file"), content).unwrap();
    rig.json(&["image", "add", image, text(&tree)]);
}

fn volume(rig: &Rig, name: &std::ffi::OsStr) -> PathBuf {
    let path = rig.path("volumes");
    std::fs::create_dir_all(&path).unwrap();
    let path = path.join(name);
    std::fs::File::create(&path).unwrap().set_len(96 << 20).unwrap();
    path
}

/// Prepares the command `unpackd apply` or `unpackd verify` for an image in the server's store.
fn unpackd(rig: &Rig, command: &str, image: &str, volume: &Path) -> Command {
    let mut unpackd = Command::new(program("unpackd"));
    unpackd.args([command, image]).arg(volume).arg("--store").arg(rig.path("imaged"));
    unpackd
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

#[test]
fn privileged_a_first_apply_that_failed_is_made_again() {
    if !testkit::is_privileged("privileged_a_first_apply_that_failed_is_made_again") {
        return;
    }
    let rig = Rig::start();
    add(&rig, "first/tree/1", "one");
    for filesystem in ["ext4", "xfs"] {
        let volume = volume(&rig, filesystem.as_ref());
        let size = if filesystem == "xfs" { 512 << 20 } else { 96 << 20 };
        std::fs::File::options().write(true).open(&volume).unwrap().set_len(size).unwrap();
        let mut apply = unpackd(&rig, "apply", "first/tree/1", &volume);
        apply.args(["--fs", filesystem]).env("PATH", "/nonexistent");
        let message = expect_code(&output(&mut apply), 1, &["apply"]);
        assert!(message.contains("mkfs.") && message.contains("install the package"), "{message}");
        let mut apply = unpackd(&rig, "apply", "first/tree/1", &volume);
        expect_code(&output(apply.args(["--fs", filesystem])), 0, &["apply"]);
        // A foreign disk with a partition table like Imprint's is not overwritten.
        let other = rig.path("volumes/other");
        run(Command::new("cp").arg(&volume).arg(&other));
        let zeros = vec![0; 4096];
        let file = std::fs::File::options().write(true).open(&other).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &zeros, 18 << 20).unwrap();
        drop(file);
        let message = output(&mut unpackd(&rig, "apply", "first/tree/1", &other));
        let message = expect_code(&message, 4, &["apply"]);
        assert!(message.contains("imprint did not make"), "{message}");
    }
}

#[test]
fn privileged_a_machine_without_nodes_for_loop_devices_says_which() {
    if !testkit::is_privileged("privileged_a_machine_without_nodes_for_loop_devices_says_which") {
        return;
    }
    let rig = Rig::start();
    add(&rig, "nodes/tree/1", "one");
    let volume = volume(&rig, "nodes".as_ref());
    // Imitates a container with its own /dev. Keeps /dev/shm, because the rig's folder can be there.
    let run_in = |dev: &str| {
        let apply = format!(
            "{} apply nodes/tree/1 {} --store {}",
            program("unpackd").display(),
            volume.display(),
            rig.path("imaged").display()
        );
        let script = format!(
            "mount --make-rprivate / && mkdir /run/imprint-dev-$$ && mount --rbind /dev /run/imprint-dev-$$ && \
             mount -t tmpfs tmpfs /dev && mkdir /dev/shm && mount --rbind /run/imprint-dev-$$/shm /dev/shm && \
             mknod /dev/null c 1 3 && {dev} && {apply}; code=$?; rmdir /run/imprint-dev-$$ 2>/dev/null; exit $code"
        );
        output(Command::new("unshare").args(["--mount", "sh", "-c", &script]))
    };
    let message = expect_code(&run_in("true"), 3, &["apply"]);
    assert!(message.contains("/dev/loop-control") && message.contains("module loop"), "{message}");
    let message = expect_code(&run_in("mknod /dev/loop-control c 10 237"), 3, &["apply"]);
    assert!(message.contains("mknod /dev/loop") && message.contains(" b 7 "), "{message}");
    let mut again = unpackd(&rig, "apply", "nodes/tree/1", &volume);
    expect_code(&output(&mut again), 0, &["apply"]);
    for entry in std::fs::read_dir("/run").unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("imprint-dev-") {
            std::fs::remove_dir(entry.path()).ok();
        }
    }
}

#[test]
fn privileged_a_file_that_is_only_to_be_read_is_verified() {
    if !testkit::is_privileged("privileged_a_file_that_is_only_to_be_read_is_verified") {
        return;
    }
    let rig = Rig::start();
    add(&rig, "read/tree/1", "one");
    for filesystem in ["ext4", "xfs"] {
        let volume = volume(&rig, filesystem.as_ref());
        std::fs::File::options().write(true).open(&volume).unwrap().set_len(512 << 20).unwrap();
        let mut apply = unpackd(&rig, "apply", "read/tree/1", &volume);
        expect_code(&output(apply.args(["--fs", filesystem])), 0, &["apply"]);
    }
    let folder = rig.path("volumes");
    run(Command::new("mount").args(["--bind"]).arg(&folder).arg(&folder));
    run(Command::new("mount").args(["-o", "remount,bind,ro"]).arg(&folder));
    let verified = ["ext4", "xfs"]
        .map(|name| output(&mut unpackd(&rig, "verify", "read/tree/1", &folder.join(name))));
    let refused = output(&mut unpackd(&rig, "apply", "read/tree/1", &folder.join("ext4")));
    run(Command::new("umount").arg(&folder));
    for verified in verified {
        expect_code(&verified, 0, &["verify"]);
    }
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Read-only"), "{refused:?}");
}

#[test]
fn privileged_locked_files_are_shown_and_patched() {
    if !testkit::is_privileged("privileged_locked_files_are_shown_and_patched") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(tree.join("folder/inside")).unwrap();
    for (name, content) in
        [("kept", "kept"), ("changed", "1"), ("removed", "x"), ("folder/file", "1")]
    {
        std::fs::write(tree.join(name), content).unwrap();
    }
    rig.json(&["image", "add", "locked/tree/1", text(&tree)]);
    std::fs::write(tree.join("changed"), "2").unwrap();
    std::fs::remove_file(tree.join("removed")).unwrap();
    std::fs::write(tree.join("folder/new"), "2").unwrap();
    rig.json(&["image", "add", "locked/tree/2", text(&tree)]);
    for filesystem in ["ext4", "xfs"] {
        let volume = volume(&rig, filesystem.as_ref());
        std::fs::File::options().write(true).open(&volume).unwrap().set_len(512 << 20).unwrap();
        let apply = |image: &str| {
            let mut apply = unpackd(&rig, "apply", image, &volume);
            expect_code(&output(apply.args(["--json", "--fs", filesystem])), 0, &["apply"]);
        };
        let verify = |image: &str| {
            let verified = output(&mut unpackd(&rig, "verify", image, &volume));
            String::from_utf8_lossy(&verified.stdout).into_owned()
        };
        apply("locked/tree/1");
        let lock = |flags: &str, names: &[&str]| {
            let at = rig.path("mnt");
            std::fs::create_dir_all(&at).unwrap();
            let offset = format!("loop,offset={}", testkit::image::ROOT_OFFSET);
            run(Command::new("mount").args(["-o", &offset]).arg(&volume).arg(&at));
            let paths = names.iter().map(|name| at.join(name));
            run(Command::new("chattr").arg(flags).args(paths));
            run(Command::new("umount").arg(&at));
        };
        lock("+i", &["kept", "changed", "removed", "folder"]);
        lock("+a", &["folder/file"]);
        let shown = verify("locked/tree/1");
        for name in ["kept", "changed", "removed", "folder", "folder/file"] {
            assert!(shown.contains(&format!("/{name}: flags\n")), "{shown}");
        }
        apply("locked/tree/2");
        assert!(verify("locked/tree/2").contains("exactly"));
        // The patch must remove the flag even if it changes nothing else.
        lock("+i", &["kept"]);
        apply("locked/tree/2");
        assert!(verify("locked/tree/2").contains("exactly"));
    }
}

#[test]
fn privileged_volumes_that_are_too_long_are_refused_untouched() {
    if !testkit::is_privileged("privileged_volumes_that_are_too_long_are_refused_untouched") {
        return;
    }
    let rig = Rig::start();
    add(&rig, "long/tree/1", "one");
    let long = rig.path("long.img");
    std::fs::File::create(&long).unwrap().set_len((16 << 40) + (1 << 20)).unwrap();
    for filesystem in ["ext4", "xfs"] {
        let mut apply = unpackd(&rig, "apply", "long/tree/1", &long);
        let message = expect_code(&output(apply.args(["--fs", filesystem])), 4, &["apply"]);
        assert!(message.contains("16 TiB at most"), "{message}");
        let add = ["unpacker", "add-volume", "--file", text(&long), "--fs", filesystem];
        let message = rig.refused("publish", 4, &add);
        assert!(message.contains("16 TiB at most"), "{message}");
    }
    let stat = std::fs::metadata(&long).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::blocks(&stat), 0);
    // The name is not UTF-8, which a record cannot hold.
    let odd = volume(&rig, &std::ffi::OsString::from_vec(b"odd\xff".to_vec()));
    let link = rig.path("link.img");
    std::os::unix::fs::symlink(odd, &link).unwrap();
    let message = rig.refused("publish", 4, &["unpacker", "add-volume", "--file", text(&link)]);
    assert!(message.contains("not UTF-8"), "{message}");
}

/// Files as pairs: the path, and the content.
type Files<'a> = &'a [(&'a str, &'a [u8])];

#[test]
fn privileged_record_and_volume_say_the_same_of_booting() {
    if !testkit::is_privileged("privileged_record_and_volume_say_the_same_of_booting") {
        return;
    }
    let rig = Rig::start();
    let kernel = testkit::boot::x86_kernel("6.1.0");
    let loader = "usr/lib/grub/x86_64-efi/monolithic/grubx64.efi";
    let cases: [(&str, Files<'_>, Result<&str, &str>); 5] = [
        (
            "whole",
            &[("boot/vmlinuz-6.1.0", &kernel), ("boot/initrd.img-6.1.0", b"cpio")],
            Ok("uefi"),
        ),
        (
            "below",
            &[
                ("usr/lib/modules/6.1.0/vmlinuz", &kernel),
                ("usr/lib/modules/6.1.0/initrd", b"cpio"),
            ],
            Ok("uefi"),
        ),
        (
            "text",
            &[("boot/vmlinuz-6.1.0", b"text"), ("boot/initrd.img-6.1.0", b"cpio")],
            Err("does not begin as a kernel does"),
        ),
        (
            "bare",
            &[("boot/vmlinuz-6.1.0", &kernel)],
            Err("no modules.builtin says that it needs none"),
        ),
        ("none", &[], Err("it has no kernel")),
    ];
    for (name, files, expected) in cases {
        let tree = rig.path(name);
        for (path, content) in
            files.iter().copied().chain([(loader, &testkit::boot::x86_efi()[..])])
        {
            let path = tree.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let image = format!("judged/{name}/1");
        rig.json(&["image", "add", &image, text(&tree)]);
        let shown = rig.json(&["image", "show", &image]);
        let stream = format!("judged/{name}");
        rig.add_volume(&stream, "96MiB");
        let report = rig.json(&["unpacker", "unpack", &image]);
        match expected {
            Ok(mode) => {
                assert_eq!(shown["boot_modes"], serde_json::json!([mode]), "{shown}");
                assert_eq!(report["boot"]["mode"], mode, "{report}");
                rig.json(&["unpacker", "capture", &stream]);
            }
            Err(words) => {
                assert_eq!(shown["boot_modes"], serde_json::json!([]), "{shown}");
                assert_eq!(shown["boot_problem"], report["boot"]["problem"]);
                assert!(shown["boot_problem"].as_str().unwrap().contains(words), "{shown}");
                let message = rig.refused("publish", 4, &["unpacker", "capture", &stream]);
                assert!(message.contains(words), "{message}");
            }
        }
    }
}

#[test]
fn privileged_another_machines_devices_are_findings() {
    if !testkit::is_privileged("privileged_another_machines_devices_are_findings") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    for (path, content) in [
        ("boot/vmlinuz-6", &testkit::boot::x86_kernel("6")[..]),
        ("boot/vmlinuz-6.sig", b"signature"),
        ("boot/initrd.img-6", b"cpio"),
        ("etc/fstab", b"UUID=1 / ext4\nUUID=2 /boot ext4\nUUID=3 /srv ext4\nLABEL=swap none swap sw\nUUID=4 /x ext4 nofail\n"),
    ] {
        let path = tree.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let add = ["image", "add", "findings/tree/1", text(&tree)];
    let message = rig.refused("publish", 4, &[&add[..], &["--strict"]].concat());
    for words in ["UUID=3 for /srv", "LABEL=swap for swap", "it ends in .sig"] {
        assert!(message.contains(words), "{message}");
    }
    assert!(!message.contains("UUID=2") && !message.contains("UUID=4"), "{message}");
    rig.json(&add);
}
