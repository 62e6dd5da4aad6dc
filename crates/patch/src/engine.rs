//! The engine: turns a plan's steps into system calls.
//!
//! Threads create, link and remove names: for many of these calls the kernel has no ring operation, and it passes the
//! others to its own threads. Each thread reads and writes data through one [`IoQueue`], which uses either plain system
//! calls or a ring. An engine with a ring and one without differ in nothing else.

mod content;
mod namespace;
mod pieces;
pub(crate) mod pool;

use std::sync::atomic::{AtomicU64, Ordering};

use sysio::Dir;
use sysio::queue::IoQueue;
use wire::Manifest;

use crate::plan::Plan;
use crate::{ContentSource, PatchError};

/// Everything that an engine needs to carry out a plan.
#[derive(Clone, Copy, Debug)]
pub struct ApplyContext<'a> {
    /// The steps to carry out, planned from `have` to `want`.
    pub plan: &'a Plan,
    /// The tree on the volume before the patch.
    pub have: &'a Manifest,
    /// The tree on the volume after the patch.
    pub want: &'a Manifest,
    /// The source of every object that the plan writes.
    pub content: ContentSource<'a>,
    /// The root of the volume, which is mounted for writing.
    pub root: &'a Dir,
    /// The counter of finished steps, which another thread may read meanwhile.
    pub progress: &'a ApplyProgress,
}

/// Count of the steps finished so far, for a thread that shows progress.
#[derive(Debug, Default)]
pub struct ApplyProgress {
    done: AtomicU64,
}

impl ApplyProgress {
    /// Adds finished steps to the count, from any thread.
    pub fn add(&self, count: usize) {
        self.done.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// Returns how many steps are done, of [`ApplyProgress::total`] in all.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Returns how many steps a plan has in all.
    pub fn total(plan: &Plan) -> u64 {
        let steps = plan.stage.len()
            + plan.unlink.len()
            + plan.remove_dirs.len()
            + plan.create_dirs.len()
            + plan.create.len()
            + plan.link.len()
            + plan.write.len()
            + plan.attributes.len();
        steps as u64
    }
}

/// Count of pieces of 256 KiB under way in a ring. At 1 ms for each piece, that is 8 GB/s, far above any EBS volume.
/// Each thread takes 8 MiB of buffers.
const RING_DEPTH: usize = 32;

/// As [`RING_DEPTH`], for threads that also write. It is lower, because all of these threads share the device.
const WRITING_RING_DEPTH: usize = 16;

/// As [`RING_DEPTH`], for testing whether the kernel allows a ring.
const PROBE_DEPTH: usize = 2;

/// Threads for each processor: at any moment, some of them wait for the device.
const THREADS_PER_CPU: usize = 2;

/// The user's choice of an engine, as `--io-engine` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// A ring for reading volumes if the kernel allows one, and plain system calls for the rest: the fastest
    /// combination that docs/performance.md found.
    Auto,
    /// Plain system calls for all bytes.
    Threads,
    /// A ring for all bytes, or an error.
    Uring,
}

impl EngineChoice {
    /// Parses a choice from the command line.
    ///
    /// # Errors
    /// A message that lists the allowed choices.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "threads" => Ok(Self::Threads),
            "uring" => Ok(Self::Uring),
            other => Err(format!("'{other}' is no engine: expected auto, uring or threads")),
        }
    }

    /// Makes the engine. Tests whether the kernel allows a ring, unless the choice is threads.
    ///
    /// # Errors
    /// [`PatchError::NoRing`] if the choice demands a ring and the kernel refuses it.
    pub fn engine(self) -> Result<Engine, PatchError> {
        let has_ring = match self {
            Self::Threads => false,
            Self::Auto | Self::Uring => match IoQueue::ring(PROBE_DEPTH, true) {
                Ok(_) => true,
                Err(error) if self == Self::Uring => {
                    return Err(PatchError::NoRing(error));
                }
                Err(error) => {
                    tracing::info!("no io_uring ({error}): using threads");
                    false
                }
            },
        };
        let cpus = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let is_ring_for_writing = self == Self::Uring;
        Ok(Engine { has_ring, is_ring_for_writing, threads: cpus * THREADS_PER_CPU })
    }
}

/// Carries out plans. With or without a ring, it makes the same tree.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    has_ring: bool,
    is_ring_for_writing: bool,
    threads: usize,
}

impl Engine {
    /// Returns the engine's name, for reports: `uring` if volumes are read through a ring, even if they are written
    /// without one; else `threads`.
    pub fn name(self) -> &'static str {
        if self.has_ring { "uring" } else { "threads" }
    }

    /// Returns how many threads share the work: two for each processor.
    pub(crate) fn threads(self) -> usize {
        self.threads
    }

    /// Returns how many threads read volumes: with a ring, no thread waits, so one for each processor is enough.
    pub(crate) fn readers(self) -> usize {
        if self.has_ring { self.threads / THREADS_PER_CPU } else { self.threads }
    }

    /// Makes a queue for one thread, which reads and, if `is_writing`, also writes.
    ///
    /// # Errors
    /// [`PatchError::Io`] if the kernel now refuses a ring.
    pub fn queue(self, is_writing: bool) -> Result<IoQueue, PatchError> {
        if !self.has_ring || (is_writing && !self.is_ring_for_writing) {
            return Ok(IoQueue::plain());
        }
        let depth = if is_writing { WRITING_RING_DEPTH } else { RING_DEPTH };
        IoQueue::ring(depth, is_writing).map_err(PatchError::io("make a ring for", "unpackd"))
    }

    /// Carries out a plan, but does not make the result durable.
    ///
    /// # Errors
    /// The first error of any step. The volume is then between the two trees; a new plan, made from its content, leads
    /// to the wanted tree.
    pub fn apply(self, context: &ApplyContext<'_>) -> Result<(), PatchError> {
        // Most files are created with their final permissions, and a umask would narrow these.
        sysio::clear_umask();
        let namespace = namespace::Namespace { context: *context, threads: self.threads };
        namespace.stage()?;
        namespace.delete()?;
        namespace.create_dirs()?;
        namespace.create()?;
        namespace.link()?;
        content::write(context, self)?;
        namespace.attributes()
    }
}
