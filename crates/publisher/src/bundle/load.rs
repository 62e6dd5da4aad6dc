//! Loading images of a bundle into an imaged.

use std::io::Read;
use std::sync::Arc;

use rpc::image_signature::sent_record;
use store::codec::Decoder;
use store::ingest::Sink;
use store::{Batch, KeepPolicy, Store};
use sysio::clock::now_ms;
use transfer::upload::Upload;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::object::{Encoded, Kind};
use wire::proto::bundle_item::Item;
use wire::proto::{BundleHeader, EncodedObject, ImageRecord};

use super::format::{BundleError, BundleReader, IMAGES_MAX};
use super::save::objects_of;
use crate::client::Client;
use crate::error::{PublishError, Result};
use crate::observer::Progress;

/// An image of a bundle that was loaded.
#[derive(Clone, Debug)]
pub struct LoadedImage {
    /// Its record in the bundle.
    pub record: ImageRecord,
    /// Its state at imaged.
    pub result: LoadResult,
}

/// What became of an image of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadResult {
    /// It was added.
    Added,
    /// The same image was there already.
    Present,
    /// It had expired, and was left out.
    Expired,
    /// A dry run verified it, and added nothing.
    Verified,
}

/// Loads the images of a bundle: verifies checksum, objects and signatures of the whole file, and only then adds the
/// images, in their order. imaged verifies everything again, and requires the role `own` for each image's stream. With
/// `is_dry_run`, nothing is sent.
///
/// # Errors
/// [`Reason::Source`](crate::Reason::Source) for a file that is no bundle or damaged; [`Reason::Tls`](crate::Reason::Tls) for an image whose signature is not accepted;
/// [`Reason::Call`](crate::Reason::Call) or [`Reason::Transfer`](crate::Reason::Transfer) if imaged refuses or does not answer; the images before that one are added.
pub fn load(client: &Client, source: impl Read, is_dry_run: bool) -> Result<Vec<LoadedImage>> {
    let folder = tempfile::Builder::new().prefix(".imprint-load-").tempdir()?;
    let (store, images) = unpack(client, source, folder.path())?;
    let mut loaded = Vec::new();
    for record in images {
        let result = match is_dry_run {
            _ if has_expired(&record) => LoadResult::Expired,
            true => LoadResult::Verified,
            false => add(client, &store, &record)?,
        };
        loaded.push(LoadedImage { record, result });
    }
    Ok(loaded)
}

/// Reads a bundle into a store, verified as a whole.
fn unpack(
    client: &Client,
    source: impl Read,
    folder: &std::path::Path,
) -> Result<(Arc<Store>, Vec<ImageRecord>)> {
    let mut reader = BundleReader::begin(std::io::BufReader::with_capacity(1 << 20, source))?;
    let Some(Item::Header(header)) = reader.next_item()? else {
        return Err(damaged("it does not begin with a header"));
    };
    let algorithm: Algorithm =
        header.algorithm.parse().map_err(|error| damaged(format!("{error}")))?;
    if header.images as usize > IMAGES_MAX {
        return Err(damaged(format!("it claims to hold {} images", header.images)));
    }
    let signers = client.image_signers()?;
    let store = Arc::new(Store::open_or_create(folder, algorithm)?);
    let batch = store.begin()?.keeping(KeepPolicy::ForLists);
    let mut objects =
        ObjectReader { batch: &batch, decoder: Decoder::new()?, content: Vec::new(), count: 0 };
    let mut images = Vec::new();
    let activity = client.observer().activity("verifying");
    while let Some(item) = reader.next_item()? {
        match item {
            Item::Image(record) if objects.count == 0 && images.len() < header.images as usize => {
                signers.verify(&record)?;
                images.push(record);
            }
            Item::Object(object) => {
                objects.put(object, algorithm)?;
                let (done, total) = (objects.count, header.objects);
                activity.update(Progress { phase: "objects", done, total, is_bytes: false });
            }
            _ => return Err(damaged("an item is not where it belongs")),
        }
    }
    let BundleHeader { images: image_count, objects: object_count, .. } = header;
    if (images.len(), objects.count) != (image_count as usize, object_count) {
        return Err(damaged("images or objects are missing"));
    }
    batch.commit()?;
    // Every object that an image names must be there, before anything is sent.
    if let Some(missing) = objects_of(&store, &images)?.iter().find(|it| !store.contains(it)) {
        return Err(damaged(format!("object {missing} is missing")));
    }
    Ok((store, images))
}

fn damaged(problem: impl Into<String>) -> PublishError {
    BundleError::Damaged(problem.into()).into()
}

/// Puts the objects of a bundle into a batch, each hashed.
struct ObjectReader<'a> {
    batch: &'a Batch,
    decoder: Decoder,
    content: Vec<u8>,
    count: u64,
}

impl ObjectReader<'_> {
    fn put(&mut self, object: EncodedObject, algorithm: Algorithm) -> Result<()> {
        let digest =
            Digest::new(algorithm, &object.hash).map_err(|error| damaged(error.to_string()))?;
        let kind = u8::try_from(object.kind).ok().and_then(Kind::from_tag);
        let kind = kind.ok_or_else(|| damaged("an object of an unknown kind"))?;
        let payload = object.payload.into();
        let object = Encoded { digest, kind, content_len: object.content_len, payload };
        self.batch.put_received(&object, &mut self.decoder, &mut self.content)?;
        self.count += 1;
        Ok(())
    }
}

/// Returns whether an image has expired, by what its signer said: nobody vouches for the rest.
fn has_expired(record: &ImageRecord) -> bool {
    let sent = sent_record(record).unwrap_or_else(|| record.clone());
    sent.expires_at_ms > 0 && sent.expires_at_ms <= now_ms()
}

/// Adds an image as its signer once sent it. Tags and expiry that were set later have no signature.
fn add(client: &Client, store: &Arc<Store>, record: &ImageRecord) -> Result<LoadResult> {
    let name: ImageName = record.name.parse().map_err(|error| damaged(format!("{error}")))?;
    let sent = sent_record(record).unwrap_or_else(|| record.clone());
    let upload = Upload::begin(client.remote()?, name.as_str(), false)?;
    upload.offer_stored(store, objects_of(store, std::slice::from_ref(record))?)?;
    upload.finish()?;
    let committed = upload.commit_of_bundle(sent)?;
    Ok(if committed.is_new { LoadResult::Added } else { LoadResult::Present })
}
