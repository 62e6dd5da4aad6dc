//! Writes the partition table, a GPT.
//!
//! ```text
//! 1 MiB    BIOS boot     GRUB's core image, for machines without UEFI
//! 2 MiB    EFI system    16 MiB of FAT, for machines with UEFI
//! 18 MiB   root          up to the last MiB, which holds the backup table; it is last so that it can grow
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use gpt::disk::LogicalBlockSize;
use gpt::partition::Partition;

use crate::{DiskError, Identity};

/// Alignment of partitions in bytes.
pub const ALIGNMENT: u64 = 1 << 20;

/// Length in bytes of the sectors of EBS volumes and image files.
const SECTOR_LEN: u64 = 512;

/// Byte range of the partition with GRUB's core image.
pub const BIOS_BOOT: Range<u64> = ALIGNMENT..2 * ALIGNMENT;

/// Byte range of the EFI system partition.
pub const EFI_SYSTEM: Range<u64> = 2 * ALIGNMENT..18 * ALIGNMENT;

/// Number of the root partition, by which GRUB's core image finds it.
pub const ROOT_NUMBER: u32 = 3;

/// Bytes of the first sector that belong to a boot loader.
pub const BOOT_CODE_LEN: usize = 440;

/// Returns offset and length in bytes of the root partition on a volume of `size` bytes.
pub(crate) fn root(size: u64) -> Option<(u64, u64)> {
    let end = (size - size % ALIGNMENT).checked_sub(ALIGNMENT)?;
    let len = end.checked_sub(EFI_SYSTEM.end).filter(|len| *len > 0)?;
    Some((EFI_SYSTEM.end, len))
}

/// Returns the disk's GUID from the GPT's header, which is the second sector. *Source:* UEFI, table
/// 5-5.
pub fn disk_id(header: &[u8; 512]) -> Option<uuid::Uuid> {
    let mut id = [0; 16];
    id.copy_from_slice(&header[56..72]);
    header.starts_with(b"EFI PART").then(|| uuid::Uuid::from_bytes_le(id))
}

/// Writes the table onto a volume, and keeps the boot loader's code in the first sector.
///
/// # Errors
/// [`DiskError::Tool`] with the error of the `gpt` library.
pub fn write(
    device: File,
    path: &Path,
    size: u64,
    identity: Identity<'_>,
) -> Result<(), DiskError> {
    let failed = |problem: String| DiskError::Tool {
        tool: "writing the partition table",
        problem: format!("{}: {problem}", path.display()),
    };
    let (offset, len) = root(size).ok_or_else(|| failed("it has no room for a table".into()))?;
    let mut device = device;
    let mut code = [0; BOOT_CODE_LEN];
    let io = |error: std::io::Error| failed(error.to_string());
    sysio::file::read_exact_at(&device, &mut code, 0).map_err(io)?;
    let sectors = u32::try_from(size / SECTOR_LEN - 1).unwrap_or(u32::MAX);
    gpt::mbr::ProtectiveMBR::with_lb_size(sectors)
        .overwrite_lba0(&mut device)
        .map_err(|error| failed(error.to_string()))?;
    sysio::file::write_all_at(&device, &code, 0).map_err(io)?;
    let mut disk = gpt::GptConfig::new()
        .writable(true)
        .logical_block_size(LogicalBlockSize::Lb512)
        .create_from_device(device, Some(identity.uuid("disk")))
        .map_err(|error| failed(error.to_string()))?;
    let partition = |purpose: &str, kind, bytes: Range<u64>| Partition {
        part_type_guid: kind,
        part_guid: identity.uuid(&format!("{purpose} partition")),
        first_lba: bytes.start / SECTOR_LEN,
        last_lba: bytes.end / SECTOR_LEN - 1,
        flags: 0,
        name: purpose.to_owned(),
    };
    let partitions = BTreeMap::from([
        (1, partition("bios", gpt::partition_types::BIOS, BIOS_BOOT)),
        (2, partition("efi", gpt::partition_types::EFI, EFI_SYSTEM)),
        (ROOT_NUMBER, partition("root", gpt::partition_types::LINUX_FS, offset..offset + len)),
    ]);
    disk.update_partitions(partitions).map_err(|error| failed(error.to_string()))?;
    disk.write().map_err(|error| failed(error.to_string()))?;
    Ok(())
}
