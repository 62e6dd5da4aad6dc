//! The space of the store: it holds what volumes have and what was fetched ahead; all else can be fetched again.

use std::time::SystemTime;

use store::StoreError;
use store::gc::{CollectOptions, Collected, collect_cache};
use wire::digest::Digest;
use wire::name::StreamName;

use super::Manager;
use crate::volume::State;

/// While this exists, the store is being collected and no operation begins.
struct Collecting<'a>(&'a Manager);

impl Drop for Collecting<'_> {
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
    /// that begins meanwhile waits until a pack is done, and ends the collection.
    ///
    /// # Errors
    /// As [`collect_cache`].
    pub fn collect(&self, older_than: SystemTime) -> Option<Result<Collected, StoreError>> {
        let collecting = self.begin_collecting()?;
        let options = CollectOptions { older_than, is_dry_run: false, rate: None };
        let manifests = self.needed_manifests();
        if let Err(error) = self.forget_images(&manifests) {
            return Some(Err(error));
        }
        let mut goes_on = |_| self.registry_lock().waiting == 0;
        let collected = collect_cache(&self.store, &manifests, options, &mut goes_on);
        drop(collecting);
        if let Ok(collected) = &collected {
            self.history.metrics.freed_bytes.inc_by(collected.bytes_freed);
        }
        Some(collected)
    }

    fn begin_collecting(&self) -> Option<Collecting<'_>> {
        let mut claims = self.registry_lock();
        // An operation that waited for the last collection comes first.
        let is_idle = claims.volumes.is_empty() && !claims.is_collecting && claims.waiting == 0;
        claims.is_collecting |= is_idle;
        is_idle.then(|| Collecting(self))
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
    fn needed_manifests(&self) -> Vec<Digest> {
        let mut needed: Vec<Digest> = self.newest.lock().values().copied().collect();
        for volume in self.volumes().unwrap_or_default() {
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
        needed
    }
}
