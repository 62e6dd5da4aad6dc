//! Content-addressed object store, and ingest of trees into it.
//!
//! ```text
//! DIR/
//!   imprint-store        what this store is: version, features, digest algorithm      (meta)
//!   packs/<id>.pack      sealed packs of compressed objects, never changed            (pack)
//!   index                sorted table of all objects; rebuilt from packs at any time  (index)
//!   images/<stream>/…    one small file an image: name and manifest                   (images)
//!   lock                 held by the one process that writes
//! ```
//!
//! * *Durability:* a [`Batch`] acknowledges nothing before its packs are durable; barriers are
//!   batched per image. A crash at any instruction leaves the old state, plus at most whole packs
//!   that no image uses.
//! * *Integrity:* every read checks its frames' checksums; content from elsewhere is hashed before
//!   it is put. Content is never trusted because of where it came from.
//! * *Locking:* one writing process a store; any number of readers beside it, since what is
//!   published is never changed. Inside a process, lock order is `Batch::open` → `Index`; no lock
//!   is held across reads of packs.
//!
//! *Invariant of absence:* no network, no async, no clock, no policy.
//!
//! Read next: [`ingest`] for how a tree becomes objects, [`pack`] for the format.
#![forbid(unsafe_code)]

mod batch;
pub mod boot;
pub mod codec;
mod content;
mod error;
pub mod export;
pub mod finding;
pub mod fsck;
mod image_content;
pub mod images;
mod index;
pub mod ingest;
pub mod inode;
pub mod lint;
pub mod meta;
pub mod pack;
mod packs;
pub mod partitions;
mod store;

pub use batch::{Added, Batch};
pub use content::Pieces;
pub use error::StoreError;
pub use image_content::ImageContent;
pub use index::Location;
pub use store::{DataPlace, Stats, Store};
/// For programs on top of a store that have no other business with the kernel.
pub use sysio::raise_open_files;
