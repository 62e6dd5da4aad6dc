//! Checks, before a volume is formatted, that it holds no data of its owner.

use diskfs::partition::{self, BIOS_BOOT, EFI_SYSTEM};
use diskfs::{Identity, Label, Layout};

use super::Device;
use crate::PatchError;

impl Device {
    /// Returns whether the volume can be formatted without loss of somebody's data. True in three cases: the volume
    /// holds a filesystem that Imprint made; it holds only a partition table for `identity`, and the partitions are
    /// still empty; or it is zero in all places where partition tables, filesystems, swap and volume managers have
    /// their marks.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn is_blank_or_ours(&self, identity: Option<Identity<'_>>) -> Result<bool, PatchError> {
        /// Bytes to check at the beginning and at the end of the volume. The beginning holds every primary mark (the
        /// last one, of btrfs, is at 64 KiB) and the superblock of a filesystem that Imprint made. The end holds backup
        /// tables and RAID marks.
        const HEAD_LEN: u64 = 20 << 20;
        const TAIL_LEN: u64 = 1 << 20;
        for layout in [Layout::Gpt, Layout::None] {
            if self.superblock(layout)?.is_some_and(|superblock| superblock.label != Label::Other) {
                return Ok(true);
            }
        }
        if let Some(identity) = identity
            && self.is_table_alone(identity)?
        {
            return Ok(true);
        }
        let tail = self.size.saturating_sub(TAIL_LEN);
        for (offset, len) in [(0, HEAD_LEN.min(self.size)), (tail, TAIL_LEN.min(self.size))] {
            let mut bytes = vec![0; len as usize];
            sysio::file::read_at(self.file(), &mut bytes, offset)
                .map_err(PatchError::io("read", self.path()))?;
            if bytes.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns whether the volume holds a partition table for `identity` and nothing else. An attempt to format it
    /// leaves the volume in this state if, for example, mkfs or a loop device is missing.
    fn is_table_alone(&self, identity: Identity<'_>) -> Result<bool, PatchError> {
        /// Bytes that hold the marks of filesystems, swap, RAID and volume managers; the last mark, of btrfs, is at 64
        /// KiB.
        const MARKS_LEN: usize = 128 << 10;
        let failed = || PatchError::io("read", self.path());
        let Some((offset, len)) = Layout::Gpt.root(self.size) else { return Ok(false) };
        let mut header = [0; 512];
        sysio::file::read_exact_at(self.file(), &mut header, 512).map_err(failed())?;
        if partition::disk_id(&header) != Some(identity.uuid("disk")) {
            return Ok(false);
        }
        // Boot loaders are written last, so their places are still empty.
        let tail = offset + len.saturating_sub(MARKS_LEN as u64);
        for place in [BIOS_BOOT.start, EFI_SYSTEM.start, offset, tail] {
            let mut bytes = vec![0; MARKS_LEN];
            sysio::file::read_at(self.file(), &mut bytes, place).map_err(failed())?;
            if bytes.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
