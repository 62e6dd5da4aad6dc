//! Copies what is needed out of packs, and deletes them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::copies::Copies;
use crate::error::StoreError;
use crate::gc::decide::{CollectPlan, PackUse};
use crate::gc::{CollectOptions, CollectPhase, Collected};
use crate::hold::Marks;
use crate::pace::Pace;
use crate::pack::{Entry, PackId};
use crate::store::Store;

/// Needed bytes that are copied before the packs that held them are deleted: the space that a collection needs. It is
/// this, or one part in [`STEP_PART`] of all that is to be copied if that is more, since the index is written each time;
/// but never more than half of the free space.
const STEP_LEN: u64 = 256 << 20;
const STEP_PART: u64 = 32;

/// Objects in the packs that are given up at once: their records take about 100 bytes each, and uploads wait while
/// all are looked at.
const STEP_OBJECTS: u64 = 1 << 20;

/// Carries out a plan.
pub(super) fn sweep(
    store: &Arc<Store>,
    live: &Marks,
    plan: CollectPlan,
    options: CollectOptions,
    mut collected: Collected,
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Result<Collected, StoreError> {
    let total = (plan.dead.len() + plan.rewritten.len()) as u64;
    let mut done = 0;
    // Dead packs first: they give space for copies.
    let mut rest: Vec<PackUse> = plan.rewritten.into_iter().rev().chain(plan.dead).collect();
    let step_len = STEP_LEN.max(rest.iter().map(|pack| pack.live_len).sum::<u64>() / STEP_PART);
    let mut pace = Pace::new(options.rate);
    while !rest.is_empty() {
        let free = store.free_space()?.bytes;
        let step = next_step(&mut rest, step_len.min(free / 2));
        done += step.len() as u64;
        Step { store, live, collected: &mut collected, pace: &mut pace }.run(step)?;
        if !progress(CollectPhase::Sweep(done, total)) {
            break;
        }
    }
    if done > 0 {
        store.write_table()?;
    }
    Ok(collected)
}

/// Takes the next packs from the end of `rest`, at least one. Dead packs are steps of their own: they must go even if
/// there is no room for a copy.
fn next_step(rest: &mut Vec<PackUse>, len_max: u64) -> Vec<PackUse> {
    let mut step: Vec<PackUse> = Vec::new();
    let (mut len, mut objects) = (0, 0);
    while let Some(next) = rest.pop_if(|next| {
        let is_like_first =
            step.first().is_none_or(|first| (first.live_len == 0) == (next.live_len == 0));
        let fits = len + next.live_len <= len_max && objects + next.objects <= STEP_OBJECTS;
        is_like_first && (step.is_empty() || fits)
    }) {
        len += next.live_len;
        objects += next.objects;
        step.push(next);
    }
    step
}

/// Some packs that are given up together.
struct Step<'a> {
    store: &'a Arc<Store>,
    live: &'a Marks,
    collected: &'a mut Collected,
    pace: &'a mut Pace,
}

impl Step<'_> {
    fn run(mut self, packs: Vec<PackUse>) -> Result<(), StoreError> {
        let mut copies = Copies::new()?;
        let promised = self.store.holds.promised();
        let mut given_up: Vec<(PackUse, Vec<Entry>)> = Vec::new();
        for pack in packs {
            let Ok(entries) = self.store.pack_entries(pack.pack)? else { continue };
            let is_needed = |entry: &&Entry| {
                self.live.contains(&entry.digest) || promised.contains(&entry.digest)
            };
            let mut needed: Vec<&Entry> = entries.iter().filter(is_needed).collect();
            needed.sort_by_key(|entry| entry.offset);
            let copied = self.collected.bytes_copied;
            match self.copy(pack.pack, &needed, &mut copies) {
                Ok(()) => {
                    let live_len = self.collected.bytes_copied - copied;
                    given_up.push((PackUse { live_len, ..pack }, entries));
                }
                Err(error) if is_of_content(&error) => {
                    tracing::error!("a pack with garbage stays: {error}");
                    self.collected.packs_kept += 1;
                }
                Err(error) => return Err(error),
            }
        }
        let new = copies.seal(self.store)?;
        // Packs of the same objects at the same places have the same id: such a copy is the pack itself.
        given_up.retain(|(pack, _)| !new.contains(&pack.pack));
        // The table on disk never names a pack that is gone: an opening would have to read all footers.
        self.store.write_table_without(&given_up.iter().map(|(pack, _)| pack.pack).collect())?;
        self.delete_unneeded(&given_up)
    }

    /// Copies needed objects that are read from a pack, after a check of their content.
    fn copy(
        &mut self,
        pack: PackId,
        needed: &[&Entry],
        copies: &mut Copies,
    ) -> Result<(), StoreError> {
        for entry in needed {
            let here = self.store.locate(&entry.digest).filter(|location| location.pack == pack);
            if here.is_none() || copies.contains(&entry.digest) {
                continue;
            }
            let object = self.store.read(&entry.digest)?;
            copies.append(self.store, &object)?;
            self.collected.bytes_copied += object.payload.len() as u64;
            self.pace.spend(object.payload.len() as u64);
        }
        Ok(())
    }

    /// Deletes those packs in which nothing is needed any more.
    fn delete_unneeded(&mut self, packs: &[(PackUse, Vec<Entry>)]) -> Result<(), StoreError> {
        let _stopped = self.store.stop_publishing();
        let gone = self.remove_from_index(packs);
        for (pack, _) in packs {
            if !gone.contains(&pack.pack) {
                self.collected.packs_kept += 1;
                continue;
            }
            self.store.delete_pack(pack.pack)?;
            match pack.live_len {
                0 => self.collected.packs_dead += 1,
                _ => self.collected.packs_rewritten += 1,
            }
            self.collected.objects += pack.dead_objects;
            self.collected.bytes_freed += pack.file_len.saturating_sub(pack.live_len);
        }
        Ok(())
    }

    /// Removes packs in which nothing is needed from the index, and returns them. From here on nobody finds an object
    /// there; one that is put again goes into a new pack.
    fn remove_from_index(&self, packs: &[(PackUse, Vec<Entry>)]) -> HashSet<PackId> {
        let mut index = self.store.index_mut();
        // Read under the lock: a promise that comes later looks later, and finds nothing.
        let promised = self.store.holds.promised();
        let is_needed = |pack: PackId, entry: &Entry| {
            let is_here = index.get(&entry.digest).is_some_and(|location| location.pack == pack);
            is_here && (self.live.contains(&entry.digest) || promised.contains(&entry.digest))
        };
        let is_free = |(pack, entries): &&(PackUse, Vec<Entry>)| {
            !entries.iter().any(|entry| is_needed(pack.pack, entry))
        };
        let gone = packs.iter().filter(is_free).map(|(pack, _)| pack.pack).collect();
        index.remove_packs(&gone);
        gone
    }
}

/// Returns whether an error concerns one object, so that other packs can be collected.
fn is_of_content(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::DamagedObject { .. }
            | StoreError::ReadObject { .. }
            | StoreError::MissingObject(_)
    )
}
