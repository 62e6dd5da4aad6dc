//! Disk images in a store: ingest, closure, export, and invalid block maps.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use store::codec::Encoder;
use store::ingest::disk::{Disk, LEN_MAX, PaddedDisk, ingest_disk, qcow2};
use store::ingest::{BatchSink, Progress, Sink, SinkObject};
use store::{ImageContent, Store};
use wire::blockmap::BlockMap;
use wire::digest::{Algorithm, Digest};
use wire::object::FrameList;

const BLOCK: u64 = 512 << 10;

/// Puts a block map into a store as an uploader does, in pieces.
fn put(store: &Arc<Store>, map: &BlockMap) -> Digest {
    let batch = store.begin().unwrap();
    let (sink, mut encoder) = (BatchSink::new(&batch), Encoder::new().unwrap());
    let bytes = map.encode();
    let digest = Algorithm::Sha256.digest(&bytes);
    let mut list = FrameList { frames: Vec::new() };
    for piece in bytes.chunks(256 << 10) {
        let (digest, mut content) = (Algorithm::Sha256.digest(piece), piece.to_vec());
        list.frames.push((digest, piece.len() as u32));
        sink.offer(SinkObject::Data { digest, content: &mut content }, &mut encoder).unwrap();
    }
    if list.frames.len() > 1 {
        sink.offer(SinkObject::List { digest, list }, &mut encoder).unwrap();
    }
    batch.commit().unwrap();
    digest
}

#[test]
fn a_disk_goes_in_and_comes_out() {
    let scratch = testkit::scratch();
    let path = scratch.path().join("disk");
    let disk = File::create_new(&path).unwrap();
    disk.set_len(60 * BLOCK + 512).unwrap();
    for block in [0, 1, 7, 59] {
        let content = testkit::hostile::noise(BLOCK as usize, block);
        disk.write_all_at(&content, block * BLOCK).unwrap();
    }
    // Write a block with the content of block 7, a block of zeros, and the disk's last bytes.
    disk.write_all_at(&testkit::hostile::noise(BLOCK as usize, 7), 20 * BLOCK).unwrap();
    disk.write_all_at(&vec![0; BLOCK as usize], 30 * BLOCK).unwrap();
    disk.write_all_at(b"end", 60 * BLOCK + 509).unwrap();
    let disk = File::open(&path).unwrap();
    let store = Store::open_or_create(&scratch.path().join("store"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    let batch = store.begin().unwrap();
    let (progress, sink) = (Progress::default(), BatchSink::new(&batch));
    let (map, digest) = ingest_disk("disk", &disk, Algorithm::Sha256, &progress, &sink).unwrap();
    batch.commit().unwrap();
    assert_eq!((map.disk_len(), map.objects().count()), (60 * BLOCK + 512, 6));
    let content = ImageContent::load(&store, &digest).unwrap();
    assert_eq!(content.kind(), "disk");
    // Five different blocks, and the map.
    assert_eq!(content.closure(&store, &digest).unwrap().len(), 6);
    assert!(store.load_manifest(&digest).unwrap_err().to_string().contains("disk image"));
    let back = File::options()
        .create_new(true)
        .read(true)
        .write(true)
        .open(scratch.path().join("back"))
        .unwrap();
    store::export::disk::write(&map, store.as_ref(), &back).unwrap();
    let read = |name: &str| std::fs::read(scratch.path().join(name)).unwrap();
    assert!(read("back") == read("disk"));
}

#[test]
fn maps_of_no_disk_are_refused() {
    let scratch = testkit::scratch();
    let store = Store::open_or_create(&scratch.path().join("store"), Algorithm::Sha256).unwrap();
    let store = Arc::new(store);
    let most = (LEN_MAX / BLOCK) as usize;
    for (blocks, is_taken) in [(0, false), (1, true), (most, true), (most + 1, false)] {
        let digest = put(&store, &BlockMap::new(vec![[7; 32]; blocks]).unwrap());
        assert_eq!(ImageContent::load(&store, &digest).is_ok(), is_taken, "{blocks}");
    }
}

/// Returns whether `qemu-img check` accepts an image: its exit code is 0 for a sound image, and 3
/// for one that only wastes space.
fn qemu_img_takes(path: &std::path::Path) -> bool {
    let mut check = std::process::Command::new("qemu-img");
    let output = check.args(["check", "-q", "-f", "qcow2"]).arg(path).output().unwrap();
    matches!(output.status.code(), Some(0 | 3))
}

#[test]
fn qemu_img_and_we_agree_on_images() {
    let scratch = testkit::scratch();
    let path = |name: &str| scratch.path().join(name);
    let disk = File::create_new(path("disk")).unwrap();
    disk.set_len(8 << 20).unwrap();
    disk.write_all_at(&testkit::hostile::noise(1 << 20, 1), 0).unwrap();
    disk.write_all_at(&b"repeated".repeat(10_000), 5 << 20).unwrap();
    disk.write_all_at(&testkit::hostile::noise(4096, 2), (8 << 20) - 4096).unwrap();
    let script = "c() { out=$1; shift; qemu-img convert -f raw -O qcow2 \"$@\" disk $out; }
        c plain; c old -o compat=0.10; c small -o cluster_size=512; c large -o cluster_size=2M; c packed -c
        c small-packed -c -o cluster_size=512; c large-packed -c -o cluster_size=2M; c lazy -o lazy_refcounts=on
        c metadata -o preallocation=metadata; c falloc -o preallocation=falloc
        for f in plain small large; do
            cp $f written-$f; qemu-io -f qcow2 -c 'write -P 7 3M 4k' -c 'write -P 8 3333120 512' -c 'write -z 0 64k' written-$f
        done > log
        cp plain snapshot; qemu-img snapshot -c one snapshot; qemu-io -f qcow2 -c 'write -P 9 1M 64k' snapshot >> log
        cp plain grown; qemu-img resize -q grown 9M; qemu-img create -q -f qcow2 empty 1G
        qemu-img create -q -f qcow2 few 8M; qemu-io -f qcow2 -c 'write -P 7 1000 24' few >> log
        qemu-img create -q -f qcow2 one 8M; qemu-io -f qcow2 -c 'write -c -P 7 0 64k' one >> log
        qemu-img create -q -f qcow2 -o cluster_size=2M long 8M; qemu-io -f qcow2 -c 'write -c -s disk 0 2M' long >> log
        qemu-img create -q -f qcow2 -o cluster_size=512 some 8M
        for at in 0 512 1024 8192; do qemu-io -f qcow2 -c \"write -c -P $((at / 500 + 1)) $at 512\" some >> log; done
        for f in one long some; do test $(($(stat -c %s $f) % 512)) != 0; done
        rm log disk";
    let mut shell = std::process::Command::new("sh");
    testkit::image::run(shell.args(["-ec", script]).current_dir(scratch.path()));
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let check = |path: &std::path::Path| qcow2::check(&File::open(path).unwrap());
    for file in std::fs::read_dir(scratch.path()).unwrap() {
        let whole = file.unwrap().path();
        assert!(qemu_img_takes(&whole), "{whole:?}");
        check(&whole).unwrap_or_else(|error| panic!("{whole:?}: {error}"));
        // `one` ends in a compressed cluster: a cut anywhere in its last 64 bytes must be found.
        let all = std::fs::read(&whole).unwrap();
        let ends = all.len().saturating_sub(if name(&whole) == "one" { 64 } else { 0 });
        for len in ends..all.len() {
            std::fs::write(path("cut"), &all[..len]).unwrap();
            assert!(check(&path("cut")).is_err(), "{whole:?} cut to {len}");
        }
        // If qemu-img refuses an image that was cut off, ingest must refuse it too. Ingest may
        // refuse more: qemu-img accepts a partial last cluster, and reads the rest of it as zeros.
        let bytes = all;
        let cut = path("cut");
        for len in (104..bytes.len()).step_by(1 + bytes.len() / 12) {
            std::fs::write(&cut, &bytes[..len]).unwrap();
            let is_taken = check(&cut).is_ok();
            assert!(!is_taken || qemu_img_takes(&cut), "{whole:?} cut to {len}: taken");
        }
        std::fs::remove_file(&cut).unwrap();
    }
}

#[test]
fn the_end_of_a_disk_is_padded() {
    let content = testkit::hostile::noise(1000, 1);
    let padded = PaddedDisk(content.clone());
    assert_eq!(padded.size().unwrap(), 1024);
    let mut read = [7; 1024];
    padded.read_exact_at(&mut read, 0).unwrap();
    assert_eq!((&read[..1000], &read[1000..]), (&content[..], &[0; 24][..]));
    padded.read_exact_at(&mut read[..10], 1010).unwrap();
    assert_eq!(read[..10], [0; 10]);
}
