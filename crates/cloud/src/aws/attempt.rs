//! One call: its rate limit, its deadlines, its retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use parking_lot::Mutex;

use super::credentials::Renewable;
use super::spec::Tell;
use crate::calls::Result;
use crate::error::{CloudError, CloudErrorKind};
use crate::flow::{Lane, UnderWay};
use crate::limit::{Limit, Rates};
use crate::retry::{Budget, FailedAttempt, SoFar, pause};
use crate::target::Target;

/// Classes of calls; the calls of a class share a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Calls of EC2, STS, KMS and SSM that change nothing.
    Read,
    /// Calls of EC2 and SSM that change something.
    Write,
    /// `StartSnapshot` and `CompleteSnapshot`.
    Snapshot,
    /// `PutSnapshotBlock`.
    Put,
    /// `GetSnapshotBlock`.
    Get,
    /// `ListSnapshotBlocks`.
    List,
}

impl Class {
    const COUNT: usize = 6;

    /// Returns the rates of the class. *Source:* documented quotas of the EBS direct APIs (1,000 blocks, 10 snapshots,
    /// 50 lists a second) and refill rates of EC2's token buckets (20 and 5).
    fn rates(self) -> Rates {
        let rates = |max, min, burst| Rates { max, min, burst };
        match self {
            Self::Read => rates(20.0, 0.5, 40.0),
            Self::Write => rates(5.0, 0.2, 20.0),
            Self::Snapshot => rates(10.0, 0.2, 5.0),
            Self::Put | Self::Get => rates(1000.0, 5.0, 100.0),
            Self::List => rates(50.0, 1.0, 10.0),
        }
    }
}

/// The parts that a target shares with other targets, and the target's name.
pub(super) struct Shared {
    pub target: Target,
    pub credentials: Arc<Renewable>,
    pub puts: Lane,
    pub gets: Lane,
    pub tell: Option<Tell>,
}

/// Makes the calls of one target, with rate limits and retries.
pub(super) struct Attempts {
    pub(super) target: Target,
    shared: Shared,
    /// `true` once any call in this target has succeeded. From then on, an unreachable endpoint counts as temporarily
    /// unavailable. The flag is per target, because success elsewhere says nothing about a misspelt region.
    is_reached: AtomicBool,
    limits: [Mutex<Limit>; Class::COUNT],
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempts").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Attempts {
    pub(super) fn new(shared: Shared) -> Self {
        use Class::{Get, List, Put, Read, Snapshot, Write};
        let now = Instant::now();
        let limit = |class: Class| Mutex::new(Limit::new(class.rates(), now));
        let limits = [Read, Write, Snapshot, Put, Get, List].map(limit);
        let is_reached = AtomicBool::new(false);
        Self { target: shared.target.clone(), shared, is_reached, limits }
    }

    /// Repeats a call until it succeeds, fails for good or has used up its budget.
    pub(super) async fn call<T, E, F>(
        &self,
        call: &'static str,
        class: Class,
        budget: Budget,
        attempt: impl Fn() -> F + Send + Sync,
    ) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let attempt = |()| async { attempt().await.map_err(|error| self.error(call, &error)) };
        self.repeat(call, class, budget, || async { Ok(()) }, attempt).await
    }

    /// Repeats a call that writes or reads a block, as [`Self::call`] does. Each attempt takes places in the windows of
    /// blocks in flight, and its deadline follows the latency seen so far.
    pub(super) async fn call_of_block<P, Q, T, F>(
        &self,
        call: &'static str,
        class: Class,
        prepare: impl Fn() -> Q + Send + Sync,
        attempt: impl Fn(P) -> F + Send + Sync,
    ) -> Result<T>
    where
        Q: Future<Output = Result<P>> + Send,
        F: Future<Output = Result<T>> + Send,
        P: Send,
    {
        let lane = if class == Class::Put { &self.shared.puts } else { &self.shared.gets };
        let prepare = || async {
            let closed =
                || self.invalid(call, "the window of blocks in flight is closed".to_owned());
            let place = lane.enter().await.ok_or_else(closed)?;
            Ok((place, prepare().await?))
        };
        let attempt = |(place, prepared): (UnderWay, P)| {
            let work = attempt(prepared);
            async move {
                let mut place = place;
                place.begin();
                let deadline = place.deadline();
                match tokio::time::timeout(deadline, work).await {
                    Ok(Ok(answer)) => {
                        place.answered();
                        Ok(answer)
                    }
                    Ok(Err(error)) => Err(error),
                    Err(_) => {
                        place.timed_out();
                        Err(self.timed_out(call, deadline))
                    }
                }
            }
        };
        self.repeat(call, class, Budget::OF_BLOCK, prepare, attempt).await
    }

    /// Runs the retry loop. `prepare` runs before each attempt; the time of `prepare`, and of waiting for the rate
    /// limit, does not count against the budget.
    pub(super) async fn repeat<P, Q, T, F>(
        &self,
        call: &'static str,
        class: Class,
        budget: Budget,
        prepare: impl Fn() -> Q + Send + Sync,
        attempt: impl Fn(P) -> F + Send + Sync,
    ) -> Result<T>
    where
        Q: Future<Output = Result<P>> + Send,
        F: Future<Output = Result<T>> + Send,
    {
        let (mut elapsed, mut attempts) = (Duration::ZERO, 0);
        // Counted separately, so that a hundred waits do not use up the attempts for failures or renewals.
        let (mut failures, mut renewals, mut waits) = (0, 0, 0);
        loop {
            self.wait(class).await;
            let prepared = prepare().await?;
            let generation = self.shared.credentials.generation().await;
            let started = Instant::now();
            attempts += 1;
            let mut error = match tokio::time::timeout(budget.attempt, attempt(prepared)).await {
                Ok(Ok(answer)) => {
                    self.is_reached.store(true, Ordering::Relaxed);
                    return Ok(answer);
                }
                Ok(Err(error)) => error,
                Err(_) => self.timed_out(call, budget.attempt),
            };
            if error.kind == CloudErrorKind::Unreachable && self.is_reached.load(Ordering::Relaxed)
            {
                error.kind = CloudErrorKind::Unavailable;
            }
            let alike = match error.kind {
                CloudErrorKind::Throttled | CloudErrorKind::Unavailable => &mut failures,
                CloudErrorKind::Expired => &mut renewals,
                _ => &mut waits,
            };
            *alike += 1;
            match error.kind {
                CloudErrorKind::Throttled => {
                    self.limit(class, |limit| limit.throttled(Instant::now()))
                }
                CloudErrorKind::Expired => self.shared.credentials.forget(generation).await,
                _ => {}
            }
            elapsed += started.elapsed();
            let so_far = SoFar { attempts: *alike, elapsed, retry_after: error.retry_after };
            match pause(budget, error.kind, so_far, rand::random()) {
                Some(pause) => {
                    if let Some(tell) = &self.shared.tell {
                        tell(&FailedAttempt { error, attempt: attempts, pause });
                    }
                    tokio::time::sleep(pause).await;
                    elapsed += pause;
                }
                None => return Err(CloudError { attempt: attempts, ..error }),
            }
        }
    }

    /// Records the account that the credentials belong to.
    pub(super) fn belong_to(&self, account_id: &str) {
        self.shared.credentials.belong_to(account_id);
    }

    async fn wait(&self, class: Class) {
        let turn = self.limit(class, |limit| limit.reserve(Instant::now()));
        if turn > Instant::now() {
            tokio::time::sleep_until(turn.into()).await;
        }
    }

    fn limit<T>(&self, class: Class, with: impl FnOnce(&mut Limit) -> T) -> T {
        let limit = &self.limits[class as usize];
        with(&mut limit.lock())
    }
}
