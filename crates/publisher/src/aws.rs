//! Publishing as AMIs: puts the blocks that differ into each target's snapshot.
//!
//! ```text
//! publisher  a client with its targets
//! accounts   accounts by name, and their calls
//! targets    selects accounts and regions
//! order      the user's request
//! publish    executes an order, from its image to its AMIs
//! forecast   predicts what an order would do
//! ask        asks a target for its state
//! checks     reasons to refuse a target
//! decide     base of a snapshot, and the blocks it needs                               pure
//! plan       decides for every target
//! lease      one publisher per stream
//! disk       the disk to publish
//! blocks     blocks of the disk, each read once for many targets
//! steps      one target, from nothing to a snapshot
//! register   one target, from a snapshot to an AMI with all options
//! ami        properties of AMIs                                                        pure
//! naming     names, tokens and tags                                                    pure
//! parameter  the SSM parameter that holds the latest AMI's id
//! policy     IAM policies that publishing needs                                        pure
//! progress   blocks put so far in a target
//! journal    the run's durable record
//! watch      waits for all targets
//! runs       lists, resumes and undoes earlier runs
//! undo       removes a run's work in one target
//! records    imaged's records of snapshots and their block maps
//! attest     signed statement of publication
//! readback   compares a snapshot with a block map
//! verify     identifies an AMI's image
//! snapshot_blocks  lists and reads a snapshot's blocks
//! ```
//!
//! Each step is durable in the run's record before it is taken. If the response of a request was lost, the result is
//! found by the request's token or by a unique name, before the request is repeated. So a run can be resumed and undone
//! from any point.

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
mod progress;
pub mod publish;
mod publisher;
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
pub use self::publish::Publication;
pub use self::publisher::AwsPublisher;
pub use self::targets::{TargetResolution, Targets};
pub use self::undo::UndoOutcome;
pub use self::verify::Verification;
