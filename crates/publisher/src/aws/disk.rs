//! The disk that a run publishes: a patched volume's bytes, a disk image's blocks, or only what is known of it.
//!
//! Its block map comes first; once every target's plan is known, those blocks are fetched that any of them
//! needs.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloud::calls::BootMode;
use wire::Architecture;
use wire::blockmap::{BlockMap, ZEROS};
use wire::name::ImageName;
use wire::proto::{ImageFacts, ImageRecord};

use super::accounts::Accounts;
use super::blocks::{Content, Source};
use super::publish::AwsPublisher;
use super::records::Records;
use crate::client::Client;
use crate::content::FetchedContent;
use crate::error::{PublishError, Reason, Result};
use crate::leased_volume::LeasedVolume;

/// A disk, as long as a volume of whole GiB.
pub(crate) struct Disk<'a> {
    pub map: BlockMap,
    /// The digest of the image that it holds.
    pub manifest: String,
    /// How it boots: AWS's word; nothing where it need not.
    pub boot_mode: String,
    bytes: Bytes<'a>,
}

enum Bytes<'a> {
    /// A volume that stays captured until they are read.
    Volume(Box<Captured<'a>>),
    /// An image's blocks, of which those are fetched that are needed.
    Image(ImageName, Box<FetchedContent>),
    /// Nothing is left to be put.
    Gone,
}

struct Captured<'a> {
    volume: LeasedVolume<'a>,
    epoch: u64,
    /// Where what is read goes.
    work_dir: PathBuf,
}

impl<'a, A: Accounts> AwsPublisher<'a, A> {
    /// Makes an image's disk: patches and captures a volume, or finds the blocks of a disk image.
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

    /// Patches and captures the image's volume; unpackd hashes what changed of it.
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
            PublishError::new(Reason::RecordDamaged, format!("unpackd's block map: {error}"))
        })?;
        let (epoch, work_dir) = (captured.epoch, work_dir.to_owned());
        Ok(Disk {
            map: map.on_volume(),
            manifest: captured.manifest,
            boot_mode: unpack.boot_mode,
            bytes: Bytes::Volume(Box::new(Captured { volume, epoch, work_dir })),
        })
    }

    /// What is known of a run's disk, of which nothing needs to be put any more.
    pub(crate) fn recorded_disk(
        &self,
        stream: &str,
        name: &str,
        manifest: &str,
    ) -> Result<Disk<'a>> {
        let digest = wire::digest::unhex(name).unwrap_or_default();
        let records = Records::new(self.imaged.publishing(), stream);
        let found = self.client.runtime().block_on(records.map(&digest))?;
        let damaged = || {
            PublishError::new(
                Reason::RecordDamaged,
                "imaged's block map of the run is gone or damaged",
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
    /// Its size as a volume.
    pub(crate) fn size_gib(&self) -> u64 {
        self.map.disk_len() >> 30
    }

    /// Makes blocks ready to be put: those of any target's plan.
    pub(crate) fn source(
        self,
        client: &Client,
        plans: &[Vec<u32>],
    ) -> Result<(Source, Option<FetchedContent>)> {
        let Self { map, bytes, .. } = self;
        let wanted: BTreeSet<u32> = plans.iter().flatten().copied().collect();
        Ok(match bytes {
            Bytes::Gone => (Source::new(map, Content::Gone), None),
            Bytes::Volume(captured) => {
                let file = captured.read(&map, &wanted)?;
                (Source::new(map, Content::File(Arc::new(file))), None)
            }
            Bytes::Image(image, mut fetched) => {
                let store =
                    fetched.blocks(client, &image, &map, |index| wanted.contains(&index))?;
                (Source::new(map, Content::Objects(store)), Some(*fetched))
            }
        })
    }
}

impl Captured<'_> {
    /// Copies blocks into a file without a name, and gives the volume back.
    fn read(self, map: &BlockMap, wanted: &BTreeSet<u32>) -> Result<File> {
        let Self { volume, epoch, work_dir } = self;
        let file = tempfile::tempfile_in(&work_dir)
            .map_err(PublishError::io(format!("create a file in {}", work_dir.display())))?;
        let is_data = |index: &u32| map.hashes()[*index as usize] != ZEROS;
        let wanted = wanted.iter().copied().filter(is_data).collect();
        volume.read(epoch, Some(wanted), &file)?;
        volume.confirm(epoch)?;
        Ok(file)
    }
}

/// AWS's word for how a disk image boots.
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
