//! Waiting for all targets of a run, while its record is kept and its observer told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use wire::run::{Run, Step, TargetRun};

use super::accounts::Accounts;
use super::journal::Journal;
use super::progress::Progress;
use super::publish::AwsPublisher;
use crate::error::{PublishError, Reason, Result};
use crate::observer::{Observer, RunObserver};

/// How often the observer is told how far a run is.
const TELL: Duration = Duration::from_millis(500);

/// How often a target's progress is kept: a resumed run puts again what was put since.
const KEEP: Duration = Duration::from_secs(5);

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Waits for all targets, and tells the observer of each step.
    pub(crate) async fn watch(
        &self,
        journal: &Arc<Journal>,
        mut targets: JoinSet<(usize, Result<()>)>,
        put: Vec<Arc<Progress>>,
        observed: &mut dyn RunObserver,
    ) -> Result<()> {
        let (mut ticks, mut kept) = (tokio::time::interval(TELL), tokio::time::interval(KEEP));
        // It ends with this.
        let mut telling = JoinSet::new();
        telling.spawn(tell_of_record(Arc::clone(journal), Arc::clone(self.client.observer())));
        let started = Instant::now();
        let mut tell = || {
            let counts: Vec<u64> = put.iter().map(|progress| progress.count()).collect();
            observed.update(&journal.run(), &counts, started.elapsed());
        };
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = kept.tick() => keep_progress(journal, &put).await?,
                done = targets.join_next() => match done {
                    None => break,
                    Some(Err(error)) => {
                        let message = format!("a target's work ended: {error}");
                        return Err(PublishError::new(Reason::Internal, message));
                    }
                    Some(Ok((index, Err(error)))) => keep_failure(journal, index, &put[index], &error).await?,
                    Some(Ok((_, Ok(())))) => {}
                },
            }
            tell();
        }
        tell();
        Ok(())
    }
}

/// Keeps what went wrong in a target, and how far it was.
async fn keep_failure(
    journal: &Journal,
    index: usize,
    put: &Progress,
    error: &PublishError,
) -> Result<()> {
    let (problem, known) = (Some(error.into()), put.known());
    let change = |run: &mut Run| {
        let target = &mut run.targets[index];
        target.error = problem;
        if target.step == Step::Putting && target.put.count() < known.count() {
            target.put = known;
        }
    };
    journal.change(change).await
}

/// Keeps which blocks targets are known to have.
async fn keep_progress(journal: &Journal, put: &[Arc<Progress>]) -> Result<()> {
    let run = journal.run();
    let is_further = |target: &TargetRun, put: &Progress| {
        target.step == Step::Putting && target.put.count() < put.count()
    };
    if !run.targets.iter().zip(put).any(|(target, put)| is_further(target, put)) {
        return Ok(());
    }
    let change = |run: &mut Run| {
        for (target, put) in run.targets.iter_mut().zip(put) {
            if is_further(target, put) {
                target.put = put.known();
            }
        }
    };
    journal.change(change).await
}

/// Says that the run's record waits for imaged, where one change of it does for a while.
async fn tell_of_record(journal: Arc<Journal>, observer: Arc<dyn Observer>) {
    let mut before = None;
    loop {
        tokio::time::sleep(KEEP).await;
        let behind = journal.behind();
        if behind.is_some() && behind == before {
            observer.waiting("imaged does not answer: the run's record waits for it");
        }
        before = behind;
    }
}
