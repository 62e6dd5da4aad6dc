//! Gives back the space of objects that no image needs.
//!
//! ```text
//! 1 mark     what images need, and what is promised to holds
//! 2 decide   which packs go, and which are written anew                    (pure)
//! 3 copy     what is needed out of those packs into new ones; durable      a crash leaves copies
//! 4 table    the index on disk, without those packs                        a crash leaves garbage
//! 5 delete   under the index's lock, which makes others wait: those packs
//!            in which nothing is needed, by what is promised then
//! ```
//!
//! The store is used meanwhile. A reader that has found an object in a pack that is deleted under it looks again, and
//! finds the copy. Steps 3 to 5 are done for a few packs at a time, so that little space is needed for copies.
//!
//! An image whose manifest cannot be read stops the collection: nobody knows what the image needs.

mod decide;
mod mark;
mod sweep;

use std::sync::Arc;
use std::time::SystemTime;

use wire::digest::Digest;

use crate::error::StoreError;
use crate::hold::Marks;
use crate::store::Store;

/// What runs, for an error.
pub(crate) const COLLECTING: &str = "the store's garbage is being collected, or damage is moved,";

/// How a collection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectOptions {
    /// Packs that were published after this time stay: they may belong to an upload that was cut off and is repeated.
    pub older_than: SystemTime,
    /// Only count what would be freed.
    pub is_dry_run: bool,
    /// Limit on the bytes that are copied in a second; `None`: as fast as the disk.
    pub rate: Option<u64>,
}

/// What a collection did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Images whose objects were marked.
    pub images: u64,
    /// Packs that were deleted because no image needs anything in them.
    pub packs_dead: u64,
    /// Packs that were deleted after what is needed in them was copied.
    pub packs_rewritten: u64,
    /// Packs that stay although they should go: something in them is damaged, or was promised meanwhile.
    pub packs_kept: u64,
    /// Objects that are gone.
    pub objects: u64,
    /// Bytes that were copied.
    pub bytes_copied: u64,
    /// Bytes of files that were freed; the copies are subtracted.
    pub bytes_freed: u64,
    /// Bytes of files that remain and hold garbage.
    pub bytes_garbage: u64,
}

/// What a collection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectPhase {
    /// Reading manifests: images done, and all.
    Mark(u64, u64),
    /// Copying and deleting: packs done, and all.
    Sweep(u64, u64),
}

impl CollectPhase {
    /// Returns the phase's name, what is done, and the total.
    pub fn figures(self) -> (&'static str, u64, u64) {
        match self {
            Self::Mark(done, total) => ("mark", done, total),
            Self::Sweep(done, total) => ("sweep", done, total),
        }
    }
}

/// Collects the garbage of a store. Calls `progress` with what is done; if `progress` returns false, the collection ends
/// early, and what it did until then stays done.
///
/// # Durability
/// At each instant of a crash, every object that an image needs is there.
///
/// # Errors
/// [`StoreError::Busy`] if a collection runs; an image file or a manifest that cannot be read; errors of I/O.
pub fn collect(
    store: &Arc<Store>,
    options: CollectOptions,
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Result<Collected, StoreError> {
    store.check_writable()?;
    let _running = store.holds.begin_collection().ok_or(StoreError::Busy(COLLECTING))?;
    match mark::live_objects(store, progress)? {
        Some((live, images)) => collect_rest(store, &live, images, options, progress),
        None => Ok(Collected::default()),
    }
}

/// Collects the garbage of a store that is a cache, as [`collect`] does: it has no images of its own, and lacks objects.
/// What is there of the images with these manifests stays, and what is promised.
///
/// # Errors
/// [`StoreError::Busy`] if a collection runs; errors of I/O.
pub fn collect_cache(
    store: &Arc<Store>,
    manifests: &[Digest],
    options: CollectOptions,
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Result<Collected, StoreError> {
    store.check_writable()?;
    let _running = store.holds.begin_collection().ok_or(StoreError::Busy(COLLECTING))?;
    let Some(live) = mark::cached_objects(store, manifests, progress) else {
        return Ok(Collected::default());
    };
    collect_rest(store, &live, manifests.len() as u64, options, progress)
}

fn collect_rest(
    store: &Arc<Store>,
    live: &Marks,
    images: u64,
    options: CollectOptions,
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Result<Collected, StoreError> {
    let packs = mark::packs(store, live, options.older_than)?;
    let plan = decide::decide(&packs);
    let collected = Collected { images, bytes_garbage: plan.garbage_left, ..Collected::default() };
    if options.is_dry_run {
        return Ok(plan.forecast(collected));
    }
    sweep::sweep(store, live, plan, options, collected, progress)
}
