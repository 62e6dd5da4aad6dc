//! `imaged store …`: maintenance of a store while no server uses it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use rpc::exit;
use serde::Serialize;
use store::fsck::{Depth, Report, check};
use store::{Stats, Store};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::units::format_len;

use super::print_line;

/// The commands of `imaged store`. All of them but `stat` fail if a server runs on the data directory.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Count packs, objects and bytes.
    #[command(after_help = "Example:\n  imaged store stat --data-dir /var/lib/imaged")]
    Stat(StoreArgs),
    /// Check structure: headers and footers of packs, the index, and that all objects of images exist.
    #[command(after_help = "Example:\n  imaged store fsck --data-dir /var/lib/imaged")]
    Fsck(StoreArgs),
    /// Write the index anew from the footers of all packs; the packs stay as they are.
    #[command(after_help = "Example:\n  imaged store rebuild-index --data-dir /var/lib/imaged")]
    RebuildIndex(StoreArgs),
    /// Read and hash everything; name damaged objects and the images that use them.
    #[command(after_help = "Example:\n  imaged store scrub --data-dir /var/lib/imaged")]
    Scrub(StoreArgs),
}

/// Arguments of every store command: the store, and the output format.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The server's data directory, or a store itself.
    #[arg(long, env = "IMPRINT_DATA_DIR")]
    data_dir: PathBuf,
    /// Print one JSON document instead of text.
    #[arg(long)]
    json: bool,
}

impl StoreArgs {
    fn path(&self) -> PathBuf {
        let inside = self.data_dir.join("store");
        if inside.is_dir() { inside } else { self.data_dir.clone() }
    }
}

/// Runs a store command; returns the exit code.
pub(super) fn run(command: StoreCommand) -> anyhow::Result<u8> {
    match command {
        StoreCommand::Stat(args) => {
            let store = Store::open_read_only(&args.path())?;
            print(&args, &StatsDocument::from(&store.stats()), &describe(&store.stats()))?;
            Ok(exit::DONE)
        }
        StoreCommand::RebuildIndex(args) => {
            let stats = Store::open(&args.path())?.rebuild_index()?;
            print(
                &args,
                &StatsDocument::from(&stats),
                &format!("index written: {}", describe(&stats)),
            )?;
            Ok(exit::DONE)
        }
        StoreCommand::Fsck(args) => inspect(&args, Depth::Structure),
        StoreCommand::Scrub(args) => inspect(&args, Depth::Data),
    }
}

fn inspect(args: &StoreArgs, depth: Depth) -> anyhow::Result<u8> {
    // Opens the store for writing, although the check only reads, so that no server can change the store meanwhile.
    let store = Store::open(&args.path())?;
    let report = check(&store, depth, &mut |_, _| {})?;
    print(args, &ReportDocument::from(&report), &describe_report(&report))?;
    Ok(match report.is_clean() {
        true => exit::DONE,
        false => exit::code(ErrorClass::Damaged),
    })
}

fn print(args: &StoreArgs, document: &impl Serialize, text: &str) -> anyhow::Result<()> {
    let mut document = serde_json::to_value(document)?;
    document["schema_version"] = serde_json::json!(wire::document::SCHEMA_VERSION);
    let line = if args.json { document.to_string() } else { text.to_owned() };
    Ok(print_line(&line)?)
}

/// Document of `store stat` and `store rebuild-index`; [`ReportDocument`] contains it too.
#[derive(Debug, Serialize)]
struct StatsDocument {
    packs: u64,
    objects: u64,
    payload_bytes: u64,
    content_bytes: u64,
}

impl From<&Stats> for StatsDocument {
    fn from(stats: &Stats) -> Self {
        Self {
            packs: stats.packs,
            objects: stats.objects,
            payload_bytes: stats.payload_bytes,
            content_bytes: stats.content_bytes,
        }
    }
}

/// Document of `store fsck` and `store scrub`.
#[derive(Debug, Serialize)]
struct ReportDocument {
    #[serde(flatten)]
    stats: StatsDocument,
    clean: bool,
    damaged_files: Vec<String>,
    damaged_objects: Vec<DamagedObjectDocument>,
}

#[derive(Debug, Serialize)]
struct DamagedObjectDocument {
    digest: String,
    problem: String,
    images: Vec<String>,
}

impl From<&Report> for ReportDocument {
    fn from(report: &Report) -> Self {
        let object = |(digest, problem): (&Digest, &String)| DamagedObjectDocument {
            digest: digest.to_string(),
            problem: problem.clone(),
            images: report.affected_images.get(digest).cloned().unwrap_or_default(),
        };
        Self {
            stats: StatsDocument::from(&report.stats),
            clean: report.is_clean(),
            damaged_files: report.damaged_files.clone(),
            damaged_objects: report.damaged_objects.iter().map(object).collect(),
        }
    }
}

fn describe(stats: &Stats) -> String {
    format!(
        "{} packs, {} objects, {} stored for {} of content",
        stats.packs,
        stats.objects,
        format_len(stats.payload_bytes),
        format_len(stats.content_bytes)
    )
}

fn describe_report(report: &Report) -> String {
    let mut lines = vec![describe(&report.stats)];
    lines.extend(report.damaged_files.iter().map(|file| format!("damaged: {file}")));
    for (digest, problem) in &report.damaged_objects {
        let images = report.affected_images.get(digest).map(|images| images.join(", "));
        let images = images.unwrap_or_else(|| "no image".to_owned());
        lines.push(format!("damaged: object {digest}: {problem}; used by {images}"));
    }
    lines.push(if report.is_clean() { "clean".to_owned() } else { "damage was found".to_owned() });
    lines.join("\n")
}
