//! Publishing images, as a library for release pipelines: what `publish-cli` does, without its command line.
//!
//! ```text
//! client         connections to imaged and unpackd; who is told what goes on
//! observer       what a caller is told meanwhile
//! error          why something could not be done
//! add            an image from a source to imaged
//! image_source   which kind of source it is
//! disk_image     disk images as sources: raw, qcow2, what is around them
//! content        an image's content, fetched as far as it is needed
//! volumes        a stream's volume: lease, patch, capture
//! leased_volume  a volume that is given back when it is dropped
//! folder         publishing as a disk image in a folder
//! whole_file     files for users that appear whole
//! aws            publishing as AMIs: runs, resume, undo, verify
//! held           what is given back on an interruption
//! ```
//!
//! Calls **block**: the network runs on the runtime that a [`Client`] was made with. Nothing is printed, no exit code
//! is chosen, and no process is ended; an [`Observer`] is told what goes on. `examples/` has whole programs.
//!
//! *Invariant of absence:* keeps no state but the copy of a run's record that imaged has not taken yet, and touches no
//! volume: the daemons are reached over the network alone.
#![forbid(unsafe_code)]

pub mod add;
pub mod aws;
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
