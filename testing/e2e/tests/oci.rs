//! OCI images that umoci and skopeo write: adding one gives the same tree as unpacking it with umoci.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::Rig;
use e2e::text;
use serde_json::{Value, json};
use testkit::image::run;
use testkit::random::Random;
use testkit::walk;

/// A layout with one image of several layers: an odd tree, and changes to it.
struct Layout {
    path: PathBuf,
    image: String,
}

impl Layout {
    fn make(rig: &Rig) -> Self {
        let path = rig.path("layout");
        let layout = Self { image: format!("{}:img", path.display()), path };
        run(Command::new("umoci").args(["init", "--layout", text(&layout.path)]));
        run(Command::new("umoci").args(["new", "--image", &layout.image]));
        let change = |root: &Path, seed: u64| {
            testkit::random::change(root, &mut Random::new(seed), 60).unwrap();
        };
        layout.layer(&rig.path("bundle-1"), |root| {
            change(root, 5);
            std::fs::write(root.join("program"), testkit::hostile::noise(3 << 20, 1)).unwrap();
            run(Command::new("setcap").args(["cap_net_raw+ep", text(&root.join("program"))]));
        });
        layout.layer(&rig.path("bundle-2"), |root| change(root, 8));
        layout.layer(&rig.path("bundle-3"), |root| {
            change(root, 11);
            // Makes a directory with a file in it. The next layer replaces the directory by a file.
            std::fs::create_dir_all(root.join("new/inside")).unwrap();
            std::fs::write(root.join("new/inside/file"), b"x").unwrap();
        });
        layout.layer(&rig.path("bundle-4"), |root| {
            std::fs::remove_dir_all(root.join("new")).unwrap();
            std::fs::write(root.join("new"), b"a file now").unwrap();
        });
        let settings = [
            ["--config.env", "PATH=/bin"],
            ["--config.entrypoint", "/bin/run"],
            ["--config.label", "org.example.team=images"],
        ];
        run(Command::new("umoci")
            .args(["config", "--image", &layout.image])
            .args(settings.concat()));
        layout
    }

    fn unpack(&self, bundle: &Path) -> PathBuf {
        run(Command::new("umoci").args(["unpack", "--image", &self.image, text(bundle)]));
        bundle.join("rootfs")
    }

    fn layer(&self, bundle: &Path, change: impl FnOnce(&Path)) {
        change(&self.unpack(bundle));
        run(Command::new("umoci").args(["repack", "--image", &self.image, text(bundle)]));
    }

    /// Returns the largest blob, which is a layer.
    fn largest_blob(&self) -> PathBuf {
        let blobs = std::fs::read_dir(self.path.join("blobs/sha256")).unwrap();
        let blobs = blobs.map(|blob| blob.unwrap().path());
        blobs.max_by_key(|path| path.metadata().unwrap().len()).unwrap()
    }
}

#[test]
fn privileged_layers_come_in_as_umoci_unpacks_them() {
    if !testkit::is_privileged("privileged_layers_come_in_as_umoci_unpacks_them") {
        return;
    }
    let rig = Rig::start();
    let layout = Layout::make(&rig);
    let expected = walk::snapshot(&layout.unpack(&rig.path("oracle"))).unwrap();
    let added = rig.json(&["image", "add", "oci/odd/1", text(&layout.path)]);
    let out = rig.path("out");
    rig.json(&["image", "get", "oci/odd/1", text(&out)]);
    let differences = walk::differences(&expected, &walk::snapshot(&out).unwrap());
    assert!(differences.is_empty(), "{differences:#?}");
    // The same image as an archive, or with another compression, gives the same manifest.
    let archive = rig.path("image.tar");
    let to = format!("oci-archive:{}", archive.display());
    let from = format!("oci:{}", layout.image);
    run(Command::new("skopeo").args(["--insecure-policy", "copy", &from, &to]));
    let again = rig.json(&["image", "add", "oci/odd/2", text(&archive)]);
    assert_eq!(again["manifest"], added["manifest"]);
    let zstd = rig.path("zstd");
    let to = format!("oci:{}:img", zstd.display());
    let how = ["--dest-compress-format", "zstd", "--dest-compress"];
    run(Command::new("skopeo").args(["--insecure-policy", "copy"]).args(how).args([&from, &to]));
    let again = rig.json(&["image", "add", "oci/odd/3", text(&zstd)]);
    assert_eq!(again["manifest"], added["manifest"]);
    // The record has the image's configuration.
    let oci = rig.json(&["image", "show", "oci/odd/1"])["oci"].clone();
    assert_eq!(oci["env"], json!(["PATH=/bin"]));
    assert_eq!(oci["entrypoint"], json!(["/bin/run"]));
    assert_eq!(oci["labels"], json!({"org.example.team": "images"}));
    assert_eq!(oci["layers"], 4);
    assert!(oci["platform"].as_str().unwrap().starts_with("linux/"), "{oci}");
}

#[test]
fn privileged_platforms_are_chosen_and_damage_is_refused() {
    if !testkit::is_privileged("privileged_platforms_are_chosen_and_damage_is_refused") {
        return;
    }
    let rig = Rig::start();
    let layout = Layout::make(&rig);
    let index = layout.path.join("index.json");
    let original: Value = serde_json::from_slice(&std::fs::read(&index).unwrap()).unwrap();
    let set = |manifests: Value| {
        let mut changed = original.clone();
        changed["manifests"] = manifests;
        std::fs::write(&index, changed.to_string()).unwrap();
    };
    let with = |os: &str, architecture: &str, digest: &str| {
        let mut entry = original["manifests"][0].clone();
        entry["platform"] = json!({"os": os, "architecture": architecture});
        if !digest.is_empty() {
            entry["digest"] = json!(format!("sha256:{digest}"));
        }
        entry
    };
    let add = |more: &[&str], code: i32| {
        let arguments = [&["image", "add", "oci/odd/1", text(&layout.path)], more].concat();
        rig.refused("publish", code, &arguments)
    };
    // Besides images, an index can list attestations. Their platform is `unknown/unknown`.
    let other = "1".repeat(64);
    set(json!([
        with("linux", "amd64", ""),
        with("linux", "arm64", &other),
        with("unknown", "unknown", &"2".repeat(64))
    ]));
    let said = add(&[], 4);
    for word in ["--platform", "linux/amd64", "linux/arm64"] {
        assert!(said.contains(word) && !said.contains("unknown"), "{said}");
    }
    assert!(add(&["--platform", "linux/riscv64"], 4).contains("no image for linux/riscv64"));
    assert!(add(&["--platform", "linux/arm64"], 4).contains("is not in it"));
    assert!(add(&["--platform", "linux"], 2).contains("OS/ARCHITECTURE"));
    let chosen = ["image", "add", "oci/odd/1", text(&layout.path), "--platform", "linux/amd64"];
    rig.json(&chosen);
    // A platform's variant can be chosen even if only the index names it, and not the image's configuration.
    let mut variant = with("linux", "amd64", "");
    variant["platform"]["variant"] = json!("v1");
    set(json!([variant]));
    let chosen = ["image", "add", "oci/odd/1", text(&layout.path), "--platform", "linux/amd64/v1"];
    rig.json(&chosen);
    // If an index lists the same inner index twice, that is one image. An index with too many inner indexes is refused.
    let inner = json!({"schemaVersion": 2, "manifests": original["manifests"]}).to_string();
    let digest = wire::Algorithm::Sha256.digest(inner.as_bytes()).to_string();
    let blob = layout.path.join("blobs").join(digest.replacen(':', "/", 1));
    std::fs::write(blob, &inner).unwrap();
    let nested = json!({"mediaType": "application/vnd.oci.image.index.v1+json",
        "digest": digest, "size": inner.len()});
    set(json!([nested, nested]));
    rig.json(&["image", "add", "oci/odd/1", text(&layout.path)]);
    set(json!(vec![nested; 2000]));
    assert!(add(&[], 4).contains("names more than"));
    set(original["manifests"].clone());
    // Invalid documents, and digests that lead outside, are refused.
    std::fs::write(&index, b"{").unwrap();
    assert!(add(&[], 4).contains("index"));
    set(json!([{"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 10,
        "digest": "sha256:../../../../etc/passwd"}]));
    assert!(add(&[], 4).contains("is neither a sha256"));
    set(original["manifests"].clone());
    let blob = layout.largest_blob();
    let file = std::fs::File::options().read(true).write(true).open(&blob).unwrap();
    let (middle, mut byte) = (file.metadata().unwrap().len() / 2, [0]);
    file.read_exact_at(&mut byte, middle).unwrap();
    file.write_all_at(&[byte[0] ^ 1], middle).unwrap();
    add(&["--dry-run"], 4);
    file.write_all_at(&byte, middle).unwrap();
    file.set_len(middle).unwrap();
    assert!(add(&["--dry-run"], 4).contains("bytes instead of"));
}

#[test]
fn privileged_archives_come_in_plain_only() {
    if !testkit::is_privileged("privileged_archives_come_in_plain_only") {
        return;
    }
    let rig = Rig::start();
    let layout = Layout::make(&rig);
    // The folder around a layout is refused, and so is an incomplete layout: each would otherwise be added as a tree of
    // blobs.
    let around = rig.path("around");
    std::fs::create_dir(&around).unwrap();
    run(Command::new("cp").arg("-a").arg(&layout.path).arg(&around));
    let said = rig.refused("publish", 2, &["image", "add", "oci/around/1", text(&around)]);
    assert!(said.contains(text(&around.join("layout"))), "{said}");
    std::fs::remove_file(around.join("layout/index.json")).unwrap();
    let rest = around.join("layout");
    let said = rig.refused("publish", 4, &["image", "add", "oci/rest/1", text(&rest)]);
    assert!(said.contains("index.json cannot be read"), "{said}");
    // An archive with extended headers is added. A compressed archive is refused: it would otherwise be added as a tree
    // of blobs.
    let archive = rig.path("archive.tar");
    let mut tar = Command::new("tar");
    tar.args(["--format=pax", "-cf"]).arg(&archive).arg("-C").arg(&layout.path);
    run(tar.args(["oci-layout", "index.json", "blobs"]));
    rig.json(&["image", "add", "oci/odd/1", text(&archive)]);
    run(Command::new("gzip").arg(&archive));
    let zipped = rig.path("archive.tar.gz");
    let said = rig.refused("publish", 4, &["image", "add", "oci/zipped/1", text(&zipped)]);
    assert!(said.contains("decompress it"), "{said}");
}

#[test]
fn findings_are_told_kept_and_refused_where_that_is_asked_for() {
    use testkit::tarball::{dir, file, tar};
    let rig = Rig::start();
    let source = rig.path("mac.tar");
    let provenance = file("d/a", "x").record("SCHILY.xattr.com.apple.provenance", b"x");
    let large = file("d/b", "x").record("SCHILY.xattr.user.large", &[b'x'; 5000]);
    std::fs::write(&source, tar(&[dir("d/"), provenance, large])).unwrap();
    let check = |findings: &Value| {
        let rules: Vec<_> = findings.as_array().unwrap().iter().map(|f| &f["rule"]).collect();
        assert_eq!(rules, ["attribute", "ext4"], "{findings}");
        assert_eq!(findings[0]["path"], "/d/a");
        assert!(findings[1]["problem"].as_str().unwrap().contains("5000"), "{findings}");
    };
    let add = ["image", "add", "odd/mac/1", text(&source)];
    let said = rig.refused("publish", 4, &[&add[..], &["--strict", "--dry-run"]].concat());
    assert!(said.contains("com.apple.provenance") && said.contains("--strict"), "{said}");
    assert!(rig.refused("publish", 4, &[&add[..], &["--strict"]].concat()).contains("/d/a"));
    let would = rig.json(&[&add[..], &["--dry-run"]].concat());
    let added = rig.json(&add);
    for document in [&would, &added] {
        assert_eq!(document["findings"], 2);
        check(&document["finding_list"]);
    }
    check(&rig.json(&["image", "show", "odd/mac/1"])["findings"]);
    let shown = rig.command("publish").args(["image", "show", "odd/mac/1"]).output().unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("finding       /d/a: ") && shown.contains("ext4"), "{shown}");
    // `--ref` is refused for sources without names of images.
    let said = rig.refused("publish", 2, &[&add[..], &["--ref", "one"]].concat());
    assert!(said.contains("--ref"), "{said}");
}
