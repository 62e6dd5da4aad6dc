//! The primary of a replica, as the RPCs of a replica see it.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use rpc::client::CallError;
use store::Store;
use wire::digest::Digest;
use wire::name::StreamName;
use wire::proto::{CommitUploadResponse, ImageRecord};

/// Another image server that this server follows. Images of the streams that are followed are added there first.
pub trait Primary: fmt::Debug + Send + Sync {
    /// Returns the primary's address, for messages.
    fn address(&self) -> &str;

    /// Returns whether a stream is followed: then the primary adds and tags its images.
    fn owns(&self, stream: &StreamName) -> bool;

    /// Returns whether the primary also removes the images of a followed stream. That is false for an archive, which
    /// decides for itself what it keeps.
    fn owns_removals(&self, stream: &StreamName) -> bool;

    /// Adds an image at the primary: sends what the primary lacks of `objects`, which are durable in the store. The record is
    /// as the client sent it, with its signature. Returns the primary's answer.
    ///
    /// # Errors
    /// The primary's refusal, or that it does not answer.
    fn add(
        &self,
        store: &Arc<Store>,
        record: ImageRecord,
        objects: &HashSet<Digest>,
    ) -> Result<CommitUploadResponse, CallError>;
}
