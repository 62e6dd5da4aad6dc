//! Ingest makes the same images of real-world tars as well-known tar readers do.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::Command;

use store::StoreError;
use store::ingest::{
    Exclude, HashOnly, IngestOutcome, Options, Progress, ingest_directory, ingest_layers,
    ingest_tar,
};
use testkit::tarball::{self, Member, dir, file, global, hard_link, member, symlink, tar};
use wire::digest::Algorithm;
use wire::manifest::Inode;

fn read(bytes: &[u8]) -> Result<IngestOutcome, StoreError> {
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    ingest_tar(bytes, &options, &HashOnly)
}

fn image(members: &[Member]) -> IngestOutcome {
    read(&tar(members)).unwrap()
}

fn refused(members: &[Member]) -> String {
    match read(&tar(members)) {
        Err(StoreError::Refused(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

fn inode<'a>(image: &'a IngestOutcome, path: &str) -> Inode<'a> {
    let node = image.manifest.lookup(path.as_bytes());
    image.manifest.node_inode(node.unwrap_or_else(|| panic!("no {path}")))
}

fn xattrs(image: &IngestOutcome, path: &str) -> Vec<(String, Vec<u8>)> {
    let text = |(name, value): (&[u8], &[u8])| {
        (String::from_utf8_lossy(name).into_owned(), value.to_vec())
    };
    inode(image, path).xattrs().map(text).collect()
}

/// Returns findings as "rule path problem".
fn findings(image: &IngestOutcome) -> Vec<String> {
    let text = image.findings.iter();
    text.map(|found| format!("{} {} {}", found.rule, found.path, found.problem)).collect()
}

fn check_one_finding(image: &IngestOutcome, words: &[&str]) {
    let found = findings(image);
    assert_eq!(found.len(), 1, "{found:#?}");
    for word in words {
        assert!(found[0].contains(word), "no '{word}': {found:#?}");
    }
}

fn acl(rights: &str, text: &str) -> Member {
    let mode = u32::from_str_radix(rights, 8).unwrap();
    file("a", "x").mode(mode).record("SCHILY.acl.access", text.as_bytes())
}

/// Returns the entries of a file's ACL, which is in the kernel's form, as (tag, rights, id).
fn entries(image: &IngestOutcome, path: &str) -> Vec<(u16, u16, u32)> {
    let found = xattrs(image, path);
    let value = found.iter().find(|(name, _)| name == "system.posix_acl_access");
    let (entries, _) = value.map_or(&[][..], |(_, value)| &value[4..]).as_chunks::<8>();
    let half = |entry: &[u8; 8], at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
    let id = |entry: &[u8; 8]| u32::from_le_bytes([entry[4], entry[5], entry[6], entry[7]]);
    entries.iter().map(|entry| (half(entry, 0), half(entry, 2), id(entry))).collect()
}

#[test]
fn blank_numbers_are_zero_and_large_ones_base_256() {
    let blank = file("a", "x").raw(108, &[0; 16]).raw(136, &[b' '; 12]);
    let found = image(&[blank]);
    let a = inode(&found, "a");
    assert_eq!((a.uid(), a.gid(), a.mtime().secs), (0, 0, 0));
    let device =
        member(b'3', "d", "", b"").raw(329, b"\x80\0\0\0\0\0\x01\x02\x80\0\0\0\0\x03\x04\x05");
    assert_eq!(inode(&image(&[device]), "d").device(), (0x102, 0x3_0405));
    let nobody = file("a", "x").raw(108, b"\x80\0\0\0\xff\xff\xff\xfe");
    assert_eq!(inode(&image(&[nobody]), "a").uid(), 4_294_967_294);
}

#[test]
fn absolute_names_begin_at_the_images_root() {
    let plain =
        [dir("./").mode(0o750), dir("usr/"), file("usr/a", "x"), hard_link("usr/b", "usr/a")];
    let odd =
        [dir("/").mode(0o750), dir("/usr/"), file("//usr/a", "x"), hard_link("/usr/b", "/usr/a")];
    assert_eq!(image(&odd).digest, image(&plain).digest);
    assert!(image(&odd).findings.is_empty());
}

#[test]
fn names_lead_through_symlinks_of_the_tar_and_a_finding_says_how_often() {
    let links =
        [dir("usr/"), dir("usr/lib/"), symlink("lib", "usr/lib"), symlink("var", "/srv/../x")];
    let through = [file("lib/a", "x"), file("lib/b", "y"), file("var/run", "z")];
    let direct = [file("usr/lib/a", "x"), file("usr/lib/b", "y"), file("x/run", "z")];
    let found = image(&[&links[..], &through].concat());
    assert_eq!(found.digest, image(&[&links[..], &direct].concat()).digest);
    check_one_finding(&found, &["through-symlink /lib/a", "in all, 3 names", "'/lib'"]);
    // A hard link's target may lead through a symlink, too; the target's last name is not followed.
    let linked = image(&[&links[..], &direct, &[hard_link("again", "lib/a")]].concat());
    assert_eq!(inode(&linked, "again").link_count(), 2);
    let own = image(&[&links[..], &[hard_link("lib2", "lib")]].concat());
    assert_eq!((inode(&own, "lib2").is_symlink(), inode(&own, "lib2").link_count()), (true, 2));
}

#[test]
fn what_is_excluded_stays_out_behind_links() {
    let members = [dir("usr/"), dir("usr/lib/"), symlink("lib", "usr/lib"), file("lib/a", "x")];
    let progress = Progress::default();
    let exclude = Exclude::parse("/usr/lib/a").unwrap();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    let found = ingest_tar(&tar(&members)[..], &options, &HashOnly).unwrap();
    assert!(found.manifest.lookup(b"usr/lib/a").is_none());
}

#[test]
fn a_tar_may_end_without_an_end() {
    let members = [file("a", "x"), file("b", "y")];
    assert_eq!(read(&tarball::unended(&members)).unwrap().digest, image(&members).digest);
    let cut = tarball::unended(&members);
    let message = read(&cut[..cut.len() - 300]).unwrap_err().to_string();
    assert!(message.contains("truncated"), "{message}");
    // The archive cannot end between an extended header and its member.
    let extended = file("a", "x").record("comment", b"x").bytes();
    let message = read(&extended[..1024]).unwrap_err().to_string();
    assert!(message.contains("truncated"), "{message}");
}

#[test]
fn attributes_that_linux_does_not_take_are_left_out() {
    let attribute = |name: &str| file("a", "x").record(&format!("SCHILY.xattr.{name}"), b"v");
    let found = image(&[attribute("com.apple.provenance")]);
    assert_eq!(xattrs(&found, "a"), []);
    check_one_finding(&found, &["attribute /a", "'com.apple.provenance' is left out", "namespace"]);
    for name in ["user.", "system.nfs4_acl", "security.capability", "trusted.SGI_ACL_FILE"] {
        let found = image(&[attribute(name)]);
        assert_eq!(xattrs(&found, "a"), [], "{name}");
        check_one_finding(&found, &["attribute /a", name]);
    }
    let on_a_link = symlink("l", "a").record("SCHILY.xattr.user.a", b"v");
    check_one_finding(&image(&[on_a_link]), &["/l", "only files and directories"]);
    assert_eq!(xattrs(&image(&[attribute("user.a")]), "a"), [("user.a".to_owned(), b"v".to_vec())]);
}

#[test]
fn xfs_own_copies_of_acls_go_in_silence_where_the_acl_is_there() {
    let text = "user::rw-,user:7:r--,group::r--,mask::r--,other::r--";
    let both = acl("644", text).record("SCHILY.xattr.trusted.SGI_ACL_FILE", b"\0\0\0\x05junk");
    assert_eq!(image(std::slice::from_ref(&both)).digest, image(&[acl("644", text)]).digest);
    assert!(image(&[both]).findings.is_empty());
}

#[test]
fn symlinks_have_the_mode_of_linux() {
    let found = image(&[symlink("s", "a").mode(0o755)]);
    assert_eq!(found.digest, image(&[symlink("s", "a")]).digest);
    assert_eq!(inode(&found, "s").permissions(), 0o777);
    assert!(found.findings.is_empty());
}

#[test]
fn the_owner_of_nobody_is_refused_by_path() {
    let minus_one = b"4294967295";
    let program = file("bin/sh", "x").mode(0o4755);
    for key in ["uid", "gid"] {
        let message = refused(&[program.clone().record(key, minus_one)]);
        for word in ["'bin/sh'", key, "4294967295"] {
            assert!(message.contains(word), "{message}");
        }
    }
    assert!(refused(&[program.raw(108, &[0xff; 8])]).contains("-1"));
}

#[test]
fn privileged_names_of_attributes_are_exact_both_ways() {
    if !testkit::is_privileged("privileged_names_of_attributes_are_exact_both_ways") {
        return;
    }
    let scratch = testkit::scratch();
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("a"), "x").unwrap();
    for name in [&b"user.k=v%"[..], b"user.%3D", b"user.\xff\n"] {
        let flags = rustix::fs::XattrFlags::empty();
        rustix::fs::setxattr(source.join("a"), name, b"1", flags).unwrap();
    }
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    let expect = ingest_directory(&source, &options, &HashOnly).unwrap();
    assert_eq!(inode(&expect, "a").xattrs().count(), 3);
    let gnu = Command::new("tar")
        .args(["--xattrs", "--xattrs-include=*", "--format=posix", "-cf", "-", "-C"])
        .arg(&source)
        .arg(".")
        .output()
        .unwrap();
    assert_eq!(read(&gnu.stdout).unwrap().digest, expect.digest);
    let mut ours = Vec::new();
    struct Content;
    impl store::export::Source for Content {
        fn content(
            &self,
            _: &wire::Digest,
            put: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
        ) -> Result<(), StoreError> {
            put(b"x")
        }
    }
    store::export::tar::write(&expect.manifest, &Content, &mut ours).unwrap();
    assert_eq!(read(&ours).unwrap().digest, expect.digest);
}

#[test]
fn acls_without_a_mask_get_the_one_that_posix_computes() {
    let found = image(&[acl("644", "user::rw-,user:7:rw-,group::r--,other::r--")]);
    let none = u32::MAX;
    assert_eq!(
        entries(&found, "a"),
        [(1, 6, none), (2, 6, 7), (4, 4, none), (16, 6, none), (32, 4, none)]
    );
    // The kernel keeps the group bits and the mask equal.
    assert_eq!(inode(&found, "a").permissions(), 0o664);
    check_one_finding(&found, &["acl /a", "mask"]);
}

#[test]
fn acls_of_star_are_read_and_others_left_out() {
    let star = image(&[acl("660", "user::rw-,user::rw-:7,group::r--,mask::rw-,other::---")]);
    assert_eq!(entries(&star, "a")[1], (2, 6, 7));
    assert!(star.findings.is_empty());
    let nfs = file("a", "x").record("SCHILY.acl.ace", b"owner@:rw-p--aARWcCos:-------:allow");
    let nfs = image(&[nfs]);
    assert_eq!(xattrs(&nfs, "a"), []);
    check_one_finding(&nfs, &["acl /a", "'ace' is left out"]);
    for text in ["nonsense", "user::rw-,user:7:r--,mask::r--", "user::rw-,group::r--,mask::rq-"] {
        let found = image(&[acl("644", text)]);
        assert_eq!(xattrs(&found, "a"), [], "{text}");
        check_one_finding(&found, &["acl /a", "left out"]);
    }
    let default = file("a", "x").record("SCHILY.acl.default", b"user::rw-,group::r--,other::r--");
    check_one_finding(&image(&[default]), &["acl /a", "only directories"]);
}

#[test]
fn names_in_acls_are_those_of_the_image() {
    let text = "user::rw-,user:root:r--,group::r--,group:users:r--,mask::r--,other::---";
    let group = [dir("etc/"), file("etc/group", "users:x:777:\n")];
    let found = image(&[&group[..], &[acl("640", text)]].concat());
    let none = u32::MAX;
    // This machine knows root, but the image has no users.
    assert_eq!(
        entries(&found, "a"),
        [(1, 6, none), (4, 4, none), (8, 4, 777), (16, 4, none), (32, 0, none)]
    );
    check_one_finding(&found, &["acl /a", "'root'", "/etc/passwd"]);
    // The position of etc/group in the tar does not matter.
    let after = image(&[&[acl("640", text)], &group[..]].concat());
    assert_eq!(after.digest, found.digest);
}

#[test]
fn a_directory_in_the_place_of_a_symlink_is_told() {
    let base = [dir("usr/"), dir("usr/bin/"), file("usr/bin/sh", "x"), symlink("bin", "usr/bin")];
    let found = image(&[&base[..], &[dir("bin/"), file("bin/ping", "y")]].concat());
    assert!(inode(&found, "bin").is_directory());
    check_one_finding(&found, &["lost-symlink /bin", "'usr/bin'", "1 names of that directory"]);
}

#[test]
fn kinds_that_gnu_tar_knows_are_read() {
    // A directory of an incremental archive with its list of names, and a file of a vendor's type.
    let found = image(&[member(b'D', "d/", "", b"Ya\0\0").mode(0o700), file("d/a", "x")]);
    assert_eq!(found.digest, image(&[dir("d/").mode(0o700), file("d/a", "x")]).digest);
    let vendor = image(&[member(b'Q', "q", "", b"content")]);
    assert_eq!(vendor.digest, image(&[file("q", "content")]).digest);
    check_one_finding(&vendor, &["tar-type /q", "'Q'"]);
    let solaris = image(&[member(b'X', "x", "", b"9 uid=77\n"), file("a", "x")]);
    assert_eq!(inode(&solaris, "a").uid(), 77);
}

#[test]
fn global_headers_are_defaults() {
    let own = file("b", "x").record("uid", b"5");
    let found =
        image(&[global("uid", "77"), file("a", "x"), own, global("uid", ""), file("c", "x")]);
    let uid = |path| inode(&found, path).uid();
    assert_eq!((uid("a"), uid("b"), uid("c")), (77, 5, 0));
    assert!(found.findings.is_empty());
    assert!(image(&[global("comment", "0123"), file("a", "x")]).findings.is_empty());
    let odd = image(&[global("SCHILY.xattr.user.a", "x"), file("a", "x")]);
    check_one_finding(&odd, &["global-header /a", "SCHILY.xattr.user.a"]);
}

#[test]
fn what_global_headers_say_is_told_whatever_follows() {
    let odd = || global("SCHILY.xattr.user.a", "x");
    let words = ["global-header", "SCHILY.xattr.user.a"];
    check_one_finding(&image(&[odd(), dir("./"), file("a", "x")]), &words);
    let progress = Progress::default();
    let exclude = Exclude::parse("/a\n/q").unwrap();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    // An excluded member has no findings of its own.
    let members = [odd(), file("a", "x"), member(b'Q', "q", "", b"x"), file("b", "x")];
    let found = ingest_tar(&tar(&members)[..], &options, &HashOnly).unwrap();
    check_one_finding(&found, &words);
    let layer = tar(&[odd(), file(".wh.a", ""), file("b", "x")]);
    let layers: Vec<Box<dyn std::io::Read>> = vec![Box::new(&layer[..])];
    let options = Options { exclude: Exclude::default(), ..options };
    let found = ingest_layers(&mut layers.into_iter(), &options, &HashOnly).unwrap();
    check_one_finding(&found, &words);
    // Findings above the limit are only counted, and long ones are cut.
    let many: Vec<Member> =
        (0..30).map(|n| global(&format!("{n}{}", "k".repeat(5000)), "")).collect();
    let found = image(&[&many[..], &[file("a", "x")]].concat()).findings;
    assert_eq!(found.len(), store::finding::KEPT_MAX);
    assert!(found[7].problem.ends_with("and 22 more of the kind"), "{found:?}");
    assert!(found.iter().all(|finding| finding.problem.len() < 500));
}

#[test]
fn attributes_in_libarchives_own_way_are_told_where_they_are_alone() {
    let a = || file("a", "x").record("LIBARCHIVE.xattr.user.b%3Dc", b"eA");
    check_one_finding(&image(&[a()]), &["attribute /a", "'user.b=c' is left out", "bsdtar"]);
    let both = image(&[a().record("SCHILY.xattr.user.b%3Dc", b"x")]);
    assert!(both.findings.is_empty(), "{:?}", both.findings);
    assert_eq!(xattrs(&both, "a"), [("user.b=c".to_owned(), b"x".to_vec())]);
    let long = file("a", "x").record("SCHILY.xattr.user.a", &[b'v'; 65537]);
    check_one_finding(&image(&[long]), &["attribute /a", "'user.a' is left out", "65536"]);
}

#[test]
fn names_and_targets_that_nothing_holds_are_refused_by_path() {
    let long = "n".repeat(256);
    let message = refused(&[file(&format!("dir/{long}"), "x")]);
    assert!(message.contains("'dir/nnn") && message.contains("255"), "{message}");
    assert_eq!(image(&[file(&long[1..], "x")]).manifest.inode_count(), 2);
    let message = refused(&[symlink("dir/s", &"t".repeat(4096))]);
    assert!(message.contains("'dir/s'") && message.contains("4095"), "{message}");
    // The link is refused before a member leads through it, and the message is short.
    let long = symlink("s", &"t/".repeat(1 << 20));
    assert!(refused(&[long, file("s/a", "x")]).contains("member 's'"));
    assert!(refused(&[file(&"../".repeat(1 << 20), "x")]).len() < 1000);
    assert!(refused(&[symlink("s", "")]).contains("'s'"));
    let device = member(b'4', "dev/d", "", b"").raw(329, b"\x80\0\0\0\0\0\x10\0");
    let message = refused(&[device]);
    assert!(message.contains("'dev/d'") && message.contains("4096:0"), "{message}");
}

/// Runs a compressor on bytes.
fn through(program: &str, arguments: &[&str], bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let scratch = testkit::scratch();
    let path = scratch.path().join("in");
    std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    let input = std::fs::File::open(&path).unwrap();
    let output = Command::new(program).args(arguments).stdin(input).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn compressed_tars_are_read_with_all_that_their_tools_write() {
    let plain = tar(&[file("a", "x"), file("b", "y")]);
    let expect = read(&plain).unwrap().digest;
    let check = |bytes: &[u8], what: &str| {
        assert_eq!(read(bytes).unwrap_or_else(|error| panic!("{what}: {error}")).digest, expect);
    };
    let zstd = through("zstd", &["-qc"], &plain);
    // pzstd writes a skippable frame before each of its own frames.
    check(&[&b"\x50\x2a\x4d\x18\x04\0\0\0abcd"[..], &zstd].concat(), "skippable");
    check(&through("zstd", &["-qc", "--long=31"], &plain), "long");
    let gzip = through("gzip", &["-c"], &plain);
    check(&[&gzip[..], &[0; 1000]].concat(), "zeros behind");
    let (first, second) = plain.split_at(700);
    let two = [through("gzip", &["-c"], first), through("gzip", &["-c"], second)].concat();
    check(&two, "two members");
    let message = read(&[&gzip[..], &[0; 10], b"x"].concat()).unwrap_err().to_string();
    assert!(message.contains("something else than zeros"), "{message}");
    // A frame whose header asks for a window of 4 GiB.
    let mut wide = b"\x28\xb5\x2f\xfd\x00\xb0".to_vec();
    wide.extend_from_slice(&[1, 0, 0]);
    let message = read(&wide).unwrap_err().to_string();
    assert!(message.contains("2048 MiB") && message.contains("zstd --long=31"), "{message}");
    let xz = through("xz", &["-c", "--lzma2=dict=512MiB"], &plain);
    let message = read(&xz).unwrap_err().to_string();
    assert!(message.contains("256 MiB") && message.contains("xz -dc"), "{message}");
}
