//! Command-line arguments, as clap derives them; the doc comments are the text of `--help`.

mod aws;
pub mod examples;
mod unpacker;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use store::ingest::oci::Platform;
use wire::Architecture;
use wire::name::{ImageName, StreamName};
use wire::units::parse_duration;

use crate::image_column::{DEFAULT_COLUMNS, ImageColumn};

pub use aws::{
    AmisCommand, MountAmiArgs, PublishAwsArgs, ResumeArgs, RunsCommand, SelftestCommand,
    TargetsCommand,
};
pub use unpacker::{AddVolumeArgs, UnpackerCommand};

/// Publishes machine images with Imprint.
#[derive(Debug, Parser)]
#[command(name = "publish-cli", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 2 wrong usage, 3 not found, 4 refused, 5 damaged or different, 6 unavailable, 7 some targets failed, 130 interrupted, 1 anything else.\n\nTry `publish-cli quickstart` for the whole main job on this machine."
)]
pub struct Cli {
    /// Options that every command accepts.
    #[command(flatten)]
    pub global: Global,
    /// The command to run, with its own options.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command accepts.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Address of imaged, the image server.
    #[arg(long, global = true, env = "IMPRINT_IMAGED", value_name = "HOST:PORT")]
    pub imaged: Option<String>,
    /// Address of unpackd, the storage daemon.
    #[arg(long, global = true, env = "IMPRINT_UNPACKD", value_name = "HOST:PORT")]
    pub unpackd: Option<String>,
    /// Folder with ca.pem, cert.pem and key.pem.
    #[arg(long, global = true, env = "IMPRINT_TLS_DIR", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Configuration file (default: ~/.config/imprint/config.toml, else /etc/imprint/config.toml).
    #[arg(long, global = true, env = "IMPRINT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// File to append events to, as NDJSON; `-` means standard output.
    #[arg(long, global = true, value_name = "FILE|-")]
    pub events: Option<PathBuf>,
    /// When to show progress, as a bar on a terminal or as plain lines; auto shows none with --quiet.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    pub progress: When,
    /// When to colour help and errors; with NO_COLOR set, auto means never.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Also report each retry of a failed call, and limits that had to be reduced.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print only the result and errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The values of `--color` and `--progress`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Colour terminals unless NO_COLOR is set; show progress unless --quiet is given.
    Auto,
    /// Use colours and show progress, even with --quiet, with NO_COLOR or without a terminal.
    Always,
    /// Use no colours and show no progress, even on a terminal.
    Never,
}

impl When {
    /// Returns whether to colour a stream. `Auto` colours terminals unless `NO_COLOR` is set.
    pub fn is_coloured(self, is_terminal: bool) -> bool {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Self::Auto => is_terminal && !is_unwanted,
            Self::Always => true,
            Self::Never => false,
        }
    }

    /// Returns whether to show progress; only `Always` shows it in spite of `--quiet`.
    pub fn shows_progress(self, is_quiet: bool) -> bool {
        match self {
            Self::Auto => !is_quiet,
            Self::Always => true,
            Self::Never => false,
        }
    }

    /// Finds the value of `--color` in raw arguments; `Auto` if there is no valid value. Help and usage errors need
    /// this, because clap writes them before it has parsed the arguments.
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

/// The subcommands of `publish-cli`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add, inspect and remove images on imaged.
    #[command(subcommand)]
    Image(ImageCommand),
    /// Manage and patch the volumes of unpackd.
    #[command(subcommand)]
    Unpacker(UnpackerCommand),
    /// Publish an image as a disk image or as AMIs.
    #[command(
        after_help = "Examples:\n  publish-cli publish base/debian-12/1 --via local --out /srv/images\n  publish-cli publish base/debian-12@latest --via local --out . --format qcow2\n  publish-cli publish base/debian-12/2 --from ./rootfs --via local --out .\n  publish-cli publish base/debian-12/2 --via direct --target 'prod/*' --target dev/eu-central-1"
    )]
    Publish(Box<PublishArgs>),
    /// List publish runs, resume them or undo them.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// List AWS accounts and regions; print IAM policies.
    #[command(subcommand)]
    Targets(TargetsCommand),
    /// List published AMIs, verify what one contains, or mount it.
    #[command(
        subcommand,
        after_help = "Examples:\n  publish-cli amis list base/debian-12\n  publish-cli amis verify ami-0123456789abcdef0 --target prod/eu-central-1"
    )]
    Amis(AmisCommand),
    /// Test that a service behaves as publishing expects.
    #[command(subcommand)]
    Selftest(SelftestCommand),
    /// Check TLS, imaged, unpackd, the clocks and this machine.
    Doctor,
    /// Demonstrate everything on this machine, with real daemons and a real root filesystem.
    #[command(
        after_help = "Needs root. Without --from it makes a Debian root filesystem with debootstrap.\n\nExamples:\n  publish-cli quickstart\n  publish-cli quickstart --from /srv/rootfs --keep"
    )]
    Quickstart(QuickstartArgs),
    /// Print a completion script for a shell.
    Completions {
        /// Shell to print the script for.
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder.
    Man {
        /// Folder for the pages; created if it is missing.
        dir: PathBuf,
    },
}

/// Subcommands of `publish-cli image`.
#[derive(Debug, Subcommand)]
pub enum ImageCommand {
    /// Add an image from a directory, a tar, a container image or a disk.
    #[command(
        after_help = "Examples:\n  publish-cli image add base/debian-12/1 ./rootfs --tag team=base\n  publish-cli image add base/debian-12/2 rootfs.tar.zst\n  tar -C rootfs -cf - . | publish-cli image add base/debian-12/3 -\n  publish-cli image add base/app/1 layout.tar --ref v1.2 --platform linux/amd64\n  publish-cli image add appliance/router/1 disk.qcow2 --arch x86_64\n  publish-cli image add appliance/router/2 disk.raw.xz --arch arm64"
    )]
    Add(AddArgs),
    /// List the images of one stream, or of all streams.
    #[command(
        after_help = "Examples:\n  publish-cli image list base/debian-12 --sort created\n  publish-cli image list --columns name,added,tags --sort added\n  publish-cli image list --columns name --no-header"
    )]
    List {
        /// List only images of this stream.
        stream: Option<StreamName>,
        /// The columns, in order.
        #[arg(long, value_enum, value_delimiter = ',', default_values_t = DEFAULT_COLUMNS)]
        columns: Vec<ImageColumn>,
        /// The order: names and words from a to z, numbers and times with the greatest first, what expires first at the
        /// top.
        #[arg(long, value_enum, default_value = "name")]
        sort: ImageColumn,
        /// Leave out the line of headings.
        #[arg(long)]
        no_header: bool,
    },
    /// Show everything that imaged records about an image.
    Show {
        /// Image, as STREAM/LEAF.
        name: ImageName,
    },
    /// Show the most recently added image of a stream.
    Latest {
        /// Stream, such as base/debian-12.
        stream: StreamName,
    },
    /// Wait until an image has been added.
    Wait {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// Give up after this time.
        #[arg(long, default_value = "10m", value_parser = parse_duration, value_name = "DUR")]
        timeout: Duration,
    },
    /// Set tags of an image.
    Tag {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// Tags to set; other tags stay.
        #[arg(required = true, value_parser = parse_tag, value_name = "K=V")]
        tags: Vec<(String, String)>,
    },
    /// Set when an image expires.
    Expire {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// Time from now, or never.
        #[arg(value_parser = parse_expiry, value_name = "DUR|never")]
        expiry: Expiry,
    },
    /// Remove an image; its name can never be used again.
    Rm {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// Confirm the removal; without this option, nothing is removed.
        #[arg(long)]
        yes: bool,
        /// Show what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Save images with all their content into a file, for places without a network.
    #[command(
        after_help = "Examples:\n  publish-cli image save base/debian-12/1 base/debian-12/2 debian.bundle\n  publish-cli image save base/debian-12/1 - | ssh elsewhere publish-cli image load -"
    )]
    Save {
        /// Images, as STREAM/LEAF.
        #[arg(required = true)]
        names: Vec<ImageName>,
        /// The file, which must not exist; `-` is standard output.
        file: PathBuf,
    },
    /// Load the images of a file that `image save` made. Needs the role `own` for their streams.
    #[command(
        after_help = "Examples:\n  publish-cli image load debian.bundle --dry-run\n  publish-cli image load debian.bundle"
    )]
    Load {
        /// The file; `-` is standard input.
        file: PathBuf,
        /// Verify the file and list its images, and add nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Show the differences between two images.
    Diff {
        /// Older image, as STREAM/LEAF.
        a: ImageName,
        /// Newer image, as STREAM/LEAF.
        b: ImageName,
        /// Show changed text files as unified diffs.
        #[arg(long)]
        text: bool,
        /// List every path that differs, however many there are.
        #[arg(long)]
        files: bool,
        /// Exit with 1 if anything differs.
        #[arg(long)]
        exit_code: bool,
    },
    /// Show which images of a stream changed a path.
    History {
        /// Stream, such as base/debian-12.
        stream: StreamName,
        /// Path in the images, with or without a leading slash.
        path: String,
    },
    /// List the packages in an image, from its dpkg and rpm databases.
    Packages {
        /// Image, as STREAM/LEAF.
        name: ImageName,
    },
    /// Write a file of an image to standard output.
    Cat {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// Path in the image, with or without a leading slash; symlinks are not followed.
        path: String,
    },
    /// Write an image's content into a directory, a tar or a disk file.
    #[command(
        after_help = "Examples:\n  publish-cli image get base/debian-12/1 ./copy\n  publish-cli image get base/debian-12/1 --tar - | tar -tv"
    )]
    Get {
        /// Image, as STREAM/LEAF.
        name: ImageName,
        /// New or empty directory; for a disk image, the file to write.
        #[arg(required_unless_present = "tar", conflicts_with = "tar")]
        dir: Option<PathBuf>,
        /// Tar to write; `-` means standard output.
        #[arg(long, value_name = "FILE|-")]
        tar: Option<PathBuf>,
    },
    /// Let imaged read and hash every object of an image.
    Verify {
        /// Image, as STREAM/LEAF.
        name: ImageName,
    },
}

/// Arguments of `image add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of the new image, as STREAM/LEAF.
    pub name: ImageName,
    /// Source of the image: a directory, a tar, a container image, a disk image, a block device, or `-` for a tar or a
    /// disk image on standard input. Its content decides which kind it is. A tar is plain, or compressed with gzip,
    /// zstd, xz, bzip2 or lz4. A container image is an OCI layout, the output of `docker save` or a `dir:` folder of
    /// skopeo, as a directory or a plain tar. A disk image is raw or qcow2; it can be compressed, or be the only member
    /// of a tar.
    pub source: PathBuf,
    /// Platform to choose from a multi-platform container image: OS/ARCHITECTURE[/VARIANT]
    #[arg(long, value_name = "PLATFORM")]
    pub platform: Option<Platform>,
    /// Image to choose from a container layout or archive, by its name or tag.
    #[arg(long = "ref", value_name = "NAME")]
    pub reference: Option<String>,
    /// Tag for the image; may be repeated.
    #[arg(long = "tag", value_parser = parse_tag, value_name = "K=V")]
    pub tags: Vec<(String, String)>,
    /// Architecture, if the content does not show it: x86_64 (or amd64), arm64 (or aarch64).
    #[arg(long, value_name = "ARCH")]
    pub arch: Option<Architecture>,
    /// File with patterns of paths to leave out.
    #[arg(long, value_name = "FILE")]
    pub exclude_from: Option<PathBuf>,
    /// Remove the image after this time.
    #[arg(long, value_parser = parse_duration, value_name = "DUR")]
    pub expires_in: Option<Duration>,
    /// Build log to keep with the image, up to 1 MiB.
    #[arg(long, value_name = "FILE")]
    pub build_log: Option<PathBuf>,
    /// Release notes to keep with the image, up to 1 MiB.
    #[arg(long, value_name = "FILE")]
    pub release_notes: Option<PathBuf>,
    /// Refuse an image with findings. Findings are content that should not ship (host keys, private keys, histories,
    /// caches), files that were left out or repaired while the source was read, and files that volumes cannot hold.
    #[arg(long)]
    pub strict: bool,
    /// Accept a disk image whose size is not a multiple of 512 bytes, and pad it with zeros.
    #[arg(long)]
    pub allow_odd_size: bool,
    /// Send all content, even if imaged has it; imaged compares it with its own copy.
    #[arg(long)]
    pub full: bool,
    /// Read every file of a directory. Otherwise a file is not read again while its inode, size and times are as they were
    /// when the directory was last added from here.
    #[arg(long)]
    pub no_cache: bool,
    /// Read and hash the source, and report the image that it would become.
    #[arg(long)]
    pub dry_run: bool,
}

/// When an image expires, as given to `image expire`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// The image stays until it is removed.
    Never,
    /// The image expires this long after the command runs.
    In(Duration),
}

/// Arguments of `publish`: the image, the kind of publication, and the options of each kind.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Image, as STREAM/LEAF, or STREAM@latest.
    pub image: String,
    /// Add the image from this source before publishing it.
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<PathBuf>,
    /// Architecture of the source given with --from, if its content does not show it: x86_64, arm64.
    #[arg(long, value_name = "ARCH", requires = "from")]
    pub arch: Option<Architecture>,
    /// Kind of publication: local writes a disk image, direct makes AMIs (default: local with --out, direct with
    /// --target).
    #[arg(long, value_parser = ["local", "direct"])]
    pub via: Option<String>,
    /// Folder for the disk image and its record of publication (for --via local).
    #[arg(long, value_name = "DIR", required_if_eq("via", "local"))]
    pub out: Option<PathBuf>,
    /// Options of AMIs (`--via direct`).
    #[command(flatten)]
    pub aws: PublishAwsArgs,
    /// Format of the disk image (for --via local); qcow2 needs qemu-img.
    #[arg(long, value_enum, default_value_t = DiskFormat::Raw)]
    pub format: DiskFormat,
    /// Publish the image even if it cannot boot.
    #[arg(long)]
    pub no_boot: bool,
    /// Also write the results to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Show what would be done.
    #[arg(long)]
    pub dry_run: bool,
}

/// Format of a published disk image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiskFormat {
    /// A sparse file with the same bytes as the disk.
    Raw,
    /// qcow2, made by qemu-img.
    Qcow2,
}

/// Arguments of `quickstart`; all are optional.
#[derive(Debug, Args)]
pub struct QuickstartArgs {
    /// Copy this directory as revision 1 instead of making one with debootstrap.
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Folder to work in, new or empty (default: a new one under /var/tmp).
    #[arg(long, value_name = "DIR")]
    pub work_dir: Option<PathBuf>,
    /// Package to install for revision 2.
    #[arg(long, default_value = "nginx-light", value_name = "PACKAGE")]
    pub package: String,
    /// Make a tree with a kernel and a boot loader, and boot the result in qemu.
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
mod tests;
