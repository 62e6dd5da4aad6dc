//! The RPCs: who may call, then what to do. Work on disk runs on blocking threads.

mod convert;
mod objects;
mod publishing;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rpc::identity::Caller;
use rpc::policy::{Policy, Role};
use rpc::services::image_service_server::ImageService;
use store::Store;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::{ImageName, StreamName};
use wire::proto::{
    AbortUploadRequest, AbortUploadResponse, BeginUploadRequest, BeginUploadResponse,
    CommitUploadRequest, CommitUploadResponse, ExpireImageRequest, GetImageRequest,
    GetLatestImageRequest, GetObjectsRequest, GetObjectsResponse, GetServerInfoRequest,
    GetServerInfoResponse, ImageRecord, ListImagesRequest, ListImagesResponse, OfferObjectsRequest,
    OfferObjectsResponse, RemoveImageRequest, RemoveImageResponse, SendObjectsRequest,
    SendObjectsResponse, TagImageRequest, VerifyImageEvent, VerifyImageRequest, WaitImageRequest,
};

use crate::catalog::{Catalog, CatalogError};
use crate::closure::Closures;
use crate::publishing::Publishing;
use crate::status::exposition::Counted;
use crate::upload::Uploads;
use convert::{blocking, catalog_status, store_status, upload_status};

/// How long one call may wait for an image; clients ask again.
const WAIT_MAX: Duration = Duration::from_secs(600);

/// Tags of one image, and the bytes of a key or value: what EC2 allows for a resource.
const TAGS_MAX: usize = 50;
const TAG_LEN_MAX: usize = 256;

/// The image server.
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) shared: Arc<Shared>,
}

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub store: Arc<Store>,
    pub catalog: Catalog,
    pub policy: Policy,
    pub uploads: Uploads,
    pub closures: Closures,
    pub publishing: Publishing,
    pub counted: Counted,
}

impl Service {
    /// Makes the service.
    pub fn new(
        store: Arc<Store>,
        catalog: Catalog,
        publishing: Publishing,
        policy: Policy,
    ) -> Self {
        let (uploads, closures) = (Uploads::default(), Closures::default());
        let counted = Counted::default();
        let shared = Shared { store, catalog, policy, uploads, closures, publishing, counted };
        Self { shared: Arc::new(shared) }
    }

    /// Removes expired images and what publishing needs no more, and gives up idle uploads; to be called now and then.
    pub fn tidy(&self) {
        self.shared.uploads.expire();
        if let Err(error) = self.shared.catalog.remove_expired(now_ms()) {
            tracing::error!("failed to remove expired images: {error}");
        }
        if let Err(error) = self.shared.publishing.tidy(now_ms()) {
            tracing::error!("failed to tidy the records of publishing: {error}");
        }
    }

    /// Checks that the caller has a role for an image's stream.
    fn check<T>(
        &self,
        request: &Request<T>,
        role: Role,
        name: &ImageName,
    ) -> Result<Caller, Status> {
        let caller = Caller::of(request)?;
        self.shared.policy.check(&caller, role, &name.stream())?;
        Ok(caller)
    }

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

/// Returns the time in milliseconds since the epoch.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
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
                "the tag '{key}': a key must not be empty, key and value have at most \
                 {TAG_LEN_MAX} bytes"
            )));
        }
    }
    Ok(())
}

#[tonic::async_trait]
impl ImageService for Service {
    async fn get_server_info(
        &self,
        request: Request<GetServerInfoRequest>,
    ) -> Result<Response<GetServerInfoResponse>, Status> {
        let caller = Caller::of(&request)?;
        let roles = self.shared.policy.roles(&caller);
        Ok(Response::new(GetServerInfoResponse {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            algorithm: self.shared.store.algorithm().to_string(),
            identity: caller.as_str().to_owned(),
            roles: roles.into_iter().map(str::to_owned).collect(),
            now_ms: now_ms(),
        }))
    }

    async fn begin_upload(
        &self,
        request: Request<BeginUploadRequest>,
    ) -> Result<Response<BeginUploadResponse>, Status> {
        let name = image_name(&request.get_ref().name)?;
        let caller = self.check(&request, Role::Upload, &name)?;
        let must_prove = !self.shared.policy.allows_everywhere(&caller, Role::Read);
        let is_full = request.get_ref().full;
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            shared.catalog.check_name(&name).map_err(|error| catalog_status(&error))?;
            let caller = caller.as_str().to_owned();
            let (upload_id, upload) = shared
                .uploads
                .begin(&shared.store, name, caller, must_prove, is_full)
                .map_err(|error| upload_status(&error))?;
            shared.counted.upload("begun");
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
        let caller = Caller::of(&request)?;
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
        let caller = Caller::of(&request)?;
        objects::receive(&self.shared, &caller, request.into_inner()).await.map(Response::new)
    }

    async fn commit_upload(
        &self,
        request: Request<CommitUploadRequest>,
    ) -> Result<Response<CommitUploadResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let result = objects::commit(&shared, &caller, request);
            shared.counted.upload(if result.is_ok() { "committed" } else { "refused" });
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
        let caller = Caller::of(&request)?;
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
        let caller = Caller::of(&request)?;
        self.shared.policy.check_somewhere(&caller, Role::Read)?;
        let stream = match request.get_ref().stream.as_str() {
            "" => None,
            stream => Some(stream_name(stream)?),
        };
        // The version is taken before the list is: a change in between gives another one to wait for.
        let mut changes = self.shared.catalog.changes();
        let mut version = *changes.borrow_and_update();
        if version == request.get_ref().seen {
            let wait = Duration::from_millis(request.get_ref().wait_ms).min(WAIT_MAX);
            tokio::time::timeout(wait, changes.changed()).await.ok();
            version = *changes.borrow_and_update();
            if version == request.get_ref().seen {
                // Whoever waits has the list already.
                return Ok(Response::new(ListImagesResponse { images: Vec::new(), version }));
            }
        }
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let mut images =
                shared.catalog.list(stream.as_ref()).map_err(|error| catalog_status(&error))?;
            images.retain(|record| {
                let name = record.name.parse::<ImageName>();
                name.is_ok_and(|name| shared.policy.allows(&caller, Role::Read, &name.stream()))
            });
            for record in &mut images {
                // Thousands of them would be longer than a message may be; a single record has it.
                record.oci = None;
            }
            Ok(Response::new(ListImagesResponse { images, version }))
        })
        .await
    }

    async fn get_image(
        &self,
        request: Request<GetImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        self.check(&request, Role::Read, &name)?;
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
        let caller = Caller::of(&request)?;
        self.shared.policy.check(&caller, Role::Read, &stream)?;
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
        self.check(&request, Role::Read, &name)?;
        let timeout = Duration::from_millis(request.get_ref().timeout_ms).min(WAIT_MAX);
        // Subscribed before the first look: an image that is added in between is noticed.
        let mut changes = self.shared.catalog.changes();
        let wait = async {
            loop {
                let (shared, wanted) = (Arc::clone(&self.shared), name.clone());
                match blocking(move || Ok(shared.catalog.get(&wanted))).await? {
                    Ok(record) => return Ok(Response::new(record)),
                    Err(CatalogError::Missing(_)) => {}
                    Err(error) => return Err(catalog_status(&error)),
                }
                changes.changed().await.map_err(|_| {
                    rpc::status::status(ErrorClass::Unavailable, "the server is stopping")
                })?;
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
        self.check(&request, Role::Upload, &name)?;
        let tags = request.into_inner().tags;
        check_tags(tags.iter())?;
        self.change(name, move |record| record.tags.extend(tags)).await
    }

    async fn expire_image(
        &self,
        request: Request<ExpireImageRequest>,
    ) -> Result<Response<ImageRecord>, Status> {
        let name = image_name(&request.get_ref().name)?;
        self.check(&request, Role::Upload, &name)?;
        let expires_at_ms = request.get_ref().expires_at_ms;
        self.change(name, move |record| record.expires_at_ms = expires_at_ms).await
    }

    async fn remove_image(
        &self,
        request: Request<RemoveImageRequest>,
    ) -> Result<Response<RemoveImageResponse>, Status> {
        let name = image_name(&request.get_ref().name)?;
        let caller = Caller::of(&request)?;
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let policy = &shared.policy;
            if !policy.allows(&caller, Role::Admin, &name.stream()) {
                policy.check(&caller, Role::Upload, &name.stream())?;
                let record = shared.catalog.get(&name).map_err(|error| catalog_status(&error))?;
                if record.creator != caller.as_str() {
                    return Err(rpc::status::denied(format!(
                        "image {name} was added by '{}': only its creator or an admin may remove it",
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
        self.check(&request, Role::Read, &name)?;
        let record = self.shared.catalog.get(&name).map_err(|error| catalog_status(&error))?;
        Ok(Response::new(objects::verify(&self.shared, record)))
    }

    type GetObjectsStream = ReceiverStream<Result<GetObjectsResponse, Status>>;

    async fn get_objects(
        &self,
        request: Request<GetObjectsRequest>,
    ) -> Result<Response<Self::GetObjectsStream>, Status> {
        let name = image_name(&request.get_ref().image)?;
        self.check(&request, Role::Read, &name)?;
        let hashes = request.into_inner().hashes;
        if hashes.len() > rpc::BATCH_COUNT_MAX {
            return Err(rpc::status::invalid("too many objects in one request"));
        }
        let shared = Arc::clone(&self.shared);
        let digests = blocking(move || {
            let record = shared.catalog.get(&name).map_err(|error| catalog_status(&error))?;
            let manifest: Digest = record.manifest.parse().map_err(|error| {
                rpc::status::status(ErrorClass::Damaged, format!("image {name}: {error}"))
            })?;
            let closure = shared.closures.of(&shared.store, &manifest);
            let closure = closure.map_err(|error| store_status(&error))?;
            let mut digests = Vec::with_capacity(hashes.len());
            for hash in hashes {
                let digest = Digest::new(shared.store.algorithm(), &hash)
                    .map_err(|error| rpc::status::invalid(error.to_string()))?;
                let is_extra = [&record.build_log, &record.release_notes]
                    .into_iter()
                    .any(|extra| *extra == digest.to_string());
                if !closure.contains(&digest) && !is_extra {
                    return Err(rpc::status::status(
                        ErrorClass::NotFound,
                        format!("image {name} has no object {digest}"),
                    ));
                }
                digests.push(digest);
            }
            Ok(digests)
        })
        .await?;
        Ok(Response::new(objects::send(&self.shared, digests)))
    }
}
