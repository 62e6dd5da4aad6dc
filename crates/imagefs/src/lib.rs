//! Images as a read-only filesystem, read straight from a store or fetched on demand.
//!
//! ```text
//! names         names of images, in folders named after their streams                  (pure)
//! ino           inode numbers, none of which is ever reused                            (pure)
//! attributes    results of stat, and the data and holes of files                       (pure)
//! follow        the list of images, kept up to date
//! server        the interface of the image server behind a mount
//! objects       objects from a store on this machine, or fetched into a bounded cache
//! fetch_cache   the cache of fetched objects
//! blocks        a disk's blocks by number, from a source other than a store
//! claims        limits how many things load at once, and loads each thing once         (pure)
//! images        manifests in bounded memory
//! disks         disk images as directories: from offsets to blocks
//! lists         frame lists of long files, in bounded memory
//! content       from offsets to bytes: frames, decoded once
//! volume_files  files now on a volume, by path
//! views         virtual directories beside the images, derived from their content      (pure, but for records)
//! view          all of these as one tree
//! passthrough   files that the kernel reads itself
//! fuse          the adapter to fuser
//! session       mounting, following, ending
//! ```
//!
//! This is a separate crate, so that nothing else has to link FUSE, and so that a user can look into a published disk
//! without a daemon.
//!
//! *Who writes:* nobody. The filesystem is mounted read-only and answers each write with EROFS. It shows devices and
//! set-user-id bits, but they have no effect (`nodev,nosuid,noexec`).

#![forbid(unsafe_code)]

pub mod attributes;
pub mod blocks;
pub mod claims;
pub mod content;
pub mod disks;
mod error;
pub mod fetch_cache;
pub mod follow;
mod fuse;
pub mod images;
pub mod ino;
pub mod lists;
pub mod names;
pub mod objects;
mod passthrough;
pub mod server;
pub mod session;
pub mod view;
pub mod views;
pub mod volume_files;

pub use blocks::{Blocks, DiskOrigin};
pub use error::MountError;
pub use server::{ImageServer, ServerError};
pub use session::{ImageMount, ImageOrigin, MountContent, MountEnd, MountOptions, mount};
pub use volume_files::VolumeFiles;
