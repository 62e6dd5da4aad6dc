//! Code that end-to-end tests share: real daemons as processes, the real command line, real trees.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

pub mod browser;
pub mod join;
pub mod machine;
pub mod release;
pub mod replica;
pub mod rootfs;
pub mod sources;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use rig::{Daemons, StatusPages};
use serde_json::Value;

/// Both daemons as processes, their folder, and the certificates of all identities.
#[derive(Debug)]
pub struct Rig {
    /// Comes before `scratch`, because fields are dropped in their order: the daemons end before their folder is
    /// removed.
    daemons: Daemons,
    scratch: tempfile::TempDir,
}

impl Rig {
    /// Makes certificates and starts both daemons.
    ///
    /// # Panics
    /// If anything fails.
    pub fn start() -> Self {
        Self::start_in(|_| {})
    }

    /// Like [`Rig::start`], but calls `prepare` with the rig's empty folder before the daemons start.
    ///
    /// # Panics
    /// If anything fails.
    pub fn start_in(prepare: impl FnOnce(&Path)) -> Self {
        let scratch = testkit::scratch();
        prepare(scratch.path());
        // Panics with a clear message if the programs are not built. Otherwise the rig would look for them in `PATH`,
        // but `PATH` is for users.
        program("imaged");
        let daemons = Daemons::start(scratch.path(), Arc::default(), StatusPages::Shown);
        Self { daemons: daemons.unwrap_or_else(|error| panic!("{error}")), scratch }
    }

    /// Returns a path in the rig's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Starts imaged again. It listens at the same address as before.
    ///
    /// # Panics
    /// If it does not start. The message contains its log.
    pub fn start_imaged(&mut self) {
        self.daemons.start_imaged().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Starts unpackd again. It listens at the same address as before.
    ///
    /// # Panics
    /// If it does not start. The message contains its log.
    pub fn start_unpackd(&mut self) {
        self.daemons.start_unpackd().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Returns the `ADDRESS:PORT` that imaged listens at.
    pub fn imaged_address(&self) -> &str {
        self.daemons.imaged_address()
    }

    /// Returns the `ADDRESS:PORT` that unpackd listens at.
    pub fn unpackd_address(&self) -> &str {
        self.daemons.unpackd_address()
    }

    /// Returns `http://ADDRESS:PORT/` of the running imaged's status pages.
    ///
    /// # Panics
    /// If imaged does not run.
    pub fn imaged_status(&self) -> &str {
        &self.daemons.imaged().expect("a running imaged").status
    }

    /// Returns `http://ADDRESS:PORT/` of the running unpackd's status pages.
    ///
    /// # Panics
    /// If unpackd does not run.
    pub fn unpackd_status(&self) -> &str {
        &self.daemons.unpackd().expect("a running unpackd").status
    }

    /// Returns the log of all runs of a daemon (`imaged` or `unpackd`).
    pub fn log(&self, name: &str) -> String {
        self.daemons.log(name)
    }

    /// Sends a signal to imaged.
    ///
    /// # Panics
    /// If imaged does not run.
    pub fn signal_imaged(&self, signal: rustix::process::Signal) {
        let imaged = self.daemons.imaged().expect("a running imaged");
        rustix::process::kill_process(imaged.pid(), signal).expect("a signal that arrives");
    }

    /// Kills imaged with SIGKILL, if it runs.
    pub fn kill_imaged(&mut self) {
        self.daemons.kill_imaged();
    }

    /// Kills unpackd with SIGKILL, if it runs.
    pub fn kill_unpackd(&mut self) {
        self.daemons.kill_unpackd();
    }

    /// Prepares a command of publish-cli with an identity's certificates and a clean environment.
    pub fn command(&self, identity: &str) -> Command {
        let mut command = Command::new(program("publish-cli"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.scratch.path())
            .env("USER", "tester")
            .env("IMPRINT_IMAGED", self.imaged_address())
            .env("IMPRINT_UNPACKD", self.unpackd_address())
            .env("IMPRINT_TLS_DIR", self.daemons.tls_dir(identity));
        command
    }

    /// Runs a command as `publish`; the command must succeed. Returns its JSON document.
    ///
    /// # Panics
    /// If the command fails. The message contains its standard error.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command("publish").arg("--json").args(arguments).output().expect("a run");
        assert!(
            output.status.success(),
            "{arguments:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&output.stdout))
        })
    }

    /// Runs a command that must fail with the exit code `code`; returns its standard error.
    ///
    /// # Panics
    /// If the command ends in any other way.
    pub fn refused(&self, identity: &str, code: i32, arguments: &[&str]) -> String {
        let output = self.command(identity).args(arguments).output().expect("a run");
        expect_code(&output, code, arguments)
    }

    /// Adds a volume file for a stream to unpackd; returns its path.
    pub fn add_volume(&self, stream: &str, size: &str) -> PathBuf {
        let path = self.path(&format!("{}.img", stream.replace('/', "-")));
        let text = path.to_string_lossy().into_owned();
        let arguments =
            ["unpacker", "add-volume", "--file", &text, "--size", size, "--stream", stream];
        self.json(&arguments);
        path
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // A test need not wait for an orderly end.
        self.daemons.kill_unpackd();
        self.daemons.kill_imaged();
    }
}

/// Returns a path as text, for command lines.
///
/// # Panics
/// If the path is not UTF-8.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the test's own")
}

/// Asserts the exit code of a run; returns its standard error.
///
/// # Panics
/// If the run ended in any other way.
pub fn expect_code(output: &Output, code: i32, arguments: &[&str]) -> String {
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    message
}

/// Finds a program in the target folder of this test.
///
/// # Panics
/// If the program is not built; `make test` and `cargo build` build it.
pub fn program(name: &str) -> PathBuf {
    let path = rig::program(name);
    assert!(path.is_absolute(), "{name} is not built: run `cargo build` first");
    path
}
