//! The `imaged` binary: parses the command line, runs the command, maps an error to an exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use imaged::command::{Cli, exit_code, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            rpc::daemon::tell_error("imaged", error.as_ref());
            ExitCode::from(exit_code(&error))
        }
    }
}
