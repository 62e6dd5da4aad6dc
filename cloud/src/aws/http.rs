//! The HTTP client: proxies and certificates as every AWS tool takes them from the environment and from profiles, and
//! answers that are no longer than AWS's.

use std::path::PathBuf;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Names a file with the only certificates that are trusted, in place of the system's.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// The longest answer: a page of 1,000 snapshots with 50 tags each of 384 characters has 20 MB.
const ANSWER_LEN_MAX: usize = 64 << 20;

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
    named_by: &'static str,
    path: PathBuf,
}

impl Bundle {
    /// The one that the environment names.
    pub(super) fn of_environment() -> Option<Self> {
        let path = std::env::var_os(CA_BUNDLE).filter(|path| !path.is_empty())?;
        Some(Self { named_by: CA_BUNDLE, path: path.into() })
    }

    /// The one that a profile names.
    pub(super) fn of_profile(path: PathBuf) -> Self {
        Self { named_by: "ca_bundle of the profile", path }
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
    let client = client.build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    });
    Ok(SharedHttpClient::new(ShortAnswers(client)))
}

/// Ends answers that are longer than any of AWS's: something else may answer in its place, and does not end.
#[derive(Debug)]
struct ShortAnswers<T>(T);

impl HttpClient for ShortAnswers<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(ShortAnswers(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for ShortAnswers<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let limit = |body| SdkBody::from_body_1_x(Limited::new(body, ANSWER_LEN_MAX));
            Ok(answer.await?.map(limit))
        })
    }
}
