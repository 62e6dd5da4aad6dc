//! One call: its turn, its deadline, its retries.

use std::error::Error as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::calls::Result;
use crate::error::{CloudError, Kind, classify};
use crate::limit::{Limit, Rates};
use crate::retry::{Budget, SoFar, pause};
use crate::target::Target;

/// Calls that share a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Of EC2, STS and SSM, that change nothing.
    Read,
    /// And those that do.
    Write,
    /// Beginning and ending of snapshots.
    Snapshot,
    /// Blocks written.
    Put,
    /// Blocks read.
    Get,
    /// Lists of blocks.
    List,
}

impl Class {
    const COUNT: usize = 6;

    /// *Source:* documented quotas of the EBS direct APIs (1,000 blocks, 10 snapshots, 50 lists a
    /// second) and refill rates of EC2's token buckets (20 and 5).
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

/// Makes the calls of one target.
#[derive(Debug)]
pub(super) struct Attempts {
    pub(super) target: Target,
    limits: [Mutex<Limit>; Class::COUNT],
}

impl Attempts {
    pub(super) fn new(target: Target) -> Self {
        use Class::{Get, List, Put, Read, Snapshot, Write};
        let now = Instant::now();
        let limit = |class: Class| Mutex::new(Limit::new(class.rates(), now));
        Self { target, limits: [Read, Write, Snapshot, Put, Get, List].map(limit) }
    }

    /// Calls until it works, cannot, or has cost its budget.
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

    /// The same for an attempt that is more than a request, and that something is prepared for: waiting for
    /// that, and for a turn, costs nothing of the budget.
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
        let mut elapsed = Duration::ZERO;
        let mut attempts = 0;
        loop {
            self.wait(class).await;
            let prepared = prepare().await?;
            let started = Instant::now();
            attempts += 1;
            let error = match tokio::time::timeout(budget.attempt, attempt(prepared)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => error,
                Err(_) => self.timed_out(call, budget.attempt),
            };
            if error.kind == Kind::Throttled {
                self.limit(class, |limit| limit.throttled(Instant::now()));
            }
            elapsed += started.elapsed();
            let so_far = SoFar { attempts, elapsed };
            match pause(budget, error.kind, so_far, rand::random()) {
                Some(pause) => {
                    tokio::time::sleep(pause).await;
                    elapsed += pause;
                }
                None => return Err(error),
            }
        }
    }

    async fn wait(&self, class: Class) {
        let turn = self.limit(class, |limit| limit.reserve(Instant::now()));
        if turn > Instant::now() {
            tokio::time::sleep_until(turn.into()).await;
        }
    }

    fn limit<T>(&self, class: Class, with: impl FnOnce(&mut Limit) -> T) -> T {
        let limit = &self.limits[class as usize];
        with(&mut limit.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn timed_out(&self, call: &'static str, after: Duration) -> CloudError {
        let message = format!("no answer within {} s", after.as_secs());
        self.failure(call, Kind::Unavailable, "timeout", message)
    }

    /// An error of our own, of a request or an answer that makes no sense.
    pub(super) fn invalid(&self, call: &'static str, message: String) -> CloudError {
        self.failure(call, Kind::Invalid, "invalid", message)
    }

    /// An answer whose bytes are not what it says.
    pub(super) fn damaged(&self, call: &'static str, message: String) -> CloudError {
        self.failure(call, Kind::Unavailable, "damaged", message)
    }

    fn failure(&self, call: &'static str, kind: Kind, code: &str, message: String) -> CloudError {
        let target = self.target.clone();
        CloudError { call, target, kind, code: code.to_owned(), message, request_id: String::new() }
    }

    pub(super) fn error<E>(
        &self,
        call: &'static str,
        error: &SdkError<E, HttpResponse>,
    ) -> CloudError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let Some(response) = error.raw_response() else {
            return self.no_answer(call, error);
        };
        let status = response.status().as_u16();
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        let code = meta.and_then(|meta| meta.code()).map_or_else(
            || format!("HTTP status {status}"),
            // Codes of JSON protocols may come with a namespace.
            |code| code.rsplit('#').next().unwrap_or(code).to_owned(),
        );
        let message =
            meta.and_then(|meta| meta.message()).map_or_else(|| chain(error), str::to_owned);
        let id = response.headers().get("x-amzn-requestid").map(str::to_owned);
        CloudError {
            call,
            target: self.target.clone(),
            kind: classify(&code, status),
            code,
            message,
            request_id: id.unwrap_or_default(),
        }
    }

    /// Nobody to call as: there are no credentials, a role may not be assumed, or STS did not answer.
    fn no_credentials(&self, call: &'static str, error: &CredentialsError) -> CloudError {
        type Assuming = SdkError<AssumeRoleError, HttpResponse>;
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(assuming) = cause.downcast_ref::<Assuming>() {
                let found = self.error(call, assuming);
                let message = format!("AssumeRole: {}", found.message);
                return CloudError { message, ..found };
            }
            source = cause.source();
        }
        let kind = match error {
            CredentialsError::ProviderTimedOut(_) => Kind::Unavailable,
            _ => Kind::Denied,
        };
        self.failure(call, kind, "credentials", chain(error))
    }

    /// A request that never left, or whose answer never came.
    fn no_answer<E>(&self, call: &'static str, error: &SdkError<E, HttpResponse>) -> CloudError
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(credentials) = cause.downcast_ref::<CredentialsError>() {
                return self.no_credentials(call, credentials);
            }
            source = cause.source();
        }
        let kind = match error {
            SdkError::ConstructionFailure(_) => Kind::Invalid,
            _ => Kind::Unavailable,
        };
        self.failure(call, kind, "no answer", chain(error))
    }
}

/// An error's words with those of its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}
