//! The core of an image server.
//!
//! ```text
//! DATA_DIR/
//!   store/           the object store
//!   catalog.redb     names, records, tags                          (catalog)
//!   publishing.redb  runs, snapshots, block maps, leases           (publishing)
//!   upkeep.times     when garbage was collected, and all checked   (upkeep)
//! ```
//!
//! ```text
//! catalog     the images, and the names of removed images
//! closure     the objects that an image needs
//! arrival     images that are being fetched from the primary
//! upload      sessions in which a client proves what it holds and sends what the store lacks
//! primary     the server that a replica follows
//! replicas    the servers that follow this one
//! publishing  the records of publishers
//! upkeep      garbage, checks, healing
//! server      what all of these work with, opened from a data folder
//! service     the RPCs, each answered from the modules above
//! counts      counters since the start
//! ```
//!
//! This is a separate crate, so that a daemon can serve it over TLS with status pages, and another program can embed it
//! without TLS and status pages. Begin with [`ImageServer::open`].
//!
//! *Locking:* the catalog's lock is held while an image is added or removed. No other lock of this crate is taken
//! meanwhile. Each lock of an upload is held for one look-up or update. The sessions' lock is never held over I/O:
//! a session that ends is dropped after the lock is released.
//!
//! *Boundary:* no HTTP pages, no process, no configuration file; no volume, no block device, no AWS.
#![forbid(unsafe_code)]

pub mod arrival;
pub mod catalog;
mod closure;
mod counts;
mod primary;
pub mod publishing;
mod replicas;
mod server;
mod service;
pub mod upkeep;
pub mod upload;

pub use counts::{Count, Counts};
pub use primary::Primary;
pub use replicas::ReplicaState;
pub use server::{ImageServer, OpenError, Setup};
