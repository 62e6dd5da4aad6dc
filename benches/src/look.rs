//! Compares reading a mounted image with reading the same tree on ext4: `look TREE [--rounds N] [--work-dir DIR]`.
//!
//! Each round measures both sides. The page cache is dropped before each first read. Processor time is that of the
//! whole machine. The store and ext4's disk should lie in memory (`/dev/shm`).
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "nothing here must survive a crash")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use benches::measure::{Cost, busy, run};
use benches::times::Times;
use clap::Parser;
use imagefs::{ImageMount, ImageOrigin, MountContent, MountOptions, mount};

/// Each mark has the name of Imprint's side, the name of the other side, and a limit: the highest allowed ratio of
/// Imprint's figure to the other side's.
const MARKS: [(&str, &str, f64); 6] = [
    ("tar first: ours", "tar first: ext4", 2.5),
    ("tar first, CPU: ours", "tar first, CPU: ext4", 2.5),
    ("tar again: ours", "tar again: ext4", 1.3),
    ("find first: ours", "find first: ext4", 2.0),
    ("find again: ours", "find again: ext4", 2.0),
    // The limit 1.25 means at least 0.8 of ext4's speed.
    ("1 GiB cached: ours", "1 GiB cached: ext4", 1.25),
];

const TAR: &str = r#"tar -C "$1" -c . | cat >/dev/null"#;
const FIND: &str = r#"find "$1" -ls >/dev/null"#;
const DD: &str = r#"dd if="$1/long" of=/dev/null bs=1M status=none"#;

/// Length in bytes of the long file. The file repeats noise, whose length is the next constant.
const LONG_LEN: usize = 1 << 30;
const NOISE_LEN: usize = 16 << 20;

/// Compares reading a mounted image with reading the same tree on ext4.
#[derive(Parser)]
struct Args {
    /// Tree whose files both sides read, such as a root filesystem.
    tree: PathBuf,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Folder for the store and ext4's disk.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
}

/// Runs a script and measures it without polling, since some scripts end within hundredths of a second.
fn shell(script: &str, at: &Path) -> anyhow::Result<Cost> {
    let (cpu, started) = (busy()?, Instant::now());
    let status = Command::new("sh").args(["-c", script, "sh"]).arg(at).status()?;
    let wall = started.elapsed().as_secs_f64();
    ensure!(status.success(), "{script}: {status}");
    Ok(Cost { wall, cpu: busy()? - cpu, memory: 0.0 })
}

fn twice(script: &str, at: &Path) -> anyhow::Result<(Cost, Cost)> {
    let first = shell(script, at)?;
    if script == DD {
        shell(script, at)?;
    }
    Ok((first, shell(script, at)?))
}

/// ext4 on a loop device, unmounted on drop.
struct Ext4<'a>(&'a Path);

impl<'a> Ext4<'a> {
    fn mount(disk: &Path, at: &'a Path) -> anyhow::Result<Self> {
        run(Command::new("mount").args(["-o", "loop,ro"]).args([disk, at]))?;
        Ok(Self(at))
    }
}

impl Drop for Ext4<'_> {
    fn drop(&mut self) {
        run(Command::new("umount").arg(self.0)).ok();
    }
}

/// The data of both sides: the tree and a long file, as images in a store and as files on ext4.
struct Sides {
    folder: tempfile::TempDir,
}

impl Sides {
    fn make(args: &Args) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("imprint-look-").tempdir_in(&args.work_dir)?;
        let sides = Self { folder };
        std::fs::create_dir(sides.at())?;
        let long = sides.path("with-long");
        std::fs::create_dir(&long)?;
        let noise = testkit::hostile::noise(NOISE_LEN, 1);
        std::fs::write(long.join("long"), noise.repeat(LONG_LEN / NOISE_LEN))?;
        benches::ingest(&sides.path("store"), &args.tree, "look/tree/1")?;
        benches::ingest(&sides.path("store"), &long, "look/long/1")?;
        let disk = sides.path("disk");
        std::fs::File::options().write(true).create_new(true).open(&disk)?.set_len(6 << 30)?;
        let script = r#"mkfs.ext4 -q -F "$1" && mount -o loop "$1" "$2" &&
            mkdir "$2/tree" "$2/long" && cp -a "$3"/. "$2/tree"/ && cp "$4/long" "$2/long"/ && umount "$2""#;
        run(Command::new("sh")
            .args(["-c", script, "sh"])
            .args([&disk, &sides.at()])
            .args([&args.tree, &long]))?;
        std::fs::remove_dir_all(&long)?;
        Ok(sides)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn at(&self) -> PathBuf {
        self.path("mnt")
    }

    fn ours(&self) -> anyhow::Result<ImageMount> {
        let options = MountOptions {
            image: None,
            views: false,
            allow_other: false,
            memory_len_max: 512 << 20,
            cache_len_max: 0,
        };
        let store = store::Store::open_read_only(&self.path("store"))?;
        let images = MountContent::Images(ImageOrigin::Store(std::sync::Arc::new(store)));
        Ok(mount(&self.at(), images, &options)?)
    }

    /// Measures a script on each side: the first run after a fresh mount, and a repeated run. For the long file, an
    /// unmeasured run comes in between, because the kernel moves each page to another list when it is read a second
    /// time.
    fn compare(
        &self,
        script: &str,
        what: &str,
        names: [&'static str; 6],
        times: &mut Times,
    ) -> anyhow::Result<()> {
        let at = self.at();
        let ext4 = Ext4::mount(&self.path("disk"), &at)?;
        drop_caches()?;
        let (first, again) = twice(script, &at.join(what))?;
        drop(ext4);
        let [theirs_first, theirs_cpu, theirs_again, ours_first, ours_cpu, ours_again] = names;
        times.add(theirs_first, first.wall);
        times.add(theirs_cpu, first.cpu);
        times.add(theirs_again, again.wall);
        let mounted = self.ours()?;
        drop_caches()?;
        let root = at.join(format!("look/{what}/1"));
        let (first, again) = twice(script, &root)?;
        mounted.end()?;
        times.add(ours_first, first.wall);
        times.add(ours_cpu, first.cpu);
        times.add(ours_again, again.wall);
        Ok(())
    }

    fn round(&self, times: &mut Times) -> anyhow::Result<()> {
        let tar = [
            "tar first: ext4",
            "tar first, CPU: ext4",
            "tar again: ext4",
            "tar first: ours",
            "tar first, CPU: ours",
            "tar again: ours",
        ];
        let find = [
            "find first: ext4",
            "find first, CPU: ext4",
            "find again: ext4",
            "find first: ours",
            "find first, CPU: ours",
            "find again: ours",
        ];
        let long = [
            "1 GiB first: ext4",
            "1 GiB first, CPU: ext4",
            "1 GiB cached: ext4",
            "1 GiB first: ours",
            "1 GiB first, CPU: ours",
            "1 GiB cached: ours",
        ];
        self.compare(TAR, "tree", tar, times)?;
        self.compare(FIND, "tree", find, times)?;
        self.compare(DD, "long", long, times)
    }
}

fn drop_caches() -> anyhow::Result<()> {
    run(Command::new("sh").args(["-c", "sync && echo 3 >/proc/sys/vm/drop_caches"]))?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    ensure!(args.tree.is_dir(), "{} is no folder", args.tree.display());
    let sides = Sides::make(&args)?;
    let mut times = Times::default();
    for round in 0..args.rounds {
        sides.round(&mut times).with_context(|| format!("round {}", round + 1))?;
    }
    times.print();
    println!();
    for (ours, theirs, limit) in MARKS {
        let ratio = times.ratio(ours, theirs);
        let verdict = if ratio <= limit { "met" } else { "MISSED" };
        println!("{ours} / {theirs}: {ratio:.2} (at most {limit}: {verdict})");
    }
    Ok(())
}
