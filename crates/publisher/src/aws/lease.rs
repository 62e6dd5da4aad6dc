//! Leases a stream from imaged, so that it has only one publisher at a time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rpc::status::class;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::proto::{LeaseStreamRequest, ReleaseStreamRequest};

use super::accounts::Accounts;
use super::journal::Lease;
use super::publisher::AwsPublisher;
use crate::error::Result;

/// Duration of a lease, and the interval of its renewal.
const LEASE: Duration = Duration::from_secs(90);
const PROLONG: Duration = Duration::from_secs(20);

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Runs `work` while holding the stream's lease. The lease is released at the end, and on an interruption of the
    /// command.
    pub(crate) fn under_lease<T>(
        &self,
        stream: &str,
        run: &str,
        steal: bool,
        work: impl FnOnce(Lease) -> Result<T>,
    ) -> Result<T> {
        let holder = lease_holder(self.client.holder(), run);
        let request = |steal| LeaseStreamRequest {
            stream: stream.to_owned(),
            holder: holder.clone(),
            ttl_ms: u64::try_from(LEASE.as_millis()).unwrap_or(u64::MAX),
            steal,
        };
        let mut client = self.imaged.publishing();
        let lease = self.client.call(&self.imaged, client.lease_stream(request(steal)))?;
        let lease = Lease { epoch: lease.epoch, is_lost: Arc::default() };
        let prolong = self.prolong(request(false), &lease);
        let request = ReleaseStreamRequest { stream: stream.to_owned(), holder: holder.clone() };
        let (mut client, is_lost) = (self.imaged.publishing(), Arc::clone(&lease.is_lost));
        let (again, stop) = (request.clone(), prolong.abort_handle());
        let held = self.client.holdings.hold(async move {
            // Stop all further steps and writes before another publisher can get the lease.
            is_lost.store(true, Ordering::Relaxed);
            stop.abort();
            client.release_stream(again).await.ok();
        });
        let outcome = work(lease);
        drop(held);
        prolong.abort();
        let released =
            self.client.call(&self.imaged, self.imaged.publishing().release_stream(request));
        if let Err(error) = released {
            let text = format!(
                "the lease on the stream could not be released, and ends by itself within 90 s: {}",
                error.chain()
            );
            self.client.observer().note(&text);
        }
        outcome
    }

    /// Starts a task that renews a lease until the lease is lost or the task is aborted. If the lease is lost, the task
    /// sets `is_lost`, and no further step begins.
    fn prolong(&self, request: LeaseStreamRequest, lease: &Lease) -> tokio::task::JoinHandle<()> {
        let (mut client, is_lost) = (self.imaged.publishing(), Arc::clone(&lease.is_lost));
        let epoch = lease.epoch;
        self.client.runtime().spawn(async move {
            let mut held = Instant::now();
            loop {
                tokio::time::sleep(PROLONG).await;
                let asked = client.lease_stream(request.clone());
                match tokio::time::timeout(PROLONG, asked).await {
                    Ok(Ok(lease)) if lease.get_ref().epoch == epoch => held = Instant::now(),
                    // Another holder had the lease meanwhile, or has it now.
                    Ok(Ok(_)) => break,
                    Ok(Err(status)) if class(&status) == ErrorClass::Conflict => break,
                    _ if held.elapsed() > LEASE => break,
                    _ => {}
                }
            }
            is_lost.store(true, Ordering::Relaxed);
        })
    }
}

/// Makes the holder's name for a run, unique to this process.
fn lease_holder(holder: &str, run: &str) -> String {
    format!("{holder} (run {run}, process {}, {})", std::process::id(), now_ms())
}
