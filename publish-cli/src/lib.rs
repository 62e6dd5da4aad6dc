//! publish-cli: image commands, unpacker commands and publishing, for people and pipelines.
//!
//! ```text
//! cli        arguments: what can be said            settings   where servers and certificates are
//! context    connections and output of one run      output     text, JSON, events, progress
//! commands   one module a group of commands         failure    errors and their exit codes
//! document   JSON of images and volumes              examples       what --help shows
//! reporter   tells what the library reports         run_table      how far a run is, to be watched
//! packages   what packages an image has             interruption   what Ctrl-C gives back, and says
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
