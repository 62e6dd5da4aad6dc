//! How fast volumes are filled and patched, beside the tools that users would pick.
//!
//! `unpack [--rounds N] [--tree DIR]... [--medium memory|disk|ebs]... [--work-dir DIR] [--out DIR]`
//!
//! Without `--tree`, revisions of Debian are made with debootstrap and kept for the next time. Every
//! side starts with a volume that is not mounted and ends with one that is durable and unmounted
//! again; what is copied from is warm, volumes are cold. Sides are interleaved, and what is
//! compared are medians of the ratios of each round.
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

/// Fills and patches volumes, ours beside other tools.
#[derive(Debug, Parser)]
struct Args {
    /// How often each side runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Revisions of a tree, at least two, instead of Debian's.
    #[arg(long, value_name = "DIR")]
    tree: Vec<PathBuf>,
    /// What volumes are on: memory, disk (a loop device over a file there) or ebs (emulated).
    #[arg(long, value_delimiter = ',', default_value = "memory")]
    medium: Vec<Kind>,
    /// Where trees, stores and volumes are.
    #[arg(long, default_value = "/dev/shm/imprint-bench")]
    work_dir: PathBuf,
    /// Where table, JSON and charts go.
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Only sides whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// Instead of all this: patch one volume through so many revisions, and count dirty blocks.
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
