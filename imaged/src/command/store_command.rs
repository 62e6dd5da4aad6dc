//! `imaged store …`: upkeep of a store, of a server that runs or while none runs on it.

mod document;
mod offline;
mod online;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};
use rpc::exit;
use wire::ErrorClass;
use wire::units::parse_duration;

use super::print_document;
use document::{CheckDocument, CollectDocument, StatsDocument};

/// The commands of `imaged store`. With `--imaged`, a server does the work and goes on serving. With `--data-dir`, all
/// commands but `stat` fail if a server runs there.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Count packs, objects and bytes.
    #[command(after_help = "Example:\n  imaged store stat --data-dir /var/lib/imaged")]
    Stat(StoreArgs),
    /// Check structure: headers and footers of packs, the index, and that all objects of images exist.
    #[command(after_help = "Example:\n  imaged store fsck --data-dir /var/lib/imaged")]
    Fsck(CheckArgs),
    /// Write the index anew from the footers of all packs; the packs stay as they are.
    #[command(after_help = "Example:\n  imaged store rebuild-index --data-dir /var/lib/imaged")]
    RebuildIndex {
        /// The server's data directory, or a store itself.
        #[arg(long, env = "IMPRINT_DATA_DIR")]
        data_dir: PathBuf,
        /// Print one JSON document instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Read and hash everything; name damaged objects, and the images and paths that need them.
    #[command(
        after_help = "Examples:\n  imaged store scrub --data-dir /var/lib/imaged\n  imaged store scrub --imaged images.example.net:7400 --tls-dir /etc/imprint/pki/admin --heal\n  imaged store scrub --data-dir /var/lib/imaged --heal-from replica.example.net:7400 --tls-dir /etc/imprint/pki/read"
    )]
    Scrub(CheckArgs),
    /// Free the space of what no image needs: removed and expired images, broken uploads.
    #[command(
        after_help = "Examples:\n  imaged store gc --data-dir /var/lib/imaged --dry-run\n  imaged store gc --imaged images.example.net:7400 --tls-dir /etc/imprint/pki/admin"
    )]
    Gc {
        /// The store.
        #[command(flatten)]
        store: StoreArgs,
        /// Only tell what would be freed.
        #[arg(long)]
        dry_run: bool,
        /// Keep packs that are younger: of uploads that were cut off, and may be repeated.
        #[arg(long, default_value = "1h", value_parser = parse_duration, value_name = "DUR")]
        grace: Duration,
    },
}

/// Arguments of every store command: the store, and the output format.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("place").required(true).args(["data_dir", "imaged"])))]
pub struct StoreArgs {
    /// The server's data directory, or a store itself.
    #[arg(long, env = "IMPRINT_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// A running server, whose policy grants our certificate the role `admin` for all streams.
    #[arg(long, value_name = "HOST:PORT", requires = "tls_dir")]
    imaged: Option<String>,
    /// Folder with ca.pem, cert.pem and key.pem to show to a server.
    #[arg(long, env = "IMPRINT_TLS_DIR", value_name = "DIR")]
    tls_dir: Option<PathBuf>,
    /// Print one JSON document instead of text.
    #[arg(long)]
    json: bool,
}

/// Arguments of a check.
#[derive(Debug, Args)]
#[group(skip)]
pub struct CheckArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Take damage out of use, and let the server fetch what is damaged from its primary and from the servers of its
    /// --heal-from.
    #[arg(long, requires = "imaged")]
    heal: bool,
    /// Take damage out of use, and fetch what is damaged from this image server.
    #[arg(long, value_name = "HOST:PORT", requires = "tls_dir", conflicts_with = "imaged")]
    heal_from: Vec<String>,
}

/// A place where a store is looked after.
enum StorePlace<'a> {
    Folder(PathBuf),
    Server { address: &'a str, tls_dir: &'a PathBuf },
}

impl StoreArgs {
    fn place(&self) -> anyhow::Result<StorePlace<'_>> {
        match (&self.imaged, &self.tls_dir, &self.data_dir) {
            (Some(address), Some(tls_dir), _) => Ok(StorePlace::Server { address, tls_dir }),
            (_, _, Some(data_dir)) => Ok(StorePlace::Folder(store_path(data_dir.clone()))),
            _ => anyhow::bail!("give --data-dir, or --imaged with --tls-dir"),
        }
    }
}

fn store_path(data_dir: PathBuf) -> PathBuf {
    let inside = data_dir.join("store");
    if inside.is_dir() { inside } else { data_dir }
}

/// Runs a store command; returns the exit code.
pub(super) fn run(command: StoreCommand) -> anyhow::Result<u8> {
    match command {
        StoreCommand::Stat(args) => {
            let stats: StatsDocument = match args.place()? {
                StorePlace::Folder(path) => offline::stats(&path)?,
                StorePlace::Server { address, tls_dir } => online::stats(address, tls_dir)?,
            };
            print_document(args.json, &stats, &stats.to_string())?;
            Ok(exit::DONE)
        }
        StoreCommand::RebuildIndex { data_dir, json } => {
            let stats = offline::rebuild_index(&store_path(data_dir))?;
            print_document(json, &stats, &format!("index written: {stats}"))?;
            Ok(exit::DONE)
        }
        StoreCommand::Fsck(args) => check(&args, false),
        StoreCommand::Scrub(args) => check(&args, true),
        StoreCommand::Gc { store, dry_run, grace } => {
            let collected: CollectDocument = match store.place()? {
                StorePlace::Folder(path) => offline::collect(&path, dry_run, grace)?,
                StorePlace::Server { address, tls_dir } => {
                    online::collect(address, tls_dir, dry_run, grace)?
                }
            };
            print_document(store.json, &collected, &collected.to_string())?;
            Ok(exit::DONE)
        }
    }
}

fn check(args: &CheckArgs, data: bool) -> anyhow::Result<u8> {
    let found: CheckDocument = match args.store.place()? {
        StorePlace::Folder(path) => {
            offline::check(&path, data, &args.heal_from, args.store.tls_dir.as_deref())?
        }
        StorePlace::Server { address, tls_dir } => {
            online::check(address, tls_dir, data, args.heal)?
        }
    };
    print_document(args.store.json, &found, &found.to_string())?;
    Ok(match found.clean {
        true => exit::DONE,
        false => exit::code(ErrorClass::Damaged),
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::command::Cli;

    fn refused(arguments: &[&str]) -> String {
        let all = ["imaged", "store", "stat"].iter().chain(arguments);
        Cli::try_parse_from(all).expect_err("a refusal").to_string()
    }

    #[test]
    fn a_store_or_a_server_is_named_but_not_both() {
        let said = refused(&[]);
        assert!(said.contains("<--data-dir <DIR>|--imaged <HOST:PORT>>"), "{said}");
        let both = ["--data-dir", "/srv", "--imaged", "here:7400", "--tls-dir", "/srv/pki"];
        assert!(refused(&both).contains("cannot be used with"));
        assert!(refused(&both[2..4]).contains("--tls-dir <DIR>"));
    }
}
