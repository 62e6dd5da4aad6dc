//! The RPCs of upkeep.

use std::time::{Duration, SystemTime};

use rpc::services::store_service_server::StoreService;
use store::fsck::Depth;
use store::gc::{CollectOptions, CollectPhase, Collected};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use wire::proto::check_store_event::Event as CheckEvent;
use wire::proto::collect_garbage_event::Event as CollectEvent;
use wire::proto::{
    CheckReport, CheckStoreEvent, CheckStoreRequest, CollectGarbageEvent, CollectGarbageRequest,
    GarbageReport, GetStoreStatsRequest, StoreStats, UpkeepProgress,
};

use super::convert::{blocking, store_status};
use crate::server::ImageServer;

/// Events that wait for a slow client. A full queue drops progress, never results.
const EVENTS_MAX: usize = 16;

/// Runs work on a thread of low priority; its events go to the client, and its result last.
fn stream<E: Send + 'static>(
    work: impl FnOnce(&mpsc::Sender<Result<E, Status>>) -> Result<E, Status> + Send + 'static,
) -> Result<Response<ReceiverStream<Result<E, Status>>>, Status> {
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    let thread = std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || {
        sysio::lower_priority();
        let result = work(&sender);
        sender.blocking_send(result).ok();
    });
    let failed =
        |error: std::io::Error| rpc::status::status(wire::ErrorClass::Internal, error.to_string());
    thread.map_err(failed)?;
    Ok(Response::new(ReceiverStream::new(receiver)))
}

#[tonic::async_trait]
impl StoreService for ImageServer {
    async fn get_store_stats(
        &self,
        _: Request<GetStoreStatsRequest>,
    ) -> Result<Response<StoreStats>, Status> {
        let server = self.clone();
        blocking(move || server.stats_of_store().map(Response::new)).await
    }

    type CollectGarbageStream = ReceiverStream<Result<CollectGarbageEvent, Status>>;

    async fn collect_garbage(
        &self,
        request: Request<CollectGarbageRequest>,
    ) -> Result<Response<Self::CollectGarbageStream>, Status> {
        let CollectGarbageRequest { dry_run, grace_ms } = request.into_inner();
        let grace = Duration::from_millis(grace_ms);
        let older_than = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
        let options = CollectOptions { older_than, is_dry_run: dry_run, rate: None };
        let server = self.clone();
        stream(move |events| {
            let mut progress = |phase: CollectPhase| {
                let (name, done, total) = phase.figures();
                let progress = UpkeepProgress { phase: name.to_owned(), done, total };
                let event = CollectGarbageEvent { event: Some(CollectEvent::Progress(progress)) };
                events.try_send(Ok(event)).ok();
                !events.is_closed()
            };
            let collected = server.upkeep().collect(options, &mut progress);
            let collected = collected.map_err(|error| store_status(&error))?;
            let report = garbage_report(&collected, dry_run);
            Ok(CollectGarbageEvent { event: Some(CollectEvent::Report(report)) })
        })
    }

    type CheckStoreStream = ReceiverStream<Result<CheckStoreEvent, Status>>;

    async fn check_store(
        &self,
        request: Request<CheckStoreRequest>,
    ) -> Result<Response<Self::CheckStoreStream>, Status> {
        let CheckStoreRequest { data, heal } = request.into_inner();
        let depth = if data { Depth::Data } else { Depth::Structure };
        let server = self.clone();
        stream(move |events| {
            let mut progress = |done, total| {
                let progress = UpkeepProgress { phase: "check".to_owned(), done, total };
                let event = CheckStoreEvent { event: Some(CheckEvent::Progress(progress)) };
                events.try_send(Ok(event)).ok();
            };
            let outcome = server.upkeep().check(depth, None, heal, &mut progress);
            let outcome = outcome.map_err(|error| store_status(&error))?;
            let report =
                CheckReport { stats: Some(server.stats_of_store()?), ..CheckReport::from(outcome) };
            Ok(CheckStoreEvent { event: Some(CheckEvent::Report(report)) })
        })
    }
}

impl ImageServer {
    fn stats_of_store(&self) -> Result<StoreStats, Status> {
        let (stats, free) = (self.store().stats(), self.store().free_space());
        Ok(StoreStats {
            packs: stats.packs,
            objects: stats.objects,
            payload_bytes: stats.payload_bytes,
            content_bytes: stats.content_bytes,
            free_bytes: free.map_err(|error| store_status(&error))?.bytes,
        })
    }
}

fn garbage_report(collected: &Collected, is_dry_run: bool) -> GarbageReport {
    GarbageReport {
        images: collected.images,
        packs_dead: collected.packs_dead,
        packs_rewritten: collected.packs_rewritten,
        packs_kept: collected.packs_kept,
        objects: collected.objects,
        bytes_copied: collected.bytes_copied,
        bytes_freed: collected.bytes_freed,
        bytes_garbage: collected.bytes_garbage,
        is_dry_run,
    }
}
