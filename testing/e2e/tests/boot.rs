//! Volumes that boot: a real Debian on both filesystems, with and without UEFI, before and after a patch to another
//! kernel; and hostile images.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use e2e::machine::{add_report, assert_mounts_are_sound, boot};
use e2e::rootfs::kernels;
use e2e::text;
use e2e::{Rig, expect_code, program, rootfs};
use rig::Firmware;
use serde_json::Value;
use testkit::image::{MountedImage, ROOT_OFFSET, run};
use testkit::walk;

/// Publishes an image as a raw disk in the folder `out`; returns the disk's path, as the results give it.
fn publish(rig: &Rig, image: &str) -> PathBuf {
    let out = rig.path("out");
    let done = rig.json(&["publish", image, "--via", "local", "--out", text(&out)]);
    PathBuf::from(done["results"][0]["Path"].as_str().unwrap())
}

#[test]
fn privileged_debian_boots_on_both_firmwares_and_filesystems() {
    if !testkit::is_privileged("privileged_debian_boots_on_both_firmwares_and_filesystems") {
        return;
    }
    let rig = Rig::start();
    let (one, two) = (rig.path("one"), rig.path("two"));
    rootfs::copy(&rootfs::bootable(), &one);
    rootfs::copy(&rootfs::bootable_with_another_kernel(), &two);
    let (old, new) = (kernels(&one)[0].clone(), kernels(&two)[0].clone());
    assert_ne!(old, new);
    add_report(&one, "boot/debian/1", Firmware::Bios);
    add_report(&two, "boot/debian/2", Firmware::Bios);
    for filesystem in ["ext4", "xfs"] {
        let stream = format!("boot/{filesystem}");
        for (leaf, tree) in [("1", &one), ("2", &two)] {
            rig.json(&["image", "add", &format!("{stream}/{leaf}"), text(tree)]);
        }
        let volume = rig.path(&format!("{filesystem}.img"));
        let add = ["unpacker", "add-volume", "--file", text(&volume), "--size", "2GiB"];
        let uuids = if filesystem == "xfs" { "random" } else { "fixed" };
        let more = ["--fs", filesystem, "--stream", &stream, "--uuids", uuids];
        rig.json(&[&add[..], &more].concat());
    }
    let firmwares =
        [("ext4", Firmware::Bios, Firmware::Uefi), ("xfs", Firmware::Uefi, Firmware::Bios)];
    let mut tool_ms = 0;
    for (filesystem, first, second) in firmwares {
        for (leaf, firmware, kernel) in [("1", first, &old), ("2", second, &new)] {
            let image = format!("boot/{filesystem}/{leaf}");
            let report = rig.json(&["unpacker", "unpack", &image]);
            assert_eq!(report["boot"]["mode"], "uefi-preferred", "{report}");
            let boot_ms = report["phase_ms"]["boot"].as_u64().unwrap();
            assert!(boot_ms < 10_000, "{report}");
            tool_ms = tool_ms.max(boot_ms);
            let disk = publish(&rig, &image);
            let said = boot(&disk, firmware, &rig.path("."));
            let expected = format!(
                "image=boot/debian/{leaf} kernel={kernel} root={filesystem} esp=BOOTX64.EFI,"
            );
            assert!(said.contains(&expected), "no '{expected}' in:\n{said}");
            assert_mounts_are_sound(&said);
            std::fs::remove_file(disk).unwrap();
        }
        // The old kernel is gone, and the volume verifies with its generated files.
        let volume = rig.path(&format!("{filesystem}.img"));
        let verified = rig.json(&["unpacker", "verify", &format!("boot/{filesystem}")]);
        assert_eq!(verified["differences"], serde_json::json!([]));
        let mounted = MountedImage::open(&volume, ROOT_OFFSET, &rig.path("mnt"));
        assert_eq!(kernels(mounted.path()), std::slice::from_ref(&new));
        let menu = std::fs::read_to_string(mounted.path().join("boot/grub/grub.cfg")).unwrap();
        assert!(menu.contains(&new) && !menu.contains(&old), "{menu}");
        // Only generated files differ from the image.
        let (a, b) = (walk::snapshot(&two).unwrap(), walk::snapshot(mounted.path()).unwrap());
        let differences = walk::differences(&a, &b);
        let is_generated = |line: &String| {
            ["etc/fstab", "boot/grub", "boot/efi", "boot"].iter().any(|path| line.contains(path))
        };
        assert!(differences.iter().all(is_generated), "{differences:?}");
    }

    // A revision with the same kernel dirties no blocks for booting.
    std::fs::write(two.join("etc/motd"), "changed").unwrap();
    rig.json(&["image", "add", "boot/ext4/3", text(&two)]);
    let report = rig.json(&["unpacker", "unpack", "boot/ext4/3"]);
    assert_eq!(report["dirty_blocks_512k"]["boot"], 0, "{report}");
    assert_eq!(report["steps"]["rewrite"], 1, "{report}");
    // The boot loader's tool did not run again: when it runs, it takes most of the phase's time.
    let again_ms = report["phase_ms"]["boot"].as_u64().unwrap();
    assert!(again_ms * 2 < tool_ms, "{again_ms} ms, then {tool_ms} ms: {report}");
    // Unpacking again with `--verify full` generates the same files and dirties nothing.
    let again = rig.json(&["unpacker", "unpack", "boot/ext4/3", "--verify", "full"]);
    assert_eq!(again["dirty_blocks_512k"]["boot"], 0, "{again}");
    // A machine can verify the volume even if it must first fetch the boot loader's files.
    let (volume, tls_dir, cache) = (rig.path("ext4.img"), rig.path("pki/read"), rig.path("cache"));
    let mut verify = Command::new(program("unpackd"));
    verify.args(["verify", "boot/ext4/3"]).arg(volume).args(["--imaged", rig.imaged_address()]);
    let output = verify.arg("--tls-dir").arg(tls_dir).arg("--cache").arg(cache).output().unwrap();
    expect_code(&output, 0, &["verify"]);
}

#[test]
fn privileged_a_volume_of_the_daemon_grows() {
    if !testkit::is_privileged("privileged_a_volume_of_the_daemon_grows") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("file"), "one").unwrap();
    rig.json(&["image", "add", "grow/tree/1", text(&tree)]);
    let volume = rig.add_volume("grow/tree", "96MiB");
    rig.json(&["unpacker", "unpack", "grow/tree/1"]);
    std::fs::File::options().write(true).open(&volume).unwrap().set_len(192 << 20).unwrap();
    let report = rig.json(&["unpacker", "unpack", "grow/tree/1"]);
    assert_eq!(report["steps"]["rewrite"], 0, "{report}");
    testkit::image::assert_fsck_clean(&volume, ROOT_OFFSET);
    let captured = rig.json(&["unpacker", "capture", "grow/tree", "--no-boot"]);
    assert_eq!(captured["size"], 192 << 20);
    rig.json(&["unpacker", "release", "grow/tree"]);
    // unpackd also grows the volume itself if an image does not fit.
    std::fs::write(tree.join("large"), testkit::hostile::noise(256 << 20, 1)).unwrap();
    rig.json(&["image", "add", "grow/tree/2", text(&tree)]);
    rig.json(&["unpacker", "unpack", "grow/tree/2"]);
    let verified = rig.json(&["unpacker", "verify", "grow/tree"]);
    assert_eq!(verified["differences"], serde_json::json!([]));
}

/// Makes a tree that seems to have a boot loader; `script` becomes the boot loader's tool, `grub-mkimage`.
fn seeming(rig: &Rig, name: &str, script: &str) -> PathBuf {
    let tree = rig.path(name);
    rootfs::copy(&rootfs::debian(), &tree);
    std::fs::write(tree.join("boot/vmlinuz-1"), testkit::boot::x86_kernel("1")).unwrap();
    std::fs::write(tree.join("boot/initrd.img-1"), "initrd").unwrap();
    let grub = tree.join("usr/lib/grub/i386-pc");
    std::fs::create_dir_all(&grub).unwrap();
    for module in
        ["part_gpt", "ext2", "normal", "configfile", "linux", "search", "test", "biosdisk"]
    {
        std::fs::write(grub.join(format!("{module}.mod")), module).unwrap();
    }
    let mut sector = vec![0; 512];
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    std::fs::write(grub.join("boot.img"), sector).unwrap();
    let tool = tree.join("usr/bin/grub-mkimage");
    std::fs::write(&tool, script).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    tree
}

/// Applies a tree to a new volume; returns the report and the volume.
fn applied(rig: &Rig, name: &str, tree: &Path) -> (Value, PathBuf) {
    let image = format!("hostile/{name}/1");
    rig.json(&["image", "add", &image, text(tree)]);
    let volume = rig.path(&format!("{name}.img"));
    std::fs::File::create(&volume).unwrap().set_len(1 << 30).unwrap();
    let output = run(Command::new(program("unpackd")).args([
        "apply",
        &image,
        text(&volume),
        "--json",
        "--store",
        text(&rig.path("imaged")),
    ]));
    (serde_json::from_str(&output).unwrap(), volume)
}

#[test]
fn privileged_hostile_boot_files_harm_nothing() {
    if !testkit::is_privileged("privileged_hostile_boot_files_harm_nothing") {
        return;
    }
    let rig = Rig::start();
    let outside = rig.path("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("fstab"), "untouched").unwrap();
    let problem =
        |report: &Value| report["boot"]["problem"].as_str().unwrap_or_default().to_owned();

    // Symlinks that lead out of the tree are neither followed nor replaced.
    for (name, path, words) in [
        ("boot", "boot", "its /boot is no directory"),
        ("fstab", "etc/fstab", "its /etc/fstab is no file"),
        ("grub", "boot/grub", "its /boot/grub is no directory"),
    ] {
        let tree = seeming(&rig, name, "#!/bin/sh\nexit 1\n");
        let place = tree.join(path);
        if place.is_dir() {
            std::fs::remove_dir_all(&place).unwrap();
        } else {
            std::fs::remove_file(&place).ok();
        }
        let target = if name == "fstab" { outside.join("fstab") } else { outside.clone() };
        symlink(target, &place).unwrap();
        let (report, volume) = applied(&rig, name, &tree);
        assert_eq!(problem(&report), words);
        let mounted = MountedImage::open(&volume, ROOT_OFFSET, &rig.path("mnt"));
        assert!(mounted.path().join(path).is_symlink(), "{name}");
    }
    assert_eq!(std::fs::read_to_string(outside.join("fstab")).unwrap(), "untouched");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);

    // A hostile tool reports what it could reach.
    let script = r#"#!/usr/bin/perl
use Socket; my @could;
for my $path ("/created", "/tmp/created", "/etc/passwd") {
    if (open(my $file, ">>", $path)) { push @could, "write $path" }
}
push @could, "see processes" if -e "/proc/1";
push @could, "see devices" if -e "/dev/null" && -c "/dev/null" && open(my $null, ">", "/dev/null");
socket(my $socket, PF_INET, SOCK_STREAM, 0);
push @could, "connect" if connect($socket, sockaddr_in(80, inet_aton("169.254.169.254")));
my $network = "$!";
push @could, "be root" if $> == 0 || $< == 0;
my ($none, $mnt, $tmpfs) = ("none", "/mnt", "tmpfs");
push @could, "mount" if syscall(165, $none, $mnt, $tmpfs, 0, 0) == 0;
push @could, "be root in a namespace" if syscall(272, 0x10000000) == 0;
my $child = syscall(56, 0x10000011, 0, 0, 0, 0); exit 0 if $child == 0;
push @could, "be born in a namespace" if $child > 0;
print STDERR "could: [@could] network: $network\n"; exit 1;
"#;
    let (report, _) = applied(&rig, "reach", &seeming(&rig, "reach", script));
    let words = problem(&report);
    assert!(words.contains("could: [] network: Network is unreachable"), "{words}");

    // Tools that never end, endlessly make processes, or flood their output are stopped.
    for (name, script, words) in [
        (
            "sleep",
            "#!/usr/bin/perl\nsyscall(157, 1, 0, 0, 0, 0); sleep 1000;\n",
            "did not end within 20 s",
        ),
        ("fork", "#!/bin/sh\nf() { f | f & f; }\nf\n", "grub-mkimage"),
        ("flood", "#!/bin/sh\ncat /dev/zero || yes\n", "MiB"),
    ] {
        let begin = Instant::now();
        let (report, _) = applied(&rig, name, &seeming(&rig, name, script));
        assert!(problem(&report).contains(words), "{name}: {report}");
        assert!(begin.elapsed() < Duration::from_secs(60), "{name}");
        // Only zombies may be left: processes that have ended, but that nobody has reaped yet.
        let left = Command::new("ps").args(["-o", "stat=", "-u", "2130000017"]).output().unwrap();
        let left = String::from_utf8_lossy(&left.stdout).into_owned();
        assert!(left.lines().all(|state| state.starts_with('Z')), "{name}: {left}");
    }

    // An image's own boot menu of 100 MiB is replaced on the volume, even though the boot loader's tool fails.
    let tree = seeming(&rig, "menu", "#!/bin/sh\nexit 1\n");
    std::fs::create_dir_all(tree.join("boot/grub")).unwrap();
    std::fs::write(tree.join("boot/grub/grub.cfg"), vec![b'#'; 100 << 20]).unwrap();
    let (report, volume) = applied(&rig, "menu", &tree);
    assert!(problem(&report).contains("grub-mkimage failed"), "{report}");
    let mounted = MountedImage::open(&volume, ROOT_OFFSET, &rig.path("mnt"));
    assert!(std::fs::metadata(mounted.path().join("boot/grub/grub.cfg")).unwrap().len() < 4096);
    drop(mounted);

    // A kernel is reported if it lacks a feature of the volume's filesystem. It is not reported if it lacks only
    // features that the volume does not use.
    for (name, list, words) in [
        ("old", "orphan_file metadata_csum\n", "lists metadata_csum"),
        ("new", "orphan_file\nmetadata_csum_seed\n", "grub-mkimage failed"),
    ] {
        let tree = seeming(&rig, name, "#!/bin/sh\nexit 1\n");
        std::fs::write(tree.join("boot/ext4.unsupported-features"), list).unwrap();
        let (report, _) = applied(&rig, name, &tree);
        assert!(problem(&report).contains(words), "{report}");
    }

    // A volume that cannot boot is captured only with `--no-boot`.
    rig.add_volume("hostile/menu", "1GiB");
    rig.json(&["unpacker", "unpack", "hostile/menu/1"]);
    let message = rig.refused("publish", 4, &["unpacker", "capture", "hostile/menu"]);
    assert!(message.contains("cannot boot") && message.contains("--no-boot"), "{message}");
    rig.json(&["unpacker", "capture", "hostile/menu", "--no-boot"]);
}

#[test]
fn privileged_what_should_not_ship_is_found() {
    if !testkit::is_privileged("privileged_what_should_not_ship_is_found") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    rootfs::copy(&rootfs::bootable(), &tree);
    // Removes debootstrap's remains, which are no fault of the image.
    for folder in ["var/cache/apt/archives", "var/lib/apt/lists"] {
        std::fs::remove_dir_all(tree.join(folder)).unwrap();
    }
    for name in ["etc/machine-id", "var/lib/dbus/machine-id", "var/lib/systemd/random-seed"] {
        std::fs::remove_file(tree.join(name)).ok();
    }
    let rules = |image: &str| -> Vec<String> {
        let shown = rig.json(&["image", "show", image]);
        let findings = shown["findings"].as_array().unwrap().clone();
        let rule = |finding: &Value| format!("{} {}", finding["rule"], finding["path"]);
        let mut rules: Vec<String> = findings.iter().map(rule).collect();
        rules.sort();
        rules
    };
    // A clean Debian has no findings: its initial RAM disk has drivers for disk and network.
    rig.json(&["image", "add", "lint/tree/1", text(&tree), "--strict"]);
    assert_eq!(rules("lint/tree/1"), [] as [String; 0]);

    let kernel = kernels(&tree)[0].clone();
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
    for (path, content) in [
        ("etc/ssh/ssh_host_rsa_key", key),
        ("etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("root/.bash_history", "mysql -psecret\n"),
        ("home/somebody/.ssh/id_ed25519", key),
        ("etc/ssl/private/server.pem", key),
        ("etc/ssl/private/public.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("var/lib/cloud/instance/user-data.txt", "#cloud-config\n"),
        ("var/cache/apt/archives/nginx.deb", "package"),
        (&format!("boot/initrd.img-{kernel}"), "no archive"),
    ] {
        let path = tree.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let message =
        rig.refused("publish", 4, &["image", "add", "lint/tree/2", text(&tree), "--strict"]);
    assert!(message.contains("/root/.bash_history"), "{message}");
    rig.refused("publish", 3, &["image", "show", "lint/tree/2"]);
    let added = rig.json(&["image", "add", "lint/tree/2", text(&tree)]);
    assert_eq!(added["findings"], 8, "{added}");
    let initrd = format!("\"initrd\" \"/boot/initrd.img-{kernel}\"");
    assert_eq!(
        rules("lint/tree/2"),
        [
            "\"cloud-init-state\" \"/var/lib/cloud/instance\"",
            "\"host-key\" \"/etc/ssh/ssh_host_rsa_key\"",
            &initrd,
            "\"machine-id\" \"/etc/machine-id\"",
            "\"package-cache\" \"/var/cache/apt/archives/nginx.deb\"",
            "\"private-key\" \"/etc/ssl/private/server.pem\"",
            "\"private-key\" \"/home/somebody/.ssh/id_ed25519\"",
            "\"shell-history\" \"/root/.bash_history\"",
        ]
    );

    // An initial RAM disk without drivers is a finding if the kernel has no built-in ones.
    std::fs::remove_file(tree.join(format!("usr/lib/modules/{kernel}/modules.builtin"))).unwrap();
    let archive =
        "cd $(mktemp -d) && mkdir -p usr/lib && echo x >usr/lib/file && find . | cpio -o -H newc";
    let output = Command::new("sh").args(["-c", archive]).output().unwrap();
    std::fs::write(tree.join(format!("boot/initrd.img-{kernel}")), output.stdout).unwrap();
    rig.json(&["image", "add", "lint/tree/3", text(&tree)]);
    let found = rules("lint/tree/3");
    assert!(found.iter().any(|rule| rule.contains("nvme-driver")), "{found:?}");
    assert!(found.iter().any(|rule| rule.contains("ena-driver")), "{found:?}");
}
