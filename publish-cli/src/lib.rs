//! publish-cli: image commands, unpacker commands and publishing, for people and pipelines.
//!
//! ```text
//! cli        arguments: what can be said            settings   where servers and certificates are
//! context    connections and output of one run      output     text, JSON, events, progress
//! commands   one module a group of commands         failure    errors and their exit codes
//! direct     publishing to AWS, block by block      interruption   what Ctrl-C gives back, and says
//! ```
//!
//! *Invariant of absence:* keeps no state and touches no volume; both daemons are reached over
//! the network alone, also by `quickstart`, which starts them as processes of their own.
#![forbid(unsafe_code)]

pub mod cli;
pub mod commands;
pub mod context;
pub mod direct;
pub mod disk_image;
pub mod failure;
pub mod interruption;
pub mod output;
pub mod packages;
pub mod settings;
