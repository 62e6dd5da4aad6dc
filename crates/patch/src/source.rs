//! The source of objects that the local store lacks.

use std::sync::Arc;
use std::time::Duration;

use store::{Batch, Store, StoreError};
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::name::ImageName;
use wire::proto::ImageRecord;
use wire::{ErrorClass, Manifest};

use crate::{CallerError, PatchError};

/// Gets images and their objects from elsewhere. Implementations verify objects before they put them into a batch.
pub trait ObjectSource: Sync {
    /// Returns the record of an image.
    ///
    /// # Errors
    /// The source does not answer, or does not know the image.
    fn image(&self, name: &ImageName) -> Result<ImageRecord, CallerError>;

    /// Waits until the source knows an image, for at most `wait`. A source whose images do not change answers at once.
    ///
    /// # Errors
    /// The source does not know the image by then, or does not answer.
    fn wait_for_image(&self, name: &ImageName, wait: Duration) -> Result<(), CallerError> {
        let _ = wait;
        self.image(name).map(drop)
    }

    /// Puts objects of an image into a batch. If an object is a list of frames, also puts all of its frames. Returns
    /// how many bytes arrived. Calls `progress` with the counts of objects fetched and of objects known so far.
    ///
    /// # Errors
    /// The source does not answer; an object arrived damaged; errors of the batch.
    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, CallerError>;
}

/// A source without objects: the local store must have everything.
#[derive(Debug)]
pub struct LocalStoreOnly;

impl ObjectSource for LocalStoreOnly {
    fn image(&self, name: &ImageName) -> Result<ImageRecord, CallerError> {
        Err(StoreError::MissingImage(name.to_string()).into())
    }

    fn fetch(
        &self,
        _: &ImageName,
        digests: &[Digest],
        _: &Batch,
        _: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, CallerError> {
        digests.first().map_or(Ok(0), |digest| Err(StoreError::MissingObject(*digest).into()))
    }
}

/// Access to an image's objects: a store, and a source for those that the store lacks.
#[derive(Clone, Copy)]
pub struct ImageObjects<'a> {
    /// The local store, which keeps what is fetched.
    pub store: &'a Arc<Store>,
    /// The source of objects that the store lacks.
    pub source: &'a dyn ObjectSource,
    /// Name of the image, for requests to the source.
    pub image: &'a ImageName,
}

impl std::fmt::Debug for ImageObjects<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImageObjects").field("image", &self.image).finish_non_exhaustive()
    }
}

impl ImageObjects<'_> {
    /// Fetches the image's record and manifest if the store lacks them; returns the manifest and its digest.
    ///
    /// # Errors
    /// An unknown image; a damaged record or manifest; errors of the source and of the store.
    pub fn manifest(self) -> Result<(Digest, Manifest), PatchError> {
        let Self { store, image, .. } = self;
        let record = match store.image(image) {
            // Images are immutable, so the source is not asked for a known one.
            Ok(record) => record,
            Err(StoreError::MissingImage(_)) => {
                let record = self.source.image(image)?;
                self.fetch_manifest(&record)?;
                store.put_image(image, &record)?;
                record
            }
            Err(error) => return Err(error.into()),
        };
        // The space of a manifest may have been given back since its image became known.
        let digest = self.fetch_manifest(&record)?;
        Ok((digest, store.load_manifest(&digest)?))
    }

    /// Fetches the manifest of a record if the store lacks it; returns its digest.
    fn fetch_manifest(self, record: &ImageRecord) -> Result<Digest, PatchError> {
        let digest = manifest_digest(record)?;
        if !self.store.is_complete(&digest) {
            self.fetch(&digest)?;
        }
        Ok(digest)
    }

    /// Reads the first `len` bytes of a file of the image; fetches the file if the store lacks it.
    pub(crate) fn head(self, inode: Inode<'_>, len: u64) -> Result<Vec<u8>, PatchError> {
        let digest = inode.digest().filter(|_| inode.is_regular());
        if let Some(digest) = digest.filter(|digest| !self.store.is_complete(digest)) {
            self.fetch(&digest)?;
        }
        Ok(self.store.load_head(inode, len)?)
    }

    fn fetch(self, digest: &Digest) -> Result<(), PatchError> {
        let batch = self.store.begin()?;
        self.source.fetch(self.image, &[*digest], &batch, &|_, _| {})?;
        Ok(batch.commit().map(drop)?)
    }
}

fn manifest_digest(record: &ImageRecord) -> Result<Digest, PatchError> {
    record.manifest.parse().map_err(|error| {
        let problem = format!("the record of image {} is damaged: {error}", record.name);
        CallerError::new(ErrorClass::Damaged, problem).into()
    })
}
