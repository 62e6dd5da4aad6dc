//! A rig for end-to-end tests: real daemons as processes, the real command line, real trees.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

pub mod browser;
pub mod machine;
pub mod release;
pub mod rootfs;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// Both daemons as processes, their folder, and the certificates of all identities.
#[derive(Debug)]
pub struct Rig {
    scratch: tempfile::TempDir,
    imaged: Option<Child>,
    unpackd: Option<Child>,
    imaged_address: String,
    unpackd_address: String,
    /// Address of imaged's status pages, as `http://ADDRESS:PORT/`.
    pub imaged_status: String,
    /// Address of unpackd's status pages, as `http://ADDRESS:PORT/`.
    pub unpackd_status: String,
}

impl Rig {
    /// Makes certificates and starts both daemons.
    ///
    /// # Panics
    /// If anything fails.
    pub fn start() -> Self {
        Self::start_in(|_| {})
    }

    /// Like [`Rig::start`], but calls `prepare` with the empty rig before the daemons start.
    ///
    /// # Panics
    /// If anything fails.
    pub fn start_in(prepare: impl FnOnce(&Self)) -> Self {
        let mut rig = Self {
            scratch: testkit::scratch(),
            imaged: None,
            unpackd: None,
            imaged_address: "127.0.0.1:0".to_owned(),
            unpackd_address: "127.0.0.1:0".to_owned(),
            imaged_status: String::new(),
            unpackd_status: String::new(),
        };
        prepare(&rig);
        testkit::image::run(
            Command::new(program("imaged")).args(["pki", "init"]).arg(rig.path("pki")),
        );
        rig.start_imaged();
        rig.start_unpackd();
        rig
    }

    /// Returns a path in the rig's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Starts imaged; a restart uses the address that it had before.
    pub fn start_imaged(&mut self) {
        let (child, address, status) =
            self.serve("imaged", &self.imaged_address, |command, rig| {
                command.arg("--data-dir").arg(rig.path("imaged"));
                command.arg("--tls-dir").arg(rig.path("pki/imaged"));
            });
        (self.imaged, self.imaged_address, self.imaged_status) = (Some(child), address, status);
    }

    /// Starts unpackd; a restart uses the address that it had before.
    pub fn start_unpackd(&mut self) {
        let (child, address, status) =
            self.serve("unpackd", &self.unpackd_address, |command, rig| {
                command.arg("--state-dir").arg(rig.path("unpackd"));
                command.arg("--tls-dir").arg(rig.path("pki/unpackd"));
                command.args(["--imaged", &rig.imaged_address]);
            });
        (self.unpackd, self.unpackd_address, self.unpackd_status) = (Some(child), address, status);
    }

    fn serve(
        &self,
        name: &str,
        listen: &str,
        arguments: impl FnOnce(&mut Command, &Self),
    ) -> (Child, String, String) {
        let log = self.path(&format!("{name}.log"));
        let log = std::fs::File::options().create(true).append(true).open(log).expect("a log file");
        let mut command = Command::new(program(name));
        command.args(["serve", "--listen", listen, "--status-listen", "127.0.0.1:0"]);
        command.args(["--parent", &std::process::id().to_string()]);
        arguments(&mut command, self);
        let mut child =
            command.stdout(Stdio::piped()).stderr(log).spawn().expect("a daemon that starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let mut address_behind = |words: &str| {
            let line = lines.next().and_then(Result::ok).unwrap_or_default();
            let address = line.strip_prefix(words).map(str::to_owned);
            address.unwrap_or_else(|| panic!("{name} did not start: {line} {}", self.log(name)))
        };
        let address = address_behind("listening on ");
        let status = address_behind("status at ");
        (child, address, status)
    }

    /// Returns the `ADDRESS:PORT` that imaged listens at.
    pub fn imaged_address(&self) -> &str {
        &self.imaged_address
    }

    /// Returns the `ADDRESS:PORT` that unpackd listens at.
    pub fn unpackd_address(&self) -> &str {
        &self.unpackd_address
    }

    /// Returns the log of a daemon (`imaged` or `unpackd`), of all its runs.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(&format!("{name}.log"))).unwrap_or_default()
    }

    /// Sends a signal to imaged.
    ///
    /// # Panics
    /// If imaged does not run.
    pub fn signal_imaged(&self, signal: rustix::process::Signal) {
        let imaged = self.imaged.as_ref().expect("a running imaged");
        rustix::process::kill_process(rustix::process::Pid::from_child(imaged), signal)
            .expect("a signal that arrives");
    }

    /// Kills imaged with SIGKILL, if it runs.
    pub fn kill_imaged(&mut self) {
        kill(&mut self.imaged);
    }

    /// Kills unpackd with SIGKILL, if it runs.
    pub fn kill_unpackd(&mut self) {
        kill(&mut self.unpackd);
    }

    /// Prepares a command of publish-cli with an identity's certificates and a clean environment.
    pub fn command(&self, identity: &str) -> Command {
        let mut command = Command::new(program("publish-cli"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.scratch.path())
            .env("USER", "tester")
            .env("IMPRINT_IMAGED", &self.imaged_address)
            .env("IMPRINT_UNPACKD", &self.unpackd_address)
            .env("IMPRINT_TLS_DIR", self.path("pki").join(identity));
        command
    }

    /// Runs a command as `publish`; the command must succeed. Returns its JSON document.
    ///
    /// # Panics
    /// If the command fails, with its standard error.
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
    /// If the command ends otherwise.
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
        kill(&mut self.unpackd);
        kill(&mut self.imaged);
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
/// If the run ended otherwise.
pub fn expect_code(output: &Output, code: i32, arguments: &[&str]) -> String {
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    message
}

fn kill(child: &mut Option<Child>) {
    if let Some(mut child) = child.take() {
        child.kill().ok();
        child.wait().ok();
    }
}

/// Finds a program in the target folder of this test.
///
/// # Panics
/// If the program is not built; `make test` and `cargo build` build it.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this program's path");
    let folder = test.parent().and_then(Path::parent).expect("a target folder");
    let path = folder.join(name);
    assert!(path.exists(), "{} is not built: run `cargo build` first", path.display());
    path
}
