//! The disk that a run publishes: a patched volume's bytes, a disk image's blocks, or only what is known of it.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use cloud::calls::BootMode;
use rpc::status::Meaning;
use store::ingest::disk::hash_disk;
use store::ingest::{HashOnly, Progress};
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{GetBlockMapRequest, ImageFacts, ImageRecord};

use super::publish::Publisher;
use crate::cli::DiskFormat;
use crate::commands::image_content::Fetched;
use crate::commands::publish::{Local, local};
use crate::context::Context;
use crate::direct::source::{Content, Source};
use crate::failure::Failure;

/// A disk, as long as a volume of whole GiB.
pub(super) struct Disk {
    pub map: BlockMap,
    /// The digest of the image that it holds.
    pub manifest: String,
    /// How it boots: AWS's word; nothing where it need not.
    pub boot_mode: String,
    bytes: Bytes,
}

enum Bytes {
    /// A copy of a volume; its file has no name any more.
    Volume(Arc<File>),
    /// An image's blocks, of which those are fetched that are needed.
    Image(ImageName, Box<Fetched>),
    /// Nothing is left to be put.
    Gone,
}

impl Publisher<'_> {
    /// Makes an image's disk: patches and captures a volume, or finds the blocks of a disk image.
    pub(super) fn disk(
        &self,
        image: &ImageName,
        record: &ImageRecord,
        no_boot: bool,
        steal: bool,
        work_dir: &Path,
    ) -> anyhow::Result<Disk> {
        if record.kind != "disk" {
            return self.volume(image, no_boot, steal, work_dir);
        }
        let facts = record.facts.clone().unwrap_or_default();
        let boot_mode = boot_mode(image, &facts, no_boot)?;
        let mut fetched = Fetched::new(self.context, Some(work_dir))?;
        let map = fetched.disk(self.context, image)?.on_volume();
        let manifest = record.manifest.clone();
        Ok(Disk { map, manifest, boot_mode, bytes: Bytes::Image(image.clone(), Box::new(fetched)) })
    }

    /// Patches, captures and copies the image's volume, and hashes it.
    fn volume(
        &self,
        image: &ImageName,
        no_boot: bool,
        steal: bool,
        work_dir: &Path,
    ) -> anyhow::Result<Disk> {
        let folder = tempfile::Builder::new().prefix("imprint-publish-").tempdir_in(work_dir);
        let folder =
            folder.with_context(|| format!("create a folder in {}", work_dir.display()))?;
        let how = Local { out: folder.path(), format: DiskFormat::Raw, no_boot, steal };
        let published = local(self.context, image, how)?;
        let file = File::options().read(true).write(true).open(&published.path)?;
        // Volumes are of whole GiB; what is beyond the disk is put as zeros.
        file.set_len(published.size.next_multiple_of(1 << 30))?;
        let map = hashed(self.context, &file)?;
        Ok(Disk {
            map,
            manifest: published.manifest,
            boot_mode: published.unpack.boot_mode,
            bytes: Bytes::Volume(Arc::new(file)),
        })
    }

    /// What is known of a run's disk, of which nothing needs to be put any more.
    pub(super) fn known_disk(
        &self,
        stream: &str,
        name: &str,
        manifest: &str,
    ) -> anyhow::Result<Disk> {
        let digest = wire::digest::unhex(name).unwrap_or_default();
        let request =
            GetBlockMapRequest { digest: digest.clone().into(), stream: stream.to_owned() };
        let answer =
            self.context.call(self.imaged, self.imaged.publishing().get_block_map(request))?;
        let found = BlockMap::decode(&answer.map).ok().filter(|found| found.digest()[..] == digest);
        let damaged =
            || Failure::error(Meaning::Damaged, "imaged's block map of the run is damaged");
        Ok(Disk {
            map: found.ok_or_else(damaged)?,
            manifest: manifest.to_owned(),
            boot_mode: String::new(),
            bytes: Bytes::Gone,
        })
    }
}

impl Disk {
    /// Its size as a volume.
    pub(super) fn size_gib(&self) -> u64 {
        self.map.disk_len() >> 30
    }

    /// Makes blocks ready to be put: those of any target's plan.
    pub(super) fn source(
        self,
        context: &Context,
        plans: &[Vec<u32>],
    ) -> anyhow::Result<(Source, Option<Fetched>)> {
        let Self { map, bytes, .. } = self;
        Ok(match bytes {
            Bytes::Volume(file) => (Source::new(map, Content::File(file)), None),
            Bytes::Gone => (Source::new(map, Content::Gone), None),
            Bytes::Image(image, mut fetched) => {
                let wanted: BTreeSet<u32> = plans.iter().flatten().copied().collect();
                let store =
                    fetched.blocks(context, &image, &map, |index| wanted.contains(&index))?;
                (Source::new(map, Content::Objects(store)), Some(*fetched))
            }
        })
    }
}

/// Hashes a disk's file on all processors.
fn hashed(context: &Context, file: &File) -> anyhow::Result<BlockMap> {
    let shown = context.output.progress("hashing");
    let progress = Progress::default();
    let (done, finished) = std::sync::mpsc::channel::<()>();
    let total = file.metadata()?.len();
    let map = std::thread::scope(|scope| {
        let (shown, progress) = (&shown, &progress);
        scope.spawn(move || {
            let every = std::time::Duration::from_millis(100);
            while finished.recv_timeout(every) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                shown.update("hashing", progress.bytes.load(Ordering::Relaxed), total, true);
            }
        });
        let map = hash_disk("the disk", file, progress, &HashOnly);
        drop(done);
        map
    });
    Ok(map?)
}

/// AWS's word for how a disk image boots.
fn boot_mode(image: &ImageName, facts: &ImageFacts, no_boot: bool) -> anyhow::Result<String> {
    let has = |mode: &str| facts.boot_modes.iter().any(|found| found == mode);
    let refused = |why: &str| {
        let message = format!("{image} {why}; --no-boot publishes it all the same");
        Err(Failure::error(Meaning::Refused, message))
    };
    match (has("bios"), has("uefi"), facts.architecture.as_str()) {
        (_, true, "arm64") | (false, true, _) => Ok(BootMode::Uefi.name().to_owned()),
        (true, true, _) => Ok(BootMode::UefiPreferred.name().to_owned()),
        (true, false, "x86_64") => Ok(BootMode::LegacyBios.name().to_owned()),
        _ if no_boot => Ok(String::new()),
        (true, false, _) => refused("boots with a BIOS, which no arm64 machine has"),
        (false, false, _) => refused("has neither a boot program nor an EFI system partition"),
    }
}
