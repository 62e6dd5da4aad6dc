//! The cached hashes of a volume's blocks, before and after a patch.

use crate::PatchError;
use crate::block_cache::BlockHashCache;
use crate::device::{Device, Root};
use crate::ledger::Ledger;
use crate::scan::{Evidence, VolumeContent};

use super::job::Job;

/// Loads the cached hashes and deletes their file; `None` if anyone else may have written to the volume.
pub(super) fn take(
    job: &Job<'_>,
    device: &Device,
    have: &VolumeContent<'_>,
) -> Result<Option<BlockHashCache>, PatchError> {
    let Some((folder, name)) = job.volume.ledger else { return Ok(None) };
    let is_ours = have.evidence == Evidence::Counters && !job.options.is_fresh;
    let digest = || Ledger::load(folder, name).map(|ledger| ledger.digest());
    let cache =
        is_ours.then(|| BlockHashCache::load(folder, name, digest, device.size())).flatten();
    BlockHashCache::remove(folder, name)?;
    Ok(cache)
}

/// Drops the hashes of the blocks that this patch wrote, or all hashes if the writes were not traced.
pub(super) fn without_written(
    cache: Option<BlockHashCache>,
    root: &Root,
    written: Option<&[(u64, u64)]>,
) -> Option<BlockHashCache> {
    let (mut cache, written) = (cache?, written?);
    // Boot loaders lie before the root filesystem.
    cache.forget(0..root.offset());
    for (begin, len) in written.iter().map(|(at, len)| (root.offset() + at, len)) {
        cache.forget(begin..begin + len);
    }
    Some(cache)
}
