//! Measures a server with a large catalog: how long it takes to open, how soon `image list` shows its first page, and how
//! much memory the server has.
//!
//! `catalog TREE [--images N] [--rounds N] [--work-dir DIR]` adds the tree once and gives its record N names.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "nothing here must survive a crash")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use benches::times::Times;
use clap::Parser;
use imageserver::{ImageServer, Setup};
use publisher::{Addition, Addresses, Client, Silent};
use rig::{Processes, Server, StatusPages};
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use wire::digest::Algorithm;
use wire::name::ImageName;

/// Measures a server with a large catalog.
#[derive(Debug, Parser)]
struct Args {
    /// Any tree; its size does not matter.
    tree: PathBuf,
    #[arg(long, default_value_t = 10_000)]
    images: usize,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Folder for the server's data.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
}

fn serve(folder: &Path, processes: &Arc<Processes>) -> anyhow::Result<Server> {
    let listen = ("imaged", "127.0.0.1:0");
    let log = folder.join("imaged.log");
    let server = Server::start(processes, listen, StatusPages::Shown, &log, |command| {
        command.arg("--data-dir").arg(folder.join("data"));
        command.arg("--tls-dir").arg(folder.join("pki/imaged"));
    });
    Ok(server?)
}

/// Adds the tree with the client, so that the record is a real one, and gives it many names.
fn fill(args: &Args, folder: &Path, processes: &Arc<Processes>) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let name: ImageName = "base/debian/0".parse()?;
    {
        let server = serve(folder, processes)?;
        let tls = TlsDir::load(&folder.join("pki/publish"))?;
        let addresses = Addresses { imaged: Some(server.address.clone()), ..Addresses::default() };
        let client = Client::new(addresses, tls, runtime.handle().clone(), Arc::new(Silent));
        publisher::add::add(&client, &Addition::new(name.clone(), &args.tree))?;
    }
    let setup =
        Setup { algorithm: Algorithm::Sha256, signers: None, primary: None, peers: Vec::new() };
    let server = ImageServer::open(&folder.join("data"), setup)?;
    let record = server.catalog().get(&name)?;
    for number in 1..args.images {
        // Fifty revisions of each stream.
        let name = format!("team-{}/service-{}/{number}", number % 10, number / 50);
        let mut record = record.clone();
        record.name.clone_from(&name);
        server.catalog().add(&name.parse()?, &record)?;
    }
    Ok(())
}

/// Reads how much memory a process has, in MB.
fn memory_mb(server: &Server) -> anyhow::Result<f64> {
    let pid = server.pid().as_raw_nonzero();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// Lists all images with the command; adds the times of the first line and of the end.
fn list(args: &Args, folder: &Path, server: &Server, times: &mut Times) -> anyhow::Result<()> {
    let mut command = Command::new(rig::program("publish-cli"));
    command.args(["image", "list", "--no-header", "--imaged", &server.address]);
    command.arg("--tls-dir").arg(folder.join("pki/read")).stdout(Stdio::piped());
    let begin = Instant::now();
    let mut child = command.spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("an output")?).lines();
    lines.next().context("no image is listed")??;
    times.add("list, first page", begin.elapsed().as_secs_f64());
    let count = 1 + lines.count();
    times.add("list, all", begin.elapsed().as_secs_f64());
    ensure!(child.wait()?.success() && count == args.images, "{count} images are listed");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let folder = tempfile::Builder::new().prefix("imprint-catalog-").tempdir_in(&args.work_dir)?;
    let folder = folder.path();
    let processes = Arc::<Processes>::default();
    let mut init = Command::new(rig::program("imaged"));
    processes.run(init.args(["pki", "init"]).arg(folder.join("pki")))?;
    fill(&args, folder, &processes)?;
    let mut times = Times::default();
    for _ in 0..args.rounds {
        let begin = Instant::now();
        let server = serve(folder, &processes)?;
        times.add("imaged opens", begin.elapsed().as_secs_f64());
        list(&args, folder, &server, &mut times)?;
        // The status page reads all records.
        let page = format!("{}metrics", server.status);
        processes.run(Command::new("curl").args(["-sS", "--fail", "-o", "/dev/null", &page]))?;
        times.add("memory, MB", memory_mb(&server)?);
    }
    times.print();
    for (what, limit) in [("list, first page", 0.1), ("imaged opens", 1.0), ("memory, MB", 200.0)] {
        let figure = times.median(what);
        let verdict = if figure <= limit { "met" } else { "MISSED" };
        println!("{what}: {figure:.3} (at most {limit}: {verdict})");
    }
    Ok(())
}
