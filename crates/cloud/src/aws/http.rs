//! The HTTP client: proxies and certificates as every AWS tool takes them from the environment and from profiles, and
//! answers that are no longer than AWS's.

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

/// The names of files with the only certificates that are trusted, in place of the system's: the first stands above
/// profiles, the second below them.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";
const CA_BUNDLE_OF_REQUESTS: &str = "REQUESTS_CA_BUNDLE";

/// The longest answer: a page of 1,000 snapshots with 50 tags each, of 384 characters of up to four bytes.
const ANSWER_LEN_MAX: usize = 96 << 20;

/// The same of all answers that are being read. What answers in AWS's place may do so without an end, to all targets.
const ANSWERS_LEN_MAX: usize = 192 << 20;

/// A file of certificates that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {}: {why}", bundle.named_by, bundle.path.display())]
pub struct BundleError {
    bundle: Bundle,
    why: String,
}

/// A file with the only certificates that are trusted.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    named_by: String,
    path: PathBuf,
}

impl Bundle {
    /// The one that stands above those of profiles.
    pub(super) fn of_aws() -> Option<Self> {
        Self::of_variable(CA_BUNDLE)
    }

    /// The one for accounts whose profiles name none.
    pub(super) fn of_environment() -> Option<Self> {
        Self::of_aws().or_else(|| Self::of_variable(CA_BUNDLE_OF_REQUESTS))
    }

    fn of_variable(name: &str) -> Option<Self> {
        let path = std::env::var_os(name).filter(|path| !path.is_empty())?;
        Some(Self { named_by: name.to_owned(), path: at_home(path.into()) })
    }

    /// The one that a profile names; `None` where it is empty.
    pub(super) fn of_profile(profile: &str, path: &str) -> Option<Self> {
        let named_by = format!("profile {profile}");
        (!path.is_empty()).then(|| Self { named_by, path: at_home(path.into()) })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the certificates. They are looked at first: the SDK panics at bytes that are not a certificate.
    fn read(&self) -> Result<TlsContext, String> {
        let pem = std::fs::read(&self.path).map_err(|error| error.to_string())?;
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            roots.add(certificate).map_err(|error| error.to_string())?;
        }
        if roots.is_empty() {
            return Err("no certificate in it".to_owned());
        }
        let trusted = TrustStore::empty().with_pem_certificate(pem);
        let tls = TlsContext::builder().with_trust_store(trusted).build();
        tls.map_err(|error| error.to_string())
    }
}

/// A path below the home folder, where it begins with `~/`: other tools take that in files that no shell reads.
fn at_home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path,
    }
}

/// Makes a client that keeps at most so many idle connections to each server. HTTPS_PROXY, HTTP_PROXY and NO_PROXY
/// say where it connects to; the bundle, or SSL_CERT_FILE and SSL_CERT_DIR, whom it trusts.
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
    Ok(SharedHttpClient::new(Limited { inner, all: Arc::default() }))
}

/// A client or a connector whose answers end.
#[derive(Debug)]
struct Limited<T> {
    inner: T,
    /// Bytes of all answers that are being read.
    all: Arc<AtomicUsize>,
}

impl HttpClient for Limited<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Limited { inner, all: Arc::clone(&self.all) })
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

impl HttpConnector for Limited<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, all) = (self.inner.call(request), Arc::clone(&self.all));
        HttpConnectorFuture::new(async move {
            let limit = |inner| Answer { inner, len: 0, all: Arc::clone(&all) };
            Ok(answer.await?.map(|body| SdkBody::from_body_1_x(limit(body))))
        })
    }
}

/// The body of an answer, which ends where it becomes too long.
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
