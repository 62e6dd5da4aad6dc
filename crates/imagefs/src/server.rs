//! The interface of the image server behind a mount.

use std::fmt::Debug;
use std::time::Duration;

use store::{Batch, StoreError};
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::object::FrameList;
use wire::proto::{ImageRecord, ListImagesResponse};

/// Failure of a call to an image server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The batch did not take an object.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server does not answer, refuses, or gives a wrong answer.
    #[error("{message}")]
    Call {
        /// Class of the failure; [`ErrorClass::Unavailable`] if the server does not answer.
        class: ErrorClass,
        /// The server's or the connection's message.
        message: String,
    },
}

impl ServerError {
    /// Returns the class of the error, by which the caller decides whether to try again.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Call { class, .. } => *class,
        }
    }
}

/// A server of images and their objects. Calls block. Implementations verify objects before they put them into a batch.
pub trait ImageServer: Debug + Send + Sync {
    /// Returns the algorithm of all digests on this server.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn algorithm(&self) -> Result<Algorithm, ServerError>;

    /// Lists all images that the client may read. Waits up to `wait` for the catalog's version to differ from `seen`.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn images(&self, seen: u64, wait: Duration) -> Result<ListImagesResponse, ServerError>;

    /// Returns the current record of an image.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn image(&self, name: &ImageName) -> Result<ImageRecord, ServerError>;

    /// Checks that an image has a manifest, which only a list named: by its signature, where the server is not trusted.
    ///
    /// # Errors
    /// The server does not answer; the image has another manifest, or its signature is refused.
    fn check(&self, image: &ImageName, manifest: &Digest) -> Result<(), ServerError>;

    /// Fetches objects of an image into a batch. If an object is a list, fetches all its frames, too.
    ///
    /// # Errors
    /// [`ServerError`].
    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
    ) -> Result<(), ServerError>;

    /// Returns the frames of a list as the server states them, unverified. For any other object, puts that object into
    /// the batch and returns `None`.
    ///
    /// # Errors
    /// [`ServerError`].
    fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
        batch: &Batch,
    ) -> Result<Option<FrameList>, ServerError>;
}
