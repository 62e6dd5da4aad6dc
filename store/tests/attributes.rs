//! Compares the answers of `Filesystem::problem` for ext4 with what the kernel does. The test tries
//! random sets of attributes on a filesystem that has the features of volumes.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use diskfs::Filesystem;
use store::inode::{Birth, InodeRef, PriorAttributes, create, set_attributes};
use store::lint::find_unheld;
use sysio::Dir;
use testkit::image::run;
use testkit::random::Random;
use wire::Manifest;
use wire::digest::Algorithm;
use wire::manifest::{Content, Timestamp, Tree, TreeInode};

type Xattrs = BTreeMap<Vec<u8>, Vec<u8>>;

fn inode(xattrs: Xattrs, content: Content) -> TreeInode {
    TreeInode { permissions: 0o644, uid: 0, gid: 0, mtime: Timestamp::default(), xattrs, content }
}

/// Makes an image of one file `f` with attributes.
fn image(xattrs: Xattrs) -> Manifest {
    let mut tree = Tree::new(inode(BTreeMap::new(), Content::Directory(BTreeMap::new())));
    let file =
        tree.push(inode(xattrs, Content::Regular { size: 0, holes: Vec::new(), digest: None }));
    tree.inodes[0].content = Content::Directory(BTreeMap::from([(b"f".to_vec(), file)]));
    tree.encode(Algorithm::Sha256).unwrap()
}

/// Makes a random set of attributes that is about as large as the room that ext4 has for them.
fn xattrs(random: &mut Random) -> Xattrs {
    if random.below(8) == 0 {
        // A set that fills inode and block to the last byte: 84 bytes in the inode, 20 + 3844 + 196
        // in the block.
        return Xattrs::from([
            (b"security.a".to_vec(), vec![b'v'; 64]),
            (b"system.posix_acl_access".to_vec(), acl(20)),
            (b"user.z".to_vec(), vec![b'v'; 3844]),
        ]);
    }
    let count = 1 + random.below(4);
    let mut left = 3900 + random.below(260);
    let mut xattrs = Xattrs::new();
    for index in 0..count {
        let namespace = ["user.", "trusted.", "security."][random.below(3) as usize];
        let name = format!("{namespace}{}{index}", "n".repeat(random.below(12) as usize));
        let small = random.below(60);
        let len =
            if index + 1 == count { left } else { [small, left / 2][random.below(2) as usize] };
        left -= len.min(left);
        xattrs.insert(name.into_bytes(), vec![b'v'; len as usize]);
    }
    if random.below(3) == 0 {
        xattrs.insert(b"system.posix_acl_access".to_vec(), acl(random.below(20) as u32));
    }
    xattrs
}

/// Encodes an ACL with `named` entries for users.
fn acl(named: u32) -> Vec<u8> {
    let entry = |(tag, id): (u16, u32)| {
        [&tag.to_le_bytes()[..], &4u16.to_le_bytes(), &id.to_le_bytes()].concat()
    };
    let users = (0..named).map(|id| (2, id));
    let ends = [(4, u32::MAX), (16, u32::MAX), (32, u32::MAX)];
    let entries = [(1, u32::MAX)].into_iter().chain(users).chain(ends).flat_map(entry);
    [2, 0, 0, 0].into_iter().chain(entries).collect()
}

/// Makes a folder whose new files inherit an ACL that is just small enough for ext4 to keep it in
/// their inodes.
fn folder_that_hands_down(dir: &Dir) -> Dir {
    dir.create_dir(b"heirs", 0o700).unwrap();
    dir.set_xattr(b"heirs", b"system.posix_acl_default", &acl(6)).unwrap();
    dir.open_beneath(b"heirs").unwrap()
}

/// A mounted filesystem with the features and inode size of volumes; unmounted when dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(folder: &Path) -> Self {
        let (image, at) = (folder.join("image"), folder.join("at"));
        std::fs::create_dir(&at).unwrap();
        let features =
            "none,has_journal,ext_attr,dir_index,filetype,extent,64bit,metadata_csum,extra_isize";
        let mut mkfs = Command::new("mkfs.ext4");
        mkfs.args(["-q", "-b", "4096", "-I", "256", "-O", features]).arg(&image).arg("32M");
        run(&mut mkfs);
        run(Command::new("mount").args(["-t", "ext4", "-o", "loop"]).arg(&image).arg(&at));
        Self(at)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

#[test]
fn privileged_prop_ext4_takes_what_is_said_and_no_more() {
    if !testkit::is_privileged("privileged_prop_ext4_takes_what_is_said_and_no_more") {
        return;
    }
    let scratch = testkit::scratch();
    let disk = Disk::mount(scratch.path());
    let dir = Dir::open(&disk.0).unwrap();
    let heirs = folder_that_hands_down(&dir);
    let mut random = Random::new(11);
    let mut last: Option<Manifest> = None;
    let (mut held, mut refused) = (0, 0);
    for round in 0..600 {
        let wanted = image(xattrs(&mut random));
        let inode = wanted.inode(1);
        let problem = Filesystem::Ext4.problem(inode);
        let set = |name: &[u8], before| set_attributes(InodeRef::Name(&dir, name), inode, before);
        create(&dir, b"fresh", inode, Birth::Hidden).unwrap();
        let result = set(b"fresh", PriorAttributes::Fresh(Birth::Hidden));
        dir.remove(b"fresh").unwrap();
        let shown = || {
            inode.xattrs().map(|(n, v)| (wire::units::show_path(n), v.len())).collect::<Vec<_>>()
        };
        assert_eq!(
            result.is_err(),
            problem.is_some(),
            "{round}: {result:?} {problem:?} {:?}",
            shown()
        );
        if problem.is_some() {
            refused += 1;
            continue;
        }
        held += 1;
        // Set the same attributes on an inode that inherited an ACL.
        create(&heirs, b"heir", inode, Birth::Hidden).unwrap();
        assert_eq!(heirs.xattrs(b"heir").unwrap().len(), 1);
        let result =
            set_attributes(InodeRef::Name(&heirs, b"heir"), inode, PriorAttributes::Inherited);
        let found: Xattrs = heirs.xattrs(b"heir").unwrap().into_iter().collect();
        heirs.remove(b"heir").unwrap();
        assert!(result.is_ok(), "{round}: {result:?} {:?}", shown());
        let expect: Xattrs = inode.xattrs().map(|(n, v)| (n.to_vec(), v.to_vec())).collect();
        assert_eq!(found, expect, "{round}");
        // Set the same attributes on an inode that has others.
        match &last {
            None => {
                create(&dir, b"kept", inode, Birth::Hidden).unwrap();
                set(b"kept", PriorAttributes::Fresh(Birth::Hidden)).unwrap();
            }
            Some(last) => {
                let result = set(b"kept", PriorAttributes::Known(last.inode(1)));
                assert!(result.is_ok(), "{round}: {result:?} {:?}", shown());
            }
        }
        let found: Xattrs = dir.xattrs(b"kept").unwrap().into_iter().collect();
        assert_eq!(found, expect);
        last = Some(wanted);
    }
    assert!(held > 50 && refused > 50, "held {held}, refused {refused}: both must be tried");
}

#[test]
fn privileged_capabilities_are_judged_as_the_kernel_does() {
    if !testkit::is_privileged("privileged_capabilities_are_judged_as_the_kernel_does") {
        return;
    }
    let scratch = testkit::scratch();
    let disk = Disk::mount(scratch.path());
    let dir = Dir::open(&disk.0).unwrap();
    let mut taken = 0;
    let starts = [0, 1, 2, 4, 0x80].into_iter().flat_map(|flags| {
        let versions = [0, 1, 2, 3, 4].into_iter();
        versions.flat_map(move |version| [[flags, 0, 0, version], [flags, 1, 0, version]])
    });
    for start in starts {
        for len in [12, 19, 20, 24] {
            let value = [&start[..], &[0; 20]].concat();
            let name = b"security.capability".to_vec();
            let wanted = image(Xattrs::from([(name, value[..len].to_vec())]));
            let inode = wanted.inode(1);
            let problem = Filesystem::Ext4.problem(inode);
            create(&dir, b"f", inode, Birth::Hidden).unwrap();
            let before = PriorAttributes::Fresh(Birth::Hidden);
            let result = set_attributes(InodeRef::Name(&dir, b"f"), inode, before);
            dir.remove(b"f").unwrap();
            assert_eq!(result.is_err(), problem.is_some(), "{start:?} {len}: {result:?}");
            taken += u32::from(result.is_ok());
        }
    }
    assert_eq!(taken, 4, "both versions, each with and without the flag");
}

#[test]
fn what_no_volume_holds_is_known_of_manifests_from_elsewhere() {
    let file = |xattr: &str, value: &[u8]| {
        image(Xattrs::from([(xattr.as_bytes().to_vec(), value.to_vec())]))
    };
    let both = |image: &Manifest, words: &[&str]| {
        for target in Filesystem::ALL {
            let problem = target.problem(image.inode(1)).unwrap_or_default();
            for word in words {
                assert!(problem.contains(word), "{target:?}: no '{word}': {problem}");
            }
        }
    };
    both(&file("com.apple.provenance", b"x"), &["com.apple.provenance", "namespace"]);
    both(&file("trusted.SGI_ACL_FILE", b"junk"), &["SGI_ACL_FILE"]);
    both(&file("system.posix_acl_access", b"junk"), &["no ACL"]);
    let of = |change: fn(&mut TreeInode)| {
        let mut tree = image(Xattrs::new()).to_tree();
        change(&mut tree.inodes[1]);
        tree.encode(Algorithm::Sha256).unwrap()
    };
    both(&of(|inode| inode.uid = u32::MAX), &["4294967295"]);
    both(&of(|inode| inode.mtime.secs = 1 << 40), &["its time"]);
    both(&of(|inode| inode.content = Content::Symlink(b"t".to_vec())), &["symlink of mode 0644"]);
    let mut findings = store::finding::Findings::default();
    let long = of(|inode| {
        inode.permissions = 0o777;
        inode.content = Content::Symlink(vec![b't'; 2000]);
    });
    find_unheld(&long, &mut findings);
    let found = findings.into_vec();
    assert_eq!((found.len(), found[0].rule.as_str(), found[0].path.as_str()), (1, "xfs", "/f"));
    assert!(found[0].problem.contains("2000 bytes"), "{found:?}");
}
