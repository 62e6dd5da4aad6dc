//! Tables made by `sfdisk`, and malformed ones.

use std::process::{Command, Stdio};

use super::*;

/// Makes a disk of zeros with a table from an `sfdisk` script.
fn disk(len: u64, script: &str) -> Vec<u8> {
    use std::io::Write;
    let scratch = testkit::scratch();
    let path = scratch.path().join("disk");
    std::fs::File::create(&path).unwrap().set_len(len).unwrap();
    let mut command = Command::new("sfdisk");
    let mut child = command.arg("-q").arg(&path).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    std::fs::read(&path).unwrap()
}

/// Returns the kind of table, and each partition's number, first sector, count of sectors, and EFI
/// mark.
fn told(disk: &Vec<u8>) -> (Scheme, Vec<(u32, u64, u64, bool)>) {
    let table = Table::read(disk).unwrap();
    let told = |partition: &Partition| {
        let Partition { number, offset, len, is_efi } = *partition;
        (number, offset / SECTOR_LEN, len / SECTOR_LEN, is_efi)
    };
    (table.scheme, table.partitions.iter().map(told).collect())
}

const GPT: &str = "label: gpt\n1: start=2048, size=2048, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B\n\
                   14: start=8192, size=1\n3: start=4096, size=4000\n";

#[test]
fn a_gpt_is_read_by_numbers() {
    let disk = disk(8 << 20, GPT);
    let expected = vec![(1, 2048, 2048, true), (3, 4096, 4000, false), (14, 8192, 1, false)];
    assert_eq!(told(&disk), (Scheme::Gpt, expected.clone()));
    // The backup table is used if the first is damaged.
    let mut damaged = disk.clone();
    damaged[512 + 60] ^= 1;
    assert_eq!(told(&damaged), (Scheme::Gpt, expected));
    damaged[(8 << 20) - 512 + 60] ^= 1;
    assert_eq!(told(&damaged), (Scheme::DamagedGpt, vec![]));
}

#[test]
fn an_mbr_is_read_with_its_logical_partitions() {
    let script = "label: dos\n1: start=2048, size=100, type=ef\n2: start=4096, size=8192, type=5\n\
                  4: start=12288, size=4096\n5: start=4098, size=100\n6: start=5000, size=200\n7: start=6000, size=6000\n";
    let disk = disk(8 << 20, script);
    let expected = vec![
        (1, 2048, 100, true),
        (4, 12288, 4096, false),
        (5, 4098, 100, false),
        (6, 5000, 200, false),
        (7, 6000, 6000, false),
    ];
    assert_eq!(told(&disk), (Scheme::Mbr, expected));
    // A partition beyond the disk's end is left out; the others keep their numbers.
    let cut = disk[..6 << 20].to_vec();
    assert_eq!(Table::read(&disk).unwrap().cut_off, None);
    assert_eq!(Table::read(&cut).unwrap().cut_off, Some((4, 16_384 * SECTOR_LEN)));
    assert_eq!(told(&cut).1.iter().map(|found| found.0).collect::<Vec<_>>(), [1, 5, 6, 7]);
}

#[test]
fn a_chain_that_leads_to_itself_ends() {
    let mut disk = vec![0; 1 << 20];
    for (at, kind, first) in [(0, 0x05, 8_u32), (8, 0x0f, 16), (24, 0x0f, 16)] {
        let record = &mut disk[at * 512..][..512];
        record[446 + 16 + 4] = kind;
        record[446 + 16 + 8..][..4].copy_from_slice(&first.to_le_bytes());
        record[446 + 16 + 12..][..4].copy_from_slice(&8_u32.to_le_bytes());
        record[510..].copy_from_slice(&BOOT_SIGNATURE);
    }
    assert_eq!(told(&disk), (Scheme::Mbr, vec![]));
}

/// Makes a disk with a GPT of a header and two equal entries, with correct checksums.
fn gpt_of(sector_len: usize, entry_len: usize, count: u32) -> Vec<u8> {
    let mut disk = vec![0; 4 << 20];
    disk[450] = MBR_GPT;
    disk[510..512].copy_from_slice(&BOOT_SIGNATURE);
    let mut entries = vec![0; entry_len * 2];
    for entry in entries.chunks_exact_mut(entry_len) {
        entry[..16].copy_from_slice(&GPT_EFI);
        entry[32..40].copy_from_slice(&40_u64.to_le_bytes());
        entry[40..48].copy_from_slice(&47_u64.to_le_bytes());
    }
    disk[2 * sector_len..][..entries.len()].copy_from_slice(&entries);
    let mut header = [0; 92];
    header[..8].copy_from_slice(GPT_SIGNATURE);
    let words = [(8, 0x10000), (12, 92), (80, count), (84, entry_len as u32)];
    for (at, word) in words.into_iter().chain([(88, crc32fast::hash(&entries))]) {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
    }
    header[24] = 1;
    header[72] = 2;
    let crc = crc32fast::hash(&header);
    header[16..20].copy_from_slice(&crc.to_le_bytes());
    disk[sector_len..][..92].copy_from_slice(&header);
    disk
}

#[test]
fn tables_that_nobody_should_make_are_no_danger() {
    assert_eq!(told(&gpt_of(512, 128, 2)).1.len(), 2);
    assert_eq!(told(&gpt_of(512, 512, 2)).1.len(), 2, "entries may be longer than 128 bytes");
    assert_eq!(told(&gpt_of(512, 128, u32::MAX)), (Scheme::DamagedGpt, vec![]));
    assert_eq!(told(&gpt_of(512, 192, 2)), (Scheme::DamagedGpt, vec![]));
    assert_eq!(told(&gpt_of(4096, 128, 2)), (Scheme::LargeSectors, vec![]));
    for len in [0, 1, 511, 512, 513, 1024] {
        Table::read(&gpt_of(512, 128, 2)[..len].to_vec()).unwrap();
    }
}

#[test]
fn partitions_have_the_numbers_that_linux_shows() {
    let mut disk = gpt_of(512, 128, 2);
    let (entry, count) = (disk[1024..1152].to_vec(), 8192);
    disk[1024..].chunks_exact_mut(128).take(count).for_each(|place| place.copy_from_slice(&entry));
    let crc = crc32fast::hash(&disk[1024..][..count * 128]);
    let header = &mut disk[512..][..92];
    header[80..84].copy_from_slice(&(count as u32).to_le_bytes());
    header[88..92].copy_from_slice(&crc.to_le_bytes());
    header[16..20].fill(0);
    let crc = crc32fast::hash(header);
    header[16..20].copy_from_slice(&crc.to_le_bytes());
    let table = Table::read(&disk).unwrap();
    assert_eq!((table.partitions.len(), table.left_out), (255, 8192 - 255));
    assert!(table.partitions.iter().all(|partition| partition.number <= NUMBER_MAX));
}

#[test]
fn a_filesystem_without_a_table_has_no_partitions() {
    let mut disk = vec![0; 1 << 20];
    disk[446..510].copy_from_slice(&testkit::hostile::noise(64, 7));
    disk[510..512].copy_from_slice(&BOOT_SIGNATURE);
    assert_eq!(told(&disk), (Scheme::None, vec![]));
}

#[test]
fn a_program_is_seen() {
    let mut disk = gpt_of(512, 128, 2);
    assert!(!Table::read(&disk).unwrap().has_program);
    disk[439] = 1;
    assert!(Table::read(&disk).unwrap().has_program);
}
