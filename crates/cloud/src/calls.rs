//! The trait [`Cloud`], and the types of its arguments and results.

use std::future::Future;

use bytes::Bytes;
use wire::blockmap::BlockIndex;

use crate::error::CloudError;
use crate::target::{RegionState, Target};

/// Result of a call, after the retries that its budget allows.
pub type Result<T> = std::result::Result<T, CloudError>;

pub use wire::run::{ParameterKind, Tags};

/// The SHA-256 of a block, or of the concatenated digests of a snapshot's blocks.
pub type Sha256 = [u8; 32];

/// The identity that the credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Twelve digits.
    pub account_id: String,
    /// ARN of the user, or of the role's session.
    pub arn: String,
}

/// Encryption of new snapshots whose request does not ask for encryption, as set for the account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultEncryption {
    /// Whether such snapshots are encrypted.
    pub is_on: bool,
    /// Key that encrypts the snapshots: an id, ARN or alias.
    pub key: String,
}

/// A KMS key, as described in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Full ARN, even if the key was asked for by id or alias.
    pub arn: String,
    /// `None` if the key is enabled, otherwise KMS's word for its state.
    pub unusable: Option<String>,
    /// Whether the key is symmetric: snapshots need that.
    pub is_symmetric: bool,
    /// Whether AWS manages the key. A snapshot encrypted with such a key cannot be shared.
    pub is_of_aws: bool,
}

/// Initial content and encryption of a new snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadBase {
    /// Zeros, unencrypted.
    Plain,
    /// Zeros, encrypted with this key, or `None` for the account's default key.
    Encrypted(Option<String>),
    /// The blocks of this snapshot, encrypted with its key.
    Parent(String),
}

/// Parameters of a new snapshot to be uploaded by block.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// Idempotency token: a repeated start with the same token returns the same snapshot.
    pub token: String,
    /// Size of the disk; at least that of a parent.
    pub size_gib: u64,
    /// Shown to people in the console.
    pub description: String,
    /// Set when the snapshot is started.
    pub tags: Tags,
    /// Decides which blocks must be put: with a parent, only those that differ from it.
    pub base: UploadBase,
    /// Minutes after the last block until AWS gives up the upload.
    pub timeout_minutes: u32,
}

/// AWS's states of a snapshot, reduced to what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotState {
    /// Being written or completed; not usable yet.
    Pending,
    /// Readable, and usable for AMIs.
    Completed,
    /// Failed, timed out or archived; never usable.
    Unusable,
}

/// A snapshot, as EC2 describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// `snap-…`.
    pub id: String,
    /// Account number of the owner.
    pub owner: String,
    /// Archived snapshots count as unusable.
    pub state: SnapshotState,
    /// AWS's text about the state; often empty.
    pub message: String,
    /// Size of the disk; 0 if AWS does not report it.
    pub size_gib: u64,
    /// ARN of the key, `None` if unencrypted.
    pub key: Option<String>,
    /// Empty for another account's snapshot.
    pub tags: Tags,
}

/// The snapshots that [`Cloud::snapshots`] returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotQuery {
    /// The snapshot with this id, of this account or shared with it. If there is none, the result is empty, not an
    /// error.
    Id(String),
    /// Snapshots of this account with this tag: key, value.
    Tagged(String, String),
}

/// The AMIs that [`Cloud::amis`] returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmiQuery {
    /// The AMI with this id, of this account or shared with it. If there is none, the result is empty, not an error.
    Id(String),
    /// AMIs of this account with this tag: key, value. A `*` in the value matches any text.
    Tagged(String, String),
    /// AMIs of this account with this name.
    Named(String),
    /// AMIs of this account that use this snapshot.
    OfSnapshot(String),
}

/// A block in a list of a snapshot's blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRef {
    /// Offset in the disk, in blocks of 512 KiB.
    pub index: BlockIndex,
    /// Needed to read the block; AWS accepts it for a week.
    pub token: String,
}

/// The bytes of a block for one upload attempt, and the memory permit that counts them.
pub struct BlockLease {
    /// Always 512 KiB.
    pub bytes: Bytes,
    /// Dropped at the end of the attempt, which frees the memory for another block.
    pub permit: Box<dyn std::any::Any + Send>,
}

impl std::fmt::Debug for BlockLease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockLease").field("len", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl BlockLease {
    /// Makes a lease of bytes that count against no memory limit.
    pub fn free(bytes: Bytes) -> Self {
        Self { bytes, permit: Box::new(()) }
    }
}

/// One page of a snapshot's blocks, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct BlockPage {
    /// May be empty, even if another page follows.
    pub blocks: Vec<BlockRef>,
    /// Token of the next page; `None` after the last.
    pub next: Option<String>,
}

/// Firmware that starts an instance of an AMI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootMode {
    /// BIOS only. No arm64 machine has a BIOS.
    LegacyBios,
    /// UEFI only; a TPM needs this mode.
    Uefi,
    /// UEFI on instance types that support it, otherwise BIOS.
    UefiPreferred,
}

impl BootMode {
    /// Returns AWS's name of the mode, such as `uefi-preferred`.
    pub fn name(self) -> &'static str {
        match self {
            Self::LegacyBios => "legacy-bios",
            Self::Uefi => "uefi",
            Self::UefiPreferred => "uefi-preferred",
        }
    }

    /// Parses AWS's name of the mode; `None` for any other text.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::LegacyBios, Self::Uefi, Self::UefiPreferred].into_iter().find(|m| m.name() == name)
    }
}

/// Root volume of an instance: of the type gp3, and deleted with the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Device name of the mapping. On current instance types the disk is an NVMe device, whatever this name is.
    pub device: String,
    /// In GiB; at least the snapshot's size.
    pub size_gib: u64,
    /// IOPS; `None` for AWS's default.
    pub iops: Option<u32>,
    /// MiB/s; `None` for AWS's default.
    pub throughput: Option<u32>,
    /// Rate in MiB/s at which AWS fills the volume from its snapshot. `None`: each block loads when it is first read.
    pub initialization_rate: Option<u32>,
}

/// Parameters of a new AMI. It has HVM virtualization, ENA support and a single volume, the root volume.
#[derive(Clone, Debug)]
pub struct NewAmi {
    /// Unique in account and region.
    pub name: String,
    /// Shown to people in the console.
    pub description: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// Must fit the architecture: arm64 has UEFI only.
    pub boot_mode: BootMode,
    /// Snapshot that the root volume is made from.
    pub snapshot: String,
    /// The volume that AWS makes of the snapshot for each instance.
    pub root: Root,
    /// Whether instances have a TPM 2.0.
    pub has_tpm: bool,
    /// Whether the metadata service requires a session token (IMDSv2).
    pub requires_imds_v2: bool,
    /// UEFI variables in AWS's base64 format; `None` for no variables.
    pub uefi_data: Option<String>,
    /// Set when the AMI is registered.
    pub tags: Tags,
}

/// AWS's states of an AMI, reduced to what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmiState {
    /// Being made; not usable yet.
    Pending,
    /// Instances can be started from it.
    Available,
    /// Not usable until somebody enables it again.
    Disabled,
    /// Never usable: failed or invalid.
    Unusable,
}

/// An AMI, as EC2 describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ami {
    /// `ami-…`.
    pub id: String,
    /// Unique in the owner's account and region.
    pub name: String,
    /// Account number of the owner.
    pub owner: String,
    /// Deregistered AMIs are never returned.
    pub state: AmiState,
    /// AWS's reason for the state; often empty.
    pub message: String,
    /// AWS's name: `x86_64`, `arm64`, ….
    pub architecture: String,
    /// AWS's name of the boot mode, as [`BootMode::name`] returns it; empty if the AMI has no boot mode.
    pub boot_mode: String,
    /// Whether instances have a TPM, of any version.
    pub has_tpm: bool,
    /// Whether the metadata service requires a session token (IMDSv2).
    pub requires_imds_v2: bool,
    /// Root volume; its `initialization_rate` is always `None`, because EC2 does not report it.
    pub root: Option<Root>,
    /// Snapshots of all block devices of the AMI.
    pub snapshots: Vec<String>,
    /// Empty for another account's AMI.
    pub tags: Tags,
    /// RFC 3339 time from which EC2 no longer lists the AMI to other accounts; `None`: never.
    pub deprecated_at: Option<String>,
    /// Whether the AMI is protected against deregistration. True if AWS reports any protection state except `disabled`.
    pub is_protected: bool,
    /// RFC 3339 time of registration.
    pub created_at: String,
    /// Each watermark as `ACCOUNT:NAME`. A copy of an AMI inherits the watermarks of the original.
    pub watermarks: Vec<String>,
}

/// Recipient of an AMI. A snapshot can be shared with accounts only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sharee {
    /// An account, by its twelve digits.
    Account(String),
    /// An organisation, by its ARN: `arn:aws:organizations::111111111111:organization/o-…`.
    Organization(String),
    /// An organisational unit, by its ARN: `arn:aws:organizations::111111111111:ou/o-…/ou-…`.
    Unit(String),
    /// Everybody: the AMI becomes public.
    All,
}

/// A parameter of the SSM Parameter Store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// For a parameter of the kind `Ami`, the AMI's id.
    pub value: String,
    /// Data type. AWS checks each new value against it. `None` for a type that Imprint does not know.
    pub kind: Option<ParameterKind>,
}

/// Behaviour of a deletion while the snapshot is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhileInUse {
    /// Fail with [`CloudErrorKind::InUse`](crate::error::CloudErrorKind::InUse).
    Refuse,
    /// Retry: the caller has just removed the AMI that used the snapshot, and AWS takes a while to notice.
    Wait,
}

/// The calls of one target. Implementations handle retries, deadlines and rate limits.
pub trait Cloud: Send + Sync + 'static {
    /// Returns the account and region of all calls.
    fn target(&self) -> &Target;

    /// Asks AWS for the identity that the credentials belong to.
    fn caller(&self) -> impl Future<Output = Result<Caller>> + Send;

    /// Lists all regions, also those that the account has not opted in to.
    fn regions(&self) -> impl Future<Output = Result<Vec<RegionState>>> + Send;

    /// Returns the encryption of new snapshots whose request does not ask for encryption.
    fn default_encryption(&self) -> impl Future<Output = Result<DefaultEncryption>> + Send;

    /// Describes a key by id, ARN or alias; `None` if there is no such key.
    fn key(&self, name: &str) -> impl Future<Output = Result<Option<Key>>> + Send;

    /// Returns whether the account forbids public AMIs in this region.
    fn blocks_public_amis(&self) -> impl Future<Output = Result<bool>> + Send;

    /// Checks that the caller is allowed to register an AMI, without registering it.
    fn may_register(&self, new: &NewAmi) -> impl Future<Output = Result<()>> + Send;

    /// Starts a snapshot and returns its id. If the token has started a snapshot before, returns the id of that
    /// snapshot.
    fn start_snapshot(&self, new: &NewSnapshot) -> impl Future<Output = Result<String>> + Send;

    /// Uploads a block of 512 KiB; a repeated upload replaces the block. Each attempt calls `lease` for the bytes, so
    /// that no bytes are held in memory between attempts.
    fn put_block<F, B>(
        &self,
        snapshot: &str,
        index: BlockIndex,
        digest: &Sha256,
        lease: F,
    ) -> impl Future<Output = Result<()>> + Send
    where
        F: Fn() -> B + Send + Sync,
        B: Future<Output = std::result::Result<BlockLease, String>> + Send;

    /// Completes a snapshot's upload. `digest` is the SHA-256 of the concatenated digests of all uploaded blocks, in
    /// order of their index.
    fn complete_snapshot(
        &self,
        snapshot: &str,
        blocks_put: u32,
        digest: &Sha256,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Lists one page of a completed snapshot's blocks; `next` is the token of the page, `None` for the first page.
    fn list_blocks(
        &self,
        snapshot: &str,
        next: Option<&str>,
    ) -> impl Future<Output = Result<BlockPage>> + Send;

    /// Reads a block and checks it against the checksum in the response.
    fn get_block(
        &self,
        snapshot: &str,
        block: &BlockRef,
    ) -> impl Future<Output = Result<Bytes>> + Send;

    /// Finds snapshots; returns them in AWS's order.
    fn snapshots(
        &self,
        query: &SnapshotQuery,
    ) -> impl Future<Output = Result<Vec<Snapshot>>> + Send;

    /// Deletes a snapshot; succeeds if it is already gone.
    fn delete_snapshot(
        &self,
        snapshot: &str,
        while_in_use: WhileInUse,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Lets any number of accounts create volumes from a snapshot; for many accounts, makes several requests.
    fn share_snapshot(
        &self,
        snapshot: &str,
        accounts: &[String],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Registers an AMI and returns its id. Fails with
    /// [`CloudErrorKind::Duplicate`](crate::error::CloudErrorKind::Duplicate) if another AMI has the name.
    fn register(&self, new: &NewAmi) -> impl Future<Output = Result<String>> + Send;

    /// Finds AMIs, including deprecated and disabled ones.
    fn amis(&self, query: &AmiQuery) -> impl Future<Output = Result<Vec<Ami>>> + Send;

    /// Deregisters an AMI; succeeds if it is already gone.
    fn deregister(&self, ami: &str) -> impl Future<Output = Result<()>> + Send;

    /// Lets any number of recipients launch an AMI; for many recipients, makes several requests.
    fn share_ami(&self, ami: &str, with: &[Sharee]) -> impl Future<Output = Result<()>> + Send;

    /// Attaches the watermark `ACCOUNT:name` to an AMI of the account; copies of the AMI inherit it.
    fn watermark_ami(&self, ami: &str, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Sets the time of an AMI's deprecation: RFC 3339, in whole minutes.
    fn deprecate_ami(&self, ami: &str, at: &str) -> impl Future<Output = Result<()>> + Send;

    /// Turns an AMI's protection against deregistration on or off.
    fn protect_ami(&self, ami: &str, is_protected: bool)
    -> impl Future<Output = Result<()>> + Send;

    /// Creates or overwrites a parameter.
    fn put_parameter(
        &self,
        name: &str,
        value: &str,
        kind: ParameterKind,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Deletes a parameter; succeeds if it is already gone.
    fn delete_parameter(&self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Reads a parameter; `None` if it does not exist.
    fn parameter(&self, name: &str) -> impl Future<Output = Result<Option<Parameter>>> + Send;
}
