//! Mounts that read from a server: a slow answer to one reader must not delay others.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;
#[path = "common/server.rs"]
mod server;

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use common::Bench;
use imagefs::MountError;
use imagefs::content::Content;
use imagefs::images::Images;
use parking_lot::RwLock;
use server::{Server, names_of};
use store::ImageContent;
use testkit::hostile::noise;
use testkit::image::SmallDisk;
use wire::digest::{Algorithm, Digest};

/// Timeout for answers that need not wait for another answer.
const SOON: Duration = Duration::from_secs(20);

/// Images and content as the mount reads them, without the kernel.
struct Reader {
    images: Images,
    content: Content,
}

impl Reader {
    fn new(bench: &Bench, server: &Server, cache: &Path, cache_len_max: u64) -> Self {
        const MEMORY_LEN: u64 = 16 << 20;
        let objects = server.objects(cache, cache_len_max);
        let names = Arc::new(RwLock::new(names_of(&bench.store())));
        let images = Images::new(names, Arc::clone(&objects), MEMORY_LEN);
        Self { images, content: Content::new(objects, MEMORY_LEN) }
    }

    /// Reads 4 KiB of a file in the root of the image with this ordinal.
    fn read(&self, ordinal: u32, name: &str, offset: u64) -> Result<Vec<u8>, MountError> {
        let loaded = self.images.get(ordinal)?.unwrap();
        let node = loaded.manifest.child(0, name.as_bytes()).unwrap();
        let inode = loaded.manifest.node_inode(node);
        self.content.read(&loaded, &inode, offset, 4096, <[u8]>::to_vec)
    }
}

/// Runs `slow`, whose objects the server holds back; meanwhile `quick` must run to its end.
fn while_one_waits<T: Send>(
    server: &Server,
    held: &[Digest],
    slow: impl FnOnce() -> T + Send,
    quick: impl FnOnce() + Send,
) -> T {
    server.hold(held);
    std::thread::scope(|scope| {
        let first = scope.spawn(slow);
        server.wait_asked(&held[0]);
        let (done, is_done) = channel();
        scope.spawn(move || {
            quick();
            done.send(()).ok();
        });
        let result = is_done.recv_timeout(SOON);
        server.hold(&[]);
        assert_eq!(result, Ok(()), "it waited for what another reads");
        first.join().unwrap()
    })
}

#[test]
fn long_files_do_not_wait_for_one_anothers_lists() {
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    let (first, second) = (noise(9 << 20, 1), noise(9 << 20, 2));
    std::fs::write(tree.join("first"), &first).unwrap();
    std::fs::write(tree.join("second"), &second).unwrap();
    bench.add(&tree, "a/b/1");
    let server = Server::new(bench.store());
    let list = Algorithm::Sha256.digest(&first);
    // With a small cache, the mount fetches the file by frames; with a large one, it fetches the whole file.
    for (cache, cache_len_max) in [("parts", 16 << 20), ("whole", 1 << 30)] {
        let reader = Reader::new(&bench, &server, &bench.path(cache), cache_len_max);
        let bytes = while_one_waits(
            &server,
            &[list],
            || reader.read(1, "first", 5 << 20).unwrap(),
            || {
                for at in [4096, 3 << 20] {
                    let found = reader.read(1, "second", at).unwrap();
                    assert!(found == second[at as usize..][..4096], "other bytes");
                }
            },
        );
        assert!(bytes == first[5 << 20..][..4096], "other bytes");
    }
}

#[test]
fn images_do_not_wait_for_the_table_of_a_disk() {
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("file"), "text").unwrap();
    bench.add(&tree, "a/b/1");
    let disk = bench.path("disk");
    let file = File::create(&disk).unwrap();
    file.set_len(8 << 20).unwrap();
    let mut record = vec![0; 512];
    record[510..].copy_from_slice(&[0x55, 0xaa]);
    file.write_all_at(&record, 0).unwrap();
    file.write_all_at(&noise(4096, 3), 4 << 20).unwrap();
    bench.add_disk(&disk, "b/disk/1");
    let store = bench.store();
    let manifest = store.image(&"b/disk/1".parse().unwrap()).unwrap().manifest.parse().unwrap();
    let ImageContent::Disk(map) = ImageContent::load(&store, &manifest).unwrap() else {
        unreachable!("it was added as a disk")
    };
    let block = map.objects().next().unwrap().1;
    let server = Server::new(store);
    let reader = Reader::new(&bench, &server, &bench.path("cache"), 1 << 30);
    let bytes = while_one_waits(
        &server,
        &[block],
        || reader.read(2, "disk.raw", 4 << 20).unwrap(),
        || assert_eq!(reader.read(1, "file", 0).unwrap(), b"text"),
    );
    assert!(bytes == noise(4096, 3), "other bytes");
}

/// Fills a filesystem to its last byte; returns the filler file.
fn fill(folder: &Path) -> std::path::PathBuf {
    let filler = folder.join("filler");
    let file = File::create(&filler).unwrap();
    for len in [1 << 20, 4096, 1] {
        let bytes = vec![1; len];
        while (&file).write_all(&bytes).is_ok() {}
    }
    file.sync_all().ok();
    filler
}

#[test]
fn privileged_a_cache_on_a_full_disk_gives_way_or_is_named() {
    if !testkit::is_privileged("privileged_a_cache_on_a_full_disk_gives_way_or_is_named") {
        return;
    }
    const FILES: u64 = 8;
    let bench = Bench::new();
    let tree = bench.path("tree");
    std::fs::create_dir(&tree).unwrap();
    let contents: Vec<_> = (0..FILES).map(|number| noise(5 << 20, number)).collect();
    let content = |number: u64| &contents[number as usize];
    for number in 0..FILES {
        std::fs::write(tree.join(format!("{number}")), content(number)).unwrap();
    }
    bench.add(&tree, "a/b/1");
    let server = Server::new(bench.store());
    for is_ext4 in [false, true] {
        let at = bench.path(if is_ext4 { "ext4" } else { "tmpfs" });
        let _disk = match is_ext4 {
            true => SmallDisk::mount_ext4(&bench.path("disk"), &at, 64),
            false => SmallDisk::mount(&at, 64),
        };
        let cache = at.join("cache");
        let read = |reader: &Reader, number: u64| {
            let found = reader.read(1, &number.to_string(), 3 << 20)?;
            assert!(found == content(number)[3 << 20..][..4096], "other bytes");
            Ok::<_, MountError>(())
        };
        let reader = Reader::new(&bench, &server, &cache, 1 << 30);
        reader.images.get(1).unwrap();
        // With no space at all, every read fails with an error that names the cache.
        let filler = fill(&at);
        for number in [0, 1, 0] {
            let error = read(&reader, number).unwrap_err().to_string();
            let is_named = error.contains(&cache.display().to_string());
            assert!(is_named && error.contains("o space left"), "{error}");
        }
        // With space again, all reads succeed without further steps.
        std::fs::remove_file(filler).unwrap();
        (0..2).for_each(|number| read(&reader, number).unwrap());
        // Other files fill the disk. To make space for what is read, the cache evicts packs, sealed or not.
        let filler = fill(&at);
        (0..FILES).chain(0..FILES).for_each(|number| read(&reader, number).unwrap());
        drop(reader);
        let reader = Reader::new(&bench, &server, &cache, 1 << 30);
        (0..FILES).for_each(|number| read(&reader, number).unwrap());
        // Cached content needs no server.
        let all: Vec<_> = (0..FILES).map(|n| Algorithm::Sha256.digest(content(n))).collect();
        server.hold(&all);
        read(&reader, FILES - 1).unwrap();
        server.hold(&[]);
        std::fs::remove_file(filler).unwrap();
        (0..FILES).for_each(|number| read(&reader, number).unwrap());
    }
}
