//! Decodes XFS's superblock. *Source:* Linux, fs/xfs/libxfs/xfs_format.h.

use wire::units::PAGE_LEN;

use super::bytes::u64_be;
use crate::{Filesystem, Label, SUPERBLOCK_AREA_LEN, Superblock};

/// Decodes the superblock in a filesystem's first bytes; `None` without XFS's magic.
pub(super) fn read(bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock> {
    /// Offset of the flag that is set until mkfs.xfs has finished; the label is set earlier.
    /// *Source:* sb_inprogress.
    const IN_PROGRESS_AT: usize = 126;
    if !bytes.starts_with(b"XFSB") {
        return None;
    }
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&bytes[32..48]);
    let label = match Label::read(&bytes[108..120]) {
        Label::Imprint if bytes[IN_PROGRESS_AT] != 0 => Label::Unfinished,
        label => label,
    };
    // Our filesystems have blocks of 4 KiB.
    let len = u64_be(bytes, 8).saturating_mul(PAGE_LEN);
    Some(Superblock { filesystem: Filesystem::Xfs, uuid, label, len })
}
