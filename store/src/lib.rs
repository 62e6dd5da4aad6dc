//! Content-addressed object store, and ingest of trees, disks and container images into it.
//!
//! ```text
//! DIR/
//!   imprint-store        the store's description: version, features, digest algorithm (meta)
//!   packs/<id>.pack      sealed packs of compressed objects, never changed            (pack)
//!   index                sorted table of all objects; rebuilt from packs at any time  (index)
//!   images/<stream>/…    one small file per image: its record                         (images)
//!   quarantine/          packs with damage, out of use                                (quarantine)
//!   lock                 held by the one process that writes
//! ```
//!
//! * *Durability:* a [`Batch`] acknowledges nothing before its packs are durable: each pack is synced
//!   once, when it is full or its batch ends. A crash at any instruction leaves the old state, plus at most whole packs
//!   that no image uses.
//! * *Integrity:* decoding checks the frames' checksums. Before the store keeps content from
//!   another process, it hashes all the bytes.
//! * *Locking:* one process writes to a store, and any number read it at the same time, since
//!   published files never change. Inside a process, the order of locks is `Batch::open` → `Index`,
//!   and no thread holds a lock while it reads packs.
//!
//! ```text
//! store, index, packs, meta     open a store; where each object is; its packs; its description
//! batch, pack, codec, recent    add objects: together, in sealed packs, compressed
//! content, image_content        read an object piece by piece; the manifest or block map of an image
//! images, small_file            records of images, and the small files that hold them
//! ingest, disk, partitions      trees, tars, container images and disks become objects
//! finding, lint, boot           judge an image: what should not ship, whether it boots
//! export, inode                 an image becomes a directory, a tar or a disk again
//! fsck                          check a store
//! quarantine                    take damage out of use
//! gc, hold                      give back the space of what no image needs; what must stay meanwhile
//! copies, pace                  what both use: copies in new packs, a limit on the rate
//! error, refusal                errors, and the reasons why a source is refused
//! ```
//!
//! *Boundary:* no network, no async, no clock, no policy.
//!
//! Read next: [`ingest`] for how a tree becomes objects, [`pack`] for the format.
#![forbid(unsafe_code)]

mod batch;
pub mod boot;
pub mod codec;
mod content;
mod copies;
pub mod disk;
mod error;
pub mod export;
pub mod finding;
pub mod fsck;
pub mod gc;
mod hold;
mod image_content;
pub mod images;
mod index;
pub mod ingest;
pub mod inode;
pub mod lint;
pub mod meta;
mod pace;
pub mod pack;
mod packs;
pub mod partitions;
mod quarantine;
mod recent;
mod refusal;
mod small_file;
mod store;

pub use batch::{Batch, BatchReader, BatchTotals, received_list};
pub use content::Pieces;
pub use error::StoreError;
pub use hold::Hold;
pub use image_content::ImageContent;
pub use index::Location;
pub use quarantine::quarantine;
pub use recent::{KeepPolicy, RECENT_LEN_MAX};
pub use refusal::Refusal;
pub use store::{DataPlace, Stats, Store};
/// Re-exported for programs that use a store, and that need nothing else of the crate `sysio`.
pub use sysio::raise_open_files;
