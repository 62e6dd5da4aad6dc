//! publish-cli: image commands, unpacker commands and publishing, for people and pipelines.
//!
//! ```text
//! cli           arguments: what can be said
//! settings      where servers and certificates are
//! context       connections and output of one command
//! commands      one module a group of commands
//! document      JSON documents of images and volumes
//! output        text, JSON, events, progress
//! reporter      tells the user what the library reports
//! run_table     how far a run is, as lines that change
//! packages      what packages an image has
//! failure       errors and their exit codes
//! interruption  what Ctrl-C gives back, and says
//! ```
//!
//! The work is the library's, `publisher`: here are the command line, what is shown, and exit codes.
//!
//! *Invariant of absence:* keeps no state and touches no volume; both daemons are reached over
//! the network alone, also by `quickstart`, which starts them as processes of their own.
#![forbid(unsafe_code)]

pub mod cli;
pub mod commands;
pub mod context;
mod document;
pub mod failure;
#[cfg(test)]
mod fixture;
pub mod interruption;
pub mod output;
pub mod packages;
mod reporter;
mod run_table;
pub mod settings;
