//! The engine: from a plan's steps to system calls.
//!
//! Threads own the namespace: the kernel has no ring operation for much of it, and sends the rest
//! to threads of its own. Bytes go through an [`IoQueue`] for each thread, which is either plain
//! system calls or a ring: that is the difference between the two engines, and all of it.

mod content;
mod namespace;
mod pieces;
pub(crate) mod pool;

use std::sync::atomic::{AtomicU64, Ordering};

use store::Store;
use sysio::Dir;
use sysio::queue::IoQueue;
use wire::Manifest;

use crate::PatchError;
use crate::plan::Plan;

/// Everything that an engine works from.
#[derive(Clone, Copy, Debug)]
pub struct ApplyContext<'a> {
    /// The steps.
    pub plan: &'a Plan,
    /// What the volume holds.
    pub have: &'a Manifest,
    /// What it shall hold.
    pub want: &'a Manifest,
    /// Holds every object that the plan writes.
    pub store: &'a Store,
    /// The root of the mounted volume.
    pub root: &'a Dir,
    /// Counts steps that are done.
    pub progress: &'a ApplyProgress,
}

/// What an engine has done so far.
#[derive(Debug, Default)]
pub struct ApplyProgress {
    done: AtomicU64,
}

impl ApplyProgress {
    /// Counts finished steps.
    pub fn add(&self, count: usize) {
        self.done.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// Returns how many steps are done.
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

/// Pieces of 256 KiB that a ring has under way: at 1 ms a piece, 8 GB/s, far above any EBS volume; and
/// 8 MiB of buffers for each thread.
const RING_DEPTH: usize = 32;

/// The same for threads that write too: all of them share the device.
const WRITING_RING_DEPTH: usize = 16;

/// The same for trying whether a ring is to be had.
const PROBE_DEPTH: usize = 2;

/// Threads for each processor: some of them wait for the device at any moment.
const THREADS_PER_CPU: usize = 2;

/// Which engine to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// A ring for reading volumes where the kernel lets us, and plain system calls for the rest:
    /// what docs/performance.md found to be fastest.
    Auto,
    /// Plain system calls.
    Threads,
    /// A ring for all bytes, or an error.
    Uring,
}

impl EngineChoice {
    /// Reads a choice as it stands on the command line.
    ///
    /// # Errors
    /// What is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "threads" => Ok(Self::Threads),
            "uring" => Ok(Self::Uring),
            other => Err(format!("'{other}' is no engine: expected auto, uring or threads")),
        }
    }

    /// Makes the engine, after trying whether the kernel gives us a ring.
    ///
    /// # Errors
    /// [`PatchError::NoRing`] where a ring was demanded and cannot be had.
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

/// Carries out plans. Both engines lead to the same tree.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    has_ring: bool,
    is_ring_for_writing: bool,
    threads: usize,
}

impl Engine {
    /// Returns the engine's name, for reports.
    pub fn name(self) -> &'static str {
        if self.has_ring { "uring" } else { "threads" }
    }

    /// Returns how many threads share the work.
    pub(crate) fn threads(self) -> usize {
        self.threads
    }

    /// Returns how many threads read volumes: with a ring, none of them waits.
    pub(crate) fn readers(self) -> usize {
        if self.has_ring { self.threads / THREADS_PER_CPU } else { self.threads }
    }

    /// Makes a queue for one thread that reads and, perhaps, writes.
    ///
    /// # Errors
    /// [`PatchError::Io`] where a ring cannot be had any more.
    pub fn queue(self, is_writing: bool) -> Result<IoQueue, PatchError> {
        if !self.has_ring || (is_writing && !self.is_ring_for_writing) {
            return Ok(IoQueue::plain());
        }
        let depth = if is_writing { WRITING_RING_DEPTH } else { RING_DEPTH };
        IoQueue::ring(depth, is_writing).map_err(PatchError::io("make a ring for", "unpackd"))
    }

    /// Carries out a plan, up to but without making it durable.
    ///
    /// # Errors
    /// The first error of any step; the volume is then somewhere between, and a new plan from what
    /// it holds leads to the same end.
    pub fn apply(self, context: &ApplyContext<'_>) -> Result<(), PatchError> {
        // Most files are created with their final permissions, which no umask may narrow.
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
