//! Publishing into a folder: writes the disk of an image to a file.
//!
//! ```text
//! lease → unpack → capture → read the volume → confirm → release → give the file its name
//! ```
//!
//! The file gets its name only after unpackd has confirmed that the volume stayed captured while it was read. A disk
//! image needs no volume: its blocks are fetched from imaged and written to the file.

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

/// Format of the written disk image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFormat {
    /// A sparse file with the same bytes as the disk.
    Raw,
    /// Converted by `qemu-img`, which must be installed.
    Qcow2,
}

/// Destination and options of a disk image.
#[derive(Clone, Copy, Debug)]
pub struct FolderOptions<'a> {
    /// Destination; created if it is missing.
    pub folder: &'a Path,
    /// Format of the written file; it decides the file's extension.
    pub format: DiskFormat,
    /// Publish the image even if it cannot boot.
    pub no_boot: bool,
    /// Take the volume's lease over from another holder.
    pub steal: bool,
}

impl FolderOptions<'_> {
    /// Returns the path of an image's disk: the image's name with `_` for `/`, and the format's extension.
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
    /// Path of the file, as [`FolderOptions::path`] makes it.
    pub path: PathBuf,
    /// Digest of the image's manifest or block map, as text.
    pub manifest: String,
    /// Length of the disk in bytes.
    pub size: u64,
    /// Bytes of data that were read; zeros are not counted.
    pub copied: u64,
    /// Report of the patch; empty for a disk image.
    pub unpack: UnpackReport,
    /// Duration of patching; zero for a disk image.
    pub unpack_time: Duration,
    /// Duration of reading and writing.
    pub copy_time: Duration,
}

/// Publishes an image as a disk image in a folder.
///
/// # Example
/// ```no_run
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # let addresses = publisher::Addresses { imaged: None, unpackd: None };
/// # let tls = rpc::tls::TlsDir::load("/etc/imprint/pki/publish".as_ref())?;
/// # let silent = std::sync::Arc::new(publisher::Silent);
/// # let client = publisher::Client::new(addresses, tls, runtime.handle().clone(), silent);
/// use publisher::folder::{DiskFormat, FolderOptions, publish};
///
/// let image = "base/debian-12/1".parse()?;
/// let record = client.image(&image)?;
/// let folder = "/srv/images".as_ref();
/// let options = FolderOptions { folder, format: DiskFormat::Raw, no_boot: false, steal: false };
/// let disk = publish(&client, &image, &record, options)?;
/// println!("{} has {} bytes", disk.path.display(), disk.size);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Durability
/// Once this returns, the whole file survives a crash.
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

/// Refuses a tree whose record says that it cannot boot, before any volume is patched.
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

/// Publishes a disk image: writes its blocks, without a volume.
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

/// Converts the file if necessary, and gives it its final name durably.
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
