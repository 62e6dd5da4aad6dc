//! Options of a publish: the same in all targets of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tags of AWS resources, by key.
pub type Tags = BTreeMap<String, String>;

/// Options of a publish, the same in all targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishOptions {
    /// Name of the AMI in each target: 3 to 128 characters, without placeholders.
    pub ami_name: String,
    /// EC2's name of the architecture: `x86_64` or `arm64`.
    pub architecture: String,
    /// EC2's name of the boot mode; empty for a disk that does not boot.
    pub boot_mode: String,
    /// Publish even a disk that cannot boot.
    pub no_boot: bool,
    /// Tags of snapshots and AMIs: the user's, and our own such as `imprint:run`.
    pub tags: Tags,
    /// Key that encrypts snapshots; `None` for the account's default.
    pub kms_key: Option<String>,
    /// Allow unencrypted snapshots in an account that does not encrypt by default.
    pub may_be_plain: bool,
    /// Accounts and organisations to share AMIs with; snapshots are shared with the accounts alone.
    pub share: Vec<String>,
    /// Let everybody launch the AMIs.
    #[serde(default)]
    pub public: bool,
    /// Name of the watermark to attach to AMIs; `None` for no watermark.
    #[serde(default)]
    pub watermark: Option<String>,
    /// Time at which AMIs become deprecated, RFC 3339.
    pub deprecate_at: Option<String>,
    /// Protect the AMIs from being deregistered.
    #[serde(default)]
    pub protect: bool,
    /// Name of the SSM parameter to point to the AMI, in each account and region.
    #[serde(default)]
    pub parameter: Option<String>,
    /// Tells how AWS checks the value of the parameter.
    #[serde(default = "checked")]
    pub parameter_kind: ParameterKind,
    /// Further properties of the AMIs.
    #[serde(default)]
    pub ami: AmiOptions,
    /// Read back every block as proof, instead of a sample.
    pub prove_all: bool,
}

/// Returns the kind of the parameter in runs of earlier versions. Their records do not name a kind.
fn checked() -> ParameterKind {
    ParameterKind::Ami
}

/// Choice of a TPM for instances of the AMI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tpm {
    /// A TPM if the disk is for x86_64 and boots with UEFI only. Most instance types of arm64 offer no TPM.
    #[default]
    Auto,
    /// A TPM. If the boot mode is known and is not `uefi`, the publish is refused.
    On,
    /// No TPM, even if the disk boots with UEFI only.
    Off,
}

/// The instance metadata service that instances of the AMI get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imds {
    /// Version 2 only.
    #[default]
    Required,
    /// Versions 1 and 2: old versions of cloud-init know only version 1.
    Optional,
}

/// Properties of AMIs. The defaults equal the behavior of earlier versions, whose records lack these properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmiOptions {
    /// Size of the root volume in GiB, if larger than the snapshot.
    pub volume_gib: Option<u64>,
    /// Provisioned I/O operations per second of the root volume.
    pub iops: Option<u32>,
    /// Throughput of the root volume in MiB/s.
    pub throughput: Option<u32>,
    /// Rate in MiB/s at which AWS fills the root volume from its snapshot.
    pub initialization_rate: Option<u32>,
    /// Whether instances get a TPM.
    pub tpm: Tpm,
    /// Versions of the metadata service that instances get.
    pub imds: Imds,
    /// EC2's name of the boot mode, if it must differ from the image's.
    pub boot_mode: Option<String>,
    /// Device name of the root volume; `None` for `/dev/xvda`.
    pub root_device: Option<String>,
    /// UEFI variables, in base64; refused for the boot mode `legacy-bios`.
    pub uefi_data: Option<String>,
}

/// Tells how AWS checks a parameter's value. The choice is fixed when the parameter is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// AWS takes any value.
    Text,
    /// AWS checks that the value is the id of an AMI. The check ends only after AWS has answered the request.
    Ami,
}

impl ParameterKind {
    /// Returns AWS's name: the parameter's data type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Ami => "aws:ec2:image",
        }
    }
}
