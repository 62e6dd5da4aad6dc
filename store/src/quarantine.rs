//! Takes damage out of use, so that what is damaged can be fetched or added again.
//!
//! ```text
//! 1 copy      what is whole in a pack with damage into new packs; durable
//! 2 table     the index on disk, without the pack
//! 3 move      the pack to quarantine/, where nothing reads it; a person may look at it, and delete it
//! ```
//!
//! A crash at any point leaves the damage where it was, or takes it out of use.

use std::collections::BTreeSet;
use std::sync::Arc;

use sysio::Dir;
use wire::digest::Digest;
use wire::object::Kind;

use crate::copies::Copies;
use crate::error::StoreError;
use crate::fsck::Report;
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
/// [`StoreError::Collecting`] if a collection of garbage runs; errors of I/O.
pub fn quarantine(store: &Arc<Store>, report: &Report) -> Result<Vec<String>, StoreError> {
    store.check_writable()?;
    let _running = store.holds.begin_collection().ok_or(StoreError::Collecting)?;
    let damaged: BTreeSet<Digest> = report.damaged_objects.keys().copied().collect();
    let mut packs: BTreeSet<PackId> = report.damaged_packs.iter().copied().collect();
    packs.extend(
        damaged
            .iter()
            .filter(|digest| is_own_damage(store, digest))
            .filter_map(|digest| store.locate(digest).map(|location| location.pack)),
    );
    let mut moved = Vec::new();
    for pack in packs {
        // A pack whose footer is damaged has no object that could be copied.
        let entries = store.pack_entries(pack)?.unwrap_or_default();
        let new = copy_whole(store, pack, entries, &damaged)?;
        if !new.contains(&pack) {
            store.write_table_without(&[pack].into())?;
            move_away(store, pack)?;
            moved.push(pack.file_name());
        }
    }
    if !moved.is_empty() {
        store.write_table()?;
    }
    Ok(moved)
}

/// Returns whether an object's own bytes are damaged: a list is also reported if one of its frames is.
fn is_own_damage(store: &Store, digest: &Digest) -> bool {
    let Some(location) = store.locate(digest) else { return false };
    let list = match location.kind {
        Kind::Data => return true,
        Kind::FrameList => store.frame_list(digest),
    };
    let is_whole = |frame: &Digest| crate::fsck::check_object(store, frame).is_ok();
    list.is_ok_and(|list| {
        list.is_some_and(|list| list.frames.iter().all(|(frame, _)| is_whole(frame)))
    })
}

fn copy_whole(
    store: &Store,
    pack: PackId,
    mut entries: Vec<Entry>,
    damaged: &BTreeSet<Digest>,
) -> Result<std::collections::HashSet<PackId>, StoreError> {
    let mut copies = Copies::new()?;
    entries.sort_by_key(|entry| entry.offset);
    for entry in entries {
        let is_here = store.locate(&entry.digest).is_some_and(|location| location.pack == pack);
        let is_damaged = damaged.contains(&entry.digest) && is_own_damage(store, &entry.digest);
        if !is_here || is_damaged {
            continue;
        }
        let copied = store.read(&entry.digest).and_then(|object| copies.append(store, &object));
        match copied {
            Err(StoreError::DamagedObject { .. } | StoreError::ReadObject { .. }) => {
                tracing::error!(digest = %entry.digest, "another damaged object goes to quarantine");
            }
            other => other?,
        }
    }
    copies.seal(store)
}

fn move_away(store: &Store, pack: PackId) -> Result<(), StoreError> {
    let _stopped = store.stop_publishing();
    let path = store.path().join(FOLDER);
    let failed = || StoreError::io("move a pack to", path.clone());
    let folder = Dir::create_all(&path).map_err(failed())?;
    store.index_mut().remove_packs(&[pack].into());
    let name = pack.file_name();
    folder.rename(name.as_bytes(), &store.packs, name.as_bytes()).map_err(failed())?;
    store.open_packs().remove(&pack);
    folder.sync().and_then(|()| store.packs.sync()).map_err(failed())
}
