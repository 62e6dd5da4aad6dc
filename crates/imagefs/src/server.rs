//! The image server behind a mount, as far as a mount asks it.

use std::fmt::Debug;
use std::time::Duration;

use store::{Batch, StoreError};
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::object::FrameList;
use wire::proto::{ImageRecord, ListImagesResponse};

/// An error of an image server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// An error of the batch that objects are put into.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server does not answer, refuses, or answers what it should not.
    #[error("{message}")]
    Call {
        /// What it means.
        class: ErrorClass,
        /// What was said.
        message: String,
    },
}

impl ServerError {
    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Call { class, .. } => *class,
        }
    }
}

/// A server of images and their objects. Calls block; what they put into a batch is verified before.
pub trait ImageServer: Debug + Send + Sync {
    /// Returns the algorithm of the server's digests.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn algorithm(&self) -> Result<Algorithm, ServerError>;

    /// Lists all images that we may read, once the catalog's version is another than `seen`, or `wait` is over.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn images(&self, seen: u64, wait: Duration) -> Result<ListImagesResponse, ServerError>;

    /// Returns an image's record.
    ///
    /// # Errors
    /// [`ServerError::Call`].
    fn image(&self, name: &ImageName) -> Result<ImageRecord, ServerError>;

    /// Puts objects of an image, with all frames that they are made of, into a batch.
    ///
    /// # Errors
    /// [`ServerError`].
    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
    ) -> Result<(), ServerError>;

    /// Returns the frames of an object that is a list, as the server says; `None` for another object, which is in the
    /// batch then.
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
