//! The state of every account and region; kept on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::blocks::{Hash, sha256};

/// The tags of one resource: values by key.
pub type Tags = BTreeMap<String, String>;

/// The state of all accounts; `world.json` in the state folder holds it as JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// Places by account, then region.
    pub places: BTreeMap<String, BTreeMap<String, Place>>,
    /// Number of ids made so far; the next id is derived from it.
    pub made: u64,
}

/// The state of one region of one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// Default key for encrypted snapshots; `None` means AWS's own key. Only tests set it.
    pub default_key: Option<String>,
    /// Own snapshots by id, without deleted ones.
    pub snapshots: BTreeMap<String, Snapshot>,
    /// Own AMIs by id, without deregistered ones.
    pub amis: BTreeMap<String, Ami>,
    /// SSM parameters by name, including those whose first value is still pending.
    pub parameters: BTreeMap<String, Parameter>,
    /// Deleted parameters by name, each with a time. Until this time, a new parameter of the same name is deleted, too.
    #[serde(default)]
    pub gone_parameters: BTreeMap<String, i64>,
    /// Deleted snapshots, each with the time until which lists still show it.
    #[serde(default)]
    pub gone_snapshots: BTreeMap<String, (Snapshot, i64)>,
    /// Deregistered AMIs, each with the time until which lists still show it.
    #[serde(default)]
    pub gone_amis: BTreeMap<String, (Ami, i64)>,
    /// Ids of the snapshots of deregistered AMIs, each with the time until which the snapshot still counts as used.
    #[serde(default)]
    pub in_use_until: BTreeMap<String, i64>,
}

impl Place {
    /// Forgets deleted snapshots and AMIs that lists no longer show, and snapshots that no longer count as used.
    pub fn forget_gone(&mut self, now: i64) {
        self.gone_snapshots.retain(|_, (_, until)| now < *until);
        self.gone_amis.retain(|_, (_, until)| now < *until);
        self.in_use_until.retain(|_, until| now < *until);
    }
}

/// A snapshot. Its bytes are in [`crate::blocks`], under the hashes of its blocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the owning account.
    pub owner: String,
    /// Size of the volume in GiB.
    pub size: u64,
    /// Description of at most 255 bytes; empty if the caller gave none.
    pub description: String,
    /// Tags from StartSnapshot and CreateTags; filters and policies read them.
    pub tags: Tags,
    /// ARN of the key that encrypts the snapshot; `None` if it is not encrypted.
    pub key: Option<String>,
    /// Id of the parent: the snapshot whose blocks this snapshot began with.
    pub parent: Option<String>,
    /// Client token of StartSnapshot, and the digest of the request's body.
    pub token: Option<(String, String)>,
    /// Time of StartSnapshot in milliseconds since the epoch.
    pub started_ms: i64,
    /// Time of the last put, or of StartSnapshot, in milliseconds since the epoch.
    pub written_ms: i64,
    /// Milliseconds from the last put until the snapshot fails, if it is still open.
    pub timeout_ms: i64,
    /// Time at which the snapshot is complete; `None` before CompleteSnapshot.
    pub completed_ms: Option<i64>,
    /// Why a test made the snapshot fail; `archived` for an archived snapshot. `None` for all other snapshots, even if
    /// they timed out.
    pub failed: Option<String>,
    /// Hashes of all blocks by index, including the parent's.
    #[serde(with = "hashes")]
    pub blocks: BTreeMap<u32, Hash>,
    /// Indexes of the blocks that were put into this snapshot itself.
    pub put: BTreeSet<u32>,
    /// Numbers of other accounts that may use the snapshot.
    pub shared_with: BTreeSet<String>,
}

/// The state of a snapshot. EC2 shows both `Open` and `Completing` as `pending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The snapshot is started, and callers may put blocks.
    Open,
    /// The snapshot is not complete yet after CompleteSnapshot. Callers cannot put blocks.
    Completing,
    /// The snapshot is complete, and AMIs can be made of it. The EBS direct APIs can read it a little later
    /// (`readable_ms`).
    Completed,
    /// The snapshot is archived, a test made it fail, or it was open for more than `timeout_ms` after its last put.
    Failed,
}

impl Snapshot {
    /// Returns the state at a time in milliseconds since the epoch.
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

/// An AMI. RegisterImage makes it, and later calls change it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ami {
    /// Name, unique in its account and region.
    pub name: String,
    /// Description of at most 255 bytes; empty if the caller gave none.
    pub description: String,
    /// Number of the owning account.
    pub owner: String,
    /// `i386`, `x86_64` or `arm64`.
    pub architecture: String,
    /// `hvm` or `paravirtual`.
    pub virtualization: String,
    /// `legacy-bios`, `uefi` or `uefi-preferred`; `None` if RegisterImage named none.
    pub boot_mode: Option<String>,
    /// Version of the TPM, `v2.0`; `None` for no TPM.
    pub tpm: Option<String>,
    /// Required version of the instance metadata service, `v2.0`; `None` if the AMI requires no version.
    pub imds: Option<String>,
    /// Whether instances may use Amazon's network adapter (ENA). True only if RegisterImage asked for it.
    pub ena: bool,
    /// Device name of the root, such as `/dev/xvda`.
    pub root_device: String,
    /// Id of the root's snapshot.
    pub snapshot: String,
    /// Size of the root in GiB, at least the snapshot's size.
    pub size: u64,
    /// Volume type of the root, such as `gp3`.
    pub volume_type: String,
    /// Whether the root is deleted when its instance ends.
    pub delete_on_termination: bool,
    /// Tags from RegisterImage and CreateTags; filters and policies read them.
    pub tags: Tags,
    /// Time of RegisterImage in milliseconds since the epoch.
    pub created_ms: i64,
    /// Time from which the AMI is available, in milliseconds since the epoch.
    pub available_ms: i64,
    /// Time of deprecation as the caller wrote it (RFC 3339).
    pub deprecated_at: Option<String>,
    /// Whether DeregisterImage is refused.
    pub is_protected: bool,
    /// Account numbers, and ARNs of organisations and units, that may launch the AMI.
    pub shared_with: BTreeSet<String>,
    /// Whether all accounts may launch the AMI.
    #[serde(default)]
    pub is_public: bool,
    /// Attached watermarks, each as `ACCOUNT:NAME`.
    #[serde(default)]
    pub watermarks: BTreeSet<String>,
    /// I/O operations per second of the root; `None` is the volume type's default.
    #[serde(default)]
    pub iops: Option<u64>,
    /// Throughput of the root in MiB/s; `None` is the volume type's default.
    #[serde(default)]
    pub throughput: Option<u64>,
    /// Rate in MiB/s at which a new root volume is filled from the snapshot; `None` if RegisterImage named none.
    #[serde(default)]
    pub initialization_rate: Option<u64>,
    /// UEFI variables in base64.
    #[serde(default)]
    pub uefi_data: Option<String>,
}

/// An SSM parameter of AWS's type `String`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Present value; empty until a first value is accepted.
    pub value: String,
    /// `text` or `aws:ec2:image`.
    pub data_type: String,
    /// Number of values so far; 0 while the first value is pending.
    pub version: u64,
    /// The next value, and the time in milliseconds at which it takes effect. AWS first answers the call that puts an
    /// image parameter, and checks the value later.
    #[serde(default)]
    pub pending: Option<(String, i64)>,
}

impl World {
    /// Returns the state of a region of an account; makes an empty one if it is missing.
    pub fn place(&mut self, account: &str, region: &str) -> &mut Place {
        let regions = self.places.entry(account.to_owned()).or_default();
        regions.entry(region.to_owned()).or_default()
    }

    /// Makes a new id such as `snap-0…`, the same in every run for the same order of calls.
    pub fn id(&mut self, kind: &str) -> String {
        self.made += 1;
        let digits = HEXLOWER.encode(&sha256(format!("{kind} {}", self.made).as_bytes()));
        format!("{kind}-0{}", &digits[..16])
    }

    /// Finds a snapshot that an account may use in a region: a snapshot of its own, or one that is shared with it.
    pub fn snapshot(&self, account: &str, region: &str, id: &str) -> Option<&Snapshot> {
        self.places.iter().find_map(|(owner, regions)| {
            let found = regions.get(region)?.snapshots.get(id)?;
            (owner == account || found.shared_with.contains(account)).then_some(found)
        })
    }

    /// Loads the state from a file; a missing file is an empty state.
    ///
    /// # Errors
    /// The file cannot be read, or is no state of the simulator.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Saves the state: writes a temporary file and renames it.
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

/// Alias of an account's default key.
pub const DEFAULT_KEY_ALIAS: &str = "alias/aws/ebs";

/// Returns the ARN of an account's default key in a region.
pub fn default_key(account: &str, region: &str) -> String {
    let digits = HEXLOWER.encode(&sha256(format!("key {account} {region}").as_bytes()));
    format!("arn:{}:kms:{region}:{account}:key/{}-aws-ebs", partition(region), &digits[..12])
}

/// Returns the partition of a region, such as `aws-cn`.
pub fn partition(region: &str) -> &'static str {
    let by_prefix = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")];
    let found = by_prefix.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

/// Returns whether a key is an account's default key. Snapshots encrypted with it cannot be shared.
pub fn is_default_key(key: &str) -> bool {
    key.ends_with("-aws-ebs")
}

/// Serialization of a snapshot's blocks, with the digests as hexadecimal text.
mod hashes {
    use std::collections::BTreeMap;

    use data_encoding::HEXLOWER;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::blocks::Hash;

    pub(super) fn serialize<S: Serializer>(
        blocks: &BTreeMap<u32, Hash>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text: BTreeMap<u32, String> =
            blocks.iter().map(|(index, hash)| (*index, HEXLOWER.encode(hash))).collect();
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<u32, Hash>, D::Error> {
        let text = BTreeMap::<u32, String>::deserialize(deserializer)?;
        let read = |(index, text): (u32, String)| {
            let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
            Some((index, bytes.try_into().ok()?))
        };
        let blocks: Option<_> = text.into_iter().map(read).collect();
        blocks.ok_or_else(|| serde::de::Error::custom("the digest of a block is malformed"))
    }
}
