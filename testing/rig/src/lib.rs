//! Starts on one machine what Imprint as a whole needs: the daemons, a simulated AWS, Debian root filesystems, virtual
//! machines. `publish-cli quickstart`, the end-to-end tests and the benchmarks use it.
//!
//! Everything here is a process of its own: this crate links none of Imprint's, so that what it starts is what users
//! start. A process that was started by a [`Processes`] ends with it, and the servers end with the process that started
//! them, even if that one is killed.
#![forbid(unsafe_code)]

mod daemons;
pub mod debian;
mod error;
mod machine;
mod processes;
mod program;
mod server;
pub mod simulator;

pub use daemons::Daemons;
pub use error::RigError;
pub use machine::{Firmware, Machine};
pub use processes::Processes;
pub use program::program;
pub use server::{Server, StatusPages};
