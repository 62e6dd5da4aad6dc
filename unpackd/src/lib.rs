//! unpackd: the storage daemon. It owns volumes and patches them from revision to revision.
//!
//! ```text
//! volume    what a volume is, its states and leases, and what is kept of it between runs
//! device    from a path to an open root partition: loop devices, claims, private mounts
//! layout    what a fresh volume looks like: GPT, ext4, xfs, with every option fixed
//! filesystem what differs between filesystems
//! ledger    what we wrote, so that the next patch need not read it back
//! ondisk    filesystems as bytes on a device: what is metadata, what was freed
//! scan      what a volume holds now, as a manifest
//! look      a volume, read whole and not written to
//! plan      (have, want) → steps: pure
//! engine    steps → system calls
//! freed     what happens to data that a patch frees
//! patch     one patch from beginning to end, in the order that survives crashes
//! manager   one operation a volume at a time; service, serve, command: the edges
//! mount     images as a filesystem
//! status    pages for people, metrics
//! ```
//!
//! *Invariant of absence:* knows no AWS: only image content and block devices. Content of an image
//! is never executed here, and never leads a path outside of its volume.
#![forbid(unsafe_code)]

pub mod boot;
pub mod command;
pub mod device;
pub mod engine;
pub mod error;
pub mod filesystem;
pub mod freed;
pub mod known_blocks;
pub mod layout;
pub mod ledger;
pub mod look;
pub mod manager;
pub mod mount;
pub mod ondisk;
pub mod oneshot;
pub mod patch;
pub mod plan;
pub mod scan;
pub mod serve;
pub mod service;
pub mod status;
pub mod volume;

pub use error::UnpackError;
