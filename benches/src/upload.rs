//! Measures `publish-cli image add` over mutual TLS, beside `tar | zstd`.
//!
//! `upload TREE1 TREE2 [--rounds N] [--work-dir DIR]` takes two revisions of a root filesystem. Each round starts a new
//! imaged on the same cores, and adds: the first revision; the second, which lies in another folder, so that everything
//! is read; then the second as it has become by rsync in the folder of the first, so that only what changed is read.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, ensure};
use benches::measure::{run, wait_until_idle};
use benches::times::Times;
use clap::Parser;
use rig::{Processes, Server, StatusPages};
use serde_json::Value;
use store::ingest::cache::SETTLED_AFTER;

const FIRST: &str = "image add: first";
const NEXT: &str = "next, from another folder";
const CHANGED: &str = "next, where files changed";
const NOTHING: &str = "again, nothing changed";
const TAR: &str = "tar | zstd -3 -T0";

/// Measures uploads beside `tar | zstd`.
#[derive(Debug, Parser)]
struct Args {
    /// The first and the second revision of a root filesystem.
    #[arg(num_args = 2, required = true)]
    trees: Vec<PathBuf>,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Folder for the server's data and for a copy of the first revision.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
}

/// Limits: our side, the other side, the highest ratio.
const LIMITS: [(&str, &str, f64); 2] = [(FIRST, TAR, 1.0), (CHANGED, FIRST, 0.12)];

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let (mut times, mut stored) = (Times::default(), Times::default());
    for round in 0..args.rounds {
        let folder =
            tempfile::Builder::new().prefix("imprint-upload-").tempdir_in(&args.work_dir)?;
        one_round(&args, folder.path(), &mut times, &mut stored)
            .with_context(|| format!("round {}", round + 1))?;
    }
    times.print();
    stored.print();
    for (ours, theirs, limit) in LIMITS {
        let ratio = times.ratio(ours, theirs);
        let verdict = if ratio <= limit { "met" } else { "MISSED" };
        println!("{ours} / {theirs}: {ratio:.2} (at most {limit}: {verdict})");
    }
    Ok(())
}

fn one_round(
    args: &Args,
    folder: &Path,
    times: &mut Times,
    stored: &mut Times,
) -> anyhow::Result<()> {
    let (one, two) = (&args.trees[0], &args.trees[1]);
    let kept = folder.join("tree");
    run(Command::new("cp").arg("-a").arg(one).arg(&kept))?;
    let processes = Arc::<Processes>::default();
    let mut pki = Command::new(rig::program("imaged"));
    processes.run(pki.args(["pki", "init"]).arg(folder.join("pki")))?;
    let log = folder.join("imaged.log");
    let listen = ("imaged", "127.0.0.1:0");
    let server = Server::start(&processes, listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(folder.join("data"));
        command.arg("--tls-dir").arg(folder.join("pki/imaged"));
    })?;
    let mut add = |side: &'static str, name: &str, tree: &Path| -> anyhow::Result<Value> {
        wait_until_idle()?;
        let mut command = Command::new(rig::program("publish-cli"));
        command.env("IMPRINT_IMAGED", &server.address).env("XDG_CACHE_HOME", folder.join("cache"));
        command.env("IMPRINT_TLS_DIR", folder.join("pki/publish"));
        command.args(["--json", "-q", "image", "add", name]).arg(tree);
        let (cost, said) = run(&mut command)?;
        times.add(side, cost.wall);
        Ok(serde_json::from_str(&said)?)
    };
    // A file that was written just now is not kept in the cache.
    std::thread::park_timeout(2 * SETTLED_AFTER);
    let first = add(FIRST, "bench/debian/1", &kept)?;
    stored.add("stored of it, MB", first["new_bytes"].as_f64().unwrap_or(f64::NAN) / 1e6);
    add(NEXT, "bench/debian/2", two)?;
    let mut rsync = Command::new("rsync");
    run(rsync.args(["-aHAX", "--delete"]).arg(two.join("")).arg(kept.join("")))?;
    let changed = add(CHANGED, "bench/debian/3", &kept)?;
    ensure!(changed["sent_bytes"].as_u64() < first["sent_bytes"].as_u64(), "all was sent again");
    std::thread::park_timeout(2 * SETTLED_AFTER);
    add(NOTHING, "bench/debian/4", &kept)?;
    wait_until_idle()?;
    let script =
        r#"tar --xattrs --acls --numeric-owner -C "$1" -cf - . | zstd -3 -T0 -q -f -o "$2""#;
    let mut tar = Command::new("sh");
    let (cost, _) = run(tar.args(["-c", script, "sh"]).arg(one).arg(folder.join("tar.zst")))?;
    times.add(TAR, cost.wall);
    Ok(())
}
