//! Measures how long the first unpack of an image takes, from the command to the durable volume.
//!
//! `first_unpack TREE [--rounds N] [--work-dir DIR]` adds a root filesystem to an imaged. Each round starts a new
//! unpackd and fills an empty volume twice: while the store of unpackd is empty, and once it has everything. The
//! programs are those beside this one: a copy of it beside another build's programs measures that build.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::Context;
use benches::measure::{run, wait_until_idle};
use benches::times::Times;
use clap::Parser;
use rig::{Processes, Server, StatusPages};

const EMPTY: &str = "unpack, store is empty";
const EMPTY_CPU: &str = "CPU of it";
const HERE: &str = "unpack, all is here";

const STREAM: &str = "bench/debian";
const IMAGE: &str = "bench/debian/1";

/// Measures the first unpack of an image.
#[derive(Debug, Parser)]
struct Args {
    /// A root filesystem.
    tree: PathBuf,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Folder for the data of the servers and for the volumes.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
    /// Size of the volumes.
    #[arg(long, default_value = "4GiB")]
    size: String,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let folder =
        tempfile::Builder::new().prefix("imprint-first-unpack-").tempdir_in(&args.work_dir)?;
    let folder = folder.path();
    let processes = Arc::<Processes>::default();
    let mut pki = Command::new(rig::program("imaged"));
    processes.run(pki.args(["pki", "init"]).arg(folder.join("pki")))?;
    let log = folder.join("imaged.log");
    let listen = ("imaged", "127.0.0.1:0");
    let imaged = Server::start(&processes, listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(folder.join("data"));
        command.arg("--tls-dir").arg(folder.join("pki/imaged"));
    })?;
    let mut add = publisher(folder, &imaged, None);
    run(add.args(["image", "add", IMAGE]).arg(&args.tree))?;
    let mut times = Times::default();
    for round in 0..args.rounds {
        let place = folder.join(round.to_string());
        std::fs::create_dir(&place)?;
        one_round(&args, (folder, &place), (&processes, &imaged), &mut times)
            .with_context(|| format!("round {}", round + 1))?;
        std::fs::remove_dir_all(&place)?;
    }
    times.print();
    Ok(())
}

fn one_round(
    args: &Args,
    (folder, place): (&Path, &Path),
    (processes, imaged): (&Arc<Processes>, &Server),
    times: &mut Times,
) -> anyhow::Result<()> {
    let fetches_ahead = run(Command::new(rig::program("unpackd")).args(["serve", "--help"]))?
        .1
        .contains("--no-fetch-ahead");
    let listen = ("unpackd", "127.0.0.1:0");
    let log = place.join("unpackd.log");
    let unpackd = Server::start(processes, listen, StatusPages::Off, &log, |command| {
        command.arg("--state-dir").arg(place.join("state")).args(["--imaged", &imaged.address]);
        command.arg("--tls-dir").arg(folder.join("pki/unpackd"));
        // The image would be here before it is asked for.
        command.args(fetches_ahead.then_some("--no-fetch-ahead"));
    })?;
    let unpacker = |arguments: &[&str]| {
        let mut command = publisher(folder, imaged, Some(&unpackd));
        run(command.arg("unpacker").args(arguments))
    };
    for (side, file) in [(EMPTY, "one.img"), (HERE, "two.img")] {
        let file = place.join(file);
        let volume = file.to_str().context("the path of the volume")?;
        let add = ["add-volume", "--file", volume, "--size", &args.size, "--stream", STREAM];
        unpacker(&add)?;
        wait_until_idle()?;
        let (cost, _) = unpacker(&["unpack", IMAGE])?;
        times.add(side, cost.wall);
        if side == EMPTY {
            times.add(EMPTY_CPU, cost.cpu);
        }
        unpacker(&["forget", STREAM, "--yes"])?;
    }
    Ok(())
}

fn publisher(folder: &Path, imaged: &Server, unpackd: Option<&Server>) -> Command {
    let mut command = Command::new(rig::program("publish-cli"));
    command.env("IMPRINT_IMAGED", &imaged.address).env("XDG_CACHE_HOME", folder.join("cache"));
    command.env("IMPRINT_TLS_DIR", folder.join("pki/publish")).arg("-q");
    if let Some(unpackd) = unpackd {
        command.env("IMPRINT_UNPACKD", &unpackd.address);
    }
    command
}
