//! Decodes the fields of a filesystem's superblock that callers need.

use std::path::Path;

use crate::Filesystem;

/// Label of every finished filesystem that imprint made: the twelve characters for which XFS has
/// room.
pub const LABEL: &str = "imprint-root";

/// Label during a first fill without a journal: a filesystem that has it after a crash is made
/// anew.
pub const UNFINISHED_LABEL: &str = "imprint-fill";

/// Bytes of a filesystem's beginning that [`Superblock::read`] needs.
pub const SUPERBLOCK_AREA_LEN: usize = 2048;

/// Identity and length of a filesystem, from its superblock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superblock {
    /// Kind of the filesystem, as the magic shows.
    pub filesystem: Filesystem,
    /// UUID of the filesystem. A filesystem that Imprint made has the UUID that derives from the volume's
    /// [`Identity`](crate::Identity).
    pub uuid: [u8; 16],
    /// Maker and state of the filesystem, as its label and XFS's mark of an unfinished mkfs show.
    pub label: Label,
    /// Length of the filesystem in bytes.
    pub len: u64,
}

/// Meaning of a filesystem's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// [`LABEL`]: imprint made the filesystem, and finished it.
    Imprint,
    /// [`UNFINISHED_LABEL`]: imprint was filling the filesystem. Or [`LABEL`] on an XFS whose mkfs
    /// has not finished.
    Unfinished,
    /// Another label: somebody else made the filesystem.
    Other,
}

impl Label {
    /// Decodes a label's field, which is padded with zeros.
    pub(crate) fn read(field: &[u8]) -> Self {
        let is = |label: &str| {
            let rest = field.strip_prefix(label.as_bytes());
            rest.is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
        };
        match () {
            () if is(LABEL) => Self::Imprint,
            () if is(UNFINISHED_LABEL) => Self::Unfinished,
            () => Self::Other,
        }
    }
}

impl Superblock {
    /// Reads a device's superblock; `None` if the device has no superblock of a known kind, or
    /// cannot be read.
    pub fn of_device(device: &Path) -> Option<Self> {
        let file = std::fs::File::open(device).ok()?;
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        sysio::file::read_exact_at(&file, &mut bytes, 0).ok()?;
        Self::read(&bytes)
    }

    /// Decodes the superblock in a filesystem's first bytes; `None` for a filesystem of a kind that
    /// is not in [`Filesystem::ALL`].
    pub fn read(bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Self> {
        Filesystem::ALL.into_iter().find_map(|filesystem| filesystem.kind().superblock(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superblocks_of_ours_are_read_and_others_are_not() {
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        assert_eq!(Superblock::read(&bytes), None);
        bytes[1024 + 0x38..1024 + 0x3a].copy_from_slice(&[0x53, 0xef]);
        bytes[1024 + 0x68] = 7;
        assert!(matches!(Superblock::read(&bytes), Some(found) if found.label == Label::Other));
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(LABEL.as_bytes());
        let found = Superblock::read(&bytes).unwrap();
        assert_eq!(
            (found.filesystem, found.uuid[0], found.label),
            (Filesystem::Ext4, 7, Label::Imprint)
        );
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(UNFINISHED_LABEL.as_bytes());
        assert_eq!(Superblock::read(&bytes).unwrap().label, Label::Unfinished);
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        bytes[..4].copy_from_slice(b"XFSB");
        bytes[108..120].copy_from_slice(LABEL.as_bytes());
        let found = Superblock::read(&bytes).unwrap();
        assert_eq!((found.filesystem, found.label), (Filesystem::Xfs, Label::Imprint));
        bytes[126] = 1;
        assert_eq!(Superblock::read(&bytes).unwrap().label, Label::Unfinished);
    }
}
