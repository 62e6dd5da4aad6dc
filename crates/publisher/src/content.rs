//! Fetches from imaged those parts of an image's content that are needed.

use std::path::Path;
use std::sync::Arc;

use store::{ImageContent, KeepPolicy, Store};
use transfer::fetch::Remote;
use wire::Manifest;
use wire::blockmap::{BlockIndex, BlockMap};
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;

use crate::client::Client;
use crate::error::{PublishError, Reason, Result};
use crate::observer::Progress;

/// Fetched content in a temporary store; dropping this value removes the store.
#[derive(Debug)]
pub struct FetchedContent {
    remote: Remote,
    folder: tempfile::TempDir,
    store: Option<Arc<Store>>,
}

impl FetchedContent {
    /// Connects to imaged, and makes the store's folder in `near`; if `near` is `None`, in the folder for temporary
    /// files.
    ///
    /// # Errors
    /// [`Reason::Call`]; [`Reason::Io`]: the folder cannot be made.
    pub fn new(client: &Client, near: Option<&Path>) -> Result<Self> {
        let remote = client.remote()?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".imprint-fetch-");
        let folder = match near {
            Some(path) => builder.tempdir_in(path)?,
            None => builder.tempdir()?,
        };
        Ok(Self { remote, folder, store: None })
    }

    fn store(&mut self, algorithm: Algorithm) -> Result<Arc<Store>> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let store = Arc::new(Store::open_or_create(self.folder.path(), algorithm)?);
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    /// Fetches those objects of an image that the store lacks.
    ///
    /// # Errors
    /// [`Reason::Transfer`] if imaged does not deliver the objects; [`Reason::Store`] if the store fails.
    pub fn objects(
        &mut self,
        client: &Client,
        image: &ImageName,
        digests: &[Digest],
    ) -> Result<Arc<Store>> {
        let algorithm = digests.first().map_or(Algorithm::Sha256, Digest::algorithm);
        let store = self.store(algorithm)?;
        let missing: std::collections::BTreeSet<Digest> =
            digests.iter().filter(|digest| !store.is_complete(digest)).copied().collect();
        let missing: Vec<Digest> = missing.into_iter().collect();
        if !missing.is_empty() {
            let shown = client.observer().activity(&format!("fetching {image}"));
            let batch = store.begin()?.keeping(KeepPolicy::ForLists);
            self.remote.fetch(image, &missing, &batch, &|done, total| {
                shown.update(Progress { phase: "fetching", done, total, is_bytes: false });
            })?;
            batch.commit()?;
        }
        Ok(store)
    }

    /// Fetches an image's manifest or block map.
    ///
    /// # Errors
    /// As [`objects`](Self::objects); [`Reason::RecordDamaged`].
    pub fn content(&mut self, client: &Client, image: &ImageName) -> Result<ImageContent> {
        let record = self.remote.image(image)?;
        client.image_signers()?.verify(&record)?;
        let digest: Digest = record.manifest.parse().map_err(|error| {
            PublishError::new(
                Reason::RecordDamaged,
                format!("{}: the record of {image} is damaged: {error}", self.remote.address()),
            )
        })?;
        let store = self.objects(client, image, &[digest])?;
        Ok(ImageContent::load(&store, &digest)?)
    }

    /// Fetches an image's manifest.
    ///
    /// # Errors
    /// As [`content`](Self::content); [`Reason::ImageKind`]: the image is a disk image.
    pub fn manifest(&mut self, client: &Client, image: &ImageName) -> Result<Manifest> {
        match self.content(client, image)? {
            ImageContent::Tree(manifest) => Ok(*manifest),
            ImageContent::Disk(_) => Err(PublishError::new(
                Reason::ImageKind,
                format!("{image} is a disk image: it has blocks, and no files to look at"),
            )),
        }
    }

    /// Fetches a disk image's block map.
    ///
    /// # Errors
    /// As [`content`](Self::content); [`Reason::ImageKind`]: the image is a tree.
    pub fn disk(&mut self, client: &Client, image: &ImageName) -> Result<BlockMap> {
        match self.content(client, image)? {
            ImageContent::Disk(map) => Ok(map),
            ImageContent::Tree(_) => {
                Err(PublishError::new(Reason::ImageKind, format!("{image} is no disk image")))
            }
        }
    }

    /// Fetches the blocks of a disk image that `is_wanted` selects by index.
    ///
    /// # Errors
    /// As [`objects`](Self::objects).
    pub fn blocks(
        &mut self,
        client: &Client,
        image: &ImageName,
        map: &BlockMap,
        is_wanted: impl Fn(BlockIndex) -> bool,
    ) -> Result<Arc<Store>> {
        let wanted = map.objects().filter(|(index, _)| is_wanted(*index));
        let digests: Vec<Digest> = wanted.map(|(_, digest)| digest).collect();
        self.objects(client, image, &digests)
    }
}
