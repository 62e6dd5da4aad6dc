//! imaged and unpackd with certificates of their own, in one folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::error::RigError;
use crate::processes::Processes;
use crate::program::program;
use crate::server::{ANY_PORT, Server, StatusPages, log_path};

/// Both daemons. Each can be started, killed and started again. Dropping this ends both.
#[derive(Debug)]
pub struct Daemons {
    /// Before imaged, whose client it is: fields are dropped in their order.
    unpackd: Option<Server>,
    imaged: Option<Server>,
    /// Where each listens; once it has been started, a restart uses the same port.
    unpackd_address: String,
    imaged_address: String,
    pages: StatusPages,
    folder: PathBuf,
    processes: Arc<Processes>,
}

impl Daemons {
    /// Makes certificates in a folder, which must exist, and starts both.
    ///
    /// # Errors
    /// If a program fails, with what it said.
    pub fn start(
        folder: &Path,
        processes: Arc<Processes>,
        pages: StatusPages,
    ) -> Result<Self, RigError> {
        let mut daemons = Self {
            unpackd: None,
            imaged: None,
            unpackd_address: ANY_PORT.to_owned(),
            imaged_address: ANY_PORT.to_owned(),
            pages,
            folder: folder.to_owned(),
            processes,
        };
        let mut command = Command::new(program("imaged"));
        daemons.processes.run(command.args(["pki", "init"]).arg(folder.join("pki")))?;
        daemons.start_imaged()?;
        daemons.start_unpackd()?;
        Ok(daemons)
    }

    /// Starts imaged, after [`Daemons::kill_imaged`] at the address that it had.
    ///
    /// # Errors
    /// If it does not start, with its log.
    pub fn start_imaged(&mut self) -> Result<(), RigError> {
        let server = self.serve("imaged", &self.imaged_address, |command| {
            command.arg("--data-dir").arg(self.folder.join("imaged"));
        })?;
        self.imaged_address.clone_from(&server.address);
        self.imaged = Some(server);
        Ok(())
    }

    /// Starts unpackd, after [`Daemons::kill_unpackd`] at the address that it had.
    ///
    /// # Errors
    /// If it does not start, with its log.
    pub fn start_unpackd(&mut self) -> Result<(), RigError> {
        let server = self.serve("unpackd", &self.unpackd_address, |command| {
            command.arg("--state-dir").arg(self.folder.join("unpackd"));
            command.args(["--imaged", &self.imaged_address]);
        })?;
        self.unpackd_address.clone_from(&server.address);
        self.unpackd = Some(server);
        Ok(())
    }

    fn serve(
        &self,
        name: &str,
        listen: &str,
        arguments: impl FnOnce(&mut Command),
    ) -> Result<Server, RigError> {
        let log = log_path(&self.folder, name);
        Server::start(&self.processes, (name, listen), self.pages, &log, |command| {
            command.arg("--tls-dir").arg(self.tls_dir(name));
            arguments(command);
        })
    }

    /// Kills imaged with SIGKILL, if it runs.
    pub fn kill_imaged(&mut self) {
        if let Some(imaged) = self.imaged.take() {
            imaged.kill();
        }
    }

    /// Kills unpackd with SIGKILL, if it runs.
    pub fn kill_unpackd(&mut self) {
        if let Some(unpackd) = self.unpackd.take() {
            unpackd.kill();
        }
    }

    /// Returns imaged, if it runs.
    pub fn imaged(&self) -> Option<&Server> {
        self.imaged.as_ref()
    }

    /// Returns unpackd, if it runs.
    pub fn unpackd(&self) -> Option<&Server> {
        self.unpackd.as_ref()
    }

    /// Returns the `ADDRESS:PORT` of imaged, also while it does not run.
    pub fn imaged_address(&self) -> &str {
        &self.imaged_address
    }

    /// Returns the `ADDRESS:PORT` of unpackd, also while it does not run.
    pub fn unpackd_address(&self) -> &str {
        &self.unpackd_address
    }

    /// Returns the folder with the certificate and key of an identity, such as `publish`.
    pub fn tls_dir(&self, identity: &str) -> PathBuf {
        self.folder.join("pki").join(identity)
    }

    /// Returns the log of a daemon (`imaged` or `unpackd`), of all its runs.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(log_path(&self.folder, name)).unwrap_or_default()
    }
}
