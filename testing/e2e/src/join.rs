//! Machines that join by a token.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rig::{Server, StatusPages};
use serde_json::Value;

use crate::{Rig, expect_code, program};

/// Limit on the time until something happens.
const SOON: Duration = Duration::from_secs(30);

/// An image server at which machines join, with the certificates and the data of a rig.
#[derive(Debug)]
pub struct JoinServer<'a> {
    rig: &'a Rig,
    /// The server.
    pub server: Server,
    /// `ADDRESS:PORT` at which machines join.
    pub joins: String,
}

impl<'a> JoinServer<'a> {
    /// Starts it.
    ///
    /// # Panics
    /// If that fails.
    pub fn start(rig: &'a Rig) -> Self {
        let listen = ("imaged", "127.0.0.1:0");
        let log = rig.path("join.log");
        let begin = std::fs::read_to_string(&log).unwrap_or_default().len();
        let server = Server::start(&Arc::default(), listen, StatusPages::Shown, &log, |command| {
            command.arg("--data-dir").arg(rig.path("join-data"));
            command.arg("--tls-dir").arg(rig.path("pki/imaged"));
            command.args(["--join-listen", "127.0.0.1:0"]);
        });
        let server = server.unwrap();
        let said = std::fs::read_to_string(&log).unwrap()[begin..].to_owned();
        let line = said.lines().find(|line| line.contains("machines join here")).unwrap();
        let joins = line.rsplit("address=").next().unwrap().trim().to_owned();
        Self { rig, server, joins }
    }

    /// Returns the log of all runs.
    ///
    /// # Panics
    /// If that fails.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.rig.path("join.log")).unwrap()
    }

    /// Runs `imaged pki` with the folder of the CA, and with this server as `identity`.
    ///
    /// # Panics
    /// If that fails.
    pub fn pki_as(&self, identity: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program("imaged"));
        command.arg("pki").arg(arguments[0]).arg(self.rig.path("pki")).args(&arguments[1..]);
        command.args(["--imaged", &self.server.address]);
        command.arg("--tls-dir").arg(self.rig.path("pki").join(identity));
        command.output().unwrap()
    }

    /// Runs `imaged pki` as an admin; returns its standard output.
    ///
    /// # Panics
    /// If that fails.
    pub fn pki(&self, arguments: &[&str]) -> String {
        let output = self.pki_as("admin", arguments);
        expect_code(&output, 0, arguments);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes a token, as a file.
    ///
    /// # Panics
    /// If that fails.
    pub fn token(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let path = self.rig.path(name);
        std::fs::write(&path, self.pki(&[&["token"], arguments].concat())).unwrap();
        path
    }

    /// Lists the tokens that an identity may see.
    ///
    /// # Panics
    /// If that fails.
    pub fn tokens(&self, identity: &str) -> Vec<Value> {
        let mut command = Command::new(program("imaged"));
        command.args(["pki", "tokens", "--json", "--imaged", &self.server.address]);
        command.arg("--tls-dir").arg(self.rig.path("pki").join(identity));
        let output = command.output().unwrap();
        expect_code(&output, 0, &["tokens"]);
        let all: Value = serde_json::from_slice(&output.stdout).unwrap();
        all["tokens"].as_array().unwrap().clone()
    }

    /// Starts to join a machine.
    ///
    /// # Panics
    /// If that fails.
    pub fn join(&self, token: &Path, folder: &Path) -> Child {
        let mut command = Command::new(program("unpackd"));
        command.args(["join", "--imaged", &self.joins, "--wait", "60s"]);
        command.arg("--token").arg(token).arg("--tls-dir").arg(folder);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Joins, and expects an exit code; returns what it says.
    ///
    /// # Panics
    /// If that fails.
    pub fn join_ends(&self, code: i32, token: &Path, folder: &Path) -> String {
        let output = self.join(token, folder).wait_with_output().unwrap();
        let said = expect_code(&output, code, &["join"]);
        format!("{said}{}", String::from_utf8(output.stdout).unwrap())
    }

    /// Waits until a token satisfies a condition.
    ///
    /// # Panics
    /// If that fails.
    pub fn wait_for(&self, what: &str, holds: impl Fn(&Value) -> bool) {
        let begun = Instant::now();
        while !self.tokens("admin").iter().any(&holds) {
            assert!(begun.elapsed() < SOON, "in vain: {what}: {}", self.log());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Returns the metric of misused tokens.
    ///
    /// # Panics
    /// If that fails.
    pub fn misused(&self) -> String {
        let url = format!("{}metrics", self.server.status);
        let output = Command::new("curl").args(["-sS", "--fail", &url]).output().unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        let start = "imprint_join_tokens{state=\"misused\"} ";
        page.lines().find_map(|line| line.strip_prefix(start)).unwrap().to_owned()
    }
}
