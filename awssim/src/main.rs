//! `awssim serve`: the simulator as a server, for rehearsing a release.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use awssim::{Config, Running, Sim};
use clap::{Parser, Subcommand};
use rustix::process::Signal;
use tracing_subscriber::EnvFilter;

/// Simulates the AWS calls that Imprint makes.
#[derive(Debug, Parser)]
#[command(name = "awssim", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM.
    #[command(
        after_help = "Example:\n  awssim serve --listen 127.0.0.1:7500 --state /var/tmp/awssim\n  export AWS_ENDPOINT_URL=http://127.0.0.1:7500 AWS_ACCESS_KEY_ID=AKIASIM111111111111 AWS_SECRET_ACCESS_KEY=x\n\nAn account's access key is AKIASIM and its twelve digits; by default there are 111111111111 and 222222222222."
    )]
    Serve {
        /// Address to listen at; port 0 picks a free one, which is printed.
        #[arg(long, default_value = "127.0.0.1:7500", value_name = "ADDRESS:PORT")]
        listen: SocketAddr,
        /// Folder of the state; without it, the state is lost at the end.
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
        /// Configuration file (TOML) of accounts, regions, times and quotas.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Process id of the parent. The simulator ends when the parent ends.
        #[arg(long, hide = true)]
        parent: Option<i32>,
    },
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("AWSSIM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "awssim: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let Command::Serve { listen, state, config, parent } = cli.command;
    if let Some(parent) = parent {
        rustix::process::set_parent_process_death_signal(Some(Signal::TERM))?;
        // The parent may have ended before this call.
        let is_there =
            rustix::process::getppid().is_some_and(|p| p.as_raw_nonzero().get() == parent);
        anyhow::ensure!(is_there, "the process that started this one has ended");
    }
    let config = match config {
        Some(path) => {
            let text = std::fs::read_to_string(&path);
            let text =
                text.with_context(|| format!("cannot read the configuration {}", path.display()))?;
            Config::parse(&text).with_context(|| path.display().to_string())?
        }
        None => Config::default(),
    };
    let passing = tempfile::tempdir()?;
    let state = state.unwrap_or_else(|| passing.path().to_owned());
    std::fs::create_dir_all(&state)?;
    let sim = Sim::open(config, &state)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let running = Running::start(sim, listen, &state).await?;
        let mut stdout = std::io::stdout();
        writeln!(stdout, "listening on {}", running.address)?;
        stdout.flush()?;
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        running.stop().await;
        Ok(())
    })
}
