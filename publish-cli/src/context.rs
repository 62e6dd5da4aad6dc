//! The environment of one command: settings, output, connections.

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

/// Settings, output and lazily opened connections of one command.
#[derive(Debug)]
pub struct Context {
    /// Settings from flags, environment and configuration file.
    pub settings: Settings,
    /// Writes the result, notes, progress and events.
    pub output: Arc<Output>,
    /// Runtime of all network calls; commands themselves are blocking code.
    pub runtime: Runtime,
    /// Gives leases back and prints a hint when a signal ends the command.
    pub interruption: Arc<Interruption>,
    client: OnceLock<Arc<Client>>,
}

impl Context {
    /// Loads the settings and opens the outputs of a command line.
    ///
    /// # Errors
    /// Errors of [`Settings::load`] and [`Output::new`].
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        Self::with(Settings::load(global)?, Arc::new(Output::new(global)?))
    }

    /// Makes a context from given settings instead of the command line's; `quickstart` uses it.
    ///
    /// # Errors
    /// The runtime cannot be made.
    pub fn with(settings: Settings, output: Arc<Output>) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (interruption, client) = (Arc::default(), OnceLock::new());
        Ok(Self { settings, output, runtime, interruption, client })
    }

    /// Returns an observer that shows the library's reports to the user.
    pub fn reporter(&self) -> Arc<dyn Observer> {
        let (output, interruption) = (Arc::clone(&self.output), Arc::clone(&self.interruption));
        Arc::new(Reporter { output, interruption })
    }

    /// Returns the library's client, made at the first call with the addresses and certificates of the settings.
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

    /// Loads the certificate, key and CA from `--tls-dir`.
    ///
    /// # Errors
    /// A missing setting; [`rpc::tls::TlsError`].
    pub fn tls(&self) -> anyhow::Result<TlsDir> {
        let tls_dir = self.settings.tls_dir.as_ref().ok_or_else(|| {
            missing("tls-dir", "IMPRINT_TLS_DIR").context("no folder of certificates is known")
        })?;
        Ok(TlsDir::load(tls_dir)?)
    }

    /// Opens a new connection to imaged.
    ///
    /// # Errors
    /// Missing settings; [`rpc::client::CallError`].
    pub fn imaged(&self) -> anyhow::Result<Imaged> {
        known(self.settings.imaged.as_ref(), "imaged", "IMPRINT_IMAGED")?;
        Ok(self.client()?.imaged()?)
    }

    /// Opens a new connection to unpackd.
    ///
    /// # Errors
    /// Missing settings; [`rpc::client::CallError`].
    pub fn unpackd(&self) -> anyhow::Result<Unpackd> {
        known(self.settings.unpackd.as_ref(), "unpackd", "IMPRINT_UNPACKD")?;
        Ok(self.client()?.unpackd()?)
    }

    /// Makes a call and blocks until the response arrives.
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
        None => Err(missing(flag, variable).context(format!("the address of {flag} is not known"))),
    }
}

/// Returns the error for a setting that a command needs and the user did not give.
fn missing(flag: &str, variable: &str) -> anyhow::Error {
    Failure::usage(format!("name it with --{flag}, {variable} or the configuration file"))
}
