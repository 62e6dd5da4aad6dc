//! Runs the sides of a round one after another: Imprint's and those of the other tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use benches::measure::{self, Cost};
use testkit::image::ROOT_OFFSET;

use crate::medium::{Kind, Medium, Volume};
use crate::report::{self, Results};

/// Mounts a volume's file for other tools. Uses direct I/O, as unpackd does, which bypasses the page cache of the file.
const ATTACH: &str =
    r#"L=$(losetup --find --show --direct-io=on "$V") && mount $MOUNT_OPTIONS "$L" "$M" &&"#;
/// Makes the mounted volume durable and unmounts it.
const DETACH: &str = r#"&& sync -f "$M" && umount "$M" && losetup --detach "$L""#;

/// What all sides use: the trees, a folder for their stores and volumes, and the program unpackd.
pub(crate) struct Bench {
    pub trees: Vec<PathBuf>,
    folder: PathBuf,
    unpackd: PathBuf,
    only: String,
    /// Tools whose sources could not be made. Their sides are left out.
    left_out: Vec<&'static str>,
}

/// A side of another tool: its name, the program that must be installed, and the script to run.
struct Other {
    name: &'static str,
    tool: &'static str,
    script: &'static str,
}

/// Other tools' ways to fill a fresh volume.
const FRESH: [Other; 7] = [
    Other {
        name: "fresh: tar --zstd -xp",
        tool: "tar",
        script: r#"tar --xattrs --xattrs-include='*' --acls --numeric-owner -C "$M" --zstd -xpf "$W/one.tar.zst""#,
    },
    Other { name: "fresh: rsync -aHAX", tool: "rsync", script: r#"rsync -aHAX "$A/" "$M/""# },
    Other { name: "fresh: cp -a", tool: "cp", script: r#"cp -a "$A/." "$M/""# },
    Other {
        name: "fresh: ostree checkout (bare)",
        tool: "ostree",
        script: r#"ostree --repo="$W/ostree-bare" checkout one "$M/root""#,
    },
    Other {
        name: "fresh: ostree checkout (archive)",
        tool: "ostree",
        script: r#"ostree --repo="$W/ostree-archive" checkout one "$M/root""#,
    },
    Other {
        name: "fresh: casync extract",
        tool: "casync",
        script: r#"mkdir "$M/root" && casync extract --store="$W/casync" "$W/one.caidx" "$M/root""#,
    },
    Other {
        name: "fresh: restic restore",
        tool: "restic",
        script: r#"RESTIC_PASSWORD=bench restic -q --no-cache -r "$W/restic" restore latest --tag one --target "$M""#,
    },
];

/// Sources for the other tools, each made once. An entry has the tool, the source's name, and the script that makes the
/// source.
const STORES: [(&str, &str, &str); 5] = [
    (
        "tar",
        "one.tar.zst",
        r#"tar --xattrs --acls --numeric-owner -C "$A" -cf - . | zstd -3 -T0 -q -o "$W/one.tar.zst""#,
    ),
    (
        "ostree",
        "ostree-bare",
        r#"ostree --repo="$W/ostree-bare" init --mode=bare && ostree --repo="$W/ostree-bare" commit -b one "$A""#,
    ),
    (
        "ostree",
        "ostree-archive",
        r#"ostree --repo="$W/ostree-archive" init --mode=archive && ostree --repo="$W/ostree-archive" commit -b one "$A""#,
    ),
    ("casync", "one.caidx", r#"casync make --store="$W/casync" "$W/one.caidx" "$A""#),
    (
        "restic",
        "restic",
        r#"export RESTIC_PASSWORD=bench; restic -q -r "$W/restic" init && cd "$A" && restic -q -r "$W/restic" --no-cache backup --tag one ."#,
    ),
];

impl Bench {
    /// Ingests all trees into Imprint's store, and makes the other tools' sources from the first tree.
    pub(crate) fn prepare(
        folder: &Path,
        trees: Vec<PathBuf>,
        only: String,
    ) -> anyhow::Result<Self> {
        let beside = std::env::current_exe()?;
        let unpackd = beside.parent().context("a folder of programs")?.join("unpackd");
        ensure!(unpackd.exists(), "{} is missing: cargo build --release", unpackd.display());
        // The stores are rebuilt each time, because the trees may differ from the last time's.
        let folder = folder.join("stores");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        for (number, tree) in (1..).zip(&trees) {
            report::progress(&format!("adding {} to the store", tree.display()));
            benches::ingest(&folder.join("imprint"), tree, &format!("bench/tree/{number}"))?;
        }
        let mut bench = Self { trees, folder, unpackd, only, left_out: Vec::new() };
        for (tool, name, script) in STORES {
            if has(tool) && FRESH.iter().any(|side| side.tool == tool && bench.is_wanted(side.name))
            {
                report::progress(&format!("making {name}"));
                if let Err(error) = bench.shell(script, &bench.folder) {
                    report::progress(&format!("  {tool} is left out: {error}"));
                    bench.left_out.push(tool);
                }
            }
        }
        Ok(bench)
    }

    /// Copies the first tree to a folder where it may be changed.
    pub(crate) fn working_tree(&self) -> anyhow::Result<PathBuf> {
        let tree = self.folder.join("tree");
        if tree.exists() {
            std::fs::remove_dir_all(&tree)?;
        }
        let status = Command::new("cp").arg("-a").arg(&self.trees[0]).arg(&tree).status()?;
        ensure!(status.success(), "{} cannot be copied", self.trees[0].display());
        Ok(tree)
    }

    /// Ingests a tree into Imprint's store as revision `revision`.
    pub(crate) fn add(&self, tree: &Path, revision: usize) -> anyhow::Result<()> {
        benches::ingest(&self.folder.join("imprint"), tree, &format!("bench/tree/{revision}"))
    }

    fn is_wanted(&self, name: &str) -> bool {
        name.contains(&self.only)
    }

    /// Runs a script that needs no mount: its variable `M` is the benchmark's folder, and `MOUNT_OPTIONS` is empty.
    fn shell(&self, script: &str, volume: &Path) -> anyhow::Result<(Cost, String)> {
        self.shell_on(script, volume, &self.folder, "")
    }

    fn shell_on(
        &self,
        script: &str,
        volume: &Path,
        mount: &Path,
        options: &str,
    ) -> anyhow::Result<(Cost, String)> {
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("set -o pipefail; {script}")])
            .env("A", &self.trees[0])
            .env("B", &self.trees[1])
            .env("W", &self.folder)
            .env("V", volume)
            .env("M", mount)
            .env("MOUNT_OPTIONS", options);
        measure::run(&mut command)
    }

    /// Measures another tool's script on a volume, with mounting, flushing and unmounting.
    fn other(&self, volume: &Volume, script: &str, options: &str) -> anyhow::Result<Cost> {
        let script = format!("{ATTACH} {{ {script}; }} {DETACH}");
        let (cost, _) = self.shell_on(&script, &volume.path(), volume.mount(), options)?;
        Ok(cost)
    }

    /// Patches a volume with `unpackd apply`; returns the cost and unpackd's report.
    pub(crate) fn ours(
        &self,
        volume: &Path,
        ledger: &Path,
        revision: usize,
        more: &[&str],
    ) -> anyhow::Result<(Cost, serde_json::Value)> {
        let mut command = Command::new(&self.unpackd);
        command
            .args(["apply", &format!("bench/tree/{revision}")])
            .arg(volume)
            .arg("--store")
            .arg(self.folder.join("imprint"))
            .arg("--ledger")
            .arg(ledger)
            .arg("--json")
            .args(more);
        let (cost, text) = measure::run(&mut command)?;
        Ok((cost, serde_json::from_str(&text).context("unpackd's report")?))
    }

    /// Runs all sides once on one medium.
    pub(crate) fn round(&self, medium: &Medium, results: &mut Results) -> anyhow::Result<()> {
        let ours = self.fresh(medium, results)?;
        self.updates(medium, &ours, results)?;
        if medium.kind == Kind::Memory {
            self.xfs(medium, results)?;
        }
        Ok(())
    }

    /// Measures all sides that fill a fresh volume; returns the volume that unpackd filled.
    fn fresh(&self, medium: &Medium, results: &mut Results) -> anyhow::Result<Volume> {
        let kind = medium.kind;
        let is_run = |side: &&Other| {
            self.is_wanted(side.name) && has(side.tool) && !self.left_out.contains(&side.tool)
        };
        for side in FRESH.iter().filter(is_run) {
            let volume = medium.volume("theirs")?;
            settle()?;
            let format =
                format!(r#"mkfs.ext4 -q -F "$V" && {ATTACH} {{ {}; }} {DETACH}"#, side.script);
            let (cost, _) = self.shell_on(&format, &volume.path(), volume.mount(), "")?;
            results.add(kind, side.name, cost);
        }
        for engine in ["threads", "uring"] {
            let volume = medium.volume("engine")?;
            settle()?;
            let ledger = volume.backing().with_extension("ledger");
            let more = ["--freed", "keep", "--io-engine", engine];
            let (cost, _) = self.ours(&volume.path(), &ledger, 1, &more)?;
            results.add(kind, &format!("fresh: ours, {engine}"), cost);
        }
        let volume = medium.volume("ours")?;
        settle()?;
        let ledger = volume.backing().with_extension("ledger");
        let (cost, _) = self.ours(&volume.path(), &ledger, 1, &["--freed", "keep"])?;
        results.add(kind, "fresh: ours", cost);
        Ok(volume)
    }

    /// Measures patching to the second revision, on copies of filled volumes.
    fn updates(&self, medium: &Medium, ours: &Volume, results: &mut Results) -> anyhow::Result<()> {
        let kind = medium.kind;
        let ledger = ours.backing().with_extension("ledger");
        // Makes two copies of Imprint's volume. With its ledger, a copy is patched on the rung `superblock` of the
        // evidence; without a ledger, on the rung `hash`.
        let copies = [("superblock", true), ("hash", false)];
        let volumes = copies.iter().map(|(name, _)| copy(medium, ours, name));
        let volumes = volumes.collect::<anyhow::Result<Vec<_>>>()?;
        let scrubbed = copy(medium, ours, "scrub")?;
        let before = std::fs::read(&ledger)?;
        measure::rest();
        settle()?;
        let (cost, report) = self.ours(&ours.path(), &ledger, 2, &["--freed", "keep"])?;
        results.add(kind, "update: ours", cost);
        results.dirty(kind, "update: ours", &report["dirty_blocks_512k"]);
        settle()?;
        let (cost, _) = self.ours(&ours.path(), &ledger, 2, &["--freed", "keep"])?;
        results.add(kind, "update: ours, nothing changed", cost);
        for ((name, has_ledger), volume) in copies.iter().zip(&volumes) {
            let engines: &[&str] = if *has_ledger { &["auto"] } else { &["auto", "threads"] };
            for engine in engines {
                let again = copy(medium, volume, "again")?;
                let ledger = again.backing().with_extension("ledger");
                if *has_ledger {
                    std::fs::write(&ledger, &before)?;
                }
                settle()?;
                let more = ["--freed", "keep", "--io-engine", engine];
                let (cost, report) = self.ours(&again.path(), &ledger, 2, &more)?;
                ensure!(report["evidence"] == **name, "{name}: {report}");
                let side = match *engine {
                    "auto" => format!("update: ours, rung {name}"),
                    engine => format!("update: ours, rung {name}, {engine}"),
                };
                results.add(kind, &side, cost);
            }
        }
        drop(volumes);
        let ledger = scrubbed.backing().with_extension("ledger");
        std::fs::write(&ledger, &before)?;
        settle()?;
        let (cost, report) = self.ours(&scrubbed.path(), &ledger, 2, &["--freed", "scrub"])?;
        results.add(kind, "update: ours, first scrub", cost);
        results.dirty(kind, "update: ours, first scrub", &report["dirty_blocks_512k"]);
        drop(scrubbed);
        self.verify(medium, ours, results)?;
        self.rsync(medium, results)
    }

    /// Measures `unpackd verify`, and `openssl dgst` on all processors. On emulated EBS, measures only the first.
    fn verify(&self, medium: &Medium, ours: &Volume, results: &mut Results) -> anyhow::Result<()> {
        let kind = medium.kind;
        settle()?;
        let mut command = Command::new(&self.unpackd);
        command
            .args(["verify", "bench/tree/2"])
            .arg(ours.path())
            .arg("--store")
            .arg(self.folder.join("imprint"));
        results.add(kind, "verify: ours", measure::run(&mut command)?.0);
        if kind == Kind::Ebs {
            return Ok(());
        }
        settle()?;
        let script = r#"mount $MOUNT_OPTIONS "$V" "$M" && find "$M" -type f -print0 |
            xargs -0 -P "$(nproc)" -n 500 openssl dgst -sha256 >/dev/null && umount "$M""#;
        let options = format!("-o loop,ro,noload,offset={ROOT_OFFSET}");
        let (cost, _) = self.shell_on(script, &ours.path(), ours.mount(), &options)?;
        results.add(kind, "verify: openssl dgst -sha256", cost);
        Ok(())
    }

    /// Measures rsync with and without checksums, each on its own copy of a filled volume.
    fn rsync(&self, medium: &Medium, results: &mut Results) -> anyhow::Result<()> {
        let kind = medium.kind;
        let filled = medium.volume("filled")?;
        let script =
            format!(r#"mkfs.ext4 -q -F "$V" && {ATTACH} rsync -aHAX "$A/" "$M/" {DETACH}"#);
        // The script fills the volume without the emulation, because filling is not measured here.
        self.shell_on(&script, filled.backing(), filled.mount(), "")?;
        for (name, options) in [
            ("update: rsync --checksum --delete", "--checksum --delete"),
            ("update: rsync --delete", "--delete"),
        ] {
            let volume = copy(medium, &filled, "rsync")?;
            measure::rest();
            settle()?;
            let script = format!(r#"rsync -aHAX {options} "$B/" "$M/""#);
            results.add(kind, name, self.other(&volume, &script, "")?);
            if kind == Kind::Memory {
                results.blocks(kind, name, differing_blocks(filled.backing(), volume.backing())?);
            }
        }
        Ok(())
    }

    /// Measures the same patch on XFS, with unpackd and with rsync.
    fn xfs(&self, medium: &Medium, results: &mut Results) -> anyhow::Result<()> {
        let kind = medium.kind;
        let ours = medium.volume("ours-xfs")?;
        let ledger = ours.backing().with_extension("ledger");
        let more = ["--freed", "keep", "--fs", "xfs"];
        let (cost, _) = self.ours(&ours.path(), &ledger, 1, &more)?;
        results.add(kind, "fresh: ours, xfs", cost);
        let (cost, report) = self.ours(&ours.path(), &ledger, 2, &more)?;
        results.add(kind, "update: ours, xfs", cost);
        results.dirty(kind, "update: ours, xfs", &report["dirty_blocks_512k"]);
        drop(ours);
        let filled = medium.volume("filled-xfs")?;
        let script = format!(r#"mkfs.xfs -q -f "$V" && {ATTACH} rsync -aHAX "$A/" "$M/" {DETACH}"#);
        self.shell_on(&script, &filled.path(), filled.mount(), "")?;
        let volume = copy(medium, &filled, "rsync-xfs")?;
        let name = "update: rsync --checksum --delete, xfs";
        let script = r#"rsync -aHAX --checksum --delete "$B/" "$M/""#;
        results.add(kind, name, self.other(&volume, script, "")?);
        results.blocks(kind, name, differing_blocks(filled.backing(), volume.backing())?);
        Ok(())
    }
}

/// Gives every side the same start: no dirty pages and an idle machine. No cache holds anything of an unmounted
/// volume, and the sources are in memory.
fn settle() -> anyhow::Result<()> {
    ensure!(Command::new("sync").status()?.success(), "sync failed");
    // Waits until the kernel has done delayed work for the previous side, such as freeing inodes and pages.
    measure::wait_until_idle()
}

/// Copies a volume's file with its holes to a new volume. The copy bypasses the emulation of EBS.
fn copy(medium: &Medium, volume: &Volume, name: &str) -> anyhow::Result<Volume> {
    let found = medium.volume(name)?;
    let status = Command::new("cp")
        .arg("--sparse=always")
        .arg(volume.backing())
        .arg(found.backing())
        .status()?;
    ensure!(status.success(), "a volume cannot be copied");
    Ok(found)
}

fn has(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$0\" >/dev/null", tool]).status();
    found.is_ok_and(|status| status.success())
}

/// Counts the blocks of 512 KiB in which two files differ.
pub(crate) fn differing_blocks(a: &Path, b: &Path) -> anyhow::Result<u64> {
    const BLOCK: usize = 512 * 1024;
    let (a, b) = (std::fs::File::open(a)?, std::fs::File::open(b)?);
    let len = a.metadata()?.len();
    let (mut left, mut right) = (vec![0; BLOCK], vec![0; BLOCK]);
    let mut count = 0;
    for offset in (0..len).step_by(BLOCK) {
        let range = offset..offset + BLOCK as u64;
        if sysio::file::is_hole(&a, range.clone())? && sysio::file::is_hole(&b, range)? {
            continue;
        }
        sysio::file::read_at(&a, &mut left, offset)?;
        sysio::file::read_at(&b, &mut right, offset)?;
        count += u64::from(left != right);
    }
    Ok(count)
}
