//! Reads the content of an object piece by piece, so that the memory in use does not depend on the
//! object's length.

use wire::digest::Digest;
use wire::manifest::Inode;
use wire::manifest::tree::Scatter;
use wire::object::{FrameList, Kind};

use crate::codec::Decoder;
use crate::error::StoreError;
use crate::store::Store;

/// Reads an object's content in order. Memory is bounded by the longest data object, 1 MiB.
#[derive(Debug)]
pub struct Pieces<'a> {
    store: &'a Store,
    content_len: u64,
    /// Data objects that are still to be read, each with its content length. The order is reversed:
    /// the last element is read next.
    pending: Vec<(Digest, u64)>,
    decoder: Decoder,
    piece: Vec<u8>,
}

impl<'a> Pieces<'a> {
    pub(crate) fn open(store: &'a Store, digest: Digest) -> Result<Self, StoreError> {
        let location = store.locate(&digest).ok_or(StoreError::MissingObject(digest))?;
        let pending = match location.kind {
            Kind::Data => vec![(digest, location.content_len)],
            Kind::FrameList => {
                let object = store.read(&digest)?;
                let list =
                    FrameList::decode(&object.payload, object.content_len).map_err(|error| {
                        StoreError::DamagedObject { digest, problem: error.to_string() }
                    })?;
                list.frames.into_iter().rev().map(|(frame, len)| (frame, u64::from(len))).collect()
            }
        };
        Ok(Self {
            store,
            content_len: location.content_len,
            pending,
            decoder: Decoder::new()?,
            piece: Vec::new(),
        })
    }

    /// Returns the length of the whole content in bytes.
    pub fn content_len(&self) -> u64 {
        self.content_len
    }

    /// Returns the next piece, at most 1 MiB; `None` after the last.
    ///
    /// # Errors
    /// As [`Store::read_data`].
    pub fn next_piece(&mut self) -> Result<Option<&[u8]>, StoreError> {
        let Some((digest, len)) = self.pending.pop() else {
            return Ok(None);
        };
        self.store.read_data(&digest, &mut self.decoder, &mut self.piece)?;
        if self.piece.len() as u64 != len {
            return Err(StoreError::DamagedObject {
                digest,
                problem: format!("it has {} bytes instead of {len}", self.piece.len()),
            });
        }
        Ok(Some(&self.piece))
    }
}

impl Store {
    /// Reads up to `len` bytes from the beginning of a file; holes read as zeros. A shorter file is
    /// read whole.
    ///
    /// # Errors
    /// As [`Store::read_data`]; [`StoreError::DamagedObject`] if the content is shorter than the
    /// file.
    pub fn load_head(&self, inode: Inode<'_>, len: u64) -> Result<Vec<u8>, StoreError> {
        let len = len.min(inode.size());
        let mut content = vec![0; len as usize];
        let Some(digest) = inode.digest().filter(|_| inode.is_regular()) else {
            return Ok(content);
        };
        let mut scatter = Scatter::new(inode.size(), &inode.holes());
        let mut pieces = self.pieces(&digest)?;
        while scatter.next_extent().is_some_and(|(offset, _)| offset < len) {
            let Some(piece) = pieces.next_piece()? else {
                let problem = format!("it is shorter than its file of {} bytes", inode.size());
                return Err(StoreError::DamagedObject { digest, problem });
            };
            scatter.place(piece, |offset, part| -> Result<(), StoreError> {
                if let Some(place) = content.get_mut(offset.min(len) as usize..) {
                    let part = &part[..part.len().min(place.len())];
                    place[..part.len()].copy_from_slice(part);
                }
                Ok(())
            })?;
        }
        Ok(content)
    }
}

impl Store {
    /// Returns a reader of an object's content in pieces of at most 1 MiB.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn pieces(&self, digest: &Digest) -> Result<Pieces<'_>, StoreError> {
        Pieces::open(self, *digest)
    }

    /// Reads the whole content of an object of at most `len_max` bytes into memory.
    ///
    /// # Errors
    /// As [`Store::read_data`]; [`StoreError::DamagedObject`] also if the object is longer than
    /// `len_max`.
    pub fn load_content(&self, digest: &Digest, len_max: u64) -> Result<Vec<u8>, StoreError> {
        let mut pieces = self.pieces(digest)?;
        if pieces.content_len() > len_max {
            return Err(StoreError::DamagedObject {
                digest: *digest,
                problem: format!(
                    "it has {} bytes, and at most {len_max} are allowed",
                    pieces.content_len()
                ),
            });
        }
        /// Limit on the memory reserved in advance, in bytes: an object's claimed length may be
        /// wrong.
        const RESERVE_MAX: u64 = 16 << 20;
        let mut content = Vec::with_capacity(pieces.content_len().min(RESERVE_MAX) as usize);
        while let Some(piece) = pieces.next_piece()? {
            content.extend_from_slice(piece);
        }
        Ok(content)
    }
}
