//! The trait of the calls, and what they take and give.

use std::future::Future;

use bytes::Bytes;

use crate::error::CloudError;
use crate::target::{RegionState, Target};

/// What a call comes to.
pub type Result<T> = std::result::Result<T, CloudError>;

pub use wire::run::{ParameterKind, Tags};

/// A SHA-256.
pub type Sha256 = [u8; 32];

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account's number.
    pub account_id: String,
    /// The identity.
    pub arn: String,
}

/// What happens to new snapshots that do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultEncryption {
    /// Whether they are encrypted.
    pub is_on: bool,
    /// With which key.
    pub key: String,
}

/// A key, as KMS describes it in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its ARN, by whatever name it was asked for.
    pub arn: String,
    /// Whether it can encrypt now; otherwise KMS's word for its state.
    pub unusable: Option<String>,
    /// Whether it encrypts data with one secret, as snapshots need it.
    pub is_symmetric: bool,
    /// Whether AWS manages it for a service: nothing under it can be shared.
    pub is_of_aws: bool,
}

/// Where a new snapshot's blocks come from that are not put, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadBase {
    /// Nowhere, without encryption.
    Plain,
    /// Nowhere, encrypted with a key, or the account's default.
    Encrypted(Option<String>),
    /// A snapshot, with whose key it is encrypted.
    Parent(String),
}

/// A snapshot to be made block by block.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// The same for each attempt at making the same.
    pub token: String,
    /// Its size.
    pub size_gib: u64,
    /// Its words for people.
    pub description: String,
    /// Its tags.
    pub tags: Tags,
    /// What it begins with.
    pub base: UploadBase,
    /// Minutes after the last block until AWS gives up on it.
    pub timeout_minutes: u32,
}

/// What state a snapshot is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotState {
    /// Not yet to be used.
    Pending,
    /// To be used.
    Completed,
    /// Never to be used: failed, timed out, archived.
    Unusable,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// `snap-…`.
    pub id: String,
    /// The account's number.
    pub owner: String,
    /// Its state.
    pub state: SnapshotState,
    /// What AWS says to it.
    pub message: String,
    /// Its size.
    pub size_gib: u64,
    /// The key with which it is encrypted, if it is.
    pub key: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// Selects snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotQuery {
    /// The snapshot with this id, of this account or shared with it. The answer is empty where there is none.
    Id(String),
    /// Snapshots of this account that have a tag: its key and its value.
    Tagged(String, String),
}

/// Selects AMIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmiQuery {
    /// The AMI with this id, of this account or shared with it. The answer is empty where there is none.
    Id(String),
    /// AMIs of this account that have a tag: its key and its value, in which `*` matches any text.
    Tagged(String, String),
    /// AMIs of this account with a name.
    Named(String),
    /// AMIs of this account that use a snapshot.
    OfSnapshot(String),
}

/// A block of a snapshot, and the token by which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRef {
    /// Its number.
    pub index: u32,
    /// The token.
    pub token: String,
}

/// A block's bytes for one attempt at putting it, with the permit that counts them among the blocks in memory.
pub struct BlockLease {
    /// Its bytes.
    pub bytes: Bytes,
    /// Dropped when the attempt is over, which frees the permit.
    pub permit: Box<dyn std::any::Any + Send>,
}

impl std::fmt::Debug for BlockLease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockLease").field("len", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl BlockLease {
    /// Bytes that need no place.
    pub fn free(bytes: Bytes) -> Self {
        Self { bytes, permit: Box::new(()) }
    }
}

/// Some blocks of a snapshot, in order.
#[derive(Clone, Debug, Default)]
pub struct BlockPage {
    /// The blocks.
    pub blocks: Vec<BlockRef>,
    /// Asks for more.
    pub next: Option<String>,
}

/// How machines that run an AMI begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootMode {
    /// With a BIOS.
    LegacyBios,
    /// With UEFI.
    Uefi,
    /// With UEFI where they have it.
    UefiPreferred,
}

impl BootMode {
    /// AWS's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::LegacyBios => "legacy-bios",
            Self::Uefi => "uefi",
            Self::UefiPreferred => "uefi-preferred",
        }
    }

    /// Reads AWS's word.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::LegacyBios, Self::Uefi, Self::UefiPreferred].into_iter().find(|m| m.name() == name)
    }
}

/// The root disk of instances: gp3, and gone with its instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// What instances call it; it comes up as an NVMe disk whatever it is called.
    pub device: String,
    /// Its size.
    pub size_gib: u64,
    /// Operations a second; otherwise AWS's default.
    pub iops: Option<u32>,
    /// MiB a second; otherwise AWS's default.
    pub throughput: Option<u32>,
    /// MiB a second at which it is filled from its snapshot; otherwise as it is read.
    pub initialization_rate: Option<u32>,
}

/// An AMI to be registered: hvm, with ENA, and one root.
#[derive(Clone, Debug)]
pub struct NewAmi {
    /// Unique in account and region.
    pub name: String,
    /// Its words for people.
    pub description: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// How it boots.
    pub boot_mode: BootMode,
    /// What its root holds.
    pub snapshot: String,
    /// Its root.
    pub root: Root,
    /// Whether instances have a TPM.
    pub has_tpm: bool,
    /// Whether instances answer metadata only to those who show a token of a session (IMDSv2).
    pub requires_imds_v2: bool,
    /// UEFI variables in AWS's form, base64.
    pub uefi_data: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// What state an AMI is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmiState {
    /// Not yet to be used.
    Pending,
    /// To be used.
    Available,
    /// Not to be used until somebody enables it.
    Disabled,
    /// Never to be used.
    Unusable,
}

/// An AMI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ami {
    /// `ami-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The account's number.
    pub owner: String,
    /// Its state.
    pub state: AmiState,
    /// Why it is in it, where AWS says.
    pub message: String,
    /// Its architecture.
    pub architecture: String,
    /// How it boots.
    pub boot_mode: String,
    /// Whether instances have a TPM.
    pub has_tpm: bool,
    /// Whether instances answer metadata only to those who show a token of a session.
    pub requires_imds_v2: bool,
    /// Its root; filling it from its snapshot is not told.
    pub root: Option<Root>,
    /// Snapshots that it uses.
    pub snapshots: Vec<String>,
    /// Its tags.
    pub tags: Tags,
    /// When it stops being listed.
    pub deprecated_at: Option<String>,
    /// Whether it is protected from being deregistered.
    pub is_protected: bool,
    /// When it was made.
    pub created_at: String,
    /// Its watermarks: `ACCOUNT:NAME`.
    pub watermarks: Vec<String>,
}

/// With whom to share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sharee {
    /// An account's number.
    Account(String),
    /// An organisation by its ARN.
    Organization(String),
    /// A unit of an organisation by its ARN.
    Unit(String),
    /// Everybody.
    All,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its value.
    pub value: String,
    /// What its value is checked for; `None` for what Imprint does not know.
    pub kind: Option<ParameterKind>,
}

/// What deleting does with a snapshot that is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhileInUse {
    /// Refuses it.
    Refuse,
    /// Waits: the caller removed its user a moment ago, which AWS takes a while to know.
    Wait,
}

/// The calls. One value calls in one target; retries, deadlines and rates are inside.
pub trait Cloud: Send + Sync + 'static {
    /// Where it calls.
    fn target(&self) -> &Target;

    /// Who calls.
    fn caller(&self) -> impl Future<Output = Result<Caller>> + Send;

    /// Regions of the account.
    fn regions(&self) -> impl Future<Output = Result<Vec<RegionState>>> + Send;

    /// What happens to new snapshots that do not say.
    fn default_encryption(&self) -> impl Future<Output = Result<DefaultEncryption>> + Send;

    /// Describes a key by its id, ARN or alias; none of that name is no error.
    fn key(&self, name: &str) -> impl Future<Output = Result<Option<Key>>> + Send;

    /// Whether AMIs may not be made public here.
    fn blocks_public_amis(&self) -> impl Future<Output = Result<bool>> + Send;

    /// Asks whether the caller may register an AMI, without doing it.
    fn may_register(&self, new: &NewAmi) -> impl Future<Output = Result<()>> + Send;

    /// Begins a snapshot, or finds the one that its token began.
    fn start_snapshot(&self, new: &NewSnapshot) -> impl Future<Output = Result<String>> + Send;

    /// Puts a block of 512 KiB; the same block may be put again. `lease` provides its bytes for one attempt at a time,
    /// so that no memory is held between attempts.
    fn put_block<F, B>(
        &self,
        snapshot: &str,
        index: u32,
        digest: &Sha256,
        lease: F,
    ) -> impl Future<Output = Result<()>> + Send
    where
        F: Fn() -> B + Send + Sync,
        B: Future<Output = std::result::Result<BlockLease, String>> + Send;

    /// Ends a snapshot's making. `digest` is that of all put blocks' digests, in order of blocks.
    fn complete_snapshot(
        &self,
        snapshot: &str,
        blocks_put: u32,
        digest: &Sha256,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Lists blocks of a completed snapshot.
    fn list_blocks(
        &self,
        snapshot: &str,
        next: Option<&str>,
    ) -> impl Future<Output = Result<BlockPage>> + Send;

    /// Reads a block, checked against the digest that comes with it.
    fn get_block(
        &self,
        snapshot: &str,
        block: &BlockRef,
    ) -> impl Future<Output = Result<Bytes>> + Send;

    /// Finds snapshots.
    fn snapshots(
        &self,
        query: &SnapshotQuery,
    ) -> impl Future<Output = Result<Vec<Snapshot>>> + Send;

    /// Deletes a snapshot; one that is gone is no error.
    fn delete_snapshot(
        &self,
        snapshot: &str,
        while_in_use: WhileInUse,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Lets accounts make volumes of a snapshot, however many they are.
    fn share_snapshot(
        &self,
        snapshot: &str,
        accounts: &[String],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Registers an AMI.
    fn register(&self, new: &NewAmi) -> impl Future<Output = Result<String>> + Send;

    /// Finds AMIs, deprecated and disabled ones among them.
    fn amis(&self, query: &AmiQuery) -> impl Future<Output = Result<Vec<Ami>>> + Send;

    /// Deregisters an AMI; one that is gone is no error.
    fn deregister(&self, ami: &str) -> impl Future<Output = Result<()>> + Send;

    /// Lets others launch an AMI, however many they are.
    fn share_ami(&self, ami: &str, with: &[Sharee]) -> impl Future<Output = Result<()>> + Send;

    /// Attaches a watermark to an AMI: `ACCOUNT:NAME`, which copies of it have, too.
    fn watermark_ami(&self, ami: &str, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Sets when an AMI is deprecated: RFC 3339, whole minutes.
    fn deprecate_ami(&self, ami: &str, at: &str) -> impl Future<Output = Result<()>> + Send;

    /// Protects an AMI from being deregistered, or no longer.
    fn protect_ami(&self, ami: &str, is_protected: bool)
    -> impl Future<Output = Result<()>> + Send;

    /// Sets a parameter.
    fn put_parameter(
        &self,
        name: &str,
        value: &str,
        kind: ParameterKind,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Deletes a parameter; one that is gone is no error.
    fn delete_parameter(&self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Reads a parameter; none is no error.
    fn parameter(&self, name: &str) -> impl Future<Output = Result<Option<Parameter>>> + Send;
}
