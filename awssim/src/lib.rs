//! A strict simulator of the AWS calls that Imprint makes, over HTTP, for tests and rehearsals.
//!
//! ```text
//! config    accounts, regions, durations, quotas
//! clock     the clock that decides when states change; tests can move it and speed it up
//! world     the state of every account and region; kept on disk
//! blocks    the bytes of snapshots, by digest; kept on disk
//! request   caller, place and parameters of a request               pure
//! answer    answers as XML and JSON                                 pure
//! faults    injected errors, outages, lost replies; counts of calls
//! quota     rate limits of accounts
//! iam       policies of accounts
//! link      bandwidth of request bodies, and the puts under way
//! portal    logins of people: Identity Center and `aws login`
//! ec2, ebs, kms, sts, ssm   the calls
//! sim       all of these together: what a call works with
//! control   the control interface for tests: `/_sim/…`
//! server    HTTP
//! ```
//!
//! The simulator does what AWS documents. Where the documentation leaves a choice, the simulator is strict. Every
//! snapshot can be read back byte for byte. If an encrypted snapshot lacks a block, the block reads as garbage, as on a
//! real volume.
//!
//! # Locks
//! `world` is locked before `faults` and `quota`, and never during I/O of blocks.
#![forbid(unsafe_code)]

mod answer;
pub mod blocks;
pub mod clock;
pub mod config;
mod control;
mod ebs;
mod ec2;
pub mod faults;
mod iam;
mod kms;
mod link;
mod portal;
mod quota;
mod request;
mod server;
mod sim;
mod ssm;
mod sts;
pub mod world;

pub use config::Config;
pub use server::Running;
pub use sim::Sim;
