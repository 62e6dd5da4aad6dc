//! Patching a volume: turning what it holds into what it shall hold.
//!
//! ```text
//! patch             one patch from beginning to end, in the order that survives crashes
//! device            from a path to an open root partition: loop devices, claims, private mounts
//! ledger            what the last patch wrote, so that the next one need not read it back
//! scan              the current content of a volume, as a manifest
//! plan              (have, want) → steps: pure
//! engine            steps → system calls
//! freed             policy for data that a patch frees
//! block_cache       known hashes of a volume's blocks
//! volume_tree       reads a whole volume, without writing to it
//! verify            a volume compared with the image that it should hold
//! source            where to get objects that the local store lacks
//! arriving          objects that arrive while a fresh volume is filled
//! directory_cursor  the last opened directory
//! tasks             files cut into tasks for threads
//! ticker            progress of work while it runs
//! recorder          the caller's part: records what happens to the volume, before it happens
//! ```
//!
//! This is a separate crate, so that any program with a device and a store can patch: a daemon, a command, a test.
//! Start with [`patch()`].
//!
//! *Boundary:* no network, no runtime, no database, no AWS. The crate never executes content of an image, except the
//! image's own `grub-mkimage` in a sandbox. No content of an image leads it to a path outside of the volume.
#![forbid(unsafe_code)]

mod arriving;
pub mod block_cache;
pub mod device;
mod directory_cursor;
pub mod engine;
mod error;
mod freed;
pub mod ledger;
mod patch;
pub mod plan;
mod recorder;
pub mod scan;
mod source;
mod tasks;
mod ticker;
mod verify;
pub mod volume_tree;

pub use arriving::{ArrivingObjects, ContentSource};
pub use error::{CallerError, PatchError};
pub use freed::FreedPolicy;
pub use patch::{Desired, Options, VolumePlace, patch};
pub use recorder::StateRecorder;
pub use source::{ImageObjects, LocalStoreOnly, ObjectSource};
pub use verify::{Difference, expected_tree, verify_volume};
