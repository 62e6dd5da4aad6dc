//! Images as a filesystem: read-only, straight from the store or fetched as they are read.
//!
//! ```text
//! names       which images there are, in folders named as streams are      (pure)
//! ino         numbers of inodes, none of which is ever used twice            (pure)
//! attributes  what stat shows, where a file has data                         (pure)
//! follow      images come and go
//! server      the image server, as far as a mount asks it
//! objects     from the store here, or fetched into a bounded cache
//! fetch_cache  objects that come as they are read
//! blocks      a disk's, by their numbers, from somewhere else
//! claims      what several readers load, each thing once                      (pure)
//! images      manifests in bounded memory
//! disks       disk images as directories: from offsets to blocks
//! lists       lists of long files' frames, in bounded memory
//! content     from offsets to bytes: frames, decoded once
//! volume_files  from paths to bytes: what is on a volume now
//! views       directories beside the images, made of what is in them         (pure, but for records)
//! view        all of these as one tree
//! passthrough  files that the kernel reads itself
//! fuse        the kernel's questions, in fuser's words
//! session     mounting, following, ending
//! ```
//!
//! It is a crate of its own because nothing else links FUSE, and because a published disk is looked into without a daemon.
//!
//! *Who writes:* nobody. The filesystem is mounted read-only and answers each write with EROFS; devices and
//! set-user-id bits are shown, and have no effect (`nodev,nosuid,noexec`).

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
