//! Checks a qcow2's header and tables before anything reads its disk.
//!
//! ```text
//! header ─▶ L1 table ─▶ L2 tables ─▶ clusters of data, compressed or not
//! ```
//!
//! `qemu-img` and libraries read a cluster beyond the file's end as zeros, so a file that was cut
//! off would become another disk without an error. An encrypted disk would become an image of
//! ciphertext. This check finds files of both kinds; the reader of the disk detects all other
//! faults.
//!
//! *Source:* qemu/docs/interop/qcow2.rst.

use std::collections::BTreeSet;
use std::io::{self, Read as _};

use super::{Disk, LEN_MAX};

const MAGIC: &[u8; 4] = b"QFI\xfb";

/// Length of a version 2 header, and of the part of a version 3 header that is examined, in bytes.
const HEADER_V2_LEN: usize = 72;
const HEADER_LEN: usize = 104;

/// Base-2 logarithms of the allowed cluster sizes: 512 bytes to 2 MiB.
const CLUSTER_BITS: std::ops::RangeInclusive<u32> = 9..=21;

/// Incompatible features that do not affect reading: bit 0, dirty, and bit 1, corrupt. Both mean
/// that reference counts may be wrong.
const HARMLESS: u64 = 0b11;

/// Entries of the L1 table that are in memory at once: 64 Ki × 8 bytes = 512 KiB.
const L1_ENTRIES: u64 = 64 << 10;

/// Parts of a table entry: the offset and, in L2 tables, the marks of compression and of zeros.
const OFFSET: u64 = 0x00ff_ffff_ffff_fe00;
const IS_COMPRESSED: u64 = 1 << 62;
const IS_ZERO: u64 = 1;

/// Limit on compressed clusters that may reach past the file's end: one per byte of the file's last
/// sector.
const ENDS_MAX: usize = 512;

/// A reason to refuse a qcow2.
#[derive(Debug, thiserror::Error)]
pub enum Qcow2Error {
    /// The file's clusters are encrypted; the text names the method.
    #[error("its content is encrypted ({0}): decrypt it with `qemu-img convert` and its key")]
    Encrypted(&'static str),
    /// The file ends before a table or cluster.
    #[error(
        "the file was cut off: it has {len} bytes, and {what} is at {at}; get it again (`qemu-img check` confirms the damage)"
    )]
    Truncated {
        /// The missing part, such as `a cluster`.
        what: &'static str,
        /// Offset in the file at which the missing part should begin, in bytes.
        at: u64,
        /// Length of the file in bytes.
        len: u64,
    },
    /// The disk is longer than [`LEN_MAX`]; the value is its length in bytes.
    #[error("it is a disk of {} bytes, and at most {} GiB are allowed", .0, LEN_MAX >> 30)]
    TooLong(u64),
    /// The version, the size of clusters or the length of the L1 table is impossible.
    #[error("its header is damaged: {0}")]
    Header(String),
    /// The file could not be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

struct Header {
    cluster_bits: u32,
    size: u64,
    l1_len: u64,
    l1_at: u64,
}

/// Checks that a qcow2 is not encrypted, and that its file holds every table and cluster that the
/// header and the tables refer to.
///
/// # Errors
/// [`Qcow2Error`].
pub fn check(file: &dyn Disk) -> Result<(), Qcow2Error> {
    let len = file.size()?;
    let Some(header) = header(file, len)? else { return Ok(()) };
    let cluster = 1u64 << header.cluster_bits;
    // Bytes of the disk that one L2 table covers.
    let reach = cluster / 8 * cluster;
    let wanted = header.size.div_ceil(reach);
    if header.l1_len < wanted {
        let what = format!("{} entries are too few for {} bytes", header.l1_len, header.size);
        return Err(Qcow2Error::Header(what));
    }
    let mut tables = Tables { file, len, header, ends: BTreeSet::new() };
    tables.inside("its first table", tables.header.l1_at, wanted * 8)?;
    let mut l2 = vec![0; cluster as usize];
    for first in (0..wanted).step_by(L1_ENTRIES as usize) {
        let mut l1 = vec![0; (L1_ENTRIES.min(wanted - first) * 8) as usize];
        file.read_exact_at(&mut l1, tables.header.l1_at + first * 8)?;
        for (index, entry) in (first..).zip(entries(&l1)) {
            let at = entry & OFFSET;
            if at == 0 {
                continue;
            }
            tables.inside("a table", at, cluster)?;
            file.read_exact_at(&mut l2, at)?;
            tables.check_clusters(&l2, index * reach)?;
        }
    }
    Ok(())
}

/// The walk over a qcow2's tables.
struct Tables<'a> {
    file: &'a dyn Disk,
    len: u64,
    header: Header,
    /// Offsets of compressed clusters whose sector count reaches past the file's end, but whose
    /// data is complete.
    ends: BTreeSet<u64>,
}

impl Tables<'_> {
    /// Checks that a range is in the file.
    fn inside(&self, what: &'static str, at: u64, wanted: u64) -> Result<(), Qcow2Error> {
        match at.checked_add(wanted) {
            Some(end) if end <= self.len => Ok(()),
            _ => Err(Qcow2Error::Truncated { what, at, len: self.len }),
        }
    }

    /// Checks the clusters of an L2 table, which covers the disk from offset `guest` on.
    fn check_clusters(&mut self, l2: &[u8], guest: u64) -> Result<(), Qcow2Error> {
        let cluster = 1u64 << self.header.cluster_bits;
        for (index, entry) in (0..).zip(entries(l2)) {
            // Readers ignore the part of a cluster past the disk's end, so the file may lack that
            // part.
            let left = self.header.size.saturating_sub(guest + index * cluster).min(cluster);
            if left == 0 {
                break;
            }
            if entry & IS_COMPRESSED != 0 {
                let count_bits = self.header.cluster_bits - 8;
                let offset_bits = 62 - count_bits;
                let at = entry & ((1 << offset_bits) - 1);
                let sectors = (entry >> offset_bits) & ((1 << count_bits) - 1);
                // The count excludes the sector in which the cluster begins.
                self.check_compressed(at, (at & !511) + (sectors + 1) * 512)?;
            } else if entry & IS_ZERO == 0 && entry & OFFSET != 0 {
                self.inside("a cluster", entry & OFFSET, left)?;
            }
        }
        Ok(())
    }

    /// Checks a compressed cluster between two offsets. Its data may end anywhere in the last
    /// sector, and only some writers pad that sector. If the file ends within that sector, only
    /// decompression shows whether the cluster is complete.
    fn check_compressed(&mut self, at: u64, end: u64) -> Result<(), Qcow2Error> {
        if end <= self.len || self.ends.contains(&at) {
            return Ok(());
        }
        let cut_off = Qcow2Error::Truncated { what: "a compressed cluster", at, len: self.len };
        if at >= self.len || end - self.len >= 512 || self.ends.len() == ENDS_MAX {
            return Err(cut_off);
        }
        let mut bytes = vec![0; (self.len - at) as usize];
        self.file.read_exact_at(&mut bytes, at)?;
        let mut content = vec![0; 1 << self.header.cluster_bits];
        // Try deflate only. A file with another compression needs a feature that the reader lacks,
        // so the reader refuses the file.
        match flate2::read::DeflateDecoder::new(&bytes[..]).read_exact(&mut content) {
            Ok(()) => drop(self.ends.insert(at)),
            Err(_) => return Err(cut_off),
        }
        Ok(())
    }
}

fn entries(table: &[u8]) -> impl Iterator<Item = u64> + '_ {
    table.chunks_exact(8).map(|entry| u64_at(entry, 0))
}

/// Reads the header; `None` if the file needs a feature that the reader does not know: the reader
/// then refuses the file itself.
fn header(file: &dyn Disk, len: u64) -> Result<Option<Header>, Qcow2Error> {
    let mut bytes = [0; HEADER_LEN];
    let present = len.min(HEADER_LEN as u64) as usize;
    file.read_exact_at(&mut bytes[..present], 0)?;
    let version = u32_at(&bytes, 4);
    if bytes[..4] != *MAGIC || !matches!(version, 2 | 3) {
        return Err(Qcow2Error::Header("it is no qcow2 of version 2 or 3".to_owned()));
    }
    if present < HEADER_V2_LEN || (version == 3 && present < HEADER_LEN) {
        return Err(Qcow2Error::Truncated { what: "the header's end", at: HEADER_LEN as u64, len });
    }
    match u32_at(&bytes, 32) {
        0 => {}
        1 => return Err(Qcow2Error::Encrypted("AES")),
        2 => return Err(Qcow2Error::Encrypted("LUKS")),
        _ => return Err(Qcow2Error::Encrypted("by an unknown method")),
    }
    if version == 3 && u64_at(&bytes, 72) & !HARMLESS != 0 {
        return Ok(None);
    }
    let (cluster_bits, size) = (u32_at(&bytes, 20), u64_at(&bytes, 24));
    if !CLUSTER_BITS.contains(&cluster_bits) {
        return Err(Qcow2Error::Header(format!(
            "it has clusters of 2^{cluster_bits} bytes, and 2^9 to 2^21 are allowed"
        )));
    }
    if size > LEN_MAX {
        return Err(Qcow2Error::TooLong(size));
    }
    let (l1_len, l1_at) = (u64::from(u32_at(&bytes, 36)), u64_at(&bytes, 40));
    Ok(Some(Header { cluster_bits, size, l1_len, l1_at }))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(word)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) << 32 | u64::from(u32_at(bytes, at + 4))
}
