//! One patch, from beginning to end.
//!
//! ```text
//! 1 open the volume; format it if it is fresh          nothing of it is believed before
//! 2 know what it holds: evidence, or a read-only scan   nothing is written
//! 3 plan; fetch what the plan needs, durably            the volume is still untouched
//! 4 mount for writing, open the root; is there room?    mounting changes the superblock alone
//! 5 remove the ledger, durably                          so that no crash leaves one that lies
//! 6 record the intent (state Patching), durably         a crash from here on leads to NeedsScan
//! 7 apply
//! 8 syncfs, unmount, scrub, boot loaders, sync          done means durable
//! 9 write the ledger; record the new state              only now may it be captured
//! ```
//!
//! A fresh ext4 is filled without its journal. Until step 8 it has the label of something
//! unfinished, and the state stays Formatting: step 6 follows then, and a crash before leads to a
//! filesystem that is made anew.

mod after;
mod checks;
mod evidence;
mod grow;
mod known;
mod predict;
mod record;
mod stamps;
mod unlock;
mod wanted;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use store::Store;
use sysio::Dir;
use sysio::blocktrace::WriteTrace;
use sysio::mount::PrivateMount;
use transfer::fetch::Fetch;
use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::manifest::Inode;
use wire::name::{ImageName, StreamName};
use wire::proto::{DirtyBlocks, PhaseTimes, StepCounts, UnpackReport};

use crate::boot::{self, Area, Booted, Failure, Installed};
use crate::device::{Device, Root};
use crate::engine::{Engine, Progress, Work};
use crate::error::UnpackError;
use crate::filesystem::{Filesystem, Purpose};
use crate::freed::Freed;
use crate::known_blocks::KnownBlocks;
use crate::layout::{Identity, Layout, partition};
use crate::ledger::{Ledger, Stamp, Witness};
use crate::plan::{Choices, Plan, missing_objects, plan};
use crate::scan::{Evidence, Have};
use checks::{check_free, check_not_mounted, check_size, check_stream};
pub(crate) use evidence::warm;
use record::Once;
pub use record::Record;
use wanted::Wanted;
pub use wanted::{Source, expected_tree};

/// Kept free in the store beyond what is fetched.
const STORE_MARGIN: u64 = 64 << 20;

/// What to patch onto which volume, and with what.
pub struct Request<'a> {
    /// The volume's path.
    pub path: &'a Path,
    /// How it is divided.
    pub layout: Layout,
    /// The stream, which decides UUIDs.
    pub stream: &'a StreamName,
    /// A number that decides them too; zero for none.
    pub own_uuids: u64,
    /// The image, for reports.
    pub image: &'a ImageName,
    /// What the volume shall hold.
    pub want: &'a Manifest,
    /// Whether the volume must be formatted first.
    pub is_fresh: bool,
    /// Whether to believe no ledger and hash everything.
    pub verify_full: bool,
    /// Whether to stop after planning.
    pub is_dry_run: bool,
    /// Our own store.
    pub store: &'a Arc<Store>,
    /// Where objects come from that it lacks.
    pub fetch: &'a dyn Fetch,
    /// How steps are carried out.
    pub engine: Engine,
    /// The filesystem that the volume has, or shall have.
    pub filesystem: Filesystem,
    /// What happens to data that the patch frees.
    pub freed: Freed,
    /// What kernels are told; `None` for what the image itself tells them, and ours.
    pub kernel_arguments: Option<&'a str>,
    /// Where the ledger is, and its name; `None` to keep none.
    pub ledger: Option<(&'a Dir, &'a str)>,
    /// Is told of formatting and of the patch before the first write of each, and of the end.
    pub record: &'a dyn Record,
}

impl<'a> Request<'a> {
    /// What the volume's UUIDs are made from.
    pub(crate) fn identity(&self) -> Identity<'a> {
        Identity { stream: self.stream, own: self.own_uuids }
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("path", &self.path).field("image", &self.image).finish()
    }
}

/// Patches a volume.
///
/// # Durability
/// When this returns without an error, the volume holds exactly the image, and would after a power
/// loss.
///
/// # Errors
/// [`UnpackError`]; before [`Record::patching`] was called the volume is as it was.
pub fn patch(request: &Request<'_>) -> Result<UnpackReport, UnpackError> {
    let started = Instant::now();
    let record = Once { inner: request.record, is_patching: AtomicBool::new(false) };
    let request = &Request { record: &record, ..*request };
    request.filesystem.check_holds(request.want)?;
    let wanted = Wanted::plan(request)?;
    if !request.is_fresh {
        let device = Device::open(request.path)?;
        // No evidence speaks of whom the filesystem was made for.
        check_stream(device.mark(request.layout)?, request)?;
        if let Some(report) = nothing_changed(request, &wanted, &device, started)? {
            return Ok(report);
        }
    }
    if !request.is_fresh && !request.is_dry_run {
        grow::grow(request)?;
    }
    let tree = wanted.tree()?;
    let generated = wanted.contents();
    // From here on what is wanted is the image with what makes it boot.
    let request = Request { want: &tree, ..*request };
    let times = PhaseTimes::default();
    Patch { request: &request, wanted: &wanted, generated, times, started }.run()
}

/// Returns the report of a volume that is known to hold what is wanted, from the ledger and what proves
/// that nobody wrote since: nothing is compared.
fn nothing_changed(
    request: &Request<'_>,
    wanted: &Wanted<'_>,
    device: &Device,
    started: Instant,
) -> Result<Option<UnpackReport>, UnpackError> {
    let Some((folder, name)) = request.ledger else { return Ok(None) };
    let is_same = |ledger: &Ledger| {
        ledger.manifest == request.want.digest()
            && wanted.is_on(&ledger.boot)
            && (ledger.is_scrubbed || request.freed == Freed::Keep)
            && ledger.witness.is_some()
    };
    let ledger = Ledger::load(folder, name).filter(|_| !request.verify_full).filter(is_same);
    let Some(ledger) = ledger else { return Ok(None) };
    if ledger.witness != Witness::of(device) || grow::has_grown(request, device)? {
        return Ok(None);
    }
    if !request.is_dry_run {
        request.record.patching()?;
        request.record.done()?;
    }
    Ok(Some(UnpackReport {
        image: request.image.to_string(),
        manifest: request.want.digest().to_string(),
        steps: Some(StepCounts {
            keep: request.want.inode_count().into(),
            ..StepCounts::default()
        }),
        dirty_blocks_512k: Some(DirtyBlocks::default()),
        evidence: Evidence::Counters.name().to_owned(),
        phase_ms: Some(PhaseTimes::default()),
        elapsed_ms: millis(started),
        io_engine: request.engine.name().to_owned(),
        is_dry_run: request.is_dry_run,
        ..described(&ledger.boot.loaders, wanted)
    }))
}

/// The part of a report that says how the volume boots.
fn described(loaders: &Installed, wanted: &Wanted<'_>) -> UnpackReport {
    let (boot_mode, boot_problem) = match &loaders.mode {
        Ok(mode) => (mode.clone(), String::new()),
        Err(problem) => (String::new(), problem.clone()),
    };
    let (kernel_arguments, boot_notes) = match &wanted.boot {
        Ok(boot) => (boot.kernel_arguments.clone(), boot.notes.clone()),
        Err(_) => Default::default(),
    };
    let report = UnpackReport::default();
    UnpackReport { boot_mode, boot_problem, kernel_arguments, boot_notes, ..report }
}

struct Patch<'a> {
    /// What is asked for, with what makes the image boot.
    request: &'a Request<'a>,
    wanted: &'a Wanted<'a>,
    /// Content that is generated, by digest.
    generated: HashMap<Digest, Arc<[u8]>>,
    times: PhaseTimes,
    started: Instant,
}

impl Patch<'_> {
    fn run(mut self) -> Result<UnpackReport, UnpackError> {
        let request = self.request;
        // 1
        let device = Device::open(request.path)?;
        check_size(&device, request)?;
        if request.is_fresh && request.is_dry_run {
            let have = crate::scan::nothing(request.want.algorithm())?;
            let plan = self.plan(&have);
            return Ok(self.report(&plan, Evidence::Hash, 0, None, &self.expected_boot()));
        }
        if request.is_fresh {
            check_not_mounted(request)?;
            request.record.formatting()?;
            self.format(&device)?;
        }
        // 2
        let begin = Instant::now();
        let mut have = evidence::have(request, self.wanted, &device)?;
        // What was just formatted holds nothing of before.
        have.is_clean |= request.is_fresh && request.freed == Freed::Scrub;
        self.times.scan = millis(begin);
        // 3
        let begin = Instant::now();
        let plan = self.plan(&have);
        self.times.plan = millis(begin);
        if request.is_dry_run {
            let root = device.root(request.layout)?;
            let dirty = predict::predict(request, &root, &plan, &have)?;
            return Ok(self.report(&plan, have.evidence, 0, Some(dirty), &self.expected_boot()));
        }
        let begin = Instant::now();
        let fetched = self.fetch(&plan, &have)?;
        self.times.fetch = millis(begin);
        // With what was fetched came lists of frames: less may have to be written.
        let plan = if fetched > 0 { self.plan(&have) } else { plan };
        let must_scrub = request.freed == Freed::Scrub && !have.is_clean;
        let boot = self.loaders_on_volume(&have);
        if let (Some(boot), true, false, false) =
            (boot, plan.is_empty() && have.locked.is_empty(), must_scrub, request.is_fresh)
        {
            // Nothing to write; the ledger is renewed where it took more to know that.
            if have.evidence != Evidence::Counters {
                // What is known of its blocks is not: somebody may have written to it.
                if let Some((folder, name)) = self.request.ledger {
                    Ledger::remove(folder, name)?;
                }
                device.sync()?;
                let root = device.root(request.layout)?;
                let skeleton = after::skeleton(request, &root)?;
                drop(root);
                self.save_ledger(&device, &plan, &have, (&[], None), Some(skeleton), &boot)?;
            }
            self.request.record.patching()?;
            self.request.record.done()?;
            let dirty = Some(DirtyBlocks::default());
            return Ok(self.report(&plan, have.evidence, fetched, dirty, &boot));
        }
        let (dirty, boot) = self.write(&device, &plan, &have)?;
        self.request.record.done()?;
        Ok(self.report(&plan, have.evidence, fetched, dirty, &boot))
    }

    /// Formats a fresh volume.
    fn format(&self, device: &Device) -> Result<(), UnpackError> {
        let Request { layout, want, ledger, freed, .. } = *self.request;
        let identity = self.request.identity();
        if let Some((folder, name)) = ledger {
            Ledger::remove(folder, name)?;
        }
        // A machine that has no loop device to give says so before anything is written.
        let root = device.root(layout)?;
        if freed == Freed::Scrub {
            device.blank()?;
        }
        if layout == Layout::Gpt {
            let file = device.file().try_clone().map_err(UnpackError::io("open", device.path()))?;
            partition::write(file, device.path(), device.size(), identity)?;
        }
        self.request.filesystem.make(&root, identity, want)?;
        root.sync()?;
        drop(root);
        device.sync()
    }

    fn plan(&self, have: &Have<'_>) -> Plan {
        let mut plan =
            self.with_choices(|choices| plan(&have.manifest, self.request.want, choices));
        unlock::touch(&mut plan, have);
        plan
    }

    fn with_choices<T>(&self, use_them: impl FnOnce(Choices<'_>) -> T) -> T {
        let store = self.request.store;
        use_them(Choices {
            freed: self.request.freed,
            has_reflinks: self.request.filesystem.has_reflinks(),
            frames: &|digest| store.frame_list(digest).ok().flatten(),
            is_here: &|digest| self.generated.contains_key(digest) || store.is_complete(digest),
            generated: &|digest| self.generated.get(digest).cloned(),
        })
    }

    /// Fetches what the plan and boot set-up need, and returns how many bytes came.
    fn fetch(&self, plan: &Plan, have: &Have<'_>) -> Result<u64, UnpackError> {
        let Request { store, fetch, want, image, record, .. } = *self.request;
        let mut missing = self.with_choices(|choices| missing_objects(want, plan, choices));
        if self.loaders_on_volume(have).is_none() {
            let loaders = self.wanted.boot.iter().flat_map(boot::Boot::needs);
            missing.extend(loaders.filter(|(digest, _)| !store.is_complete(digest)));
            missing.sort_unstable();
            missing.dedup();
        }
        if missing.is_empty() {
            return Ok(0);
        }
        let needed: u64 = missing.iter().map(|(_, len)| len).sum::<u64>() + STORE_MARGIN;
        let available = store.free_space()?.bytes;
        if needed > available {
            return Err(UnpackError::StoreFull { needed, available });
        }
        let batch = store.begin()?;
        let report = |done, total| record.progress("fetch", done, total);
        let missing: Vec<Digest> = missing.into_iter().map(|(digest, _)| digest).collect();
        let bytes = fetch.fetch(image, &missing, &batch, &report)?;
        batch.commit()?;
        Ok(bytes)
    }

    /// Steps 4 to 9 but the last; returns the dirty blocks where the kernel counts them, and whether
    /// the volume boots.
    fn write(
        &mut self,
        device: &Device,
        plan: &Plan,
        have: &Have<'_>,
    ) -> Result<(Option<DirtyBlocks>, Installed), UnpackError> {
        let request = self.request;
        let root = device.root(request.layout)?;
        let before = after::before(request, &root, have.is_clean)?;
        // Before mounting, which writes already.
        let known = known::take(request, device, have)?;
        let trace = WriteTrace::start(root.path(), plan.counts.bytes_written)
            .inspect_err(|error| tracing::debug!("dirty blocks are not counted: {error}"))
            .ok();
        // 4
        let begin = Instant::now();
        let is_fill = request.is_fresh && request.filesystem.is_filled_without_journal();
        let purpose = if is_fill { Purpose::Fill } else { Purpose::Patch };
        let mount = root.mount(request.filesystem, purpose)?;
        check_free(&mount, device, plan, &have.manifest, request)?;
        // 5, 6
        if let Some((folder, name)) = request.ledger {
            Ledger::remove(folder, name)?;
        }
        if !is_fill {
            request.record.patching()?;
        }
        // 7
        unlock::unlock(&mount, have)?;
        self.apply(&mount, plan, have)?;
        self.times.apply = millis(begin);
        // 8
        let begin = Instant::now();
        request.record.progress("sync", 0, 0);
        let sync = || UnpackError::io("sync", request.path);
        mount.root().sync_filesystem().map_err(sync())?;
        let touched = stamps::take(&mount, plan, request.want, request.engine)?;
        drop(mount);
        root.sync()?;
        let changed = stamps::changed(plan, have, request.want, &touched);
        let mut left = after::finish(request, device, &root, trace, before.as_ref(), &changed)?;
        let begin_boot = Instant::now();
        let (boot, boot_blocks) = self.set_up_boot(device, &root, have)?;
        self.times.boot = millis(begin_boot);
        if let Some(dirty) = &mut left.dirty {
            dirty.boot = boot_blocks;
            dirty.total += boot_blocks;
        }
        if is_fill {
            // Whole and durable under the old name before it gets the one by which it is believed.
            device.sync()?;
            after::name(&root)?;
            left.skeleton = after::skeleton(request, &root)?;
        }
        let known = known::without(known, &root, left.written.as_deref());
        drop(root);
        device.sync()?;
        if is_fill {
            request.record.patching()?;
        }
        self.times.sync = millis(begin) - self.times.boot;
        // 9
        let skeleton = Some(left.skeleton);
        self.save_ledger(device, plan, have, (&touched, known.as_ref()), skeleton, &boot)?;
        Ok((left.dirty, boot))
    }

    /// How the volume will boot if nothing goes wrong.
    fn expected_boot(&self) -> Installed {
        let boot = &self.wanted.boot;
        Installed {
            inputs: boot.as_ref().ok().map(|boot| boot.inputs),
            // Of nothing, until something is on the volume: only that is compared.
            area: Algorithm::Sha256.digest(&[]),
            mode: boot
                .as_ref()
                .map(|boot| boot.loaders.boot_mode().to_owned())
                .map_err(Clone::clone),
        }
    }

    /// Returns the boot loaders of the volume, where they are what they shall be.
    fn loaders_on_volume(&self, have: &Have<'_>) -> Option<Installed> {
        have.loaders.clone().filter(|loaders| loaders.is_as(&self.wanted.boot))
    }

    /// Makes and writes boot loaders where what the volume has was made from something else; returns
    /// how many snapshot blocks that touched.
    fn set_up_boot(
        &self,
        device: &Device,
        root: &Root,
        have: &Have<'_>,
    ) -> Result<(Installed, u64), UnpackError> {
        let request = self.request;
        if let Some(loaders) = self.loaders_on_volume(have) {
            return Ok((loaders, 0));
        }
        let mut loaders = self.expected_boot();
        if request.layout == Layout::None {
            return Ok((loaders, 0));
        }
        request.record.progress("boot", 0, 0);
        let (image, source) = (self.wanted.image, wanted::source(request));
        let read = |inode: Inode<'_>, len: u64| source.head(inode, len);
        let made = match &self.wanted.boot {
            Ok(boot) => boot::install(image, boot, wanted::target(request), root, &read)?,
            Err(problem) => Err(Failure { problem: problem.clone(), may_pass: false }),
        };
        // Of an image that does not boot nothing older is left to be started.
        let area = made.unwrap_or_else(|failure| {
            // What may pass is tried again with the next patch.
            if failure.may_pass {
                loaders.inputs = None;
            }
            loaders.mode = Err(failure.problem);
            Area::empty()
        });
        let blocks = area.write(device)?;
        loaders.area = area.digest();
        Ok((loaders, blocks))
    }

    fn apply(&self, mount: &PrivateMount, plan: &Plan, have: &Have<'_>) -> Result<(), UnpackError> {
        let Request { want, store, engine, record, .. } = *self.request;
        let progress = Progress::default();
        let total = Progress::total(plan);
        let work = Work {
            plan,
            have: &have.manifest,
            want,
            store,
            root: mount.root(),
            progress: &progress,
        };
        let (done, finished) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // Wakes up when the engine is done, or to show how far it is.
                while finished.recv_timeout(PROGRESS_EVERY)
                    == Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    record.progress("apply", work.progress.done(), total);
                }
            });
            let result = engine.apply(&work);
            drop(done);
            result
        })
    }

    fn save_ledger(
        &self,
        device: &Device,
        plan: &Plan,
        have: &Have<'_>,
        (touched, known): (&[(u32, Stamp)], Option<&KnownBlocks>),
        skeleton: Option<Digest>,
        boot: &Installed,
    ) -> Result<(), UnpackError> {
        let Some((folder, name)) = self.request.ledger else {
            return Ok(());
        };
        let want = self.request.want;
        let mut stamps: Vec<Stamp> = (0..want.inode_count())
            .map(|index| {
                let from = plan.assignment.have_of(index);
                from.and_then(|have_index| have.stamps.get(have_index as usize).copied())
                    .unwrap_or_default()
            })
            .collect();
        for (index, stamp) in touched {
            stamps[*index as usize] = *stamp;
        }
        let ledger = Ledger {
            manifest: self.wanted.image.digest(),
            boot: Booted { generated: self.wanted.generated().to_vec(), loaders: boot.clone() },
            stamps,
            witness: Witness::of(device),
            skeleton,
            is_scrubbed: self.request.freed == Freed::Scrub,
            next_hashed: have.next_hashed,
        };
        if let Some(known) = known {
            known.save(folder, name, &ledger.digest())?;
        }
        ledger.save(folder, name)
    }

    fn report(
        &self,
        plan: &Plan,
        evidence: Evidence,
        bytes_fetched: u64,
        dirty_blocks_512k: Option<DirtyBlocks>,
        boot: &Installed,
    ) -> UnpackReport {
        let counts = plan.counts;
        UnpackReport {
            image: self.request.image.to_string(),
            manifest: self.wanted.image.digest().to_string(),
            steps: Some(StepCounts {
                keep: counts.keep,
                meta: counts.meta,
                rewrite: counts.rewrite,
                create: counts.create,
                link: counts.link,
                delete: counts.delete,
            }),
            bytes_fetched,
            bytes_written: if self.request.is_dry_run { 0 } else { counts.bytes_written },
            dirty_blocks_512k,
            evidence: evidence.name().to_owned(),
            phase_ms: Some(self.times),
            elapsed_ms: millis(self.started),
            io_engine: self.request.engine.name().to_owned(),
            is_dry_run: self.request.is_dry_run,
            ..described(boot, self.wanted)
        }
    }
}

/// How often progress is shown.
const PROGRESS_EVERY: std::time::Duration = std::time::Duration::from_millis(200);

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
