//! Disk images in a store: ingest, what they need, export, and maps that are none.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use store::codec::Encoder;
use store::ingest::disk::{LEN_MAX, ingest_disk};
use store::ingest::{BatchSink, Offered, Progress, Sink};
use store::{ImageContent, Store};
use wire::blockmap::BlockMap;
use wire::digest::{Algorithm, Digest};
use wire::object::FrameList;

const BLOCK: u64 = 512 << 10;

/// Puts a map into a store as an uploader would, in pieces.
fn put(store: &Arc<Store>, map: &BlockMap) -> Digest {
    let batch = store.begin().unwrap();
    let (sink, mut encoder) = (BatchSink::new(&batch), Encoder::new().unwrap());
    let bytes = map.encode();
    let digest = Algorithm::Sha256.digest(&bytes);
    let mut list = FrameList { frames: Vec::new() };
    for piece in bytes.chunks(256 << 10) {
        let (digest, mut content) = (Algorithm::Sha256.digest(piece), piece.to_vec());
        list.frames.push((digest, piece.len() as u32));
        sink.offer(Offered::Data { digest, content: &mut content }, &mut encoder).unwrap();
    }
    if list.frames.len() > 1 {
        sink.offer(Offered::List { digest, list }, &mut encoder).unwrap();
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
    // The same content twice, zeros that are data, and the very end.
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
