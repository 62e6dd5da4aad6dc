//! Cost of single steps: hashing, compression, decoding a manifest, comparing two manifests, planning.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark ends at the first error")]

use std::collections::BTreeMap;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use patch::FreedPolicy;
use patch::plan::{Choices, plan};
use store::codec::{Decoder, Encoder};
use wire::digest::Algorithm;
use wire::manifest::{Content, Manifest, Timestamp, Tree, TreeInode};
use wire::object::frames;

/// Makes a tree of folders with 100 files each. Every `changed`-th file has other content; 0 changes none.
fn tree(count: usize, changed: usize) -> Manifest {
    let inode = |content, mtime| TreeInode {
        permissions: 0o644,
        uid: 0,
        gid: 0,
        mtime: Timestamp { secs: mtime, nanos: 0 },
        xattrs: BTreeMap::new(),
        content,
    };
    let mut tree = Tree::new(inode(Content::Directory(BTreeMap::new()), 0));
    let mut folders = BTreeMap::new();
    for folder in 0..count.div_ceil(100) {
        let mut names = BTreeMap::new();
        for file in 0..100 {
            let number = folder * 100 + file;
            let is_changed = changed > 0 && number.is_multiple_of(changed);
            let digest = Algorithm::Sha256.digest(format!("{number} {is_changed}").as_bytes());
            let content = Content::Regular { size: 4000, holes: Vec::new(), digest: Some(digest) };
            names.insert(format!("file-{file}").into_bytes(), tree.push(inode(content, 1)));
        }
        let index = tree.push(inode(Content::Directory(names), 1));
        folders.insert(format!("folder-{folder}").into_bytes(), index);
    }
    tree.inodes[0].content = Content::Directory(folders);
    tree.encode(Algorithm::Sha256).unwrap()
}

fn bytes(c: &mut Criterion) {
    let text: Vec<u8> =
        (0..20_000).flat_map(|line| format!("line {line} of a text\n").into_bytes()).collect();
    let text = &text[..256 * 1024];
    let mut group = c.benchmark_group("256 KiB");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("SHA-256", |b| b.iter(|| Algorithm::Sha256.digest(text)));
    let digest = Algorithm::Sha256.digest(text);
    let mut encoder = Encoder::new().unwrap();
    group.bench_function("zstd 3", |b| b.iter(|| encoder.encode(digest, text)));
    let encoded = encoder.encode(digest, text);
    let mut decoder = Decoder::new().unwrap();
    let mut content = vec![0; text.len()];
    group.bench_function("unzstd", |b| {
        b.iter(|| decoder.decode_into(&encoded.payload, &mut content).unwrap());
    });
    group.bench_function("frame checksums", |b| {
        b.iter(|| frames(&encoded.payload, text.len() as u64).unwrap().len());
    });
    group.finish();
}

fn manifests(c: &mut Criterion) {
    let choices = Choices {
        freed: FreedPolicy::Keep,
        has_reflinks: false,
        frames: &|_| None,
        is_here: &|_| true,
        generated: &|_| None,
    };
    for count in [20_000, 1_000_000] {
        let (have, want) = (tree(count, 0), tree(count, 1000));
        let mut group = c.benchmark_group(format!("{count} inodes"));
        group.sample_size(10);
        let bytes = want.bytes().to_vec();
        group.bench_function("decode", |b| {
            b.iter(|| Manifest::decode(bytes.clone()).unwrap().inode_count());
        });
        group.bench_function("diff", |b| {
            b.iter(|| wire::manifest::diff::diff(&have, &want).len());
        });
        group.bench_function("plan", |b| b.iter(|| plan(&have, &want, choices).write.len()));
        group.finish();
    }
}

criterion_group!(benches, bytes, manifests);
criterion_main!(benches);
