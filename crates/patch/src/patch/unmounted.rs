//! Step 8, once the filesystem is unmounted: scrubs freed data, and counts written blocks by cause.

use std::collections::BTreeMap;
use std::ops::Range;

use diskfs::{Areas, Cause, ChangedInodes, FreeSpaceSnapshot, Medium, scrub};
use sysio::blocktrace::WriteTrace;
use wire::digest::Digest;
use wire::proto::DirtyBlocks;
use wire::units::SNAPSHOT_BLOCK_LEN;

use super::job::Job;
use crate::PatchError;
use crate::device::{Device, Root};
use crate::freed::FreedPolicy;

/// A volume after scrubbing, still unmounted.
#[derive(Debug)]
pub(super) struct UnmountedState {
    /// Written blocks; `None` if the kernel does not count them.
    pub dirty: Option<DirtyBlocks>,
    /// Offset and length of every written range of the root filesystem; `None` if the kernel does not report them.
    pub written: Option<Vec<(u64, u64)>>,
    /// Digest of the metadata that every mount for writing changes. The ledger keeps this digest.
    pub superblock_digest: Digest,
}

/// Reads the free space before a patch; `None` if scrubbing cannot rely on it.
pub(super) fn free_space(
    job: &Job<'_>,
    root: &Root,
    is_clean: bool,
) -> Result<Option<FreeSpaceSnapshot>, PatchError> {
    if job.options.freed == FreedPolicy::Keep || !is_clean {
        return Ok(None);
    }
    let medium = Medium::open(root.path())?;
    Ok(Some(FreeSpaceSnapshot::of(&*job.volume.filesystem.open_offline(&medium)?)?))
}

/// Returns the digest of an unmounted filesystem's metadata, by which a later patch sees that nobody changed it.
pub(super) fn superblock_digest(job: &Job<'_>, root: &Root) -> Result<Digest, PatchError> {
    let medium = Medium::open(root.path())?;
    Ok(job.volume.filesystem.open_offline(&medium)?.superblock_digest()?)
}

/// Scrubs if the policy says so, and counts the written blocks. The caller has unmounted the filesystem and synced its
/// device.
pub(super) fn finish(
    job: &Job<'_>,
    device: &Device,
    root: &Root,
    trace: Option<WriteTrace>,
    free_space: Option<&FreeSpaceSnapshot>,
    changed: &ChangedInodes,
) -> Result<UnmountedState, PatchError> {
    let medium = Medium::open(root.path())?;
    let mut trace = trace;
    let mut written = || trace.as_mut().and_then(|trace| trace.take().ok().flatten());
    let patched = written();
    let filesystem = job.volume.filesystem.open_offline(&medium)?;
    if job.options.freed == FreedPolicy::Scrub {
        let offset = root.offset();
        let is_hole = |range: &Range<u64>| device.is_hole(offset + range.start..offset + range.end);
        scrub(&medium, &*filesystem, free_space, changed, &is_hole)?;
        root.sync()?;
    }
    // Scrubbing changes neither the metadata that the digest covers nor the place of any block.
    let (areas, superblock_digest) = (filesystem.areas(changed)?, filesystem.superblock_digest()?);
    let written = patched.zip(written());
    let dirty = written.as_ref().map(|(patched, scrubbed)| count(&areas, patched, scrubbed));
    // A mount alone writes blocks, so a trace without writes has missed them.
    let written = written
        .filter(|(patched, _)| !patched.is_empty())
        .map(|(patched, scrubbed)| [patched, scrubbed].concat());
    Ok(UnmountedState { dirty, written, superblock_digest })
}

/// Counts each snapshot block once, under the first cause that touched it.
fn count(areas: &Areas, patched: &[(u64, u64)], scrubbed: &[(u64, u64)]) -> DirtyBlocks {
    let mut causes: BTreeMap<u64, Cause> = BTreeMap::new();
    let mut touch = |range: Range<u64>, cause: Cause| {
        for block in range.start / SNAPSHOT_BLOCK_LEN..range.end.div_ceil(SNAPSHOT_BLOCK_LEN) {
            causes.entry(block).and_modify(|first| *first = cause.min(*first)).or_insert(cause);
        }
    };
    for (begin, len) in patched {
        areas.split(*begin..begin + len, &mut touch);
    }
    for (begin, len) in scrubbed {
        touch(*begin..begin + len, Cause::Scrub);
    }
    by_cause(&causes)
}

/// Counts snapshot blocks by cause, without those of boot loaders.
pub(super) fn by_cause(causes: &BTreeMap<u64, Cause>) -> DirtyBlocks {
    let of = |cause| causes.values().filter(|found| **found == cause).count() as u64;
    DirtyBlocks {
        total: causes.len() as u64,
        data: of(Cause::Data),
        directory: of(Cause::Directory),
        inode_table: of(Cause::InodeTable),
        bitmap: of(Cause::Bitmap),
        journal: of(Cause::Journal),
        scrub: of(Cause::Scrub),
        boot: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_counted_once_under_its_first_cause() {
        const BLOCK: u64 = SNAPSHOT_BLOCK_LEN;
        let areas = Areas::new(vec![(0..4096, Cause::Bitmap), (BLOCK..2 * BLOCK, Cause::Journal)]);
        let patched = [(0, 4096), (8192, 4096), (BLOCK, 4096), (BLOCK + 4096, 4096)];
        let found = count(&areas, &patched, &[(0, 4096), (5 * BLOCK - 4096, 8192)]);
        assert_eq!((found.total, found.data, found.journal), (4, 1, 1));
        assert_eq!((found.bitmap, found.scrub), (0, 2));
    }
}
