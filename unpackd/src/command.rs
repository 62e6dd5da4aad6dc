//! The command line: `unpackd serve`, `unpackd apply`, `unpackd verify`, `unpackd mount`, `unpackd join`.

mod join;
mod mount;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use boot::check_kernel_arguments;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use diskfs::{Filesystem, Layout};
use imagefs::MountError;
use patch::engine::EngineChoice;
use patch::{Difference, FreedPolicy, PatchError};
use rpc::client::CallError;
use rpc::daemon::{LogFormat, log_level};
use rpc::exit;
use rpc::join::{JoinError, TokenError};
use rpc::policy::PolicyError;
use rpc::tls::TlsError;
use serde::Serialize;
use store::StoreError;
use wire::ErrorClass;
use wire::document::UnpackDocument;
use wire::name::ImageName;
use wire::units::{parse_duration, parse_size};

use crate::UnpackError;
use crate::imaged::Origin;
use crate::oneshot::{ApplyOptions, VerifyOptions, apply, open, verify};
use crate::serve;

/// Storage daemon of Imprint: keeps volumes and patches them from revision to revision.
#[derive(Debug, Parser)]
#[command(name = "unpackd", version, about, max_term_width = 100)]
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
    /// `serve`, `apply`, `verify`, `mount` or `join`.
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

/// The commands of unpackd; one value per command line.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keep volumes until SIGTERM.
    #[command(
        after_help = "Example:\n  unpackd serve --state-dir /var/lib/unpackd --listen 0.0.0.0:7401 --imaged images.example.net:7400 --tls-dir /etc/imprint/pki/unpackd --status-listen 127.0.0.1:7481"
    )]
    Serve(ServeArgs),
    /// Patch one volume to an image, without a daemon.
    #[command(
        after_help = "Examples:\n  unpackd apply base/debian-12/1 disk.img --store /var/lib/imaged\n  unpackd apply base/debian-12/2 /dev/nvme1n1 --imaged images:7400 --tls-dir pki/read --cache /var/cache/imprint"
    )]
    Apply(ApplyArgs),
    /// Compare one volume with an image, reading everything; exit code 5 if they differ.
    #[command(
        after_help = "Example:\n  unpackd verify base/debian-12/1 disk.img --store /var/lib/imaged"
    )]
    Verify(VerifyArgs),
    /// Show images as a filesystem, read-only: all of them as STREAM/LEAF, or one.
    #[command(
        after_help = "Examples:\n  unpackd mount /mnt/images --store /var/lib/imaged\n  unpackd mount /mnt/deb base/debian-12/2 --store /var/lib/unpackd\n  unpackd mount /mnt/images --imaged images:7400 --tls-dir pki/read --allow-other\n  unpackd mount /mnt/images --store /var/lib/imaged --views\n  unpackd mount /mnt/volume --volume file-02758f786fde --tls-dir pki/read\n  umount /mnt/images"
    )]
    Mount(mount::MountArgs),
    /// Get a certificate for this machine with a token, into a TLS folder.
    #[command(
        after_help = "Example:\n  unpackd join --imaged images.example.net:7402 --token /run/imprint-token --tls-dir /etc/imprint/pki/unpackd\n\n`imaged pki token` makes the token, and imaged needs --join-listen. If the command is interrupted, run it again: it goes on with the same key."
    )]
    Join(join::JoinArgs),
}

/// Arguments of `unpackd serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Folder of the volumes' records, ledgers and the store; created if missing.
    #[arg(long, env = "IMPRINT_STATE_DIR")]
    state_dir: PathBuf,
    /// Address to listen on; port 0 takes a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:7401", value_name = "ADDRESS:PORT")]
    listen: String,
    /// Address of the status page, /metrics and /healthz: plain HTTP, open to anyone who reaches the address.
    #[arg(long, value_name = "ADDRESS:PORT")]
    status_listen: Option<String>,
    /// Address of the imaged that images come from; only the first start needs its answer.
    #[arg(long, env = "IMPRINT_IMAGED", value_name = "HOST:PORT")]
    imaged: String,
    /// Folder with ca.pem, cert.pem, key.pem and policy.toml.
    #[arg(long, env = "IMPRINT_TLS_DIR")]
    tls_dir: PathBuf,
    /// The policy file, if it is not in the TLS folder.
    #[arg(long)]
    policy: Option<PathBuf>,
    /// I/O engine for reading and writing: auto, uring or threads.
    #[arg(long, default_value = "auto", value_parser = EngineChoice::parse)]
    io_engine: EngineChoice,
    /// Do not fetch the newest images of the volumes' streams before they are asked for.
    #[arg(long)]
    no_fetch_ahead: bool,
    /// Fetch ahead at most this much content of one image.
    #[arg(long, default_value = "16GiB", value_parser = parse_size, value_name = "SIZE")]
    fetch_ahead_max: u64,
    /// Free the space of what neither a volume nor a newest image needs this often; 0s for only when space runs short.
    #[arg(long, default_value = "24h", value_parser = parse_duration, value_name = "DUR")]
    gc_every: Duration,
    /// End when the process with this id ends; it must be the parent.
    #[arg(long, hide = true)]
    parent: Option<u32>,
}

/// Arguments that name the source of images.
#[derive(Debug, Args)]
struct OriginArgs {
    /// A store on this machine, or a server's data directory.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Address of an imaged to fetch images from, if --store is not given.
    #[arg(long, env = "IMPRINT_IMAGED", value_name = "HOST:PORT")]
    imaged: Option<String>,
    /// Folder with ca.pem, cert.pem and key.pem, for --imaged.
    #[arg(long, env = "IMPRINT_TLS_DIR")]
    tls_dir: Option<PathBuf>,
}

/// Arguments that `apply` and `verify` share.
#[derive(Debug, Args)]
struct VolumeArgs {
    /// The image, STREAM/LEAF.
    image: ImageName,
    /// A block device or an image file that exists.
    volume: PathBuf,
    #[command(flatten)]
    origin: OriginArgs,
    /// Store that keeps fetched objects, for --imaged.
    #[arg(long, value_name = "DIR", default_value = "/var/cache/imprint")]
    cache: PathBuf,
    /// Partition layout of the volume: gpt or none.
    #[arg(long, default_value = "gpt", value_parser = parse_layout)]
    layout: Layout,
    /// Kernel arguments, instead of the image's own and the default consoles (screen and serial line).
    #[arg(long, value_name = "ARGS", value_parser = parse_kernel_arguments, allow_hyphen_values = true)]
    kernel_args: Option<String>,
    /// Number that gives the volume UUIDs of its own; use the same number for every patch of the volume. 0 means the
    /// UUIDs that depend on the stream alone.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    own_uuids: u64,
    /// I/O engine for reading and writing: auto, uring or threads.
    #[arg(long, default_value = "auto", value_parser = EngineChoice::parse)]
    io_engine: EngineChoice,
    /// Print the result as one JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `unpackd apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    volume: VolumeArgs,
    /// Evidence to trust: auto trusts a ledger that still matches the volume, full hashes all content.
    #[arg(long, default_value = "auto", value_parser = ["auto", "full"])]
    verify: String,
    /// Format the volume even if it holds a filesystem: all its content is lost.
    #[arg(long)]
    format: bool,
    /// Ledger, the record of the volume's content (default: FILE.ledger next to an image file).
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// The filesystem: ext4 or xfs; by default the volume's own, or ext4.
    #[arg(long, value_parser = parse_filesystem)]
    fs: Option<Filesystem>,
    /// What to do with data that the patch frees: scrub zeroes it so that it does not ship, keep leaves it.
    #[arg(long, default_value = "scrub", value_parser = parse_freed)]
    freed: FreedPolicy,
    /// Plan only, and print what a patch would do.
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `unpackd verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    volume: VolumeArgs,
}

fn parse_layout(text: &str) -> Result<Layout, String> {
    Layout::parse(text).ok_or_else(|| format!("'{text}' is neither gpt nor none"))
}

fn parse_kernel_arguments(text: &str) -> Result<String, String> {
    check_kernel_arguments(text).map(|()| text.to_owned())
}

fn parse_filesystem(text: &str) -> Result<Filesystem, String> {
    let names = Filesystem::ALL.map(Filesystem::name).join(", ");
    Filesystem::parse(text)
        .ok_or_else(|| format!("'{text}' is not a filesystem for volumes: expected one of {names}"))
}

fn parse_freed(text: &str) -> Result<FreedPolicy, String> {
    FreedPolicy::parse(text).ok_or_else(|| format!("'{text}' is neither scrub nor keep"))
}

/// Runs a command and returns the exit code.
///
/// # Errors
/// Any error to show to the user; [`exit_code`] maps it to exit code 1 to 6.
pub fn run(cli: Cli) -> anyhow::Result<u8> {
    let format = match cli.log_format {
        LogFormatArg::Text => LogFormat::Text,
        LogFormatArg::Json => LogFormat::Json,
    };
    let level = |normal| log_level(normal, cli.quiet, cli.verbose);
    sysio::raise_open_files();
    sysio::clear_umask();
    match cli.command {
        Command::Serve(args) => {
            rpc::daemon::start_log(format, level("info"));
            serve_command(args)
        }
        Command::Apply(args) => {
            rpc::daemon::start_log(format, level("warn"));
            apply_command(&args)
        }
        Command::Verify(args) => {
            rpc::daemon::start_log(format, level("warn"));
            verify_command(&args.volume)
        }
        Command::Mount(args) => {
            rpc::daemon::start_log(format, level("info"));
            mount::run(&args)
        }
        Command::Join(args) => {
            rpc::daemon::start_log(format, level("warn"));
            join::run(args)?;
            Ok(exit::DONE)
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn serve_command(args: ServeArgs) -> anyhow::Result<u8> {
    if let Some(parent) = args.parent {
        sysio::end_with_parent(parent)?;
    }
    let config = serve::Config {
        state_dir: args.state_dir,
        listen: args.listen,
        status_listen: args.status_listen,
        imaged: args.imaged,
        tls_dir: args.tls_dir,
        policy: args.policy,
        engine: args.io_engine,
        collect_every: args.gc_every,
        fetch_ahead_max: (!args.no_fetch_ahead).then_some(args.fetch_ahead_max),
    };
    runtime()?.block_on(serve::run(config, |address, status| {
        // A program that starts unpackd with port 0 reads this line. If the pipe is closed, nobody needs the line.
        print_line(&format!("listening on {address}")).ok();
        if let Some(status) = status {
            print_line(&format!("status at http://{status}/")).ok();
        }
    }))?;
    Ok(exit::DONE)
}

/// Exits with clap's message about missing arguments. Serves for the rules that clap's attributes cannot express.
fn usage(missing: &str) -> ! {
    Cli::command().error(clap::error::ErrorKind::MissingRequiredArgument, missing).exit()
}

impl OriginArgs {
    /// Returns the source of images; `cache` is the store for fetched objects. Exits with a usage message if the
    /// arguments name no source.
    fn origin(&self, cache: &Path) -> Origin {
        match (&self.store, &self.imaged, &self.tls_dir) {
            (Some(path), _, _) => Origin::Store(path.clone()),
            (None, Some(address), Some(tls_dir)) => Origin::Imaged {
                address: address.clone(),
                tls_dir: tls_dir.clone(),
                cache: cache.to_owned(),
            },
            (None, Some(_), None) => {
                usage("--imaged needs a folder of certificates: --tls-dir DIR")
            }
            (None, None, _) => {
                usage("no source of images is given: name --store DIR or --imaged HOST:PORT")
            }
        }
    }
}

fn apply_command(args: &ApplyArgs) -> anyhow::Result<u8> {
    let runtime = runtime()?;
    let opened =
        open(&args.volume.origin.origin(&args.volume.cache), &args.volume.image, &runtime)?;
    let options = ApplyOptions {
        layout: args.volume.layout,
        is_format: args.format,
        verify_full: args.verify == "full",
        is_dry_run: args.dry_run,
        engine: args.volume.io_engine,
        ledger: args.ledger.as_deref(),
        filesystem: args.fs,
        freed: args.freed,
        kernel_arguments: args.volume.kernel_args.as_deref(),
        own_uuids: args.volume.own_uuids,
    };
    let report = apply(&opened, &args.volume.volume, options, &|_, _, _| {})?;
    let document = UnpackDocument::from(report);
    if args.volume.json {
        return print_document(&document);
    }
    print_line(&document.to_string())?;
    Ok(exit::DONE)
}

fn verify_command(args: &VolumeArgs) -> anyhow::Result<u8> {
    let runtime = runtime()?;
    let opened = open(&args.origin.origin(&args.cache), &args.image, &runtime)?;
    let options = VerifyOptions {
        layout: args.layout,
        kernel_arguments: args.kernel_args.as_deref(),
        own_uuids: args.own_uuids,
        engine: args.io_engine,
    };
    let found = verify(&opened, &args.volume, options, &|_, _| {})?;
    if args.json {
        let image = args.image.as_str();
        print_document(&VerifyDocument { image, differences: &found })?;
    } else {
        for difference in &found {
            print_line(&format!("/{}: {}", difference.path, difference.fields.join(", ")))?;
        }
        let summary = match found.len() {
            0 => format!("{} holds exactly {}", args.volume.display(), args.image),
            count => {
                format!("{} differs from {} at {count} paths", args.volume.display(), args.image)
            }
        };
        print_line(&summary)?;
    }
    Ok(if found.is_empty() { exit::DONE } else { exit::code(ErrorClass::Damaged) })
}

/// Output of `verify --json`.
#[derive(Serialize)]
struct VerifyDocument<'a> {
    image: &'a str,
    differences: &'a [Difference],
}

/// Prints a JSON document as one line, with `schema_version` added.
fn print_document(document: &impl Serialize) -> anyhow::Result<u8> {
    let mut document = serde_json::to_value(document)?;
    document["schema_version"] = serde_json::json!(wire::document::SCHEMA_VERSION);
    print_line(&document.to_string())?;
    Ok(exit::DONE)
}

fn print_line(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Returns the exit code of an error: the code for the first cause that has an error class.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let class = error.chain().find_map(|cause| {
        let unpack = cause.downcast_ref::<UnpackError>().map(UnpackError::class);
        unpack
            .or_else(|| cause.downcast_ref::<MountError>().map(MountError::class))
            .or_else(|| cause.downcast_ref::<PatchError>().map(PatchError::class))
            .or_else(|| cause.downcast_ref::<StoreError>().map(StoreError::class))
            .or_else(|| cause.downcast_ref::<CallError>().map(|call| call.class))
            .or_else(|| cause.downcast_ref::<TlsError>().map(TlsError::class))
            .or_else(|| cause.downcast_ref::<PolicyError>().map(PolicyError::class))
            .or_else(|| cause.downcast_ref::<JoinError>().map(JoinError::class))
            .or_else(|| cause.downcast_ref::<TokenError>().map(|_| ErrorClass::Refused))
    });
    exit::code(class.unwrap_or(ErrorClass::Internal))
}
