//! The ledger of a volume that is durable.

use boot::{BootRecord, InstalledLoaders};
use wire::digest::Digest;

use super::job::Job;
use crate::block_cache::BlockHashCache;
use crate::device::Device;
use crate::ledger::{Ledger, Stamp, Witness};
use crate::plan::Plan;
use crate::scan::VolumeContent;
use crate::{FreedPolicy, PatchError};

/// The parts of a new ledger. An inode without an entry in `stamps` keeps its stamp from `have`.
pub(super) struct NewLedger<'a> {
    pub plan: &'a Plan,
    pub have: &'a VolumeContent<'a>,
    /// The stamps of changed inodes, by wanted inode.
    pub stamps: &'a [(u32, Stamp)],
    /// Hashes of the volume's blocks; `None` if they are unknown.
    pub cache: Option<&'a BlockHashCache>,
    pub superblock_digest: Option<Digest>,
    pub loaders: &'a InstalledLoaders,
}

impl NewLedger<'_> {
    /// Writes the ledger and the block hashes durably, if the volume keeps a ledger.
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
