//! The source of a mount's bytes: a store on this machine, an imaged behind a cache, or the blocks of one disk.

use std::sync::Arc;

use store::{ImageContent, Store, StoreError};
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{FrameList, Kind};
use wire::proto::ImageRecord;

use super::blocks::{self, Blocks};
use super::error::damaged;
use super::fetch_cache::FetchCache;
use super::lists::LocalList;
use crate::MountError;

/// Objects of images, from one of three sources.
#[derive(Debug)]
pub enum Objects {
    /// A store on this machine. Other processes may add to it.
    Local(Arc<Store>),
    /// An imaged, behind a cache.
    Fetched(Box<FetchCache>),
    /// The blocks of one disk, each named by its number.
    Blocks(Arc<dyn Blocks>),
}

/// Refreshes a store that lacks an object, because another process may have just added the object.
fn know(store: &Store, digest: &Digest) -> Result<(), MountError> {
    if !store.contains(digest) {
        store.refresh()?;
    }
    Ok(())
}

impl Objects {
    /// Seals the last fetched objects, so that the next mount finds them. Reads and fetches still work afterwards.
    ///
    /// # Errors
    /// Errors of the cache.
    pub fn close(&self) -> Result<(), MountError> {
        match self {
            Self::Local(_) | Self::Blocks(_) => Ok(()),
            Self::Fetched(fetched) => fetched.close(),
        }
    }

    /// If `error` reports a damaged object and the cache holds that object, drops it, so that the next read fetches it
    /// again. Returns true if a retry is worthwhile.
    pub fn give_up(&self, error: &MountError) -> bool {
        let (Self::Fetched(fetched), MountError::Store(StoreError::DamagedObject { digest, .. })) =
            (self, error)
        else {
            return false;
        };
        let given_up = fetched.give_up(digest);
        if let Err(error) = &given_up {
            tracing::error!("the damaged object cannot be dropped from the cache: {error}");
        }
        given_up.is_ok()
    }

    /// Reads the payload of an object of an image; returns the object's kind and the length of its content. `ahead`
    /// names objects to fetch in the same call, because they will be read soon.
    ///
    /// # Errors
    /// [`StoreError::MissingObject`], and errors of reading and fetching.
    pub fn read_into(
        &self,
        image: &ImageName,
        digest: &Digest,
        ahead: &dyn Fn() -> Vec<Digest>,
        payload: &mut Vec<u8>,
    ) -> Result<(Kind, u64), MountError> {
        match self {
            Self::Local(store) => {
                know(store, digest)?;
                Ok(store.read_into(digest, payload)?)
            }
            Self::Fetched(fetched) => fetched.read_into(image, digest, ahead, payload),
            Self::Blocks(blocks) => blocks::read_into(&**blocks, digest, ahead, payload),
        }
    }

    /// Returns the frames that make up an object of `len` bytes, or `None` if the object is not a list.
    ///
    /// # Errors
    /// As [`Objects::read_into`].
    pub fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
        len: u64,
    ) -> Result<Option<FrameList>, MountError> {
        let list = match self {
            Self::Local(store) => {
                know(store, digest)?;
                store.frame_list(digest)?
            }
            // Shorter files are fetched whole, so that the list is checked against the file's digest. For longer files,
            // only the frames that are read are fetched, and each frame is checked. The list's length and checksum are
            // checked, too, but its digests are trusted, because imaged sent them over TLS.
            Self::Fetched(fetched)
                if len > fetched.whole_len_max() && !fetched.contains(digest) =>
            {
                fetched.frame_list(image, digest)?
            }
            Self::Fetched(fetched) => {
                let mut payload = Vec::new();
                let (kind, len) = fetched.read_into(image, digest, &Vec::new, &mut payload)?;
                decode_list(digest, kind, &payload, len)?
            }
            // No block is a list of frames.
            Self::Blocks(_) => None,
        };
        check_list(digest, list, len)
    }

    /// Returns the same as [`Self::frame_list`], but asks no server. Returns [`LocalList::Missing`] if this machine
    /// does not have the object.
    ///
    /// # Errors
    /// Damage; errors of the store or the cache.
    pub fn frame_list_here(&self, digest: &Digest, len: u64) -> Result<LocalList, MountError> {
        let list = match self {
            Self::Local(store) => {
                know(store, digest)?;
                store.frame_list(digest)?
            }
            Self::Fetched(fetched) => match fetched.read_here(digest)? {
                None => return Ok(LocalList::Missing),
                Some(object) => {
                    decode_list(digest, object.kind, &object.payload, object.content_len)?
                }
            },
            Self::Blocks(_) => None,
        };
        check_list(digest, list, len).map(LocalList::Known)
    }

    /// Fetches an image's manifest unless this machine has it. Returns true if a fetch was necessary.
    ///
    /// # Errors
    /// As [`Objects::read_into`].
    pub fn bring_manifest(&self, image: &ImageName, digest: &Digest) -> Result<bool, MountError> {
        match self {
            Self::Local(_) | Self::Blocks(_) => Ok(false),
            Self::Fetched(fetched) => fetched.bring_manifest(image, digest),
        }
    }

    /// Trims the cache to its bound, if there is a cache.
    pub fn drop_rest(&self) {
        if let Self::Fetched(fetched) = self {
            fetched.drop_rest();
        }
    }

    /// Reads and decodes an image's manifest or block map; refuses any other object.
    ///
    /// # Errors
    /// As [`Objects::read_into`].
    pub fn content(&self, image: &ImageName, digest: &Digest) -> Result<ImageContent, MountError> {
        match self {
            Self::Local(store) => {
                know(store, digest)?;
                Ok(ImageContent::load(store, digest)?)
            }
            Self::Fetched(fetched) => match fetched.load_content(image, digest) {
                Err(error) if self.give_up(&error) => fetched.load_content(image, digest),
                result => result,
            },
            Self::Blocks(_) => Err(alone(image)),
        }
    }

    /// Returns an image's record, from the store or from imaged. Asks imaged each time.
    ///
    /// # Errors
    /// An unknown image; [`MountError::NotShown`] if the mount shows only one disk; errors of the store and of imaged.
    pub fn record(&self, name: &ImageName) -> Result<ImageRecord, MountError> {
        match self {
            Self::Local(store) => Ok(store.image(name)?),
            Self::Fetched(fetched) => fetched.record(name),
            Self::Blocks(_) => Err(alone(name)),
        }
    }
}

/// Returns the error with which a mount of only one disk refuses to show an image's record.
fn alone(name: &ImageName) -> MountError {
    MountError::NotShown(name.clone())
}

fn decode_list(
    digest: &Digest,
    kind: Kind,
    payload: &[u8],
    content_len: u64,
) -> Result<Option<FrameList>, MountError> {
    let decode = || FrameList::decode(payload, content_len);
    let list = (kind == Kind::FrameList).then(decode).transpose();
    list.map_err(|error| damaged(digest, error.to_string()))
}

/// Refuses a list if the total length of its frames differs from the length of the file's data.
fn check_list(
    digest: &Digest,
    list: Option<FrameList>,
    len: u64,
) -> Result<Option<FrameList>, MountError> {
    match list {
        Some(list) if list.content_len() != len => {
            let found = list.content_len();
            Err(damaged(digest, format!("its frames are {found} bytes, the file's data {len}")))
        }
        list => Ok(list),
    }
}
