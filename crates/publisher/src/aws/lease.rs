//! Holding a stream: one publisher at a time, as imaged has it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rpc::status::class;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::proto::{LeaseStreamRequest, ReleaseStreamRequest};

use super::accounts::Accounts;
use super::journal::Lease;
use super::publish::AwsPublisher;
use crate::error::Result;

/// How long the stream is taken for, and how often that is prolonged.
const LEASE: Duration = Duration::from_secs(90);
const PROLONG: Duration = Duration::from_secs(20);

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Holds the stream while something is done with it for a run, under the lease's epoch. It is given back at the end,
    /// and where the command is interrupted.
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
            // Nothing more is begun or written before somebody else may have it.
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
            let text = format!("the stream was not given back: {}", error.chain());
            self.client.observer().note(&text);
        }
        outcome
    }

    /// Prolongs a lease as long as it lives; whoever loses it begins no further step.
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
                    // Somebody had it meanwhile, or has it.
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

/// In whose name a stream is taken for a run: this process's alone.
fn lease_holder(holder: &str, run: &str) -> String {
    format!("{holder} (run {run}, process {}, {})", std::process::id(), now_ms())
}
