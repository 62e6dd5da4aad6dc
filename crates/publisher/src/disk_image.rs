//! Disk images as sources: block devices, and raw and qcow2 files, which may be compressed or in a tar. Finds their
//! boot modes.

mod qcow2;

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::SystemTime;

use store::ingest::disk::unwrap::unwrap;
use store::ingest::disk::{Disk, PaddedDisk};
use store::ingest::recognise::{
    DiskFormat, Foreign, HEAD_LEN, Input, TAIL_LEN, Wrapping, recognise, recognise_tail,
};
use store::partitions::{SECTOR_LEN, Scheme, Table};
use wire::ErrorClass;

pub use self::qcow2::Qcow2;
use crate::error::{PublishError, Reason, Result};

/// An opened disk image, readable at any offset. If the source was compressed or in a tar, it has been unpacked.
#[derive(Debug)]
pub struct DiskImage {
    content: Encoding,
    /// The source's file, whose modification time shows whether it changed.
    file: File,
    /// The compression and tar that were removed.
    wrapping: Option<Wrapping>,
}

#[derive(Debug)]
enum Encoding {
    /// A raw file or a block device.
    Raw(PaddedDisk<File>),
    Qcow2(PaddedDisk<Qcow2>),
}

/// What [`DiskImage::open`] found.
pub enum OpenSource {
    /// A disk image whose format and sectors are supported.
    Disk(DiskImage),
    /// A source of another kind. The caller can open the path again to find out which.
    Other,
    /// A stream of another kind, which still yields all its bytes.
    Stream(Box<dyn Read + Send>),
}

impl std::fmt::Debug for OpenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Disk(disk) => f.debug_tuple("Disk").field(disk).finish(),
            Self::Other => f.write_str("Other"),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

fn refused(path: &Path, what: impl std::fmt::Display) -> PublishError {
    PublishError::new(Reason::Source, format!("'{}': {what}", path.display()))
}

fn refused_foreign(path: &Path, what: Foreign, around: Option<&str>) -> PublishError {
    let around = around.map(|with| format!(" (compressed with {with})")).unwrap_or_default();
    refused(path, format!("it is {}{around}: {}", what.name(), what.help()))
}

impl DiskImage {
    /// Opens a source if it is a disk image. Its bytes decide, or its file extension if the bytes are inconclusive; a
    /// block device always counts as a disk image. A compressed disk is unpacked into an unnamed file in the folder for
    /// temporary files.
    ///
    /// # Errors
    /// Reading fails; the format is known but unsupported; the image is encrypted, cut off, or needs other files.
    pub fn open(path: &Path) -> Result<OpenSource> {
        let failed = || format!("open '{}'", path.display());
        if path.as_os_str() == "-" {
            return Self::open_stream(io::stdin(), path);
        }
        let kind = std::fs::metadata(path).map_err(PublishError::io(failed()))?.file_type();
        if kind.is_block_device() {
            let content = Encoding::Raw(PaddedDisk(Self::device(path)?));
            let file = File::open(path).map_err(PublishError::io(failed()))?;
            return Self { content, file, wrapping: None }.checked(path).map(OpenSource::Disk);
        }
        if kind.is_dir() {
            return Ok(OpenSource::Other);
        }
        let file = File::open(path).map_err(PublishError::io(failed()))?;
        if !kind.is_file() {
            return Self::open_stream(file, path);
        }
        let head = read_head(&file).map_err(PublishError::io(failed()))?;
        let name = path.file_name().and_then(|name| name.to_str());
        match recognise(&head, name) {
            Input::Disk(format) => Self::of_file(file, format, path).map(OpenSource::Disk),
            Input::Wrapped(wrapping) => {
                match Self::unwrapped(&file, wrapping, path)? {
                    Some(disk) => Ok(OpenSource::Disk(Self { file, ..disk })),
                    // A tar that begins with a disk and holds more files is a tree.
                    None => Ok(OpenSource::Other),
                }
            }
            Input::Foreign { what, compression } => {
                Err(refused_foreign(path, what, compression.map(|with| with.name())))
            }
            Input::Tar | Input::Unknown => Ok(OpenSource::Other),
        }
    }

    /// Opens a source that can be read only once, such as standard input.
    fn open_stream(mut source: impl Read + Send + 'static, path: &Path) -> Result<OpenSource> {
        let mut head = Vec::new();
        let begin = source.by_ref().take(HEAD_LEN as u64).read_to_end(&mut head);
        begin.map_err(PublishError::io(format!("read '{}'", path.display())))?;
        let found = recognise(&head, None);
        let whole = io::Cursor::new(head).chain(source);
        let wrapping = match found {
            Input::Disk(_) => Wrapping { compression: None, is_in_tar: false },
            Input::Wrapped(wrapping) => wrapping,
            Input::Foreign { what, compression } => {
                return Err(refused_foreign(path, what, compression.map(|with| with.name())));
            }
            Input::Tar | Input::Unknown => return Ok(OpenSource::Stream(Box::new(whole))),
        };
        match Self::unwrapped(whole, wrapping, path)? {
            Some(disk) => Ok(OpenSource::Disk(disk)),
            None => Err(refused(
                path,
                "it is a tar that begins with a disk and holds more files: extract the disk and add it alone",
            )),
        }
    }

    /// Unpacks a disk from its compression and its tar; returns `None` if the tar holds more files.
    fn unwrapped(source: impl Read, wrapping: Wrapping, path: &Path) -> Result<Option<Self>> {
        let folder = std::env::temp_dir();
        let file = tempfile::tempfile_in(&folder)
            .map_err(PublishError::io(format!("create a file in {}", folder.display())))?;
        if !unwrap(source, wrapping, &file).map_err(|error| in_folder(path, error, &folder))? {
            return Ok(None);
        }
        // Recognise the unpacked disk: its first bytes alone showed only that it is probably a disk.
        let format = match recognise(&read_head(&file)?, Some("disk.raw")) {
            Input::Disk(format) => format,
            Input::Foreign { what, .. } => return Err(refused_foreign(path, what, None)),
            Input::Wrapped(_) | Input::Tar | Input::Unknown => {
                return Err(refused(
                    path,
                    "its disk is compressed or packed twice: unpack it once",
                ));
            }
        };
        let disk = Self::of_file(file, format, path)?;
        Ok(Some(Self { wrapping: Some(wrapping), ..disk }))
    }

    /// Opens a file as a disk of this format, after the checks that need more than its first bytes.
    fn of_file(file: File, format: DiskFormat, path: &Path) -> Result<Self> {
        let failed = || format!("open '{}'", path.display());
        let same = file.try_clone().map_err(PublishError::io(failed()))?;
        let content = match format {
            DiskFormat::Raw => {
                let len = file.metadata().map_err(PublishError::io(failed()))?.len();
                let mut tail = [0; TAIL_LEN];
                if let Some(at) = len.checked_sub(TAIL_LEN as u64) {
                    Disk::read_exact_at(&file, &mut tail, at)
                        .map_err(PublishError::io(failed()))?;
                }
                if let Some(what) = recognise_tail(&tail) {
                    return Err(refused_foreign(path, what, None));
                }
                Encoding::Raw(PaddedDisk(file))
            }
            DiskFormat::Qcow2 => {
                // A machine could write a qcow2 header to its raw disk, so that the disk would be read as a qcow2.
                if path.extension().is_some_and(|found| found.eq_ignore_ascii_case("raw")) {
                    let what = "its name ends in .raw, but it begins like a qcow2: rename it to .qcow2 if it is one; if it is raw, convert it with `qemu-img convert -f raw -O qcow2`";
                    return Err(refused(path, what));
                }
                Encoding::Qcow2(PaddedDisk(Qcow2::open(file, path)?))
            }
        };
        Self { content, file: same, wrapping: None }.checked(path)
    }

    /// Refuses a disk that no EC2 instance could use.
    fn checked(self, path: &Path) -> Result<Self> {
        let table = self.table().map_err(PublishError::io(format!("read '{}'", path.display())))?;
        if table.scheme == Scheme::LargeSectors {
            let what = "its partition table is for sectors of 4096 bytes, but disks in EC2 have sectors of 512 bytes: make the disk with sectors of 512 bytes";
            return Err(refused(path, what));
        }
        Ok(self)
    }

    /// Opens a block device exclusively: fails while it is mounted or in use.
    fn device(path: &Path) -> Result<File> {
        let mut options = File::options();
        let exclusive = rustix::fs::OFlags::EXCL.bits().cast_signed();
        options.read(true).custom_flags(exclusive).open(path).map_err(|error| {
            let what = format!(
                "{error}; a device can be added only while it is neither mounted nor attached"
            );
            refused(path, what)
        })
    }

    /// Returns the disk's content, padded with zeros to whole sectors.
    pub fn disk(&self) -> &dyn Disk {
        match &self.content {
            Encoding::Raw(file) => file,
            Encoding::Qcow2(image) => image,
        }
    }

    /// Returns the length of the disk in bytes, without padding.
    ///
    /// # Errors
    /// The length cannot be read.
    pub fn content_len(&self) -> io::Result<u64> {
        match &self.content {
            Encoding::Raw(file) => file.0.size(),
            Encoding::Qcow2(image) => image.0.size(),
        }
    }

    /// Returns the number of zeros that pad the disk to whole sectors of 512 bytes.
    ///
    /// # Errors
    /// The length cannot be read.
    pub fn padding(&self) -> io::Result<u64> {
        Ok(self.content_len()?.next_multiple_of(SECTOR_LEN) - self.content_len()?)
    }

    /// Returns the compression and tar that were removed; `None` if there were none.
    pub fn wrapping(&self) -> Option<Wrapping> {
        self.wrapping
    }

    /// Returns the time of the last write to the source's file.
    ///
    /// # Errors
    /// The file's metadata cannot be read.
    pub fn modified(&self) -> io::Result<SystemTime> {
        self.file.metadata()?.modified()
    }

    fn table(&self) -> io::Result<Table> {
        Table::read(self.disk())
    }

    /// Returns the number of the first partition that ends beyond the disk, and the partition's end in bytes: such a
    /// disk was cut off. Returns `None` if there is no such partition.
    ///
    /// # Errors
    /// The partition table cannot be read.
    pub fn cut_off(&self) -> io::Result<Option<(u32, u64)>> {
        Ok(self.table()?.cut_off)
    }

    /// Returns the boot modes that the partition table shows: `bios`, `uefi`.
    ///
    /// # Errors
    /// The partition table cannot be read.
    pub fn boot_modes(&self) -> io::Result<Vec<String>> {
        let table = self.table()?;
        let has_efi = table.partitions.iter().any(|partition| partition.is_efi);
        let modes = [("bios", table.has_program), ("uefi", has_efi)].into_iter();
        Ok(modes.filter(|(_, has)| *has).map(|(mode, _)| mode.to_owned()).collect())
    }
}

fn read_head(file: &File) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD_LEN];
    let mut filled = 0;
    loop {
        match file.read_at(&mut head[filled..], filled as u64)? {
            0 => break,
            len => filled += len,
        }
    }
    head.truncate(filled);
    Ok(head)
}

/// Adds advice to the error if the folder is full.
fn in_folder(path: &Path, error: store::StoreError, folder: &Path) -> PublishError {
    let is_full = error.class() == ErrorClass::Full;
    let error = PublishError::from(error).context(format!("'{}'", path.display()));
    if is_full {
        let folder = folder.display();
        return error.context(format!(
            "the disk is unpacked in {folder}, which has no space left: set TMPDIR to another folder"
        ));
    }
    error
}
