//! The configurations of servers and clients.
//!
//! They know nothing of revoked certificates: the gate and the connector do. webpki takes the first list whose issuer has
//! the right name, and CAs that replace one another have the same name.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier};

use super::verifiers::{Clients, Servers};

/// The configurations of a TLS folder, for HTTP/2 alone.
#[derive(Clone)]
pub(super) struct Configs {
    /// Demands a certificate from every client.
    pub server: Arc<ServerConfig>,
    /// Demands none, and shows the certificates of `ca.pem` as well.
    pub join_server: Arc<ServerConfig>,
    pub client: Arc<ClientConfig>,
}

impl Configs {
    /// Makes the configurations from `ca.pem`, `cert.pem` and `key.pem`.
    ///
    /// # Errors
    /// The problem in words, such as a key of another certificate.
    pub(super) fn new(ca: &[u8], cert: &[u8], key: &[u8]) -> Result<Self, String> {
        Self::of_parts(&all(ca)?, &all(cert)?, &key_of(key)?).map_err(|error| error.to_string())
    }

    fn of_parts(
        authorities: &[CertificateDer<'static>],
        chain: &[CertificateDer<'static>],
        key: &PrivateKeyDer<'static>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let mut roots = RootCertStore::empty();
        for authority in authorities {
            roots.add(authority.clone())?;
        }
        let (roots, provider) =
            (Arc::new(roots), Arc::new(rustls::crypto::ring::default_provider()));

        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider));
        let clients = Arc::new(Clients(clients.build()?));
        let mut server = server_builder(&provider)?
            .with_client_cert_verifier(clients)
            .with_single_cert(chain.to_vec(), key.clone_key())?;
        server.alpn_protocols = vec![b"h2".to_vec()];

        let with_authorities = [chain, authorities].concat();
        let mut join_server = server_builder(&provider)?
            .with_no_client_auth()
            .with_single_cert(with_authorities, key.clone_key())?;
        join_server.alpn_protocols = vec![b"h2".to_vec()];

        let servers = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
        let mut client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Servers(servers.build()?)))
            .with_client_auth_cert(chain.to_vec(), key.clone_key())?;
        client.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self {
            server: Arc::new(server),
            join_server: Arc::new(join_server),
            client: Arc::new(client),
        })
    }
}

fn server_builder(
    provider: &Arc<CryptoProvider>,
) -> Result<ConfigBuilder<ServerConfig, WantsVerifier>, rustls::Error> {
    ServerConfig::builder_with_provider(Arc::clone(provider)).with_safe_default_protocol_versions()
}

fn all(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn key_of(pem: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| error.to_string())
}
