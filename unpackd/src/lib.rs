//! unpackd: the storage daemon. It owns volumes and patches them from revision to revision.
//!
//! ```text
//! volume        a volume's record: identity, state, lease; the registry that keeps records between runs
//! manager       runs one operation at a time on each volume, under leases
//! imaged        imaged as the source of objects for patches and mounts
//! fetch_ahead   fetches the newest images before they are asked for
//! upkeep        when the store is collected
//! oneshot       patches or verifies a volume without a daemon
//! volume_mount  reads a volume of the local daemon for mounting
//! service       the RPCs of the daemon
//! serve         starts the daemon from a configuration and stops it
//! command       the command line
//! status        status pages for people, metrics for Prometheus
//! ```
//!
//! The crate `patch` reads and writes volumes; the crate `imagefs` mounts images.
//!
//! *Boundary:* unpackd knows image content and block devices, but no AWS. It executes no content of an image. No
//! content of an image leads it to a path outside the volume.
#![forbid(unsafe_code)]

pub mod command;
mod error;
pub mod fetch_ahead;
pub mod imaged;
pub mod manager;
pub mod oneshot;
pub mod serve;
pub mod service;
pub mod status;
pub mod upkeep;
pub mod volume;
pub mod volume_mount;

pub use error::{AddRefusal, UnpackError};
