//! imaged: the image server.
//!
//! ```text
//! DATA_DIR/
//!   catalog.redb   names, tags, expiry, removed names    (catalog)
//!   store/         objects and image files: the truth    (the store crate)
//!
//! service    the RPCs: who may call, then what to do     upload   sessions of the upload protocol
//! closure    which objects an image makes readable       pki      certificates for first users
//! publishing what runs of publishers need to know        status   pages for people, metrics
//! ```
//!
//! The store's packs and image files are the truth; the catalog is made anew from them where it
//! lacks something. An image becomes visible last: objects durable, image file durable, catalog.
//!
//! *Invariant of absence:* knows no volume, no block device and no AWS.
#![forbid(unsafe_code)]

pub mod catalog;
pub mod closure;
pub mod command;
pub mod pki;
pub mod publishing;
pub mod serve;
pub mod service;
pub mod status;
pub mod upload;
