//! Random stacks of layers, with whiteouts, opaque directories and links through links in any
//! order. Ingest must agree with umoci, and with a model of the OCI image specification.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod model;

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use model::{Entry, Kind, Model};
use store::ingest::oci::{ImageSelector, OciImage, ingest_oci};
use store::ingest::{Exclude, HashOnly, Options, Progress};
use testkit::layout::{Layout, named};
use testkit::random::Random;
use testkit::tarball::{self, Member};
use wire::Manifest;
use wire::digest::Algorithm;

/// A tree as one line of text per path.
type Snapshot = BTreeMap<String, String>;

/// Makes a random path of one to three components, from so few names that paths often collide.
fn path(random: &mut Random) -> String {
    let names = ["a", "b", "c", "d"];
    let count = 1 + random.below(3);
    let pick = |_| names[random.below(4) as usize];
    (0..count).map(pick).collect::<Vec<_>>().join("/")
}

fn target(random: &mut Random) -> String {
    let up = ["", "", "../", "/", "../../../", "./"][random.below(6) as usize];
    let down = path(random);
    let back = ["", "", "", "/..", "/../b"][random.below(5) as usize];
    format!("{up}{down}{back}")
}

/// Makes a random layer. An entry that contradicts the tree is drawn again.
fn layer(random: &mut Random, model: &mut Model) -> Vec<Entry> {
    let mut entries = Vec::new();
    model.begin_layer();
    let count = 1 + random.below(9);
    for _ in 0..count * 3 {
        if entries.len() as u64 == count {
            break;
        }
        let path = path(random);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let within =
            |name: String| if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let number = random.below(1000);
        let (path, kind) = match random.below(16) {
            0..=4 => (path.clone(), Kind::File(format!("content {number}"))),
            5..=7 => (path.clone(), Kind::Directory),
            8..=10 => (path.clone(), Kind::Symlink(target(random))),
            11 => (path.clone(), Kind::HardLink(self::path(random))),
            12..=14 => (within(format!(".wh.{name}")), Kind::Whiteout),
            _ => (within(".wh..wh..opq".to_owned()), Kind::Whiteout),
        };
        let entry = Entry { path, kind, mode: 0o700 + number as u32 % 64, mtime: number };
        let mut tried = model.clone();
        if tried.apply(&entry).is_ok() {
            *model = tried;
            entries.push(entry);
        }
    }
    entries
}

fn member(entry: &Entry) -> Member {
    let path = &entry.path;
    let member = match &entry.kind {
        Kind::File(content) => tarball::file(path, content),
        Kind::Directory => tarball::dir(&format!("{path}/")),
        Kind::Symlink(target) => tarball::symlink(path, target),
        Kind::HardLink(target) => tarball::hard_link(path, target),
        Kind::Whiteout => tarball::file(path, ""),
    };
    let mode = if matches!(entry.kind, Kind::Symlink(_)) { 0o777 } else { entry.mode };
    member.mode(mode).raw(136, format!("{:011o}\0", entry.mtime).as_bytes())
}

fn of_manifest(manifest: &Manifest) -> Snapshot {
    let describe = |node| {
        let inode = manifest.node_inode(node);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let what = match inode.is_symlink() {
            true => format!("-> {}", text(inode.target())),
            false => {
                inode.digest().filter(|_| inode.is_regular()).map(|d| d.short()).unwrap_or_default()
            }
        };
        let first = match inode.link_count() > 1 && !inode.is_directory() {
            true => text(&manifest.path(inode.first_node())),
            false => String::new(),
        };
        let mtime = if inode.is_directory() { 0 } else { inode.mtime().secs };
        (text(&manifest.path(node)), (inode.mode(), what, mtime, first))
    };
    lines(manifest.nodes().skip(1).map(describe).collect())
}

fn of_folder(root: &Path) -> Snapshot {
    let mut found = BTreeMap::new();
    let mut links: BTreeMap<u64, String> = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        let mut entries: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let stat = std::fs::symlink_metadata(&path).unwrap();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let what = if stat.is_symlink() {
                format!("-> {}", std::fs::read_link(&path).unwrap().display())
            } else if stat.is_file() {
                Algorithm::Sha256.digest(&std::fs::read(&path).unwrap()).short()
            } else {
                String::new()
            };
            let is_linked = stat.nlink() > 1 && !stat.is_dir();
            if is_linked {
                links.entry(stat.ino()).or_insert_with(|| name.clone());
            }
            let first = if is_linked { stat.ino().to_string() } else { String::new() };
            let mtime = if stat.is_dir() { 0 } else { stat.mtime() };
            found.insert(name, (stat.permissions().mode(), what, mtime, first));
            if stat.is_dir() {
                pending.push(path);
            }
        }
    }
    lines(found)
}

/// Describes a tree; a group of hard links is named by its first path.
fn lines(found: BTreeMap<String, (u32, String, i64, String)>) -> Snapshot {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (path, (.., group)) in &found {
        names.entry(group.clone()).or_insert_with(|| path.clone());
    }
    let line = |(path, (mode, what, mtime, group)): (String, (u32, String, i64, String))| {
        let group = if group.is_empty() { "" } else { names[&group].as_str() };
        (path, format!("{mode:o} {mtime} {what} [{group}]"))
    };
    found.into_iter().map(line).collect()
}

fn of_model(model: &Model) -> Snapshot {
    let found = model.nodes().map(|(path, node)| {
        let (kind, what) = match &node.kind {
            Kind::File(content) => {
                (0o100_000, Algorithm::Sha256.digest(content.as_bytes()).short())
            }
            Kind::Symlink(target) => (0o120_000, format!("-> {target}")),
            _ => (0o040_000, String::new()),
        };
        let group =
            if model.count(node.inode) > 1 { node.inode.to_string() } else { String::new() };
        let mtime = if kind == 0o040_000 { 0 } else { node.mtime as i64 };
        let mode = if kind == 0o120_000 { 0o777 } else { node.mode };
        (path.to_owned(), (kind | mode, what, mtime, group))
    });
    lines(found.collect())
}

/// Checks a random stack against the model, and also against umoci if `with_umoci` is true.
fn check(seed: u64, with_umoci: bool) {
    let mut random = Random::new(seed);
    let scratch = testkit::scratch();
    let layout = Layout::new(&scratch.path().join("layout")).unwrap();
    let mut model = Model::default();
    let layers: Vec<Vec<Entry>> =
        (0..1 + random.below(4)).map(|_| layer(&mut random, &mut model)).collect();
    let tars: Vec<Vec<u8>> = layers
        .iter()
        .map(|entries| tarball::tar(&entries.iter().map(member).collect::<Vec<_>>()))
        .collect();
    let image = layout.image(&tars, "{}").unwrap();
    layout.index(&[named(&image, "stack")]).unwrap();
    let source = OciImage::open(&layout.path, &ImageSelector::default()).unwrap().unwrap();
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    let found = ingest_oci(&source, &options, &HashOnly)
        .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{layers:#?}"));
    let ours = of_manifest(&found.manifest);
    let expect = of_model(&model);
    assert_eq!(ours, expect, "seed {seed}: ours, and the model\n{layers:#?}");
    if with_umoci {
        let (image, to) = (format!("{}:stack", layout.path.display()), scratch.path().join("out"));
        let mut umoci = Command::new("umoci");
        let output = umoci.args(["raw", "unpack", "--image", &image]).arg(&to).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "seed {seed}: {said}\n{layers:#?}");
        assert_eq!(ours, of_folder(&to), "seed {seed}: ours, and umoci's\n{layers:#?}");
    }
}

fn first_seed() -> u64 {
    std::env::var("TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

#[test]
fn prop_stacks_of_layers_are_what_the_specification_says() {
    (0..400).for_each(|seed| check(first_seed() + seed, false));
}

#[test]
fn privileged_prop_stacks_of_layers_are_what_umoci_unpacks() {
    if testkit::is_privileged("privileged_prop_stacks_of_layers_are_what_umoci_unpacks") {
        (0..100).for_each(|seed| check(first_seed() + seed, true));
    }
}

#[test]
#[ignore = "takes minutes: run by `make full`"]
fn full_privileged_stacks_of_layers_are_what_umoci_unpacks() {
    if testkit::is_privileged("full_privileged_stacks_of_layers_are_what_umoci_unpacks") {
        (1000..2000).for_each(|seed| check(first_seed() + seed, true));
    }
}
