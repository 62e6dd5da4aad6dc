//! Marks what images need.

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wire::digest::Digest;
use wire::units::OBJECT_WHOLE_LEN_MAX;

use crate::error::StoreError;
use crate::gc::CollectPhase;
use crate::gc::decide::PackUse;
use crate::hold::Marks;
use crate::image_content::ImageContent;
use crate::store::Store;

/// Marks the objects of all images and their attachments; returns them with the number of images. `None` if `progress`
/// ended the collection.
pub(super) fn live_objects(
    store: &Store,
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Result<Option<(Marks, u64)>, StoreError> {
    let mut live = Marks::default();
    let mut manifests = HashSet::new();
    let records = store.images()?.into_iter().collect::<Result<Vec<_>, _>>()?;
    let total = records.len() as u64;
    for (done, record) in records.into_iter().enumerate() {
        let parse = |text: &str| {
            text.parse::<Digest>().map_err(|error| StoreError::Damaged {
                what: format!("the image file of {}", record.name),
                problem: format!("a digest is malformed: {error}"),
            })
        };
        for attached in [&record.build_log, &record.release_notes] {
            if !attached.is_empty() {
                let digest = parse(attached)?;
                mark_with_frames(store, &digest, &mut live)?;
            }
        }
        let manifest = parse(&record.manifest)?;
        if manifests.insert(manifest) {
            mark_image(store, &manifest, &mut live)?;
        }
        if !progress(CollectPhase::Mark(done as u64 + 1, total)) {
            return Ok(None);
        }
    }
    Ok(Some((live, total)))
}

/// Marks what is there of images. What cannot be read is no reason to keep or to stop: it is fetched again.
/// `None` if `progress` ended the collection.
pub(super) fn cached_objects(
    store: &Store,
    manifests: &[Digest],
    progress: &mut dyn FnMut(CollectPhase) -> bool,
) -> Option<Marks> {
    let mut live = Marks::default();
    for (done, manifest) in manifests.iter().enumerate() {
        if !progress(CollectPhase::Mark(done as u64, manifests.len() as u64)) {
            return None;
        }
        if mark_with_frames(store, manifest, &mut live).is_err() {
            continue;
        }
        let closure = ImageContent::load(store, manifest)
            .and_then(|content| content.closure(store, manifest));
        closure.iter().flatten().for_each(|digest| live.insert(digest));
    }
    Some(live)
}

fn mark_image(store: &Store, manifest: &Digest, live: &mut Marks) -> Result<(), StoreError> {
    let content = ImageContent::load(store, manifest)?;
    // The frames of a list that is missing are unknown, and may be all there.
    let is_lost = |(digest, len): &(Digest, u64)| {
        *len > OBJECT_WHOLE_LEN_MAX as u64 && !store.contains(digest)
    };
    if let Some((digest, _)) = content.data_objects().find(is_lost) {
        return Err(StoreError::MissingObject(digest));
    }
    for digest in content.closure(store, manifest)? {
        live.insert(&digest);
    }
    Ok(())
}

/// Marks an object, and if it is a list, its frames. A missing attachment of an image is no reason to stop.
fn mark_with_frames(store: &Store, digest: &Digest, live: &mut Marks) -> Result<(), StoreError> {
    live.insert(digest);
    match store.frame_list(digest) {
        Ok(list) => {
            let frames = list.into_iter().flat_map(|list| list.frames);
            frames.for_each(|(frame, _)| live.insert(&frame));
            Ok(())
        }
        Err(StoreError::MissingObject(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Returns what each pack holds. A pack whose footer cannot be read is left out, and stays.
pub(super) fn packs(
    store: &Store,
    live: &Marks,
    older_than: SystemTime,
) -> Result<Vec<PackUse>, StoreError> {
    let limit = older_than.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let limit = (limit.as_secs().cast_signed(), limit.subsec_nanos());
    let promised = store.holds.promised();
    let mut packs = Vec::new();
    for pack in store.pack_ids()? {
        let Ok(entries) = store.pack_entries(pack)? else { continue };
        let name = pack.file_name();
        let failed = StoreError::io("look at", store.path().join("packs").join(&name));
        let stat = store.packs.stat(name.as_bytes()).map_err(failed)?;
        let is_here = |digest| store.locate(digest).is_some_and(|location| location.pack == pack);
        let mut found = PackUse {
            pack,
            file_len: stat.size,
            live_len: 0,
            objects: entries.len() as u64,
            dead_objects: 0,
            dead_len: 0,
            is_new: stat.mtime > limit,
        };
        for entry in &entries {
            let len = u64::from(entry.payload_len);
            let is_needed = live.contains(&entry.digest) || promised.contains(&entry.digest);
            if is_needed && is_here(&entry.digest) {
                found.live_len += len;
            } else {
                found.dead_objects += 1;
                found.dead_len += len;
            }
        }
        packs.push(found);
    }
    Ok(packs)
}
