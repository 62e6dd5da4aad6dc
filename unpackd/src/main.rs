//! The `unpackd` binary: parses the arguments, runs the command, maps its error to an exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use unpackd::command::{Cli, exit_code, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            rpc::daemon::tell_error("unpackd", error.as_ref());
            ExitCode::from(exit_code(&error))
        }
    }
}
