//! Disk images: added raw and as qcow2, fetched, compared, and published without a volume.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;

use e2e::release::{EFI_DISK_LEN as LEN, Release, efi_disk, soon};
use e2e::text;
use testkit::hostile::noise;

const BLOCK: u64 = 512 << 10;

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn disk_images_are_published_without_a_volume() {
    let release = Release::start(soon(false));
    let rig = &release.rig;
    let raw = rig.path("one.raw");
    efi_disk(&raw);
    let added = rig.json(&["image", "add", "appliance/router/1", text(&raw), "--arch", "x86_64"]);
    assert_eq!((&added["kind"], &added["bytes"]), (&"disk".into(), &LEN.into()), "{added}");
    let shown = rig.json(&["image", "show", "appliance/router/1"]);
    assert_eq!(shown["boot_modes"], serde_json::json!(["uefi"]), "{shown}");
    assert_eq!(
        rig.json(&["image", "verify", "appliance/router/1"])["damaged"],
        serde_json::json!([])
    );

    // The second revision changes three blocks: one of data, one in a hole, and the last.
    let raw_two = rig.path("two.raw");
    std::fs::copy(&raw, &raw_two).unwrap();
    let file = File::options().write(true).open(&raw_two).unwrap();
    for at in [103 << 20, 90 << 20, LEN - 3] {
        file.write_all_at(b"two", at).unwrap();
    }
    rig.json(&["image", "add", "appliance/router/2", text(&raw_two), "--arch", "x86_64"]);
    let diff = rig.json(&["image", "diff", "appliance/router/1", "appliance/router/2"]);
    assert_eq!((&diff["changed_blocks"], &diff["blocks"]), (&3.into(), &301.into()), "{diff}");

    let publish = |image: &str, more: &[&str]| {
        let more = [&["--unencrypted", "--prove", "all"], more].concat();
        release.publish(image, &["*/us-east-1"], &more)
    };
    let content = std::fs::read(&raw).unwrap();
    let full = content.chunks(BLOCK as usize).filter(|b| b.iter().any(|byte| *byte != 0)).count();
    let plan = publish("appliance/router/1", &["--dry-run"]);
    assert_eq!(plan["targets"][0]["blocks"], full, "{plan}");
    let first = publish("appliance/router/1", &[]);
    let plan = publish("appliance/router/2", &["--dry-run"]);
    assert_eq!(plan["targets"][0]["blocks"], 3, "{plan}");
    let second = publish("appliance/router/2", &[]);
    for (document, raw, blocks) in [(&first, &raw, full), (&second, &raw_two, 3)] {
        let mut expected = vec![0; 1 << 30];
        File::open(raw).unwrap().read_exact_at(&mut expected[..LEN as usize], 0).unwrap();
        for result in document["results"].as_array().unwrap() {
            assert_eq!(result["BlocksPut"], blocks, "{result}");
            let disk = release.sim.disk(result["SnapshotId"].as_str().unwrap()).unwrap();
            assert!(disk == expected, "{result}: another disk");
        }
    }
    let world = release.sim.world();
    let ami = world.places["111111111111"]["us-east-1"].amis.values().next().unwrap();
    assert_eq!(ami.boot_mode.as_deref(), Some("uefi"));
    drop(world);

    // Other tools confirm that the disk comes back unchanged in both formats.
    let back = rig.path("back.raw");
    rig.json(&["image", "get", "appliance/router/2", text(&back)]);
    run(Command::new("cmp").args([&back, &raw_two]));
    let out = rig.path("out");
    let to = ["publish", "appliance/router/1", "--via", "local", "--format", "qcow2", "--out"];
    let local = rig.json(&[&to[..], &[text(&out)]].concat());
    let path = local["results"][0]["Path"].as_str().unwrap();
    run(Command::new("qemu-img").args(["compare", "-f", "raw", "-F", "qcow2", text(&raw), path]));
}

#[test]
fn a_qcow2_is_the_disk_in_it() {
    let release = Release::start(soon(true));
    let rig = &release.rig;
    let raw = rig.path("one.img");
    efi_disk(&raw);
    let qcow2 = rig.path("one.qcow2");
    let mut manifests = Vec::new();
    let add = |name: &str, path: &Path| {
        let added = rig.json(&["image", "add", name, text(path), "--arch", "x86_64"]);
        added["manifest"].as_str().unwrap().to_owned()
    };
    manifests.push(add("format/raw/1", &raw));
    for (number, options) in
        [&[][..], &["-c"], &["-o", "compat=0.10"], &["-o", "cluster_size=2M"]].iter().enumerate()
    {
        let mut convert = Command::new("qemu-img");
        convert.args(["convert", "-f", "raw", "-O", "qcow2"]).args(*options);
        run(convert.args([&raw, &qcow2]));
        manifests.push(add(&format!("format/qcow2/{number}"), &qcow2));
    }
    assert!(manifests.iter().all(|manifest| *manifest == manifests[0]), "{manifests:?}");

    // The content decides the format. The name counts only if the content leaves the format open. An archive is still
    // recognised as an archive.
    let img = rig.path("cloud.img");
    std::fs::copy(&qcow2, &img).unwrap();
    assert_eq!(add("format/img/1", &img), manifests[0]);
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("file"), noise(4096, 3)).unwrap();
    let archive = rig.path("tree.tar.gz");
    run(Command::new("tar").args(["-czf", text(&archive), "-C", text(&tree), "."]));
    let mut bytes = std::fs::read(&archive).unwrap();
    // Puts an empty gzip member in front. Its extra field has the mark of a boot record at the offset where a disk has
    // that mark.
    let mut marked = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\xf6\x01".to_vec();
    marked.resize(12 + 502, 0);
    marked[510..512].copy_from_slice(&[0x55, 0xaa]);
    marked.extend_from_slice(b"\x03\0\0\0\0\0\0\0\0\0");
    marked.append(&mut bytes);
    std::fs::write(&archive, marked).unwrap();
    let added = rig.json(&["image", "add", "format/tar/1", text(&archive), "--arch", "x86_64"]);
    assert_eq!(added["kind"], "tree", "{added}");

    // A qcow2 that reads from another file of this machine is refused, as are other formats.
    let secret = rig.path("secret");
    std::fs::write(&secret, noise(1 << 20, 9)).unwrap();
    let backed = rig.path("backed.qcow2");
    let mut create = Command::new("qemu-img");
    create.args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b", text(&secret)]).arg(&backed);
    run(&mut create);
    let refused = |path: &Path, more: &[&str], why: &str| {
        let arguments = [&["image", "add", "format/bad/1", text(path)], more].concat();
        let (code, _, said) = release.run(&arguments);
        assert!((code == 4 || code == 2) && said.contains(why), "{code} {said}");
    };
    let arch = &["--arch", "x86_64"];
    refused(&backed, arch, "backing file");
    let vmdk = rig.path("one.vmdk");
    std::fs::write(&vmdk, "KDMV").unwrap();
    refused(&vmdk, arch, "qemu-img convert");
    refused(&raw, &[], "--arch");
    let named_raw = rig.path("named.raw");
    std::fs::copy(&qcow2, &named_raw).unwrap();
    refused(&named_raw, arch, "begins like a qcow2");
    // A truncated header, an empty file, and a file above 512 GiB.
    let bytes = std::fs::read(&qcow2).unwrap();
    let cut = rig.path("cut.qcow2");
    std::fs::write(&cut, &bytes[..60]).unwrap();
    refused(&cut, arch, "cut off");
    let empty = rig.path("empty.raw");
    File::create(&empty).unwrap();
    refused(&empty, arch, "0 bytes");
    let huge = rig.path("huge.raw");
    File::create(&huge).unwrap().set_len((512 << 30) + 512).unwrap();
    refused(&huge, arch, "512 GiB");
    // Commands for files refuse disk images.
    let (code, _, said) = release.run(&["image", "cat", "format/raw/1", "etc/passwd"]);
    assert!(code == 4 && said.contains("disk image"), "{code} {said}");
}
