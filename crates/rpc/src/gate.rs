//! The gate in front of a daemon's services: it identifies the caller of every call, refuses a method that the caller's
//! roles do not allow, ends calls whose caller's certificate is revoked, and counts calls.

mod guarded_body;

use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tower_layer::Layer;
use tower_service::Service;

use crate::authority::Permit;
use crate::calls::Calls;
use crate::certificate::{Certificate, Serial};
use crate::current::Current;
use crate::identity::Caller;
use crate::policy::Policy;
use crate::tls::TlsDir;
use guarded_body::{GuardedBody, result_of};

/// What a gate decides by. Clones share it.
#[derive(Clone, Debug)]
pub struct Gatekeeper {
    /// The policy of the daemon.
    pub policy: Current<Policy>,
    /// The TLS folder of the daemon, which has the list of revoked certificates.
    pub tls: Current<TlsDir>,
    /// Counts of calls.
    pub calls: Calls,
}

/// A tower layer that puts a [`Gate`] in front of a daemon's services.
#[derive(Clone, Debug)]
pub struct GateLayer {
    keeper: Gatekeeper,
}

impl GateLayer {
    /// Makes a layer of gates that all decide alike.
    pub fn new(keeper: Gatekeeper) -> Self {
        Self { keeper }
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate { inner, keeper: self.keeper.clone() }
    }
}

/// A service behind the gate. Every request that reaches the service carries a [`Permit`].
#[derive(Clone, Debug)]
pub struct Gate<S> {
    inner: S,
    keeper: Gatekeeper,
}

/// Who calls, and the serial numbers of all certificates that it showed: its own, and an intermediate's.
struct Shown {
    caller: Caller,
    serials: Vec<Serial>,
}

fn method_of<B>(request: &Request<B>) -> &str {
    request.uri().path().trim_start_matches('/')
}

impl Gatekeeper {
    /// Identifies the caller by its certificate, and returns the permit for the requested method.
    fn admit<B>(&self, request: &Request<B>) -> Result<(Shown, Permit), Status> {
        let connection = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
        let chain = connection.and_then(TlsConnectInfo::peer_certs).unwrap_or_default();
        let chain = chain.iter().map(|der| Certificate::of_der(der));
        let chain = chain.collect::<Result<Vec<_>, _>>().unwrap_or_default();
        let first = chain.first().ok_or_else(|| {
            crate::status::unidentified("the client's certificate has no common name to go by")
        })?;
        let caller = Caller(first.identity.clone());
        let permit = Permit::new(method_of(request), caller.clone(), &self.policy.now())?;
        let serials = chain.into_iter().map(|certificate| certificate.serial).collect();
        Ok((Shown { caller, serials }, permit))
    }

    fn count_refusal<B>(&self, request: &Request<B>, status: &Status) {
        if let Some(method) = crate::authority::known_method(method_of(request)) {
            self.calls.begin(method).end(crate::status::result(status));
        }
    }

    /// Waits until a certificate that the caller showed is revoked, and returns the status for the caller.
    fn revoked(&self, shown: Shown) -> Pin<Box<dyn Future<Output = Status> + Send>> {
        let tls = self.tls.clone();
        Box::pin(async move {
            let Shown { caller, serials } = shown;
            let is_revoked = |tls: &TlsDir| {
                let revoked = tls.authority().revoked();
                serials.iter().any(|serial| revoked.since(serial).is_some())
            };
            tls.until(is_revoked).await;
            crate::status::denied(format!(
                "the certificate of '{caller}' was revoked: ask the keeper of the CA for a new one"
            ))
        })
    }
}

impl<S, B> Service<Request<B>> for Gate<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let (shown, permit) = match self.keeper.admit(&request) {
            Ok(admitted) => admitted,
            Err(status) => {
                self.keeper.count_refusal(&request, &status);
                return Box::pin(std::future::ready(Ok(status.into_http())));
            }
        };
        let mut open = self.keeper.calls.begin(permit.method());
        request.extensions_mut().insert(permit);
        let mut revoked = self.keeper.revoked(shown);
        let call = self.inner.call(request);
        Box::pin(async move {
            let answer = tokio::select! {
                biased;
                status = &mut revoked => {
                    open.end(crate::status::result(&status));
                    return Ok(status.into_http());
                }
                answer = call => answer?,
            };
            // An answer without a body has its status among its headers.
            if let Some(result) = result_of(answer.headers()) {
                open.end(result);
                return Ok(answer);
            }
            Ok(answer.map(|body| Body::new(GuardedBody::new(body, revoked, open))))
        })
    }
}
