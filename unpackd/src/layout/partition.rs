//! The partition table: a GPT with one root partition, the last one, so that later layouts add
//! partitions before it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use gpt::disk::LogicalBlockSize;
use gpt::partition::Partition;
use wire::name::StreamName;

use super::fixed_uuid;
use crate::error::UnpackError;

/// Partitions begin and end at multiples of this.
pub const ALIGNMENT: u64 = 1 << 20;

/// EBS volumes and image files are addressed in sectors of this length.
const SECTOR_LEN: u64 = 512;

/// Returns where the root partition is on a volume of `size` bytes. The last MiB holds the backup
/// table.
pub(super) fn root(size: u64) -> Option<(u64, u64)> {
    let end = (size - size % ALIGNMENT).checked_sub(ALIGNMENT)?;
    let len = end.checked_sub(ALIGNMENT).filter(|len| *len > 0)?;
    Some((ALIGNMENT, len))
}

/// Writes the table onto a volume.
///
/// # Errors
/// [`UnpackError::Tool`] with what the table's library says.
pub fn write(device: File, path: &Path, size: u64, stream: &StreamName) -> Result<(), UnpackError> {
    let failed = |problem: String| UnpackError::Tool {
        tool: "writing the partition table",
        problem: format!("{}: {problem}", path.display()),
    };
    let (offset, len) = root(size).ok_or_else(|| failed("it has no room for a table".into()))?;
    let mut device = device;
    let sectors = u32::try_from(size / SECTOR_LEN - 1).unwrap_or(u32::MAX);
    gpt::mbr::ProtectiveMBR::with_lb_size(sectors)
        .overwrite_lba0(&mut device)
        .map_err(|error| failed(error.to_string()))?;
    let mut disk = gpt::GptConfig::new()
        .writable(true)
        .logical_block_size(LogicalBlockSize::Lb512)
        .create_from_device(device, Some(fixed_uuid(stream, "disk")))
        .map_err(|error| failed(error.to_string()))?;
    let root = Partition {
        part_type_guid: gpt::partition_types::LINUX_FS,
        part_guid: fixed_uuid(stream, "root partition"),
        first_lba: offset / SECTOR_LEN,
        last_lba: (offset + len) / SECTOR_LEN - 1,
        flags: 0,
        name: "root".to_owned(),
    };
    disk.update_partitions(BTreeMap::from([(1, root)]))
        .map_err(|error| failed(error.to_string()))?;
    disk.write().map_err(|error| failed(error.to_string()))?;
    Ok(())
}
