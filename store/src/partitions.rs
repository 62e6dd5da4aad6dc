//! Partition tables: from a disk's sectors to its partitions.
//!
//! ```text
//! sector 0            MBR: a program, 4 entries, 55 AA   ── an extended partition ─▶ a chain of such sectors
//! sector 1, or the
//! disk's last one     GPT's header ── its entries, wherever it says
//! ```
//!
//! Partitions have the numbers that Linux gives them. Sectors have 512 bytes: EC2 knows no others. A table is of
//! somebody else's making: what a checksum does not cover, or does not lie on the disk, is no partition.
//!
//! The `gpt` crate writes our own tables, and ends a process that reads one with entries of more than 128 bytes;
//! so tables of others are read here.
//!
//! *Source:* UEFI specification 2.10, section 5; linux/block/partitions/{efi,msdos}.c.

use std::io;

use wire::bytes::{u32_at, u64_at};

use crate::ingest::disk::Disk;

/// Bytes of a sector.
pub const SECTOR_LEN: u64 = 512;

/// The sectors of disks that no table here may be for.
const LARGE_SECTOR_LEN: u64 = 4096;

/// Entries of a GPT in bytes at most: 1 MiB is 64 times the usual 128 entries of 128 bytes.
const ENTRIES_LEN_MAX: u64 = 1 << 20;

/// The highest number of a partition: Linux shows no others (DISK_MAX_PARTS is 256, and the disk itself is 0). A GPT may
/// have 8192 entries, each of them all of the disk.
pub const NUMBER_MAX: u32 = 255;

/// Links in the chain of an extended partition at most: each has a partition. A chain that leads to itself ends here, too.
const LOGICAL_MAX: u32 = NUMBER_MAX;

const BOOT_SIGNATURE: [u8; 2] = [0x55, 0xaa];
const GPT_SIGNATURE: &[u8; 8] = b"EFI PART";

/// Bytes of a boot record that are a program.
const PROGRAM: std::ops::Range<usize> = 0..440;

/// Where a boot record's entries begin, and how long one is.
const MBR_ENTRIES: usize = 446;
const MBR_ENTRY_LEN: usize = 16;

/// Types of partitions in a boot record: the whole disk is a GPT's, an EFI system partition, extended ones.
const MBR_GPT: u8 = 0xee;
const MBR_EFI: u8 = 0xef;
const MBR_EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];

/// An EFI system partition's type: C12A7328-F81F-11D2-BA4B-00A0C93EC93B, as it is written.
const GPT_EFI: [u8; 16] = [
    0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b,
];

/// A stretch of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its number, as in `/dev/nvme0n1p1`.
    pub number: u32,
    /// Where it begins on the disk, in bytes.
    pub offset: u64,
    /// Its length in bytes; it ends on the disk.
    pub len: u64,
    /// Whether it is an EFI system partition.
    pub is_efi: bool,
}

/// How a disk is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Not at all.
    None,
    /// By a master boot record.
    Mbr,
    /// By a GUID partition table.
    Gpt,
    /// By a GUID partition table that is damaged at both of its places.
    DamagedGpt,
    /// By a GUID partition table of sectors of 4096 bytes.
    LargeSectors,
}

/// What a disk's first sectors say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How the disk is divided.
    pub scheme: Scheme,
    /// Whether its first sector has a program that a BIOS would run.
    pub has_program: bool,
    /// Its partitions by their numbers, up to [`NUMBER_MAX`].
    pub partitions: Vec<Partition>,
    /// How many have higher numbers, and are left out.
    pub left_out: usize,
    /// The first of those that end behind the disk, and where, in bytes: the disk was cut off. They are left out, too.
    pub cut_off: Option<(u32, u64)>,
}

impl Table {
    /// Reads a disk's partition table.
    ///
    /// # Errors
    /// Errors of reading the disk. A table that makes no sense is no error: it has no partitions.
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
        // A filesystem's boot sector has its program, or text, where entries would be.
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

/// Makes a partition of sectors; `None` for no sectors, and for more than any disk has.
fn partition(number: u32, first: u64, count: u64, is_efi: bool) -> Option<Partition> {
    let (offset, len) = (first.checked_mul(SECTOR_LEN)?, count.checked_mul(SECTOR_LEN)?);
    offset.checked_add(len)?;
    (len > 0).then_some(Partition { number, offset, len, is_efi })
}

/// An entry of a boot record, in sectors.
struct MbrEntry {
    /// 0x80 for the one to boot from, else 0.
    flag: u8,
    kind: u8,
    first: u64,
    count: u64,
}

/// Returns all four, used or not.
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

/// Reads the chain of an extended partition that begins at a sector: each link has a partition, told from itself
/// on, and the next link, told from the extended partition's begin on.
fn logical(disk: &dyn Disk, extended: u64) -> io::Result<Vec<Partition>> {
    let (mut found, mut number, mut at) = (Vec::new(), 5, extended);
    for _ in 0..LOGICAL_MAX {
        let Some(record) = sector(disk, at)?.filter(is_boot_record) else { break };
        let mut next = None;
        // The first two are used; tools of old have left others.
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

/// Reads the table whose header is in a sector; `None` where there is no sound one.
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

/// What a sound header says.
struct GptHeader {
    entries_at: u64,
    count: u32,
    entry_len: u32,
    entries_crc: u32,
}

impl GptHeader {
    /// Decodes the header that is in a sector of that number.
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
