//! The commands: one module per group.

#[cfg(feature = "aws")]
mod aws;
mod doctor;
mod finding;
mod image;
mod image_add;
mod image_bundle;
mod image_content;
mod image_diff;
mod image_history;
mod image_list;
mod image_packages;
mod image_summary;
mod publish;
mod quickstart;
mod unpacker;
#[cfg(not(feature = "aws"))]
mod without_aws;

use std::path::Path;
use std::sync::Arc;

#[cfg(not(feature = "aws"))]
use self::without_aws as aws;
use rpc::exit;

use crate::cli::examples;
use crate::cli::{AmisCommand, Cli, Command, SelftestCommand};
use crate::context::Context;
use crate::failure::INTERRUPTED;

/// Runs a command and returns its exit code.
///
/// # Errors
/// The error to print; [`crate::failure::exit_code`] gives its exit code.
pub fn run(cli: Cli) -> anyhow::Result<u8> {
    let Cli { global, command } = cli;
    match command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut examples::command(), "publish-cli", &mut script);
            std::io::Write::write_all(&mut std::io::stdout(), &script)?;
            return Ok(exit::DONE);
        }
        Command::Man { dir } => return write_man_pages(&dir),
        _ => {}
    }
    let context = Context::new(&global)?;
    let hint = resume_hint(&command);
    // These commands clean up on a signal themselves.
    let ends_itself =
        matches!(command, Command::Quickstart(_) | Command::Amis(AmisCommand::Mount(_)));
    if !ends_itself {
        end_on_interrupt(&context, hint);
    }
    let outcome = match command {
        Command::Image(command) => image::run(&context, command),
        Command::Unpacker(command) => unpacker::run(&context, command),
        Command::Publish(args) => publish::run(&context, &args),
        Command::Runs(command) => aws::runs(&context, command),
        Command::Targets(command) => aws::targets(&context, command),
        Command::Amis(command) => aws::amis(&context, command),
        Command::Selftest(SelftestCommand::Aws { target }) => aws::selftest(&context, &target),
        Command::Doctor => doctor::run(&context),
        Command::Quickstart(args) => quickstart::run(&context, &args),
        Command::Completions { .. } | Command::Man { .. } => Ok(exit::DONE),
    };
    context.interruption.wait_if_begun();
    outcome
}

/// Returns the default hint after an interruption: how to continue.
fn resume_hint(command: &Command) -> &'static str {
    match command {
        Command::Image(_) => "run the same command again: the objects that were sent are kept",
        Command::Unpacker(_) => "unpackd goes on by itself: see `publish-cli unpacker status`",
        Command::Publish(args) if args.out.is_none() => {
            "no AMI was begun: run the same command again"
        }
        _ => "run the same command again",
    }
}

/// Ends the process with exit code 130 on SIGINT or SIGTERM. A command leaves nothing half done: its unnamed files and
/// uncommitted uploads stay invisible, and the daemons finish their own work.
#[expect(clippy::exit, reason = "blocking work elsewhere cannot be told to stop")]
fn end_on_interrupt(context: &Context, hint: &'static str) {
    let interruption = Arc::clone(&context.interruption);
    context.runtime.spawn(async move {
        rpc::daemon::stop_requested().await;
        let hint = interruption.end().await.unwrap_or_else(|| hint.to_owned());
        let mut stderr = std::io::stderr().lock();
        std::io::Write::write_all(&mut stderr, format!("interrupted; {hint}\n").as_bytes()).ok();
        std::process::exit(INTERRUPTED.into());
    });
}

fn write_man_pages(dir: &Path) -> anyhow::Result<u8> {
    std::fs::create_dir_all(dir)?;
    clap_mangen::generate_to(examples::command(), dir)?;
    Ok(exit::DONE)
}
