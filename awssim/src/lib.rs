//! A strict simulator of the AWS calls that Imprint makes, over HTTP, for tests and rehearsals.
//!
//! ```text
//! config    accounts, regions, how long things take, quotas
//! clock     the time that states go by; it can be moved and hurried
//! world     what is in every account and region; kept on disk
//! blocks    the bytes of snapshots, by digest; kept on disk
//! request   who asks for what, from headers and parameters          pure
//! answer    XML and JSON                                            pure
//! faults    errors on demand, outages, lost replies; counts of calls
//! quota     how fast an account may call
//! iam       what an account's callers may do
//! link      how fast bodies come, and how many puts are under way
//! portal    where people log in: Identity Center and `aws login`
//! ec2, ebs, kms, sts, ssm   the calls
//! control   how tests reach all this: `/_sim/…`
//! server    HTTP
//! ```
//!
//! What is simulated is what AWS documents, and where it is silent the stricter of two readings. Any
//! snapshot can be read back byte for byte; a block that an encrypted one does not hold reads as
//! garbage, as it does on a real volume.
//!
//! # Locks
//! `world` is taken before `faults` and `quota`, never while blocks are read or written.
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
mod ssm;
mod sts;
pub mod world;

pub use config::Config;
pub use server::{Running, Sim};
