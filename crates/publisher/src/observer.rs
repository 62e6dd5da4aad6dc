//! Reports to the caller during long work.

use std::time::Duration;

use cloud::retry::FailedAttempt;
use wire::proto::{CommitUploadResponse, UnpackReport};
use wire::run::Run;

/// Receives progress reports and messages. Every method does nothing by default. A method must return soon, since the
/// work waits for it.
pub trait Observer: Send + Sync {
    /// Long work begins; it ends when the returned value is dropped.
    fn activity(&self, title: &str) -> Box<dyn Activity + '_> {
        let _ = title;
        Box::new(Silent)
    }

    /// A message for the user that is not an error message.
    fn note(&self, text: &str) {
        let _ = text;
    }

    /// A message for users who look for the cause of a problem, as with `-v`.
    fn detail(&self, text: &str) {
        let _ = text;
    }

    /// The work waits, as `text` describes; called repeatedly during a long wait.
    fn waiting(&self, text: &str) {
        let _ = text;
    }

    /// A call to AWS failed and will be retried.
    fn retry(&self, trouble: &FailedAttempt) {
        let _ = trouble;
    }

    /// imaged has committed an image, or had the same one under this name before.
    fn added(&self, image: &CommitUploadResponse) {
        let _ = image;
    }

    /// unpackd has patched a volume, or has predicted the patch in a dry run.
    fn unpacked(&self, report: &UnpackReport) {
        let _ = report;
    }

    /// A run begins or is resumed. From now on its id can be used to resume and undo it. The run ends when the returned
    /// value is dropped.
    fn run(&self, run: &Run) -> Box<dyn RunObserver + '_> {
        let _ = run;
        Box::new(Silent)
    }
}

/// State of one activity, to be shown as a line or a bar.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Present phase of the activity, in a word or two.
    pub phase: &'a str,
    /// Bytes or items done.
    pub done: u64,
    /// Bytes or items in total; 0 if unknown.
    pub total: u64,
    /// Whether `done` and `total` are bytes.
    pub is_bytes: bool,
}

/// Receives the progress of one activity.
pub trait Activity: Send + Sync {
    /// Called several times a second at most.
    fn update(&self, progress: Progress<'_>);
}

/// Receives the progress of a run.
pub trait RunObserver: Send {
    /// Called at each step of a target, and twice a second; `sent` has the number of blocks put for each target.
    fn update(&mut self, run: &Run, sent: &[u64], elapsed: Duration);
}

/// An observer that ignores everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

impl Activity for Silent {
    fn update(&self, _: Progress<'_>) {}
}

impl RunObserver for Silent {
    fn update(&mut self, _: &Run, _: &[u64], _: Duration) {}
}
