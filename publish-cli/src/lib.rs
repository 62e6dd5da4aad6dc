//! publish-cli: image commands, unpacker commands and publishing, for people and pipelines.
//!
//! ```text
//! cli           command-line arguments and subcommands
//! settings      addresses, certificates, AWS accounts
//! context       connections and output of one command
//! commands      one module per group of commands
//! document      JSON documents of images and volumes
//! event         JSON events of long work
//! output        text, JSON, events, progress
//! reporter      shows the library's reports to the user
//! image_column  the columns of a table of images
//! time_text     times as text
//! run_table     a run's progress as lines that change
//! packages      packages of an image
//! failure       errors and their exit codes
//! interruption  leases to give back, and the hint to print, on Ctrl-C
//! ```
//!
//! The library `publisher` does the work; this crate adds the command line, the output and the exit codes.
//!
//! *Boundary:* publish-cli keeps no state and touches no volume. It reaches both daemons only over the network. This
//! also holds for `quickstart`, which starts the daemons as processes of their own.
#![forbid(unsafe_code)]

pub mod cli;
pub mod commands;
pub mod context;
mod document;
mod event;
pub mod failure;
#[cfg(test)]
#[path = "../../crates/publisher/src/aws/fixture.rs"]
mod fixture;
pub mod image_column;
pub mod interruption;
pub mod output;
pub mod packages;
mod reporter;
mod run_table;
pub mod settings;
mod time_text;
