//! The HTTP client. Like every AWS tool, it takes proxies and certificates from the environment and from profiles. It
//! limits the length of responses.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Environment variables that name a file of certificates to trust instead of the system's. The first overrides a
/// profile's `ca_bundle`; a profile's `ca_bundle` overrides the second.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";
const CA_BUNDLE_OF_REQUESTS: &str = "REQUESTS_CA_BUNDLE";

/// Longest response in bytes: a page of 1,000 snapshots with 50 tags each; a tag has up to 384
/// characters of up to four bytes.
const ANSWER_LEN_MAX: usize = 96 << 20;

/// Limit in bytes on all responses that are being read at the same time. An impostor of AWS could send an endless
/// response to each request.
const ANSWERS_LEN_MAX: usize = 192 << 20;

/// A certificate file that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {}: {why}", bundle.named_by, bundle.path.display())]
pub struct BundleError {
    bundle: Bundle,
    why: String,
}

/// A file of certificates. Only these certificates are trusted.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    named_by: String,
    path: PathBuf,
}

impl Bundle {
    /// Returns the file of `AWS_CA_BUNDLE`, which overrides the files of profiles.
    pub(super) fn of_aws() -> Option<Self> {
        Self::of_variable(CA_BUNDLE)
    }

    /// Returns the environment's file, for accounts whose profile names none.
    pub(super) fn of_environment() -> Option<Self> {
        Self::of_aws().or_else(|| Self::of_variable(CA_BUNDLE_OF_REQUESTS))
    }

    fn of_variable(name: &str) -> Option<Self> {
        let path = std::env::var_os(name).filter(|path| !path.is_empty())?;
        Some(Self { named_by: name.to_owned(), path: at_home(path.into()) })
    }

    /// Returns the file that a profile names; `None` if the setting is empty.
    pub(super) fn of_profile(profile: &str, path: &str) -> Option<Self> {
        let named_by = format!("profile {profile}");
        (!path.is_empty()).then(|| Self { named_by, path: at_home(path.into()) })
    }

    /// Returns the path of the file, with `~` expanded.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads and checks the certificates: the SDK panics on bytes that are no certificate.
    fn read(&self) -> Result<TlsContext, String> {
        let pem = std::fs::read(&self.path).map_err(|error| error.to_string())?;
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            roots.add(certificate).map_err(|error| error.to_string())?;
        }
        if roots.is_empty() {
            return Err("it holds no certificate".to_owned());
        }
        let trusted = TrustStore::empty().with_pem_certificate(pem);
        let tls = TlsContext::builder().with_trust_store(trusted).build();
        tls.map_err(|error| error.to_string())
    }
}

/// Expands a leading `~/` to the home folder, as other AWS tools do in configuration files.
fn at_home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path,
    }
}

/// Makes a client that keeps at most `idle_max` idle connections to each server. It takes its proxies from HTTPS_PROXY,
/// HTTP_PROXY and NO_PROXY. It trusts only the certificates of `bundle`. If `bundle` is `None`, it trusts the system's
/// certificates; SSL_CERT_FILE and SSL_CERT_DIR can name their place.
///
/// # Errors
/// [`BundleError`].
pub(super) fn client(
    idle_max: usize,
    bundle: Option<Bundle>,
) -> Result<SharedHttpClient, BundleError> {
    let tls = match bundle {
        None => TlsContext::default(),
        Some(bundle) => bundle.read().map_err(|why| BundleError { bundle, why })?,
    };
    let client = Builder::new().pool_max_idle_per_host(idle_max);
    let inner = client.build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    });
    Ok(SharedHttpClient::new(LimitedBody { inner, all: Arc::default() }))
}

/// A client or connector that limits the length of responses.
#[derive(Debug)]
struct LimitedBody<T> {
    inner: T,
    /// Bytes of all responses being read.
    all: Arc<AtomicUsize>,
}

impl HttpClient for LimitedBody<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(LimitedBody { inner, all: Arc::clone(&self.all) })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

impl HttpConnector for LimitedBody<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, all) = (self.inner.call(request), Arc::clone(&self.all));
        HttpConnectorFuture::new(async move {
            let limit = |inner| Answer { inner, len: 0, all: Arc::clone(&all) };
            Ok(answer.await?.map(|body| SdkBody::from_body_1_x(limit(body))))
        })
    }
}

/// A response body that fails once it is too long.
struct Answer {
    inner: SdkBody,
    len: usize,
    all: Arc<AtomicUsize>,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let len = frame.data_ref().map_or(0, Bytes::len);
            self.len += len;
            let all = self.all.fetch_add(len, Ordering::Relaxed) + len;
            if self.len > ANSWER_LEN_MAX || all > ANSWERS_LEN_MAX {
                return Poll::Ready(Some(Err("the answer is longer than any of AWS's".into())));
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.inner)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.all.fetch_sub(self.len, Ordering::Relaxed);
    }
}
