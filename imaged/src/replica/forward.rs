//! Images that are added here go to the primary first.

use std::collections::HashSet;
use std::sync::Arc;

use rpc::client::CallError;
use store::Store;
use transfer::fetch::Remote;
use wire::digest::Digest;
use wire::name::StreamName;
use wire::proto::{CommitUploadResponse, ImageRecord};

use super::decide::{Follows, Selection};

/// The primary of a replica.
#[derive(Debug)]
pub(super) struct ForwardTarget {
    pub remote: Arc<Remote>,
    pub selection: Selection,
}

impl imageserver::Primary for ForwardTarget {
    fn address(&self) -> &str {
        self.remote.address()
    }

    fn owns(&self, stream: &StreamName) -> bool {
        self.selection.selects(stream)
    }

    fn owns_removals(&self, stream: &StreamName) -> bool {
        self.owns(stream) && self.selection.follows == Follows::Everything
    }

    fn add(
        &self,
        store: &Arc<Store>,
        record: ImageRecord,
        objects: &HashSet<Digest>,
    ) -> Result<CommitUploadResponse, CallError> {
        let name = record.name.clone();
        let answer = self.remote.relay(store, record, objects.iter().copied());
        let answer = answer.map_err(|error| CallError {
            class: error.class(),
            message: format!("the primary {} did not take image {name}: {error}", self.address()),
        })?;
        tracing::info!(image = name, primary = self.address(), "forwarded an image");
        Ok(answer)
    }
}
