//! Volumes that boot, for releases and processors that take too long for CI: `make full`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use e2e::machine::{add_report, assert_mounts_are_sound, boot};
use e2e::rootfs::kernels;
use e2e::{Rig, rootfs};
use rig::Firmware;
use testkit::image::ROOT_OFFSET;

/// Publishes a tree as a disk and boots it. Returns the architecture from the image's record and the boot mode from
/// unpackd's report.
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

/// Changes a Debian and boots it with its own kernel arguments; returns the volume's report and the console's text.
fn boots_changed(name: &str, change: impl FnOnce(&Path, &str)) -> (serde_json::Value, String) {
    boots_changed_on(name, "ext4", |tree, release| {
        change(tree, release);
        release.to_owned()
    })
}

/// Like [`boots_changed`] on a given filesystem; `change` returns the release of the kernel that must boot.
fn boots_changed_on(
    name: &str,
    filesystem: &str,
    change: impl FnOnce(&Path, &str) -> String,
) -> (serde_json::Value, String) {
    let rig = Rig::start();
    let tree = rig.path("tree");
    rootfs::copy(&rootfs::bootable(), &tree);
    add_report(&tree, name, Firmware::Bios);
    let release = change(&tree, &kernels(&tree)[0]);
    let image = format!("{name}/1");
    rig.json(&["image", "add", &image, tree.to_str().unwrap()]);
    let shown = rig.json(&["image", "show", &image]);
    let volume = rig.path("volume.img");
    let volume = volume.to_str().unwrap();
    let file = ["unpacker", "add-volume", "--file", volume, "--size", "2GiB"];
    rig.json(&[&file[..], &["--fs", filesystem, "--stream", name]].concat());
    let report = rig.json(&["unpacker", "unpack", &image]);
    // The image's record predicts whether the volume boots.
    assert_eq!(shown["boot_problem"], serde_json::Value::Null, "{shown}");
    assert_eq!(shown["boot_modes"], serde_json::json!(["bios", "uefi"]), "{shown}");
    assert_eq!(shown["kernels"], serde_json::json!([release]), "{shown}");
    assert_eq!(report["boot"]["mode"], "uefi-preferred", "{report}");
    let out = rig.path("out");
    let done = rig.json(&["publish", &image, "--via", "local", "--out", out.to_str().unwrap()]);
    let disk = PathBuf::from(done["results"][0]["Path"].as_str().unwrap());
    let said = boot(&disk, Firmware::Bios, &rig.path("."));
    let expected = format!("image={name} kernel={release} root={filesystem} esp=BOOT");
    assert!(said.contains(&expected), "no '{expected}' in:\n{said}");
    (report, said)
}

fn moved(tree: &Path, from: &str, to: &str) {
    let to = tree.join(to);
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::rename(tree.join(from), to).unwrap();
}

#[test]
#[ignore = "make full"]
fn full_what_lies_beside_a_kernel_is_not_booted() {
    if !testkit::is_privileged("full_what_lies_beside_a_kernel_is_not_booted") {
        return;
    }
    boots_changed("full/beside", |tree, release| {
        for end in ["sig", "old", "dpkg-bak"] {
            std::fs::write(tree.join(format!("boot/vmlinuz-{release}.{end}")), "text").unwrap();
        }
        std::fs::write(tree.join("boot/vmlinuz-99"), "").unwrap();
        std::fs::write(tree.join("boot/vmlinuz-98"), "a text").unwrap();
    });
}

#[test]
#[ignore = "make full"]
fn full_a_kernel_with_alpines_names_boots() {
    if !testkit::is_privileged("full_a_kernel_with_alpines_names_boots") {
        return;
    }
    boots_changed("full/names", |tree, release| {
        moved(tree, &format!("boot/vmlinuz-{release}"), "boot/vmlinuz-virt");
        moved(tree, &format!("boot/initrd.img-{release}"), "boot/initramfs-virt");
    });
}

#[test]
#[ignore = "make full"]
fn full_a_kernel_below_its_modules_boots() {
    if !testkit::is_privileged("full_a_kernel_below_its_modules_boots") {
        return;
    }
    boots_changed("full/below", |tree, release| {
        let folder = format!("usr/lib/modules/{release}");
        moved(tree, &format!("boot/vmlinuz-{release}"), &format!("{folder}/vmlinuz"));
        moved(tree, &format!("boot/initrd.img-{release}"), &format!("{folder}/initramfs.img"));
    });
}

#[test]
#[ignore = "make full"]
fn full_a_kernel_behind_a_link_boots() {
    if !testkit::is_privileged("full_a_kernel_behind_a_link_boots") {
        return;
    }
    boots_changed("full/link", |tree, release| {
        let kernel = format!("usr/lib/modules/{release}/vmlinuz");
        moved(tree, &format!("boot/vmlinuz-{release}"), &kernel);
        let link = tree.join(format!("boot/vmlinuz-{release}"));
        symlink(format!("../{kernel}"), link).unwrap();
    });
}

#[test]
#[ignore = "make full"]
fn full_a_kernel_without_an_initial_ram_disk_boots() {
    if !testkit::is_privileged("full_a_kernel_without_an_initial_ram_disk_boots") {
        return;
    }
    let other = rootfs::kernel_with_built_in_drivers();
    boots_changed_on("full/builtin", "ext4", |tree, release| {
        for gone in ["vmlinuz-", "initrd.img-", "System.map-", "config-"] {
            std::fs::remove_file(tree.join(format!("boot/{gone}{release}"))).unwrap();
        }
        std::fs::remove_dir_all(tree.join(format!("usr/lib/modules/{release}"))).unwrap();
        rootfs::copy(&other.join("."), tree);
        kernels(tree)[0].clone()
    });
}

/// Makes the machine report its kernel's arguments and the options of each mount.
fn tell_more(tree: &Path) {
    let unit = tree.join("etc/systemd/system/report.service");
    let text = std::fs::read_to_string(&unit).unwrap();
    let more = "cat /proc/cmdline; findmnt -no OPTIONS /; findmnt --verify";
    std::fs::write(unit, text.replace("findmnt --verify", more)).unwrap();
}

#[test]
#[ignore = "make full"]
fn full_what_another_machines_disks_are_called_does_not_keep_it_from_booting() {
    let name = "full_what_another_machines_disks_are_called_does_not_keep_it_from_booting";
    if !testkit::is_privileged(name) {
        return;
    }
    let table = "/dev/mapper/rl-root / xfs defaults,prjquota 0 0\n\
                 UUID=1d4f0a52-5a6f-4ed5-9d53-0b7e8a1a2f03 none swap sw,nofail,x-systemd.device-timeout=1 0 0\n";
    let line = "root=/dev/mapper/rl-root ro crashkernel=1G-4G:192M rd.lvm.lv=rl/root rd.lvm.lv=rl/swap \
                resume=/dev/mapper/rl-swap rootflags=pquota console=ttyS0 imprint.test=1\n";
    let (_, said) = boots_changed_on("full/lvm", "xfs", |tree, release| {
        std::fs::write(tree.join("etc/fstab"), table).unwrap();
        std::fs::create_dir_all(tree.join("etc/kernel")).unwrap();
        std::fs::write(tree.join("etc/kernel/cmdline"), line).unwrap();
        tell_more(tree);
        release.to_owned()
    });
    assert!(said.contains("imprint.test=1") && said.contains("prjquota"), "{said}");
    assert!(!said.contains("rd.lvm") && !said.contains("rl-swap"), "{said}");
}

#[test]
#[ignore = "make full"]
fn full_another_machines_table_does_not_keep_it_from_booting() {
    if !testkit::is_privileged("full_another_machines_table_does_not_keep_it_from_booting") {
        return;
    }
    let table = "UUID=1d4f0a52-5a6f-4ed5-9d53-0b7e8a1a2f01 / ext4 noatime,x-systemd.growfs 0 1\n\
                 UUID=1d4f0a52-5a6f-4ed5-9d53-0b7e8a1a2f02 /boot ext4 defaults 0 2\n\
                 UUID=1D4F-0A52 /efi vfat defaults 0 1\n\
                 LABEL=data /srv ext4 defaults,nofail,x-systemd.device-timeout=1 0 2\n";
    let (report, said) = boots_changed("full/table", |tree, _| {
        std::fs::write(tree.join("etc/fstab"), table).unwrap();
        std::fs::create_dir_all(tree.join("etc/default")).unwrap();
        let line = "GRUB_CMDLINE_LINUX=\"console=ttyS0 imprint.test=1\"\n";
        std::fs::write(tree.join("etc/default/grub"), line).unwrap();
        tell_more(tree);
    });
    assert_eq!(report["boot"]["notes"].as_array().unwrap().len(), 2, "{report}");
    assert!(said.contains("imprint.test=1") && said.contains("noatime"), "{said}");
}
