//! The content that an image's digest names: a tree's manifest, or a disk's block map.

use std::collections::HashSet;

use wire::Manifest;
use wire::blockmap::BlockMap;
use wire::digest::Digest;
use wire::object::Kind;
use wire::units::SNAPSHOT_BLOCK_LEN;

use crate::Refusal;
use crate::disk;
use crate::error::StoreError;
use crate::store::Store;

/// An image's decoded manifest or block map.
#[derive(Debug)]
pub enum ImageContent {
    /// A tree, from a directory, a tar or a container image.
    Tree(Box<Manifest>),
    /// A disk, as the hashes of its blocks of 512 KiB.
    Disk(BlockMap),
}

impl ImageContent {
    /// Reads a manifest or block map, and checks that its bytes have the given digest.
    ///
    /// # Errors
    /// As [`Store::load_content`]; [`StoreError::Manifest`].
    pub fn load(store: &Store, digest: &Digest) -> Result<Self, StoreError> {
        // An uploader may lie about the length, so apply the limit for this kind of content.
        let is_map = store.pieces(digest)?.next_piece()?.is_some_and(BlockMap::has_magic);
        let len_max = if is_map { disk::MAP_LEN_MAX } else { wire::manifest::LEN_MAX };
        let bytes = store.load_content(digest, len_max)?;
        if !is_map {
            return Ok(Self::Tree(Box::new(Manifest::decode_named(bytes, digest)?)));
        }
        let damaged = |problem| StoreError::DamagedObject { digest: *digest, problem };
        let found = digest.algorithm().digest(&bytes);
        if found != *digest {
            return Err(damaged(format!("its content has the digest {found}")));
        }
        let map = BlockMap::decode(&bytes).map_err(|error| damaged(error.to_string()))?;
        match map.disk_len() {
            0 => Err(damaged("it is a block map without any block".to_owned())),
            _ => Ok(Self::Disk(map)),
        }
    }

    /// Returns the kind as image records spell it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tree(_) => "tree",
            Self::Disk(_) => "disk",
        }
    }

    /// Returns the objects that the manifest or map names, each with its content's length in bytes.
    pub fn data_objects(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        match self {
            Self::Tree(manifest) => Box::new(manifest.data_objects()),
            Self::Disk(map) => {
                Box::new(map.objects().map(|(_, digest)| (digest, SNAPSHOT_BLOCK_LEN)))
            }
        }
    }

    /// Returns the digests of all objects that the image needs: the manifest or map itself, which
    /// has the digest `named`; its segments or pieces; the objects that the manifest or map names;
    /// and the frames of those objects. If the store lacks an object, only its own digest is
    /// included, because its frames are unknown.
    ///
    /// # Errors
    /// Errors of reading a frame list.
    pub fn closure(&self, store: &Store, named: &Digest) -> Result<HashSet<Digest>, StoreError> {
        let mut digests = HashSet::from([*named]);
        digests.extend(self.data_objects().map(|(digest, _)| digest));
        let is_list = |digest: &Digest| {
            store.locate(digest).is_some_and(|location| location.kind == Kind::FrameList)
        };
        let lists: Vec<Digest> = digests.iter().filter(|digest| is_list(digest)).copied().collect();
        for list in lists {
            let frames = store.frame_list(&list)?;
            digests.extend(frames.into_iter().flat_map(|list| list.frames).map(|(frame, _)| frame));
        }
        Ok(digests)
    }
}

impl Store {
    /// Reads a tree image's manifest, and checks that its bytes have the given digest.
    ///
    /// # Errors
    /// As [`ImageContent::load`]; [`StoreError::Refused`] for a disk image.
    pub fn load_manifest(&self, digest: &Digest) -> Result<Manifest, StoreError> {
        match ImageContent::load(self, digest)? {
            ImageContent::Tree(manifest) => Ok(*manifest),
            ImageContent::Disk(_) => Err(Refusal::DiskImage(*digest).into()),
        }
    }
}
