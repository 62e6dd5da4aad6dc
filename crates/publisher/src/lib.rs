//! Publishing images, as a library for release pipelines: the work of `publish-cli`, without its command line.
//!
//! ```text
//! client         connections to imaged and unpackd, and the observer
//! observer       progress reports to the caller
//! error          the error type
//! add            adds an image from a source to imaged
//! addition       a request to add an image
//! image_source   detects the kind of a source
//! disk_image     disk images as sources: raw, qcow2, compressed
//! bundle         files of signed images: save and load
//! content        an image's content, fetched as needed
//! volumes        a stream's volume: lease, patch, capture
//! leased_volume  a volume's lease, released on drop
//! folder         publishing as a disk image in a folder
//! whole_file     files that appear whole
//! aws            publishing as AMIs: runs, resume, undo, verify
//! held           leases to give back on an interruption
//! ```
//!
//! Calls **block**: the network runs on the runtime that a [`Client`] was made with. The library prints nothing and
//! ends no process. It makes exit codes only for a run's record, which stores one for each failed target. An
//! [`Observer`] hears of progress. `examples/` has whole programs.
//!
//! *Boundary:* keeps no state, except a local copy of a run's record until imaged has that record. Touches no volume:
//! it reaches the daemons only over the network.
#![forbid(unsafe_code)]

pub mod add;
mod addition;
pub mod aws;
pub mod bundle;
pub mod client;
pub mod content;
pub mod disk_image;
pub mod error;
pub mod folder;
mod held;
mod image_source;
pub mod leased_volume;
pub mod observer;
pub mod volumes;
pub mod whole_file;

pub use add::{AddedImage, Addition};
pub use client::{Addresses, Client};
pub use error::{PublishError, Reason, Result};
pub use observer::{Observer, Silent};
