//! `unpacker`: volumes of an unpackd.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use wire::name::{ImageName, StreamName};
use wire::units::{parse_duration, parse_size};

/// Subcommands of `publish-cli unpacker`.
#[derive(Debug, Subcommand)]
pub enum UnpackerCommand {
    /// Show volumes, streams and leases.
    Status,
    /// Add a block device or an image file as a volume.
    #[command(
        after_help = "Examples:\n  publish-cli unpacker add-volume --device /dev/nvme1n1 --stream base/debian-12\n  publish-cli unpacker add-volume --file /srv/volumes/debian.img --size 4GiB --stream base/debian-12"
    )]
    AddVolume(AddVolumeArgs),
    /// Remove a volume from unpackd's list; its content stays.
    RemoveVolume {
        /// Id of the volume, as `unpacker status` shows it.
        id: String,
        /// Confirm the removal; without this option, nothing is removed.
        #[arg(long)]
        yes: bool,
    },
    /// Pin a stream to a volume.
    Associate {
        /// Stream to pin, such as base/debian-12.
        stream: StreamName,
        /// Id of the volume, as `unpacker status` shows it.
        id: String,
    },
    /// Unpin a stream from its volume; the next unpack to this volume formats it.
    Forget {
        /// Stream to unpin, as `unpacker status` shows it.
        stream: StreamName,
        /// Confirm the change; without this option, nothing is changed.
        #[arg(long)]
        yes: bool,
    },
    /// Take the lease on a stream, so that nobody else can patch its volume.
    Prepare {
        /// Stream whose volume to lease.
        stream: StreamName,
        /// Time after which the lease ends unless it is released.
        #[arg(long, default_value = "15m", value_parser = parse_duration, value_name = "DUR")]
        ttl: Duration,
        /// Take the lease even if somebody else holds it.
        #[arg(long)]
        steal: bool,
    },
    /// Patch a stream's volume to an image.
    Unpack {
        /// Image, as STREAM/LEAF.
        image: ImageName,
        /// Time to wait for the image to appear at unpackd's imaged, and for another operation on the volume to end.
        #[arg(long, default_value = "0s", value_parser = parse_duration, value_name = "DUR")]
        wait: Duration,
        /// How to learn what the volume holds: auto trusts the records of earlier patches, full hashes all content.
        #[arg(long, default_value = "auto", value_parser = ["auto", "full"])]
        verify: String,
        /// Plan the patch and show it, without writing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Hand a stream's volume over for reading.
    Capture {
        /// Stream whose volume to read.
        stream: StreamName,
        /// Allow a volume that cannot boot.
        #[arg(long)]
        no_boot: bool,
    },
    /// Release the lease on a stream.
    Release {
        /// Stream whose lease to release; only the lease's holder can do that.
        stream: StreamName,
    },
    /// Read a stream's whole volume and compare it with its image; exit code 5 if they differ.
    Verify {
        /// Stream whose volume to compare.
        stream: StreamName,
    },
}

/// Arguments of `unpacker add-volume`.
#[derive(Debug, Args)]
pub struct AddVolumeArgs {
    /// Block device on unpackd's machine.
    #[arg(long, value_name = "DEV", required_unless_present = "file", conflicts_with = "file")]
    pub device: Option<PathBuf>,
    /// Image file on unpackd's machine; created if it is missing.
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// Size of a new image file.
    #[arg(long, value_parser = parse_size, value_name = "SIZE", requires = "file")]
    pub size: Option<u64>,
    /// Filesystem that the first unpack makes on the volume.
    #[arg(long, default_value = "ext4", value_parser = ["ext4", "xfs"])]
    pub fs: String,
    /// Partitioning of the volume: gpt, or none for a bare filesystem.
    #[arg(long, default_value = "gpt", value_parser = ["gpt", "none"])]
    pub layout: String,
    /// What to do with the bytes of deleted files: scrub zeroes them so that they do not ship, keep leaves them.
    #[arg(long, default_value = "scrub", value_parser = ["scrub", "keep"])]
    pub freed: String,
    /// Kernel arguments, instead of the image's own and the default consoles (screen and serial line).
    #[arg(long, value_name = "ARGS", allow_hyphen_values = true)]
    pub kernel_args: Option<String>,
    /// UUIDs of filesystem and partitions: fixed (derived from the stream, the same on all its volumes) or random.
    #[arg(long, default_value = "fixed", value_parser = ["fixed", "random"])]
    pub uuids: String,
    /// Stream to pin the volume to; `unpacker associate` can pin it later.
    #[arg(long)]
    pub stream: Option<StreamName>,
    /// Accept a volume that is not empty: the first unpack destroys its content.
    #[arg(long)]
    pub format: bool,
}
