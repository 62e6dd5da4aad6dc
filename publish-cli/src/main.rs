//! The `publish-cli` binary: parses the arguments, runs the command, maps its error to an exit code.
#![forbid(unsafe_code)]

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{ColorChoice, FromArgMatches};
use publish_cli::cli::examples::command;
use publish_cli::cli::{Cli, When};
use publish_cli::commands;
use publish_cli::failure::exit_code;

fn main() -> ExitCode {
    let colours = When::of_colours(std::env::args_os());
    let choice = match colours {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    };
    let matches = command().color(choice).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match commands::run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let code = exit_code(&error);
            if code != 0 {
                let is_coloured = colours.is_coloured(std::io::stderr().is_terminal());
                let (red, plain) = if is_coloured { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
                let name = format!("{red}publish-cli{plain}");
                rpc::daemon::tell_error(&name, error.as_ref());
            }
            ExitCode::from(code)
        }
    }
}
