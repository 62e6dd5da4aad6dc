//! The `unpackd` binary: parses, runs, maps the error to an exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use unpackd::command::{Cli, exit_code, run};

#[expect(clippy::print_stderr, reason = "a command's error goes to standard error")]
fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("unpackd: {}", rpc::status::describe(error.as_ref()));
            ExitCode::from(exit_code(&error))
        }
    }
}
