//! GRUB for machines without UEFI: its code in the first sector, and its core image in the BIOS
//! boot partition. Each part contains the place of the next one. *Source:* GRUB, util/setup.c,
//! include/grub/i386/pc/boot.h.

use std::ops::Range;

use diskfs::partition::{BIOS_BOOT, BOOT_CODE_LEN};

const SECTOR_LEN: usize = 512;

/// The part of the disk's first sector that belongs to GRUB. The disk's signature and partition
/// table follow this part.
pub(super) const CODE: Range<usize> = 0..BOOT_CODE_LEN;

/// Fields in the first sector: the number of the core's first sector, the drive to read, and a jump
/// over a check of the drive's number.
const CORE_AT: Range<usize> = 0x5c..0x64;
const DRIVE_AT: usize = 0x64;
const DRIVE_CHECK_AT: Range<usize> = 0x66..0x68;
/// The number for "the drive that the BIOS booted from".
const BOOTED_DRIVE: u8 = 0xff;
/// Two instructions that do nothing. They replace the jump, so that the check runs: some BIOSes
/// pass a floppy's number for a hard disk, and the check corrects this.
const NO_OPERATIONS: [u8; 2] = [0x90, 0x90];

/// Offset of the block list in the core's first sector. The list holds the first sector, the count
/// of sectors and the load segment of the core's rest.
const REST_AT: usize = SECTOR_LEN - 12;
const REST_SEGMENT: u16 = 0x820;
/// Limit of the core's length in bytes. The count of sectors can hold this length, and the
/// partition has room for it.
const CORE_LEN_MAX: usize = 1 << 20;

/// The bytes of GRUB's code and of its core image, ready to be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bios {
    /// The bytes [`CODE`] of the first sector.
    pub code: Vec<u8>,
    /// The whole BIOS boot partition, padded with zeros.
    pub core: Vec<u8>,
}

/// Writes into `boot.img` the place of the core's first sector, and into `core.img` the place of
/// its rest. The error says what is wrong with one of these files.
pub(super) fn place(boot: &[u8], core: &[u8]) -> Result<Bios, String> {
    if boot.len() != SECTOR_LEN || boot[SECTOR_LEN - 2..] != [0x55, 0xaa] {
        return Err("its boot.img is no boot sector".to_owned());
    }
    if core.len() <= SECTOR_LEN || core.len() > CORE_LEN_MAX {
        let (len, len_max) = (core.len(), CORE_LEN_MAX);
        return Err(format!(
            "its grub-mkimage made a core image of {len} bytes, and at most {len_max} fit before the root partition"
        ));
    }
    let first_sector = BIOS_BOOT.start / SECTOR_LEN as u64;
    let mut code = boot[CODE].to_vec();
    code[CORE_AT].copy_from_slice(&first_sector.to_le_bytes());
    code[DRIVE_AT] = BOOTED_DRIVE;
    code[DRIVE_CHECK_AT].copy_from_slice(&NO_OPERATIONS);

    let mut core = core.to_vec();
    let rest = u16::try_from(core.len().div_ceil(SECTOR_LEN) - 1).unwrap_or(u16::MAX);
    core[REST_AT..REST_AT + 8].copy_from_slice(&(first_sector + 1).to_le_bytes());
    core[REST_AT + 8..REST_AT + 10].copy_from_slice(&rest.to_le_bytes());
    core[REST_AT + 10..REST_AT + 12].copy_from_slice(&REST_SEGMENT.to_le_bytes());
    core.resize((BIOS_BOOT.end - BIOS_BOOT.start) as usize, 0);
    Ok(Bios { code, core })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_where_the_next_one_is() {
        let mut boot = vec![7; SECTOR_LEN];
        boot[510..].copy_from_slice(&[0x55, 0xaa]);
        let found = place(&boot, &[8; 3 * SECTOR_LEN + 1]).unwrap();
        assert_eq!(found.code[CORE_AT], 2048u64.to_le_bytes());
        assert_eq!((found.code.len(), found.core.len()), (440, 1 << 20));
        assert_eq!(found.core[REST_AT..REST_AT + 8], 2049u64.to_le_bytes());
        assert_eq!(found.core[REST_AT + 8..SECTOR_LEN], [3, 0, 0x20, 0x08]);
        assert_eq!(found.core[3 * SECTOR_LEN..3 * SECTOR_LEN + 2], [8, 0]);
    }

    #[test]
    fn what_is_none_is_refused() {
        assert!(place(&[0; 512], &[0; 1024]).is_err());
        let mut boot = vec![0; SECTOR_LEN];
        boot[510..].copy_from_slice(&[0x55, 0xaa]);
        assert!(place(&boot, &[0; 512]).is_err());
        assert!(place(&boot, &vec![0; (1 << 20) + 1]).is_err());
    }
}
