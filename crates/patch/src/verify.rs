//! Compares a volume's content with the image that it should hold.

use std::borrow::Cow;
use std::path::Path;
use std::sync::atomic::Ordering;

use boot::BootTarget;
use store::ingest::Progress;
use wire::Manifest;
use wire::manifest::diff::{Change, diff};
use wire::units::show_path;

use crate::engine::Engine;
use crate::patch::desired::DesiredVolume;
use crate::ticker::with_ticker;
use crate::volume_tree::read_volume;
use crate::{ImageObjects, PatchError};

/// One path at which a volume differs from its image.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Path from the volume's root, printable.
    pub path: String,
    /// Names of the fields that differ. "missing" or "extra" if only one side has the path; "flags" if the inode is
    /// immutable or append-only on the volume; "uuid" if the filesystem's UUID is not its stream's.
    pub fields: Vec<&'static str>,
}

/// Returns the tree that a volume shall hold for an image: the image's own tree with the files that make it boot.
///
/// # Errors
/// Errors of reading and fetching the image's files.
pub fn expected_tree<'a>(
    image: &'a Manifest,
    target: BootTarget<'_>,
    objects: ImageObjects<'_>,
) -> Result<Cow<'a, Manifest>, PatchError> {
    DesiredVolume::of(image, target, objects)?.tree()
}

/// Compares a volume, which was made for `target`, with a manifest. Reads everything and writes nothing. Calls
/// `progress` with bytes read and bytes in all.
///
/// # Errors
/// Errors of opening, mounting and reading the volume.
pub fn verify_volume(
    path: &Path,
    target: BootTarget<'_>,
    want: &Manifest,
    engine: Engine,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Difference>, PatchError> {
    let counters = Progress::default();
    let total = want.header().content_len;
    let show = || progress(counters.bytes.load(Ordering::Relaxed), total);
    let read = || read_volume(path, target.layout, want.algorithm(), engine, &counters);
    let (have, _) = with_ticker(show, read)?;
    let mut found = differences(&have.manifest, want);
    let has_other_uuid = have.uuid != *target.identity.uuid("root").as_bytes();
    let beside = have.locked.iter().map(|path| (path.as_slice(), "flags"));
    for (path, field) in beside.chain(has_other_uuid.then_some((&b""[..], "uuid"))) {
        let path = show_path(path);
        match found.iter_mut().find(|difference| difference.path == path) {
            Some(known) => known.fields.push(field),
            None => found.push(Difference { path, fields: vec![field] }),
        }
    }
    Ok(found)
}

fn differences(have: &Manifest, want: &Manifest) -> Vec<Difference> {
    let of = |path: Vec<u8>, fields| Difference { path: show_path(&path), fields };
    let changes = diff(want, have).into_iter().map(|change| match change {
        Change::Added(node) => of(have.path(node), vec!["extra"]),
        Change::Removed(node) => of(want.path(node), vec!["missing"]),
        Change::Changed { old, fields, .. } => of(want.path(old), fields.names()),
    });
    changes.collect()
}
