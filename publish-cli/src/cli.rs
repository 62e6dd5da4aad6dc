//! What can be said on the command line.

mod aws;
pub mod examples;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use store::ingest::oci::Platform;
use wire::Architecture;
use wire::name::{ImageName, StreamName};
use wire::units::{parse_duration, parse_size};

pub use aws::{
    AmisCommand, MountAmiArgs, PublishAwsArgs, ResumeArgs, RunsCommand, SelftestCommand,
    TargetsCommand,
};

/// Publishes machine images with Imprint.
#[derive(Debug, Parser)]
#[command(name = "publish-cli", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 2 wrong usage, 3 not found, 4 refused, 5 damaged or different, 6 unavailable, 7 some targets failed, 130 interrupted, 1 anything else.\n\nTry `publish-cli quickstart` for the whole main job on this machine."
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The image server.
    #[arg(long, global = true, env = "IMPRINT_IMAGED", value_name = "HOST:PORT")]
    pub imaged: Option<String>,
    /// The storage daemon.
    #[arg(long, global = true, env = "IMPRINT_UNPACKD", value_name = "HOST:PORT")]
    pub unpackd: Option<String>,
    /// Folder with ca.pem, cert.pem and key.pem.
    #[arg(long, global = true, env = "IMPRINT_TLS_DIR", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Configuration file; otherwise ~/.config/imprint/config.toml, then /etc/imprint/config.toml.
    #[arg(long, global = true, env = "IMPRINT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print one JSON document on standard output and nothing else there.
    #[arg(long, global = true)]
    pub json: bool,
    /// Write events as NDJSON to a file, or to standard output with -.
    #[arg(long, global = true, value_name = "FILE|-")]
    pub events: Option<PathBuf>,
    /// When to show progress.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    pub progress: When,
    /// When to use colours, in help and errors; with NO_COLOR in the environment never by itself.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Say more: each attempt that failed and is made again, and limits that were cut.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say only what went wrong.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// When to do something that suits a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal; plain lines elsewhere.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl When {
    /// Whether colours are used on a stream.
    pub fn is_coloured(self, is_terminal: bool) -> bool {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Self::Auto => is_terminal && !is_unwanted,
            Self::Always => true,
            Self::Never => false,
        }
    }

    /// Reads from arguments when to use colours: help is written, and wrong arguments are told, before they are parsed.
    pub fn of_colours(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let value = arguments.iter().enumerate().find_map(|(at, argument)| {
            let argument = argument.to_str()?;
            match argument.strip_prefix("--color=") {
                Some(value) => Some(value),
                None if argument == "--color" => arguments.get(at + 1)?.to_str(),
                None => None,
            }
        });
        value.and_then(|value| Self::from_str(value, false).ok()).unwrap_or(Self::Auto)
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Images on an imaged.
    #[command(subcommand)]
    Image(ImageCommand),
    /// Volumes of an unpackd.
    #[command(subcommand)]
    Unpacker(UnpackerCommand),
    /// Publish an image.
    #[command(
        after_help = "Examples:\n  publish-cli publish base/debian-12/1 --via local --out /srv/images\n  publish-cli publish base/debian-12@latest --via local --out . --format qcow2\n  publish-cli publish base/debian-12/2 --from ./rootfs --via local --out .\n  publish-cli publish base/debian-12/2 --via direct --target 'prod/*' --target dev/eu-central-1"
    )]
    Publish(Box<PublishArgs>),
    /// Publish runs: what they made, going on with them, undoing them.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Accounts and regions.
    #[command(subcommand)]
    Targets(TargetsCommand),
    /// AMIs: which there are, and which image one really is.
    #[command(
        subcommand,
        after_help = "Examples:\n  publish-cli amis list base/debian-12\n  publish-cli amis verify ami-0123456789abcdef0 --target prod/eu-central-1"
    )]
    Amis(AmisCommand),
    /// Try what is relied on where it really is.
    #[command(subcommand)]
    Selftest(SelftestCommand),
    /// Check TLS, imaged, unpackd, the clocks and this machine.
    Doctor,
    /// Do the whole main job on this machine, with real daemons and a real root filesystem.
    #[command(
        after_help = "Needs root. Without --from it makes a Debian root filesystem with debootstrap.\n\nExamples:\n  publish-cli quickstart\n  publish-cli quickstart --from /srv/rootfs --keep"
    )]
    Quickstart(QuickstartArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write manual pages into a folder.
    Man {
        /// The folder.
        dir: PathBuf,
    },
}

/// `publish-cli image …`.
#[derive(Debug, Subcommand)]
pub enum ImageCommand {
    /// Add an image from a directory, a tar or a disk.
    #[command(
        after_help = "Examples:\n  publish-cli image add base/debian-12/1 ./rootfs --tag team=base\n  publish-cli image add base/debian-12/2 rootfs.tar.zst\n  tar -C rootfs -cf - . | publish-cli image add base/debian-12/3 -\n  publish-cli image add base/app/1 layout.tar --ref v1.2 --platform linux/amd64\n  publish-cli image add appliance/router/1 disk.qcow2 --arch x86_64\n  publish-cli image add appliance/router/2 disk.raw.xz --arch arm64"
    )]
    Add(AddArgs),
    /// List images, of one stream or of all.
    List {
        /// The stream.
        stream: Option<StreamName>,
    },
    /// Show all that is known of an image.
    Show {
        /// STREAM/LEAF.
        name: ImageName,
    },
    /// Show the image of a stream that was added last.
    Latest {
        /// The stream.
        stream: StreamName,
    },
    /// Wait until an image is there.
    Wait {
        /// STREAM/LEAF.
        name: ImageName,
        /// How long to wait.
        #[arg(long, default_value = "10m", value_parser = parse_duration, value_name = "DUR")]
        timeout: Duration,
    },
    /// Set tags of an image.
    Tag {
        /// STREAM/LEAF.
        name: ImageName,
        /// Tags.
        #[arg(required = true, value_parser = parse_tag, value_name = "K=V")]
        tags: Vec<(String, String)>,
    },
    /// Let an image expire, or never.
    Expire {
        /// STREAM/LEAF.
        name: ImageName,
        /// From now: a duration, or never.
        #[arg(value_parser = parse_expiry, value_name = "DUR|never")]
        expiry: Expiry,
    },
    /// Remove an image; its name is never used again.
    Rm {
        /// STREAM/LEAF.
        name: ImageName,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
        /// Say what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Show what differs between two images.
    Diff {
        /// The older image.
        a: ImageName,
        /// The newer image.
        b: ImageName,
        /// Show changed text files as unified diffs.
        #[arg(long)]
        text: bool,
        /// List every path that differs, however many there are.
        #[arg(long)]
        files: bool,
        /// Exit with 1 where anything differs.
        #[arg(long)]
        exit_code: bool,
    },
    /// Show which images of a stream changed a path.
    History {
        /// The stream.
        stream: StreamName,
        /// The path in the images.
        path: String,
    },
    /// List the packages of an image, from dpkg's and rpm's databases.
    Packages {
        /// STREAM/LEAF.
        name: ImageName,
    },
    /// Write a file of an image to standard output.
    Cat {
        /// STREAM/LEAF.
        name: ImageName,
        /// The path in the image.
        path: String,
    },
    /// Write an image's tree into a directory or a tar.
    #[command(
        after_help = "Examples:\n  publish-cli image get base/debian-12/1 ./copy\n  publish-cli image get base/debian-12/1 --tar - | tar -tv"
    )]
    Get {
        /// STREAM/LEAF.
        name: ImageName,
        /// A new or empty directory; for a disk image the file to write.
        #[arg(required_unless_present = "tar", conflicts_with = "tar")]
        dir: Option<PathBuf>,
        /// A tar, or - for standard output.
        #[arg(long, value_name = "FILE|-")]
        tar: Option<PathBuf>,
    },
    /// Have the server read and hash everything that an image needs.
    Verify {
        /// STREAM/LEAF.
        name: ImageName,
    },
}

/// Arguments of `image add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// STREAM/LEAF.
    pub name: ImageName,
    /// A directory, a tar (plain, or compressed with gzip, zstd, xz, bzip2 or lz4), a container image (an OCI layout,
    /// what `docker save` writes, a folder of skopeo's dir:; a directory or a plain tar of one), a disk image (raw or
    /// qcow2; compressed so, or as the only member of a tar, too), a block device, or - for a tar or a disk image on
    /// standard input. Files are judged by their bytes.
    pub source: PathBuf,
    /// Which image of a container image that holds several: OS/ARCHITECTURE[/VARIANT].
    #[arg(long, value_name = "PLATFORM")]
    pub platform: Option<Platform>,
    /// Which image, by its name in the layout or its tag in the archive.
    #[arg(long = "ref", value_name = "NAME")]
    pub reference: Option<String>,
    /// A tag; may be repeated.
    #[arg(long = "tag", value_parser = parse_tag, value_name = "K=V")]
    pub tags: Vec<(String, String)>,
    /// The architecture, where the content does not tell it: x86_64 (or amd64), arm64 (or aarch64).
    #[arg(long, value_name = "ARCH")]
    pub arch: Option<Architecture>,
    /// A file of patterns of paths to leave out.
    #[arg(long, value_name = "FILE")]
    pub exclude_from: Option<PathBuf>,
    /// Remove the image after this time.
    #[arg(long, value_parser = parse_duration, value_name = "DUR")]
    pub expires_in: Option<Duration>,
    /// A build log to keep with the image, up to 1 MiB.
    #[arg(long, value_name = "FILE")]
    pub build_log: Option<PathBuf>,
    /// Release notes to keep with the image, up to 1 MiB.
    #[arg(long, value_name = "FILE")]
    pub release_notes: Option<PathBuf>,
    /// Refuse an image with findings: what should not ship (host keys, private keys, histories, caches), what was left
    /// out or repaired in reading it, what volumes cannot hold.
    #[arg(long)]
    pub strict: bool,
    /// Add a disk image that does not end with a whole sector of 512 bytes, with zeros behind it.
    #[arg(long)]
    pub allow_odd_size: bool,
    /// Send all bytes and have the server compare them with its own.
    #[arg(long)]
    pub full: bool,
    /// Read and hash the source, and say what it would become.
    #[arg(long)]
    pub dry_run: bool,
}

/// When an image expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// After this time.
    In(Duration),
}

/// `publish-cli unpacker …`.
#[derive(Debug, Subcommand)]
pub enum UnpackerCommand {
    /// Show volumes, streams and leases.
    Status,
    /// Add a block device or an image file as a volume.
    #[command(
        after_help = "Examples:\n  publish-cli unpacker add-volume --device /dev/nvme1n1 --stream base/debian-12\n  publish-cli unpacker add-volume --file /srv/volumes/debian.img --size 4GiB --stream base/debian-12"
    )]
    AddVolume(AddVolumeArgs),
    /// Forget a volume; its content stays.
    RemoveVolume {
        /// The volume's id.
        id: String,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Pin a stream to a volume.
    Associate {
        /// The stream.
        stream: StreamName,
        /// The volume's id.
        id: String,
    },
    /// Unpin a stream from its volume, which the next stream formats anew.
    Forget {
        /// The stream.
        stream: StreamName,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Take the lease on a stream, so that nobody else patches its volume meanwhile.
    Prepare {
        /// The stream.
        stream: StreamName,
        /// How long the lease lasts unless it is released.
        #[arg(long, default_value = "15m", value_parser = parse_duration, value_name = "DUR")]
        ttl: Duration,
        /// Take it from whoever holds it.
        #[arg(long)]
        steal: bool,
    },
    /// Patch a stream's volume to an image.
    Unpack {
        /// STREAM/LEAF.
        image: ImageName,
        /// How long to wait for another operation on the volume.
        #[arg(long, default_value = "0s", value_parser = parse_duration, value_name = "DUR")]
        wait: Duration,
        /// What to believe: auto, or full to hash everything on the volume.
        #[arg(long, default_value = "auto", value_parser = ["auto", "full"])]
        verify: String,
        /// Plan, and say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Hand a stream's volume over for reading.
    Capture {
        /// The stream.
        stream: StreamName,
        /// Although it cannot boot.
        #[arg(long)]
        no_boot: bool,
    },
    /// Give the lease back.
    Release {
        /// The stream.
        stream: StreamName,
    },
    /// Compare a stream's volume with its image, reading everything; exit code 5 where they differ.
    Verify {
        /// The stream.
        stream: StreamName,
    },
}

/// Arguments of `unpacker add-volume`.
#[derive(Debug, Args)]
pub struct AddVolumeArgs {
    /// A block device on unpackd's machine.
    #[arg(long, value_name = "DEV", required_unless_present = "file", conflicts_with = "file")]
    pub device: Option<PathBuf>,
    /// An image file on unpackd's machine; created where it is missing.
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// How large to make the file.
    #[arg(long, value_parser = parse_size, value_name = "SIZE", requires = "file")]
    pub size: Option<u64>,
    /// The filesystem.
    #[arg(long, default_value = "ext4", value_parser = ["ext4", "xfs"])]
    pub fs: String,
    /// How the volume is divided.
    #[arg(long, default_value = "gpt", value_parser = ["gpt", "none"])]
    pub layout: String,
    /// What happens to the bytes of deleted files: scrub (zeroed, they do not ship) or keep.
    #[arg(long, default_value = "scrub", value_parser = ["scrub", "keep"])]
    pub freed: String,
    /// What kernels are told, instead of what the image itself tells them and consoles on screen and serial line.
    #[arg(long, value_name = "ARGS", allow_hyphen_values = true)]
    pub kernel_args: Option<String>,
    /// UUIDs of filesystem and partitions: fixed (the stream's own, the same on all its volumes) or random.
    #[arg(long, default_value = "fixed", value_parser = ["fixed", "random"])]
    pub uuids: String,
    /// The stream to pin the volume to.
    #[arg(long)]
    pub stream: Option<StreamName>,
    /// Take a volume that holds something: the first unpack destroys it.
    #[arg(long)]
    pub format: bool,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// STREAM/LEAF, or STREAM@latest.
    pub image: String,
    /// Add the image from this source first.
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<PathBuf>,
    /// The architecture of what is added by --from, where it does not tell: x86_64, arm64.
    #[arg(long, value_name = "ARCH", requires = "from")]
    pub arch: Option<Architecture>,
    /// The way to publish: as a disk image, or as AMIs. Without it, --out means the first and --target the second.
    #[arg(long, value_parser = ["local", "direct"])]
    pub via: Option<String>,
    /// The folder for the disk image and the record of what was published (--via local).
    #[arg(long, value_name = "DIR", required_if_eq("via", "local"))]
    pub out: Option<PathBuf>,
    /// What to do in AWS.
    #[command(flatten)]
    pub aws: PublishAwsArgs,
    /// The disk image's format.
    #[arg(long, value_enum, default_value_t = DiskFormat::Raw)]
    pub format: DiskFormat,
    /// Publish an image that cannot boot.
    #[arg(long)]
    pub no_boot: bool,
    /// Write the result here too, as JSON.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Say what would be done.
    #[arg(long)]
    pub dry_run: bool,
}

/// The format of a disk image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiskFormat {
    /// Sparse, byte for byte.
    Raw,
    /// Made by qemu-img.
    Qcow2,
}

/// Arguments of `quickstart`.
#[derive(Debug, Args)]
pub struct QuickstartArgs {
    /// Use this directory as revision 1 instead of making one.
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Work in this folder; otherwise in a new one under /var/tmp.
    #[arg(long, value_name = "DIR")]
    pub work_dir: Option<PathBuf>,
    /// The package whose installation makes revision 2.
    #[arg(long, default_value = "nginx-light", value_name = "PACKAGE")]
    pub package: String,
    /// Make a tree with a kernel and a boot loader, and watch the result boot (qemu).
    #[arg(long)]
    pub boot: bool,
    /// Keep the folder with images, stores and volumes.
    #[arg(long)]
    pub keep: bool,
}

fn parse_tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' is not KEY=VALUE")),
    }
}

fn parse_expiry(text: &str) -> Result<Expiry, String> {
    match text {
        "never" => Ok(Expiry::Never),
        text => parse_duration(text).map(Expiry::In).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn bad_arguments_are_usage_errors() {
        for words in [
            &["image", "show", "../etc/passwd"][..],
            &["image", "show", "nostream"],
            &["image", "add", "a/b"],
            &["image", "tag", "a/b", "=x"],
            &["image", "wait", "a/b", "--timeout", "5"],
            &["unpacker", "add-volume"],
            &["unpacker", "add-volume", "--device", "/dev/x", "--file", "/y"],
            &["unpacker", "unpack", "a/b", "--verify", "maybe"],
        ] {
            let words = ["publish-cli"].iter().chain(words);
            let error = Cli::try_parse_from(words).expect_err("a usage error");
            assert_eq!(error.exit_code(), 2, "{error}");
        }
    }

    #[test]
    fn colours_are_known_before_arguments_are_parsed() {
        let of = |words: &[&str]| When::of_colours(words.iter().map(OsString::from));
        assert_eq!(of(&["publish-cli", "--color", "always", "image"]), When::Always);
        assert_eq!(of(&["publish-cli", "image", "--color=never"]), When::Never);
        assert_eq!(of(&["publish-cli", "--color"]), When::Auto);
        assert_eq!(of(&["publish-cli", "--color", "sometimes"]), When::Auto);
        assert!(When::Always.is_coloured(false) && !When::Never.is_coloured(true));
        assert!(!When::Auto.is_coloured(false));
    }
}
