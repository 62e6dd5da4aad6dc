//! Ingest and export of the hostile tree: from a directory, from tars of every kind, and back.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use store::ingest::{
    BatchSink, Exclude, HashOnly, IngestOutcome, Options, Progress, ingest_directory, ingest_tar,
};
use store::{Store, StoreError};
use testkit::{hostile, walk};
use wire::digest::Algorithm;

fn options(progress: &Progress) -> Options<'_> {
    Options { algorithm: Algorithm::Sha256, exclude: Exclude::default(), cache: None, progress }
}

fn add_directory(store: &Arc<Store>, path: &Path) -> IngestOutcome {
    let batch = store.begin().unwrap();
    let progress = Progress::default();
    let found = ingest_directory(path, &options(&progress), &BatchSink::new(&batch)).unwrap();
    batch.commit().unwrap();
    found
}

fn tar_digest(bytes: &[u8]) -> Result<IngestOutcome, StoreError> {
    ingest_tar(bytes, &options(&Progress::default()), &HashOnly)
}

/// Asserts that two manifests are equal; the message lists the differences.
fn assert_same(found: &IngestOutcome, expect: &IngestOutcome, what: &str) {
    use wire::manifest::diff::{Change, diff};
    let (a, b) = (&found.manifest, &expect.manifest);
    let lines: Vec<String> = diff(a, b)
        .into_iter()
        .map(|change| match change {
            Change::Added(node) => format!("missing {}", wire::units::show_path(&b.path(node))),
            Change::Removed(node) => format!("too much {}", wire::units::show_path(&a.path(node))),
            Change::Changed { old, new, fields } => format!(
                "{} {:?}: {:?} {:?}",
                wire::units::show_path(&a.path(old)),
                fields.names(),
                (a.node_inode(old).mtime(), a.node_inode(old).xattrs().collect::<Vec<_>>()),
                (b.node_inode(new).mtime(), b.node_inode(new).xattrs().collect::<Vec<_>>()),
            ),
        })
        .collect();
    assert_eq!(lines, [] as [String; 0], "{what}");
    assert_eq!(found.digest, expect.digest, "{what}");
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn privileged_hostile_tree_round_trips_through_a_store() {
    if !testkit::is_privileged("privileged_hostile_tree_round_trips_through_a_store") {
        return;
    }
    let scratch = testkit::scratch();
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).unwrap();
    hostile::build(&source).unwrap();
    let store =
        Arc::new(Store::open_or_create(&scratch.path().join("store"), Algorithm::Sha256).unwrap());
    let first = add_directory(&store, &source);
    let again = add_directory(&store, &source);
    assert_eq!(first.digest, again.digest);
    let report =
        store::fsck::check(&store, store::fsck::Depth::Data, None, &mut |_, _| {}).unwrap();
    assert!(report.is_clean(), "{report:?}");

    let manifest = store.load_manifest(&first.digest).unwrap();
    let copy = scratch.path().join("copy");
    store::export::directory::write(&manifest, store.as_ref(), &copy).unwrap();
    let (a, b) = (walk::snapshot(&source).unwrap(), walk::snapshot(&copy).unwrap());
    assert_eq!(walk::differences(&a, &b), [] as [String; 0]);

    // The comparison itself works: it detects one changed file.
    std::fs::write(copy.join("files/small"), "x").unwrap();
    assert_eq!(walk::differences(&a, &walk::snapshot(&copy).unwrap()).len(), 1);
}

#[test]
fn privileged_a_directory_and_its_tar_give_one_digest() {
    if !testkit::is_privileged("privileged_a_directory_and_its_tar_give_one_digest") {
        return;
    }
    let scratch = testkit::scratch();
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).unwrap();
    hostile::build(&source).unwrap();
    // No tar holds sockets, and GNU tar writes a hard link to a FIFO as a separate FIFO.
    for name in ["specials/socket", "specials/fifo-again"] {
        std::fs::remove_file(source.join(name)).unwrap();
    }
    let progress = Progress::default();
    let expect = ingest_directory(&source, &options(&progress), &HashOnly).unwrap();

    let tar = |extra: &[&str]| {
        let mut command = Command::new("tar");
        command.args(["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "-S"]);
        run(command.args(extra).arg("-C").arg(&source).args(["-cf", "-", "."]))
    };
    let plain = tar(&[]);
    assert_same(&tar_digest(&plain).unwrap(), &expect, "GNU tar");
    for version in ["0.0", "0.1", "1.0"] {
        let other = tar(&["--format=posix", &format!("--sparse-version={version}")]);
        assert_same(&tar_digest(&other).unwrap(), &expect, &format!("sparse {version}"));
    }
    // The order of members does not matter.
    assert_same(&tar_digest(&tar(&["--sort=name"])).unwrap(), &expect, "another order");
    for compress in ["gzip", "zstd", "xz"] {
        let file = scratch.path().join("plain.tar");
        std::fs::write(&file, &plain).unwrap();
        let compressed = run(Command::new(compress).args(["-1", "-c"]).arg(&file));
        assert_same(&tar_digest(&compressed).unwrap(), &expect, compress);
        let cut = &compressed[..compressed.len() - 5];
        assert!(matches!(tar_digest(cut), Err(StoreError::Refused(_))), "{compress} cut");
    }

    // Ingest of the exported tar gives the same digest, and GNU tar extracts the same tree from it.
    let store =
        Arc::new(Store::open_or_create(&scratch.path().join("store"), Algorithm::Sha256).unwrap());
    let manifest = store.load_manifest(&add_directory(&store, &source).digest).unwrap();
    let mut ours = Vec::new();
    let left_out = store::export::tar::write(&manifest, store.as_ref(), &mut ours).unwrap();
    assert_eq!(left_out, [] as [String; 0]);
    assert_same(&tar_digest(&ours).unwrap(), &expect, "our own tar");
    let file = scratch.path().join("ours.tar");
    std::fs::write(&file, &ours).unwrap();
    let copy = scratch.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    // GNU tar cannot extract paths longer than PATH_MAX, so leave `deep` out.
    run(Command::new("tar")
        .args(["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "-xpf"])
        .arg(&file)
        .args(["--exclude=./deep", "-C"])
        .arg(&copy));
    let (mut a, b) = (walk::snapshot(&source).unwrap(), walk::snapshot(&copy).unwrap());
    a.retain(|path, _| !path.starts_with(b"deep"));
    assert_eq!(walk::differences(&a, &b), [] as [String; 0]);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named() {
    use std::io::Write;
    let scratch = testkit::scratch();
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).unwrap();
    let path = source.join("growing");
    std::fs::write(&path, hostile::noise(64 << 20, 1)).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = std::fs::File::options().append(true).open(&path).unwrap();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                file.write_all(b"x").unwrap();
            }
        });
        let progress = Progress::default();
        let result = ingest_directory(&source, &options(&progress), &HashOnly);
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        result
    });
    match result {
        Err(StoreError::Changed(name)) => assert_eq!(name, "growing"),
        other => panic!("{other:?}"),
    }
}

/// Makes a tar member by hand, from name, type, link target and content.
fn member(name: &[u8], kind: u8, link: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link);
    header.as_mut_bytes()[156] = kind;
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(content.len() as u64);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn check_refused(members: &[Vec<u8>], words: &str) {
    let mut bytes = members.concat();
    bytes.resize(bytes.len() + 1024, 0);
    match tar_digest(&bytes) {
        Err(StoreError::Refused(why)) => assert!(why.to_string().contains(words), "{why}"),
        other => panic!("expected '{words}', found {other:?}"),
    }
}

#[test]
fn hostile_tars_are_refused_by_name() {
    check_refused(&[member(b"../escape", b'0', b"", b"x")], "'../escape': its name has a '..'");
    check_refused(&[member(b"a/../../b", b'0', b"", b"x")], "'..'");
    check_refused(
        &[member(b"file", b'0', b"", b""), member(b"file/passwd", b'0', b"", b"x")],
        "leads through 'file', which is not a directory",
    );
    check_refused(
        &[member(b"loop", b'2', b"loop", b""), member(b"loop/passwd", b'0', b"", b"x")],
        "more than 40 symlinks, 'loop' the last",
    );
    check_refused(&[member(b"hard", b'1', b"../../etc/shadow", b"")], "'..'");
    check_refused(&[member(b"hard", b'1', b"nothing", b"")], "not an earlier file");
    check_refused(&[member(b"part", b'M', b"", b"")], "from another volume");
    // Numbers at the limits are refused without an overflow.
    let huge = member(b"pax", b'x', b"", b"29 size=18446744073709551615\n");
    check_refused(&[huge, member(b"a", b'0', b"", b"x")], "truncated");
    let early = member(b"pax", b'x', b"", b"32 mtime=-9223372036854775808.5\n");
    check_refused(&[early, member(b"a", b'0', b"", b"x")], "is not a time");
    check_refused(
        &[member(b"d/f", b'0', b"", b"x"), member(b"d", b'0', b"", b"y")],
        "would replace a directory",
    );
}

#[test]
fn damaged_and_truncated_tars_are_refused() {
    let whole = [member(b"a", b'0', b"", &[7; 3000]), member(b"b", b'0', b"", b"x"), vec![0; 1024]]
        .concat();
    tar_digest(&whole).unwrap();
    // A tar may end at a member's end, without blocks of zeros.
    assert_eq!(tar_digest(&whole[..3584]).unwrap().manifest.inode_count(), 2);
    assert_eq!(tar_digest(&whole[..4608]).unwrap().digest, tar_digest(&whole).unwrap().digest);
    // Cut inside a header, and inside content.
    for len in [100, 512, 1000, 3000, 3600, 4097] {
        match tar_digest(&whole[..len]) {
            Err(StoreError::Refused(why)) => {
                let message = why.to_string();
                assert!(message.contains("truncated"), "{len}: {message}");
            }
            other => panic!("{len}: {other:?}"),
        }
    }
    let mut damaged = whole;
    damaged[3] ^= 1;
    assert!(tar_digest(&damaged).is_err());
}

#[test]
fn later_members_replace_earlier_ones() {
    let end = vec![0; 1024];
    let twice = [
        member(b"a", b'0', b"", b"first"),
        member(b"b", b'1', b"a", b""),
        member(b"a", b'0', b"", b"second"),
        end.clone(),
    ];
    let once = [member(b"b", b'0', b"", b"first"), member(b"./a", b'0', b"", b"second"), end];
    let (twice, once) = (tar_digest(&twice.concat()).unwrap(), tar_digest(&once.concat()).unwrap());
    assert_eq!(twice.digest, once.digest);
    assert_eq!(twice.manifest.inode_count(), 3);
}
