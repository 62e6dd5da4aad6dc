//! Compares ingesting with `tar | zstd`, and patching with `tar -x` and `rsync`.
//!
//! `marks TREE1 TREE2 [--rounds N] [--work-dir DIR]` takes two revisions of a root filesystem and reads them warm (from
//! the page cache). Each round measures all sides; the program prints medians and ranges. It writes everything to a
//! folder that should be in memory (`/dev/shm`), so that the disk's speed does not count.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use benches::times::Times;
use diskfs::Layout;
use patch::engine::EngineChoice;
use unpackd::imaged::Origin;
use unpackd::oneshot::{ApplyOptions, apply, open};

/// Each mark has the name of Imprint's side, the name of the other side, and a limit: the highest allowed ratio of
/// Imprint's figure to the other side's.
const MARKS: [(&str, &str, f64); 4] = [
    ("ingest 1", "tar | zstd -3 -T0", 1.5),
    ("ingest 2", "tar | zstd -3 -T0", 0.4),
    ("patch fresh", "tar --zstd -xp + sync", 1.0),
    ("patch 1 → 2", "rsync --checksum + sync", 0.3),
];

struct Args {
    trees: [PathBuf; 2],
    rounds: usize,
    work_dir: PathBuf,
}

fn parse() -> anyhow::Result<Args> {
    let usage = "usage: marks TREE1 TREE2 [--rounds N] [--work-dir DIR]";
    let mut words = std::env::args_os().skip(1);
    let mut trees = Vec::new();
    let (mut rounds, mut work_dir) = (5, PathBuf::from("/dev/shm"));
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--rounds") => {
                let value = words.next().context(usage)?;
                rounds = value.to_string_lossy().parse().context(usage)?;
            }
            Some("--work-dir") => work_dir = words.next().context(usage)?.into(),
            _ => trees.push(PathBuf::from(word)),
        }
    }
    let trees: [PathBuf; 2] = trees.try_into().map_err(|_| anyhow::anyhow!(usage))?;
    Ok(Args { trees, rounds, work_dir })
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = parse()?;
    let mut times = Times::default();
    for round in 0..args.rounds {
        let folder =
            tempfile::Builder::new().prefix("imprint-marks-").tempdir_in(&args.work_dir)?;
        one_round(&args, folder.path(), &mut times)
            .with_context(|| format!("round {}", round + 1))?;
    }
    times.print();
    println!();
    let mut marks = Vec::new();
    for (ours, theirs, limit) in MARKS {
        let ratio = times.median(ours) / times.median(theirs);
        let verdict = if ratio <= limit { "met" } else { "MISSED" };
        println!("{ours} / {theirs}: {ratio:.2} (at most {limit}: {verdict})");
        marks.push(
            serde_json::json!({"ours": ours, "theirs": theirs, "ratio": ratio, "limit": limit}),
        );
    }
    println!("{}", serde_json::json!({"rounds": args.rounds, "marks": marks}));
    Ok(())
}

fn one_round(args: &Args, folder: &Path, times: &mut Times) -> anyhow::Result<()> {
    let [one, two] = &args.trees;
    let tar = folder.join("one.tar.zst");
    let shell = |script: &str, a: &Path, b: &Path| -> anyhow::Result<f64> {
        let started = Instant::now();
        let status = Command::new("sh").args(["-c", script, "sh"]).arg(a).arg(b).status()?;
        ensure!(status.success(), "{script} failed");
        Ok(started.elapsed().as_secs_f64())
    };
    let tar_zstd =
        r#"tar --xattrs --acls --numeric-owner -C "$1" -cf - . | zstd -3 -T0 -q -f -o "$2""#;
    times.add("tar | zstd -3 -T0", shell(tar_zstd, one, &tar)?);
    times.add("ingest 1", ingest(&folder.join("store"), one, "marks/tree/1")?);
    times.add("ingest 2", ingest(&folder.join("store"), two, "marks/tree/2")?);

    // Fresh volumes. Imprint's time includes making the filesystem; tar's time does not.
    let size = 4u64 << 30;
    let ours = file(&folder.join("ours.img"), size)?;
    times.add("patch fresh", patch(folder, "marks/tree/1", &ours)?);
    let theirs = file(&folder.join("theirs.img"), size)?;
    let mount = folder.join("mnt");
    std::fs::create_dir(&mount)?;
    shell(r#"mkfs.ext4 -q -F "$1" && mount -o loop "$1" "$2""#, &theirs, &mount)?;
    let extract = r#"tar --xattrs --xattrs-include='*' --acls --numeric-owner -C "$2" --zstd -xpf "$1" && sync -f "$2""#;
    let extracted = shell(extract, &tar, &mount);
    let rsync = r#"rsync -aHAX --checksum --delete "$1"/ "$2"/ && sync -f "$2""#;
    let synced = shell(rsync, two, &mount);
    shell(r#"umount "$2""#, &mount, &mount)?;
    times.add("tar --zstd -xp + sync", extracted?);
    times.add("rsync --checksum + sync", synced?);
    times.add("patch 1 → 2", patch(folder, "marks/tree/2", &ours)?);
    times.add("patch 2 → 2", patch(folder, "marks/tree/2", &ours)?);
    Ok(())
}

fn file(path: &Path, size: u64) -> anyhow::Result<PathBuf> {
    std::fs::File::options().write(true).create_new(true).open(path)?.set_len(size)?;
    Ok(path.to_owned())
}

/// Ingests a tree into a store, durably; returns the seconds taken.
fn ingest(path: &Path, tree: &Path, name: &str) -> anyhow::Result<f64> {
    let started = Instant::now();
    benches::ingest(path, tree, name)?;
    Ok(started.elapsed().as_secs_f64())
}

/// Patches a volume, durably; returns the seconds taken, including opening the store.
fn patch(folder: &Path, image: &str, volume: &Path) -> anyhow::Result<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    let opened = open(&Origin::Store(folder.join("store")), &image.parse()?, &runtime)?;
    let options = ApplyOptions {
        layout: Layout::Gpt,
        is_format: false,
        verify_full: false,
        is_dry_run: false,
        engine: EngineChoice::Auto,
        ledger: None,
        filesystem: None,
        freed: patch::FreedPolicy::Keep,
        kernel_arguments: None,
        own_uuids: 0,
    };
    apply(&opened, volume, options, &|_, _, _| {})?;
    Ok(started.elapsed().as_secs_f64())
}
