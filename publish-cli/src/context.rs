//! What one run of a command works with: settings, output, connections.

use std::future::Future;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rpc::client::call_failed;
use rpc::services::image_service_client::ImageServiceClient;
use rpc::services::publish_service_client::PublishServiceClient;
use rpc::services::unpacker_service_client::UnpackerServiceClient;
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use tonic::{Response, Status};

use crate::cli::Global;
use crate::failure::Failure;
use crate::interruption::Interruption;
use crate::output::Output;
use crate::settings::Settings;

/// One run of a command.
#[derive(Debug)]
pub struct Context {
    /// Where servers and certificates are.
    pub settings: Settings,
    /// Where words go.
    pub output: Arc<Output>,
    /// The runtime that the network lives on.
    pub runtime: Runtime,
    /// What is done and said when the command is interrupted.
    pub interruption: Arc<Interruption>,
}

/// A server and the way to it.
#[derive(Debug, Clone)]
pub struct Server {
    /// `HOST:PORT`.
    pub address: String,
    /// The connection.
    pub channel: Channel,
}

impl Context {
    /// Makes a context.
    ///
    /// # Errors
    /// Errors of settings and output.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        Ok(Self {
            settings: Settings::load(global)?,
            output: Arc::new(Output::new(global)?),
            runtime: tokio::runtime::Builder::new_multi_thread().enable_all().build()?,
            interruption: Arc::default(),
        })
    }

    fn connect(
        &self,
        address: Option<&String>,
        flag: &str,
        variable: &str,
    ) -> anyhow::Result<Server> {
        let address = address
            .ok_or_else(|| missing(flag, variable).context(format!("no {flag} is known")))?;
        let tls = self.tls()?;
        let channel = self.runtime.block_on(rpc::client::connect(address, &tls))?;
        Ok(Server { address: address.clone(), channel })
    }

    /// Our certificates and our key.
    ///
    /// # Errors
    /// A missing setting; [`rpc::tls::TlsError`].
    pub fn tls(&self) -> anyhow::Result<TlsDir> {
        let tls_dir = self.settings.tls_dir.as_ref().ok_or_else(|| {
            missing("tls-dir", "IMPRINT_TLS_DIR").context("no folder of certificates is known")
        })?;
        Ok(TlsDir::load(tls_dir)?)
    }

    /// Connects to imaged.
    ///
    /// # Errors
    /// Missing settings; [`rpc::client::CallError`].
    pub fn imaged(&self) -> anyhow::Result<Server> {
        self.connect(self.settings.imaged.as_ref(), "imaged", "IMPRINT_IMAGED")
    }

    /// Connects to unpackd.
    ///
    /// # Errors
    /// Missing settings; [`rpc::client::CallError`].
    pub fn unpackd(&self) -> anyhow::Result<Server> {
        self.connect(self.settings.unpackd.as_ref(), "unpackd", "IMPRINT_UNPACKD")
    }

    /// Makes a call and waits for its answer.
    ///
    /// # Errors
    /// [`rpc::client::CallError`].
    pub fn call<T>(
        &self,
        server: &Server,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> anyhow::Result<T> {
        let answer = self.runtime.block_on(call);
        Ok(answer.map_err(|status| call_failed(&status, &server.address))?.into_inner())
    }
}

/// A setting that a command cannot do without.
fn missing(flag: &str, variable: &str) -> anyhow::Error {
    Failure::usage(format!("name it with --{flag}, {variable} or the configuration file"))
}

impl Server {
    /// Returns a client of the server as an imaged.
    pub fn images(&self) -> ImageServiceClient<Channel> {
        ImageServiceClient::new(self.channel.clone())
            .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
            .max_encoding_message_size(rpc::MESSAGE_LEN_MAX)
    }

    /// Returns a client of the server as what keeps publishers' records.
    pub fn publishing(&self) -> PublishServiceClient<Channel> {
        PublishServiceClient::new(self.channel.clone())
            .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
            .max_encoding_message_size(rpc::MESSAGE_LEN_MAX)
    }

    /// Returns a client of the server as an unpackd.
    pub fn volumes(&self) -> UnpackerServiceClient<Channel> {
        UnpackerServiceClient::new(self.channel.clone())
            .max_decoding_message_size(rpc::MESSAGE_LEN_MAX)
            .max_encoding_message_size(rpc::MESSAGE_LEN_MAX)
    }
}

/// Returns the time in milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Returns what this process calls itself as a holder of leases: the same for all commands of one
/// user on one machine, so that prepare, unpack, capture and release may be separate commands.
pub fn holder() -> String {
    let user = std::env::var("USER").unwrap_or_else(|_| "user".to_owned());
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{user}@{}", host.trim())
}
