//! Step 9: the ledger of a volume that is durable.

use boot::{BootRecord, InstalledLoaders};
use wire::digest::Digest;
use wire::proto::{DirtyBlocks, UnpackReport};

use super::fetched::Fetched;
use super::job::Job;
use crate::block_cache::BlockHashCache;
use crate::device::Device;
use crate::ledger::{Ledger, Stamp, Witness};
use crate::plan::Plan;
use crate::scan::VolumeContent;
use crate::{FreedPolicy, PatchError};

/// A volume that holds what it shall hold, and would after a power loss.
pub(super) struct Durable<'a> {
    pub fetched: Fetched<'a>,
    /// Blocks that were written, where the kernel counts them.
    pub dirty: Option<DirtyBlocks>,
    pub loaders: InstalledLoaders,
}

impl Durable<'_> {
    /// Reports what was done.
    pub(super) fn report(&self) -> UnpackReport {
        let Fetched { job, have, plan, bytes_fetched, .. } = &self.fetched;
        job.report(plan, have.evidence, *bytes_fetched, self.dirty, &self.loaders)
    }
}

/// What a new ledger is made from.
pub(super) struct NewLedger<'a> {
    pub plan: &'a Plan,
    pub have: &'a VolumeContent<'a>,
    /// The stamps of what changed, by wanted inode.
    pub stamps: &'a [(u32, Stamp)],
    /// Hashes of the volume's blocks, as far as they are known.
    pub cache: Option<&'a BlockHashCache>,
    pub superblock_digest: Option<Digest>,
    pub loaders: &'a InstalledLoaders,
}

impl NewLedger<'_> {
    /// Writes it durably, where the volume has a ledger.
    pub(super) fn save(&self, job: &Job<'_>, device: &Device) -> Result<(), PatchError> {
        let Some((folder, name)) = job.volume.ledger else {
            return Ok(());
        };
        let mut stamps: Vec<Stamp> = (0..job.tree.inode_count())
            .map(|index| {
                let from = self.plan.assignment.have_of(index);
                from.and_then(|have| self.have.stamps.get(have as usize).copied())
                    .unwrap_or_default()
            })
            .collect();
        for (index, stamp) in self.stamps {
            stamps[*index as usize] = *stamp;
        }
        let generated = job.wanted.generated().to_vec();
        let ledger = Ledger {
            manifest: job.wanted.image.digest(),
            boot: BootRecord { generated, loaders: self.loaders.clone() },
            stamps,
            witness: Witness::of(device),
            superblock_digest: self.superblock_digest,
            is_scrubbed: job.options.freed == FreedPolicy::Scrub,
            next_hashed: self.have.next_hashed,
        };
        if let Some(cache) = self.cache {
            cache.save(folder, name, &ledger.digest())?;
        }
        ledger.save(folder, name)
    }
}
