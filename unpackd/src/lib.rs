//! unpackd: the storage daemon. It owns volumes and has them patched from revision to revision.
//!
//! ```text
//! volume        what a volume is, its states and leases, and what is kept of it between runs
//! manager       one operation a volume at a time, under leases
//! imaged        imaged, as the source of objects for patches and mounts
//! oneshot       patching or verifying a volume without a daemon
//! volume_mount  what is on a volume of a daemon, to be mounted
//! service       the calls that the daemon answers
//! serve         from a configuration to a running daemon and back
//! command       the command line
//! status        pages for people, metrics
//! ```
//!
//! Volumes are read and written by the crate `patch`, images are mounted by `imagefs`.
//!
//! *Invariant of absence:* knows no AWS: only image content and block devices. Content of an image
//! is never executed here, and never leads a path outside of its volume.
#![forbid(unsafe_code)]

pub mod command;
mod error;
pub mod imaged;
pub mod manager;
pub mod oneshot;
pub mod serve;
pub mod service;
pub mod status;
pub mod volume;
pub mod volume_mount;

pub use error::{AddRefusal, UnpackError};
