//! The HTTP client: proxies and certificates as every AWS tool takes them from the environment.

use std::path::PathBuf;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Names a file with the only certificates that are trusted, in place of the system's.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// A file of certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{CA_BUNDLE}: {}: {why}", path.display())]
pub struct BundleError {
    path: PathBuf,
    why: String,
}

/// Makes a client that keeps at most so many idle connections to each server. HTTPS_PROXY, HTTP_PROXY and NO_PROXY
/// say where it connects to; AWS_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR whom it trusts.
///
/// # Errors
/// [`BundleError`].
pub(super) fn client(idle_max: usize) -> Result<SharedHttpClient, BundleError> {
    let tls = match std::env::var_os(CA_BUNDLE).filter(|path| !path.is_empty()) {
        None => TlsContext::default(),
        Some(path) => bundle(path.into())?,
    };
    let client = Builder::new().pool_max_idle_per_host(idle_max);
    Ok(client.build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    }))
}

/// Reads a file of certificates. They are looked at first: the SDK panics at bytes that are not a certificate.
fn bundle(path: PathBuf) -> Result<TlsContext, BundleError> {
    let read = || -> Result<TlsContext, String> {
        let pem = std::fs::read(&path).map_err(|error| error.to_string())?;
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
    };
    read().map_err(|why| BundleError { path: path.clone(), why })
}
