//! What is in every account and region; kept on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::blocks::{Hash, hex, sha256};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// By account, then region.
    pub places: BTreeMap<String, BTreeMap<String, Place>>,
    /// How many things were made.
    pub made: u64,
}

/// One region of one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// The key for snapshots that name none, once somebody changed it.
    pub default_key: Option<String>,
    /// Snapshots by id.
    pub snapshots: BTreeMap<String, Snapshot>,
    /// AMIs by id.
    pub amis: BTreeMap<String, Ami>,
    /// Parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Parameters that were deleted, and until when one of the same name goes with them.
    #[serde(default)]
    pub gone_parameters: BTreeMap<String, i64>,
    /// What was deleted, and until when it is still listed.
    #[serde(default)]
    pub gone_snapshots: BTreeMap<String, (Snapshot, i64)>,
    /// The same of AMIs.
    #[serde(default)]
    pub gone_amis: BTreeMap<String, (Ami, i64)>,
    /// Snapshots whose AMI was deregistered, and until when they count as used all the same.
    #[serde(default)]
    pub in_use_until: BTreeMap<String, i64>,
}

impl Place {
    /// Forgets what is not even listed any more.
    pub fn forget_gone(&mut self, now: i64) {
        self.gone_snapshots.retain(|_, (_, until)| now < *until);
        self.gone_amis.retain(|_, (_, until)| now < *until);
        self.in_use_until.retain(|_, until| now < *until);
    }
}

/// A snapshot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The account.
    pub owner: String,
    /// GiB.
    pub size: u64,
    /// For people.
    pub description: String,
    /// Its tags.
    pub tags: Tags,
    /// The key with which it is encrypted.
    pub key: Option<String>,
    /// What it was made on top of.
    pub parent: Option<String>,
    /// The token that made it, and a digest of what it was asked for with.
    pub token: Option<(String, String)>,
    /// When it was begun.
    pub started_ms: i64,
    /// When a block was last put.
    pub written_ms: i64,
    /// How long after that it is given up.
    pub timeout_ms: i64,
    /// When it is, or will be, complete.
    pub completed_ms: Option<i64>,
    /// Whether it failed, was archived, and so on.
    pub failed: Option<String>,
    /// What it holds, its parent's blocks among it.
    #[serde(with = "hashes")]
    pub blocks: BTreeMap<u32, Hash>,
    /// What was put.
    pub put: BTreeSet<u32>,
    /// Who else may use it.
    pub shared_with: BTreeSet<String>,
}

/// What state a snapshot is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Blocks may be put.
    Open,
    /// No more, but it is not complete.
    Completing,
    /// Complete.
    Completed,
    /// Failed or timed out.
    Failed,
}

impl Snapshot {
    /// Its state at a time.
    pub fn state(&self, now: i64) -> State {
        match self.completed_ms {
            _ if self.failed.is_some() => State::Failed,
            Some(at) if now >= at => State::Completed,
            Some(_) => State::Completing,
            None if now > self.written_ms + self.timeout_ms => State::Failed,
            None => State::Open,
        }
    }
}

/// An AMI.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ami {
    /// Its name.
    pub name: String,
    /// For people.
    pub description: String,
    /// The account.
    pub owner: String,
    /// `x86_64`, `arm64`, …
    pub architecture: String,
    /// `hvm`, `paravirtual`.
    pub virtualization: String,
    /// `uefi`, …
    pub boot_mode: Option<String>,
    /// `v2.0`.
    pub tpm: Option<String>,
    /// `v2.0`.
    pub imds: Option<String>,
    /// Whether it may have ENA.
    pub ena: bool,
    /// The root's name.
    pub root_device: String,
    /// The root's snapshot.
    pub snapshot: String,
    /// The root's size.
    pub size: u64,
    /// The root's type.
    pub volume_type: String,
    /// Whether the root goes with its instance.
    pub delete_on_termination: bool,
    /// Its tags.
    pub tags: Tags,
    /// When it was registered.
    pub created_ms: i64,
    /// When it is available.
    pub available_ms: i64,
    /// When it is deprecated.
    pub deprecated_at: Option<String>,
    /// Whether it may not be deregistered.
    pub is_protected: bool,
    /// Accounts and organisations that may launch it.
    pub shared_with: BTreeSet<String>,
    /// Whether everybody may.
    #[serde(default)]
    pub is_public: bool,
    /// Its watermarks: `ACCOUNT:NAME`.
    #[serde(default)]
    pub watermarks: BTreeSet<String>,
    /// The root's operations a second.
    #[serde(default)]
    pub iops: Option<u64>,
    /// The root's MiB a second.
    #[serde(default)]
    pub throughput: Option<u64>,
    /// MiB a second at which the root is filled from its snapshot.
    #[serde(default)]
    pub initialization_rate: Option<u64>,
    /// Its UEFI variables.
    #[serde(default)]
    pub uefi_data: Option<String>,
}

/// A parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Its value.
    pub value: String,
    /// `text` or `aws:ec2:image`.
    pub data_type: String,
    /// How often it was set.
    pub version: u64,
    /// What it will be, and when: values are looked at after the answer.
    #[serde(default)]
    pub pending: Option<(String, i64)>,
}

impl World {
    /// One region of one account.
    pub fn place(&mut self, account: &str, region: &str) -> &mut Place {
        let regions = self.places.entry(account.to_owned()).or_default();
        regions.entry(region.to_owned()).or_default()
    }

    /// Makes an id.
    pub fn id(&mut self, kind: &str) -> String {
        self.made += 1;
        let digits = hex(&sha256(format!("{kind} {}", self.made).as_bytes()));
        format!("{kind}-0{}", &digits[..16])
    }

    /// Finds a snapshot that an account sees in a region: its own, or shared with it.
    pub fn snapshot(&self, account: &str, region: &str, id: &str) -> Option<&Snapshot> {
        self.places.iter().find_map(|(owner, regions)| {
            let found = regions.get(region)?.snapshots.get(id)?;
            (owner == account || found.shared_with.contains(account)).then_some(found)
        })
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// A file that is none of ours.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps everything.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.persist(path)?;
        Ok(())
    }
}

/// What the account's default key is called.
pub const DEFAULT_KEY_ALIAS: &str = "alias/aws/ebs";

/// The account's default key in a region.
pub fn default_key(account: &str, region: &str) -> String {
    let digits = hex(&sha256(format!("key {account} {region}").as_bytes()));
    format!("arn:{}:kms:{region}:{account}:key/{}-aws-ebs", partition(region), &digits[..12])
}

/// The partition of a region.
pub fn partition(region: &str) -> &'static str {
    let by_prefix = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")];
    let found = by_prefix.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

/// Whether a key is an account's default, with which nothing can be shared.
pub fn is_default_key(key: &str) -> bool {
    key.ends_with("-aws-ebs")
}

/// Blocks, with their digests as text.
mod hashes {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::blocks::{Hash, hex};

    pub(super) fn serialize<S: Serializer>(
        blocks: &BTreeMap<u32, Hash>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text: BTreeMap<u32, String> =
            blocks.iter().map(|(index, hash)| (*index, hex(hash))).collect();
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<u32, Hash>, D::Error> {
        let text = BTreeMap::<u32, String>::deserialize(deserializer)?;
        let read = |(index, text): (u32, String)| {
            let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
            Some((index, bytes.try_into().ok()?))
        };
        let blocks: Option<_> = text.into_iter().map(read).collect();
        blocks.ok_or_else(|| serde::de::Error::custom("a digest of a block is none"))
    }
}
