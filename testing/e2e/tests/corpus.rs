//! Replays the fuzz corpus on the stable toolchain. `IMPRINT_WRITE_CORPUS=1` writes the seeds again.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

#[path = "../../../fuzz/bodies.rs"]
mod bodies;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wire::digest::Algorithm;
use wire::manifest::{Content, Timestamp, Tree, TreeInode};
use wire::object::FrameList;

type Body = fn(&[u8]);

const TARGETS: [(&str, Body); 23] = [
    ("fuzz_manifest", bodies::manifest),
    ("fuzz_object", bodies::object),
    ("fuzz_frame_list", bodies::frame_list),
    ("fuzz_pack", bodies::pack),
    ("fuzz_image_file", bodies::image_file),
    ("fuzz_tar", bodies::tar),
    ("fuzz_layers", bodies::layers),
    ("fuzz_container", bodies::container),
    ("fuzz_acl", bodies::acl),
    ("fuzz_ledger", bodies::ledger),
    ("fuzz_ondisk", bodies::ondisk),
    ("fuzz_block_map", bodies::block_map),
    ("fuzz_recognise", bodies::recognise),
    ("fuzz_partitions", bodies::partitions),
    ("fuzz_qcow2", bodies::qcow2),
    ("fuzz_unwrap", bodies::unwrap),
    ("fuzz_boot", bodies::boot),
    ("fuzz_initrd", bodies::initrd),
    ("fuzz_signature", bodies::signature),
    ("fuzz_revoked", bodies::revoked),
    ("fuzz_token", bodies::token),
    ("fuzz_changes", bodies::changes),
    ("fuzz_bundle", bodies::bundle),
];

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target)
}

#[test]
fn fuzz_corpus_replays() {
    if std::env::var_os("IMPRINT_WRITE_CORPUS").is_some() {
        write_seeds();
    }
    for (target, body) in TARGETS {
        let mut count = 0;
        for entry in std::fs::read_dir(corpus(target)).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            body(&bytes);
            // Tries similar inputs too: about 200 truncations, and a flipped bit at each of these places.
            for len in (0..bytes.len()).step_by(1 + bytes.len() / 200) {
                body(&bytes[..len]);
                let mut changed = bytes.clone();
                changed[len] ^= 1 << (len % 8);
                body(&changed);
            }
            count += 1;
        }
        assert!(count > 0, "{target} has no corpus");
    }
}

/// Otherwise the corpus would end where a signature is refused.
#[test]
fn the_signature_in_the_corpus_is_good() {
    use prost::Message;
    let bytes = std::fs::read(corpus("fuzz_signature").join("seed")).unwrap();
    let record = wire::proto::ImageRecord::decode(&bytes[..]).unwrap();
    let ca = std::fs::read(corpus("").join("../ca.pem")).unwrap();
    let ca = rpc::certificate_authority::CertificateAuthority::of_pem(&ca, &[]).unwrap();
    let signer = rpc::image_signature::verify_image(&record, &ca, None).unwrap().unwrap();
    assert_eq!(signer.caller.as_str(), "publish");
}

fn tree() -> Tree {
    let inode = |content| TreeInode {
        permissions: 0o644,
        uid: 1,
        gid: 2,
        mtime: Timestamp { secs: -5, nanos: 7 },
        xattrs: BTreeMap::from([(b"user.a".to_vec(), b"b".to_vec())]),
        content,
    };
    let mut tree = Tree::new(inode(Content::Directory(BTreeMap::new())));
    let digest = Some(Algorithm::Sha256.digest(b"x"));
    let file = tree.push(inode(Content::Regular { size: 1, holes: Vec::new(), digest }));
    let link = tree.push(inode(Content::Symlink(b"target".to_vec())));
    let entries = BTreeMap::from([(b"a".to_vec(), file), (b"b".to_vec(), file)]);
    let sub = tree.push(inode(Content::Directory(entries)));
    let entries = BTreeMap::from([(b"l".to_vec(), link), (b"sub".to_vec(), sub)]);
    tree.inodes[0].content = Content::Directory(entries);
    tree
}

/// Writes seeds for the readers of other tools' formats: layers, OCI documents and ACLs.
fn write_reader_seeds(write_as: &dyn Fn(&str, &str, &[u8])) {
    use testkit::tarball::{dir, file, hard_link, symlink, unended};
    let layers = [
        unended(&[dir("usr/"), dir("usr/lib/"), symlink("lib", "/usr/lib"), file("lib/a", "x")]),
        unended(&[file("lib/.wh.a", ""), hard_link("b", "lib"), file("usr/.wh..wh..opq", "")]),
    ];
    let framed = layers.iter().flat_map(|layer| {
        let len = (layer.len() as u16).to_le_bytes();
        [&len[..], layer].concat()
    });
    write_as("fuzz_layers", "seed", &framed.collect::<Vec<u8>>());
    let digest = Algorithm::Sha256.digest(b"x");
    let descriptor = format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":1,"platform":null,"annotations":{{"org.opencontainers.image.ref.name":"a"}}}}"#
    );
    let config = format!(
        r#"{{"os":"linux","config":{{"Cmd":"sh","Env":["A=B"],"Labels":{{"a":null}}}},"rootfs":{{"diff_ids":["{digest}"]}}}}"#
    );
    let docker = r#"[{"Config":"config","RepoTags":["a"],"Layers":["layer"]}]"#;
    write_as("fuzz_container", "index", format!(r#"{{"manifests":[{descriptor}]}}"#).as_bytes());
    write_as("fuzz_container", "docker", format!("{docker}\0{config}").as_bytes());
    let manifest = format!(r#"{{"config":{descriptor},"layers":[{descriptor}]}}"#);
    write_as("fuzz_container", "manifest", manifest.as_bytes());
    let archive = unended(&[file("manifest.json", docker), file("config", &config)]);
    write_as("fuzz_container", "archive", &archive);
    let text = "user::rw-,user:7:rw-,group::r--,group:lisa:r-x:8,mask::rw-,other::---";
    write_as("fuzz_acl", "text", text.as_bytes());
    let mut bytes = vec![2, 0, 0, 0];
    for (tag, id) in [(1u16, u32::MAX), (2, 7), (4, u32::MAX), (16, u32::MAX), (32, u32::MAX)] {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&4u16.to_le_bytes());
        bytes.extend_from_slice(&id.to_le_bytes());
    }
    write_as("fuzz_acl", "bytes", &bytes);
}

fn write_seeds() {
    let write_as = |target: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(corpus(target)).unwrap();
        std::fs::write(corpus(target).join(name), bytes).unwrap();
    };
    let write = |target: &str, bytes: &[u8]| write_as(target, "seed", bytes);
    let manifest = tree().encode(Algorithm::Sha256).unwrap();
    write("fuzz_manifest", manifest.bytes());
    let digest = Algorithm::Sha256.digest(b"content");
    let content = b"content ".repeat(50);
    let encoded = store::codec::Encoder::new().unwrap().encode(digest, &content);
    write("fuzz_object", &[&(content.len() as u32).to_le_bytes()[..], &encoded.payload].concat());
    let list = FrameList { frames: vec![(digest, 7), (digest, 9)] };
    write("fuzz_frame_list", &[&16u64.to_le_bytes()[..], &list.encode()].concat());
    let entry = store::pack::Entry {
        digest,
        kind: wire::object::Kind::Data,
        offset: 32,
        payload_len: 10,
        content_len: 20,
    };
    write("fuzz_pack", &[&[0; 42][..], &store::pack::encode_footer(&[entry], 42)].concat());
    let record = wire::proto::ImageRecord { name: "a/b".to_owned(), ..Default::default() };
    write("fuzz_image_file", &store::images::encode(&record));
    write_reader_seeds(&write_as);
    let ledger = patch::ledger::Ledger {
        manifest: manifest.digest(),
        boot: boot::BootRecord {
            generated: Vec::new(),
            loaders: boot::InstalledLoaders {
                inputs: None,
                area: Algorithm::Sha256.digest(b"area"),
                mode: Err("it has no kernel".to_owned()),
            },
        },
        stamps: vec![patch::ledger::Stamp { ino: 1, ctime: (2, 3) }],
        witness: None,
        superblock_digest: Some(Algorithm::Sha256.digest(b"skeleton")),
        is_scrubbed: true,
        next_hashed: 1,
    };
    write("fuzz_ledger", &ledger.encode());
    let map = wire::blockmap::BlockMap::of_len(vec![[1; 32], [2; 32]], (512 << 10) + 512).unwrap();
    write("fuzz_block_map", &map.encode());
    write_filesystem_seeds(&write_as);
    write_disk_seeds(&write_as);
    write("fuzz_tar", &small_tar());
}

/// Makes a tar of a file and a symlink to it.
fn small_tar() -> Vec<u8> {
    let folder = testkit::scratch();
    std::fs::write(folder.path().join("file"), "content").unwrap();
    std::os::unix::fs::symlink("file", folder.path().join("link")).unwrap();
    let tar = std::process::Command::new("tar")
        .args(["--format=posix", "--sort=name", "--mtime=@5.5", "-C"])
        .arg(folder.path())
        .args(["-cf", "-", "."])
        .output()
        .unwrap();
    tar.stdout
}

/// Writes seeds for the filesystem readers: the first 96 KiB of fresh filesystems.
fn write_filesystem_seeds(write_as: &dyn Fn(&str, &str, &[u8])) {
    for (name, tool, len) in
        [("fuzz_ondisk", "mkfs.ext4", 48 << 20), ("fuzz_ondisk", "mkfs.xfs", 300 << 20)]
    {
        let image = testkit::scratch();
        let image = image.path().join("image");
        std::fs::File::create(&image).unwrap().set_len(len).unwrap();
        let options: &[&str] = match tool {
            "mkfs.ext4" => {
                &["-q", "-F", "-b", "4096", "-N", "32", "-O", "^resize_inode,^orphan_file"]
            }
            _ => &["-q", "-f"],
        };
        testkit::image::run(std::process::Command::new(tool).args(options).arg(&image));
        let mut bytes = std::fs::read(&image).unwrap();
        bytes.truncate(96 << 10);
        write_as(name, tool, &bytes);
    }
}

/// Writes seeds for the readers of disks: partition tables, and small disks in several formats, compressions and
/// archives.
fn write_disk_seeds(write: &dyn Fn(&str, &str, &[u8])) {
    let folder = testkit::scratch();
    let script = "truncate -s 64K gpt mbr; printf 'label: gpt\\nstart=40, size=8\\n' | sfdisk -q gpt
        printf 'label: dos\\nstart=1, size=8\\nstart=16, size=100, type=5\\nstart=17, size=9\\n' | sfdisk -q mbr
        qemu-img convert -q -f raw -O qcow2 -o cluster_size=512 mbr qcow2
        qemu-img convert -q -c -f raw -O qcow2 -o cluster_size=512 mbr packed
        for z in gzip zstd xz bzip2 lz4; do $z -c mbr > mbr.$z; done; tar -cSf tar mbr; gzip -c tar > tgz";
    let mut shell = std::process::Command::new("sh");
    testkit::image::run(shell.args(["-ec", script]).current_dir(folder.path()));
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    for name in ["gpt", "mbr"] {
        write("fuzz_partitions", name, &read(name)[..34 * 512]);
    }
    for name in ["qcow2", "packed"] {
        write("fuzz_qcow2", name, &read(name));
    }
    let around = [
        (0x80, "tar"),
        (0x81, "tgz"),
        (1, "mbr.gzip"),
        (2, "mbr.zstd"),
        (3, "mbr.xz"),
        (4, "mbr.bzip2"),
        (5, "mbr.lz4"),
    ];
    for (first, name) in around {
        write("fuzz_unwrap", name, &[&[first][..], &read(name)].concat());
        write("fuzz_recognise", name, &read(name));
    }
    write("fuzz_recognise", "qcow2", &read("qcow2")[..1024]);
}
