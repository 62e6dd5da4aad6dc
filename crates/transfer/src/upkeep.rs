//! Asking an imaged to look after its store.

use std::time::Duration;

use wire::proto::check_store_event::Event as CheckEvent;
use wire::proto::collect_garbage_event::Event as CollectEvent;
use wire::proto::{
    CheckReport, CheckStoreRequest, CollectGarbageRequest, GarbageReport, GetStoreStatsRequest,
    StoreStats, UpkeepProgress,
};

use crate::TransferError;
use crate::fetch::{ANSWER_MAX, Remote};

/// Longest wait for the next event: the server tells of each pack and each image, and works at a low priority.
const EVENT_MAX: Duration = Duration::from_secs(3600);

impl Remote {
    /// Returns what the server's store holds.
    ///
    /// # Errors
    /// [`TransferError::Call`].
    pub fn store_stats(&self) -> Result<StoreStats, TransferError> {
        let mut client = self.store_client();
        let stats = self.within(ANSWER_MAX, client.get_store_stats(GetStoreStatsRequest {}))?;
        Ok(stats.into_inner())
    }

    /// Lets the server collect its garbage, except in packs younger than `grace`; waits for the end.
    ///
    /// # Errors
    /// [`TransferError::Call`], of the class *conflict* if a collection runs already.
    pub fn collect_garbage(
        &self,
        dry_run: bool,
        grace: Duration,
        progress: &mut dyn FnMut(&UpkeepProgress),
    ) -> Result<GarbageReport, TransferError> {
        let grace_ms = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
        let request = CollectGarbageRequest { dry_run, grace_ms };
        let mut client = self.store_client();
        let mut events = self.within(ANSWER_MAX, client.collect_garbage(request))?.into_inner();
        loop {
            match self.within(EVENT_MAX, events.message())?.and_then(|event| event.event) {
                Some(CollectEvent::Progress(done)) => progress(&done),
                Some(CollectEvent::Report(report)) => return Ok(report),
                None => return Err(self.no_report()),
            }
        }
    }

    /// Lets the server check its store: the structure or, with `data`, everything; with `heal`, the server mends what it
    /// can. Waits for the end.
    ///
    /// # Errors
    /// [`TransferError::Call`].
    pub fn check_store(
        &self,
        data: bool,
        heal: bool,
        progress: &mut dyn FnMut(&UpkeepProgress),
    ) -> Result<CheckReport, TransferError> {
        let mut client = self.store_client();
        let request = CheckStoreRequest { data, heal };
        let mut events = self.within(ANSWER_MAX, client.check_store(request))?.into_inner();
        loop {
            match self.within(EVENT_MAX, events.message())?.and_then(|event| event.event) {
                Some(CheckEvent::Progress(done)) => progress(&done),
                Some(CheckEvent::Report(report)) => return Ok(report),
                None => return Err(self.no_report()),
            }
        }
    }

    fn no_report(&self) -> TransferError {
        TransferError::Protocol(format!("{} ended the call without a report", self.address()))
    }
}
