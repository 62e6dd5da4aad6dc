//! A server of a store's objects. It can hold some objects back.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use imagefs::fetch_cache::FetchCache;
use imagefs::names::{Image, Names};
use imagefs::objects::Objects;
use rpc::services::image_service_server::{ImageService, ImageServiceServer};
use store::Store;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, Streaming};
use transfer::fetch::Remote;
use unpackd::imaged::ImagedSource;
use wire::digest::Digest;
#[allow(clippy::wildcard_imports, reason = "all messages of a service")]
use wire::proto::*;

/// Digests of objects that the server holds back.
type Held = HashSet<Digest>;

/// A server; stopped on drop.
pub(crate) struct Server {
    runtime: Runtime,
    address: SocketAddr,
    held: watch::Sender<Held>,
    asked: watch::Receiver<Held>,
}

impl Server {
    /// Serves a store on a free port of localhost.
    pub(crate) fn new(store: Arc<Store>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.unwrap();
        let (held, when_held) = watch::channel(Held::new());
        let (when_asked, asked) = watch::channel(Held::new());
        let service = Service { store, held: when_held, asked: when_asked };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(
            tonic::transport::Server::builder()
                .add_service(ImageServiceServer::new(service))
                .serve_with_incoming(TcpListenerStream::new(listener)),
        );
        Self { runtime, address, held, asked }
    }

    /// Holds back these objects and no others: an answer that waits only for other objects proceeds.
    pub(crate) fn hold(&self, digests: &[Digest]) {
        self.held.send_replace(digests.iter().copied().collect());
    }

    /// Waits until a client has asked for an object.
    pub(crate) fn wait_asked(&self, digest: &Digest) {
        let mut asked = self.asked.clone();
        self.runtime.block_on(asked.wait_for(|asked| asked.contains(digest))).unwrap();
    }

    /// Returns the server's objects as a mount reads them, through a cache.
    pub(crate) fn objects(&self, cache: &Path, cache_len_max: u64) -> Arc<Objects> {
        let address = self.address.to_string();
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{address}"));
        let _entered = self.runtime.enter();
        let channel = endpoint.unwrap().connect_lazy();
        let remote = Remote::new(address, channel, self.runtime.handle().clone());
        let server = Box::new(ImagedSource::new(remote, None));
        let fetched = FetchCache::open(server, cache, cache_len_max).unwrap();
        Arc::new(Objects::Fetched(Box::new(fetched)))
    }
}

/// Returns the names of all images of a store; ordinals follow this order.
pub(crate) fn names_of(store: &Store) -> Names {
    let image = |name| imagefs::follow::image(&store.image(&name).unwrap()).unwrap();
    let images: Vec<Image> = store.image_names().unwrap().into_iter().map(image).collect();
    let mut names = Names::new(SystemTime::now());
    names.show(&images, SystemTime::now());
    names
}

struct Service {
    store: Arc<Store>,
    held: watch::Receiver<Held>,
    asked: watch::Sender<Held>,
}

type Answer<T> = Result<Response<T>, Status>;
type Events<T> = tokio_stream::Iter<std::vec::IntoIter<Result<T, Status>>>;

/// Implements RPCs that a mount never calls.
macro_rules! never {
    ($($name:ident($request:ty) -> $response:ty;)*) => {
        $(fn $name<'a, 'b>(&'a self, _: Request<$request>) -> Later<'b, $response>
        where
            'a: 'b,
        {
            Box::pin(async { Err(Status::unimplemented(stringify!($name))) })
        })*
    };
}

type Later<'a, T> = std::pin::Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

#[tonic::async_trait]
impl ImageService for Service {
    type VerifyImageStream = Events<VerifyImageEvent>;
    type GetObjectsStream = Events<GetObjectsResponse>;
    type FollowChangesStream = Events<FollowChangesResponse>;

    async fn get_server_info(
        &self,
        _: Request<GetServerInfoRequest>,
    ) -> Answer<GetServerInfoResponse> {
        let algorithm = self.store.algorithm().to_string();
        Ok(Response::new(GetServerInfoResponse { algorithm, ..Default::default() }))
    }

    async fn get_objects(
        &self,
        request: Request<GetObjectsRequest>,
    ) -> Answer<Events<GetObjectsResponse>> {
        let algorithm = self.store.algorithm();
        let hashes = request.into_inner().hashes;
        let digests: Vec<Digest> =
            hashes.iter().map(|hash| Digest::new(algorithm, hash).unwrap()).collect();
        self.asked.send_modify(|asked| asked.extend(&digests));
        let is_free = |held: &Held| !digests.iter().any(|digest| held.contains(digest));
        self.held.clone().wait_for(is_free).await.ok();
        let response = |digest| {
            let object = self.store.read(digest).unwrap();
            let object = EncodedObject {
                hash: digest.hash().to_vec().into(),
                kind: object.kind as u32,
                content_len: object.content_len,
                payload: object.payload.into(),
            };
            Ok(GetObjectsResponse { objects: vec![object] })
        };
        let responses: Vec<_> = digests.iter().map(response).collect();
        Ok(Response::new(tokio_stream::iter(responses)))
    }

    never! {
        begin_upload(BeginUploadRequest) -> BeginUploadResponse;
        offer_objects(OfferObjectsRequest) -> OfferObjectsResponse;
        send_objects(Streaming<SendObjectsRequest>) -> SendObjectsResponse;
        commit_upload(CommitUploadRequest) -> CommitUploadResponse;
        abort_upload(AbortUploadRequest) -> AbortUploadResponse;
        list_images(ListImagesRequest) -> ListImagesResponse;
        get_image(GetImageRequest) -> ImageRecord;
        get_latest_image(GetLatestImageRequest) -> ImageRecord;
        wait_image(WaitImageRequest) -> ImageRecord;
        tag_image(TagImageRequest) -> ImageRecord;
        expire_image(ExpireImageRequest) -> ImageRecord;
        remove_image(RemoveImageRequest) -> RemoveImageResponse;
        verify_image(VerifyImageRequest) -> Events<VerifyImageEvent>;
        follow_changes(FollowChangesRequest) -> Events<FollowChangesResponse>;
        report_replica(ReportReplicaRequest) -> ReportReplicaResponse;
    }
}
