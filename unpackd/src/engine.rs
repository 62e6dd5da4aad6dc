//! Engines: from a plan's steps to system calls.

mod threads;

use std::sync::atomic::{AtomicU64, Ordering};

use store::Store;
use sysio::Dir;
use wire::Manifest;

pub use threads::Threads;

use crate::error::UnpackError;
use crate::plan::Plan;

/// Everything that an engine works from.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
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
    /// Counts steps that are done, for whoever watches.
    pub progress: &'a Progress,
}

/// What an engine has done so far.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
}

impl Progress {
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

/// Carries out plans. All engines lead to the same tree.
pub trait Engine: Send + Sync {
    /// Returns the engine's name, for reports.
    fn name(&self) -> &'static str;

    /// Carries out a plan, up to but without making it durable.
    ///
    /// # Errors
    /// The first error of any step; the volume is then somewhere between, and a new plan from what
    /// it holds leads to the same end.
    fn apply(&self, work: &Work<'_>) -> Result<(), UnpackError>;
}

/// Which engine to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest that works here.
    Auto,
    /// Threads and plain system calls.
    Threads,
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
            other => Err(format!("'{other}' is no engine of this build: expected auto or threads")),
        }
    }

    /// Makes the engine.
    pub fn engine(self) -> Box<dyn Engine> {
        match self {
            Self::Auto | Self::Threads => Box::new(Threads::new()),
        }
    }
}
