//! Partition tables and filesystems of volumes, as bytes on a device.
//!
//! ```text
//! layout       the partitions of a volume, and the source of its UUIDs
//! partition    writes our partition table
//! filesystem   the filesystems of volumes, and the operations that each has
//! kind         the trait that each filesystem implements
//! ext4, xfs    one folder per filesystem: limits, superblock, make, mount, read, scrub
//! superblock   decodes a superblock
//! offline      reads the bytes of an unmounted filesystem
//! scrub        zeroes content that nothing refers to any more
//! cause        causes of written blocks
//! tool         runs the system's tools for filesystems
//! medium       the device under an unmounted filesystem
//! limits       limits that all Linux filesystems share
//! acl, xattr   attributes as the kernel keeps them
//! ```
//!
//! This is a crate of its own because three others use it: `store` checks images before there is a
//! volume, `boot` makes boot set-up for the volume, and `patch` writes to the volume. To add a
//! third filesystem, add a folder next to `ext4` and `xfs`, and a variant of [`Filesystem`].
//!
//! *Boundary:* no image store, no plan, no network. A value from a device is checked before its use
//! as an offset or a length. A wrong value is an error; the code never guesses the right one.
#![forbid(unsafe_code)]

pub mod acl;
mod cause;
mod error;
mod ext4;
mod filesystem;
mod kind;
mod layout;
mod limits;
mod medium;
mod offline;
pub mod partition;
mod scrub;
mod superblock;
mod tool;
pub mod xattr;
mod xfs;

pub use cause::{Areas, Cause};
pub use error::DiskError;
pub use filesystem::{Filesystem, may_replace_xattrs_in_place};
pub use kind::{FilesystemFacts, Purpose};
pub use layout::{Identity, LAYOUT_VERSION, Layout};
pub use medium::Medium;
pub use offline::{ChangedInodes, OfflineFilesystem};
pub use scrub::{FreeSpaceSnapshot, ScrubScope, scrub};
pub use superblock::{LABEL, Label, SUPERBLOCK_AREA_LEN, Superblock, UNFINISHED_LABEL};
