//! Forecast of a publication for each target, with the certainty of each number.

use std::collections::BTreeMap;

use cloud::calls::BootMode;
use cloud::target::AccountName;
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{GetStatusRequest, ImageRecord, SnapshotRecord};
use wire::run::{Problem, PublishOptions, SnapshotBase};
use wire::target::Target;
use wire::units::SNAPSHOT_BLOCK_LEN;

use super::accounts::Accounts;
use super::ami;
use super::ask::{TargetState, facts};
use super::checks::{NameUse, differs, name, taken};
use super::decide::usable;
use super::disk::boot_mode;
use super::order::AwsOrder;
use super::plan::{Survey, decided};
use super::publish::PreparedOrder;
use super::publisher::AwsPublisher;
use super::targets::TargetResolution;
use crate::content::FetchedContent;
use crate::error::{PublishError, Reason, Result};
use crate::volumes::{self, UnpackOptions};

/// Obstacles that only a real attempt shows.
pub const UNKNOWN: [&str; 2] = ["permissions other than registering AMIs", "quotas"];

/// Facts that are checked in every target.
const CHECKED: [&str; 7] = [
    "credentials",
    "encryption by default",
    "the last snapshot",
    "the AMI's name",
    "permission to register AMIs",
    "the parameter's data type",
    "options against architecture and boot mode",
];

/// The work that publishing would do. [`AwsPublisher::forecast`] finds it without changing anything.
#[derive(Debug)]
pub struct Forecast {
    /// Forecast for each target, or the reason why publishing there would fail.
    pub targets: Vec<(Target, Result<TargetForecast>)>,
    /// Accounts whose regions could not be listed, and why.
    pub unresolved: Vec<(AccountName, Problem)>,
    /// Targets left out because their account has not opted in to the region.
    pub not_opted_in: Vec<Target>,
}

/// The work that publishing would do in one target, and the facts that were checked for this forecast.
#[derive(Clone, Debug)]
pub struct TargetForecast {
    /// Twelve digits.
    pub account_id: String,
    /// Facts that were checked, for display.
    pub checked: Vec<&'static str>,
    /// Facts that could not be checked, for display.
    pub unknown: Vec<&'static str>,
    /// The work itself: nothing, or a new snapshot with its AMI.
    pub work: TargetWork,
}

/// Work that publishing would do in a target.
#[derive(Clone, Debug)]
pub enum TargetWork {
    /// Nothing: the same disk was published under the same name before.
    Nothing {
        /// Id of the existing AMI.
        ami: String,
    },
    /// A new snapshot, and an AMI of it.
    Snapshot {
        /// ARN of the key that the order or the configuration names, else the name of the account's default key; empty
        /// without encryption.
        encryption: String,
        /// Whether the order allowed no encryption, but the account encrypts by default.
        is_encrypted_all_the_same: bool,
        /// Id of the parent snapshot; `None` for a full upload.
        parent: Option<String>,
        /// Reason for a full upload; `None` for an incremental one.
        why_full: Option<String>,
        /// How many blocks would be put, and how sure that is.
        blocks: BlockForecast,
    },
}

/// Predicted number of blocks to put, with the basis of the prediction.
#[derive(Clone, Copy, Debug)]
pub struct BlockForecast {
    /// In blocks of 512 KiB; `None` if unknown.
    pub count: Option<u64>,
    /// Basis of the number, or the reason why there is none.
    pub how: &'static str,
    /// Whether the number is assumed rather than counted.
    pub is_assumed: bool,
}

impl BlockForecast {
    fn known(count: u64, how: &'static str) -> Self {
        Self { count: Some(count), how, is_assumed: false }
    }

    fn assumed(count: Option<u64>, how: &'static str) -> Self {
        Self { count, how, is_assumed: true }
    }
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Forecasts [`publish`](Self::publish) for each target, without changing anything.
    ///
    /// # Errors
    /// As [`publish`](Self::publish), except those of changes.
    pub fn forecast(&self, order: &AwsOrder, resolved: TargetResolution) -> Result<Forecast> {
        self.check_targets(order, &resolved)?;
        let PreparedOrder { mut options, record, facts, .. } = self.prepare(order, true)?;
        let image = &order.image;
        if let Some(facts) = &facts {
            options.boot_mode = boot_mode(image, facts, order.no_boot)?;
        }
        let TargetResolution { selection, failed: unresolved } = resolved;
        let (stream, runtime) = (image.stream(), self.client.runtime());
        let survey = self.survey(stream.as_str(), &selection.targets, &options);
        let Survey { records, asked } = runtime.block_on(survey)?;
        let disk = match record.as_ref().map(|record| record.kind.as_str()) {
            None => DiskForecast::Addition,
            Some("disk") => {
                let content = FetchedContent::new(self.client, None)?.disk(self.client, image)?;
                let maps = self.maps(stream.as_str(), records.iter());
                DiskForecast::Image(content.on_volume(), runtime.block_on(maps)?)
            }
            Some(_) => self.forecast_patch(image)?,
        };
        let boots = BootMode::parse(&options.boot_mode);
        ami::check(&options.ami, &options.architecture, boots, disk.size_gib())
            .map_err(|message| PublishError::new(Reason::Argument, message))?;
        let (record, disk, options) = (record.as_ref(), &disk, &options);
        let rehearsal = Rehearsal { record, disk, options, records: &records };
        let targets = selection.targets.into_iter().zip(asked).map(|(target, state)| {
            let forecast = state.and_then(|state| rehearsal.target(&target, &state));
            (target, forecast)
        });
        let (targets, not_opted_in) = (targets.collect(), selection.not_opted_in);
        Ok(Forecast { targets, unresolved, not_opted_in })
    }

    /// Asks unpackd to predict the patch of the stream's volume.
    fn forecast_patch(&self, image: &ImageName) -> Result<DiskForecast> {
        let client = self.client;
        let unpackd = client.unpackd()?;
        let status = client.call(&unpackd, unpackd.volumes().get_status(GetStatusRequest {}))?;
        let stream = image.stream();
        let volume = status.volumes.into_iter().find(|volume| volume.stream == stream.as_str());
        let options = UnpackOptions { dry_run: true, ..UnpackOptions::default() };
        let report = volumes::unpack(client, &unpackd, image, client.holder(), options)?;
        let volume = volume.unwrap_or_default();
        Ok(DiskForecast::Patch(PatchForecast {
            from: volume.manifest,
            dirty: report.dirty_blocks_512k.as_ref().map(|dirty| dirty.total),
            all: (volume.size.div_ceil(1 << 30) << 30) / SNAPSHOT_BLOCK_LEN,
        }))
    }
}

/// Knowledge of the disk to publish.
enum DiskForecast {
    /// The disk's block map, and the block maps of the targets' snapshots by digest.
    Image(BlockMap, BTreeMap<Vec<u8>, BlockMap>),
    /// A tree: the predicted patch of the volume.
    Patch(PatchForecast),
    /// An image that is yet to be added: its content is unknown.
    Addition,
}

/// Blocks of 512 KiB in a GiB: 2,048.
const BLOCKS_OF_GIB: u64 = (1 << 30) / SNAPSHOT_BLOCK_LEN;

impl DiskForecast {
    /// Returns the size of the disk in GiB; `None` for an image that is yet to be added.
    fn size_gib(&self) -> Option<u64> {
        match self {
            Self::Image(map, _) => Some(map.disk_len() >> 30),
            Self::Patch(patch) => Some(patch.all / BLOCKS_OF_GIB),
            Self::Addition => None,
        }
    }
}

struct PatchForecast {
    /// Digest of the manifest of the image that is on the volume now; empty if there is none.
    from: String,
    /// Number of blocks that the patch would change, if unpackd can tell.
    dirty: Option<u64>,
    /// Number of blocks of the whole volume.
    all: u64,
}

impl PatchForecast {
    /// Predicts the number of blocks to put. If there is a parent, with the manifest `parent`, these are the blocks
    /// that differ from the parent. Otherwise these are all blocks; if `may_be_plain`, all blocks that are not zeros.
    fn blocks(&self, may_be_plain: bool, parent: Option<&str>) -> BlockForecast {
        let assumed = BlockForecast::assumed;
        match parent {
            // The patch starts from the volume's manifest, so the number fits only a parent with the same manifest.
            Some(manifest) if manifest == self.from => {
                assumed(self.dirty, "predicted from the patch of the volume")
            }
            Some(_) => assumed(None, "unknown: the volume holds another revision than the parent"),
            None if may_be_plain => assumed(None, "the blocks of the volume that are not zeros"),
            None => BlockForecast::known(self.all, "all blocks of the volume, zeros included"),
        }
    }
}

/// Facts that are the same for all targets.
struct Rehearsal<'a> {
    record: Option<&'a ImageRecord>,
    disk: &'a DiskForecast,
    options: &'a PublishOptions,
    records: &'a [SnapshotRecord],
}

impl Rehearsal<'_> {
    fn target(&self, target: &Target, state: &TargetState) -> Result<TargetForecast> {
        let ami_name = &self.options.ami_name;
        // A tree is compared by its manifest. An image that is yet to be added cannot have been published.
        let is_same = |published: &SnapshotRecord| match self.disk {
            DiskForecast::Image(map, _) => published.map_digest[..] == map.digest()[..],
            DiskForecast::Patch(_) => {
                self.record.is_some_and(|record| published.manifest == record.manifest)
            }
            DiskForecast::Addition => false,
        };
        let work = match name(state, self.options, target, self.records, is_same) {
            NameUse::Taken(by) => return Err(taken(ami_name, by)),
            NameUse::Differs(by, how) => return Err(differs(ami_name, by, &how)),
            NameUse::Published { ami, .. } => TargetWork::Nothing { ami },
            NameUse::Free => self.snapshot(state),
        };
        let (checked, unknown) = scope(state);
        Ok(TargetForecast { account_id: state.account_id.clone(), checked, unknown, work })
    }

    fn snapshot(&self, state: &TargetState) -> TargetWork {
        let may_be_plain = self.options.may_be_plain;
        let facts = facts(state, may_be_plain);
        let encryption = facts.encryption();
        let (mut parent, mut why_full) = match usable(facts, &encryption) {
            Ok(record) => (Some(record.snapshot_id.clone()), None),
            Err(why) => (None, Some(why)),
        };
        let blocks = match self.disk {
            DiskForecast::Image(map, maps) => {
                // The parent's block map allows an exact count.
                let plan = decided(state, map, may_be_plain, maps);
                parent = match plan.base {
                    SnapshotBase::Parent { snapshot } | SnapshotBase::Same { snapshot } => {
                        Some(snapshot)
                    }
                    SnapshotBase::Plain | SnapshotBase::Encrypted { .. } => None,
                };
                why_full = plan.why_full;
                BlockForecast::known(plan.blocks.len() as u64, "counted")
            }
            DiskForecast::Addition => BlockForecast::assumed(
                None,
                "the number of blocks is unknown until the image is added, and so are its architecture and whether it boots",
            ),
            DiskForecast::Patch(patch) => {
                let record = state.record.as_ref().filter(|_| parent.is_some());
                let manifest = record.map(|record| record.manifest.as_str());
                patch.blocks(!encryption.is_encrypted, manifest)
            }
        };
        TargetWork::Snapshot {
            is_encrypted_all_the_same: may_be_plain && encryption.is_encrypted,
            encryption: encryption.asked,
            parent,
            why_full,
            blocks,
        }
    }
}

/// Lists the checked and the unknown facts of a target.
fn scope(state: &TargetState) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut checked, mut unknown) = (CHECKED.to_vec(), UNKNOWN.to_vec());
    match &state.key {
        None => {}
        Some(key) if key.is_seen => checked.push("the key"),
        Some(_) => {
            unknown.push("whether the key is there and can be used (kms:DescribeKey is denied)");
        }
    }
    (checked, unknown)
}
