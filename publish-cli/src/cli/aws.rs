//! What of the command line is about AWS.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use wire::name::StreamName;
use wire::units::parse_duration;

use super::parse_tag;

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
    /// AMIs' name: {image}, {stream}, {leaf}, {arch} and {run} stand for themselves.
    #[arg(long, default_value = "{image}", value_name = "TEMPLATE")]
    pub ami_name: String,
    /// A tag of snapshots and AMIs.
    #[arg(long = "tag", value_parser = parse_tag, value_name = "K=V")]
    pub tags: Vec<(String, String)>,
    /// The key to encrypt with, instead of each account's default.
    #[arg(long, value_name = "KEY")]
    pub kms_key: Option<String>,
    /// Do without encryption where the account lets us: zeros need not be put then.
    #[arg(long, conflicts_with = "kms_key")]
    pub unencrypted: bool,
    /// An account's number or an organisation's ARN to share AMIs with.
    #[arg(long, value_name = "ACCOUNT|ORG")]
    pub share: Vec<String>,
    /// When AMIs are deprecated.
    #[arg(long, value_parser = parse_duration, value_name = "DUR")]
    pub expires_in: Option<Duration>,
    /// Protect AMIs from being deregistered.
    #[arg(long)]
    pub protect: bool,
    /// A parameter to point to the AMI in each account and region; the same may stand in it as in --ami-name.
    #[arg(long, value_name = "TEMPLATE")]
    pub ssm_parameter: Option<String>,
    /// Write the signed statement of what went where here: in-toto in a DSSE envelope.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// How many blocks are read back and compared.
    #[arg(long, default_value = "sampled", value_parser = ["sampled", "all"])]
    pub prove: String,
    /// Blocks under way in all targets together.
    #[arg(long, default_value_t = 1024, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8192))]
    pub concurrency: u16,
    /// Where the disk is put together; it needs room for the volume's data.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    #[arg(long)]
    pub steal: bool,
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
    Resume {
        /// The run's id.
        run: String,
        /// Where the disk is put together.
        #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
        work_dir: PathBuf,
        /// Take the stream over from whoever holds it.
        #[arg(long)]
        steal: bool,
    },
    /// Remove everything that a run made.
    Undo {
        /// The run's id.
        run: String,
        /// Without asking.
        #[arg(long)]
        yes: bool,
        /// Take the stream over from whoever holds it.
        #[arg(long)]
        steal: bool,
    },
}

/// `publish-cli selftest …`.
#[derive(Debug, Subcommand)]
pub enum SelftestCommand {
    /// Make two snapshots of 1 GiB and an AMI, and remove them: against AWS, or a simulator.
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
}
