//! What one run of a command works with: settings, output, connections.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use publisher::client::{Addresses, Imaged, Server, Unpackd};
use publisher::{Client, Observer};
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use tonic::{Response, Status};

use crate::cli::Global;
use crate::failure::Failure;
use crate::interruption::Interruption;
use crate::output::Output;
use crate::reporter::Reporter;
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
    client: OnceLock<Arc<Client>>,
}

impl Context {
    /// Makes a context.
    ///
    /// # Errors
    /// Errors of settings and output.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        Self::with(Settings::load(global)?, Arc::new(Output::new(global)?))
    }

    /// Makes a context of other settings than the command line's.
    ///
    /// # Errors
    /// The runtime cannot be made.
    pub fn with(settings: Settings, output: Arc<Output>) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (interruption, client) = (Arc::default(), OnceLock::new());
        Ok(Self { settings, output, runtime, interruption, client })
    }

    /// Who tells the user what goes on.
    pub fn reporter(&self) -> Arc<dyn Observer> {
        let (output, interruption) = (Arc::clone(&self.output), Arc::clone(&self.interruption));
        Arc::new(Reporter { output, interruption })
    }

    /// The library's client, with our addresses and certificates.
    ///
    /// # Errors
    /// A missing setting; [`rpc::tls::TlsError`].
    pub fn client(&self) -> anyhow::Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let (imaged, unpackd) = (self.settings.imaged.clone(), self.settings.unpackd.clone());
        let addresses = Addresses { imaged, unpackd };
        let handle = self.runtime.handle().clone();
        let client = Arc::new(Client::new(addresses, self.tls()?, handle, self.reporter()));
        self.interruption.watch(Arc::clone(&client));
        Ok(self.client.get_or_init(|| client))
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
    pub fn imaged(&self) -> anyhow::Result<Imaged> {
        known(self.settings.imaged.as_ref(), "imaged", "IMPRINT_IMAGED")?;
        Ok(self.client()?.imaged()?)
    }

    /// Connects to unpackd.
    ///
    /// # Errors
    /// Missing settings; [`rpc::client::CallError`].
    pub fn unpackd(&self) -> anyhow::Result<Unpackd> {
        known(self.settings.unpackd.as_ref(), "unpackd", "IMPRINT_UNPACKD")?;
        Ok(self.client()?.unpackd()?)
    }

    /// Makes a call and waits for its answer.
    ///
    /// # Errors
    /// [`rpc::client::CallError`].
    pub fn call<T>(
        &self,
        server: &impl Server,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> anyhow::Result<T> {
        Ok(self.client()?.call(server, call)?)
    }
}

fn known(address: Option<&String>, flag: &str, variable: &str) -> anyhow::Result<()> {
    match address {
        Some(_) => Ok(()),
        None => Err(missing(flag, variable).context(format!("no {flag} is known"))),
    }
}

/// A setting that a command cannot do without.
fn missing(flag: &str, variable: &str) -> anyhow::Error {
    Failure::usage(format!("name it with --{flag}, {variable} or the configuration file"))
}
