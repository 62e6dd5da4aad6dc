//! The log: a ring of records, each with a header and a body of 512-byte blocks.
//!
//! XFS replaces the first word of every block by the round in which the block was written, and
//! keeps the replaced word in the record's header. So the log's head is where the round changes. A
//! clean unmount ends the log with an unmount record. From then on, nothing before that record is
//! read, except headers and rounds. So bodies can be zeroed. Only the last record's checksum must
//! stay right, since the kernel checks it.

use std::ops::Range;

use super::bytes::u32_be;
use super::read::Xfs;
use crate::DiskError;
use crate::ScrubScope;
use crate::scrub::clear;

const BASIC_LEN: usize = 512;
const MAGIC: u32 = 0xfeed_babe;
/// A header keeps the first words of this many blocks; further headers keep those of later blocks.
const WORDS: usize = 64;
const WORDS_AT: usize = 44;
/// Length in bytes of the part of a body that one header covers: it keeps the first words of the
/// blocks of this part.
const HEADER_COVERS: usize = WORDS * BASIC_LEN;
/// Bytes of a record's header that the record's checksum covers. The kernel's version decides which
/// of the two lengths holds.
const HEADER_LENS: [usize; 2] = [328, 324];
/// Bytes of a further header that are used: round and words.
const FURTHER_LEN: usize = 260;
const CHECKSUM_AT: usize = 32;
/// Longest record in bytes. *Source:* XLOG_MAX_RECORD_BSIZE.
const RECORD_LEN_MAX: usize = 256 << 10;
/// Bytes read at once: more than twice the longest record.
const WINDOW_LEN: u64 = 1 << 20;
/// Bytes written back at once.
const PAGE_LEN: usize = 4096;
/// Offset of the flags in a body's first operation, the flag of an unmount record, and the used
/// length of that record.
const OPERATION_FLAGS_AT: usize = 9;
const UNMOUNT_FLAG: u8 = 0x20;
const UNMOUNT_LEN: usize = 20;

/// Returns the round in which a block was written.
fn round(block: &[u8]) -> u32 {
    match u32_be(block, 0) {
        MAGIC => u32_be(block, 4),
        round => round,
    }
}

/// Place of a record in a window, in blocks.
struct Record {
    at: usize,
    headers: usize,
    body: usize,
}

impl Record {
    /// Decodes the header of a record at block `at` of a window; `None` if no record begins there.
    fn read(window: &[u8], at: usize) -> Option<Self> {
        let header = window.get(at * BASIC_LEN..(at + 1) * BASIC_LEN)?;
        let (len, size) = (u32_be(header, 12) as usize, u32_be(header, 320) as usize);
        if u32_be(header, 0) != MAGIC || len > RECORD_LEN_MAX || size > RECORD_LEN_MAX {
            return None;
        }
        let headers = size.div_ceil(HEADER_COVERS).max(1);
        Some(Self { at, headers, body: len.div_ceil(BASIC_LEN) })
    }

    fn end(&self) -> usize {
        self.at + self.headers + self.body
    }

    fn body_at(&self) -> usize {
        (self.at + self.headers) * BASIC_LEN
    }

    /// Returns whether the record is complete: no later record has overwritten a block of it.
    fn is_whole(&self, window: &[u8]) -> bool {
        let first_word = |block: usize| u32_be(window, block * BASIC_LEN);
        let written_in = round(&window[self.at * BASIC_LEN..]);
        // A record can wrap around the ring's end; its blocks after the wrap have the next round.
        let is_of_it = |word: u32| word != MAGIC && word.wrapping_sub(written_in) <= 1;
        (self.at + 1..self.end()).all(|block| is_of_it(first_word(block)))
    }

    /// Returns whether the record marks a clean unmount.
    fn is_unmount(&self, window: &[u8]) -> bool {
        let operations = u32_be(window, self.at * BASIC_LEN + 40);
        let flags = window.get(self.body_at() + OPERATION_FLAGS_AT);
        operations == 1 && self.body > 0 && flags.is_some_and(|flags| flags & UNMOUNT_FLAG != 0)
    }

    /// Computes the record's checksum, over `header_len` bytes of the header.
    fn checksum(&self, window: &[u8], header_len: usize) -> u32 {
        let begin = self.at * BASIC_LEN;
        let mut header = window[begin..begin + header_len].to_vec();
        header[CHECKSUM_AT..CHECKSUM_AT + 4].fill(0);
        let mut sum = crc32c::crc32c(&header);
        let len = u32_be(window, begin + 12) as usize;
        // The checksum covers only the further headers that the body needs.
        for further in 1..len.div_ceil(HEADER_COVERS).max(1).min(self.headers) {
            let at = begin + further * BASIC_LEN;
            sum = crc32c::crc32c_append(sum, &window[at..at + FURTHER_LEN]);
        }
        crc32c::crc32c_append(sum, &window[self.body_at()..self.body_at() + len])
    }

    fn stored_checksum(&self, window: &[u8]) -> [u8; 4] {
        let at = self.at * BASIC_LEN + CHECKSUM_AT;
        [window[at], window[at + 1], window[at + 2], window[at + 3]]
    }

    /// Zeroes the record's content, and keeps its checksum right.
    fn clear(&self, window: &mut [u8]) {
        let reckoning = HEADER_LENS
            .into_iter()
            .find(|len| self.checksum(window, *len).to_le_bytes() == self.stored_checksum(window));
        let is_unmount = self.is_unmount(window);
        // The next mount checks the last record: leave it alone if its checksum is not understood.
        // This record holds no content of files.
        if is_unmount && reckoning.is_none() && self.stored_checksum(window) != [0; 4] {
            return;
        }
        clear_headers(window, self.at, self.headers, is_unmount);
        for block in 0..self.body {
            let kept = if is_unmount && block == 0 { UNMOUNT_LEN } else { 4 };
            let at = self.body_at() + block * BASIC_LEN;
            clear(&mut window[at + kept..at + BASIC_LEN]);
        }
        if let Some(len) = reckoning {
            let sum = self.checksum(window, len).to_le_bytes();
            let at = self.at * BASIC_LEN + CHECKSUM_AT;
            window[at..at + 4].copy_from_slice(&sum);
        }
    }
}

/// Zeroes the first words of the body's blocks, which a record's headers keep, and the padding
/// after these words.
fn clear_headers(window: &mut [u8], at: usize, count: usize, is_first_kept: bool) {
    const BEHIND_WORDS: usize = WORDS_AT + WORDS * 4;
    let kept = if is_first_kept { 4 } else { 0 };
    let header = &mut window[at * BASIC_LEN..(at + count) * BASIC_LEN];
    clear(&mut header[WORDS_AT + kept..BEHIND_WORDS]);
    clear(&mut header[HEADER_LENS[0]..BASIC_LEN]);
    for further in header.chunks_exact_mut(BASIC_LEN).skip(1) {
        clear(&mut further[4..]);
    }
}

/// Zeroes the content of a window's records. Returns how many blocks are done, and whether the last
/// record marks an unmount. A record that reaches beyond the window is left to the next window,
/// except if it is the window's first record, or if no window follows (`is_last`).
fn clear_window(window: &mut [u8], is_last: bool) -> (usize, bool) {
    let blocks = window.len() / BASIC_LEN;
    let mut ends_unmounted = false;
    let mut at = 0;
    while at < blocks {
        match Record::read(window, at) {
            Some(record) if record.end() > blocks && !is_last && at > 0 => break,
            Some(record) if record.end() <= blocks && record.is_whole(window) => {
                ends_unmounted = record.is_unmount(window);
                record.clear(window);
                at = record.end();
            }
            // This is a header whose body was overwritten, or the rest of a body whose header was
            // overwritten.
            found => {
                ends_unmounted = false;
                match found {
                    Some(_) => clear_headers(window, at, 1, false),
                    None => drop(clear(&mut window[at * BASIC_LEN + 4..(at + 1) * BASIC_LEN])),
                }
                at += 1;
            }
        }
    }
    (at, ends_unmounted)
}

impl Xfs<'_> {
    /// Returns the log's head, where the kernel writes next: the first block that is still of the
    /// previous round, or was never written.
    pub(super) fn log_head(&self) -> Result<u64, DiskError> {
        let blocks = (self.log.end - self.log.start) / BASIC_LEN as u64;
        let round_of = |block: u64| -> Result<u32, DiskError> {
            let at = self.log.start + block * BASIC_LEN as u64;
            Ok(round(&self.medium.read(at, BASIC_LEN)?))
        };
        let last = round_of(blocks - 1)?;
        // If the whole ring is of one round, it is full, and continues at its beginning.
        let (mut low, mut high) = (0, blocks - 1);
        if round_of(0)? == last {
            return Ok(self.log.start);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if round_of(middle)? == last {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(self.log.start + high * BASIC_LEN as u64)
    }

    /// Returns the round of the block before the log's head.
    pub(super) fn log_round(&self) -> Result<u32, DiskError> {
        let head = self.log_head()?;
        let last = if head == self.log.start { self.log.end } else { head };
        Ok(round(&self.medium.read(last - BASIC_LEN as u64, BASIC_LEN)?))
    }

    /// Zeroes the records that were written since the scope's journal position. Zeroes all records
    /// if the scope has no such position, or if the log has advanced by a full turn since.
    pub(super) fn scrub_log(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        let head = self.log_head()?;
        let len = self.log.end - self.log.start;
        let from = match scope {
            ScrubScope::Since { journal: (before, round), .. }
                if self.log.contains(before) && self.is_within_round(*before, *round, head)? =>
            {
                *before
            }
            _ => head,
        };
        let mut left = match (head + len - from) % len {
            0 => len,
            left => left,
        };
        let mut at = from;
        let mut ends_unmounted = false;
        while left > 0 {
            let window_len = left.min(WINDOW_LEN);
            let before = self.read_ring(at, window_len)?;
            let mut window = before.clone();
            let (done, is_unmount) = clear_window(&mut window, window_len == left);
            self.write_ring(at, &before, &window)?;
            ends_unmounted = is_unmount;
            let done = (done * BASIC_LEN) as u64;
            at = self.log.start + (at - self.log.start + done) % len;
            left -= done;
        }
        if !ends_unmounted {
            return Err(self.medium.damaged("its log does not end with an unmount"));
        }
        Ok(())
    }

    /// Returns whether the log, whose head is now at `head`, has advanced by less than a full turn
    /// since its head was at `before` in round `round`.
    fn is_within_round(&self, before: u64, round: u32, head: u64) -> Result<bool, DiskError> {
        Ok(match self.log_round()?.wrapping_sub(round) {
            0 => head >= before,
            1 => head < before,
            _ => false,
        })
    }

    /// Returns the two parts of a stretch of the ring. The second is empty unless the stretch wraps
    /// around.
    fn ring(&self, at: u64, len: u64) -> [Range<u64>; 2] {
        let first_len = len.min(self.log.end - at);
        [at..at + first_len, self.log.start..self.log.start + len - first_len]
    }

    fn read_ring(&self, at: u64, len: u64) -> Result<Vec<u8>, DiskError> {
        let [first, second] = self.ring(at, len);
        let mut bytes = self.medium.read(first.start, (first.end - first.start) as usize)?;
        bytes.extend(self.medium.read(second.start, (second.end - second.start) as usize)?);
        Ok(bytes)
    }

    /// Writes those pages of a stretch of the ring that differ between `before` and `after`.
    fn write_ring(&self, at: u64, before: &[u8], after: &[u8]) -> Result<(), DiskError> {
        let [first, second] = self.ring(at, after.len() as u64);
        let split = (first.end - first.start) as usize;
        for (place, range) in [(first.start, 0..split), (second.start, split..after.len())] {
            let pages = before[range.clone()].chunks(PAGE_LEN).zip(after[range].chunks(PAGE_LEN));
            for (at, (before, after)) in (place..).step_by(PAGE_LEN).zip(pages) {
                if before != after {
                    self.medium.write(at, after)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record with one header and `body` blocks full of `!`, and a valid checksum.
    fn record(round: u32, body: usize, operations: u32) -> Vec<u8> {
        let mut bytes = vec![b'!'; (1 + body) * BASIC_LEN];
        bytes[..BASIC_LEN].fill(0);
        bytes[WORDS_AT..WORDS_AT + 4 * body].fill(b'!');
        let words = [(0, MAGIC), (4, round), (12, (body * BASIC_LEN) as u32), (40, operations)];
        for (at, word) in words.into_iter().chain([(320, 32 << 10)]) {
            bytes[at..at + 4].copy_from_slice(&word.to_be_bytes());
        }
        for block in 1..=body {
            bytes[block * BASIC_LEN..][..4].copy_from_slice(&round.to_be_bytes());
        }
        let sum = Record::read(&bytes, 0).unwrap().checksum(&bytes, HEADER_LENS[0]);
        bytes[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    fn is_sound(window: &[u8], at: usize) -> bool {
        let record = Record::read(window, at).unwrap();
        record.checksum(window, HEADER_LENS[0]).to_le_bytes() == record.stored_checksum(window)
    }

    #[test]
    fn records_lose_their_bodies_and_stay_sound() {
        let mut unmount = record(5, 1, 1);
        unmount[BASIC_LEN + OPERATION_FLAGS_AT] = UNMOUNT_FLAG;
        let sum = Record::read(&unmount, 0).unwrap().checksum(&unmount, HEADER_LENS[0]);
        unmount[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
        let mut window = [record(5, 3, 7), unmount].concat();
        assert_eq!(clear_window(&mut window, true), (6, true));
        assert!(is_sound(&window, 0));
        assert_eq!(window.iter().filter(|byte| **byte == b'!').count(), 4 + UNMOUNT_LEN - 4 - 1);
        assert!(Record::read(&window, 4).unwrap().is_unmount(&window));
        let rounds: Vec<u32> = window.chunks(BASIC_LEN).map(round).collect();
        assert_eq!(rounds, [5; 6]);
    }

    #[test]
    fn what_is_left_of_older_rounds_is_cleared_too() {
        // Newer records overwrote parts of two old records. The first has only the end of its body
        // left, the second only its header.
        let old = record(4, 3, 7)[2 * BASIC_LEN..].to_vec();
        let headless = record(4, 3, 7)[..BASIC_LEN].to_vec();
        let mut window = [record(5, 1, 7), old, headless].concat();
        assert_eq!(clear_window(&mut window, true), (5, false));
        assert!(!window.contains(&b'!'));
        let rounds: Vec<u32> = window.chunks(BASIC_LEN).map(round).collect();
        assert_eq!(rounds, [5, 5, 4, 4, 4]);
    }

    #[test]
    fn a_record_behind_the_window_waits_for_the_next() {
        let mut window = [record(5, 1, 7), record(5, 9, 7)].concat();
        window.truncate(6 * BASIC_LEN);
        assert_eq!(clear_window(&mut window, false).0, 2);
        let mut noise = vec![0xff; 4 * BASIC_LEN];
        assert_eq!(clear_window(&mut noise, false).0, 4);
    }
}
