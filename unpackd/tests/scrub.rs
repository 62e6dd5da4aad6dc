//! Deleted content does not ship: secrets in data, names, symlink targets and attributes must not appear in the
//! raw bytes of the volume.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use common::{Bench, OPTIONS, assert_same, patch};
use diskfs::Filesystem;
use diskfs::Medium;
use patch::FreedPolicy;
use testkit::hostile::noise;
use testkit::image::ROOT_OFFSET;
use unpackd::oneshot::ApplyOptions;

/// Prefix of all secrets.
const MARK: &[u8] = b"imprint-s3cret-";

fn secret(what: &str) -> String {
    format!("{}{what}", String::from_utf8_lossy(MARK))
}

/// Plants secrets of every kind, together with content that stays.
fn plant(root: &Path) {
    let write = |name: &str, content: &[u8]| std::fs::write(root.join(name), content).unwrap();
    let set_xattr = |name: &str, value: &[u8]| {
        let flags = rustix::fs::XattrFlags::empty();
        rustix::fs::lsetxattr(root.join(name), "user.key", value, flags).unwrap();
    };
    std::fs::create_dir(root.join("stays")).unwrap();
    write("stays/file", b"stays");
    // Data: small, large, in the tail of a page, in a file that stays with other content, in a file
    // that is shortened.
    write("small", secret("small").as_bytes());
    let large = [noise(3 << 20, 1), secret("large").into_bytes(), noise(100, 2)].concat();
    write("large", &large);
    write("stays/tail", &[noise(5000, 3), secret("tail").into_bytes()].concat());
    write("stays/rewritten", secret("rewritten").repeat(100).as_bytes());
    write("stays/shortened", &[noise(600_000, 4), secret("shortened").into_bytes()].concat());
    // Names: a file, a directory with files, a directory with enough entries to get an index, and a
    // file that is renamed.
    write(&secret("name"), b"x");
    std::fs::create_dir(root.join(secret("directory"))).unwrap();
    write(&format!("{}/{}", secret("directory"), secret("inside")), b"x");
    std::fs::create_dir(root.join("stays/many")).unwrap();
    for number in 0..600 {
        write(&format!("stays/many/{}-{number}", secret("many")), b"");
        write(&format!("stays/many/other-{number}"), b"");
    }
    write(&format!("stays/{}", secret("renamed")), &noise(9000, 5));
    // Symlinks: one target short enough for the inode, one longer.
    symlink(secret("target"), root.join("link")).unwrap();
    symlink(format!("{}{}", "x/".repeat(100), secret("long-target")), root.join("long")).unwrap();
    // Attributes: in the inode, in a block, on a file that stays.
    write("attribute", b"x");
    set_xattr("attribute", secret("xattr").as_bytes());
    write("attributes", b"x");
    set_xattr("attributes", secret("large-xattr").repeat(80).as_bytes());
    set_xattr("stays/file", secret("xattr-of-file").as_bytes());
    // Chaff: other content that is deleted, so that secrets are not only at the edges of freed space.
    write("chaff", &noise(1 << 20, 6));
}

/// Deletes everything outside of `stays`, and the secrets inside of it.
fn delete(root: &Path) {
    let find = |folder: &Path| -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    for path in find(root) {
        if path.ends_with("stays") {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            std::fs::remove_dir_all(path).unwrap();
        } else {
            std::fs::remove_file(path).unwrap();
        }
    }
    for path in find(&root.join("stays/many")) {
        if path.file_name().unwrap().as_bytes().starts_with(MARK) {
            std::fs::remove_file(path).unwrap();
        }
    }
    let stays = |name: &str| root.join("stays").join(name);
    std::fs::rename(stays(&secret("renamed")), stays("renamed")).unwrap();
    std::fs::write(stays("rewritten"), b"harmless").unwrap();
    std::fs::write(stays("tail"), noise(5000, 3)).unwrap();
    std::fs::write(stays("shortened"), noise(600_000, 4)).unwrap();
    rustix::fs::lremovexattr(stays("file"), "user.key").unwrap();
}

/// Returns the secrets that are left in a volume's bytes.
fn found(volume: &Path) -> Vec<String> {
    let bytes = std::fs::read(volume).unwrap();
    let starts = memchr::memmem::find_iter(&bytes, MARK);
    let mut found: Vec<String> =
        starts.map(|at| String::from_utf8_lossy(&bytes[at..at + 30]).into_owned()).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn privileged_deleted_secrets_do_not_ship() {
    if !testkit::is_privileged("privileged_deleted_secrets_do_not_ship") {
        return;
    }
    for (filesystem, freed) in [
        (Filesystem::Ext4, FreedPolicy::Scrub),
        (Filesystem::Ext4, FreedPolicy::Keep),
        (Filesystem::Xfs, FreedPolicy::Scrub),
        (Filesystem::Xfs, FreedPolicy::Keep),
    ] {
        let scrub = ApplyOptions { filesystem: Some(filesystem), ..OPTIONS };
        let options = ApplyOptions { freed, ..scrub };
        let bench = Bench::new();
        let source = bench.path("source");
        std::fs::create_dir(&source).unwrap();
        plant(&source);
        bench.add(&source, "secret/tree/1");
        delete(&source);
        bench.add(&source, "secret/tree/2");
        let volume = bench.volume("volume", 320 << 20);
        let (first, second) = (bench.open("secret/tree/1"), bench.open("secret/tree/2"));
        patch(&first, &volume, options);
        assert!(found(&volume).len() > 12, "planted: {:?}", found(&volume));
        let report = patch(&second, &volume, options);
        assert_eq!(report.evidence, "counters");
        let left = found(&volume);
        let dirty = report.dirty_blocks_512k.unwrap_or_default();
        if freed == FreedPolicy::Keep {
            // Proves that the search works: without scrubbing, secrets are found.
            assert!(left.len() > 8 && dirty.scrub == 0, "{left:?}");
            // After a change of policy, the next patch scrubs even if no file changes.
            patch(&second, &volume, scrub);
            assert_eq!(found(&volume), [] as [String; 0]);
        } else {
            assert_eq!(left, [] as [String; 0]);
            assert!(dirty.total == 0 || dirty.scrub > 0, "{dirty:?}");
        }
        assert_same(&bench, &source, &volume, ROOT_OFFSET);
        // The scrubbed filesystem is intact: revision 1 can be patched onto it again.
        patch(&first, &volume, scrub);
        patch(&second, &volume, ApplyOptions { verify_full: true, ..scrub });
        assert_eq!(found(&volume), [] as [String; 0]);
        assert_same(&bench, &source, &volume, ROOT_OFFSET);
    }
}

#[test]
fn privileged_a_volume_that_is_formatted_anew_holds_nothing_of_before() {
    if !testkit::is_privileged("privileged_a_volume_that_is_formatted_anew_holds_nothing_of_before")
    {
        return;
    }
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("file"), b"harmless").unwrap();
    bench.add(&source, "plain/tree/1");
    let volume = bench.volume("volume", 81 << 20);
    // The whole volume is full of a secret before it is formatted.
    std::fs::write(&volume, secret("before ").repeat((81 << 20) / secret("before ").len() + 1))
        .unwrap();
    std::fs::File::options().write(true).open(&volume).unwrap().set_len(81 << 20).unwrap();
    patch(&bench.open("plain/tree/1"), &volume, ApplyOptions { is_format: true, ..OPTIONS });
    assert_eq!(found(&volume), [] as [String; 0]);
    assert_same(&bench, &source, &volume, ROOT_OFFSET);
}

/// Returns the place of the log's next record on an xfs volume.
fn log_head(volume: &Path) -> u64 {
    let file = std::fs::File::options().read(true).write(true).open(volume).unwrap();
    let device = sysio::loopdev::LoopDevice::attach(&file, ROOT_OFFSET, 0).unwrap();
    let medium = Medium::open(device.path()).unwrap();
    Filesystem::Xfs.open_offline(&medium).unwrap().journal().unwrap()[0].start
}

#[test]
fn privileged_the_log_of_xfs_is_scrubbed_beyond_its_end() {
    if !testkit::is_privileged("privileged_the_log_of_xfs_is_scrubbed_beyond_its_end") {
        return;
    }
    const FILES: usize = 8000;
    let options = ApplyOptions { filesystem: Some(Filesystem::Xfs), ..OPTIONS };
    let bench = Bench::new();
    let source = bench.path("source");
    std::fs::create_dir_all(source.join("stays/folder")).unwrap();
    for number in 0..FILES {
        let name = format!("stays/folder/{}-{number}", secret("name"));
        std::fs::write(source.join(name), secret("data")).unwrap();
    }
    bench.add(&source, "round/tree/1");
    std::fs::remove_dir_all(source.join("stays/folder")).unwrap();
    bench.add(&source, "round/tree/2");
    let (first, second) = (bench.open("round/tree/1"), bench.open("round/tree/2"));
    let volume = bench.volume("volume", 400 << 20);
    let mut heads = Vec::new();
    while heads.len() < 2 || heads.is_sorted() {
        assert!(heads.len() < 40, "the log never came to its end: {heads:?}");
        patch(&first, &volume, options);
        assert_eq!(patch(&second, &volume, options).evidence, "counters");
        assert_eq!(found(&volume), [] as [String; 0]);
        heads.push(log_head(&volume));
    }
    assert_same(&bench, &source, &volume, ROOT_OFFSET);
    // With full verification, nothing is trusted and the whole log is scrubbed.
    patch(&first, &volume, options);
    patch(&second, &volume, ApplyOptions { verify_full: true, ..options });
    assert_eq!(found(&volume), [] as [String; 0]);
    assert_same(&bench, &source, &volume, ROOT_OFFSET);
}
