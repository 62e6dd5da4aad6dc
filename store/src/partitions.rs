//! Reads a disk's partition table.
//!
//! ```text
//! sector 0            MBR: a program, 4 entries, 55 AA   ── an extended partition ─▶ a chain of such sectors
//! sector 1, or the
//! disk's last one     GPT's header ── its entries, at the sector in the header
//! ```
//!
//! Partitions have the numbers that Linux gives them. Sectors have 512 bytes, as on EC2's volumes.
//! Tables are untrusted: a partition counts only if it lies on the disk and, in a GPT, if the
//! table's checksums match.
//!
//! Imprint writes the tables of its own volumes with the `gpt` crate. That crate panics on a table
//! with entries of more than 128 bytes, so this module reads the tables of foreign disks.
//!
//! *Source:* UEFI specification 2.10, section 5; linux/block/partitions/{efi,msdos}.c.

use std::io;

use wire::bytes::{u32_at, u64_at};

use crate::disk::Disk;
pub use crate::disk::SECTOR_LEN;

/// Length in bytes of large sectors: a table for them is recognised but not used.
const LARGE_SECTOR_LEN: u64 = 4096;

/// Limit on the length of all entries of a GPT, in bytes: 1 MiB is 64 times the usual 128 entries
/// of 128 bytes.
const ENTRIES_LEN_MAX: u64 = 1 << 20;

/// Highest number of a partition that Linux shows (DISK_MAX_PARTS is 256, and the disk itself is
/// 0). A hostile GPT may have 8192 entries, each of them the whole disk.
pub const NUMBER_MAX: u32 = 255;

/// Limit on the links in the chain of an extended partition: each link has one partition. The limit
/// also ends a cyclic chain.
const LOGICAL_MAX: u32 = NUMBER_MAX;

const BOOT_SIGNATURE: [u8; 2] = [0x55, 0xaa];
const GPT_SIGNATURE: &[u8; 8] = b"EFI PART";

/// Bytes of a boot record that hold its program.
const PROGRAM: std::ops::Range<usize> = 0..440;

/// Offset of the four entries in a boot record, and the length of one, in bytes.
const MBR_ENTRIES: usize = 446;
const MBR_ENTRY_LEN: usize = 16;

/// Types of entries in a boot record: a protective entry for a GPT, an EFI system partition,
/// extended partitions.
const MBR_GPT: u8 = 0xee;
const MBR_EFI: u8 = 0xef;
const MBR_EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];

/// Type of an EFI system partition in a GPT: C12A7328-F81F-11D2-BA4B-00A0C93EC93B, in the order on
/// disk.
const GPT_EFI: [u8; 16] = [
    0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b,
];

/// A partition that lies on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Number that Linux gives it, as in `/dev/nvme0n1p1`.
    pub number: u32,
    /// Offset on the disk in bytes.
    pub offset: u64,
    /// Length in bytes, above 0.
    pub len: u64,
    /// Whether its type is "EFI system partition".
    pub is_efi: bool,
}

/// Kind of a disk's partition table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The first sector is no boot record, or it is the boot sector of a filesystem.
    None,
    /// A master boot record; an extended partition in it may hold further partitions.
    Mbr,
    /// A GUID partition table, of which at least one copy is sound.
    Gpt,
    /// A GUID partition table; both of its copies are damaged.
    DamagedGpt,
    /// A GUID partition table for sectors of 4096 bytes, which EC2 does not have.
    LargeSectors,
}

/// A disk's partition table, without the partitions that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Kind of the table; a table that is damaged or for large sectors has no partitions.
    pub scheme: Scheme,
    /// Whether the first sector has a program that a BIOS would run.
    pub has_program: bool,
    /// Partitions with numbers up to [`NUMBER_MAX`], ascending.
    pub partitions: Vec<Partition>,
    /// Number of partitions that are left out because their numbers are above [`NUMBER_MAX`].
    pub left_out: usize,
    /// The first partition that ends beyond the disk's end, which means that the disk was cut off:
    /// its number, and its end in bytes. All such partitions are left out.
    pub cut_off: Option<(u32, u64)>,
}

impl Table {
    /// Reads a disk's partition table, or the table's second copy if the first is damaged.
    ///
    /// # Errors
    /// Errors of reading the disk. A malformed table is no error: it has no partitions.
    pub fn read(disk: &dyn Disk) -> io::Result<Self> {
        let mut table = Self::read_all(disk)?;
        let len = disk.size()?;
        let end = |partition: &Partition| partition.offset + partition.len;
        let cut_off = table.partitions.iter().find(|partition| end(partition) > len);
        table.cut_off = cut_off.map(|partition| (partition.number, end(partition)));
        table.partitions.retain(|partition| end(partition) <= len);
        let found = table.partitions.len();
        table.partitions.retain(|partition| partition.number <= NUMBER_MAX);
        table.left_out = found - table.partitions.len();
        Ok(table)
    }

    fn read_all(disk: &dyn Disk) -> io::Result<Self> {
        let len = disk.size()?;
        let mut table = Self {
            scheme: Scheme::None,
            has_program: false,
            partitions: Vec::new(),
            left_out: 0,
            cut_off: None,
        };
        let Some(record) = sector(disk, 0)?.filter(is_boot_record) else { return Ok(table) };
        table.has_program = record[PROGRAM].iter().any(|byte| *byte != 0);
        // A filesystem's boot sector has a program or text where a table has entries.
        if mbr_entries(&record).any(|entry| entry.flag & 0x7f != 0) {
            return Ok(table);
        }
        if !mbr_entries(&record).any(|entry| entry.kind == MBR_GPT) {
            table.scheme = Scheme::Mbr;
            table.partitions = mbr(disk, &record)?;
            return Ok(table);
        }
        let last = (len / SECTOR_LEN).saturating_sub(1);
        for place in [1, last] {
            if let Some(partitions) = gpt(disk, place, SECTOR_LEN, len)? {
                return Ok(Self { scheme: Scheme::Gpt, partitions, ..table });
            }
        }
        let is_large = gpt(disk, 1, LARGE_SECTOR_LEN, len)?.is_some();
        table.scheme = if is_large { Scheme::LargeSectors } else { Scheme::DamagedGpt };
        Ok(table)
    }
}

fn is_boot_record(sector: &[u8; 512]) -> bool {
    sector[510..] == BOOT_SIGNATURE
}

/// Reads a sector; `None` beyond the disk's end.
fn sector(disk: &dyn Disk, index: u64) -> io::Result<Option<[u8; 512]>> {
    let mut bytes = [0; 512];
    let end = index.checked_add(1).and_then(|next| next.checked_mul(SECTOR_LEN));
    if end.is_none_or(|end| end > disk.size().unwrap_or_default()) {
        return Ok(None);
    }
    disk.read_exact_at(&mut bytes, index * SECTOR_LEN)?;
    Ok(Some(bytes))
}

/// Makes a partition of sectors; `None` if it is empty or its end does not fit 64 bits.
fn partition(number: u32, first: u64, count: u64, is_efi: bool) -> Option<Partition> {
    let (offset, len) = (first.checked_mul(SECTOR_LEN)?, count.checked_mul(SECTOR_LEN)?);
    offset.checked_add(len)?;
    (len > 0).then_some(Partition { number, offset, len, is_efi })
}

/// An entry of a boot record; `first` and `count` are in sectors.
struct MbrEntry {
    /// 0x80 if the BIOS boots from the partition, else 0.
    flag: u8,
    kind: u8,
    first: u64,
    count: u64,
}

/// Returns all four entries, used or not.
fn mbr_entries(record: &[u8; 512]) -> impl Iterator<Item = MbrEntry> + '_ {
    let entries = record[MBR_ENTRIES..510].chunks_exact(MBR_ENTRY_LEN);
    entries.map(|entry| MbrEntry {
        flag: entry[0],
        kind: entry[4],
        first: u64::from(u32_at(entry, 8)),
        count: u64::from(u32_at(entry, 12)),
    })
}

fn mbr(disk: &dyn Disk, record: &[u8; 512]) -> io::Result<Vec<Partition>> {
    let mut found = Vec::new();
    let mut extended = None;
    for (number, entry) in (1..).zip(mbr_entries(record)) {
        match entry.kind {
            0 => {}
            kind if MBR_EXTENDED.contains(&kind) => {
                extended = extended.or(Some(entry.first).filter(|first| *first > 0));
            }
            kind => {
                found.extend(partition(number, entry.first, entry.count, kind == MBR_EFI));
            }
        }
    }
    if let Some(extended) = extended {
        found.extend(logical(disk, extended)?);
    }
    Ok(found)
}

/// Reads the chain of an extended partition. Each link is a boot record with two entries: a
/// partition, whose place is relative to the link's own sector, and the next link, whose place is
/// relative to the extended partition's beginning.
fn logical(disk: &dyn Disk, extended: u64) -> io::Result<Vec<Partition>> {
    let (mut found, mut number, mut at) = (Vec::new(), 5, extended);
    for _ in 0..LOGICAL_MAX {
        let Some(record) = sector(disk, at)?.filter(is_boot_record) else { break };
        let mut next = None;
        // Only the first two entries of a link are valid. Old tools left garbage in the others.
        for entry in mbr_entries(&record).take(2) {
            if MBR_EXTENDED.contains(&entry.kind) {
                next = Some(extended + entry.first).filter(|next| *next != extended);
            } else if entry.kind != 0 {
                let is_efi = entry.kind == MBR_EFI;
                found.extend(partition(number, at + entry.first, entry.count, is_efi));
                number += 1;
            }
        }
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(found)
}

/// Reads the table whose header is in sector `place`; `None` if the header or the entries are
/// damaged.
fn gpt(
    disk: &dyn Disk,
    place: u64,
    sector_len: u64,
    disk_len: u64,
) -> io::Result<Option<Vec<Partition>>> {
    let Some(header) = sector(disk, place * (sector_len / SECTOR_LEN))? else { return Ok(None) };
    let Some(header) = GptHeader::decode(&header, place) else { return Ok(None) };
    let Some(begin) = header.entries_at.checked_mul(sector_len) else { return Ok(None) };
    let len = u64::from(header.count) * u64::from(header.entry_len);
    let is_inside = begin.checked_add(len).is_some_and(|end| end <= disk_len);
    if !is_inside || len > ENTRIES_LEN_MAX {
        return Ok(None);
    }
    let mut entries = vec![0; len as usize];
    disk.read_exact_at(&mut entries, begin)?;
    if crc32fast::hash(&entries) != header.entries_crc {
        return Ok(None);
    }
    let found = (1..).zip(entries.chunks_exact(header.entry_len as usize));
    let found = found.filter_map(|(number, entry)| gpt_entry(number, entry));
    Ok(Some(found.collect()))
}

/// The fields of a sound header.
struct GptHeader {
    entries_at: u64,
    count: u32,
    entry_len: u32,
    entries_crc: u32,
}

impl GptHeader {
    /// Decodes the header in sector `place`; `None` if it is damaged or names another sector.
    fn decode(sector: &[u8; 512], place: u64) -> Option<Self> {
        let header_len = u32_at(sector, 12) as usize;
        if sector[..8] != *GPT_SIGNATURE || !(92..=512).contains(&header_len) {
            return None;
        }
        let mut covered = sector[..header_len].to_vec();
        covered[16..20].fill(0);
        let entry_len = u32_at(sector, 84);
        let is_sound = crc32fast::hash(&covered) == u32_at(sector, 16)
            && u64_at(sector, 24) == place
            && entry_len >= 128
            && entry_len.is_power_of_two();
        is_sound.then(|| Self {
            entries_at: u64_at(sector, 72),
            count: u32_at(sector, 80),
            entry_len,
            entries_crc: u32_at(sector, 88),
        })
    }
}

fn gpt_entry(number: u32, entry: &[u8]) -> Option<Partition> {
    let kind = &entry[..16];
    let (first, last) = (u64_at(entry, 32), u64_at(entry, 40));
    if kind == [0; 16] || last < first {
        return None;
    }
    partition(number, first, (last - first).checked_add(1)?, kind == GPT_EFI)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests;
