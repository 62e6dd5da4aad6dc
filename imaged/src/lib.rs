//! imaged: the image server's daemon.
//!
//! ```text
//! command   the command line                    pki      the CA and its certificates
//! serve     runs the daemon, from its           join     certificates for machines with a token
//!           configuration to its shutdown       status   pages for people, metrics
//! upkeep    when the store is looked after      replica  follows another imaged
//! ```
//!
//! The served functions are in the crate `imageserver`, whose documentation describes the data directory.
//!
//! *Boundary:* this crate knows no volume, no block device and no AWS.
#![forbid(unsafe_code)]

pub mod command;
pub mod join;
pub mod pki;
pub mod replica;
pub mod serve;
pub mod status;
pub mod upkeep;
