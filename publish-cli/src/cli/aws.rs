//! What of the command line is about AWS.

use std::path::PathBuf;
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
    found.ok_or_else(|| "text or aws:ec2:image".to_owned())
}

fn parse_tpm(text: &str) -> Result<Tpm, String> {
    match text {
        "auto" => Ok(Tpm::Auto),
        "on" => Ok(Tpm::On),
        "off" => Ok(Tpm::Off),
        _ => Err("auto, on or off".to_owned()),
    }
}

fn parse_imds(text: &str) -> Result<Imds, String> {
    match text {
        "required" => Ok(Imds::Required),
        "optional" => Ok(Imds::Optional),
        _ => Err("required or optional".to_owned()),
    }
}

/// A size of whole GiB, as volumes have.
fn parse_gib(text: &str) -> Result<u64, String> {
    let size = parse_size(text).map_err(|error| error.to_string())?;
    let is_whole = size % (1 << 30) == 0 && (1..=65_536).contains(&(size >> 30));
    is_whole.then_some(size >> 30).ok_or_else(|| "whole GiB, from 1GiB to 65536GiB".to_owned())
}

fn parse_ami(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("ami-").unwrap_or_default();
    let is_id = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id
        .then(|| text.to_owned())
        .ok_or_else(|| "an AMI's id, such as ami-0123456789abcdef0".to_owned())
}

/// *Source:* the names that EC2's documentation lists for Linux.
fn parse_device(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("/dev/").unwrap_or_default();
    let stem = name.strip_prefix("xvd").or_else(|| name.strip_prefix("sd")).unwrap_or_default();
    let is_one =
        (1..=3).contains(&stem.len()) && stem.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (is_one && is_plain)
        .then(|| text.to_owned())
        .ok_or_else(|| "as /dev/xvda or /dev/sda1".to_owned())
}

/// Arguments of `publish --via direct`.
#[derive(Debug, Args)]
pub struct PublishAwsArgs {
    /// Where to publish: each a name or *; @GROUP for a list of the configuration.
    #[arg(long = "target", value_name = "ACCOUNT/REGION")]
    pub targets: Vec<String>,
    /// The same in one argument: account,region;account,region
    #[arg(long = "targets", value_name = "LIST")]
    pub target_list: Option<String>,
    /// Where not to.
    #[arg(long, value_name = "ACCOUNT/REGION")]
    pub skip_target: Vec<String>,
    /// AMIs' name: {image}, {stream}, {leaf}, {arch} and {run} stand for themselves; otherwise the image's name.
    #[arg(long, value_name = "TEMPLATE")]
    pub ami_name: Option<String>,
    /// A tag of snapshots and AMIs.
    #[arg(long = "tag", value_parser = parse_tag, value_name = "K=V")]
    pub tags: Vec<(String, String)>,
    /// The key to encrypt with, instead of each account's default.
    #[arg(long, value_name = "KEY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub kms_key: Option<String>,
    /// Do without encryption where the account lets us: zeros need not be put then.
    #[arg(long, conflicts_with = "kms_key")]
    pub unencrypted: bool,
    /// An account's number or an organisation's ARN to share AMIs with.
    #[arg(long, value_name = "ACCOUNT|ORG")]
    pub share: Vec<String>,
    /// Let everybody launch AMIs: unencrypted ones alone, and of images without a finding of a secret.
    #[arg(long, requires_all = ["unencrypted", "yes"], conflicts_with = "watermark")]
    pub public: bool,
    /// Confirm --public.
    #[arg(long, requires = "public")]
    pub yes: bool,
    /// A watermark for AMIs, by which other accounts may allow them; the same may stand in it as in --ami-name.
    #[arg(long, value_name = "TEMPLATE")]
    pub watermark: Option<String>,
    /// When AMIs are deprecated.
    #[arg(long, value_parser = parse_duration, value_name = "DUR")]
    pub expires_in: Option<Duration>,
    /// Protect AMIs from being deregistered.
    #[arg(long)]
    pub protect: bool,
    /// A parameter to point to the AMI in each account and region; the same may stand in it as in --ami-name.
    #[arg(long, value_name = "TEMPLATE")]
    pub ssm_parameter: Option<String>,
    /// What AWS checks the parameter's value for; what is there already cannot be changed.
    #[arg(long, default_value = "aws:ec2:image", value_parser = parse_parameter_kind, value_name = "text|aws:ec2:image")]
    pub ssm_type: ParameterKind,
    /// The root's size, where it is to be larger than the disk: nothing more is uploaded.
    #[arg(long, value_name = "SIZE", value_parser = parse_gib)]
    pub volume_size: Option<u64>,
    /// The root's operations a second (gp3).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3000..=80_000))]
    pub iops: Option<u32>,
    /// The root's MiB a second (gp3).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(125..=2000))]
    pub throughput: Option<u32>,
    /// MiB a second at which the root is filled from its snapshot; otherwise as it is read.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=300))]
    pub initialization_rate: Option<u32>,
    /// Whether instances have a TPM; auto: where they boot with UEFI alone, but not on arm64, where few have one.
    #[arg(long, default_value = "auto", value_parser = parse_tpm, value_name = "auto|on|off")]
    pub tpm: Tpm,
    /// Whether instances' metadata service takes version 2 alone.
    #[arg(long, default_value = "required", value_parser = parse_imds, value_name = "required|optional")]
    pub imds: Imds,
    /// How instances boot, where it is to be otherwise than the image says.
    #[arg(long, value_parser = ["legacy-bios", "uefi", "uefi-preferred"], value_name = "MODE")]
    pub boot_mode: Option<String>,
    /// What instances call their root.
    #[arg(long, value_parser = parse_device, value_name = "/dev/NAME")]
    pub root_device: Option<String>,
    /// UEFI variables (keys of Secure Boot among them), in AWS's form: base64.
    #[arg(long, value_name = "FILE")]
    pub uefi_data: Option<PathBuf>,
    /// Write the signed statement of what went where here: in-toto in a DSSE envelope.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// How many blocks are read back and compared.
    #[arg(long, default_value = "sampled", value_parser = ["sampled", "all"])]
    pub prove: String,
    /// Blocks under way in all targets together, at most: how many the link carries is learned.
    #[arg(long, default_value_t = 1024, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8192))]
    pub concurrency: u16,
    /// Where the disk is put together; it needs room for the volume's data.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    #[arg(long)]
    pub steal: bool,
}

impl PublishAwsArgs {
    /// The first option that was given and says something of AMIs alone.
    pub fn of_amis(&self) -> Option<&'static str> {
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

/// `publish-cli runs …`.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List publish runs, the latest first.
    List {
        /// Of one stream.
        stream: Option<StreamName>,
    },
    /// Show a run: its targets, what each has come to.
    Show {
        /// The run's id.
        run: String,
    },
    /// Go on with a run that was broken off, from wherever it was.
    Resume(ResumeArgs),
    /// Remove everything that a run made.
    Undo {
        /// The run's id.
        run: String,
        /// Without asking.
        #[arg(long)]
        yes: bool,
        /// Take the stream over from another publisher.
        #[arg(long)]
        steal: bool,
    },
}

/// Arguments of `runs resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// The run's id.
    pub run: String,
    /// Write the result here too, as JSON.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Write the signed statement of what went where here.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// Blocks under way in all targets together, at most.
    #[arg(long, default_value_t = 1024, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8192))]
    pub concurrency: u16,
    /// Where the disk is put together.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    #[arg(long)]
    pub steal: bool,
}

/// `publish-cli selftest …`.
#[derive(Debug, Subcommand)]
pub enum SelftestCommand {
    /// Make three snapshots of 1 GiB and three AMIs, and remove them: against AWS, or a simulator.
    #[command(after_help = "Example:\n  publish-cli selftest aws --target dev/eu-central-1")]
    Aws {
        /// Where.
        #[arg(long, value_name = "ACCOUNT/REGION")]
        target: String,
    },
}

/// `publish-cli targets …`.
#[derive(Debug, Subcommand)]
pub enum TargetsCommand {
    /// List targets: who calls there, and which regions are not opted in.
    List {
        /// Which; by default all of the configuration.
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
    },
    /// Print the IAM policy that the accounts' publishing roles need: minimal, for the configuration's keys.
    #[command(
        after_help = "Example:\n  publish-cli targets policy >policy.json\n  aws iam put-role-policy --role-name imprint-publisher --policy-name imprint --policy-document file://policy.json"
    )]
    Policy {
        /// Of one account of the configuration, with its keys alone.
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<AccountName>,
        /// Of another partition than that of the configuration's region.
        #[arg(long, value_parser = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"], value_name = "aws|aws-cn|aws-us-gov|aws-eusc|…")]
        partition: Option<String>,
        /// The policy of the identity that assumes those roles.
        #[arg(long)]
        caller: bool,
    },
}

/// `publish-cli amis …`.
#[derive(Debug, Subcommand)]
pub enum AmisCommand {
    /// List AMIs that were published from here, of one stream or of all, the oldest first.
    List {
        /// Of one stream.
        stream: Option<StreamName>,
        /// Where; by default everywhere in the configuration.
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
    },
    /// Read an AMI's blocks back, compare them with what was published, and say which image it is.
    Verify {
        /// The AMI's id.
        #[arg(value_parser = parse_ami)]
        ami: String,
        /// Where it may be; by default everywhere in the configuration.
        #[arg(long = "target", value_name = "ACCOUNT/REGION")]
        targets: Vec<String>,
        /// How many blocks are read.
        #[arg(long, default_value = "all", value_parser = ["sampled", "all"])]
        prove: String,
        /// The stream that it is of, where its tags do not say.
        #[arg(long)]
        stream: Option<StreamName>,
    },
    /// Show what is in an AMI, or a snapshot, as files: the disk and its partitions, read when they are.
    #[command(
        after_help = "Example:\n  publish-cli amis mount ami-0123456789abcdef0 /mnt/ami --target prod/eu-central-1\n  mount -o ro,loop,noload /mnt/ami/partition-3.raw /mnt/root"
    )]
    Mount(MountAmiArgs),
}

/// Arguments of `amis mount`.
#[derive(Debug, Args)]
pub struct MountAmiArgs {
    /// `ami-…`, or `snap-…`.
    #[arg(value_name = "AMI|SNAPSHOT")]
    pub id: String,
    /// An empty folder.
    pub mountpoint: PathBuf,
    /// Where it is.
    #[arg(long, value_name = "ACCOUNT/REGION")]
    pub target: String,
    /// Let other users look, too: root, whose `mount -o loop` reads a partition.
    #[arg(long)]
    pub allow_other: bool,
}
