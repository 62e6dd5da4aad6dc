// The functions that the fuzz targets call with their inputs. The code under test may return an
// error but must not panic. If the code can also encode, an input that it accepts must survive a
// round trip. The test that replays the corpus shares these functions.
#![allow(dead_code, reason = "each target uses one of these")]

use wire::digest::Algorithm;

pub(crate) fn manifest(bytes: &[u8]) {
    if let Ok(manifest) = wire::Manifest::decode(bytes.to_vec()) {
        let again = manifest.to_tree().encode(manifest.algorithm()).expect("a tree that encodes");
        assert_eq!(again.bytes(), bytes, "an encoding that is not the canonical one");
        assert!(wire::manifest::diff::diff(&manifest, &again).is_empty());
    }
}

pub(crate) fn block_map(bytes: &[u8]) {
    if let Ok(map) = wire::blockmap::BlockMap::decode(bytes) {
        let again = wire::blockmap::BlockMap::of_len(map.hashes().to_vec(), map.disk_len());
        assert_eq!(again, Some(map), "a length that is not that of the blocks");
    }
}

pub(crate) fn object(bytes: &[u8]) {
    let Some((len, payload)) = bytes.split_first_chunk::<4>() else { return };
    let len = u64::from(u32::from_le_bytes(*len));
    let mut content = Vec::new();
    let mut decoder = store::codec::Decoder::new().expect("a decoder");
    if decoder.decode(payload, len, &mut content).is_ok() {
        assert_eq!(content.len() as u64, len);
    }
}

pub(crate) fn frame_list(bytes: &[u8]) {
    let Some((len, payload)) = bytes.split_first_chunk::<8>() else { return };
    let len = u64::from_le_bytes(*len);
    if let Ok(list) = wire::object::FrameList::decode(payload, len) {
        assert_eq!(list.content_len(), len);
    }
}

pub(crate) fn pack(bytes: &[u8]) {
    use store::pack::{TRAILER_LEN, decode_footer, decode_trailer};
    let Some((before, trailer)) = bytes.split_last_chunk::<TRAILER_LEN>() else { return };
    let algorithm = Algorithm::Sha256;
    let Ok((offset, len, crc)) = decode_trailer(trailer, bytes.len() as u64, algorithm) else {
        return;
    };
    let footer = &before[before.len() - len..];
    if let Ok(entries) = decode_footer(footer, crc, offset, algorithm) {
        assert_eq!(store::pack::encode_footer(&entries, offset)[..len].len(), footer.len());
    }
}

pub(crate) fn image_file(bytes: &[u8]) {
    if let Ok(record) = store::images::decode(bytes) {
        store::images::decode(&store::images::encode(&record)).expect("a record that decodes");
    }
}

pub(crate) fn tar(bytes: &[u8]) {
    use store::ingest::{Exclude, HashOnly, Options, Progress, ingest_tar};
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    if let Ok(found) = ingest_tar(bytes, &options, &HashOnly) {
        wire::Manifest::decode(found.manifest.bytes().to_vec()).expect("a valid manifest");
    }
}

/// Ingests layers. In the input, two bytes with the length of a layer come before each layer.
pub(crate) fn layers(bytes: &[u8]) {
    use store::ingest::{Exclude, HashOnly, Options, Progress, ingest_layers};
    let mut rest = bytes;
    let mut layers = std::iter::from_fn(|| {
        let (len, after) = rest.split_first_chunk::<2>()?;
        let layer;
        (layer, rest) = after.split_at(usize::from(u16::from_le_bytes(*len)).min(after.len()));
        Some(Box::new(layer) as Box<dyn std::io::Read>)
    });
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    if let Ok(found) = ingest_layers(&mut layers, &options, &HashOnly) {
        wire::Manifest::decode(found.manifest.bytes().to_vec()).expect("a valid manifest");
    }
}

/// Opens container images of every kind. In the input, a NUL separates the list or manifest from
/// the configuration.
pub(crate) fn container(bytes: &[u8]) {
    use store::ingest::oci::{ImageSelector, OciImage};
    let name = format!("imprint-fuzz-{}-{:?}", std::process::id(), std::thread::current().id());
    let folder = std::env::temp_dir().join(name);
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (list, config) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    for files in
        [&["oci-layout", "index.json"][..], &["manifest.json"], &["manifest.json", "version"]]
    {
        std::fs::create_dir_all(&folder).expect("a folder");
        for name in files {
            let content =
                if *name == "version" { &b"Directory Transport Version: 1.1"[..] } else { list };
            std::fs::write(folder.join(name), content).expect("a file");
        }
        std::fs::write(folder.join("config"), config).expect("a file");
        for reference in [None, Some("a")] {
            drop(OciImage::open(&folder, &ImageSelector { reference, platform: None }));
        }
        std::fs::remove_dir_all(&folder).expect("a folder that goes");
    }
    // Open the whole input as an archive, too.
    std::fs::write(&folder, bytes).expect("a file");
    drop(OciImage::open(&folder, &ImageSelector::default()));
    std::fs::remove_file(&folder).ok();
}

/// Ingests an ACL as text and as the kernel's attribute. Linux must take the resulting ACL, and the
/// image must stay the same after an export as a tar and an ingest of that tar.
pub(crate) fn acl(bytes: &[u8]) {
    use store::ingest::{Exclude, HashOnly, IngestOutcome, Options, Progress, ingest_tar};
    struct Nothing;
    impl store::export::Source for Nothing {
        fn content(
            &self,
            _: &wire::Digest,
            _: &mut dyn FnMut(&[u8]) -> Result<(), store::StoreError>,
        ) -> Result<(), store::StoreError> {
            Ok(())
        }
    }
    let progress = Progress::default();
    let read = |tar: &[u8]| -> Option<IngestOutcome> {
        let exclude = Exclude::default();
        let options =
            Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
        ingest_tar(tar, &options, &HashOnly).ok()
    };
    for which in ["access", "default"] {
        for key in [format!("SCHILY.acl.{which}"), format!("SCHILY.xattr.system.posix_acl_{which}")]
        {
            let members = [
                testkit::tarball::dir("d").record(&key, bytes),
                testkit::tarball::file("f", "").record(&key, bytes),
            ];
            let Some(found) = read(&testkit::tarball::tar(&members)) else { continue };
            for index in 0..found.manifest.inode_count() {
                let problem = diskfs::Filesystem::Xfs.problem(found.manifest.inode(index));
                let problem = problem.filter(|problem| !problem.contains("more entries"));
                assert_eq!(problem, None, "what Linux does not take");
            }
            let mut again = Vec::new();
            store::export::tar::write(&found.manifest, &Nothing, &mut again).expect("a tar");
            let again = read(&again).expect("a tar that is read");
            assert_eq!(again.digest, found.digest);
            assert!(again.findings.is_empty(), "{:?}", again.findings);
        }
    }
}

pub(crate) fn ledger(bytes: &[u8]) {
    if let Ok(ledger) = patch::ledger::Ledger::decode(bytes) {
        let again = patch::ledger::Ledger::decode(&ledger.encode()).expect("a ledger that decodes");
        assert_eq!(again, ledger);
    }
}

/// Opens a filesystem that begins with the input; the rest of the filesystem is zeros.
pub(crate) fn ondisk(bytes: &[u8]) {
    use diskfs::{ChangedInodes, Filesystem, FreeSpaceSnapshot, Medium, scrub};
    const LEN: u64 = 64 << 20;
    let name = format!("imprint-fuzz-{}-{:?}", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    let written = std::fs::write(&path, bytes)
        .and_then(|()| std::fs::File::options().write(true).open(&path)?.set_len(LEN));
    if let (Ok(()), Ok(medium)) = (written, Medium::open(&path)) {
        let changed = ChangedInodes {
            gone: vec![11, 12, 130, u64::MAX],
            directories: vec![2, 11, 128],
            touched: vec![2, 11, 128, 131, u64::MAX],
        };
        for filesystem in Filesystem::ALL {
            let Ok(found) = filesystem.open_offline(&medium) else { continue };
            drop((found.areas(&changed), found.superblock_digest(), found.warm(), found.journal()));
            for number in [2, 128, u64::MAX] {
                drop((found.data_of(number), found.slot(number), found.maps_of(number)));
            }
            drop(found.free_inodes(0, 100));
            let before = FreeSpaceSnapshot::of(&*found).ok();
            drop(scrub(&medium, &*found, before.as_ref(), &changed, &|_| false));
        }
    }
    std::fs::remove_file(&path).ok();
}

/// Recognises the input by its first bytes, with and without a name, and by its last bytes.
pub(crate) fn recognise(bytes: &[u8]) {
    use store::ingest::recognise::{recognise, recognise_tail};
    for name in [None, Some("disk.raw"), Some("disk.img.xz")] {
        let _ = recognise(bytes, name);
    }
    recognise_tail(bytes);
}

/// Reads a disk's partition table. The partitions must lie on the disk.
pub(crate) fn partitions(bytes: &[u8]) {
    let disk = bytes.to_vec();
    let table = store::partitions::Table::read(&disk).expect("a disk in memory that is read");
    for partition in table.partitions {
        let end = partition.offset.checked_add(partition.len).expect("an end");
        assert!(partition.len > 0 && end <= bytes.len() as u64, "{partition:?}");
    }
}

/// Checks a qcow2, as ingest does before anything reads its disk.
pub(crate) fn qcow2(bytes: &[u8]) {
    drop(store::ingest::disk::qcow2::check(&bytes.to_vec()));
}

/// Unwraps a disk. The first byte of the input chooses the compression, and whether the disk is in
/// a tar.
pub(crate) fn unwrap(bytes: &[u8]) {
    use store::ingest::disk::unwrap::unwrap;
    use store::ingest::recognise::{Compression, Wrapping};
    let Some((first, source)) = bytes.split_first() else { return };
    let compression = match first % 6 {
        0 => None,
        1 => Some(Compression::Gzip),
        2 => Some(Compression::Zstd),
        3 => Some(Compression::Xz),
        4 => Some(Compression::Bzip2),
        _ => Some(Compression::Lz4),
    };
    let name = format!("imprint-fuzz-{}-{:?}", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    if let Ok(target) = std::fs::File::create(&path) {
        std::fs::remove_file(&path).ok();
        let around = Wrapping { compression, is_in_tar: first & 0x80 != 0 };
        drop(unwrap(source, around, &target));
    }
}

/// Judges how images boot. In each image, the input is the content of some of the files that the
/// boot set-up reads.
pub(crate) fn boot(bytes: &[u8]) {
    use diskfs::Filesystem;
    use store::boot::{Files, arguments, fstab, judge};
    const PLACES: [&[&str]; 4] = [
        &["boot/vmlinuz-1", "boot/initrd.img-1", "usr/lib/grub/x86_64-efi/monolithic/grubx64.efi"],
        &["usr/lib/modules/1/vmlinuz", "usr/lib/modules/1/modules.builtin", "etc/kernel/cmdline"],
        &["boot/loader/entries/a.conf", "boot/loader/entries/b.conf", "boot/grub2/grubenv"],
        &["etc/default/grub", "etc/default/grub.d/a.cfg", "boot/ext4.unsupported-features"],
    ];
    let head =
        |_: wire::manifest::Inode<'_>, len: u64| -> Result<Vec<u8>, std::convert::Infallible> {
            Ok(bytes[..bytes.len().min(len as usize)].to_vec())
        };
    for places in PLACES {
        let image = image_of(places.iter().chain(&["etc/fstab"]), bytes);
        for filesystem in [Filesystem::Ext4, Filesystem::Xfs] {
            let Ok(verdict) = judge(&image, filesystem, &head);
            assert!(verdict.kernels.iter().all(|kernel| kernel.version.len() <= 64));
            let Ok(found) = arguments::of_image(&image, filesystem, &head);
            let len: usize = found.arguments.iter().map(String::len).sum();
            assert!(len <= 2 * bytes.len() + (16 << 10) && found.left_out.len() < 64, "{found:?}");
            let Ok(table) = fstab::read(&Files::new(&image, &head));
            assert!(table.len() <= 3 * bytes.len(), "{table:?}");
            fstab::root_options(&table, filesystem);
            for line in fstab::lines(&table) {
                drop((line.needs_foreign_device(), line.shown_place()));
            }
        }
    }
}

/// Makes an image with a regular file of these bytes at each path.
fn image_of<'a>(paths: impl Iterator<Item = &'a &'a str>, bytes: &[u8]) -> wire::Manifest {
    use wire::manifest::{Content, Timestamp, Tree, TreeInode};
    let inode = |content| TreeInode {
        permissions: 0o755,
        uid: 0,
        gid: 0,
        mtime: Timestamp::default(),
        xattrs: std::collections::BTreeMap::new(),
        content,
    };
    let folder = || inode(Content::Directory(std::collections::BTreeMap::new()));
    let digest = (!bytes.is_empty()).then(|| Algorithm::Sha256.digest(bytes));
    let mut tree = Tree::new(folder());
    for path in paths {
        let mut at = 0;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let new = tree.inodes.len();
            let Content::Directory(names) = &mut tree.inodes[at].content else { break };
            at = *names.entry(part.as_bytes().to_vec()).or_insert(new);
            if at == new {
                let size = bytes.len() as u64;
                let file = Content::Regular { size, holes: Vec::new(), digest };
                tree.push(if parts.peek().is_some() { folder() } else { inode(file) });
            }
        }
    }
    tree.encode(Algorithm::Sha256).expect("a tree that encodes")
}

/// Lists the names of the files in an initial RAM disk.
pub(crate) fn initrd(bytes: &[u8]) {
    if let Ok(names) = store::lint::initrd::names(bytes) {
        assert!(names.iter().all(|name| name.len() <= 3 * 1024));
    }
}

/// The certificate of the CA that signed the corpus; its key is nowhere.
const CA: &[u8] = include_bytes!("ca.pem");

/// Verifies the signature of an image's record: whatever is in it, a record that is accepted states what it holds.
pub(crate) fn signature(bytes: &[u8]) {
    use prost::Message;
    use rpc::certificate_authority::CertificateAuthority;
    use rpc::image_signature::{sent_record, verify_image};
    let Ok(record) = wire::proto::ImageRecord::decode(bytes) else { return };
    let authority = CertificateAuthority::of_pem(CA, &[]).expect("a CA");
    if verify_image(&record, &authority, None).is_ok_and(|signer| signer.is_some()) {
        let sent = sent_record(&record).expect("a statement that was verified");
        assert_eq!((sent.name, sent.manifest), (record.name, record.manifest));
    }
}

/// Reads a token, and the signing request of a machine that has one.
pub(crate) fn token(bytes: &[u8]) {
    use rpc::identity::check_identity;
    use rpc::join::{JoinToken, TokenId};
    rcgen::CertificateSigningRequestParams::from_der(&bytes.into()).ok();
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(token) = JoinToken::parse(text) {
        assert_eq!(JoinToken::parse(&token.to_text()), Ok(token));
    }
    if let Ok(id) = TokenId::parse(text) {
        assert_eq!(id.to_string(), text);
    }
    check_identity(text).ok();
}

pub(crate) fn revoked(bytes: &[u8]) {
    use rpc::revocation::Revoked;
    if let Ok(revoked) = Revoked::of_pem(bytes, CA) {
        for (serial, since) in revoked.iter() {
            assert_eq!(revoked.since(serial), Some(since));
        }
    }
}

/// Decodes an answer of a server that is followed, as a replica does.
pub(crate) fn changes(bytes: &[u8]) {
    use prost::Message;
    use wire::proto::image_change::State;
    let Ok(answer) = wire::proto::FollowChangesResponse::decode(bytes) else { return };
    for change in answer.changes {
        match change.state {
            Some(State::Image(record)) => {
                signature(&record.encode_to_vec());
                store::images::decode(&store::images::encode(&record)).ok();
            }
            Some(State::Removed(removed)) => {
                removed.name.parse::<wire::name::ImageName>().ok();
                removed.manifest.parse::<wire::digest::Digest>().ok();
            }
            None => {}
        }
    }
}

pub(crate) fn bundle(bytes: &[u8]) {
    use publisher::bundle::BundleReader;
    use wire::proto::bundle_item::Item;
    let Ok(mut reader) = BundleReader::begin(bytes) else { return };
    while let Ok(Some(item)) = reader.next_item() {
        if let Item::Image(record) = item {
            use prost::Message;
            signature(&record.encode_to_vec());
        }
    }
}
