//! The RPCs. Each checks the caller's permit before it changes or returns anything. Long work on disk runs on tokio's
//! threads for blocking work.

mod changes;
mod convert;
mod listing;
mod objects;
mod publishing;
mod sending;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use rpc::authority::Permit;
use rpc::services::image_service_server::ImageService;

use sysio::clock::now_ms;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::{ImageName, StreamName};
use wire::proto::{
    AbortUploadRequest, AbortUploadResponse, BeginUploadRequest, BeginUploadResponse,
    CommitUploadRequest, CommitUploadResponse, ExpireImageRequest, FollowChangesRequest,
    FollowChangesResponse, GetImageRequest, GetLatestImageRequest, GetObjectsRequest,
    GetObjectsResponse, GetServerInfoRequest, GetServerInfoResponse, ImageRecord,
    ListImagesRequest, ListImagesResponse, OfferObjectsRequest, OfferObjectsResponse,
    RemoveImageRequest, RemoveImageResponse, ReportReplicaRequest, ReportReplicaResponse,
    SendObjectsRequest, SendObjectsResponse, TagImageRequest, VerifyImageEvent, VerifyImageRequest,
    WaitImageRequest,
};

use crate::catalog::CatalogError;
use crate::primary::Primary;
use crate::server::{ImageServer, Shared};
use convert::{blocking, catalog_status, upload_status};

/// Maximum time for which one call waits for an image or a change. After that, clients call again.
const WAIT_MAX: Duration = Duration::from_secs(600);

/// Limits on the tags of an image: the count of tags, and the bytes of a key or a value. EC2 also allows a resource 50
/// tags, with at most 128 characters in a key and 256 in a value.
const TAGS_MAX: usize = 50;
const TAG_LEN_MAX: usize = 256;

impl ImageServer {
    async fn change(
        &self,
        name: ImageName,
        change: impl FnOnce(&mut ImageRecord) + Send + 'static,
    ) -> Result<Response<ImageRecord>, Status> {
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            shared.catalog.change(&name, change).map_err(|error| catalog_status(&error))
        })
        .await
        .map(Response::new)
    }
}

impl Shared {
    /// Refuses a change that only the primary of a stream may make.
    fn check_is_ours(
        &self,
        name: &ImageName,
        owns: impl Fn(&dyn Primary, &StreamName) -> bool,
    ) -> Result<(), Status> {
        self.primary_of(&name.stream(), owns).map_or(Ok(()), |primary| {
            Err(rpc::status::status(
                ErrorClass::Refused,
                format!(
                    "this server follows {address}, which decides about image {name}: use --imaged {address}",
                    address = primary.address()
                ),
            ))
        })
    }
}

fn is_stopping() -> Status {
    rpc::status::status(ErrorClass::Unavailable, "the server is stopping: call again")
}

fn image_name(text: &str) -> Result<ImageName, Status> {
    text.parse().map_err(|error| rpc::status::invalid(format!("{error}")))
}

fn stream_name(text: &str) -> Result<StreamName, Status> {
    text.parse().map_err(|error| rpc::status::invalid(format!("{error}")))
}

fn check_tags<'a>(
    tags: impl ExactSizeIterator<Item = (&'a String, &'a String)>,
) -> Result<(), Status> {
    if tags.len() > TAGS_MAX {
        return Err(rpc::status::invalid(format!("at most {TAGS_MAX} tags are allowed")));
    }
    for (key, value) in tags {
        if key.is_empty() || key.len().max(value.len()) > TAG_LEN_MAX {
            return Err(rpc::status::invalid(format!(
                "the tag '{key}' is not allowed: a key must not be empty, and neither key nor value may have more than {TAG_LEN_MAX} bytes"
            )));
        }
    }
    Ok(())
}

#[tonic::async_trait]
impl ImageService for ImageServer {
    async fn get_server_info(
        &self,
        request: Request<GetServerInfoRequest>,
    ) -> Result<Response<GetServerInfoResponse>, Status> {
        let permit = Permit::of(&request)?;
        Ok(Response::new(GetServerInfoResponse {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            algorithm: self.shared.store.algorithm().to_string(),
            identity: permit.caller().to_string(),
            roles: permit.roles().into_iter().map(str::to_owned).collect(),
            now_ms: now_ms(),
        }))
    }

    async fn begin_upload(
        &self,
        request: Request<BeginUploadRequest>,
    ) -> Result<Response<BeginUploadResponse>, Status> {
        let name = image_name(&request.get_ref().name)?;
        let permit = Permit::of(&request)?;
        permit.check(&name.stream())?;
        let (caller, must_prove) = (permit.caller().to_string(), !permit.reads_everything());
        let is_full = request.get_ref().full;
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            shared.catalog.check_name(&name).map_err(|error| catalog_status(&error))?;
            let (upload_id, upload) = shared
                .uploads
                .begin(&shared.store, name, caller, must_prove, is_full)
                .map_err(|error| upload_status(&error))?;
            shared.counts.uploads_begun.add(1);
            tracing::info!(image = %upload.name, caller = upload.caller, "upload begins");
            Ok(Response::new(BeginUploadResponse {
                upload_id,
                algorithm: shared.store.algorithm().to_string(),
                nonce: upload.nonce.to_vec().into(),
                must_prove,
            }))
        })
        .await
    }

    async fn offer_objects(
        &self,
        request: Request<OfferObjectsRequest>,
    ) -> Result<Response<OfferObjectsResponse>, Status> {
        let caller = Permit::of(&request)?.caller().clone();
        let request = request.into_inner();
        if request.offers.len() > rpc::BATCH_COUNT_MAX {
            return Err(rpc::status::invalid("too many offers in one request"));
        }
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let verdicts = shared
                .uploads
                .get(&request.upload_id, caller.as_str())
                .and_then(|upload| upload.offer(&request.offers))
                .map_err(|error| upload_status(&error))?;
            let verdicts = verdicts.into_iter().map(Into::into).collect();
            Ok(Response::new(OfferObjectsResponse { verdicts }))
        })
        .await
    }

    async fn send_objects(
        &self,
        request: Request<Streaming<SendObjectsRequest>>,
    ) -> Result<Response<SendObjectsResponse>, Status> {
        let caller = Permit::of(&request)?.caller().clone();
        objects::receive(&self.shared, &caller, request.into_inner()).await.map(Response::new)
    }

    async fn commit_upload(
        &self,
        request: Request<CommitUploadRequest>,
    ) -> Result<Response<CommitUploadResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let request = request.into_inner();
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let caller = permit.caller();
            let result = objects::commit(&shared, &permit, request);
            let counts = &shared.counts;
            if result.is_ok() { &counts.uploads_committed } else { &counts.uploads_refused }.add(1);
            if let Err(status) = &result {
                tracing::warn!(caller = %caller, "upload refused: {}", status.message());
            }
            result.map(Response::new)
        })
        .await
    }

    async fn abort_upload(
        &self,
        request: Request<AbortUploadRequest>,
    ) -> Result<Response<AbortUploadResponse>, Status> {
        let caller = Permit::of(&request)?.caller();
        let id = &request.get_ref().upload_id;
        let found = self.shared.uploads.get(id, caller.as_str());
        found.map_err(|error| upload_status(&error))?;
        self.shared.uploads.end(id);
        Ok(Response::new(AbortUploadResponse {}))
    }

    async fn list_images(
        &self,
        request: Request<ListImagesRequest>,
    ) -> Result<Response<ListImagesResponse>, Status> {
        let permit = Permit::of(&request)?.clone();
        let stream = match request.get_ref().stream.as_str() {
            "" => None,
            stream => Some(stream_name(stream)?),
        };
        // Reads the version before the list: if a change comes in between, the client's next call returns at once.
        let mut changes = self.shared.catalog.changes();
        let mut version = *changes.borrow_and_update();
        if version == request.get_ref().seen {
            let wait = Duration::from_millis(request.get_ref().wait_ms).min(WAIT_MAX);
            tokio::select! {
                _ = tokio::time::timeout(wait, changes.changed()) => {}
                () = self.shared.stopped() => return Err(is_stopping()),
            }
            version = *changes.borrow_and_update();
            if version == request.get_ref().seen {
                // The client already has the list of this version.
                return Ok(Response::new(ListImagesResponse {
                    version,
                    ..ListImagesResponse::default()
                }));
            }
        }
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let page = listing::page(&shared.catalog, &permit, stream.as_ref(), request.get_ref());
            let (images, next) = page.map_err(|error| catalog_status(&error))?;
            Ok(Response::new(ListImagesResponse { images, version, next }))
        })
        .await
    }

    async fn get_image(
        &self,
        request: Request<GetImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        Permit::of(&request)?.check(&name.stream())?;
        let shared = Arc::clone(&self.shared);
        blocking(move || shared.catalog.get(&name).map_err(|error| catalog_status(&error)))
            .await
            .map(Response::new)
    }

    async fn get_latest_image(
        &self,
        request: Request<GetLatestImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let stream = stream_name(&request.get_ref().stream)?;
        Permit::of(&request)?.check(&stream)?;
        let shared = Arc::clone(&self.shared);
        blocking(move || shared.catalog.latest(&stream).map_err(|error| catalog_status(&error)))
            .await
            .map(Response::new)
    }

    async fn wait_image(
        &self,
        request: Request<WaitImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        Permit::of(&request)?.check(&name.stream())?;
        let timeout = Duration::from_millis(request.get_ref().timeout_ms).min(WAIT_MAX);
        // Subscribes before the first look-up, to notice an image that is added in between.
        let mut changes = self.shared.catalog.changes();
        let wait = async {
            loop {
                let (shared, wanted) = (Arc::clone(&self.shared), name.clone());
                match blocking(move || Ok(shared.catalog.get(&wanted))).await? {
                    Ok(record) => return Ok(Response::new(record)),
                    Err(CatalogError::Missing(_)) => {}
                    Err(error) => return Err(catalog_status(&error)),
                }
                tokio::select! {
                    changed = changes.changed() => changed.map_err(|_| is_stopping())?,
                    () = self.shared.stopped() => return Err(is_stopping()),
                }
            }
        };
        tokio::time::timeout(timeout, wait).await.unwrap_or_else(|_| {
            Err(rpc::status::timed_out(format!("image {name} did not appear within {timeout:?}")))
        })
    }

    async fn tag_image(
        &self,
        request: Request<TagImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        Permit::of(&request)?.check(&name.stream())?;
        self.shared.check_is_ours(&name, |primary, stream| primary.owns(stream))?;
        let tags = request.into_inner().tags;
        check_tags(tags.iter())?;
        self.change(name, move |record| record.tags.extend(tags)).await
    }

    async fn expire_image(
        &self,
        request: Request<ExpireImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        Permit::of(&request)?.check(&name.stream())?;
        self.shared.check_is_ours(&name, |primary, stream| primary.owns_removals(stream))?;
        let expires_at_ms = request.get_ref().expires_at_ms;
        self.change(name, move |record| record.expires_at_ms = expires_at_ms).await
    }

    async fn remove_image(
        &self,
        request: Request<RemoveImageRequest>,
    ) -> Result<Response<RemoveImageResponse>, Status> {
        let name = image_name(&request.get_ref().name)?;
        let permit = Permit::of(&request)?.clone();
        permit.check(&name.stream())?;
        self.shared.check_is_ours(&name, |primary, stream| primary.owns_removals(stream))?;
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let caller = permit.caller();
            if !permit.is_owner(&name.stream()) {
                let record = shared.catalog.get(&name).map_err(|error| catalog_status(&error))?;
                if record.creator != caller.as_str() {
                    return Err(rpc::status::denied(format!(
                        "image {name} was added by '{}': only its creator, and owners of the stream, may remove it",
                        record.creator
                    )));
                }
            }
            shared.catalog.remove(&name).map_err(|error| catalog_status(&error))?;
            tracing::info!(image = %name, caller = %caller, "image removed");
            Ok(Response::new(RemoveImageResponse {}))
        })
        .await
    }

    type VerifyImageStream = ReceiverStream<Result<VerifyImageEvent, Status>>;

    async fn verify_image(
        &self,
        request: Request<VerifyImageRequest>,
    ) -> Result<Response<Self::VerifyImageStream>, Status> {
        let name = image_name(&request.get_ref().name)?;
        Permit::of(&request)?.check(&name.stream())?;
        let shared = Arc::clone(&self.shared);
        let found = move || shared.catalog.get(&name).map_err(|error| catalog_status(&error));
        Ok(Response::new(objects::verify(&self.shared, blocking(found).await?)))
    }

    type GetObjectsStream = ReceiverStream<Result<GetObjectsResponse, Status>>;

    async fn get_objects(
        &self,
        request: Request<GetObjectsRequest>,
    ) -> Result<Response<Self::GetObjectsStream>, Status> {
        let name = image_name(&request.get_ref().image)?;
        Permit::of(&request)?.check(&name.stream())?;
        let hashes = request.into_inner().hashes;
        if hashes.len() > rpc::BATCH_COUNT_MAX {
            return Err(rpc::status::invalid("too many objects in one request"));
        }
        let algorithm = self.shared.store.algorithm();
        let digests = hashes.iter().map(|hash| Digest::new(algorithm, hash));
        let digests = digests.collect::<Result<Vec<_>, _>>();
        let digests = digests.map_err(|error| rpc::status::invalid(error.to_string()))?;
        let shared = Arc::clone(&self.shared);
        let checked = blocking(move || {
            // An image that is here is no longer served as one that comes.
            let arrival = shared.arrivals.get(name.as_str());
            if let Some(arrival) = arrival
                && !sending::is_here(&shared, &name)?
            {
                return Ok((Some(arrival), digests));
            }
            sending::check_closure(&shared, &name, &digests)?;
            Ok((None, digests))
        });
        let (arrival, digests) = checked.await?;
        if let Some(arrival) = arrival {
            return Ok(Response::new(sending::send_arriving(&self.shared, arrival, digests)?));
        }
        Ok(Response::new(sending::send(&self.shared, digests)))
    }

    type FollowChangesStream = ReceiverStream<Result<FollowChangesResponse, Status>>;

    async fn follow_changes(
        &self,
        request: Request<FollowChangesRequest>,
    ) -> Result<Response<Self::FollowChangesStream>, Status> {
        let permit = Permit::of(&request)?.clone();
        let (answers, stream) = tokio::sync::mpsc::channel(changes::ANSWERS_WAITING_MAX);
        let after = request.into_inner().after;
        tokio::spawn(changes::send_changes(self.clone(), permit, after, answers));
        Ok(Response::new(ReceiverStream::new(stream)))
    }

    async fn report_replica(
        &self,
        request: Request<ReportReplicaRequest>,
    ) -> Result<Response<ReportReplicaResponse>, Status> {
        let caller = Permit::of(&request)?.caller().clone();
        self.shared.replicas.hear(&caller, request.into_inner())?;
        Ok(Response::new(ReportReplicaResponse {}))
    }
}
