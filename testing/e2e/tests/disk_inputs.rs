//! Disk images in the state in which people have them: wrapped, truncated, from other programs, with odd sizes, for
//! machines that EC2 does not have.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};

use e2e::{Rig, expect_code, text};
use serde_json::Value;
use testkit::hostile::noise;

const LEN: u64 = 20 << 20;

/// Makes a disk with a boot program, an EFI system partition and data.
fn disk(path: &Path) {
    let file = File::create(path).unwrap();
    file.set_len(LEN).unwrap();
    let table = "label: gpt\nstart=2048, size=4096, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B\n\
                 start=8192, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4\n";
    let mut child =
        Command::new("sfdisk").arg("-q").arg(path).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), table.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    file.write_all_at(b"\xeb\x63\x90\x10\x8e", 0).unwrap();
    file.write_all_at(&noise(1 << 20, 1), 4 << 20).unwrap();
    file.write_all_at(&noise(300_000, 2), 7 << 20).unwrap();
}

/// Runs a shell script in the rig's folder.
fn shell(rig: &Rig, script: &str) {
    testkit::image::run(Command::new("sh").args(["-ec", script]).current_dir(rig.path(".")));
}

struct Adder {
    rig: Rig,
    count: std::cell::Cell<u32>,
}

impl Adder {
    fn new() -> Self {
        let rig = Rig::start();
        disk(&rig.path("disk.raw"));
        Self { rig, count: std::cell::Cell::new(0) }
    }

    fn arguments(&self, file: &str, more: &[&str]) -> Vec<String> {
        self.count.set(self.count.get() + 1);
        let name = format!("a/b/{}", self.count.get());
        let path =
            if file == "-" { file.to_owned() } else { text(&self.rig.path(file)).to_owned() };
        let more = more.iter().map(|word| (*word).to_owned());
        ["image".to_owned(), "add".to_owned(), name, path].into_iter().chain(more).collect()
    }

    fn add(&self, file: &str, more: &[&str]) -> Value {
        let arguments = self.arguments(file, more);
        self.rig.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn refused(&self, code: i32, file: &str, more: &[&str]) -> String {
        let arguments = self.arguments(file, more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.rig.refused("publish", code, &arguments)
    }

    /// Adds a file's content from standard input.
    fn add_stream(&self, file: &str, more: &[&str]) -> std::process::Output {
        let arguments = self.arguments("-", more);
        let input = File::open(self.rig.path(file)).unwrap();
        self.rig.command("publish").arg("--json").args(arguments).stdin(input).output().unwrap()
    }
}

const ARCH: &[&str] = &["--arch", "x86_64"];

#[test]
fn what_is_around_a_disk_is_taken_off() {
    let adder = Adder::new();
    shell(
        &adder.rig,
        "gzip -k disk.raw; xz -k disk.raw; zstd -qk disk.raw; bzip2 -k disk.raw; lz4 -q disk.raw disk.raw.lz4
         cp disk.raw.gz named.img; tar -czf disk.tar.gz disk.raw; tar --format=oldgnu -cSzf cloud.tar.gz disk.raw
         qemu-img convert -f raw -O qcow2 disk.raw disk.qcow2; xz -k disk.qcow2; tar -cf q.tar disk.qcow2",
    );
    let plain = adder.add("disk.raw", ARCH);
    for file in [
        "disk.raw.gz",
        "disk.raw.xz",
        "disk.raw.zst",
        "disk.raw.bz2",
        "disk.raw.lz4",
        "named.img",
        "disk.tar.gz",
        "cloud.tar.gz",
        "disk.qcow2.xz",
        "q.tar",
    ] {
        let added = adder.add(file, ARCH);
        assert_eq!(added["manifest"], plain["manifest"], "{file}: {added}");
        assert_eq!(added["kind"], "disk", "{file}: {added}");
    }
    for file in ["disk.raw", "disk.raw.gz", "disk.qcow2", "disk.tar.gz"] {
        let output = adder.add_stream(file, ARCH);
        expect_code(&output, 0, &[file]);
        let added: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(added["manifest"], plain["manifest"], "{file} on standard input: {added}");
    }
    let shown = adder.rig.json(&["image", "show", "a/b/2"]);
    assert_eq!(shown["boot_modes"], serde_json::json!(["bios", "uefi"]), "{shown}");

    // A tar with more than a disk is added as a tree. On standard input it is refused, because the second file is found
    // too late.
    shell(&adder.rig, "echo x > more; tar -czf two.tar.gz disk.raw more");
    assert_eq!(adder.add("two.tar.gz", ARCH)["kind"], "tree");
    let said = expect_code(&adder.add_stream("two.tar.gz", ARCH), 4, &["two.tar.gz"]);
    assert!(said.contains("begins with a disk and holds more"), "{said}");
    // A truncated file is refused, not taken for a shorter disk.
    shell(
        &adder.rig,
        "for f in disk.raw.*; do head -c $(($(stat -c %s $f) / 2)) $f > cut-$f; done",
    );
    for file in ["gz", "xz", "zst", "bz2", "lz4"] {
        let said = adder.refused(4, &format!("cut-disk.raw.{file}"), ARCH);
        assert!(said.contains("cut off"), "{file}: {said}");
    }
    let said = adder.refused(2, "disk.raw.gz", &[]);
    assert!(said.contains("--arch x86_64"), "{said}");
}

#[test]
fn what_is_no_disk_of_ours_is_refused_by_name() {
    let adder = Adder::new();
    shell(
        &adder.rig,
        "for f in vmdk vpc vhdx vdi qcow; do qemu-img convert -f raw -O $f disk.raw d.$f; cp d.$f $f.img; cp d.$f $f.raw; done
         qemu-img convert -f raw -O vpc -o subformat=fixed,force_size=on disk.raw fixed.img; gzip -k fixed.img
         gzip -k vmdk.raw; mkdir folder; echo x > folder/x; xorriso -as mkisofs -quiet -o plain.iso folder
         mkfs.ext4 -q -b 1024 ext 1M; head -c 3000 /usr/bin/env > program",
    );
    for (format, command) in [
        ("vmdk", "qemu-img convert -f vmdk"),
        ("vpc", "qemu-img convert -f vpc"),
        ("vhdx", "qemu-img convert -f vhdx"),
        ("vdi", "qemu-img convert -f vdi"),
        ("qcow", "qemu-img convert -f qcow "),
    ] {
        for file in [format!("d.{format}"), format!("{format}.img"), format!("{format}.raw")] {
            let said = adder.refused(4, &file, ARCH);
            assert!(said.contains(command), "{file}: {said}");
        }
        let output = adder.add_stream(&format!("d.{format}"), ARCH);
        let said = expect_code(&output, 4, &[format]);
        assert!(said.contains(command), "{format} on standard input: {said}");
    }
    for (file, what) in [
        ("fixed.img", "qemu-img convert -f vpc"),
        ("fixed.img.gz", "qemu-img convert -f vpc"),
        ("vmdk.raw.gz", "qemu-img convert -f vmdk"),
        ("plain.iso", "ISO 9660"),
        ("ext", "mount -o loop,ro"),
        ("program", "is this the right file?"),
    ] {
        let said = adder.refused(4, file, ARCH);
        assert!(said.contains(what) && said.contains(file), "{file}: {said}");
    }
}

#[test]
fn ciphertext_and_what_was_cut_off_are_no_disks() {
    let adder = Adder::new();
    shell(&adder.rig, "head -c 9M disk.raw >cut.raw");
    let said = adder.refused(4, "cut.raw", ARCH);
    assert!(said.contains("partition 2 ends at byte") && said.contains("it was cut off"), "{said}");
    let arguments = adder.arguments("cut.raw", &[ARCH, &["--allow-odd-size"]].concat());
    let output = adder.rig.command("publish").arg("--json").args(&arguments).output().unwrap();
    let said = expect_code(&output, 0, &["cut.raw"]);
    assert!(said.contains("partition 2 ends at byte"), "{said}");
    shell(
        &adder.rig,
        "qemu-img convert -f raw -O qcow2 disk.raw plain.qcow2; cp plain.qcow2 cut.qcow2
         qemu-img convert -c -f raw -O qcow2 disk.raw c.qcow2; cp c.qcow2 cut-c.qcow2
         truncate -s $(($(stat -c %s cut.qcow2) - 500000)) cut.qcow2
         truncate -s $(($(stat -c %s cut-c.qcow2) * 2 / 3)) cut-c.qcow2
         for how in luks aes; do
             qemu-img convert -f raw -O qcow2 --object secret,id=s,data=passw0rd \
                 -o encrypt.format=$how,encrypt.key-secret=s$([ $how = aes ] || echo ,encrypt.iter-time=10) disk.raw $how.qcow2
         done",
    );
    for (file, what) in [
        ("luks.qcow2", "encrypted (LUKS)"),
        ("aes.qcow2", "encrypted (AES)"),
        ("cut.qcow2", "cut off"),
        ("cut-c.qcow2", "cut off"),
    ] {
        let said = adder.refused(4, file, ARCH);
        assert!(said.contains(what), "{file}: {said}");
    }
    // Features that only qemu supports, and sizes that no volume can have, are refused.
    shell(
        &adder.rig,
        "qemu-img convert -O qcow2 -o compression_type=zstd -c disk.raw zstd.qcow2
         qemu-img convert -O qcow2 -o extended_l2=on disk.raw extl2.qcow2
         qemu-img convert -O qcow2 -o data_file=ext.bin,data_file_raw=on disk.raw ext.qcow2
         qemu-img create -q -f qcow2 huge.qcow2 600G
         qemu-img convert -O qcow2 disk.raw snap.qcow2; qemu-img snapshot -c before snap.qcow2
         qemu-io -c 'write -q -P 7 0 64k' snap.qcow2
         qemu-img convert -O raw snap.qcow2 active.raw",
    );
    for (file, words) in [
        ("zstd.qcow2", "qemu-img convert"),
        ("extl2.qcow2", "qemu-img convert"),
        ("ext.qcow2", "qemu-img convert"),
        ("huge.qcow2", "512 GiB"),
    ] {
        let said = adder.refused(4, file, ARCH);
        assert!(said.contains(words), "{file}: {said}");
    }
    // If a qcow2 has snapshots, its active state is added.
    let active = adder.add("snap.qcow2", ARCH);
    assert_eq!(active["manifest"], adder.add("active.raw", ARCH)["manifest"]);
    let plain = adder.add("plain.qcow2", ARCH);
    assert_eq!(adder.add("c.qcow2", ARCH)["manifest"], plain["manifest"]);
}

#[test]
fn disks_end_with_a_whole_sector_or_are_filled_up() {
    let adder = Adder::new();
    shell(
        &adder.rig,
        "cp disk.raw odd.raw; printf %0100d 7 >> odd.raw; printf hello > five.raw; head -c 511 disk.raw > sub.raw
         cp odd.raw filled.raw; truncate -s %512 filled.raw; gzip -k odd.raw",
    );
    for file in ["odd.raw", "five.raw", "sub.raw", "odd.raw.gz"] {
        let said = adder.refused(4, file, ARCH);
        assert!(
            said.contains("not a multiple of 512") && said.contains("--allow-odd-size"),
            "{said}"
        );
    }
    let filled = adder.add("filled.raw", ARCH);
    for file in ["odd.raw", "odd.raw.gz"] {
        let arguments = adder.arguments(file, &["--arch", "x86_64", "--allow-odd-size"]);
        let output = adder.rig.command("publish").arg("--json").args(&arguments).output().unwrap();
        let said = expect_code(&output, 0, &[file]);
        assert!(said.contains("padded with zeros from 20971620 to 20972032"), "{said}");
        let added: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(added["manifest"], filled["manifest"], "{added}");
        assert_eq!(added["bytes"], LEN + 512, "{added}");
    }
    // No zeros are added to a disk of whole sectors, and no message is printed.
    let added = adder.add("disk.raw", &["--arch", "x86_64", "--allow-odd-size"]);
    assert_eq!(added["bytes"], LEN);
}

#[test]
fn sectors_of_4096_bytes_are_refused() {
    let adder = Adder::new();
    // Writes what `sfdisk --sector-size 4096` would write: Debian's sfdisk does not support this option yet.
    let file = File::create(adder.rig.path("large.raw")).unwrap();
    file.set_len(32 << 20).unwrap();
    let mut record = [0; 512];
    record[450] = 0xee;
    record[510..].copy_from_slice(&[0x55, 0xaa]);
    file.write_all_at(&record, 0).unwrap();
    let entries = [0; 16384];
    let crc = |bytes: &[u8]| {
        let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
    };
    let mut header = [0; 92];
    header[..8].copy_from_slice(b"EFI PART");
    for (at, word) in
        [(8, 0x10000), (12, 92), (24, 1), (72, 2), (80, 128), (84, 128), (88, crc(&entries))]
    {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
    }
    let sum = crc(&header);
    header[16..20].copy_from_slice(&sum.to_le_bytes());
    file.write_all_at(&header, 4096).unwrap();
    let said = adder.refused(4, "large.raw", ARCH);
    assert!(said.contains("sectors of 4096 bytes") && said.contains("512"), "{said}");
}

#[test]
fn architectures_are_known_when_an_image_is_added() {
    let adder = Adder::new();
    std::fs::create_dir(adder.rig.path("tree")).unwrap();
    std::fs::write(adder.rig.path("tree/file"), "x").unwrap();
    shell(&adder.rig, "tar -cf tree.tar -C tree .");
    for (said, meant) in [("amd64", "x86_64"), ("aarch64", "arm64"), ("x86_64", "x86_64")] {
        for source in ["disk.raw", "tree", "tree.tar"] {
            adder.add(source, &["--arch", said]);
            let shown = adder.rig.json(&["image", "show", &format!("a/b/{}", adder.count.get())]);
            assert_eq!(shown["architecture"], meant, "{source} {said}: {shown}");
        }
    }
    // An image for one processor is not silently accepted for another.
    let disk = adder.rig.path("disk.raw");
    let add = |arch| ["image", "add", "a/again/1", text(&disk), "--arch", arch];
    adder.rig.json(&add("arm64"));
    let said = adder.rig.refused("publish", 4, &add("x86_64"));
    assert!(said.contains("exists already, for arm64"), "{said}");
    adder.rig.json(&add("aarch64"));
    for wrong in ["", "i386", "riscv64", "amd46"] {
        for source in ["disk.raw", "tree", "tree.tar"] {
            let said = adder.refused(2, source, &["--arch", wrong]);
            assert!(said.contains("x86_64 (amd64) or arm64 (aarch64)"), "{said}");
        }
        let disk = adder.rig.path("disk.raw");
        let from =
            ["publish", "a/b/9", "--from", text(&disk), "--arch", wrong, "--out", "/nowhere"];
        let said = adder.rig.refused("publish", 2, &from);
        assert!(said.contains("x86_64 (amd64) or arm64 (aarch64)"), "{said}");
    }
}
