//! Scrubs any filesystem: zeroes content that nothing refers to any more.

use std::ops::Range;

use crate::{ChangedInodes, DiskError, Medium, OfflineFilesystem};

/// Bytes of one read when all free space is examined.
const SCAN_LEN: u64 = 1 << 20;

/// Free space and the journal's head before a patch. The patch freed the ranges that are free only
/// after it.
#[derive(Debug)]
pub struct FreeSpaceSnapshot {
    free: Vec<Range<u64>>,
    journal: (u64, u32),
}

impl FreeSpaceSnapshot {
    /// Reads the free space and the journal's head of an unmounted filesystem.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading.
    pub fn of(filesystem: &dyn OfflineFilesystem) -> Result<Self, DiskError> {
        let head = filesystem.journal()?.first().map_or(0, |first| first.start);
        let journal = (head, filesystem.journal_round()?);
        Ok(Self { free: filesystem.free_space()?, journal })
    }
}

/// The scope of a scrub: where freed content may be.
#[derive(Clone, Copy, Debug)]
pub enum ScrubScope<'a> {
    /// Everything was scrubbed before the patch, so all freed content comes from the patch.
    Since {
        /// Offset and round of the journal's head before the patch.
        journal: (u64, u32),
        /// Inodes that the patch changed, whose slots and directories may hold freed names and attributes.
        changed: &'a ChangedInodes,
    },
    /// Freed content may be anywhere.
    Everything,
}

/// Scrubs a filesystem after a clean unmount: the space freed since `before`, or all free space if
/// `before` is `None`. `is_hole` returns whether a range was never written, as far as the volume's
/// image file shows this.
///
/// # Durability
/// None until the device is synced.
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

/// Returns the parts of `ranges` outside of `others`; both must ascend.
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

/// Zeroes the nonzero pieces of a range, so that zeros are not written again.
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

/// Zeroes bytes; returns whether any were nonzero.
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
