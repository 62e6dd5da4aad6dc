//! Partition tables and filesystems as bytes on a device: what volumes are made of.
//!
//! ```text
//! layout       how a volume is divided, and what its UUIDs are made from
//! partition    the partition table that we write
//! filesystem   the filesystems that volumes have, and what every one of them can be asked
//! ext4, xfs    one folder a filesystem: limits, superblock, make, mount, read, scrub
//! superblock   what a superblock says
//! offline      a filesystem that is not mounted, read as bytes
//! scrub        zeros in place of what nothing refers to any more
//! cause        why a block was written
//! tool         the system's tools for filesystems
//! medium       the device under an offline filesystem
//! limits       what Linux and its filesystems cannot hold of an image
//! acl, xattr   attributes as the kernel keeps them
//! ```
//!
//! It is a crate of its own because images are judged by it before there is a volume (`store`), boot set-up is made for
//! it (`boot`), and patches write to it (`patch`). A third filesystem is a folder beside `ext4` and `xfs` and a variant
//! of [`Filesystem`].
//!
//! *Invariant of absence:* no image store, no plan, no network. Whatever is read from a device is checked before it is
//! used as a place or a length: what is wrong is an error, not a guess.
#![forbid(unsafe_code)]

pub mod acl;
mod cause;
mod error;
mod ext4;
mod filesystem;
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
pub use filesystem::{Filesystem, Purpose};
pub use layout::{Identity, LAYOUT_VERSION, Layout};
pub use limits::may_replace_xattrs_in_place;
pub use medium::Medium;
pub use offline::{ChangedInodes, OfflineFilesystem};
pub use scrub::{FreeSpaceSnapshot, ScrubScope, scrub};
pub use superblock::{LABEL, Label, SUPERBLOCK_AREA_LEN, Superblock, UNFINISHED_LABEL};
