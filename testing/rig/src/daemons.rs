//! Runs imaged and unpackd as processes. One folder holds their certificates, their data and their logs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::error::RigError;
use crate::processes::Processes;
use crate::program::program;
use crate::server::{ANY_PORT, Server, StatusPages, log_path};

/// imaged and unpackd. Each can be started, killed and started again. Dropping this value ends both.
#[derive(Debug)]
pub struct Daemons {
    /// Comes before `imaged`, because fields are dropped in their order: unpackd, a client of imaged, ends first.
    unpackd: Option<Server>,
    imaged: Option<Server>,
    /// `ADDRESS:PORT` at which each daemon listens. It has port 0 (any free port) before the first start; a restart
    /// uses the same port again.
    unpackd_address: String,
    imaged_address: String,
    /// The image server that imaged follows: `ADDRESS:PORT`.
    primary: Option<String>,
    pages: StatusPages,
    folder: PathBuf,
    pki: PathBuf,
    processes: Arc<Processes>,
}

impl Daemons {
    /// Makes certificates in `folder`, which must exist, unless it has some, and starts both daemons.
    ///
    /// # Errors
    /// If a program cannot be started, or fails. The error then contains the program's last output.
    pub fn start(
        folder: &Path,
        processes: Arc<Processes>,
        pages: StatusPages,
    ) -> Result<Self, RigError> {
        let pki = folder.join("pki");
        if !pki.exists() {
            processes.run(Command::new(program("imaged")).args(["pki", "init"]).arg(&pki))?;
        }
        Self::start_with(folder, pki, None, processes, pages)
    }

    /// Starts both daemons of another region: its imaged follows that of `primary`, whose certificates they show.
    ///
    /// # Errors
    /// As [`Daemons::start`].
    pub fn start_region(primary: &Self, folder: &Path) -> Result<Self, RigError> {
        let (pki, followed) = (primary.pki.clone(), Some(primary.imaged_address.clone()));
        Self::start_with(folder, pki, followed, Arc::clone(&primary.processes), primary.pages)
    }

    fn start_with(
        folder: &Path,
        pki: PathBuf,
        primary: Option<String>,
        processes: Arc<Processes>,
        pages: StatusPages,
    ) -> Result<Self, RigError> {
        let mut daemons = Self {
            unpackd: None,
            imaged: None,
            unpackd_address: ANY_PORT.to_owned(),
            imaged_address: ANY_PORT.to_owned(),
            primary,
            pages,
            folder: folder.to_owned(),
            pki,
            processes,
        };
        daemons.start_imaged()?;
        daemons.start_unpackd()?;
        Ok(daemons)
    }

    /// Starts imaged. After [`Daemons::kill_imaged`], it listens at the same address as before.
    ///
    /// # Errors
    /// If it does not start. The error contains its log.
    pub fn start_imaged(&mut self) -> Result<(), RigError> {
        let server = self.serve("imaged", &self.imaged_address, |command| {
            command.arg("--data-dir").arg(self.folder.join("imaged"));
            if let Some(primary) = &self.primary {
                command.args(["--primary", primary]);
            }
        })?;
        self.imaged_address.clone_from(&server.address);
        self.imaged = Some(server);
        Ok(())
    }

    /// Starts unpackd. After [`Daemons::kill_unpackd`], it listens at the same address as before.
    ///
    /// # Errors
    /// If it does not start. The error contains its log.
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
        self.pki.join(identity)
    }

    /// Returns the log of all runs of a daemon (`imaged` or `unpackd`); empty if there is none.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(log_path(&self.folder, name)).unwrap_or_default()
    }
}
