//! Disk images as sources: raw files, block devices, qcow2; and how they boot.

use std::fs::File;
use std::io::{self, Cursor};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::SystemTime;

use anyhow::Context as _;
use imago::{DenyImplicitOpenGate, FormatAccess, FormatDriverBuilder, Mapping};
use rpc::status::Meaning;
use store::ingest::disk::{Disk, LEN_MAX};
use wire::units::SNAPSHOT_BLOCK_LEN;

use crate::failure::Failure;

const SECTOR_LEN: usize = 512;
const QCOW2_MAGIC: [u8; 4] = *b"QFI\xfb";
const BOOT_SIGNATURE: [u8; 2] = [0x55, 0xaa];

/// Bytes of a boot record that are a program.
const BOOT_CODE: std::ops::Range<usize> = 0..440;

/// The partition type of an EFI system partition in a boot record.
const MBR_EFI: u8 = 0xef;

/// As much of a disk as its partition tables take: GPT's ends before 34 sectors.
const HEAD_LEN: usize = 1 << 20;

/// What archives and compressed files begin with: those become trees, whatever else they look like.
const ARCHIVE_MAGICS: [(usize, &[u8]); 4] =
    [(0, b"\x1f\x8b"), (0, b"\x28\xb5\x2f\xfd"), (0, b"\xfd7zXZ\0"), (257, b"ustar")];

/// Endings of other formats, for which there is a converter.
const OTHER_FORMATS: [&str; 5] = ["vmdk", "vhd", "vhdx", "vdi", "ova"];

/// A disk image that was found to be one.
#[derive(Debug)]
pub enum DiskImage {
    /// A raw file or a block device.
    Raw(File),
    /// A qcow2 image.
    Qcow2(Qcow2),
}

impl DiskImage {
    /// Opens a source if it is a disk image: by its name's ending, by its first bytes, or as a block device.
    /// Other sources are none.
    ///
    /// # Errors
    /// Errors of reading; an image of another format, or one that needs other files.
    pub fn open(path: &Path) -> anyhow::Result<Option<Self>> {
        let failed = || format!("open '{}'", path.display());
        if path.as_os_str() == "-" {
            return Ok(None);
        }
        let kind = std::fs::metadata(path).with_context(failed)?.file_type();
        if !kind.is_file() && !kind.is_block_device() {
            return Ok(None);
        }
        let file = File::open(path).with_context(failed)?;
        let mut head = [0; SECTOR_LEN];
        let len = file.read_at(&mut head, 0).with_context(failed)?;
        let extension =
            path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let extension = extension.to_ascii_lowercase();
        if OTHER_FORMATS.contains(&extension.as_str()) {
            let message = format!(
                "'{}': disk images are raw or qcow2; convert it with `qemu-img convert -O raw`",
                path.display()
            );
            return Err(Failure::error(Meaning::Refused, message));
        }
        if kind.is_block_device() {
            return Self::device(path).map(Self::Raw).map(Some);
        }
        let version = head[4..8].iter().fold(0, |version, byte| version << 8 | u32::from(*byte));
        if head.starts_with(&QCOW2_MAGIC) && matches!(version, 2 | 3) {
            // A machine could write such a header to the first sector of its raw disk.
            if extension == "raw" {
                let what = "is named .raw and begins like a qcow2: name it as what it is";
                let message = format!("'{}' {what}", path.display());
                return Err(Failure::error(Meaning::Refused, message));
            }
            return Qcow2::open(file, path).map(Self::Qcow2).map(Some);
        }
        if matches!(extension.as_str(), "raw" | "img") {
            return Ok(Some(Self::Raw(file)));
        }
        if ARCHIVE_MAGICS.iter().any(|(at, magic)| head[*at..].starts_with(magic)) {
            return Ok(None);
        }
        let has_boot_record = len == SECTOR_LEN && head[SECTOR_LEN - 2..] == BOOT_SIGNATURE;
        Ok(has_boot_record.then_some(Self::Raw(file)))
    }

    /// Opens a block device that nothing has mounted or writes to.
    fn device(path: &Path) -> anyhow::Result<File> {
        let mut options = File::options();
        let exclusive = rustix::fs::OFlags::EXCL.bits().cast_signed();
        options.read(true).custom_flags(exclusive).open(path).map_err(|error| {
            let message = format!(
                "'{}': {error}; a device is read while nothing has it mounted or attached",
                path.display()
            );
            Failure::error(Meaning::Refused, message)
        })
    }

    /// The disk's content.
    pub fn disk(&self) -> &dyn Disk {
        match self {
            Self::Raw(file) => file,
            Self::Qcow2(image) => image,
        }
    }

    /// When the image's file was written to last.
    ///
    /// # Errors
    /// Errors of asking.
    pub fn modified(&self) -> io::Result<SystemTime> {
        let (Self::Raw(file) | Self::Qcow2(Qcow2 { file, .. })) = self;
        file.metadata()?.modified()
    }

    /// How the disk can boot, as far as its partition tables tell: "bios", "uefi".
    ///
    /// # Errors
    /// Errors of reading.
    pub fn boot_modes(&self) -> io::Result<Vec<String>> {
        let disk = self.disk();
        let len = usize::try_from(disk.size()?).unwrap_or(usize::MAX).min(HEAD_LEN);
        let mut head = vec![0; len];
        disk.read_exact_at(&mut head, 0)?;
        Ok(boot_modes(head))
    }
}

fn boot_modes(head: Vec<u8>) -> Vec<String> {
    let mut modes = Vec::new();
    if head.get(SECTOR_LEN - 2..SECTOR_LEN) != Some(&BOOT_SIGNATURE) {
        return modes;
    }
    if head[BOOT_CODE].iter().any(|byte| *byte != 0) {
        modes.push("bios".to_owned());
    }
    let of_record = (0..4).any(|entry| head[446 + 16 * entry + 4] == MBR_EFI);
    let table = gpt::GptConfig::new().writable(false).open_from_device(Cursor::new(head));
    let of_table = table.is_ok_and(|table| {
        let mut partitions = table.partitions().values();
        partitions.any(|partition| partition.part_type_guid == gpt::partition_types::EFI)
    });
    if of_record || of_table {
        modes.push("uefi".to_owned());
    }
    modes
}

/// A qcow2 image that needs no other file.
#[derive(Debug)]
pub struct Qcow2 {
    image: FormatAccess<imago::file::File>,
    file: File,
}

impl Qcow2 {
    fn open(file: File, path: &Path) -> anyhow::Result<Self> {
        let refused = |error: io::Error| {
            let message = format!(
                "'{}': {error}; an image with a backing file, or with features that are not known here, can be \
                 made raw with `qemu-img convert -O raw`",
                path.display()
            );
            Failure::error(Meaning::Refused, message)
        };
        let same = file.try_clone().map_err(refused)?;
        let storage = imago::file::File::try_from(file).map_err(refused)?;
        // An image that names other files could have any file of this machine published.
        let gate = DenyImplicitOpenGate::default();
        let image = imago::qcow2::Qcow2::<imago::file::File>::builder(storage).open(gate);
        let image = FormatAccess::new(image.map_err(refused)?);
        // A header may claim any size, and its tables are walked for all of it.
        if image.size() > LEN_MAX {
            let what = format!("it has {} bytes, of at most {} GiB", image.size(), LEN_MAX >> 30);
            return Err(refused(io::Error::other(what)));
        }
        Ok(Self { image, file: same })
    }
}

impl Disk for Qcow2 {
    fn size(&self) -> io::Result<u64> {
        Ok(self.image.size())
    }

    fn data_blocks(&self) -> io::Result<Vec<u32>> {
        let mut blocks: Vec<u32> = Vec::new();
        let (mut at, len) = (0, self.image.size());
        while at < len {
            let (mapping, mapped) = self.image.get_mapping(at, len - at)?;
            if mapped == 0 {
                return Err(io::Error::other(format!("the image ends at {at} of {len} bytes")));
            }
            if !matches!(mapping, Mapping::Zero { .. } | Mapping::Eof { .. }) {
                let first = (at / SNAPSHOT_BLOCK_LEN) as u32;
                let last = (at + mapped).div_ceil(SNAPSHOT_BLOCK_LEN) as u32;
                let next = blocks.last().map_or(first, |last| first.max(last + 1));
                blocks.extend(next..last);
            }
            at += mapped;
        }
        Ok(blocks)
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.image.read(bytes, offset)
    }
}
