//! The `publish-cli` binary: parses, runs, maps the error to an exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use publish_cli::cli::Cli;
use publish_cli::commands;
use publish_cli::failure::exit_code;

#[expect(clippy::print_stderr, reason = "a command's error goes to standard error")]
fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let code = exit_code(&error);
            if code != 0 {
                eprintln!("publish-cli: {}", rpc::status::describe(error.as_ref()));
            }
            ExitCode::from(code)
        }
    }
}
