//! imaged: the image server's daemon.
//!
//! ```text
//! command   the command line                    pki      certificates for first users
//! serve     from a configuration to a running   status   pages for people, metrics
//!           daemon and back
//! ```
//!
//! The served functions are in the crate `imageserver`, whose documentation describes the data directory.
//!
//! *Boundary:* this crate knows no volume, no block device and no AWS.
#![forbid(unsafe_code)]

pub mod command;
pub mod pki;
pub mod serve;
pub mod status;
