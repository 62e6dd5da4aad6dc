//! What a publisher is asked for: the same in all targets of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// What was asked for, the same in all targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishOptions {
    /// The AMI's name.
    pub ami_name: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// How it boots: AWS's word; nothing for a disk that does not.
    pub boot_mode: String,
    /// Whether it need not boot.
    pub no_boot: bool,
    /// Tags of snapshot and AMI.
    pub tags: Tags,
    /// The key to encrypt with instead of the account's default.
    pub kms_key: Option<String>,
    /// Whether snapshots may do without encryption where the account lets them.
    pub may_be_plain: bool,
    /// With which accounts and organisations to share.
    pub share: Vec<String>,
    /// Whether everybody may launch AMIs.
    #[serde(default)]
    pub public: bool,
    /// The watermark that AMIs get.
    #[serde(default)]
    pub watermark: Option<String>,
    /// When AMIs are deprecated: RFC 3339.
    pub deprecate_at: Option<String>,
    /// Whether AMIs are protected from being deregistered.
    #[serde(default)]
    pub protect: bool,
    /// The parameter that is pointed to the AMI, in each account and region.
    #[serde(default)]
    pub parameter: Option<String>,
    /// What the parameter's value is checked for.
    #[serde(default = "checked")]
    pub parameter_kind: ParameterKind,
    /// What AMIs are asked to be beside.
    #[serde(default)]
    pub ami: AmiOptions,
    /// Whether every block is read back, or some.
    pub prove_all: bool,
}

/// What parameters of earlier versions' runs are.
fn checked() -> ParameterKind {
    ParameterKind::Ami
}

/// Whether instances have a TPM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tpm {
    /// Where the machine boots with UEFI alone and most instance types of its processor have one: not on arm64.
    #[default]
    Auto,
    /// In any case.
    On,
    /// In no case.
    Off,
}

/// Which metadata service instances have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imds {
    /// Version 2 alone.
    #[default]
    Required,
    /// Version 1, too: old cloud-init knows no other.
    Optional,
}

/// What AMIs are asked to be. The defaults are what runs of earlier versions asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmiOptions {
    /// The root's size, where it is to be larger than the snapshot.
    pub volume_gib: Option<u64>,
    /// The root's operations a second.
    pub iops: Option<u32>,
    /// The root's MiB a second.
    pub throughput: Option<u32>,
    /// MiB a second at which the root is filled from its snapshot.
    pub initialization_rate: Option<u32>,
    /// Whether instances have a TPM.
    pub tpm: Tpm,
    /// Which metadata service they have.
    pub imds: Imds,
    /// How they boot, where it is to be otherwise than the image says.
    pub boot_mode: Option<String>,
    /// What they call their root.
    pub root_device: Option<String>,
    /// Their UEFI variables, base64.
    pub uefi_data: Option<String>,
}

/// What a parameter's value is checked for. AWS never changes it once a parameter is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// Nothing.
    Text,
    /// That it is an AMI's id, after the answer.
    Ami,
}

impl ParameterKind {
    /// AWS's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Ami => "aws:ec2:image",
        }
    }
}
