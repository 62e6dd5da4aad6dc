//! Saving images of an imaged as a bundle.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use store::{Store, StoreError};
use transfer::watch::NoWatcher;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::Kind;
use wire::proto::bundle_item::Item;
use wire::proto::{BundleHeader, EncodedObject, ImageRecord};

use super::format::{BundleWriter, IMAGES_MAX};
use crate::client::Client;
use crate::error::{PublishError, Reason, Result};
use crate::observer::Progress;

/// A bundle that was written.
#[derive(Clone, Debug)]
pub struct SavedBundle {
    /// The records of its images.
    pub images: Vec<ImageRecord>,
    /// Number of objects; what several images share is there once.
    pub objects: u64,
    /// Length of the file in bytes.
    pub bytes: u64,
}

/// Saves images with all their content, each object once. The content passes through a store in the folder for temporary
/// files, verified. Returns what was written to `target`.
///
/// # Errors
/// [`Reason::Call`] or [`Reason::Transfer`] from imaged, also for an unknown image; [`Reason::Tls`] for an image whose
/// signature is not accepted; [`Reason::Store`], [`Reason::Io`].
pub fn save(client: &Client, names: &[ImageName], target: impl Write) -> Result<SavedBundle> {
    if names.len() > IMAGES_MAX {
        let problem =
            format!("{} images are too many for a bundle: at most {IMAGES_MAX}", names.len());
        return Err(PublishError::new(Reason::Argument, problem));
    }
    let remote = client.remote()?;
    let signers = client.image_signers()?;
    let mut images = Vec::new();
    for name in names {
        let record = remote.image(name)?;
        signers.verify(&record)?;
        images.push(record);
    }
    let algorithm = remote.algorithm()?;
    let folder = tempfile::Builder::new().prefix(".imprint-save-").tempdir()?;
    let store = Arc::new(Store::open_or_create(folder.path(), algorithm)?);
    let hold = store.hold();
    let activity = client.observer().activity("fetching");
    for (done, record) in images.iter().enumerate() {
        let (done, total) = (done as u64, images.len() as u64);
        activity.update(Progress { phase: "images", done, total, is_bytes: false });
        remote.fetch_image(&store, &hold, record, &NoWatcher)?;
    }
    let objects = objects_of(&store, &images)?;
    let mut writer = BundleWriter::begin(target)?;
    writer.add(Item::Header(BundleHeader {
        algorithm: algorithm.to_string(),
        images: images.len() as u32,
        objects: objects.len() as u64,
    }))?;
    for record in &images {
        writer.add(Item::Image(record.clone()))?;
    }
    // Lists of frames follow all data, so that a reader can check each list when it comes.
    for wanted in [Kind::Data, Kind::FrameList] {
        for digest in &objects {
            let place = store.locate(digest).ok_or(StoreError::MissingObject(*digest))?;
            if place.kind == wanted {
                writer.add(Item::Object(encoded(&store, digest)?))?;
            }
        }
    }
    let (bytes, _) = writer.end()?;
    Ok(SavedBundle { images, objects: objects.len() as u64, bytes })
}

/// Returns the digests of all objects that images need, sorted, so that the same images give the same bundle.
pub(super) fn objects_of(store: &Store, images: &[ImageRecord]) -> Result<BTreeSet<Digest>> {
    let mut objects = BTreeSet::new();
    for record in images {
        let digest = |text: &str| {
            text.parse::<Digest>().map_err(|error| {
                let problem = format!("the record of {} names no digest: {error}", record.name);
                PublishError::new(Reason::RecordDamaged, problem)
            })
        };
        objects.extend(store::fsck::closure(store, &digest(&record.manifest)?)?);
        for extra in [&record.build_log, &record.release_notes] {
            if !extra.is_empty() {
                objects.insert(digest(extra)?);
            }
        }
    }
    Ok(objects)
}

fn encoded(store: &Store, digest: &Digest) -> Result<EncodedObject> {
    let object = store.read(digest)?;
    Ok(EncodedObject {
        hash: object.digest.hash().to_vec().into(),
        kind: object.kind as u32,
        content_len: object.content_len,
        payload: object.payload.into(),
    })
}
