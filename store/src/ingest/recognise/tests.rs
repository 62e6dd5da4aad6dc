//! Inputs made by the real tools.

use std::process::Command;

use super::*;
use crate::ingest::{Exclude, HashOnly, Options, Progress, ingest_tar};

/// Runs a shell script in a folder of its own that holds `disk`, and returns the files there
/// afterwards.
fn made(script: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let scratch = testkit::scratch();
    std::fs::write(scratch.path().join("disk"), disk()).unwrap();
    let mut shell = Command::new("sh");
    testkit::image::run(shell.arg("-ec").arg(script).current_dir(scratch.path()));
    let files = std::fs::read_dir(scratch.path()).unwrap().map(Result::unwrap);
    let files = files.filter(|file| file.file_type().unwrap().is_file());
    files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, std::fs::read(file.path()).unwrap())
        })
        .collect()
}

/// Makes a disk with a boot record, and with noise behind it.
fn disk() -> Vec<u8> {
    let mut disk = vec![0; 1 << 20];
    disk[..4].copy_from_slice(b"\xeb\x63\x90\x10");
    disk[510..512].copy_from_slice(&[0x55, 0xaa]);
    disk[70_000..90_000].copy_from_slice(&testkit::hostile::noise(20_000, 1));
    disk
}

fn foreign(what: Foreign) -> Input {
    Input::Foreign { what, compression: None }
}

#[test]
fn disks_of_other_programs_are_known_under_any_name() {
    let files = made(
        "for f in vmdk vpc vhdx vdi qcow qcow2 qed parallels; do qemu-img convert -q -f raw -O $f disk $f; done
         qemu-img convert -q -f raw -O vmdk -o subformat=streamOptimized disk stream
         qemu-img convert -q -f raw -O vmdk -o subformat=monolithicFlat disk flat.vmdk
         qemu-img convert -q -f raw -O vpc -o subformat=fixed,force_size=on disk fixed",
    );
    let expected = [
        ("vmdk", Foreign::Vmdk),
        ("stream", Foreign::Vmdk),
        ("flat.vmdk", Foreign::Vmdk),
        ("vpc", Foreign::Vhd),
        ("vhdx", Foreign::Vhdx),
        ("vdi", Foreign::Vdi),
        ("qcow", Foreign::Qcow1),
        ("qed", Foreign::Qed),
        ("parallels", Foreign::Parallels),
    ];
    for (file, what) in expected {
        for name in ["", "disk.raw", "disk.img", "disk.tar.gz"] {
            assert_eq!(recognise(&files[file], Some(name)), foreign(what), "{file} as {name}");
        }
        assert!(what.help().contains("qemu-img convert -f"), "{}", what.help());
    }
    assert_eq!(recognise(&files["qcow2"], None), Input::Disk(DiskFormat::Qcow2));
    assert_eq!(recognise(&files["disk"], None), Input::Disk(DiskFormat::Raw));
    // A fixed vhd is a raw disk with a footer.
    let fixed = &files["fixed"];
    assert_eq!(recognise(fixed, None), Input::Disk(DiskFormat::Raw));
    assert_eq!(recognise_tail(&fixed[fixed.len() - TAIL_LEN..]), Some(Foreign::Vhd));
    assert_eq!(recognise_tail(&files["disk"][..TAIL_LEN]), None);
}

#[test]
fn what_is_around_a_disk_is_seen() {
    let files = made(
        "for z in gzip xz zstd bzip2 lz4; do $z -c disk > disk.$z; done
         tar -cf one.tar disk; gzip -c one.tar > one.tgz
         truncate -s 2M disk; cp disk disk.raw; tar -cSf sparse.tar disk; tar --format=posix -cSf posix.tar disk
         tar --format=oldgnu -cSf - disk | zstd -qc > gnu.zst
         mkdir tree; cp disk tree; tar -cf tree.tar tree; tar -C tree -cf root.tar .; : > empty; gzip -c empty > empty.gz
         qemu-img convert -q -f raw -O vmdk disk web-disk1.vmdk
         printf '<?xml version=\"1.0\"?>\\n<ovf:Envelope xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1\"/>' > web.ovf
         tar --format=ustar -cf web.ova web.ovf web-disk1.vmdk; gzip -c web.ova > web.tgz
         echo notes > notes.ovf; tar -cf notes.tar notes.ovf",
    );
    use Compression::*;
    for (file, with) in [
        ("disk.gzip", Gzip),
        ("disk.xz", Xz),
        ("disk.zstd", Zstd),
        ("disk.bzip2", Bzip2),
        ("disk.lz4", Lz4),
    ] {
        let around = Wrapping { compression: Some(with), is_in_tar: false };
        assert_eq!(recognise(&files[file], Some("x.img")), Input::Wrapped(around), "{file}");
    }
    for (file, compression) in [
        ("one.tar", None),
        ("root.tar", None),
        ("one.tgz", Some(Gzip)),
        ("sparse.tar", None),
        ("posix.tar", None),
        ("gnu.zst", Some(Zstd)),
    ] {
        let around = Wrapping { compression, is_in_tar: true };
        assert_eq!(recognise(&files[file], None), Input::Wrapped(around), "{file}");
    }
    assert_eq!(recognise(&files["tree.tar"], None), Input::Tar);
    assert_eq!(recognise(&files["notes.tar"], None), Input::Tar);
    assert_eq!(recognise(&files["web.ova"], Some("web.ova")), foreign(Foreign::Ova));
    let packed = Input::Foreign { what: Foreign::Ova, compression: Some(Gzip) };
    assert_eq!(recognise(&files["web.tgz"], None), packed);
    for file in ["empty", "empty.gz"] {
        assert_eq!(recognise(&files[file], None), Input::Tar, "{file}");
    }
}

#[test]
fn names_settle_what_bytes_leave_open() {
    let noise = testkit::hostile::noise(4096, 3);
    let raw = Input::Disk(DiskFormat::Raw);
    assert_eq!(recognise(&noise, Some("a.raw")), raw);
    assert_eq!(recognise(&noise, Some("A.IMG")), raw);
    assert_eq!(recognise(b"hello", Some("a.raw")), raw);
    assert_eq!(recognise(&noise, Some("a.tar")), Input::Unknown);
    assert_eq!(recognise(&noise, None), Input::Unknown);
    assert_eq!(recognise(b"hello", None), foreign(Foreign::Text));
    // A signature that is too long to occur by chance wins over any name.
    let at = |at: usize, bytes: &[u8]| [&vec![b'x'; at], bytes, &[0; 100]].concat();
    for (bytes, what) in [
        (at(0, b"LUKS\xba\xbe"), Foreign::Luks),
        (at(0, b"hsqs"), Foreign::Squashfs),
        (at(0, b"XFSB"), Foreign::Xfs),
        (at(0, b"\x7fELF"), Foreign::Elf),
        (at(1080, b"\x53\xef"), Foreign::Ext),
        (at(1024, b"\xe2\xe1\xf5\xe0"), Foreign::Erofs),
        (at(65600, b"_BHRfS_M"), Foreign::Btrfs),
    ] {
        assert_eq!(recognise(&bytes, Some("a.img")), foreign(what));
        assert_eq!(recognise(&bytes, Some("a.raw")), foreign(what));
    }
    assert_eq!(recognise(b"MZ\x90\0\x03\0\0\0", Some("a.img")), raw);
    assert_eq!(recognise(b"\x5d\0\0\x80\0\xff\xff\xff", Some("a.img")), raw);
    // A qcow2's bytes win over the name `.raw`.
    assert_eq!(recognise(b"QFI\xfb\0\0\0\x03", Some("a.raw")), Input::Disk(DiskFormat::Qcow2));
}

/// Ingests bytes as a tar, and returns the error.
fn refusal(bytes: &[u8]) -> String {
    let progress = Progress::default();
    let algorithm = wire::digest::Algorithm::Sha256;
    let options =
        Options { algorithm, exclude: Exclude::default(), cache: None, progress: &progress };
    ingest_tar(bytes, &options, &HashOnly).unwrap_err().to_string()
}

#[test]
fn what_is_no_tar_is_named_with_what_helps() {
    let files = made(
        "echo text > file; printf '<!DOCTYPE html>\\n<title>404</title>' > page
         python3 -m zipfile -c a.zip file;
         echo file | cpio -o -H newc --quiet > newc; echo file | cpio -o --quiet > old
         gzip -c newc > newc.gz; gzip -c page > page.gz; gzip -c newc.gz > twice.gz; gzip -c disk > disk.gz
         mkfs.ext4 -q -F -b 1024 ext 1M; mkfs.xfs -q -f -d size=300m,file,name=xfs 2> log; truncate -s 1M xfs
         xz --format=lzma -c page > lzma
         xorriso -as mkisofs -quiet -o iso file 2> log
         cp /bin/sh program",
    );
    let said = |file: &str| refusal(&files[file]);
    for (file, what, help) in [
        ("a.zip", "a zip archive", "unzip"),
        ("newc", "a cpio archive", "cpio -idm"),
        ("old", "a cpio archive", "cpio -idm"),
        ("newc.gz", "a cpio archive (compressed with gzip)", "cpio -idm"),
        ("page", "text", "right file"),
        ("page.gz", "text (compressed with gzip)", "right file"),
        ("ext", "an ext2, ext3 or ext4 filesystem", "mount -o loop,ro"),
        ("xfs", "an xfs filesystem", "mount -o loop,ro"),
        ("lzma", "compressed with lzma", "xz --format=lzma"),
        ("iso", "ISO 9660", "7z x"),
        ("program", "a program", "right file"),
        ("disk", "a disk", "files of their own"),
        ("disk.gz", "a disk (compressed with gzip)", "files of their own"),
        ("twice.gz", "compressed twice", "decompress it once"),
    ] {
        let said = said(file);
        assert!(said.contains(what) && said.contains(help), "{file}: {said}");
    }
    assert!(refusal(&[0; 40 << 10]).contains("no members"));
    let noise = refusal(&testkit::hostile::noise(5000, 9));
    assert!(noise.contains("unknown format, which begins with"), "{noise}");
}

#[test]
fn a_layer_that_is_no_tar_is_named() {
    use crate::ingest::oci::{ImageSelector, OciImage, ingest_oci};
    let files =
        made("mkdir tree; echo x > tree/x; python3 -m zipfile -c zip tree; gzip -c zip > zip.gz");
    let scratch = testkit::scratch();
    let blobs = scratch.path().join("blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let blob = |bytes: &[u8]| {
        let digest = wire::digest::Algorithm::Sha256.digest(bytes).to_string();
        std::fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes).unwrap();
        format!("\"digest\": \"{digest}\", \"size\": {}", bytes.len())
    };
    let layer = blob(&files["zip.gz"]);
    let config = blob(br#"{"architecture": "amd64", "os": "linux"}"#);
    let kind = "application/vnd.oci.image";
    let manifest = format!(
        "{{\"config\": {{\"mediaType\": \"{kind}.config.v1+json\", {config}}},
          \"layers\": [{{\"mediaType\": \"{kind}.layer.v1.tar+gzip\", {layer}}}]}}"
    );
    let manifest = blob(manifest.as_bytes());
    let index =
        format!("{{\"manifests\": [{{\"mediaType\": \"{kind}.manifest.v1+json\", {manifest}}}]}}");
    std::fs::write(scratch.path().join("index.json"), index).unwrap();
    std::fs::write(scratch.path().join("oci-layout"), r#"{"imageLayoutVersion": "1.0.0"}"#)
        .unwrap();
    let image = OciImage::open(scratch.path(), &ImageSelector::default()).unwrap().unwrap();
    let progress = Progress::default();
    let algorithm = wire::digest::Algorithm::Sha256;
    let options =
        Options { algorithm, exclude: Exclude::default(), cache: None, progress: &progress };
    let said = ingest_oci(&image, &options, &HashOnly).unwrap_err().to_string();
    assert!(
        said.contains("a zip archive (compressed with gzip)") && said.contains("unzip"),
        "{said}"
    );
}

#[test]
fn tars_of_every_compression_are_one_tree() {
    let files = made(
        "mkdir tree; head -c 300000 disk > tree/file; ln -s file tree/link; tar -cf plain -C tree .
         for z in gzip xz zstd bzip2 lz4; do $z -c plain > $z; done
         head -c 100000 plain > a; tail -c +100001 plain > b
         (bzip2 -c a; bzip2 -c b) > bzip2-twice; (lz4 -c a; lz4 -c b) > lz4-twice; lz4 -l -c plain > lz4-old",
    );
    let progress = Progress::default();
    let algorithm = wire::digest::Algorithm::Sha256;
    let options =
        Options { algorithm, exclude: Exclude::default(), cache: None, progress: &progress };
    let digest = |bytes: &[u8]| ingest_tar(bytes, &options, &HashOnly).map(|found| found.digest);
    let plain = digest(&files["plain"]).unwrap();
    for file in ["gzip", "xz", "zstd", "bzip2", "lz4", "bzip2-twice", "lz4-twice", "lz4-old"] {
        assert_eq!(digest(&files[file]).unwrap(), plain, "{file}");
        let bytes = &files[file];
        // A stream that was cut off must not pass as a shorter whole stream, and a damaged stream
        // must not pass as an empty one.
        for len in (20..bytes.len()).step_by(1 + bytes.len() / 40).chain([bytes.len() - 1]) {
            let cut = digest(&bytes[..len]);
            let at_boundary = file.ends_with("twice");
            assert!(at_boundary || cut.is_err(), "{file} of {len} bytes of {}", bytes.len());
        }
    }
}
