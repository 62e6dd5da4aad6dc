//! Capturing volumes for reading, with proof that nobody wrote to them.

use std::collections::BTreeSet;
use std::fs::File;
use std::time::Duration;

use diskfs::Layout;
use patch::block_cache::{BlockHashCache, MappedVolume};
use patch::device::Device;
use patch::ledger::{Ledger, Witness};
use sysio::clock::now_ms;
use wire::name::StreamName;
use wire::units::SNAPSHOT_BLOCK_LEN;

use super::{LEASE_DEFAULT, Manager, advance, check_identity, check_lease, grant, wrong_state};
use crate::UnpackError;
use crate::volume::{Event, Revision, State, Volume};

/// Largest length, in bytes, of one piece of a captured volume.
const READ_LEN: usize = 1 << 20;

/// What [`Manager::capture`] hands over.
#[derive(Debug, Clone)]
pub struct CapturedVolume {
    /// The volume's record, in the state `Captured`.
    pub volume: Volume,
    /// The image that the volume holds.
    pub revision: Revision,
    /// The epoch to pass to [`Manager::confirm`].
    pub epoch: u64,
    /// The volume's block map; `None` unless the caller asked for one.
    pub mapped: Option<MappedVolume>,
}

impl Manager {
    /// Captures a stream's volume for reading. `is_mapped` asks for its block map; `must_boot` refuses an image that
    /// cannot boot.
    ///
    /// # Errors
    /// [`UnpackError::WrongState`] if the volume does not hold a whole, durable image; [`UnpackError::NotAsLeft`];
    /// [`UnpackError::WrittenMeanwhile`]; [`UnpackError::NotBootable`].
    pub fn capture(
        &self,
        stream: &StreamName,
        holder: &str,
        must_boot: bool,
        is_mapped: bool,
    ) -> Result<CapturedVolume, UnpackError> {
        let (_claim, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        if volume.state.revision().is_none() {
            return Err(wrong_state(&volume, "capture"));
        }
        // Writes out the page cache, because readers read the device itself.
        let device = Device::open(&volume.path)?;
        device.sync()?;
        let ledger = Ledger::load(&self.ledgers, &volume.id).filter(|ledger| {
            // A kernel without write counters gives no witness; then there is nothing to compare.
            ledger.witness.is_none() || ledger.witness == Witness::of(&device)
        });
        let Some(ledger) = ledger else {
            return Err(UnpackError::NotAsLeft(volume.id));
        };
        if let (Err(problem), true, Layout::Gpt) =
            (&ledger.boot.loaders.mode, must_boot, volume.layout)
        {
            let image = volume.state.revision().map(|revision| revision.image.to_string());
            let (image, problem) = (image.unwrap_or_default(), problem.clone());
            return Err(UnpackError::NotBootable { image, problem });
        }
        let size = device.size();
        let mapped = is_mapped.then(|| self.map(&volume, size, &ledger)).transpose()?;
        if ledger.witness != Witness::of(&device) && ledger.witness.is_some() {
            return Err(UnpackError::WrittenMeanwhile(volume.id));
        }
        drop(device);
        self.update(&volume.id, |volume| {
            check_lease(volume, holder)?;
            // The device may have grown since it was added.
            volume.size = size;
            advance(volume, Event::Capture, "capture")?;
            let revision = volume.state.revision().cloned();
            let revision = revision.ok_or_else(|| wrong_state(volume, "capture"))?;
            // Gives each capture a new epoch, because two captures under one lease may have a patch between them.
            grant(volume, holder, LEASE_DEFAULT);
            volume.epoch += 1;
            let epoch = volume.epoch;
            if let Some(lease) = &mut volume.lease {
                lease.epoch = epoch;
            }
            volume.captured_epoch = epoch;
            Ok(CapturedVolume { revision, epoch, volume: volume.clone(), mapped })
        })
    }

    /// Makes a volume's block map; hashes only the blocks that were written since the last map.
    fn map(
        &self,
        volume: &Volume,
        size: u64,
        ledger: &Ledger,
    ) -> Result<MappedVolume, UnpackError> {
        // Without a witness, nothing proves that the cached hashes are still valid.
        let is_known = ledger.witness.is_some();
        let (ledgers, of) = (&self.ledgers, ledger.digest());
        let load = || BlockHashCache::load(ledgers, &volume.id, || Some(of), size);
        let known = is_known.then(load).flatten();
        let mapped = BlockHashCache::complete(known, &volume.path)?;
        if mapped.hashed > 0 && is_known {
            BlockHashCache::of(&mapped.map).save(ledgers, &volume.id, &of)?;
        }
        tracing::info!(volume = volume.id, hashed = mapped.hashed, "block map made");
        Ok(mapped)
    }

    /// Confirms that the volume stayed captured under `epoch`, and that nobody wrote to it since. The kernel's write
    /// counters also show writes that bypass the daemon; without counters only the lease is checked.
    ///
    /// # Errors
    /// [`UnpackError::NotConfirmed`]; errors of opening the volume.
    pub fn confirm(
        &self,
        stream: &StreamName,
        holder: &str,
        epoch: u64,
    ) -> Result<Revision, UnpackError> {
        let _lock = self.registry_lock();
        let (volume, revision) = self.captured(stream, holder, epoch)?;
        let device = Device::open_read_only(&volume.path)?;
        let ledger = Ledger::load(&self.ledgers, &volume.id);
        let is_as_left = ledger.is_some_and(|ledger| {
            ledger.witness.is_none() || ledger.witness == Witness::of(&device)
        });
        if is_as_left {
            return Ok(revision);
        }
        let problem = "somebody wrote to the volume without unpackd".to_owned();
        Err(UnpackError::NotConfirmed { stream: stream.to_string(), epoch, problem })
    }

    fn captured(
        &self,
        stream: &StreamName,
        holder: &str,
        epoch: u64,
    ) -> Result<(Volume, Revision), UnpackError> {
        let volume = self.registry.of_stream(stream)?;
        let lease = volume.lease_at(now_ms());
        let problem = match (&volume.state, lease) {
            (State::Captured(revision), Some(lease))
                if lease.holder == holder
                    && lease.epoch == epoch
                    && volume.captured_epoch == epoch =>
            {
                let revision = revision.clone();
                return Ok((volume, revision));
            }
            (State::Captured(_), None) => "the lease has expired".to_owned(),
            (State::Captured(_), Some(lease)) => {
                format!(
                    "epoch {} has begun, and the lease is held by {}",
                    lease.epoch, lease.holder
                )
            }
            (state, _) => format!("the volume is in the state {}", state.name()),
        };
        Err(UnpackError::NotConfirmed { stream: stream.to_string(), epoch, problem })
    }

    /// Passes the data of a captured volume to `piece` in ascending order, as (offset, bytes, volume size).
    /// Omitted ranges are zeros. `blocks` selects blocks of 512 KiB; `None` reads all.
    ///
    /// # Errors
    /// [`UnpackError::NotConfirmed`], also if the capture is lost during the read; errors of `piece`.
    pub fn read_captured(
        &self,
        stream: &StreamName,
        holder: &str,
        epoch: u64,
        blocks: Option<&[u32]>,
        piece: &mut dyn FnMut(u64, Vec<u8>, u64) -> Result<(), UnpackError>,
    ) -> Result<(), UnpackError> {
        let (volume, revision) = self.captured(stream, holder, epoch)?;
        check_identity(&volume)?;
        let failed = || UnpackError::io("read volume", &volume.path);
        let file = File::open(&volume.path).map_err(failed())?;
        let size = volume.size;
        // This first, empty piece tells the size even if the volume holds no data.
        piece(0, Vec::new(), size)?;
        let extents = match blocks {
            Some(blocks) => of_blocks(blocks, size),
            None => {
                let holes = sysio::file::holes(&file, size).map_err(failed())?;
                let hole = |(offset, len)| wire::manifest::Hole { offset, len };
                let holes: Vec<_> = holes.into_iter().map(hole).collect();
                wire::manifest::tree::data_extents(size, &holes)
            }
        };
        for (begin, len) in extents {
            let mut offset = begin;
            while offset < begin + len {
                let mut bytes = vec![0; READ_LEN.min((begin + len - offset) as usize)];
                sysio::file::read_exact_at(&file, &mut bytes, offset).map_err(failed())?;
                let next = offset + bytes.len() as u64;
                if bytes.iter().any(|byte| *byte != 0) {
                    piece(offset, bytes, size)?;
                }
                offset = next;
            }
        }
        let after = self.confirm(stream, holder, epoch)?;
        if after != revision {
            let (stream, problem) = (stream.to_string(), "the volume was patched".to_owned());
            return Err(UnpackError::NotConfirmed { stream, epoch, problem });
        }
        Ok(())
    }
}

/// Returns the extents of the blocks, ascending and without duplicates; drops blocks beyond the volume's end.
fn of_blocks(blocks: &[u32], size: u64) -> Vec<(u64, u64)> {
    let blocks: BTreeSet<u64> = blocks.iter().map(|block| u64::from(*block)).collect();
    let begins = blocks.into_iter().map(|block| block * SNAPSHOT_BLOCK_LEN);
    let inside = begins.take_while(|begin| *begin < size);
    inside.map(|begin| (begin, SNAPSHOT_BLOCK_LEN.min(size - begin))).collect()
}
