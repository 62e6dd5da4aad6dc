//! What a replica reports of itself.

use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use wire::proto::ChangePosition;

use super::ReplicaError;

/// Disagreements that are kept for the report; the log has all.
const DISAGREEMENTS_MAX: usize = 20;

/// The present state of following.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Changes followed since the start.
    pub changes: u64,
    /// Images that came since the start, and the bytes of their objects as stored.
    pub images: u64,
    /// Bytes of objects that came.
    pub bytes: u64,
    /// The last time that the primary was heard; `None`: not yet.
    pub heard: Option<Instant>,
    /// Why following failed last; empty while it goes well.
    pub problem: String,
    /// What both servers name alike and is not the same.
    pub disagreements: Vec<String>,
    /// Changes that failed and are tried again.
    pub postponed: usize,
    /// Why a change of one image failed last.
    pub image_problem: String,
    /// How far the primary's log has been followed durably.
    pub followed: Option<ChangePosition>,
    /// The primary's clock minus ours, in milliseconds, when both last met.
    pub clock_difference_ms: i64,
}

impl Report {
    /// Describes the state in a few words, for the status page.
    pub fn words(&self) -> String {
        match (self.problem.as_str(), self.heard) {
            ("", Some(_)) if self.postponed > 0 => {
                format!("{} changes wait; last: {}", self.postponed, self.image_problem)
            }
            ("", Some(heard)) if self.disagreements.is_empty() => {
                format!("heard {} s ago", heard.elapsed().as_secs())
            }
            ("", Some(_)) => format!("{} disagreements, see the log", self.disagreements.len()),
            ("", None) => "connecting".to_owned(),
            (problem, _) => problem.to_owned(),
        }
    }
}

/// The report of a replica, written by its thread and read by the status page.
#[derive(Debug)]
pub struct Reports {
    /// `HOST:PORT` of the primary.
    pub primary: String,
    report: Mutex<Report>,
    /// Is told when the primary should know more.
    news: Condvar,
}

impl Reports {
    pub(super) fn new(primary: String) -> Self {
        Self { primary, report: Mutex::default(), news: Condvar::new() }
    }

    /// Returns a copy of the report.
    pub fn report(&self) -> Report {
        self.report.lock().clone()
    }

    /// Waits until the position is another than was told, at most so long; returns the report.
    pub(super) fn wait_for_news(&self, told: Option<&ChangePosition>, at_most: Duration) -> Report {
        let mut report = self.report.lock();
        self.news.wait_while_for(&mut report, |now| now.followed.as_ref() == told, at_most);
        report.clone()
    }

    pub(super) fn followed(&self, position: ChangePosition) {
        self.report.lock().followed = Some(position);
        self.news.notify_all();
    }

    pub(super) fn heard(&self) {
        let mut report = self.report.lock();
        report.heard = Some(Instant::now());
        report.problem.clear();
    }

    pub(super) fn failed(&self, error: &ReplicaError) {
        self.report.lock().problem = error.to_string();
    }

    pub(super) fn image_failed(&self, name: &str, error: &ReplicaError) {
        self.report.lock().image_problem = format!("{name}: {error}");
    }

    pub(super) fn postponed(&self, count: usize) {
        self.report.lock().postponed = count;
    }

    pub(super) fn clock_differs(&self, by_ms: i64) {
        self.report.lock().clock_difference_ms = by_ms;
    }

    pub(super) fn added(&self, bytes: u64) {
        let mut report = self.report.lock();
        report.images += 1;
        report.bytes += bytes;
    }

    pub(super) fn changed(&self) {
        self.report.lock().changes += 1;
    }

    pub(super) fn disagreed(&self, problem: String) {
        let mut report = self.report.lock();
        if report.disagreements.len() < DISAGREEMENTS_MAX
            && !report.disagreements.contains(&problem)
        {
            report.disagreements.push(problem);
        }
    }
}
