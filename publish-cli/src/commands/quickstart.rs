//! `publish-cli quickstart`: everything on this machine, with real daemons.
//!
//! ```text
//! certificates → imaged, unpackd (processes of their own, mutual TLS)
//! → a second region: a replica of imaged, and an unpackd that fetches from it
//! → a root filesystem → image 1 → volume → disk image 1
//! → a package installed → image 2 → patch → disk image 2; seen in the second region, and unpacked there
//! → both revisions to AMIs in two accounts × two regions of a simulated AWS → duration of each step
//! ```
//!
//! Everything lives in one folder, which is removed at the end, also after an interruption. The daemons end with this
//! process, even if it is killed.

mod region;
mod release;
mod table;
mod tree;
mod workplace;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use publisher::folder::{self, DiskFile, DiskFormat, FolderOptions};
use publisher::{AddedImage, Addition};
use rig::{Daemons, Firmware, Machine, RigError, StatusPages, debian};
use serde::Serialize;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::units::SNAPSHOT_BLOCK_LEN;

use self::region::Region;
use self::release::{Aws, ReleaseTotals};
use self::table::{StepDocument, StepRow, StepTable};
use self::workplace::Workplace;
use super::unpacker::add_volume;
use crate::cli::{AddVolumeArgs, QuickstartArgs};
use crate::context::Context;
use crate::failure::{Failure, INTERRUPTED};
use crate::settings::{AwsToml, Settings};

/// Stream of the example images.
const STREAM: &str = "quickstart/debian";

/// Ratio of volume size to tree size; the volume is rounded up to whole GiB.
const VOLUME_FACTOR: u64 = 3;
const VOLUME_MIN: u64 = 1 << 30;

/// Limit on the time to boot. Debian takes half a minute, or several minutes on a busy machine.
const BOOT_TIME_MAX: Duration = Duration::from_secs(300);
/// Console text that shows a finished boot.
const UP: &str = "login:";

/// Runs `quickstart`, and handles its interruption itself.
pub(super) fn run(context: &Context, args: &QuickstartArgs) -> anyhow::Result<u8> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::error(
            ErrorClass::Refused,
            "quickstart needs root: it makes a root filesystem and loop devices; use sudo",
        ));
    }
    if let Some(source) = args.from.as_ref().filter(|source| !source.is_dir()) {
        let message = format!("--from {} is not a directory", source.display());
        return Err(Failure::error(ErrorClass::NotFound, message));
    }
    let workplace = Workplace::create(args.work_dir.as_deref(), args.keep)?;
    let processes = Arc::clone(workplace.processes());
    context.runtime.spawn(async move {
        rpc::daemon::stop_requested().await;
        processes.stop();
    });
    let result =
        Quickstart { context, args, workplace: &workplace, table: StepTable::default() }.run();
    let was_stopped = workplace.processes().was_stopped();
    workplace.clean_up(&context.output);
    if was_stopped && result.is_err() {
        context
            .output
            .note("quickstart was interrupted; run the same command again to start it anew");
        return Ok(INTERRUPTED);
    }
    result.map(|()| 0)
}

struct Quickstart<'a> {
    context: &'a Context,
    args: &'a QuickstartArgs,
    workplace: &'a Workplace,
    table: StepTable,
}

impl Quickstart<'_> {
    fn run(mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        let folder = self.workplace.path().to_owned();
        self.note(&format!("working in {}", folder.display()));
        let daemons = self.step("start imaged and unpackd with mutual TLS", |s| {
            let processes = Arc::clone(s.workplace.processes());
            Ok(Daemons::start(s.workplace.path(), processes, StatusPages::Off)?)
        })?;
        let context =
            self.connected(&daemons, daemons.imaged_address(), daemons.unpackd_address())?;
        let region = self.step("start a second region: a replica and its unpacker", |s| {
            Region::start(&daemons, s.workplace.path())
        })?;
        let (imaged, unpackd) = region.addresses();
        let there = self.connected(&daemons, imaged, unpackd)?;
        let tree = folder.join("rootfs");
        self.first_tree(&tree)?;

        let first = self.add(&context, "1", &tree)?;
        self.add_volume(&context, first.bytes)?;
        self.unpack_there(&region, &there, "1", Some(first.bytes))?;
        let one = self.publish(&context, "1")?;
        let aws = self.step("start a simulated AWS", |s| Aws::start(s.workplace))?;
        let released_one = self.release(&aws, &daemons, "1")?;
        self.step(&format!("install {} into the tree", self.args.package), |s| {
            tree::change(s.workplace.processes(), &tree, &s.args.package)
        })?;
        self.add(&context, "2", &tree)?;
        self.unpack_there(&region, &there, "2", None)?;
        let two = self.publish(&context, "2")?;
        let released_two = self.release(&aws, &daemons, "2")?;
        drop(aws);
        let differing = table::differing_blocks(&one.path, &two.path)?;
        drop((region, daemons));
        if self.args.boot {
            self.note("starting disk image 2 in qemu: this is its serial console");
            self.watch_boot(&two.path)?;
        }
        let done = Outcome { one, two, released: [released_one, released_two], differing };
        self.finish(started.elapsed(), &done)
    }

    fn note(&self, text: &str) {
        self.context.output.note(text);
    }

    /// Runs one step, announces it and records its duration.
    fn step<T>(
        &mut self,
        title: &str,
        work: impl FnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        if self.workplace.processes().was_stopped() {
            return Err(RigError::Stopped.into());
        }
        self.note(&format!("· {title}"));
        let started = Instant::now();
        let shown = self.context.output.progress(title);
        let result = work(self).with_context(|| title.to_owned());
        drop(shown);
        let result = result?;
        self.table.push(StepRow::new(title, started.elapsed()));
        Ok(result)
    }

    /// Returns a context whose commands reach these daemons.
    fn connected(&self, daemons: &Daemons, imaged: &str, unpackd: &str) -> anyhow::Result<Context> {
        let global = crate::cli::Global {
            imaged: None,
            unpackd: None,
            tls_dir: None,
            config: None,
            json: false,
            events: None,
            progress: crate::cli::When::Auto,
            color: crate::cli::When::Auto,
            verbose: 0,
            quiet: true,
        };
        let settings = Settings {
            imaged: Some(imaged.to_owned()),
            unpackd: Some(unpackd.to_owned()),
            tls_dir: Some(daemons.tls_dir("publish")),
            aws: AwsToml::default(),
        };
        Context::with(settings, Arc::new(crate::output::Output::new(&global)?))
    }

    fn first_tree(&mut self, tree: &Path) -> anyhow::Result<()> {
        match &self.args.from {
            Some(source) => self.step(&format!("copy {}", source.display()), |s| {
                Ok(s.workplace.processes().run(&mut debian::copy(source, tree))?)
            }),
            None => self.step("make a Debian root filesystem with debootstrap", |s| {
                tree::make(s.workplace.processes(), tree, s.args.boot)
            }),
        }
    }

    fn image(&self, leaf: &str) -> anyhow::Result<ImageName> {
        Ok(format!("{STREAM}/{leaf}").parse()?)
    }

    fn add(&mut self, context: &Context, leaf: &str, tree: &Path) -> anyhow::Result<AddedImage> {
        let name = self.image(leaf)?;
        let added = self.step(&format!("image add {name}"), |_| {
            Ok(publisher::add::add(context.client()?, &Addition::new(name.clone(), tree))?)
        })?;
        self.table.last(|row| {
            row.moved = Some(added.sent_bytes);
            row.detail = format!("{} inodes, {} new objects", added.inodes, added.new_objects);
        });
        Ok(added)
    }

    fn volume(&self, tree_bytes: u64) -> anyhow::Result<AddVolumeArgs> {
        // A snapshot has a whole number of GiB.
        let size = (tree_bytes * VOLUME_FACTOR).next_multiple_of(VOLUME_MIN);
        Ok(AddVolumeArgs {
            device: None,
            file: Some(self.workplace.path().join("volume.img")),
            size: Some(size),
            fs: "ext4".to_owned(),
            layout: "gpt".to_owned(),
            freed: "scrub".to_owned(),
            kernel_args: None,
            uuids: "fixed".to_owned(),
            stream: Some(STREAM.parse()?),
            format: false,
        })
    }

    fn add_volume(&mut self, context: &Context, tree_bytes: u64) -> anyhow::Result<()> {
        let args = self.volume(tree_bytes)?;
        self.step("unpacker add-volume", |_| add_volume(context, &context.unpackd()?, &args))?;
        Ok(())
    }

    /// Waits for an image in the second region, and unpacks it there, the first time onto a new volume.
    fn unpack_there(
        &mut self,
        region: &Region,
        there: &Context,
        leaf: &str,
        new_volume_for: Option<u64>,
    ) -> anyhow::Result<()> {
        let name = self.image(leaf)?;
        self.step(&format!("image wait {name}, in the second region"), |_| {
            region.wait(there, &name)
        })?;
        if let Some(tree_bytes) = new_volume_for {
            region.add_volume(there, self.volume(tree_bytes)?)?;
        }
        let title = format!("unpacker unpack {name}, in the second region");
        let report = self.step(&title, |_| region.unpack(there, &name))?;
        self.table.last(|row| {
            row.moved = Some(report.bytes_written);
            row.dirty = report.dirty_blocks_512k.as_ref().map(|blocks| blocks.total);
            row.detail = format!("evidence: {}", report.evidence);
        });
        Ok(())
    }

    fn publish(&mut self, context: &Context, leaf: &str) -> anyhow::Result<DiskFile> {
        let name = self.image(leaf)?;
        let out = self.workplace.path().join("out");
        let published = self.step(&format!("publish {name} --via local"), |_| {
            let (client, no_boot) = (context.client()?, !self.args.boot);
            let record = client.image(&name)?;
            let options =
                FolderOptions { folder: &out, format: DiskFormat::Raw, no_boot, steal: false };
            Ok(folder::publish(client, &name, &record, options)?)
        })?;
        // The step was one command with two phases; the table gets a row for each phase.
        self.table.split_last(
            StepRow {
                title: format!("  unpack {name}"),
                time: published.unpack_time,
                moved: Some(published.unpack.bytes_written),
                dirty: published.unpack.dirty_blocks_512k.as_ref().map(|blocks| blocks.total),
                detail: format!("evidence: {}", published.unpack.evidence),
            },
            StepRow {
                title: format!("  capture {name}"),
                time: published.copy_time,
                moved: Some(published.copied),
                dirty: None,
                detail: String::new(),
            },
        );
        Ok(published)
    }

    /// Publishes an image as AMIs in all simulated targets.
    fn release(
        &mut self,
        aws: &Aws,
        daemons: &Daemons,
        leaf: &str,
    ) -> anyhow::Result<ReleaseTotals> {
        let name = self.image(leaf)?;
        let released = self.step(&format!("publish {name} --via direct"), |s| {
            aws.publish(s.workplace, daemons, &name, !s.args.boot)
        })?;
        self.table.last(|row| {
            row.moved = Some(released.blocks_put * SNAPSHOT_BLOCK_LEN);
            row.detail = format!(
                "{} AMIs, {} of {} blocks put",
                released.amis, released.blocks_put, released.blocks_total
            );
        });
        Ok(released)
    }

    /// Boots a machine from a disk image and shows its serial console up to the login prompt.
    fn watch_boot(&self, image: &Path) -> anyhow::Result<()> {
        let (processes, scratch) = (self.workplace.processes(), self.workplace.path());
        let machine = Machine::boot(processes, image, Firmware::Bios, scratch)
            .context("qemu does not start: install the package qemu-system-x86")?;
        let mut console = std::io::stderr();
        let show = |bytes: &[u8]| {
            console.write_all(bytes).ok();
        };
        machine.wait_for(UP, BOOT_TIME_MAX, show)?;
        std::io::stderr().write_all(b"\n").ok();
        Ok(())
    }

    fn finish(&self, total: Duration, done: &Outcome) -> anyhow::Result<()> {
        let Outcome { one, two, released, differing } = done;
        let kept = self.args.keep.then(|| self.workplace.path().join("out"));
        let document = QuickstartDocument {
            steps: self.table.documents(),
            elapsed_ms: total.as_millis(),
            manifests: [&one.manifest, &two.manifest],
            differing_blocks_512k: *differing,
            released,
            kept: kept.as_ref().map(|path: &PathBuf| path.display().to_string()),
        };
        self.context.output.document(&document, || {
            let mut text = self.table.to_text();
            let [first, second] = released;
            text.push_str(&format!(
                "\nRevision 2 differs from revision 1 in {differing} blocks of 512 KiB: that is what a \
                 snapshot of it costs.\nTo AWS, in {} targets: {} of {} blocks were put for revision 1, \
                 {} of {} for revision 2.\nAll of it took {:.1} s.",
                first.amis,
                first.blocks_put,
                first.blocks_total,
                second.blocks_put,
                second.blocks_total,
                total.as_secs_f64()
            ));
            if let Some(path) = &kept {
                text.push_str(&format!("\nThe disk images are in {}.", path.display()));
            }
            text
        })
    }
}

#[derive(Serialize)]
struct QuickstartDocument<'a> {
    steps: Vec<StepDocument<'a>>,
    elapsed_ms: u128,
    manifests: [&'a str; 2],
    differing_blocks_512k: u64,
    released: &'a [ReleaseTotals; 2],
    kept: Option<String>,
}

/// The outcome of all steps, for the final report.
struct Outcome {
    one: DiskFile,
    two: DiskFile,
    released: [ReleaseTotals; 2],
    differing: u64,
}
