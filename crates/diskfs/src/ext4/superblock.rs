//! Reads ext4's superblock, and sets its label. *Source:* Linux, fs/ext4/ext4.h.

use std::ops::Range;

use wire::bytes::u32_at;
use wire::units::PAGE_LEN;

use super::read::{Ext4, SUPERBLOCK_AT, SUPERBLOCK_LEN, checksum};
use crate::{DiskError, Filesystem, Label, Medium, SUPERBLOCK_AREA_LEN, Superblock};

/// Bytes of the label in the superblock.
const LABEL: Range<usize> = 0x78..0x88;

/// Decodes the superblock in a filesystem's first bytes; `None` without ext4's magic.
pub(super) fn read(bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock> {
    let sb = &bytes[SUPERBLOCK_AT as usize..];
    if sb[0x38..0x3a] != [0x53, 0xef] {
        return None;
    }
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&sb[0x68..0x78]);
    let blocks = u64::from(u32_at(sb, 0x4)) | u64::from(u32_at(sb, 0x150)) << 32;
    // Our filesystems have blocks of 4 KiB.
    let len = blocks.saturating_mul(PAGE_LEN);
    Some(Superblock { filesystem: Filesystem::Ext4, uuid, label: Label::read(&sb[LABEL]), len })
}

/// Changes the label of an unmounted filesystem, and the superblock's checksum.
///
/// # Errors
/// [`DiskError::Damaged`] for an invalid superblock; errors of reading and writing.
pub(super) fn set_label(medium: &Medium, label: &str) -> Result<(), DiskError> {
    Ext4::open(medium)?;
    let mut sb = medium.read(SUPERBLOCK_AT, SUPERBLOCK_LEN)?;
    sb[LABEL].fill(0);
    for (place, byte) in sb[LABEL].iter_mut().zip(label.bytes()) {
        *place = byte;
    }
    let sum = checksum(!0, &sb[..0x3fc]);
    sb[0x3fc..].copy_from_slice(&sum.to_le_bytes());
    medium.write(SUPERBLOCK_AT, &sb)
}
