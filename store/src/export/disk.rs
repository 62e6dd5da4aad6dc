//! Writes a disk image's blocks into a file.

use std::fs::File;

use wire::blockmap::BlockMap;

use super::Source;
use crate::error::StoreError;

/// Writes a disk into an empty file. Blocks of zeros become holes.
///
/// # Durability
/// None until the caller syncs the file.
///
/// # Errors
/// Errors of the source and of writing.
pub fn write(map: &BlockMap, source: &dyn Source, file: &File) -> Result<(), StoreError> {
    let failed = || StoreError::tree("write", b"the disk");
    file.set_len(map.disk_len()).map_err(failed())?;
    for (index, digest) in map.objects() {
        let mut at = index.offset();
        source.content(&digest, &mut |piece| {
            // The last block may reach beyond the disk's end.
            let len = (map.disk_len() - at).min(piece.len() as u64) as usize;
            sysio::file::write_all_at(file, &piece[..len], at).map_err(failed())?;
            at += len as u64;
            Ok(())
        })?;
    }
    Ok(())
}
