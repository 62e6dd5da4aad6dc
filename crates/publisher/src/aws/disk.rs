//! The disk that a run publishes: a patched volume, a disk image's blocks, or only a recorded block map.
//!
//! The block map comes first. Once every target has a plan, only the blocks that some plan needs are fetched.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloud::calls::BootMode;
use data_encoding::HEXLOWER_PERMISSIVE;
use wire::Architecture;
use wire::blockmap::{BlockIndex, BlockMap, ZEROS};
use wire::name::ImageName;
use wire::proto::{ImageFacts, ImageRecord};

use super::accounts::Accounts;
use super::blocks::{Content, PublishedDisk};
use super::publisher::AwsPublisher;
use super::records::Records;
use crate::client::Client;
use crate::content::FetchedContent;
use crate::error::{PublishError, Reason, Result};
use crate::leased_volume::LeasedVolume;

/// A disk, padded to whole GiB as volumes are.
pub(crate) struct Disk<'a> {
    pub map: BlockMap,
    /// Digest of the image's manifest, as text.
    pub manifest: String,
    /// AWS's boot mode; empty if the disk cannot boot, or for a recorded disk.
    pub boot_mode: String,
    bytes: Bytes<'a>,
}

enum Bytes<'a> {
    /// A captured volume, released once the blocks are copied.
    Volume(Box<Captured<'a>>),
    /// A disk image, whose blocks are fetched as needed.
    Image(ImageName, Box<FetchedContent>),
    /// No target needs blocks any more.
    Gone,
}

struct Captured<'a> {
    volume: LeasedVolume<'a>,
    epoch: u64,
    /// Folder in which the blocks are copied to a file.
    work_dir: PathBuf,
}

impl<'a, A: Accounts> AwsPublisher<'a, A> {
    /// Makes an image's disk: patches and captures a volume, or fetches a disk image's block map.
    pub(crate) fn disk(
        &self,
        image: &ImageName,
        record: &ImageRecord,
        no_boot: bool,
        steal: bool,
        work_dir: &Path,
    ) -> Result<Disk<'a>> {
        if record.kind != "disk" {
            return self.volume(image, no_boot, steal, work_dir);
        }
        let facts = record.facts.clone().unwrap_or_default();
        let boot_mode = boot_mode(image, &facts, no_boot)?;
        let mut fetched = FetchedContent::new(self.client, Some(work_dir))?;
        let map = fetched.disk(self.client, image)?.on_volume();
        let manifest = record.manifest.clone();
        Ok(Disk { map, manifest, boot_mode, bytes: Bytes::Image(image.clone(), Box::new(fetched)) })
    }

    /// Patches and captures the image's volume; unpackd hashes the changed blocks.
    fn volume(
        &self,
        image: &ImageName,
        no_boot: bool,
        steal: bool,
        work_dir: &Path,
    ) -> Result<Disk<'a>> {
        let volume = LeasedVolume::take(self.client, image.stream(), steal)?;
        let unpack = volume.unpack(image)?;
        let captured = volume.capture(&unpack.manifest, no_boot, true)?;
        let map = BlockMap::decode(&captured.block_map).map_err(|error| {
            PublishError::new(
                Reason::RecordDamaged,
                format!("unpackd sent a damaged block map: {error}"),
            )
        })?;
        let (epoch, work_dir) = (captured.epoch, work_dir.to_owned());
        Ok(Disk {
            map: map.on_volume(),
            manifest: captured.manifest,
            boot_mode: unpack.boot_mode,
            bytes: Bytes::Volume(Box::new(Captured { volume, epoch, work_dir })),
        })
    }

    /// Makes a disk from imaged's record of its block map, for a run that need not put blocks any more.
    pub(crate) fn recorded_disk(
        &self,
        stream: &str,
        name: &str,
        manifest: &str,
    ) -> Result<Disk<'a>> {
        let digest = HEXLOWER_PERMISSIVE.decode(name.as_bytes()).unwrap_or_default();
        let records = Records::new(self.imaged.publishing(), stream);
        let found = self.client.runtime().block_on(records.map(&digest))?;
        let damaged = || {
            PublishError::new(
                Reason::RecordDamaged,
                "imaged's block map of the run is missing or damaged: undo the run, and publish again",
            )
        };
        Ok(Disk {
            map: found.ok_or_else(damaged)?,
            manifest: manifest.to_owned(),
            boot_mode: String::new(),
            bytes: Bytes::Gone,
        })
    }
}

impl Disk<'_> {
    /// Returns the size of the disk as a volume, in GiB.
    pub(crate) fn size_gib(&self) -> u64 {
        self.map.disk_len() >> 30
    }

    /// Fetches the blocks that any of the plans needs, and returns the disk with them. If fetched content is returned
    /// too, the caller must keep it for as long as that disk.
    pub(crate) fn source(
        self,
        client: &Client,
        plans: &[Vec<BlockIndex>],
    ) -> Result<(PublishedDisk, Option<FetchedContent>)> {
        let Self { map, bytes, .. } = self;
        let wanted: BTreeSet<BlockIndex> = plans.iter().flatten().copied().collect();
        Ok(match bytes {
            Bytes::Gone => (PublishedDisk::new(map, Content::Gone), None),
            Bytes::Volume(captured) => {
                let file = captured.read(&map, &wanted)?;
                (PublishedDisk::new(map, Content::File(Arc::new(file))), None)
            }
            Bytes::Image(image, mut fetched) => {
                let store =
                    fetched.blocks(client, &image, &map, |index| wanted.contains(&index))?;
                (PublishedDisk::new(map, Content::Objects(store)), Some(*fetched))
            }
        })
    }
}

impl Captured<'_> {
    /// Copies blocks into an unnamed file, confirms the capture and releases the volume.
    fn read(self, map: &BlockMap, wanted: &BTreeSet<BlockIndex>) -> Result<File> {
        let Self { volume, epoch, work_dir } = self;
        let file = tempfile::tempfile_in(&work_dir)
            .map_err(PublishError::io(format!("create a file in {}", work_dir.display())))?;
        let is_data = |index: &BlockIndex| map.hash(*index) != Some(&ZEROS);
        let wanted = wanted.iter().copied().filter(is_data).collect();
        volume.read(epoch, Some(wanted), &file)?;
        volume.confirm(epoch)?;
        Ok(file)
    }
}

/// Returns AWS's boot mode for a disk image; empty if it cannot boot and `no_boot` allows that.
pub(crate) fn boot_mode(image: &ImageName, facts: &ImageFacts, no_boot: bool) -> Result<String> {
    let has = |mode: &str| facts.boot_modes.iter().any(|found| found == mode);
    let refused = |why: &str| {
        let message = format!("{image} {why}; --no-boot publishes it all the same");
        Err(PublishError::new(Reason::Unbootable, message))
    };
    let is = |wanted: Architecture| facts.architecture.parse() == Ok(wanted);
    match (has("bios"), has("uefi")) {
        (_, true) if is(Architecture::Arm64) => Ok(BootMode::Uefi.name().to_owned()),
        (false, true) => Ok(BootMode::Uefi.name().to_owned()),
        (true, true) => Ok(BootMode::UefiPreferred.name().to_owned()),
        (true, false) if is(Architecture::X86_64) => Ok(BootMode::LegacyBios.name().to_owned()),
        _ if no_boot => Ok(String::new()),
        (true, false) => refused("boots with a BIOS, which no arm64 machine has"),
        (false, false) if !facts.boot_problem.is_empty() => {
            refused(&format!("cannot boot: {}", facts.boot_problem))
        }
        (false, false) => refused("has neither a boot program nor an EFI system partition"),
    }
}
