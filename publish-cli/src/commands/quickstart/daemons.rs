//! imaged, unpackd and awssim as child processes.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::Signal;
use wire::ErrorClass;

use super::workplace::{Workplace, pid_of};
use crate::failure::Failure;

/// Time for a daemon to end after SIGTERM, before SIGKILL.
const END_TIMEOUT: Duration = Duration::from_secs(15);

/// imaged and unpackd. Dropping this ends both.
#[derive(Debug)]
pub(super) struct Daemons {
    /// In order of ending: unpackd first, because it is imaged's client.
    children: Vec<Child>,
    pub imaged: String,
    pub unpackd: String,
    pub tls_dir: PathBuf,
    pub volume: PathBuf,
}

impl Daemons {
    /// Makes certificates and starts both daemons. Programs in this program's folder are preferred to those in PATH.
    pub(super) fn start(workplace: &Workplace) -> anyhow::Result<Self> {
        let folder = workplace.path();
        let pki = folder.join("pki");
        workplace.run(Command::new(program("imaged")?).args(["pki", "init"]).arg(&pki))?;
        let mut daemons = Self {
            children: Vec::new(),
            imaged: String::new(),
            unpackd: String::new(),
            tls_dir: pki.join("publish"),
            volume: folder.join("volume.img"),
        };
        let (child, address) = serve(workplace, "imaged", |command| {
            command.arg("--data-dir").arg(folder.join("imaged"));
            command.arg("--tls-dir").arg(pki.join("imaged"));
        })?;
        daemons.children.push(child);
        daemons.imaged = address;
        let (child, address) = serve(workplace, "unpackd", |command| {
            command.arg("--state-dir").arg(folder.join("unpackd"));
            command.arg("--tls-dir").arg(pki.join("unpackd"));
            command.args(["--imaged", &daemons.imaged]);
        })?;
        daemons.children.insert(0, child);
        daemons.unpackd = address;
        Ok(daemons)
    }
}

/// Another server process. Dropping this ends it.
#[derive(Debug)]
pub(super) struct ServerProcess {
    child: Child,
    pub address: String,
}

impl ServerProcess {
    /// Starts a server by the name of its program, which is looked for like the programs of the daemons.
    pub(super) fn start(
        workplace: &Workplace,
        name: &str,
        arguments: impl FnOnce(&mut Command),
    ) -> anyhow::Result<Self> {
        let (child, address) = serve(workplace, name, arguments)?;
        Ok(Self { child, address })
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

impl Drop for Daemons {
    fn drop(&mut self) {
        for child in &mut self.children {
            end(child);
        }
    }
}

fn end(child: &mut Child) {
    if let Some(pid) = pid_of(child) {
        rustix::process::kill_process(pid, Signal::TERM).ok();
    }
    let deadline = Instant::now() + END_TIMEOUT;
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(None) => std::thread::park_timeout(Duration::from_millis(20)),
            Ok(Some(_)) | Err(_) => return,
        }
    }
    // SIGTERM was not enough. SIGKILL is safe: nothing that the daemon holds outlives its process.
    child.kill().ok();
    child.wait().ok();
}

/// Starts a daemon on a free port and reads the address from its first line of output.
fn serve(
    workplace: &Workplace,
    name: &str,
    arguments: impl FnOnce(&mut Command),
) -> anyhow::Result<(Child, String)> {
    let log_path = workplace.path().join(format!("{name}.log"));
    let log = std::fs::File::options().create(true).append(true).open(&log_path)?;
    let mut command = Command::new(program(name)?);
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command.args(["--parent", &std::process::id().to_string()]);
    arguments(&mut command);
    let mut child = workplace.spawn(command.stdout(Stdio::piped()).stderr(log))?;
    let stdout = child.stdout.take().context("the daemon has no standard output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    match line.trim().strip_prefix("listening on ") {
        Some(address) => Ok((child, address.to_owned())),
        None => {
            child.wait().ok();
            let log = std::fs::read_to_string(&log_path).unwrap_or_default();
            Err(Failure::error(ErrorClass::Internal, format!("{name} did not start:\n{log}")))
        }
    }
}

/// Finds a program in this program's folder, otherwise in PATH.
fn program(name: &str) -> anyhow::Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name(name);
    Ok(if beside.exists() { beside } else { PathBuf::from(name) })
}
