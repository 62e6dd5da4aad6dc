//! Relaying: a replica hands an image that was added there to its primary.

use std::sync::Arc;

use store::Store;
use store::ingest::Sink;
use wire::digest::Digest;
use wire::proto::{CommitUploadResponse, ImageRecord};

use crate::TransferError;
use crate::fetch::Remote;
use crate::upload::Upload;

impl Remote {
    /// Adds an image of a store at the server: sends the objects that it lacks, as they are stored, and then the record,
    /// which its signer vouches for.
    ///
    /// # Durability
    /// The image survives a power loss on the server once this returned.
    ///
    /// # Errors
    /// [`TransferError::Call`]: the server does not answer, or refuses the image. Errors of the store.
    pub fn relay(
        &self,
        store: &Arc<Store>,
        record: ImageRecord,
        objects: impl IntoIterator<Item = Digest>,
    ) -> Result<CommitUploadResponse, TransferError> {
        let upload = Upload::begin(self.clone(), &record.name, false)?;
        upload.offer_stored(store, objects)?;
        upload.finish()?;
        upload.commit(record, false)
    }
}
