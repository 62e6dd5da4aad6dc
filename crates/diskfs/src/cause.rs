//! Causes of written blocks, and the areas of a device in which the kernel's writes have one known
//! cause.

use std::ops::Range;

/// Cause of a written block. A snapshot block with several causes counts once, under the one that
/// comes first in this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Content of files, and everything without another cause.
    Data,
    /// Blocks of the directories that the patch changed.
    Directory,
    /// Blocks of inodes: ext4's tables, XFS's chunks.
    InodeTable,
    /// Superblocks, group descriptors and headers, and maps of free blocks and of inodes.
    Bitmap,
    /// Blocks of ext4's journal or of XFS's log.
    Journal,
    /// Zeros written over freed content.
    Scrub,
}

/// Areas of a device, each with the one cause of the kernel's writes to it. The areas are byte
/// ranges in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    areas: Vec<(Range<u64>, Cause)>,
}

impl Areas {
    /// Makes a sorted list of areas, which must not overlap.
    pub fn new(mut areas: Vec<(Range<u64>, Cause)>) -> Self {
        areas.sort_by_key(|(range, _)| range.start);
        Self { areas }
    }

    /// Splits a range by cause, and calls `found` with each part and its cause. The cause of a part
    /// outside of all areas is [`Cause::Data`].
    pub fn split(&self, range: Range<u64>, mut found: impl FnMut(Range<u64>, Cause)) {
        let mut at = range.start;
        let first = self.areas.partition_point(|(area, _)| area.end <= at);
        for (area, cause) in &self.areas[first..] {
            if area.start >= range.end || at >= range.end {
                break;
            }
            if area.start > at {
                found(at..area.start, Cause::Data);
            }
            let begin = area.start.max(at);
            let end = area.end.min(range.end);
            if begin < end {
                found(begin..end, *cause);
                at = end;
            }
        }
        if at < range.end {
            found(at..range.end, Cause::Data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_split_by_cause() {
        let areas = Areas::new(vec![(30..40, Cause::Journal), (10..20, Cause::InodeTable)]);
        let split = |range| {
            let mut found = Vec::new();
            areas.split(range, |part, cause| found.push((part, cause)));
            found
        };
        assert_eq!(split(0..5), [(0..5, Cause::Data)]);
        assert_eq!(split(12..18), [(12..18, Cause::InodeTable)]);
        assert_eq!(
            split(5..50),
            [
                (5..10, Cause::Data),
                (10..20, Cause::InodeTable),
                (20..30, Cause::Data),
                (30..40, Cause::Journal),
                (40..50, Cause::Data)
            ]
        );
    }
}
