//! What a caller is told while long work goes on.

use std::time::Duration;

use cloud::retry::Trouble;
use wire::proto::{CommitUploadResponse, UnpackReport};
use wire::run::Run;

/// Is told what goes on. Every method has a default that does nothing; none may block for long, since work waits for
/// it.
pub trait Observer: Send + Sync {
    /// A long piece of work begins, and ends when the answer is dropped.
    fn activity(&self, title: &str) -> Box<dyn Activity + '_> {
        let _ = title;
        Box::new(Silent)
    }

    /// Something that a person should know, and that is no error.
    fn note(&self, text: &str) {
        let _ = text;
    }

    /// Something that only a person who looks for trouble wants to know.
    fn detail(&self, text: &str) {
        let _ = text;
    }

    /// What is being waited for.
    fn waiting(&self, text: &str) {
        let _ = text;
    }

    /// A call to AWS failed and is made again.
    fn retry(&self, trouble: &Trouble) {
        let _ = trouble;
    }

    /// imaged has an image.
    fn added(&self, image: &CommitUploadResponse) {
        let _ = image;
    }

    /// A volume was patched.
    fn unpacked(&self, report: &UnpackReport) {
        let _ = report;
    }

    /// A run begins, or goes on: from now on it can be resumed and undone by its id. It ends when the answer is
    /// dropped.
    fn run(&self, run: &Run) -> Box<dyn RunObserver + '_> {
        let _ = run;
        Box::new(Silent)
    }
}

/// How far a piece of work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// What is being done, in a word or two.
    pub phase: &'a str,
    /// How much is done.
    pub done: u64,
    /// How much there is; 0 where that is not known.
    pub total: u64,
    /// Whether these are bytes.
    pub is_bytes: bool,
}

/// Is told how far a piece of work is.
pub trait Activity: Send + Sync {
    /// Several times a second at most.
    fn update(&self, progress: Progress<'_>);
}

/// Is told how far a run is.
pub trait RunObserver: Send {
    /// At each step of a target, and twice a second: the run, and how many blocks each target was sent.
    fn update(&mut self, run: &Run, sent: &[u64], elapsed: Duration);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

impl Activity for Silent {
    fn update(&self, _: Progress<'_>) {}
}

impl RunObserver for Silent {
    fn update(&mut self, _: &Run, _: &[u64], _: Duration) {}
}
