//! Helpers that the tests share.
#![allow(dead_code, reason = "each test uses some of it")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use diskfs::Layout;
use imagefs::{ImageMount, ImageOrigin, MountContent, MountOptions, mount};
use patch::FreedPolicy;
use patch::engine::EngineChoice;
use store::Store;
use store::ingest::disk::ingest_disk;
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory, ingest_tar};
use testkit::image::{MountedImage, assert_fsck_clean};
use testkit::walk;
use unpackd::imaged::Origin;
use unpackd::oneshot::{ApplyOptions, SourceImage, VerifyOptions, apply, open};
use wire::digest::Algorithm;
use wire::proto::{ImageRecord, UnpackReport};

/// A scratch folder with a store, volumes and mount points; removed on drop.
pub(crate) struct Bench {
    scratch: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { scratch: testkit::scratch(), runtime }
    }

    /// Returns the path of a name in the scratch folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Adds a directory to the store as an image; the name is `STREAM/LEAF`.
    pub(crate) fn add(&self, source: &Path, name: &str) {
        let store = Store::open_or_create(&self.path("store"), Algorithm::Sha256).unwrap();
        let store = Arc::new(store);
        let batch = store.begin().unwrap();
        let progress = Progress::default();
        let exclude = Exclude::default();
        let options =
            Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
        let found = ingest_directory(source, &options, &BatchSink::new(&batch)).unwrap();
        batch.commit().unwrap();
        let record = ImageRecord {
            name: name.to_owned(),
            manifest: found.digest.to_string(),
            ..ImageRecord::default()
        };
        store.put_image(&name.parse().unwrap(), &record).unwrap();
    }

    /// Adds a tar to the store as an image, or returns the store's refusal.
    pub(crate) fn try_add_tar(&self, tar: &[u8], name: &str) -> Result<(), store::StoreError> {
        let store = Store::open_or_create(&self.path("store"), Algorithm::Sha256).unwrap();
        let store = Arc::new(store);
        let batch = store.begin().unwrap();
        let (progress, exclude) = (Progress::default(), Exclude::default());
        let options =
            Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
        let found = ingest_tar(tar, &options, &BatchSink::new(&batch))?;
        batch.commit().unwrap();
        let manifest = found.digest.to_string();
        let record = ImageRecord { name: name.to_owned(), manifest, ..ImageRecord::default() };
        store.put_image(&name.parse().unwrap(), &record)
    }

    /// Adds a disk to the store as an image.
    pub(crate) fn add_disk(&self, disk: &Path, name: &str) {
        let store = Store::open_or_create(&self.path("store"), Algorithm::Sha256).unwrap();
        let store = Arc::new(store);
        let batch = store.begin().unwrap();
        let (progress, sink) = (Progress::default(), BatchSink::new(&batch));
        let file = std::fs::File::open(disk).unwrap();
        let found = ingest_disk(name, &file, Algorithm::Sha256, &progress, &sink).unwrap();
        batch.commit().unwrap();
        let record = ImageRecord {
            name: name.to_owned(),
            manifest: found.1.to_string(),
            kind: "disk".to_owned(),
            created_at_ms: 1_700_000_000_123,
            ..ImageRecord::default()
        };
        store.put_image(&name.parse().unwrap(), &record).unwrap();
    }

    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::new(Store::open_read_only(&self.path("store")).unwrap())
    }

    pub(crate) fn open(&self, name: &str) -> SourceImage {
        open(&Origin::Store(self.path("store")), &name.parse().unwrap(), &self.runtime).unwrap()
    }

    pub(crate) fn mount(&self, at: &Path, options: &MountOptions) -> ImageMount {
        let images = MountContent::Images(ImageOrigin::Store(self.store()));
        mount(at, images, options).unwrap()
    }

    /// Creates a sparse file of `size` bytes as a volume.
    pub(crate) fn volume(&self, name: &str, size: u64) -> PathBuf {
        let path = self.path(name);
        std::fs::File::create(&path).unwrap().set_len(size).unwrap();
        path
    }
}

/// Default options of the tests.
pub(crate) const OPTIONS: ApplyOptions<'static> = ApplyOptions {
    layout: Layout::Gpt,
    is_format: false,
    verify_full: false,
    is_dry_run: false,
    engine: EngineChoice::Auto,
    ledger: None,
    filesystem: None,
    freed: FreedPolicy::Scrub,
    kernel_arguments: None,
    own_uuids: 0,
};

/// Patches a volume; panics on any error.
pub(crate) fn patch(
    opened: &SourceImage,
    volume: &Path,
    options: ApplyOptions<'_>,
) -> UnpackReport {
    apply(opened, volume, options, &|_, _, _| {}).unwrap()
}

/// Asserts that a volume holds exactly the tree of a directory; the filesystem begins at `offset`.
pub(crate) fn assert_same(bench: &Bench, source: &Path, volume: &Path, offset: u64) {
    assert_fsck_clean(volume, offset);
    let mounted = MountedImage::open(volume, offset, &bench.path("mnt"));
    let (a, b) = (walk::snapshot(source).unwrap(), walk::snapshot(mounted.path()).unwrap());
    assert_eq!(walk::differences(&a, &b), [] as [String; 0]);
    // Leaves out what rsync cannot compare: paths longer than PATH_MAX, and a sparse file with a terabyte of zeros to
    // read.
    let changes = testkit::image::run(
        Command::new("rsync")
            .args(["-aHAXSn", "--modify-window=-1", "--checksum", "--itemize-changes", "--delete"])
            .args([
                "--exclude=/deep",
                "--exclude=/sparse/terabyte",
                "--filter=-x trusted.SGI_ACL_*",
            ])
            .arg(format!("{}/", source.display()))
            .arg(format!("{}/", mounted.path().display())),
    );
    assert_eq!(changes, "");
}

/// Returns the options to verify a volume that was patched with `options`.
#[allow(dead_code, reason = "not every test verifies")]
pub(crate) fn as_applied(options: ApplyOptions<'_>) -> VerifyOptions<'_> {
    VerifyOptions {
        layout: options.layout,
        kernel_arguments: options.kernel_arguments,
        own_uuids: options.own_uuids,
        engine: options.engine,
    }
}
