//! The space of the store: it holds what volumes have and what was fetched ahead; all else can be fetched again.

use std::time::SystemTime;

use store::StoreError;
use store::gc::{CollectOptions, Collected, collect_cache};
use wire::digest::Digest;
use wire::name::StreamName;

use super::Manager;
use crate::UnpackError;
use crate::volume::State;

/// What a collection did.
#[derive(Clone, Copy, Debug)]
pub struct StoreCollection {
    /// What was freed.
    pub collected: Collected,
    /// Whether an operation ended it early.
    pub was_ended: bool,
}

/// While this exists, the store is being collected and no operation begins.
struct CollectionClaim<'a>(&'a Manager);

impl Drop for CollectionClaim<'_> {
    fn drop(&mut self) {
        self.0.registry_lock().is_collecting = false;
        self.0.claim_released.notify_all();
    }
}

impl Manager {
    /// Notes the newest image of a stream: its objects stay in the store.
    pub fn note_newest(&self, stream: &StreamName, manifest: Digest) {
        self.newest.lock().insert(stream.clone(), manifest);
    }

    /// Collects what neither a volume nor a newest image needs; `None` while an operation works on a volume. An operation
    /// that begins meanwhile waits until a step is done, and ends the collection.
    ///
    /// # Errors
    /// As [`collect_cache`]; a record of a volume that cannot be read: nobody knows what it needs.
    pub fn collect(&self, older_than: SystemTime) -> Option<Result<StoreCollection, UnpackError>> {
        let collecting = self.begin_collecting()?;
        let options = CollectOptions { older_than, is_dry_run: false, rate: None };
        let result = self.collect_with(options);
        drop(collecting);
        Some(result)
    }

    fn collect_with(&self, options: CollectOptions) -> Result<StoreCollection, UnpackError> {
        let manifests = self.needed_manifests()?;
        self.forget_images(&manifests)?;
        let mut was_ended = false;
        let mut goes_on = |_| {
            was_ended |= self.registry_lock().waiting > 0;
            !was_ended
        };
        let collected = collect_cache(&self.store, &manifests, options, &mut goes_on)?;
        self.history.metrics.freed_bytes.inc_by(collected.bytes_freed);
        Ok(StoreCollection { collected, was_ended })
    }

    fn begin_collecting(&self) -> Option<CollectionClaim<'_>> {
        let mut claims = self.registry_lock();
        // An operation that waited for the last collection comes first.
        let is_idle = claims.volumes.is_empty() && !claims.is_collecting && claims.waiting == 0;
        claims.is_collecting |= is_idle;
        is_idle.then(|| CollectionClaim(self))
    }

    /// Removes the records of images that are not needed, so that none names a manifest that goes.
    fn forget_images(&self, needed: &[Digest]) -> Result<(), StoreError> {
        for record in self.store.images()? {
            let record = record?;
            let is_needed = record.manifest.parse().is_ok_and(|it: Digest| needed.contains(&it));
            if let (false, Ok(name)) = (is_needed, record.name.parse()) {
                self.store.remove_image(&name)?;
            }
        }
        Ok(())
    }

    /// Returns the manifests of what is on the volumes, or was going there, and of the newest images of their streams. The
    /// content of a volume tells the next patch what need not be fetched.
    fn needed_manifests(&self) -> Result<Vec<Digest>, UnpackError> {
        let newest = self.newest.lock().clone();
        let mut needed = Vec::new();
        for volume in self.volumes()? {
            needed.extend(volume.stream.as_ref().and_then(|stream| newest.get(stream)));
            match &volume.state {
                State::Ready(revision) | State::Captured(revision) => {
                    needed.push(revision.manifest)
                }
                State::Patching { from, to } => {
                    needed.extend(from.iter().map(|from| from.manifest));
                    needed.push(to.manifest);
                }
                State::Unclaimed | State::Formatting | State::NeedsScan | State::Damaged(_) => {}
            }
        }
        Ok(needed)
    }
}
