//! Takes damage out of use, so that what is damaged can be fetched or added again.
//!
//! ```text
//! 1 copy      what is whole in a pack with damage into new packs; durable
//! 2 table     the index on disk, without the pack
//! 3 move      the pack to quarantine/, where nothing reads it; a person may look at it, and delete it
//! ```
//!
//! A crash at any point leaves the damage where it was, or takes it out of use.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use sysio::Dir;
use wire::digest::Digest;

use crate::copies::Copies;
use crate::error::StoreError;
use crate::fsck::{self, Report};
use crate::gc::COLLECTING;
use crate::pack::{Entry, PackId};
use crate::store::Store;

/// Folder in the store for packs with damage.
const FOLDER: &str = "quarantine";

/// Moves the packs that hold damaged objects away; their whole objects stay in the store. Returns the names of the
/// packs.
///
/// # Durability
/// At each instant of a crash, every whole object is in the store.
///
/// # Errors
/// [`StoreError::Busy`] if a collection of garbage runs; errors of I/O.
pub fn quarantine(store: &Arc<Store>, report: &Report) -> Result<Vec<String>, StoreError> {
    store.check_writable()?;
    let _running = store.holds.begin_collection().ok_or(StoreError::Busy(COLLECTING))?;
    let damaged: BTreeSet<Digest> = report.damaged_objects.keys().copied().collect();
    let mut packs: BTreeSet<PackId> = report.damaged_packs.iter().copied().collect();
    let own = damaged.iter().filter(|digest| is_own_damage(store, digest));
    packs.extend(own.filter_map(|digest| Some(store.locate(digest)?.pack)));
    let mut moved = Vec::new();
    for pack in packs {
        let entries = store.index().entries_of(pack);
        let bad: HashSet<Digest> = entries
            .iter()
            .map(|entry| entry.digest)
            .filter(|digest| damaged.contains(digest) && is_own_damage(store, digest))
            .collect();
        // A copy of everything at the same places has replaced the pack.
        if copy_whole(store, pack, &entries, &bad)?.contains(&pack) {
            store.open_packs().remove(&pack);
            continue;
        }
        store.write_table_without(&[pack].into())?;
        if move_away(store, pack, &bad)? {
            moved.push(pack.file_name());
        }
    }
    if !moved.is_empty() {
        store.write_table()?;
    }
    Ok(moved)
}

/// Returns whether an object's own bytes are damaged, which is looked at again: an error of reading may have passed. A
/// list is also reported if only one of its frames is damaged.
fn is_own_damage(store: &Store, digest: &Digest) -> bool {
    let is_bad = |digest: &Digest| {
        fsck::check_object(store, digest).is_err_and(|error| fsck::is_damage(&error))
    };
    match store.frame_list(digest) {
        Ok(None) => is_bad(digest),
        Ok(Some(list)) => {
            let are_frames_whole =
                list.frames.iter().all(|(frame, _)| fsck::check_object(store, frame).is_ok());
            are_frames_whole && is_bad(digest)
        }
        Err(error) => fsck::is_damage(&error),
    }
}

/// Copies what is whole of the objects that are read from a pack into new packs; returns these.
fn copy_whole(
    store: &Store,
    pack: PackId,
    entries: &[Entry],
    bad: &HashSet<Digest>,
) -> Result<HashSet<PackId>, StoreError> {
    let mut copies = Copies::new()?;
    let mut whole: Vec<&Entry> =
        entries.iter().filter(|entry| !bad.contains(&entry.digest)).collect();
    whole.sort_by_key(|entry| entry.offset);
    for entry in whole {
        if store.locate(&entry.digest).is_some_and(|location| location.pack == pack) {
            let object = store.read(&entry.digest)?;
            copies.append(store, &object)?;
        }
    }
    copies.seal(store)
}

/// Moves a pack to quarantine, unless something whole is read from it by now. Returns whether it was moved.
fn move_away(store: &Store, pack: PackId, bad: &HashSet<Digest>) -> Result<bool, StoreError> {
    let _stopped = store.stop_publishing();
    let path = store.path().join(FOLDER);
    let failed = || StoreError::io("move a pack to", path.clone());
    let folder = Dir::create_all(&path).map_err(failed())?;
    {
        let mut index = store.index_mut();
        if index.entries_of(pack).iter().any(|entry| !bad.contains(&entry.digest)) {
            return Ok(false);
        }
        index.remove_packs(&[pack].into());
    }
    let name = pack.file_name();
    folder.rename(name.as_bytes(), &store.packs, name.as_bytes()).map_err(failed())?;
    store.open_packs().remove(&pack);
    folder.sync().and_then(|()| store.packs.sync()).map_err(failed())?;
    Ok(true)
}
