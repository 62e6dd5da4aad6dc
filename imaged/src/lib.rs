//! imaged: the image server's daemon.
//!
//! ```text
//! command   the command line                    pki      certificates for first users
//! serve     runs the daemon, from its           status   pages for people, metrics
//!           configuration to its shutdown       replica  follows another imaged
//! upkeep    when the store is looked after
//! ```
//!
//! The served functions are in the crate `imageserver`, whose documentation describes the data directory.
//!
//! *Boundary:* this crate knows no volume, no block device and no AWS.
#![forbid(unsafe_code)]

pub mod command;
pub mod pki;
pub mod replica;
pub mod serve;
pub mod status;
pub mod upkeep;
