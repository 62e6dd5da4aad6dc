//! The command line: `imaged serve`, `imaged pki`, `imaged store`.

mod moments;
mod pki_command;
mod store_command;
mod token_command;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use imageserver::OpenError;
use rpc::client::CallError;
use rpc::daemon::{LogFormat, log_level};
use rpc::exit;
use rpc::join::{JoinError, TokenError};
use rpc::policy::PolicyError;
use rpc::tls::TlsError;
use store::StoreError;
use transfer::TransferError;
use wire::ErrorClass;
use wire::digest::Algorithm;
use wire::units::parse_duration;

use crate::pki::PkiError;
use crate::replica::{Follows, Primary, Selection};
use crate::serve;
use crate::upkeep::Schedule;

pub use pki_command::PkiCommand;
pub use store_command::StoreCommand;
pub use token_command::{NameError, TokenCommand};

/// Image server of Imprint: keeps machine images as deduplicated, compressed objects.
#[derive(Debug, Parser)]
#[command(name = "imaged", version, about, max_term_width = 100)]
pub struct Cli {
    /// More detail in the log (-v debug, -vv trace); IMPRINT_LOG overrides it.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Only warnings and errors in the log.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Format of the log on standard error.
    #[arg(long, global = true, value_enum, default_value_t = LogFormatArg::Text)]
    pub log_format: LogFormatArg,
    /// `serve`, `pki` or `store`.
    #[command(subcommand)]
    pub command: Command,
}

/// The values of `--log-format`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogFormatArg {
    /// Lines for people.
    Text,
    /// One JSON document per line.
    Json,
}

/// The commands of imaged: the server, and what works without it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve images until SIGTERM.
    #[command(
        after_help = "Example:\n  imaged serve --data-dir /var/lib/imaged --listen 0.0.0.0:7400 --tls-dir /etc/imprint/pki/imaged --status-listen 127.0.0.1:7480"
    )]
    Serve(ServeArgs),
    /// Make a CA, and certificates for servers and clients.
    #[command(subcommand)]
    Pki(PkiCommand),
    /// Look after a store: of a server that runs, or while none runs on it.
    #[command(subcommand)]
    Store(StoreCommand),
}

/// Arguments of `imaged serve`. Environment variables can name the data folder and the TLS folder.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Folder of the catalog and the store; created if it is missing.
    #[arg(long, env = "IMPRINT_DATA_DIR")]
    pub data_dir: PathBuf,
    /// Address to listen at; port 0 picks a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:7400", value_name = "ADDRESS:PORT")]
    pub listen: String,
    /// Address of the status pages, /metrics and /healthz: plain HTTP without authentication.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub status_listen: Option<String>,
    /// Address where machines that have a token and no certificate ask for one; by default nowhere.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub join_listen: Option<String>,
    /// Folder with ca.pem, cert.pem, key.pem and policy.toml.
    #[arg(long, env = "IMPRINT_TLS_DIR")]
    pub tls_dir: PathBuf,
    /// The policy file, if it is not in the TLS folder.
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Digest algorithm of a new store: sha256 or sha512.
    #[arg(long, default_value = "sha256")]
    pub digest: Algorithm,
    /// Whether this server follows another.
    #[command(flatten)]
    pub following: FollowingArgs,
    /// When the store is looked after.
    #[command(flatten)]
    pub upkeep: UpkeepArgs,
    /// End when the process with this id ends; it must be the parent.
    #[arg(long, hide = true)]
    pub parent: Option<u32>,
}

/// Arguments of the upkeep of a server's store.
#[derive(Debug, Args)]
pub struct UpkeepArgs {
    /// Collect garbage this often: space of removed images, expired ones and broken uploads; 0s for never. It is also
    /// collected when space runs short.
    #[arg(long, default_value = "24h", value_parser = parse_duration, value_name = "DUR")]
    pub gc_every: Duration,
    /// Read and check everything this often; 0s for never.
    #[arg(long, default_value = "30d", value_parser = parse_duration, value_name = "DUR")]
    pub scrub_every: Duration,
    /// Fetch what is damaged from this image server, such as a replica; may be given several times. A replica uses its
    /// primary anyway.
    #[arg(long, value_name = "HOST:PORT")]
    pub heal_from: Vec<String>,
}

/// Arguments of a server that follows another, its primary.
#[derive(Debug, Args)]
pub struct FollowingArgs {
    /// Follow this image server: its images come here, and its removals, tags and expiry times are followed.
    #[arg(long, env = "IMPRINT_PRIMARY", value_name = "HOST:PORT")]
    pub primary: Option<String>,
    /// Folder with ca.pem, cert.pem and key.pem to show to the primary, whose policy must grant them `read` and
    /// `replicate`; by default the TLS folder.
    #[arg(long, value_name = "DIR", requires = "primary")]
    pub primary_tls_dir: Option<PathBuf>,
    /// Follow only streams that match, such as `base/**`; may be given several times.
    #[arg(long, value_name = "GLOB", requires = "primary")]
    pub include: Vec<String>,
    /// Do not follow streams that match, even if --include matches them.
    #[arg(long, value_name = "GLOB", requires = "primary")]
    pub exclude: Vec<String>,
    /// Keep what the primary removes or lets expire.
    #[arg(long, requires = "primary")]
    pub archive: bool,
}

impl FollowingArgs {
    fn primary(self) -> Option<Primary> {
        let follows = if self.archive { Follows::AllButRemovals } else { Follows::Everything };
        let selection = Selection { include: self.include, exclude: self.exclude, follows };
        let tls_dir = self.primary_tls_dir;
        self.primary.map(|address| Primary { address, tls_dir, selection })
    }
}

/// Runs a command; returns the exit code.
///
/// # Errors
/// Any error to show to the user; [`exit_code`] maps it to an exit code from 1 to 6.
pub fn run(cli: Cli) -> anyhow::Result<u8> {
    let level = |normal| log_level(normal, cli.quiet, cli.verbose);
    let format = match cli.log_format {
        LogFormatArg::Text => LogFormat::Text,
        LogFormatArg::Json => LogFormat::Json,
    };
    match cli.command {
        Command::Serve(args) => {
            rpc::daemon::start_log(format, level("info"));
            serve(args)
        }
        Command::Pki(command) => {
            rpc::daemon::start_log(format, level("warn"));
            pki_command::run(command)
        }
        Command::Store(command) => {
            rpc::daemon::start_log(format, level("warn"));
            store_command::run(command)
        }
    }
}

fn serve(args: ServeArgs) -> anyhow::Result<u8> {
    if let Some(parent) = args.parent {
        sysio::end_with_parent(parent)?;
    }
    sysio::raise_open_files();
    let config = serve::Config {
        data_dir: args.data_dir,
        listen: args.listen,
        status_listen: args.status_listen,
        join_listen: args.join_listen,
        tls_dir: args.tls_dir,
        policy: args.policy,
        primary: args.following.primary(),
        heal_from: args.upkeep.heal_from,
        schedule: Schedule {
            collect_every: args.upkeep.gc_every,
            check_every: args.upkeep.scrub_every,
        },
        algorithm: args.digest,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::run(config, |at| {
        // A parent that chose port 0 reads the address here. A parent that closed the pipe does not need it.
        print_line(&format!("listening on {}", at.calls)).ok();
        if let Some(status) = at.status {
            print_line(&format!("status at http://{status}/")).ok();
        }
        if let Some(joins) = at.joins {
            print_line(&format!("machines join at {joins}")).ok();
        }
    }))?;
    Ok(exit::DONE)
}

/// Writes a line to standard output at once.
pub(crate) fn print_line(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Prints a result, as one JSON document or as text.
pub(crate) fn print_document(
    json: bool,
    document: &impl serde::Serialize,
    text: &str,
) -> anyhow::Result<()> {
    let mut document = serde_json::to_value(document)?;
    document["schema_version"] = serde_json::json!(wire::document::SCHEMA_VERSION);
    let line = if json { document.to_string() } else { text.to_owned() };
    Ok(print_line(&line)?)
}

/// Returns the exit code of an error: the code for the first cause that has an error class. If no cause has a class,
/// returns the code of an internal error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let class = error.chain().find_map(|cause| {
        let pki = cause.downcast_ref::<PkiError>().map(PkiError::class);
        pki.or_else(|| cause.downcast_ref::<OpenError>().map(OpenError::class))
            .or_else(|| cause.downcast_ref::<StoreError>().map(StoreError::class))
            .or_else(|| cause.downcast_ref::<CallError>().map(|error| error.class))
            .or_else(|| cause.downcast_ref::<TransferError>().map(TransferError::class))
            .or_else(|| cause.downcast_ref::<TlsError>().map(TlsError::class))
            .or_else(|| cause.downcast_ref::<PolicyError>().map(PolicyError::class))
            .or_else(|| cause.downcast_ref::<JoinError>().map(JoinError::class))
            .or_else(|| cause.downcast_ref::<TokenError>().map(|_| ErrorClass::Refused))
            .or_else(|| cause.downcast_ref::<NameError>().map(|_| ErrorClass::Refused))
    });
    exit::code(class.unwrap_or(ErrorClass::Internal))
}
