//! The RPCs of publishers: runs, snapshots, block maps and leases of streams.

use std::sync::Arc;

use rpc::authority::Permit;
use rpc::services::publish_service_server::PublishService;
use sysio::clock::now_ms;
use tonic::{Request, Response, Status};
use wire::name::StreamName;
use wire::proto::{
    BlockMapBytes, GetBlockMapRequest, GetRunRequest, LeaseStreamRequest, ListRunsRequest,
    ListRunsResponse, ListSnapshotsRequest, ListSnapshotsResponse, PutBlockMapRequest,
    PutBlockMapResponse, PutRunRequest, PutRunResponse, PutSnapshotRequest, PutSnapshotResponse,
    ReleaseStreamRequest, ReleaseStreamResponse, RemoveSnapshotRequest, RemoveSnapshotResponse,
    Run, SnapshotRecord, StreamLease,
};

use super::convert::{blocking, logged};
use super::stream_name;
use crate::publishing::{Publishing, PublishingError, SnapshotFilter};
use crate::server::{ImageServer, Shared};

/// The longest lease in milliseconds; a publisher extends its lease while it works.
const LEASE_MS_MAX: u64 = 3_600_000;

impl ImageServer {
    /// Checks that the caller may publish to a stream.
    fn publisher<T>(&self, request: &Request<T>, stream: &str) -> Result<StreamName, Status> {
        let stream = stream_name(stream)?;
        Permit::of(request)?.check(&stream)?;
        Ok(stream)
    }

    /// Runs `work` with the publishing records, on a thread for blocking work.
    async fn publishing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Publishing) -> Result<T, PublishingError> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        let shared: Arc<Shared> = Arc::clone(&self.shared);
        blocking(move || work(&shared.publishing).map_err(|error| logged(error.class(), &error)))
            .await
            .map(Response::new)
    }
}

#[tonic::async_trait]
impl PublishService for ImageServer {
    async fn lease_stream(
        &self,
        request: Request<LeaseStreamRequest>,
    ) -> Result<Response<StreamLease>, Status> {
        let stream = self.publisher(&request, &request.get_ref().stream)?;
        let LeaseStreamRequest { holder, ttl_ms, steal, .. } = request.into_inner();
        let ttl_ms = ttl_ms.min(LEASE_MS_MAX);
        self.publishing(move |records| records.lease(&stream, &holder, ttl_ms, steal, now_ms()))
            .await
    }

    async fn release_stream(
        &self,
        request: Request<ReleaseStreamRequest>,
    ) -> Result<Response<ReleaseStreamResponse>, Status> {
        let stream = self.publisher(&request, &request.get_ref().stream)?;
        let holder = request.into_inner().holder;
        let done = |()| ReleaseStreamResponse {};
        self.publishing(move |records| records.release(&stream, &holder).map(done)).await
    }

    async fn put_run(
        &self,
        request: Request<PutRunRequest>,
    ) -> Result<Response<PutRunResponse>, Status> {
        let missing = || rpc::status::invalid("the request has no run");
        let stream = request.get_ref().run.as_ref().ok_or_else(missing)?.stream.clone();
        self.publisher(&request, &stream)?;
        let PutRunRequest { run, follows, lease_epoch } = request.into_inner();
        let run = run.ok_or_else(missing)?;
        self.publishing(move |records| {
            let version = records.put_run(run, follows, lease_epoch, now_ms())?;
            Ok(PutRunResponse { version })
        })
        .await
    }

    async fn get_run(&self, request: Request<GetRunRequest>) -> Result<Response<Run>, Status> {
        let id = request.get_ref().id.clone();
        let run = self.publishing(move |records| records.run(&id)).await?;
        self.publisher(&request, &run.get_ref().stream)?;
        Ok(run)
    }

    async fn list_runs(
        &self,
        request: Request<ListRunsRequest>,
    ) -> Result<Response<ListRunsResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let wanted = request.into_inner().stream;
        self.publishing(move |records| {
            let mut runs = records.runs()?;
            runs.retain(|run| {
                let may = |stream| permit.allows(&stream);
                (wanted.is_empty() || run.stream == wanted) && run.stream.parse().is_ok_and(may)
            });
            Ok(ListRunsResponse { runs })
        })
        .await
    }

    async fn put_block_map(
        &self,
        request: Request<PutBlockMapRequest>,
    ) -> Result<Response<PutBlockMapResponse>, Status> {
        let stream = self.publisher(&request, &request.get_ref().stream)?;
        let map = request.into_inner().map;
        self.publishing(move |records| {
            let digest = records.put_map(&stream, &map, now_ms())?;
            Ok(PutBlockMapResponse { digest: digest.to_vec().into() })
        })
        .await
    }

    async fn get_block_map(
        &self,
        request: Request<GetBlockMapRequest>,
    ) -> Result<Response<BlockMapBytes>, Status> {
        let stream = self.publisher(&request, &request.get_ref().stream)?;
        let digest = request.into_inner().digest;
        self.publishing(move |records| {
            Ok(BlockMapBytes { map: records.map(&stream, &digest)?.into() })
        })
        .await
    }

    async fn put_snapshot(
        &self,
        request: Request<PutSnapshotRequest>,
    ) -> Result<Response<PutSnapshotResponse>, Status> {
        let missing = || rpc::status::invalid("the request has no record of a snapshot");
        let stream = request.get_ref().record.as_ref().ok_or_else(missing)?.stream.clone();
        self.publisher(&request, &stream)?;
        let PutSnapshotRequest { record, follows } = request.into_inner();
        let record = record.ok_or_else(missing)?;
        self.publishing(move |records| {
            records.put_snapshot(record, follows).map(|version| PutSnapshotResponse { version })
        })
        .await
    }

    async fn remove_snapshot(
        &self,
        request: Request<RemoveSnapshotRequest>,
    ) -> Result<Response<RemoveSnapshotResponse>, Status> {
        self.publisher(&request, &request.get_ref().stream)?;
        let RemoveSnapshotRequest { stream, account_id, region, snapshot_id, follows } =
            request.into_inner();
        let record =
            SnapshotRecord { stream, account_id, region, snapshot_id, ..SnapshotRecord::default() };
        self.publishing(move |records| {
            records.remove_snapshot(&record, follows).map(|()| RemoveSnapshotResponse {})
        })
        .await
    }

    async fn list_snapshots(
        &self,
        request: Request<ListSnapshotsRequest>,
    ) -> Result<Response<ListSnapshotsResponse>, Status> {
        let stream = self.publisher(&request, &request.get_ref().stream)?;
        let ListSnapshotsRequest { account_id, region, snapshot_id, .. } = request.into_inner();
        let filter = SnapshotFilter { account_id, region, snapshot_id };
        self.publishing(move |records| {
            records.snapshots(&stream, &filter).map(|records| ListSnapshotsResponse { records })
        })
        .await
    }
}
