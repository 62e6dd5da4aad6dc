//! What a volume shall hold: an image, and what makes it boot.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use store::Store;
use transfer::fetch::Fetch;
use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::name::ImageName;

use super::Request;
use crate::boot::{self, Boot, Booted, Generated, Target, overlay};
use crate::error::UnpackError;

/// An image with its boot set-up.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The image itself.
    pub image: &'a Manifest,
    /// What makes it boot, or why it cannot.
    pub boot: Result<Boot, String>,
}

impl<'a> Wanted<'a> {
    /// Plans boot set-up.
    pub(super) fn plan(request: &Request<'a>) -> Result<Self, UnpackError> {
        Self::of(request.want, target(request), source(request))
    }

    fn of(
        image: &'a Manifest,
        target: Target<'_>,
        source: Source<'_>,
    ) -> Result<Self, UnpackError> {
        let read = |inode: Inode<'_>, len: u64| source.head(inode, len);
        Ok(Self { image, boot: boot::plan(image, target, &read)? })
    }

    /// Whether what a ledger says of boot set-up is what is wanted.
    pub(super) fn is_on(&self, booted: &Booted) -> bool {
        booted.loaders.is_as(&self.boot) && booted.generated == self.generated()
    }

    /// Files that are added to the image.
    pub(super) fn generated(&self) -> &[Generated] {
        self.boot.as_ref().map_or(&[], |boot| &boot.generated)
    }

    /// The content of those files, by digest.
    pub(super) fn contents(&self) -> HashMap<Digest, Arc<[u8]>> {
        let contents = self.generated().iter().filter_map(|file| file.content.as_ref());
        contents
            .map(|content| (self.image.algorithm().digest(content), Arc::clone(content)))
            .collect()
    }

    /// The image's tree with those files.
    pub(super) fn tree(&self) -> Result<Cow<'a, Manifest>, UnpackError> {
        match self.generated() {
            [] => Ok(Cow::Borrowed(self.image)),
            generated => overlay(self.image, generated).map(Cow::Owned),
        }
    }
}

/// What boot set-up is made for.
pub(super) fn target<'a>(request: &Request<'a>) -> Target<'a> {
    Target {
        identity: request.identity(),
        filesystem: request.filesystem,
        layout: request.layout,
        kernel_arguments: request.kernel_arguments,
    }
}

/// Where an image's files come from.
pub(super) fn source<'a>(request: &Request<'a>) -> Source<'a> {
    Source { store: request.store, fetch: request.fetch, image: request.image }
}

/// Returns what a volume shall hold of an image: its tree, with the files that make it boot.
///
/// # Errors
/// Errors of reading and fetching the image's files.
pub fn expected_tree<'a>(
    image: &'a Manifest,
    target: Target<'_>,
    source: Source<'_>,
) -> Result<Cow<'a, Manifest>, UnpackError> {
    Wanted::of(image, target, source)?.tree()
}

/// A store, and where objects come from that it lacks.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Our own store.
    pub store: &'a Arc<Store>,
    /// Where else to ask.
    pub fetch: &'a dyn Fetch,
    /// The image as which to ask.
    pub image: &'a ImageName,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("image", &self.image).finish_non_exhaustive()
    }
}

impl Source<'_> {
    /// Reads the beginning of a file of an image, which is fetched first where it is not here.
    pub(super) fn head(self, inode: Inode<'_>, len: u64) -> Result<Vec<u8>, UnpackError> {
        let digest = inode.digest().filter(|_| inode.is_regular());
        if let Some(digest) = digest.filter(|digest| !self.store.is_complete(digest)) {
            let batch = self.store.begin()?;
            self.fetch.fetch(self.image, &[digest], &batch, &|_, _| {})?;
            batch.commit()?;
        }
        Ok(self.store.load_head(inode, len)?)
    }
}
