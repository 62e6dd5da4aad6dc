//! Container images as tools write them: layouts, archives and folders, with several images and
//! with odd documents.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use store::StoreError;
use store::ingest::oci::{ImageSelector, OciImage, Platform, ingest_oci};
use store::ingest::{Exclude, HashOnly, IngestOutcome, Options, Progress, ingest_tar};
use tempfile::TempDir;
use testkit::layout::{CONFIG, LAYER, Layout, MANIFEST, named, sha256};
use testkit::tarball::{Member, dir, file, symlink, tar};
use wire::digest::Algorithm;

struct Scratch(TempDir);

impl Scratch {
    fn new() -> Self {
        Self(testkit::scratch())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn layout(&self, layers: &[Vec<u8>]) -> Layout {
        let layout = Layout::new(&self.path("layout")).unwrap();
        let image = layout.image(layers, "{}").unwrap();
        layout.index(&[named(&image, "one")]).unwrap();
        layout
    }

    fn tar(&self, arguments: &[&str]) -> PathBuf {
        let path = self.path("archive.tar");
        let made = Command::new("tar").arg("-cf").arg(&path).args(arguments).status().unwrap();
        assert!(made.success());
        path
    }

    fn write(&self, members: &[Member]) -> PathBuf {
        let path = self.path("archive.tar");
        std::fs::write(&path, tar(members)).unwrap();
        path
    }
}

fn options(progress: &Progress) -> Options<'_> {
    Options { algorithm: Algorithm::Sha256, exclude: Exclude::default(), cache: None, progress }
}

fn open(path: &Path, wanted: &ImageSelector<'_>) -> Result<OciImage, StoreError> {
    OciImage::open(path, wanted).map(|image| image.expect("a container image"))
}

fn ingest(image: &OciImage) -> Result<IngestOutcome, StoreError> {
    ingest_oci(image, &options(&Progress::default()), &HashOnly)
}

fn read(path: &Path) -> IngestOutcome {
    ingest(&open(path, &ImageSelector::default()).unwrap()).unwrap()
}

fn names(found: &IngestOutcome) -> Vec<String> {
    let name = |node| String::from_utf8(found.manifest.path(node)).unwrap();
    found.manifest.nodes().skip(1).map(name).collect()
}

/// Ingests one layer as a tar, for comparison.
fn expected(layer: &[u8]) -> IngestOutcome {
    ingest_tar(layer, &options(&Progress::default()), &HashOnly).unwrap()
}

fn check_words(result: Result<impl std::fmt::Debug, StoreError>, words: &[&str]) {
    let message = match result {
        Err(StoreError::Refused(why)) => why.to_string(),
        other => panic!("{other:?}"),
    };
    for word in words {
        assert!(message.contains(word), "no '{word}': {message}");
    }
}

fn layer() -> Vec<u8> {
    tar(&[dir("d/"), file("d/a", "content")])
}

#[test]
fn layouts_are_read_from_a_folder_of_a_tar_and_through_symlinks() {
    let scratch = Scratch::new();
    let layout = scratch.layout(&[layer()]);
    let expect = expected(&layer());
    assert_eq!(read(&layout.path).digest, expect.digest);
    let folder = scratch.0.path().to_str().unwrap();
    assert_eq!(read(&scratch.tar(&["-C", folder, "layout"])).digest, expect.digest);
    // Bazel's rules write a farm of symlinks.
    let (blobs, real) = (layout.path.join("blobs/sha256"), scratch.path("real"));
    std::fs::rename(&blobs, &real).unwrap();
    std::fs::create_dir(&blobs).unwrap();
    for blob in std::fs::read_dir(&real).unwrap().map(|entry| entry.unwrap().path()) {
        std::os::unix::fs::symlink(&blob, blobs.join(blob.file_name().unwrap())).unwrap();
    }
    assert_eq!(read(&layout.path).digest, expect.digest);
    // A link to a FIFO is refused without waiting for it.
    let fifo = blobs.join(sha256(&layer()));
    std::fs::remove_file(&fifo).unwrap();
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let image = open(&layout.path, &ImageSelector::default()).unwrap();
    check_words(ingest(&image), &["layer 1 of 1", "cannot be read"]);
}

/// Makes a configuration for linux/arm64 whose only diff id is the layer's digest.
fn config_of(layer: &[u8]) -> Vec<u8> {
    let id = sha256(layer);
    format!(
        r#"{{"architecture":"arm64","os":"linux","config":{{"Cmd":["sh"]}},"rootfs":{{"diff_ids":["sha256:{id}"]}}}}"#
    )
    .into_bytes()
}

fn bytes(name: &str, content: &[u8]) -> Member {
    testkit::tarball::member(b'0', name, "", content)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let scratch = Scratch::new();
    let path = scratch.path("in");
    std::fs::write(&path, bytes).unwrap();
    Command::new("gzip").arg("-c").arg(&path).output().unwrap().stdout
}

#[test]
fn docker_archives_are_layers_and_a_configuration() {
    let (scratch, layer) = (Scratch::new(), layer());
    let (config, expect) = (config_of(&layer), expected(&layer));
    let config_name = format!("sha256:{}", sha256(&config));
    let manifest = |layer: &str| {
        format!(r#"[{{"Config":"{config_name}","RepoTags":["app:1"],"Layers":["{layer}"]}}]"#)
    };
    // Archives of crane and kaniko name blobs by their digests.
    let zipped = gzip(&layer);
    let zipped_name = format!("{}.tar.gz", sha256(&zipped));
    let archive = [
        bytes(&config_name, &config),
        bytes(&zipped_name, &zipped),
        file("manifest.json", &manifest(&zipped_name)),
    ];
    let image = open(&scratch.write(&archive), &ImageSelector::default()).unwrap();
    assert_eq!(ingest(&image).unwrap().digest, expect.digest);
    assert_eq!((image.config().platform.as_str(), image.config().cmd.len()), ("linux/arm64", 1));
    // Older dockers write a layer into a folder, or as a link to another image's layer.
    let linked = [
        bytes(&config_name, &config),
        bytes("base/layer.tar", &layer),
        symlink("top/layer.tar", "../base/layer.tar"),
        file("repositories", "{}"),
        file("manifest.json", &manifest("top/layer.tar")),
    ];
    assert_eq!(read(&scratch.write(&linked)).digest, expect.digest);
    // The error names a damaged layer, and a damaged configuration.
    let other = tar(&[file("other", "x")]);
    let damaged = [
        bytes(&config_name, &config),
        bytes("l.tar", &other),
        file("manifest.json", &manifest("l.tar")),
    ];
    let image = open(&scratch.write(&damaged), &ImageSelector::default()).unwrap();
    check_words(ingest(&image), &["layer 1 of 1 (l.tar", "damaged"]);
    let changed = [
        bytes(&config_name, b"{}"),
        bytes("l.tar", &layer),
        file("manifest.json", &manifest("l.tar")),
    ];
    check_words(
        open(&scratch.write(&changed), &ImageSelector::default()),
        &[&config_name, "damaged"],
    );
    // An archive without images must not become a tree of blobs.
    let empty = [bytes(&config_name, &config), file("manifest.json", "[]")];
    check_words(open(&scratch.write(&empty), &ImageSelector::default()), &["names no image"]);
    // A tree may contain a manifest.json of its own.
    let tree = [file("manifest.json", r#"{"name":"app"}"#), file("index.js", "")];
    assert!(OciImage::open(&scratch.write(&tree), &ImageSelector::default()).unwrap().is_none());
    // A streamed or compressed archive is refused, with advice.
    for archive in [&archive[..], &empty] {
        let found = ingest_tar(&tar(archive)[..], &options(&Progress::default()), &HashOnly);
        check_words(found, &["container image", "read only from a plain file"]);
    }
}

#[test]
fn what_docker_and_skopeo_write_is_read() {
    let scratch = Scratch::new();
    let layout = scratch.layout(&[layer(), tar(&[file("d/.wh.a", ""), file("b", "x")])]);
    let expect = read(&layout.path);
    assert_eq!(names(&expect), ["b", "d"]);
    let from = format!("oci:{}:one", layout.path.display());
    for kind in ["dir", "docker-archive", "oci-archive"] {
        let to = scratch.path(kind);
        let target = match kind {
            "docker-archive" => format!("{kind}:{}:app:1", to.display()),
            _ => format!("{kind}:{}", to.display()),
        };
        let mut skopeo = Command::new("skopeo");
        let output = skopeo.args(["--insecure-policy", "copy", &from, &target]).output().unwrap();
        assert!(output.status.success(), "{kind}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(read(&to).digest, expect.digest, "{kind}");
    }
}

#[test]
fn a_name_chooses_and_what_stands_beside_images_is_no_candidate() {
    let scratch = Scratch::new();
    let layout = Layout::new(&scratch.path("layout")).unwrap();
    let image = |name: &str| layout.image(&[tar(&[file(name, "x")])], "{}").unwrap();
    let (one, two) = (image("one"), image("two"));
    let signature = |kind: &str, config: &str| {
        let blob = layout.blob(kind, b"signed").unwrap();
        let config = layout.blob(config, b"{}").unwrap();
        let manifest = format!(r#"{{"schemaVersion":2,"config":{config}}},"layers":[{blob}}}]}}"#);
        layout.blob(MANIFEST, manifest.as_bytes()).unwrap() + "}"
    };
    let about = |image: &str| {
        let layer = layout.blob(LAYER, &layer()).unwrap();
        let config = layout.blob(CONFIG, b"{}").unwrap();
        let manifest = format!(
            r#"{{"schemaVersion":2,"subject":{image}}},"config":{config}}},"layers":[{layer}}}]}}"#
        );
        layout.blob(MANIFEST, manifest.as_bytes()).unwrap() + "}"
    };
    // Entries of unknown kinds may have digests that ingest cannot parse.
    let other = |kind: &str, more: &str| {
        format!(r#"{{"mediaType":"{kind}","digest":"blake3:0011","size":1{more}}}"#)
    };
    let beside = [
        signature("application/vnd.dev.cosign.simplesigning.v1+json", CONFIG),
        signature(LAYER, "application/vnd.oci.empty.v1+json"),
        about(&one),
        other("application/vnd.example.thing", ""),
        other(MANIFEST, r#","artifactType":"application/vnd.example.thing""#),
    ];
    let index = |images: &[String]| layout.index(&[images, &beside].concat()).unwrap();
    let by = |reference: &str| {
        let wanted = ImageSelector { reference: Some(reference), platform: None };
        open(&layout.path, &wanted)
    };
    index(&[named(&one, "app:1")]);
    assert_eq!(names(&read(&layout.path)), ["one"]);
    index(&[named(&one, "app:1"), named(&two, "app:2")]);
    assert_eq!(names(&ingest(&by("app:2").unwrap()).unwrap()), ["two"]);
    let all = ["app:1 (linux/amd64)", "app:2 (linux/amd64)"];
    check_words(open(&layout.path, &ImageSelector::default()), &[&all[..], &["--ref"]].concat());
    check_words(by("app:3"), &[&all[..], &["no image named 'app:3'"]].concat());
    let platform: Platform = "linux/amd64".parse().unwrap();
    let wanted = ImageSelector { platform: Some(&platform), reference: None };
    check_words(
        open(&layout.path, &wanted),
        &[&all[..], &["of that platform with --ref"]].concat(),
    );
    // One image under two names counts once.
    index(&[named(&one, "app:1"), named(&one, "latest")]);
    assert_eq!(names(&ingest(&by("latest").unwrap()).unwrap()), ["one"]);
    assert_eq!(names(&read(&layout.path)), ["one"]);
    // Docker omits its own registry in names, podman writes it.
    index(&[named(&one, "docker.io/library/debian:12"), named(&two, "team/debian:12")]);
    for (name, content) in [
        ("debian:12", "one"),
        ("docker.io/library/debian:12", "one"),
        ("team/debian:12", "two"),
        ("docker.io/team/debian:12", "two"),
    ] {
        assert_eq!(names(&ingest(&by(name).unwrap()).unwrap()), [content], "{name}");
    }
    check_words(by("library/debian:12"), &["no image named"]);
    index(&[]);
    check_words(open(&layout.path, &ImageSelector::default()), &["names no image"]);
    let named_alone = about(&one);
    let named_alone = named(&named_alone[..named_alone.len() - 1], "sig");
    layout.index(&[named(&one, "app:1"), named_alone]).unwrap();
    check_words(by("sig"), &["not an image itself"]);
}

#[test]
fn documents_may_say_null_and_one_string_for_a_list() {
    let scratch = Scratch::new();
    let layout = Layout::new(&scratch.path("layout")).unwrap();
    let run =
        r#"{"User":null,"WorkingDir":null,"Env":null,"Entrypoint":"/bin/run","Labels":{"a":null}}"#;
    let image = layout.image(&[layer()], run).unwrap();
    layout.index(&[image + r#","platform":null,"annotations":null}"#]).unwrap();
    let image = open(&layout.path, &ImageSelector::default()).unwrap();
    assert_eq!(image.config().entrypoint, ["/bin/run"]);
    assert_eq!(image.config().labels["a"], "");
    assert_eq!(ingest(&image).unwrap().digest, expected(&layer()).digest);
}

#[test]
fn digests_of_sha512_and_foreign_layers_are_read() {
    let scratch = Scratch::new();
    let layout = Layout::new(&scratch.path("layout")).unwrap();
    std::fs::create_dir(layout.path.join("blobs/sha512")).unwrap();
    let blob = |kind: &str, bytes: &[u8]| {
        let digest = Algorithm::Sha512.digest(bytes).to_string();
        std::fs::write(layout.path.join("blobs").join(digest.replacen(':', "/", 1)), bytes)
            .unwrap();
        format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":{}}}"#, bytes.len())
    };
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    let (config, layers) = (blob(CONFIG, &config_of(&layer())), blob(foreign, &gzip(&layer())));
    let manifest = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{layers}]}}"#);
    layout.index(&[blob(MANIFEST, manifest.as_bytes())]).unwrap();
    assert_eq!(read(&layout.path).digest, expected(&layer()).digest);
    // In an archive, such long names need extended headers.
    let folder = layout.path.to_str().unwrap();
    for format in ["--format=gnu", "--format=posix"] {
        assert_eq!(
            read(&scratch.tar(&[format, "-C", folder, "."])).digest,
            expected(&layer()).digest
        );
    }
}

#[test]
fn archives_with_members_above_eight_gib_are_read() {
    use std::os::unix::fs::FileExt;
    const LEN: u64 = 9 << 30;
    let scratch = Scratch::new();
    let layout = scratch.layout(&[layer()]);
    // As GNU tar and Go write it: the length does not fit the header's field, so a PAX record has
    // it.
    let large = file("blobs/large", "").record("size", LEN.to_string().as_bytes()).bytes();
    let rest = scratch.tar(&["-C", layout.path.to_str().unwrap(), "."]);
    let rest = std::fs::read(rest).unwrap();
    let path = scratch.path("large.tar");
    let archive = std::fs::File::create(&path).unwrap();
    archive.write_all_at(&large, 0).unwrap();
    archive.write_all_at(&rest, large.len() as u64 + LEN).unwrap();
    assert_eq!(read(&path).digest, expected(&layer()).digest);
    // A member that claims to be longer than any file makes the archive unreadable.
    let more = file("blobs/large", "").record("size", b"9223372036854775807").bytes();
    archive.write_all_at(&more, 0).unwrap();
    assert!(OciImage::open(&path, &ImageSelector::default()).unwrap().is_none());
}

#[test]
fn errors_of_a_layer_name_it_and_empty_ones_change_nothing() {
    let scratch = Scratch::new();
    let bad = tar(&[file("../out", "x")]);
    let layout = scratch.layout(&[layer(), Vec::new(), bad.clone()]);
    let image = open(&layout.path, &ImageSelector::default()).unwrap();
    check_words(ingest(&image), &["layer 3 of 3", &sha256(&bad), "'../out'", "'..'"]);
    let layout = scratch.layout(&[layer(), Vec::new()]);
    assert_eq!(read(&layout.path).digest, expected(&layer()).digest);
    let layout = scratch.layout(&[layer(), tar(&[symlink("s", &"t".repeat(4096))])]);
    let image = open(&layout.path, &ImageSelector::default()).unwrap();
    check_words(ingest(&image), &["layer 2 of 2", "'s'", "4095"]);
}

#[test]
fn whiteouts_through_links_hide_what_they_lead_to() {
    let scratch = Scratch::new();
    let base = tar(&[
        dir("usr/"),
        dir("usr/lib/"),
        file("usr/lib/secret", "x"),
        file("usr/lib/kept", "x"),
        symlink("lib", "usr/lib"),
    ]);
    let layout = scratch.layout(&[base.clone(), tar(&[file("lib/.wh.secret", "")])]);
    let found = read(&layout.path);
    assert_eq!(names(&found), ["lib", "usr", "usr/lib", "usr/lib/kept"]);
    assert_eq!(found.findings[0].rule, "through-symlink");
    let layout =
        scratch.layout(&[base, tar(&[file("lib/new", "x"), file("lib/.wh..wh..opq", "")])]);
    assert_eq!(names(&read(&layout.path)), ["lib", "usr", "usr/lib", "usr/lib/new"]);
}
