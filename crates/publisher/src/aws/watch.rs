//! Waits for all targets of a run, writes its progress to the record, and informs the observer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use wire::run::{Run, Step, TargetRun};

use super::accounts::Accounts;
use super::journal::Journal;
use super::progress::UploadProgress;
use super::publisher::AwsPublisher;
use crate::error::{PublishError, Reason, Result};
use crate::observer::{Observer, RunObserver};

/// Interval of updates to the observer.
const TELL: Duration = Duration::from_millis(500);

/// Interval of writing progress to the record: a resumed run repeats the puts since the last write.
const KEEP: Duration = Duration::from_secs(5);

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Waits for all targets, and informs the observer of each step.
    pub(crate) async fn watch(
        &self,
        journal: &Arc<Journal>,
        mut targets: JoinSet<(usize, Result<()>)>,
        put: Vec<Arc<UploadProgress>>,
        observed: &mut dyn RunObserver,
        failures: &mut Vec<PublishError>,
    ) -> Result<()> {
        let (mut ticks, mut kept) = (tokio::time::interval(TELL), tokio::time::interval(KEEP));
        // When this function returns, it drops the set, which aborts the task.
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
                        let message = format!("the task of a target ended: {error}");
                        return Err(PublishError::new(Reason::Internal, message));
                    }
                    Some(Ok((index, Err(error)))) => {
                        let target = journal.target(index);
                        let error = error.at(&target.target, target.step);
                        keep_failure(journal, index, &put[index], &error).await?;
                        failures.push(error);
                    }
                    Some(Ok((_, Ok(())))) => {}
                },
            }
            tell();
        }
        tell();
        Ok(())
    }
}

/// Records a target's error, and the blocks that were put before the error.
async fn keep_failure(
    journal: &Journal,
    index: usize,
    put: &UploadProgress,
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

/// Records the blocks that targets are known to have.
async fn keep_progress(journal: &Journal, put: &[Arc<UploadProgress>]) -> Result<()> {
    let run = journal.run();
    let is_further = |target: &TargetRun, put: &UploadProgress| {
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

/// Tells the observer that the run waits for imaged, when changes of the record are pending and none has become durable
/// for [`KEEP`].
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
