//! What stays known of a volume's blocks over a patch.

use crate::device::{Device, Root};
use crate::error::UnpackError;
use crate::known_blocks::KnownBlocks;
use crate::ledger::Ledger;
use crate::scan::{Evidence, Have};

use super::Request;

/// Takes what is known, where nobody else wrote to the volume; on disk it is no more.
pub(super) fn take(
    request: &Request<'_>,
    device: &Device,
    have: &Have<'_>,
) -> Result<Option<KnownBlocks>, UnpackError> {
    let Some((folder, name)) = request.ledger else { return Ok(None) };
    let is_ours = have.evidence == Evidence::Counters && !request.is_fresh;
    let of = || Ledger::load(folder, name).map(|ledger| ledger.digest());
    let known = is_ours.then(|| KnownBlocks::load(folder, name, of, device.size())).flatten();
    KnownBlocks::remove(folder, name)?;
    Ok(known)
}

/// Leaves out what was written; where that is not known, nothing is any more.
pub(super) fn without(
    known: Option<KnownBlocks>,
    root: &Root,
    written: Option<&[(u64, u64)]>,
) -> Option<KnownBlocks> {
    let (mut known, written) = (known?, written?);
    // Boot loaders lie before the root filesystem.
    known.forget(0..root.offset());
    for (begin, len) in written.iter().map(|(at, len)| (root.offset() + at, len)) {
        known.forget(begin..begin + len);
    }
    Some(known)
}
