//! Tars with properties that no filesystem can hold unchanged: the volume must still hold the same tree as the image.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::os::unix::fs::MetadataExt;

use common::{Bench, OPTIONS, as_applied, patch};
use diskfs::Filesystem;
use diskfs::Layout;
use testkit::image::MountedImage;
use testkit::tarball::{dir, file, symlink, tar};
use unpackd::oneshot::{ApplyOptions, verify};

#[test]
fn privileged_odd_members_of_a_tar_are_what_a_volume_holds() {
    if !testkit::is_privileged("privileged_odd_members_of_a_tar_are_what_a_volume_holds") {
        return;
    }
    let bench = Bench::new();
    let acl = "user::rw-,user:7:r--,group::r--,mask::r--,other::r--";
    let members = |owner: &str| {
        [
            dir("./"),
            // A mode that no symlink has on Linux, ...
            symlink("link", "sh").mode(0o755),
            // ... an owner number that chown takes as "do not change", ...
            file("sh", "#!").mode(0o4755).record("uid", owner.as_bytes()),
            // ... and attributes that are internal to xfs.
            file("a", "")
                .record("SCHILY.acl.access", acl.as_bytes())
                .record("SCHILY.xattr.trusted.SGI_ACL_FILE", b"\0\0\0\x05junk"),
        ]
    };
    let refused = bench.try_add_tar(&tar(&members("4294967295")), "odd/tar/0").unwrap_err();
    assert!(refused.to_string().contains("sh"), "{refused}");
    bench.try_add_tar(&tar(&members("4294967294")), "odd/tar/1").unwrap();
    let image = bench.open("odd/tar/1");
    for (filesystem, mib) in [(Filesystem::Ext4, 64), (Filesystem::Xfs, 512)] {
        let volume = bench.volume(filesystem.name(), mib << 20);
        let options =
            ApplyOptions { filesystem: Some(filesystem), layout: Layout::None, ..OPTIONS };
        patch(&image, &volume, options);
        assert_eq!(verify(&image, &volume, as_applied(options), &|_, _| {}).unwrap(), []);
        testkit::image::assert_fsck_clean(&volume, 0);
        let mounted = MountedImage::open(&volume, 0, &bench.path("mnt"));
        let found = std::fs::metadata(mounted.path().join("sh")).unwrap();
        assert_eq!((found.uid(), found.mode() & 0o7777), (u32::MAX - 1, 0o4755));
        let link = std::fs::symlink_metadata(mounted.path().join("link")).unwrap();
        assert_eq!(link.mode() & 0o7777, 0o777);
        let mut acl = [0; 100];
        let a = mounted.path().join("a");
        let len = rustix::fs::lgetxattr(&a, "system.posix_acl_access", &mut acl[..]).unwrap();
        assert_eq!(len, 4 + 5 * 8, "entries of its ACL");
    }
}
