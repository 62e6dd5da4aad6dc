//! Runs a whole Imprint on one machine: the daemons, a simulated AWS, Debian root filesystems, slow links and
//! virtual machines.
//! `publish-cli quickstart`, the end-to-end tests and the benchmarks use it.
//!
//! Each daemon, simulator and machine is a process of its own. This crate links none of Imprint's crates: it starts the
//! programs that users start. [`Processes::stop`] ends all processes at once. The servers also end with the process
//! that started them, even if that process is killed.
#![forbid(unsafe_code)]

mod daemons;
pub mod debian;
mod error;
mod link;
mod machine;
mod processes;
mod program;
mod server;
pub mod simulator;

pub use daemons::Daemons;
pub use error::RigError;
pub use link::{Link, LinkSpeed};
pub use machine::{Firmware, Machine};
pub use processes::Processes;
pub use program::program;
pub use server::{Server, StatusPages};
