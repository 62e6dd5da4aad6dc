//! Step 2: the ladder of evidence, from the cheapest rung that holds.

use std::borrow::Cow;

use store::ingest::Progress;
use wire::Manifest;

use super::checks::check_stream;
use super::wanted::Wanted;
use super::{Request, after};
use crate::boot::{Area, Installed, overlay};
use crate::device::{Device, Root};
use crate::error::UnpackError;
use crate::filesystem::{Filesystem, Purpose};
use crate::freed::Freed;
use crate::layout::Layout;
use crate::ledger::{Ledger, Witness};
use crate::ondisk::{self, Medium};
use crate::scan::{Believed, Evidence, Have, Mounted, hash_again, is_as_recorded, scan};

/// Of the content, one part in this many is hashed again where the superblock is believed.
const HASH_AGAIN_PART: u64 = 50;

/// Finds out what a volume holds.
pub(super) fn have<'a>(
    request: &Request<'a>,
    wanted: &Wanted<'_>,
    device: &Device,
) -> Result<Have<'a>, UnpackError> {
    let believed = believed(request, wanted);
    if let Some((manifest, ledger)) = &believed
        && ledger.witness.is_some()
        && ledger.witness == Witness::of(device)
    {
        return Ok(as_left(request, manifest, ledger, Evidence::Counters, ledger.next_hashed));
    }
    if believed.is_none() {
        device.sync_and_drop_cache()?;
    }
    let root = device.root(request.layout)?;
    check_stream(root.mark()?, request)?;
    // A journal that holds anything must be replayed before the tree can be read, and only
    // mounting for writing does that.
    let filesystem = request.filesystem;
    let was_unclean = filesystem.needs_replay(root.path())?;
    if was_unclean && request.is_dry_run {
        return Err(UnpackError::Refused(format!(
            "{} was not unmounted cleanly: its journal must be replayed first, which a patch does \
             and a dry run does not",
            request.path.display()
        )));
    }
    if was_unclean {
        drop(root.mount(filesystem, Purpose::Patch)?);
    }
    // After a repair nothing is believed.
    let was_repaired = !request.is_dry_run && filesystem.repair(root.path())?;
    let believed = believed.filter(|_| !was_repaired);
    request.record.progress("scan", 0, 0);
    if let Some((manifest, ledger)) = &believed
        && !was_unclean
        && let Some(have) = by_ledger(request, device, &root, manifest, ledger)?
    {
        return Ok(have);
    }
    let mount = root.mount(filesystem, Purpose::Look)?;
    let reader = device.reader()?;
    let mounted = Mounted { root: mount.root(), device: (&reader, root.offset()) };
    let believed =
        believed.as_ref().map(|(manifest, ledger)| Believed { manifest, stamps: &ledger.stamps });
    let algorithm = request.want.algorithm();
    warm(filesystem, &root);
    scan(mounted, algorithm, believed, request.engine, &Progress::default())
}

/// Reads a mounted filesystem's metadata ahead of a walk, where that is known to help. What goes wrong
/// is the walk's to find.
pub(crate) fn warm(filesystem: Filesystem, root: &Root) {
    let warmed = Medium::open_to_look(root.path())
        .and_then(|medium| ondisk::open(filesystem, &medium)?.warm());
    if let Err(error) = warmed {
        tracing::debug!("metadata was not read ahead: {error}");
    }
}

/// Loads the ledger and the manifest that it names.
fn believed<'a>(request: &Request<'a>, wanted: &Wanted<'_>) -> Option<(Cow<'a, Manifest>, Ledger)> {
    let (folder, name) = request.ledger?;
    if request.verify_full {
        return None;
    }
    let ledger = Ledger::load(folder, name)?;
    let generated = &ledger.boot.generated;
    let is_wanted =
        ledger.manifest == wanted.image.digest() && generated.as_slice() == wanted.generated();
    let manifest = if is_wanted {
        Cow::Borrowed(request.want)
    } else {
        let loaded = request.store.load_manifest(&ledger.manifest).map_err(UnpackError::from);
        let with_boot = loaded.and_then(|image| match &generated[..] {
            [] => Ok(image),
            generated => overlay(&image, generated),
        });
        let loaded = with_boot.inspect_err(|error| tracing::warn!("ignoring a ledger: {error}"));
        Cow::Owned(loaded.ok()?)
    };
    (manifest.inode_count() as usize == ledger.stamps.len()).then_some((manifest, ledger))
}

/// The rungs that need no walk of content: metadata that nobody changed, or every inode as recorded.
fn by_ledger<'a>(
    request: &Request<'a>,
    device: &Device,
    root: &Root,
    manifest: &Cow<'a, Manifest>,
    ledger: &Ledger,
) -> Result<Option<Have<'a>>, UnpackError> {
    let is_as_left_there = {
        // Metadata that cannot be read is not as we left it; the scan says what is wrong.
        let skeleton = after::skeleton(request, root);
        ledger.skeleton.is_some() && skeleton.ok() == ledger.skeleton
    };
    let mount = root.mount(request.filesystem, Purpose::Look)?;
    let reader = device.reader()?;
    let mounted = Mounted { root: mount.root(), device: (&reader, root.offset()) };
    if is_as_left_there {
        let share = manifest.header().content_len / HASH_AGAIN_PART;
        let begin = ledger.next_hashed;
        let next = hash_again(mounted, manifest, begin, share, request.engine)?;
        if let Some(next) = next {
            let mut have = as_left(request, manifest, ledger, Evidence::Superblock, next);
            have.loaders = loaders_as_left(request, device, ledger)?;
            return Ok(Some(have));
        }
        tracing::warn!("content changed below the filesystem: hashing everything");
        let progress = Progress::default();
        let algorithm = request.want.algorithm();
        return scan(mounted, algorithm, None, request.engine, &progress).map(Some);
    }
    let believed = Believed { manifest, stamps: &ledger.stamps };
    let is_unchanged = is_as_recorded(mount.root(), believed, request.engine)?;
    if !is_unchanged {
        return Ok(None);
    }
    let mut have = as_left(request, manifest, ledger, Evidence::Scan, ledger.next_hashed);
    have.loaders = loaders_as_left(request, device, ledger)?;
    Ok(Some(have))
}

/// What a ledger says of boot loaders, if they are on the volume still.
fn loaders_as_left(
    request: &Request<'_>,
    device: &Device,
    ledger: &Ledger,
) -> Result<Option<Installed>, UnpackError> {
    let loaders = ledger.boot.loaders.clone();
    let is_there = request.layout == Layout::None || Area::digest_on(device)? == loaders.area;
    Ok(is_there.then_some(loaders))
}

fn as_left<'a>(
    request: &Request<'a>,
    manifest: &Cow<'a, Manifest>,
    ledger: &Ledger,
    evidence: Evidence,
    next_hashed: u32,
) -> Have<'a> {
    Have {
        manifest: manifest.clone(),
        stamps: ledger.stamps.clone(),
        evidence,
        is_clean: ledger.is_scrubbed && request.freed == Freed::Scrub,
        next_hashed,
        loaders: Some(ledger.boot.loaders.clone()),
        // An inode that was locked since has another time of change.
        locked: Vec::new(),
    }
}
