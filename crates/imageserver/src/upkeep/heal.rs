//! Heals a store from other servers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rpc::client::CallError;
use store::fsck::{self, Depth};
use store::{Batch, Store, StoreError};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;

/// Rounds of healing: a manifest that comes again names objects that may be missing, too.
const ROUNDS_MAX: usize = 3;

/// Images through which an object is asked for: a server may lack some of them.
const IMAGES_MAX: usize = 8;

/// Another image server, which may have what is damaged here.
pub trait Peer: fmt::Debug + Send + Sync {
    /// Returns the server's address, for the log.
    fn address(&self) -> &str;

    /// Fetches objects of an image into a batch, hashed.
    ///
    /// # Errors
    /// The server does not answer, or lacks the image or an object.
    fn fetch(&self, image: &ImageName, digests: &[Digest], batch: &Batch)
    -> Result<u64, CallError>;
}

/// Fetches everything that images need and the store lacks; returns the objects that came.
///
/// # Errors
/// Errors of the store. A server that does not help is logged.
pub(super) fn heal(store: &Arc<Store>, peers: &[Arc<dyn Peer>]) -> Result<Vec<Digest>, StoreError> {
    let mut healed = Vec::new();
    let mut peers = peers.to_vec();
    for _ in 0..ROUNDS_MAX {
        let missing = fsck::check(store, Depth::Structure, None, &mut |_, _| {})?.damaged_objects;
        let before = healed.len();
        // One request for all objects of an image; and each by itself if that fails.
        let mut of_image: BTreeMap<&str, Vec<Digest>> = BTreeMap::new();
        for (digest, damage) in &missing {
            if let Some(image) = damage.images.first() {
                of_image.entry(image).or_default().push(*digest);
            }
        }
        for (image, digests) in of_image {
            healed.extend(fetch(store, &mut peers, image, &digests)?);
        }
        for (digest, damage) in &missing {
            for image in damage.images.iter().take(IMAGES_MAX) {
                if !store.is_complete(digest) {
                    healed.extend(fetch(store, &mut peers, image, &[*digest])?);
                }
            }
        }
        if healed.len() == before || peers.is_empty() {
            break;
        }
    }
    Ok(healed)
}

/// Fetches objects of an image from the first server that has them; returns those that are whole now. A server that does
/// not answer is not asked again.
fn fetch(
    store: &Arc<Store>,
    peers: &mut Vec<Arc<dyn Peer>>,
    image: &str,
    digests: &[Digest],
) -> Result<Vec<Digest>, StoreError> {
    let Ok(name) = image.parse::<ImageName>() else { return Ok(Vec::new()) };
    let mut next = 0;
    while let Some(peer) = peers.get(next).cloned() {
        let batch = store.begin()?;
        let bytes = match peer.fetch(&name, digests, &batch) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(image, peer = peer.address(), "cannot heal from here: {error}");
                match error.class {
                    ErrorClass::Unavailable => drop(peers.remove(next)),
                    _ => next += 1,
                }
                continue;
            }
        };
        batch.commit()?;
        let whole = digests.iter().filter(|digest| fsck::check_object(store, digest).is_ok());
        let whole: Vec<Digest> = whole.copied().collect();
        for digest in &whole {
            tracing::warn!(
                %digest, image, peer = peer.address(), bytes,
                "healed an object: it was fetched, its content has this digest, and it is durable"
            );
        }
        return Ok(whole);
    }
    Ok(Vec::new())
}
