//! Publishing into a folder: from an image to a file that is a disk.
//!
//! ```text
//! lease → unpack → capture → read the volume → confirm → release → give the file its name
//! ```
//!
//! The file gets its name only after the confirmation that the volume stayed captured while it was read. A disk image
//! needs no volume: its blocks are fetched and written.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use wire::name::ImageName;
use wire::proto::{ImageRecord, UnpackReport};
use wire::units::SNAPSHOT_BLOCK_LEN;

use crate::client::Client;
use crate::content::FetchedContent;
use crate::error::{PublishError, Reason, Result};
use crate::leased_volume::LeasedVolume;
use crate::whole_file::WholeFile;

/// The format of a disk image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFormat {
    /// Sparse, byte for byte.
    Raw,
    /// Made by `qemu-img`, which must be installed.
    Qcow2,
}

/// Where a disk image goes, and how.
#[derive(Clone, Copy, Debug)]
pub struct FolderOptions<'a> {
    /// The folder; it is created where it is not there.
    pub folder: &'a Path,
    /// The file's format.
    pub format: DiskFormat,
    /// Whether it need not boot.
    pub no_boot: bool,
    /// Whether to take the volume over from another holder.
    pub steal: bool,
}

impl FolderOptions<'_> {
    /// Where an image's disk will be.
    pub fn path(&self, image: &ImageName) -> PathBuf {
        let extension = match self.format {
            DiskFormat::Raw => "raw",
            DiskFormat::Qcow2 => "qcow2",
        };
        self.folder.join(format!("{}.{extension}", image.as_str().replace('/', "_")))
    }
}

/// A disk image that was written.
#[derive(Clone, Debug)]
pub struct DiskFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it, by digest.
    pub manifest: String,
    /// The disk's length.
    pub size: u64,
    /// Bytes that were read: those that are not zeros.
    pub copied: u64,
    /// What patching the volume came to; empty for a disk image.
    pub unpack: UnpackReport,
    /// How long patching took.
    pub unpack_time: Duration,
    /// How long reading and writing took.
    pub copy_time: Duration,
}

/// Publishes an image as a disk image in a folder.
///
/// # Durability
/// The file survives a crash, whole, once this returned.
///
/// # Errors
/// [`Reason::Unbootable`]; [`Reason::Call`]; [`Reason::Io`]; [`Reason::VolumeDiffers`].
pub fn publish(
    client: &Client,
    image: &ImageName,
    record: &ImageRecord,
    options: FolderOptions<'_>,
) -> Result<DiskFile> {
    if record.kind != "disk" && !options.no_boot {
        check_boots(image, record)?;
    }
    let folder = options.folder;
    std::fs::create_dir_all(folder)
        .map_err(PublishError::io(format!("create folder {}", folder.display())))?;
    match record.kind.as_str() {
        "disk" => publish_disk(client, image, record, options),
        _ => publish_tree(client, image, options),
    }
}

fn publish_tree(
    client: &Client,
    image: &ImageName,
    options: FolderOptions<'_>,
) -> Result<DiskFile> {
    let volume = LeasedVolume::take(client, image.stream(), options.steal)?;
    let started = Instant::now();
    let unpack = volume.unpack(image)?;
    let unpack_time = started.elapsed();
    let started = Instant::now();
    let captured = volume.capture(&unpack.manifest, options.no_boot, false)?;
    let file = WholeFile::begin(options.folder)?;
    let copied = volume.read(captured.epoch, None, file.file())?;
    file.file().sync_all()?;
    volume.confirm(captured.epoch)?;
    Ok(DiskFile {
        path: put_in_place(file, image, options)?,
        manifest: captured.manifest,
        size: captured.size,
        copied,
        unpack,
        unpack_time,
        copy_time: started.elapsed(),
    })
}

/// Refuses a tree that cannot boot, before anything is patched: its record says so.
///
/// # Errors
/// [`Reason::Unbootable`].
pub fn check_boots(image: &ImageName, record: &ImageRecord) -> Result<()> {
    let facts = record.facts.clone().unwrap_or_default();
    if facts.boot_problem.is_empty() || !facts.boot_modes.is_empty() {
        return Ok(());
    }
    let message =
        format!("{image} cannot boot: {}; --no-boot publishes it all the same", facts.boot_problem);
    Err(PublishError::new(Reason::Unbootable, message))
}

/// Publishes a disk image: nothing is patched, its blocks are written.
fn publish_disk(
    client: &Client,
    image: &ImageName,
    record: &ImageRecord,
    options: FolderOptions<'_>,
) -> Result<DiskFile> {
    let started = Instant::now();
    let mut fetched = FetchedContent::new(client, Some(options.folder))?;
    let map = fetched.disk(client, image)?;
    let store = fetched.blocks(client, image, &map, |_| true)?;
    let file = WholeFile::begin(options.folder)?;
    store::export::disk::write(&map, store.as_ref(), file.file())?;
    Ok(DiskFile {
        path: put_in_place(file, image, options)?,
        manifest: record.manifest.clone(),
        size: map.disk_len(),
        copied: map.objects().count() as u64 * SNAPSHOT_BLOCK_LEN,
        unpack: UnpackReport::default(),
        unpack_time: Duration::ZERO,
        copy_time: started.elapsed(),
    })
}

/// Gives a disk's file its format and its name, durably.
fn put_in_place(file: WholeFile, image: &ImageName, options: FolderOptions<'_>) -> Result<PathBuf> {
    let path = options.path(image);
    let file = match options.format {
        DiskFormat::Raw => file,
        DiskFormat::Qcow2 => to_qcow2(&file, options.folder)?,
    };
    file.put(&path)?;
    Ok(path)
}

fn to_qcow2(raw: &WholeFile, folder: &Path) -> Result<WholeFile> {
    let target = WholeFile::begin(folder)?;
    let output = Command::new("qemu-img")
        .args(["convert", "-f", "raw", "-O", "qcow2"])
        .arg(raw.path())
        .arg(target.path())
        .output()
        .map_err(PublishError::io(
            "run qemu-img: install the package qemu-utils, or use --format raw",
        ))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(PublishError::new(Reason::Internal, format!("qemu-img failed: {problem}")));
    }
    Ok(target)
}
