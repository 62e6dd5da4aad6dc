//! Turns an image back into a directory, a tar or a disk.

pub mod directory;
pub mod disk;
pub mod tar;

use wire::digest::Digest;

use crate::error::StoreError;

/// A provider of objects' contents, such as a [`crate::Store`].
pub trait Source {
    /// Calls `piece` with each piece of an object's content, in order.
    ///
    /// # Errors
    /// Errors of reading, and those of `piece`.
    fn content(
        &self,
        digest: &Digest,
        piece: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

impl Source for crate::Store {
    fn content(
        &self,
        digest: &Digest,
        piece: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut pieces = self.pieces(digest)?;
        while let Some(bytes) = pieces.next_piece()? {
            piece(bytes)?;
        }
        Ok(())
    }
}
