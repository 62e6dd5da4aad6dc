//! Publishing the direct way: blocks that differ, put into every target's snapshot.
//!
//! ```text
//! source    the disk: its block map, and blocks that many targets put at once
//! decide    what a target's snapshot begins with, and which blocks it needs      pure
//! ami_options  what AMIs are asked to be beside what their image says            values
//! run       the run's record: each target, its step, what was made               values
//! parameter  the SSM parameter that tells which AMI is the latest
//! policy    the IAM policies that publishing needs                                values
//! progress  how far putting a target's blocks is                                  values
//! naming    names, tokens and tags of what is made                                pure
//! journal   the record's durable writer: to imaged, and beside it until it answers
//! steps     one target, from nothing to a snapshot
//! register  and to an AMI, with all that was asked for
//! records   imaged's records of snapshots and their block maps
//! readback  whether a snapshot holds what a block map says
//! snapshot_blocks  the list of a snapshot's blocks, and reading them by it
//! snapshot_disk  a published snapshot as a disk, for a mount
//! attest    a signed statement of what went where
//! undo      one target, back to nothing
//! table     how far all are, to be watched                                       pure
//! ```
//!
//! A step is durable in the record before it is taken. What AWS made of a request whose answer was lost is
//! found by the request's token, or by a unique name, before it is made again: so a run can be resumed
//! anywhere, and undone.

pub mod ami_options;
pub mod attest;
pub mod decide;
pub mod journal;
pub mod naming;
pub mod parameter;
pub mod policy;
pub mod progress;
pub mod readback;
pub mod records;
pub mod register;
pub mod run;
#[cfg(feature = "aws")]
mod snapshot_blocks;
pub mod snapshot_disk;
pub mod source;
pub mod steps;
pub mod table;
pub mod undo;
