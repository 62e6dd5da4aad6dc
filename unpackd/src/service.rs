//! The RPCs: each checks the caller's rights, then works on a blocking thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use boot::check_kernel_arguments;
use diskfs::{Filesystem, Layout};
use patch::FreedPolicy;
use rpc::authority::Permit;
use rpc::identity::Caller;
use rpc::services::unpacker_service_server::UnpackerService;
use sysio::clock::now_ms;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use wire::ErrorClass;
use wire::name::{ImageName, StreamName};
use wire::proto::{
    AddVolumeRequest, AssociateRequest, CaptureRequest, CaptureResponse, ConfirmRequest,
    ConfirmResponse, ForgetRequest, ForgetResponse, GetStatusRequest, GetStatusResponse, Lease,
    PrepareRequest, ReadVolumeRequest, ReadVolumeResponse, ReleaseRequest, ReleaseResponse,
    RemoveVolumeRequest, RemoveVolumeResponse, UnpackEvent, UnpackProgress, UnpackRequest,
    VerifyVolumeEvent, VerifyVolumeRequest, VolumeStatus, unpack_event::Event,
};

use crate::UnpackError;
use crate::manager::{AddVolume, Manager, UnpackOptions};
use crate::volume::{State, Volume};

/// Limit on the events that wait for a slow client. A full queue drops progress events, never results.
const EVENTS_MAX: usize = 16;

/// The RPCs of a daemon; clones share its manager.
#[derive(Debug, Clone)]
pub struct Service {
    manager: Arc<Manager>,
    imaged: String,
}

impl Service {
    /// Makes the service; `imaged` is the address that `get_status` reports.
    pub fn new(manager: Arc<Manager>, imaged: String) -> Self {
        Self { manager, imaged }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Manager) -> Result<T, UnpackError> + Send + 'static,
    ) -> Result<T, Status> {
        let manager = Arc::clone(&self.manager);
        tokio::task::spawn_blocking(move || work(&manager).map_err(|error| status_of(&error)))
            .await
            .unwrap_or_else(|error| {
                Err(rpc::status::status(
                    ErrorClass::Internal,
                    format!("the thread of this call ended early: {error}"),
                ))
            })
    }

    /// Runs work on a blocking thread. Sends its events to the client, and its error if it fails.
    fn stream<E: Send + 'static>(
        &self,
        work: impl FnOnce(&Manager, &mpsc::Sender<Result<E, Status>>) -> Result<(), UnpackError>
        + Send
        + 'static,
    ) -> Response<ReceiverStream<Result<E, Status>>> {
        let (sender, receiver) = mpsc::channel(EVENTS_MAX);
        let manager = Arc::clone(&self.manager);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = work(&manager, &sender) {
                // The send fails if the client disconnected; nobody waits for the error then.
                sender.blocking_send(Err(status_of(&error))).ok();
            }
        });
        Response::new(ReceiverStream::new(receiver))
    }
}

/// Checks that the caller may work on a stream, and returns its full holder name.
fn operate<T>(request: &Request<T>, stream: &StreamName, holder: &str) -> Result<String, Status> {
    let permit = Permit::of(request)?;
    permit.check(stream)?;
    Ok(holder_name(permit.caller(), holder))
}

/// Returns the full name of a lease holder: the certificate's name, then the client's own name. So no client can take a
/// lease in the name of another certificate.
fn holder_name(caller: &Caller, holder: &str) -> String {
    const HOLDER_LEN_MAX: usize = 200;
    let holder: String = holder.chars().filter(|c| !c.is_control()).take(HOLDER_LEN_MAX).collect();
    format!("{caller}/{holder}")
}

fn status_of(error: &UnpackError) -> Status {
    rpc::status::status(error.class(), error.to_string())
}

fn stream_name(text: &str) -> Result<StreamName, Status> {
    text.parse().map_err(|error| rpc::status::invalid(format!("{error}")))
}

fn volume_status(volume: &Volume) -> VolumeStatus {
    let revision = match &volume.state {
        State::Ready(revision) | State::Captured(revision) => Some(revision),
        State::Patching { to, .. } => Some(to),
        State::Unclaimed | State::Formatting | State::NeedsScan | State::Damaged(_) => None,
    };
    let stream = volume.stream.as_ref().map(ToString::to_string).unwrap_or_default();
    VolumeStatus {
        id: volume.id.clone(),
        path: volume.path.display().to_string(),
        size: volume.size,
        filesystem: volume.filesystem.name().to_owned(),
        layout: volume.layout.name().to_owned(),
        freed: volume.freed.name().to_owned(),
        kernel_arguments: volume.kernel_arguments.clone().unwrap_or_default(),
        state: volume.state.name().to_owned(),
        image: revision.map(|revision| revision.image.to_string()).unwrap_or_default(),
        manifest: revision.map(|revision| revision.manifest.to_string()).unwrap_or_default(),
        lease: volume.lease_at(now_ms()).map(|lease| Lease {
            stream: stream.clone(),
            holder: lease.holder.clone(),
            epoch: lease.epoch,
            expires_at_ms: lease.expires_at_ms,
        }),
        problem: match &volume.state {
            State::Damaged(problem) => problem.clone(),
            _ => String::new(),
        },
        stream,
    }
}

fn add_request(request: &AddVolumeRequest) -> Result<AddVolume, Status> {
    let filesystem = Filesystem::parse(&request.filesystem).ok_or_else(|| {
        let name = &request.filesystem;
        rpc::status::invalid(format!("filesystem '{name}' is neither ext4 nor xfs"))
    })?;
    let freed = FreedPolicy::parse(&request.freed).ok_or_else(|| {
        rpc::status::invalid(format!("policy '{}' is neither scrub nor keep", request.freed))
    })?;
    let layout = Layout::parse(&request.layout).ok_or_else(|| {
        rpc::status::invalid(format!("layout '{}' is neither gpt nor none", request.layout))
    })?;
    let stream = match request.stream.as_str() {
        "" => None,
        text => Some(stream_name(text)?),
    };
    let (path, is_file, size) = (PathBuf::from(&request.path), request.is_file, request.size);
    let is_format = request.format;
    let kernel_arguments =
        Some(request.kernel_arguments.clone()).filter(|arguments| !arguments.is_empty());
    if let Some(arguments) = &kernel_arguments {
        check_kernel_arguments(arguments).map_err(rpc::status::invalid)?;
    }
    Ok(AddVolume {
        path,
        is_file,
        size,
        layout,
        is_format,
        filesystem,
        freed,
        kernel_arguments,
        has_own_uuids: request.own_uuids,
        stream,
    })
}

#[tonic::async_trait]
impl UnpackerService for Service {
    async fn get_status(
        &self,
        request: Request<GetStatusRequest>,
    ) -> Result<Response<GetStatusResponse>, Status> {
        let caller = Permit::of(&request)?.caller().clone();
        let imaged = self.imaged.clone();
        self.run(move |manager| {
            Ok(Response::new(GetStatusResponse {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                imaged,
                io_engine: manager.engine_name().to_owned(),
                volumes: manager.volumes()?.iter().map(volume_status).collect(),
                identity: caller.as_str().to_owned(),
                now_ms: now_ms(),
            }))
        })
        .await
    }

    async fn add_volume(
        &self,
        request: Request<AddVolumeRequest>,
    ) -> Result<Response<VolumeStatus>, Status> {
        let add = add_request(request.get_ref())?;
        if let Some(stream) = &add.stream {
            operate(&request, stream, "")?;
        }
        self.run(move |manager| Ok(Response::new(volume_status(&manager.add_volume(&add)?)))).await
    }

    async fn remove_volume(
        &self,
        request: Request<RemoveVolumeRequest>,
    ) -> Result<Response<RemoveVolumeResponse>, Status> {
        let holder = holder_name(Permit::of(&request)?.caller(), "");
        let id = request.get_ref().id.clone();
        let volumes = self.run(Manager::volumes).await?;
        let pinned = volumes.into_iter().find(|volume| volume.id == id).and_then(|v| v.stream);
        if let Some(stream) = pinned {
            operate(&request, &stream, "")?;
        }
        self.run(move |manager| manager.remove_volume(&id, &holder)).await?;
        Ok(Response::new(RemoveVolumeResponse {}))
    }

    async fn associate(
        &self,
        request: Request<AssociateRequest>,
    ) -> Result<Response<VolumeStatus>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, "")?;
        let id = request.into_inner().id;
        self.run(move |manager| {
            Ok(Response::new(volume_status(&manager.associate(&stream, &id, &holder)?)))
        })
        .await
    }

    async fn forget(
        &self,
        request: Request<ForgetRequest>,
    ) -> Result<Response<ForgetResponse>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, "")?;
        let id = self.run(move |manager| manager.forget(&stream, &holder)).await?;
        Ok(Response::new(ForgetResponse { id }))
    }

    async fn prepare(&self, request: Request<PrepareRequest>) -> Result<Response<Lease>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        let ttl = Duration::from_millis(request.get_ref().ttl_ms);
        let steal = request.get_ref().steal;
        self.run(move |manager| {
            let lease = manager.prepare(&stream, &holder, ttl, steal)?;
            Ok(Response::new(Lease {
                stream: stream.to_string(),
                holder: lease.holder,
                epoch: lease.epoch,
                expires_at_ms: lease.expires_at_ms,
            }))
        })
        .await
    }

    type UnpackStream = ReceiverStream<Result<UnpackEvent, Status>>;

    async fn unpack(
        &self,
        request: Request<UnpackRequest>,
    ) -> Result<Response<Self::UnpackStream>, Status> {
        let image: ImageName = request
            .get_ref()
            .image
            .parse()
            .map_err(|error| rpc::status::invalid(format!("{error}")))?;
        let holder = operate(&request, &image.stream(), &request.get_ref().holder)?;
        let request = request.into_inner();
        let verify_full = match request.verify.as_str() {
            "" | "auto" => false,
            "full" => true,
            other => {
                return Err(rpc::status::invalid(format!("verify '{other}' is not auto or full")));
            }
        };
        let (wait, is_dry_run) = (Duration::from_millis(request.wait_ms), request.dry_run);
        let options = UnpackOptions { wait, verify_full, is_dry_run };
        Ok(self.stream(move |manager, events| {
            let progress = |phase: &'static str, done, total| {
                let progress = UnpackProgress { phase: phase.to_owned(), done, total };
                events.try_send(Ok(UnpackEvent { event: Some(Event::Progress(progress)) })).ok();
            };
            let report = manager.unpack(&image, &holder, options, &progress)?;
            let event = UnpackEvent { event: Some(Event::Report(report)) };
            events.blocking_send(Ok(event)).ok();
            Ok(())
        }))
    }

    async fn capture(
        &self,
        request: Request<CaptureRequest>,
    ) -> Result<Response<CaptureResponse>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        let (must_boot, is_mapped) = (!request.get_ref().no_boot, request.get_ref().with_map);
        self.run(move |manager| {
            let captured = manager.capture(&stream, &holder, must_boot, is_mapped)?;
            let mapped = captured.mapped;
            Ok(Response::new(CaptureResponse {
                image: captured.revision.image.to_string(),
                manifest: captured.revision.manifest.to_string(),
                size: captured.volume.size,
                epoch: captured.epoch,
                path: captured.volume.path.display().to_string(),
                id: captured.volume.id,
                blocks_hashed: mapped.as_ref().map_or(0, |mapped| mapped.hashed),
                block_map: mapped.map(|mapped| mapped.map.encode()).unwrap_or_default().into(),
            }))
        })
        .await
    }

    async fn confirm(
        &self,
        request: Request<ConfirmRequest>,
    ) -> Result<Response<ConfirmResponse>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        let epoch = request.get_ref().epoch;
        self.run(move |manager| {
            let revision = manager.confirm(&stream, &holder, epoch)?;
            Ok(Response::new(ConfirmResponse {
                image: revision.image.to_string(),
                manifest: revision.manifest.to_string(),
            }))
        })
        .await
    }

    async fn release(
        &self,
        request: Request<ReleaseRequest>,
    ) -> Result<Response<ReleaseResponse>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        self.run(move |manager| manager.release(&stream, &holder)).await?;
        Ok(Response::new(ReleaseResponse {}))
    }

    type VerifyVolumeStream = ReceiverStream<Result<VerifyVolumeEvent, Status>>;

    async fn verify_volume(
        &self,
        request: Request<VerifyVolumeRequest>,
    ) -> Result<Response<Self::VerifyVolumeStream>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        Ok(self.stream(move |manager, events| {
            let progress = |done, total| {
                let event = VerifyVolumeEvent { done, total, ..VerifyVolumeEvent::default() };
                events.try_send(Ok(event)).ok();
            };
            let (image, differences) = manager.verify(&stream, &holder, &progress)?;
            let image = image.to_string();
            for difference in differences {
                let fields = difference.fields.into_iter().map(str::to_owned).collect();
                let (path, image) = (difference.path, image.clone());
                let event =
                    VerifyVolumeEvent { path, fields, image, ..VerifyVolumeEvent::default() };
                events.blocking_send(Ok(event)).ok();
            }
            let event = VerifyVolumeEvent { image, ..VerifyVolumeEvent::default() };
            events.blocking_send(Ok(event)).ok();
            Ok(())
        }))
    }

    type ReadVolumeStream = ReceiverStream<Result<ReadVolumeResponse, Status>>;

    async fn read_volume(
        &self,
        request: Request<ReadVolumeRequest>,
    ) -> Result<Response<Self::ReadVolumeStream>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        let holder = operate(&request, &stream, &request.get_ref().holder)?;
        let ReadVolumeRequest { epoch, only_blocks, blocks, .. } = request.into_inner();
        Ok(self.stream(move |manager, pieces| {
            let blocks = only_blocks.then_some(&blocks[..]);
            manager.read_captured(&stream, &holder, epoch, blocks, &mut |offset, data, size| {
                let response = ReadVolumeResponse { offset, data: data.into(), size };
                pieces.blocking_send(Ok(response)).map_err(|_| UnpackError::ReaderGone)
            })
        }))
    }
}
