//! Shows the library's reports to the user: messages on standard error, events, bars and tables.

use std::sync::Arc;
use std::time::Duration;

use cloud::retry::FailedAttempt;
use publisher::Observer;
use publisher::observer::{Activity, Progress, RunObserver};
use wire::document::UnpackDocument;
use wire::proto::{CommitUploadResponse, UnpackReport};
use wire::run::{Run, Step, TargetRun};
use wire::units::format_count;

use crate::event::{AddedEvent, RetryEvent, StepEvent};
use crate::interruption::Interruption;
use crate::output::{self, Output, Table};
use crate::run_table;

/// Interval of plain progress lines during upload, where there is no table.
const TELL: Duration = Duration::from_secs(15);

/// Passes the library's reports to the output, and a run's resume hint to the interruption.
#[derive(Debug)]
pub(crate) struct Reporter {
    pub(crate) output: Arc<Output>,
    pub(crate) interruption: Arc<Interruption>,
}

impl Observer for Reporter {
    fn activity(&self, title: &str) -> Box<dyn Activity + '_> {
        Box::new(self.output.progress(title))
    }

    fn note(&self, text: &str) {
        self.output.note(text);
    }

    fn detail(&self, text: &str) {
        self.output.detail(text);
    }

    fn waiting(&self, text: &str) {
        self.output.waiting(text);
    }

    /// Writes an event. With -v, or after ten seconds without output, also writes a message.
    fn retry(&self, trouble: &FailedAttempt) {
        let FailedAttempt { error, attempt, pause } = trouble;
        let event = RetryEvent {
            target: error.target.to_string(),
            call: error.call,
            code: &error.code,
            reason: &error.reason,
            message: &error.message,
            attempt: *attempt,
            pause_ms: u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
        };
        self.output.event("retry", &event);
        self.output.waiting(&format!(
            "{error}; the next attempt begins in {:.1} s (attempt {attempt} failed)",
            pause.as_secs_f64()
        ));
    }

    fn added(&self, image: &CommitUploadResponse) {
        let record = image.record.clone().unwrap_or_default();
        let event =
            AddedEvent { name: &record.name, manifest: &record.manifest, is_new: image.is_new };
        self.output.event("added", &event);
    }

    fn unpacked(&self, report: &UnpackReport) {
        let document = UnpackDocument::from(report.clone());
        self.output.event("unpacked", &document);
    }

    fn run(&self, run: &Run) -> Box<dyn RunObserver + '_> {
        let count = format_count(run.targets.len() as u64, "target");
        self.output.note(&format!("run {}: {count}", run.id));
        self.interruption.say(resume_hint(&run.id));
        let count = run.targets.len();
        Box::new(RunReport {
            output: &self.output,
            table: self.output.table(),
            steps: vec![None; count],
            told: vec![0; count],
            told_at: Duration::ZERO,
        })
    }
}

impl Activity for output::Progress<'_> {
    fn update(&self, progress: Progress<'_>) {
        let Progress { phase, done, total, is_bytes } = progress;
        output::Progress::update(self, phase, done, total, is_bytes);
    }
}

/// Returns the hint with the commands that continue or undo an interrupted run.
fn resume_hint(run: &str) -> String {
    format!(
        "`publish-cli runs resume {run}` continues it, `publish-cli runs undo {run} --yes` removes what it made"
    )
}

/// Display state of one run: a table on a terminal, lines elsewhere, and events.
struct RunReport<'a> {
    output: &'a Output,
    table: Option<Table>,
    /// For each target, the step that was reported last.
    steps: Vec<Option<Step>>,
    /// For each target, the number of blocks that was reported last.
    told: Vec<u64>,
    /// Time of the last progress line, measured from the run's start.
    told_at: Duration,
}

impl RunObserver for RunReport<'_> {
    fn update(&mut self, run: &Run, sent: &[u64], elapsed: Duration) {
        if let Some(table) = &self.table {
            table.show(&run_table::lines(run, sent, elapsed, self.output.waited_for()));
        }
        for (index, target) in run.targets.iter().enumerate() {
            self.tell_target(run, index, target, sent.get(index).copied().unwrap_or_default());
        }
        let is_putting = run.targets.iter().any(|target| target.step == Step::Putting);
        if self.table.is_none() && is_putting && elapsed.saturating_sub(self.told_at) >= TELL {
            self.told_at = elapsed;
            self.output.progress_line(&run_table::summary(run, sent, elapsed));
        }
    }
}

impl RunReport<'_> {
    fn tell_target(&mut self, run: &Run, index: usize, target: &TargetRun, done: u64) {
        let (text, step) = (target.target.to_string(), target.step);
        let is_new_step = self.steps[index] != Some(step);
        if is_new_step || self.told[index] != done {
            (self.steps[index], self.told[index]) = (Some(step), done);
            let event = StepEvent {
                run: &run.id,
                target: &text,
                step: step.name(),
                blocks_put: done,
                blocks: target.blocks,
            };
            self.output.event("step", &event);
        }
        if is_new_step && self.table.is_none() {
            self.output.note(&format!("{text}: {}", begun(target)));
        }
    }
}

/// Describes the step that a target has begun.
fn begun(target: &TargetRun) -> String {
    match (target.step, target.put.count()) {
        (Step::Putting, 0) => format!("putting {} blocks", target.blocks),
        (Step::Putting, before) => {
            format!("putting {} blocks, {before} of them were put before", target.blocks)
        }
        (step, _) => step.name().to_owned(),
    }
}
