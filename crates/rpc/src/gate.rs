//! The gate in front of a daemon's services: it identifies the caller of every call, and refuses a method that the
//! caller's roles do not allow.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tower_layer::Layer;
use tower_service::Service;

use crate::authority::Permit;
use crate::identity::Caller;
use crate::policy::Policy;

/// A tower layer that puts a [`Gate`] in front of a daemon's services.
#[derive(Clone, Debug)]
pub struct GateLayer {
    policy: Arc<Policy>,
}

impl GateLayer {
    /// Makes a layer whose gates all enforce `policy`.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { policy }
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate { inner, policy: Arc::clone(&self.policy) }
    }
}

/// A service behind the gate. Every request that reaches the service carries a [`Permit`].
#[derive(Clone, Debug)]
pub struct Gate<S> {
    inner: S,
    policy: Arc<Policy>,
}

/// Identifies the caller by its certificate and returns the permit for the requested method.
fn permit<B>(request: &Request<B>, policy: &Arc<Policy>) -> Result<Permit, Status> {
    let connection = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
    let certificates = connection.and_then(TlsConnectInfo::peer_certs);
    let caller = Caller::of_certificates(certificates.as_deref().map(Vec::as_slice))?;
    Permit::new(request.uri().path().trim_start_matches('/'), caller, policy)
}

impl<S, B> Service<Request<B>> for Gate<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = futures_util::future::Either<S::Future, Ready<Result<Self::Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match permit(&request, &self.policy) {
            Ok(permit) => {
                request.extensions_mut().insert(permit);
                futures_util::future::Either::Left(self.inner.call(request))
            }
            Err(status) => futures_util::future::Either::Right(ready(Ok(status.into_http()))),
        }
    }
}
