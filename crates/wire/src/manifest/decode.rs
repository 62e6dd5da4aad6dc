//! Decoding: untrusted bytes become a manifest, or an error that names the broken rule.

use std::sync::OnceLock;

use super::view::Manifest;
use super::{ManifestError, index, merkle};
use crate::digest::Digest;

impl Manifest {
    /// Decodes a manifest from an untrusted source and checks all of it.
    ///
    /// # Errors
    /// [`ManifestError`] for any bytes that [`Tree::encode`](super::Tree::encode) does not write.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, ManifestError> {
        let manifest = Self::index(bytes)?;
        for (index, digest) in merkle::digests(&manifest) {
            if manifest.inode(index).digest() != Some(digest) {
                return Err(ManifestError::Merkle { index: index as usize });
            }
        }
        Ok(manifest)
    }

    /// Decodes a manifest and checks that `digest` names it.
    ///
    /// # Errors
    /// [`ManifestError::Digest`] if the bytes have another digest; errors of [`Manifest::decode`].
    pub fn decode_named(bytes: Vec<u8>, digest: &Digest) -> Result<Self, ManifestError> {
        let found = digest.algorithm().digest(&bytes);
        if found != *digest {
            return Err(ManifestError::Digest { expected: *digest, found });
        }
        let manifest = Self::decode(bytes)?;
        manifest.digest.get_or_init(|| found);
        Ok(manifest)
    }

    /// Decodes and checks everything but the directories' digests.
    pub(super) fn index(bytes: Vec<u8>) -> Result<Self, ManifestError> {
        let (header, starts) = index::decode_header(&bytes)?;
        let mut manifest = Self {
            bytes,
            header,
            starts,
            inodes: Vec::new(),
            nodes: Vec::new(),
            digest: OnceLock::new(),
        };
        let (inodes, nodes) = index::Indexer::new(&manifest).run()?;
        (manifest.inodes, manifest.nodes) = (inodes, nodes);
        Ok(manifest)
    }
}
