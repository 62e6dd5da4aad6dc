//! Measures how fast volumes are filled and patched, compared with the tools that users would pick.
//!
//! `unpack [--rounds N] [--tree DIR]... [--medium memory|disk|ebs]... [--work-dir DIR] [--out DIR]`
//!
//! Without `--tree`, the program makes revisions of Debian with debootstrap and keeps them for the next run. A side is
//! one way to do a job: Imprint's way or that of another tool. Every side starts with an unmounted volume and ends with
//! a durable, unmounted one. Sources are in the page cache, volumes are not. Each round runs all sides. A mark limits
//! the ratio of two sides' figures: the median of the rounds' ratios must not exceed it.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "nothing here must survive a crash")]

#[path = "unpack/chart.rs"]
mod chart;
#[path = "unpack/ebs.rs"]
mod ebs;
#[path = "unpack/medium.rs"]
mod medium;
#[path = "unpack/report.rs"]
mod report;
#[path = "unpack/revisions.rs"]
mod revisions;
#[path = "unpack/sides.rs"]
mod sides;
#[path = "unpack/trees.rs"]
mod trees;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Parser;

use medium::{Kind, Medium};
use report::Results;
use sides::Bench;

/// Measures filling and patching of volumes, for Imprint and for other tools.
#[derive(Debug, Parser)]
struct Args {
    /// Number of rounds; each side runs once a round.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// One revision of a tree, which is used instead of Debian; give at least two.
    #[arg(long, value_name = "DIR")]
    tree: Vec<PathBuf>,
    /// Medium of the volumes: memory, disk (a file below ./target) or ebs (emulated).
    #[arg(long, value_delimiter = ',', default_value = "memory")]
    medium: Vec<Kind>,
    /// Folder for trees, stores and volumes.
    #[arg(long, default_value = "/dev/shm/imprint-bench")]
    work_dir: PathBuf,
    /// Folder for the JSON files and charts.
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Of the other tools' `fresh` sides, run only those whose names contain this text.
    #[arg(long, default_value = "")]
    only: String,
    /// Only patch one volume through this many revisions, and count dirty blocks.
    #[arg(long)]
    revisions: Option<u32>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.work_dir)
        .with_context(|| format!("creating {}", args.work_dir.display()))?;
    std::fs::create_dir_all(&args.out)?;
    let trees = match args.tree.len() {
        0 => trees::debian(&args.work_dir.join("trees"))?,
        1 => anyhow::bail!("--tree is needed twice: one revision and the next"),
        _ => args.tree.clone(),
    };
    let bench = Bench::prepare(&args.work_dir, trees, args.only.clone())?;
    if let Some(count) = args.revisions {
        return revisions::run(&bench, count, &args.out);
    }
    let mut results = Results::default();
    for kind in args.medium {
        for round in 1..=args.rounds {
            report::progress(&format!("{} round {round} of {}", kind.name(), args.rounds));
            let medium = Medium::new(kind, &args.work_dir)?;
            bench.round(&medium, &mut results).with_context(|| format!("round {round}"))?;
        }
    }
    write(&results, &args.out)
}

fn write(results: &Results, out: &Path) -> anyhow::Result<()> {
    report::print(&results.table());
    let json = serde_json::to_string_pretty(&results.json())?;
    std::fs::write(out.join("unpack.json"), json)?;
    for (name, svg) in results.charts() {
        std::fs::write(out.join(name), svg)?;
    }
    report::print(&format!("written to {}", out.display()));
    Ok(())
}
