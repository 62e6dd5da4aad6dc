//! Bundles: files of signed images, for places without a network.
//!
//! ```text
//! format   the file: a line, items behind their lengths, a checksum        docs/formats/bundle.md
//! save     images of an imaged → a file
//! load     a file → images of an imaged, verified before anything is sent
//! ```

mod format;
mod load;
mod save;

pub use format::{BundleError, BundleReader, BundleWriter};
pub use load::{LoadResult, LoadedImage, load};
pub use save::{SavedBundle, save};
