//! Publishing as AMIs: blocks that differ, put into every target's snapshot.
//!
//! ```text
//! accounts   accounts by name, and the calls of each
//! targets    which targets are meant
//! order      what is asked for
//! publish    an order, from its image to its AMIs
//! forecast   what an order would do
//! ask        what a target says of itself
//! checks     what that forbids
//! decide     what a snapshot is built on, and which blocks it needs                    pure
//! plan       that for every target
//! lease      one publisher a stream
//! disk       the disk that is published
//! blocks     the disk's blocks, which many targets put at once
//! steps      one target, from nothing to a snapshot
//! register   and to an AMI, with all that was asked for
//! ami        what AMIs are asked to be                                                 pure
//! naming     names, tokens and tags of what is made                                    pure
//! parameter  the SSM parameter that names the latest AMI
//! policy     the IAM policies that publishing needs                                    pure
//! progress   how many blocks a target was sent
//! journal    the run's durable record
//! watch      waiting for all targets
//! poll       waiting for what AWS does later than it answers
//! runs       runs that were begun before: resume, undo
//! undo       one target, back to nothing
//! records    imaged's records of snapshots and their block maps
//! attest     a signed statement of what went where
//! readback   whether a snapshot holds what a block map says
//! verify     which image an AMI really is
//! snapshot_blocks  the list of a snapshot's blocks, and reading them by it
//! ```
//!
//! A step is durable in the record before it is taken. What AWS made of a request whose answer was lost is
//! found by the request's token, or by a unique name, before it is made again: so a run can be resumed
//! anywhere, and undone.

pub mod accounts;
mod ami;
mod ask;
mod attest;
mod blocks;
mod checks;
mod decide;
mod disk;
#[cfg(test)]
mod fixture;
pub mod forecast;
mod journal;
mod lease;
mod naming;
pub mod order;
mod parameter;
mod plan;
pub mod policy;
mod poll;
mod progress;
pub mod publish;
pub mod readback;
mod records;
mod register;
pub mod runs;
pub mod snapshot_blocks;
mod steps;
pub mod targets;
pub mod undo;
pub mod verify;
mod watch;

pub use self::accounts::Accounts;
pub use self::checks::ALL_THE_SAME;
pub use self::forecast::Forecast;
pub use self::order::AwsOrder;
pub use self::publish::{AwsPublisher, Publication};
pub use self::targets::{Resolved, Targets};
pub use self::undo::UndoOutcome;
pub use self::verify::Verification;
