//! Arguments of commands on AWS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use wire::name::StreamName;
use wire::run::{Imds, ParameterKind, Tpm};
use wire::target::AccountName;
use wire::units::{parse_duration, parse_size};

use super::parse_tag;

fn parse_parameter_kind(text: &str) -> Result<ParameterKind, String> {
    let kinds = [ParameterKind::Text, ParameterKind::Ami];
    let found = kinds.into_iter().find(|kind| kind.name() == text);
    found.ok_or_else(|| "expected text or aws:ec2:image".to_owned())
}

fn parse_tpm(text: &str) -> Result<Tpm, String> {
    match text {
        "auto" => Ok(Tpm::Auto),
        "on" => Ok(Tpm::On),
        "off" => Ok(Tpm::Off),
        _ => Err("expected auto, on or off".to_owned()),
    }
}

fn parse_imds(text: &str) -> Result<Imds, String> {
    match text {
        "required" => Ok(Imds::Required),
        "optional" => Ok(Imds::Optional),
        _ => Err("expected required or optional".to_owned()),
    }
}

/// Parses a volume size, which AWS takes in whole GiB; returns GiB.
fn parse_gib(text: &str) -> Result<u64, String> {
    let size = parse_size(text).map_err(|error| error.to_string())?;
    let is_whole = size % (1 << 30) == 0 && (1..=65_536).contains(&(size >> 30));
    is_whole
        .then_some(size >> 30)
        .ok_or_else(|| "expected whole GiB, from 1GiB to 65536GiB".to_owned())
}

fn parse_ami(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("ami-").unwrap_or_default();
    let is_id = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id
        .then(|| text.to_owned())
        .ok_or_else(|| "expected an AMI's id, such as ami-0123456789abcdef0".to_owned())
}

/// Defaults of options that apply to AMIs only. `publish --out` refuses these options if they have other values.
const PROVE: &str = "sampled";
const CONCURRENCY: u16 = 1024;
const WORK_DIR: &str = "/var/tmp";

/// Parses a device name. *Source:* the device names that EC2's documentation lists for Linux.
fn parse_device(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("/dev/").unwrap_or_default();
    let stem = name.strip_prefix("xvd").or_else(|| name.strip_prefix("sd")).unwrap_or_default();
    let has_length =
        (1..=3).contains(&stem.len()) && stem.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (has_length && is_plain)
        .then(|| text.to_owned())
        .ok_or_else(|| "must be a device such as /dev/xvda or /dev/sda1".to_owned())
}

/// Arguments of `publish --via direct`.
#[derive(Debug, Args)]
pub struct PublishAwsArgs {
    /// Target to publish to; may be repeated. Each part can be `*`. `@GROUP` means a list of targets in the
    /// configuration.
    #[arg(long = "target", value_name = "ACCOUNT/REGION")]
    pub targets: Vec<String>,
    /// Targets in one argument: account,region;account,region.
    #[arg(long = "targets", value_name = "LIST")]
    pub target_list: Option<String>,
    /// Target to leave out; may be repeated. Each part can be `*`.
    #[arg(long, value_name = "ACCOUNT/REGION")]
    pub skip_target: Vec<String>,
    /// Name for the AMIs; {image}, {stream}, {leaf}, {arch} and {run} are replaced (default: the image's name).
    #[arg(long, value_name = "TEMPLATE")]
    pub ami_name: Option<String>,
    /// Tag for snapshots and AMIs; may be repeated.
    #[arg(long = "tag", value_parser = parse_tag, value_name = "K=V")]
    pub tags: Vec<(String, String)>,
    /// KMS key to encrypt with, instead of each account's default.
    #[arg(long, value_name = "KEY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub kms_key: Option<String>,
    /// Create unencrypted snapshots if the account allows it; zero blocks are then not uploaded.
    #[arg(long, conflicts_with = "kms_key")]
    pub unencrypted: bool,
    /// Account number or organisation ARN to share the AMIs with; may be repeated.
    #[arg(long, value_name = "ACCOUNT|ORG")]
    pub share: Vec<String>,
    /// Let everybody launch the AMIs; requires --unencrypted, and an image without findings of secrets.
    #[arg(long, requires_all = ["unencrypted", "yes"], conflicts_with = "watermark")]
    pub public: bool,
    /// Confirm that everybody may launch the AMIs (--public).
    #[arg(long, requires = "public")]
    pub yes: bool,
    /// Watermark for the AMIs, by which other accounts can allow them; placeholders as in --ami-name.
    #[arg(long, value_name = "TEMPLATE")]
    pub watermark: Option<String>,
    /// Deprecate the AMIs after this time.
    #[arg(long, value_parser = parse_duration, value_name = "DUR")]
    pub expires_in: Option<Duration>,
    /// Protect the AMIs from being deregistered.
    #[arg(long)]
    pub protect: bool,
    /// SSM parameter to set to the AMI's id in each account and region; placeholders as in --ami-name.
    #[arg(long, value_name = "TEMPLATE")]
    pub ssm_parameter: Option<String>,
    /// Type of the SSM parameter; AWS checks the value against it. An existing parameter keeps its type.
    #[arg(long, default_value = "aws:ec2:image", value_parser = parse_parameter_kind, value_name = "text|aws:ec2:image",
        requires = "ssm_parameter")]
    pub ssm_type: ParameterKind,
    /// Size of the root volume, if it must be larger than the disk image; the additional space is not uploaded.
    #[arg(long, value_name = "SIZE", value_parser = parse_gib)]
    pub volume_size: Option<u64>,
    /// IOPS of the root volume (gp3).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3000..=80_000))]
    pub iops: Option<u32>,
    /// Throughput of the root volume in MiB/s (gp3).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(125..=2000))]
    pub throughput: Option<u32>,
    /// Rate in MiB/s at which AWS fills the root volume from its snapshot; without it, blocks load on first read.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=300))]
    pub initialization_rate: Option<u32>,
    /// Whether instances have a TPM; auto means on for images that boot with UEFI only, except on arm64, where few
    /// instance types have one.
    #[arg(long, default_value = "auto", value_parser = parse_tpm, value_name = "auto|on|off")]
    pub tpm: Tpm,
    /// Whether instances must use version 2 of the metadata service.
    #[arg(long, default_value = "required", value_parser = parse_imds, value_name = "required|optional")]
    pub imds: Imds,
    /// Boot mode of instances, instead of the image's.
    #[arg(long, value_parser = ["legacy-bios", "uefi", "uefi-preferred"], value_name = "MODE")]
    pub boot_mode: Option<String>,
    /// Device name of the root volume, instead of /dev/xvda.
    #[arg(long, value_parser = parse_device, value_name = "/dev/NAME")]
    pub root_device: Option<String>,
    /// File with UEFI variables, such as Secure Boot keys, in AWS's base64 format.
    #[arg(long, value_name = "FILE")]
    pub uefi_data: Option<PathBuf>,
    /// File for a signed statement that names each AMI and its content: in-toto in a DSSE envelope.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// Blocks to read back and compare after the upload: a sample, or all.
    #[arg(long, default_value = PROVE, value_parser = [PROVE, "all"])]
    pub prove: String,
    /// Upper limit on blocks in flight in all targets together; the actual number adapts to the link.
    #[arg(long, default_value_t = CONCURRENCY, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8192))]
    pub concurrency: u16,
    /// Folder to assemble the disk in; needs space for the volume's data.
    #[arg(long, value_name = "DIR", default_value = WORK_DIR)]
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    #[arg(long)]
    pub steal: bool,
}

impl PublishAwsArgs {
    /// Returns the first given option that applies to AMIs only.
    pub fn ami_option(&self) -> Option<&'static str> {
        let given = [
            (!self.skip_target.is_empty(), "--skip-target"),
            (self.ami_name.is_some(), "--ami-name"),
            (!self.tags.is_empty(), "--tag"),
            (self.kms_key.is_some(), "--kms-key"),
            (self.unencrypted, "--unencrypted"),
            (!self.share.is_empty(), "--share"),
            (self.public, "--public"),
            (self.watermark.is_some(), "--watermark"),
            (self.expires_in.is_some(), "--expires-in"),
            (self.protect, "--protect"),
            (self.ssm_parameter.is_some(), "--ssm-parameter"),
            (self.prove != PROVE, "--prove"),
            (self.concurrency != CONCURRENCY, "--concurrency"),
            (self.work_dir != Path::new(WORK_DIR), "--work-dir"),
            (self.volume_size.is_some(), "--volume-size"),
            (self.iops.is_some(), "--iops"),
            (self.throughput.is_some(), "--throughput"),
            (self.initialization_rate.is_some(), "--initialization-rate"),
            (self.tpm != Tpm::Auto, "--tpm"),
            (self.imds != Imds::Required, "--imds"),
            (self.boot_mode.is_some(), "--boot-mode"),
            (self.root_device.is_some(), "--root-device"),
            (self.uefi_data.is_some(), "--uefi-data"),
            (self.attestation.is_some(), "--attestation"),
        ];
        given.into_iter().find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// Subcommands of `publish-cli runs`.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List publish runs, the latest first.
    List {
        /// List only runs of this stream.
        stream: Option<StreamName>,
    },
    /// Show a run and the state of its targets.
    Show {
        /// Id of the run, as `runs list` shows it.
        run: String,
    },
    /// Continue an interrupted run from where it stopped.
    Resume(ResumeArgs),
    /// Remove everything that a run made.
    Undo {
        /// Id of the run, as `runs list` shows it.
        run: String,
        /// Confirm the removal; without this option, the command only shows what the run made.
        #[arg(long)]
        yes: bool,
        /// Take the stream over from another publisher.
        #[arg(long)]
        steal: bool,
    },
}

/// Arguments of `runs resume`; the run's record has the options of its AMIs.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Id of the run, as `runs list` shows it.
    pub run: String,
    /// Also write the results to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// File for a signed statement that names each AMI and its content.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// Upper limit on blocks in flight in all targets together.
    #[arg(long, default_value_t = CONCURRENCY, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8192))]
    pub concurrency: u16,
    /// Folder to assemble the disk in; needs space for the volume's data.
    #[arg(long, value_name = "DIR", default_value = WORK_DIR)]
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    #[arg(long)]
    pub steal: bool,
}

/// Subcommands of `publish-cli selftest`.
#[derive(Debug, Subcommand)]
pub enum SelftestCommand {
    /// Test AWS, or a simulator, by making and removing three snapshots of 1 GiB and four AMIs.
    #[command(after_help = "Example:\n  publish-cli selftest aws --target dev/eu-central-1")]
    Aws {
        /// Account and region to test in.
        #[arg(long, value_name = "ACCOUNT/REGION")]
        target: String,
    },
}

/// Subcommands of `publish-cli targets`.
#[derive(Debug, Subcommand)]
pub enum TargetsCommand {
    /// List targets with the identity that calls AWS there, and regions that are not opted in.
    List {
        /// Targets to list; each part can be `*` (default: all of the configuration).
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
    },
    /// Print the minimal IAM policy for the accounts' publishing roles and the configuration's keys.
    #[command(
        after_help = "Example:\n  publish-cli targets policy >policy.json\n  aws iam put-role-policy --role-name imprint-publisher --policy-name imprint --policy-document file://policy.json"
    )]
    Policy {
        /// Print the policy for one account of the configuration, with only that account's keys.
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<AccountName>,
        /// AWS partition of the policy (default: the partition of the configuration's region).
        #[arg(long, value_parser = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"], value_name = "aws|aws-cn|aws-us-gov|aws-eusc|…")]
        partition: Option<String>,
        /// Print the policy of the identity that assumes the publishing roles, instead of the roles' policy.
        #[arg(long)]
        caller: bool,
    },
}

/// Subcommands of `publish-cli amis`.
#[derive(Debug, Subcommand)]
pub enum AmisCommand {
    /// List the AMIs that were published with Imprint, the oldest first.
    List {
        /// List only AMIs of this stream.
        stream: Option<StreamName>,
        /// Targets to list; each part can be `*` (default: all of the configuration).
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
    },
    /// Read an AMI's blocks back, compare them with what was published, and name its image.
    Verify {
        /// Id of the AMI, as `amis list` shows it.
        #[arg(value_parser = parse_ami)]
        ami: String,
        /// Targets to look in; each part can be `*` (default: all of the configuration).
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
        /// Blocks to read: a sample, or all.
        #[arg(long, default_value = "all", value_parser = ["sampled", "all"])]
        prove: String,
        /// Stream of the AMI, if its tags do not name it.
        #[arg(long)]
        stream: Option<StreamName>,
    },
    /// Mount an AMI or a snapshot: its disk and partitions as files, fetched as they are read.
    #[command(
        after_help = "Example:\n  publish-cli amis mount ami-0123456789abcdef0 /mnt/ami --target prod/eu-central-1\n  mount -o ro,loop,noload /mnt/ami/partition-3.raw /mnt/root"
    )]
    Mount(MountAmiArgs),
}

/// Arguments of `amis mount`.
#[derive(Debug, Args)]
pub struct MountAmiArgs {
    /// AMI (`ami-…`) or snapshot (`snap-…`) to mount.
    #[arg(value_name = "AMI|SNAPSHOT")]
    pub id: String,
    /// Empty folder to mount on.
    pub mountpoint: PathBuf,
    /// Account and region that hold the AMI or snapshot.
    #[arg(long, value_name = "ACCOUNT/REGION")]
    pub target: String,
    /// Let other users read the mount: root needs this for `mount -o loop` of a partition.
    #[arg(long)]
    pub allow_other: bool,
}
