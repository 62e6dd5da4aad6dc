//! Zeros in place of what nothing refers to any more, on any filesystem.

use std::ops::Range;

use crate::{ChangedInodes, DiskError, Medium, OfflineFilesystem};

/// What is read at once where all free space must be looked at.
const SCAN_LEN: u64 = 1 << 20;

/// The free space and the journal of a filesystem before a patch.
#[derive(Debug)]
pub struct FreeSpaceSnapshot {
    free: Vec<Range<u64>>,
    journal: (u64, u32),
}

impl FreeSpaceSnapshot {
    /// Reads them.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading.
    pub fn of(filesystem: &dyn OfflineFilesystem) -> Result<Self, DiskError> {
        let head = filesystem.journal()?.first().map_or(0, |first| first.start);
        let journal = (head, filesystem.journal_round()?);
        Ok(Self { free: filesystem.free_space()?, journal })
    }
}

/// Where something may be that was freed.
#[derive(Clone, Copy, Debug)]
pub enum ScrubScope<'a> {
    /// Everything else was clean when the patch began.
    Since {
        /// Where the journal was written to from then on, and in which round.
        journal: (u64, u32),
        /// What changed.
        changed: &'a ChangedInodes,
    },
    /// Anywhere.
    Everything,
}

/// Scrubs a filesystem that was unmounted cleanly: what was freed since `before`, or whatever is
/// free. `is_hole` tells of bytes that were never written, where the device's file knows.
///
/// # Durability
/// Durable once the device was synced.
///
/// # Errors
/// [`DiskError::Damaged`]; errors of reading and writing.
pub fn scrub(
    medium: &Medium,
    filesystem: &dyn OfflineFilesystem,
    before: Option<&FreeSpaceSnapshot>,
    changed: &ChangedInodes,
    is_hole: &dyn Fn(&Range<u64>) -> bool,
) -> Result<(), DiskError> {
    let free = filesystem.free_space()?;
    if let Some(before) = before {
        filesystem.scrub_metadata(&ScrubScope::Since { journal: before.journal, changed })?;
        return without(&free, &before.free).into_iter().try_for_each(|freed| medium.zero(freed));
    }
    filesystem.scrub_metadata(&ScrubScope::Everything)?;
    free.into_iter().try_for_each(|range| scrub_range(medium, range, is_hole))
}

/// Returns what is in `ranges` and not in `others`; both ascend.
fn without(ranges: &[Range<u64>], others: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    for range in ranges {
        let mut at = range.start;
        let first = others.partition_point(|other| other.end <= at);
        for other in others[first..].iter().take_while(|other| other.start < range.end) {
            if other.start > at {
                found.push(at..other.start);
            }
            at = at.max(other.end);
        }
        if at < range.end {
            found.push(at..range.end);
        }
    }
    found
}

/// Zeroes those parts of a range that are not zero.
fn scrub_range(
    medium: &Medium,
    range: Range<u64>,
    is_hole: &dyn Fn(&Range<u64>) -> bool,
) -> Result<(), DiskError> {
    if is_hole(&range) {
        return Ok(());
    }
    let mut at = range.start;
    while at < range.end {
        let part = at..range.end.min(at + SCAN_LEN);
        let is_dirty = || -> Result<bool, DiskError> {
            let bytes = medium.read(part.start, (part.end - part.start) as usize)?;
            Ok(bytes.iter().any(|byte| *byte != 0))
        };
        if !is_hole(&part) && is_dirty()? {
            medium.zero(part.clone())?;
        }
        at = part.end;
    }
    Ok(())
}

/// Zeroes bytes; returns whether there was anything.
pub(crate) fn clear(bytes: &mut [u8]) -> bool {
    let is_dirty = bytes.iter().any(|byte| *byte != 0);
    if is_dirty {
        bytes.fill(0);
    }
    is_dirty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_free_before_is_left_out() {
        let found = without(&[0..10, 20..30, 40..50], &[2..4, 6..8, 9..22, 45..60]);
        assert_eq!(found, [0..2, 4..6, 8..9, 22..30, 40..45]);
        assert_eq!(without(&[0..10, 20..30], &[]), [0..10, 20..30]);
        assert_eq!(without(&[5..10, 12..14], &[0..10, 11..20]), []);
    }
}
