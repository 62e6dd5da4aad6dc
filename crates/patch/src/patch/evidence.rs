//! Step 2: tries the kinds of evidence one after another, from the cheapest to the most expensive.

use std::borrow::Cow;

use boot::{InstalledLoaders, LoaderArea, overlay};
use diskfs::{Filesystem, Layout, Medium, Purpose};
use store::ingest::Progress;
use wire::Manifest;

use super::checks::check_stream;
use super::job::Job;
use super::unmounted;
use crate::device::{Device, Root};
use crate::ledger::{Ledger, Witness};
use crate::scan::{
    Evidence, LedgerClaim, MountedVolume, VolumeContent, hash_again, is_as_recorded, scan,
};
use crate::{FreedPolicy, PatchError};

/// If a patch relies on the superblock, it hashes a part of the content again: the content's length divided by this.
const HASH_AGAIN_PART: u64 = 50;

/// Finds out what a volume holds, by the cheapest evidence that is valid.
pub(super) fn content<'a>(job: &Job<'a>, device: &Device) -> Result<VolumeContent<'a>, PatchError> {
    let claim = claim(job);
    if let Some((manifest, ledger)) = &claim
        && ledger.witness.is_some()
        && ledger.witness == Witness::of(device)
    {
        return Ok(as_left(job, manifest, ledger, Evidence::Counters, ledger.next_hashed));
    }
    if claim.is_none() {
        device.sync_and_drop_cache()?;
    }
    let root = device.root(job.volume.layout)?;
    check_stream(root.superblock()?, job)?;
    // Only a mount for writing replays a journal, and a tree can be read only after that.
    let filesystem = job.volume.filesystem;
    let was_unclean = filesystem.needs_replay(root.path())?;
    if was_unclean && job.options.is_dry_run {
        let path = job.volume.path.to_owned();
        return Err(PatchError::NotReplayed {
            path,
            how: "run the patch without --dry-run, which replays it",
        });
    }
    if was_unclean {
        drop(root.mount(filesystem, Purpose::Patch)?);
    }
    // After a repair, the ledger is not believed.
    let was_repaired = !job.options.is_dry_run && filesystem.repair(root.path())?;
    let claim = claim.filter(|_| !was_repaired);
    job.options.recorder.progress("scan", 0, 0);
    if let Some((manifest, ledger)) = &claim
        && !was_unclean
        && let Some(have) = by_ledger(job, device, &root, manifest, ledger)?
    {
        return Ok(have);
    }
    let mount = root.mount(filesystem, Purpose::Read)?;
    let reader = device.reader()?;
    let mounted = MountedVolume { root: mount.root(), device: (&reader, root.offset()) };
    let claim =
        claim.as_ref().map(|(manifest, ledger)| LedgerClaim { manifest, stamps: &ledger.stamps });
    let algorithm = job.tree.algorithm();
    warm(filesystem, &root);
    scan(mounted, algorithm, claim, job.options.engine, &Progress::default())
}

/// Reads a mounted filesystem's metadata ahead of a walk, where that is known to help. Only logs errors: the walk
/// reports them.
pub(crate) fn warm(filesystem: Filesystem, root: &Root) {
    let warmed = Medium::open_read_only(root.path())
        .and_then(|medium| filesystem.open_offline(&medium)?.warm());
    if let Err(error) = warmed {
        tracing::debug!("metadata was not read ahead: {error}");
    }
}

/// Loads the ledger and the tree that it describes; `None` if either is missing or they do not match.
fn claim<'a>(job: &Job<'a>) -> Option<(Cow<'a, Manifest>, Ledger)> {
    let (folder, name) = job.volume.ledger?;
    if job.options.verify_full {
        return None;
    }
    let ledger = Ledger::load(folder, name)?;
    let generated = &ledger.boot.generated;
    let is_wanted = ledger.manifest == job.wanted.image.digest()
        && generated.as_slice() == job.wanted.generated();
    let manifest = if is_wanted {
        Cow::Borrowed(job.tree)
    } else {
        let store = job.desired.objects.store;
        let loaded = store.load_manifest(&ledger.manifest).map_err(PatchError::from);
        let with_boot = loaded.and_then(|image| match &generated[..] {
            [] => Ok(image),
            generated => Ok(overlay(&image, generated)?),
        });
        let loaded = with_boot.inspect_err(|error| tracing::warn!("ignoring a ledger: {error}"));
        Cow::Owned(loaded.ok()?)
    };
    (manifest.inode_count() as usize == ledger.stamps.len()).then_some((manifest, ledger))
}

/// Tries the two kinds of evidence that need a mount but no full scan: first, that the filesystem's metadata is
/// unchanged; then, that every inode is as recorded. If the metadata is unchanged but content differs, hashes
/// everything. `None` if the volume gives neither evidence.
fn by_ledger<'a>(
    job: &Job<'a>,
    device: &Device,
    root: &Root,
    manifest: &Cow<'a, Manifest>,
    ledger: &Ledger,
) -> Result<Option<VolumeContent<'a>>, PatchError> {
    let is_as_left_there = {
        // Unreadable metadata counts as changed; the scan reports the error.
        let superblock_digest = unmounted::superblock_digest(job, root);
        ledger.superblock_digest.is_some() && superblock_digest.ok() == ledger.superblock_digest
    };
    let mount = root.mount(job.volume.filesystem, Purpose::Read)?;
    let reader = device.reader()?;
    let mounted = MountedVolume { root: mount.root(), device: (&reader, root.offset()) };
    if is_as_left_there {
        let share = manifest.header().content_len / HASH_AGAIN_PART;
        let begin = ledger.next_hashed;
        let next = hash_again(mounted, manifest, begin, share, job.options.engine)?;
        if let Some(next) = next {
            let mut have = as_left(job, manifest, ledger, Evidence::Superblock, next);
            have.loaders = loaders_as_left(job, device, ledger)?;
            return Ok(Some(have));
        }
        tracing::warn!("content changed below the filesystem: hashing everything");
        let progress = Progress::default();
        let algorithm = job.tree.algorithm();
        return scan(mounted, algorithm, None, job.options.engine, &progress).map(Some);
    }
    let claim = LedgerClaim { manifest, stamps: &ledger.stamps };
    let is_unchanged = is_as_recorded(mount.root(), claim, job.options.engine)?;
    if !is_unchanged {
        return Ok(None);
    }
    let mut have = as_left(job, manifest, ledger, Evidence::Scan, ledger.next_hashed);
    have.loaders = loaders_as_left(job, device, ledger)?;
    Ok(Some(have))
}

/// Returns the boot loaders that a ledger records; `None` if the volume no longer holds them.
fn loaders_as_left(
    job: &Job<'_>,
    device: &Device,
    ledger: &Ledger,
) -> Result<Option<InstalledLoaders>, PatchError> {
    let loaders = ledger.boot.loaders.clone();
    let is_there = job.volume.layout == Layout::None
        || LoaderArea::digest_on(device.medium())? == loaders.area;
    Ok(is_there.then_some(loaders))
}

fn as_left<'a>(
    job: &Job<'a>,
    manifest: &Cow<'a, Manifest>,
    ledger: &Ledger,
    evidence: Evidence,
    next_hashed: u32,
) -> VolumeContent<'a> {
    VolumeContent {
        manifest: manifest.clone(),
        stamps: ledger.stamps.clone(),
        evidence,
        is_clean: ledger.is_scrubbed && job.options.freed == FreedPolicy::Scrub,
        next_hashed,
        loaders: Some(ledger.boot.loaders.clone()),
        // Since the last patch no inode was made immutable or append-only: the evidence shows that nobody wrote to the
        // volume, or that all ctimes are as they were.
        locked: Vec::new(),
    }
}
