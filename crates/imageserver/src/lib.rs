//! An image server's core.
//!
//! ```text
//! DATA_DIR/
//!   store/           the object store
//!   catalog.redb     names, records, tags                          (catalog)
//!   publishing.redb  runs, snapshots, block maps, leases           (publishing)
//! ```
//!
//! ```text
//! catalog     what images there are, and which names are used up
//! closure     the objects that an image is made of
//! upload      sessions in which a client proves what it holds and sends what we lack
//! publishing  the records of publishers
//! service     the calls, each answered from these
//! counts      what is counted from the start
//! ```
//!
//! It is a crate of its own so that a daemon can serve it over TLS with status pages, and another program can embed it
//! without either. Begin with [`ImageServer::open`].
//!
//! *Locking:* the catalog's lock is held while images come and go; no other lock is taken under it. An upload's locks are
//! held for one look each; the sessions' lock is never held over I/O.
//!
//! *Invariant of absence:* no HTTP pages, no process, no configuration file; no volume, no block device, no AWS.
#![forbid(unsafe_code)]

pub mod catalog;
mod closure;
mod counts;
pub mod publishing;
mod service;
pub mod upload;

pub use counts::{Count, Counts};
pub use service::{ImageServer, OpenError};
