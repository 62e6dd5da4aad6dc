//! What the superblock of a filesystem says, as far as any caller needs to know.

use std::path::Path;

use crate::Filesystem;

/// The label of every filesystem that we made: all twelve characters that XFS has room for.
pub const LABEL: &str = "imprint-root";

/// The label of one that is being filled for the first time, without a journal: after a crash it is made anew.
pub const UNFINISHED_LABEL: &str = "imprint-fill";

/// The length of a filesystem's beginning that [`Superblock::read`] looks at.
pub const SUPERBLOCK_AREA_LEN: usize = 2048;

/// What the superblock of a filesystem says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superblock {
    /// The filesystem that it is.
    pub filesystem: Filesystem,
    /// Its UUID.
    pub uuid: [u8; 16],
    /// What its label says.
    pub label: Label,
    /// Its length in bytes.
    pub len: u64,
}

/// What a filesystem's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// We made it.
    Ours,
    /// We were making it.
    Unfinished,
    /// It is somebody else's.
    Other,
}

impl Label {
    /// Reads a label's field, which ends in zeros.
    pub(crate) fn read(field: &[u8]) -> Self {
        let is = |label: &str| {
            let rest = field.strip_prefix(label.as_bytes());
            rest.is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
        };
        match () {
            () if is(LABEL) => Self::Ours,
            () if is(UNFINISHED_LABEL) => Self::Unfinished,
            () => Self::Other,
        }
    }
}

impl Superblock {
    /// Reads that of a device; `None` where there is none, or it cannot be read.
    pub fn of_device(device: &Path) -> Option<Self> {
        let file = std::fs::File::open(device).ok()?;
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        sysio::file::read_exact_at(&file, &mut bytes, 0).ok()?;
        Self::read(&bytes)
    }

    /// Reads a filesystem's first bytes; `None` for a filesystem that volumes do not have.
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
            (Filesystem::Ext4, 7, Label::Ours)
        );
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(UNFINISHED_LABEL.as_bytes());
        assert_eq!(Superblock::read(&bytes).unwrap().label, Label::Unfinished);
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        bytes[..4].copy_from_slice(b"XFSB");
        bytes[108..120].copy_from_slice(LABEL.as_bytes());
        let found = Superblock::read(&bytes).unwrap();
        assert_eq!((found.filesystem, found.label), (Filesystem::Xfs, Label::Ours));
        bytes[126] = 1;
        assert_eq!(Superblock::read(&bytes).unwrap().label, Label::Unfinished);
    }
}
