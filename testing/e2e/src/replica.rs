//! Image servers that follow another.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rig::{Server, StatusPages};
use serde_json::Value;

use crate::{Rig, text};

/// Time in which a replica must have followed.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(20);

/// Another imaged that follows the rig's.
#[derive(Debug)]
pub struct Replica<'a> {
    rig: &'a Rig,
    name: &'static str,
    /// The server.
    pub server: Server,
}

impl<'a> Replica<'a> {
    /// Starts a replica of the rig's imaged, with further arguments of `imaged serve`. `name` is the name of its data
    /// folder in the rig's folder.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(rig: &'a Rig, name: &'static str, arguments: &[&str]) -> Self {
        Self::of(rig, rig.imaged_address(), name, arguments)
    }

    /// Starts a replica of any server.
    ///
    /// # Panics
    /// If it does not start.
    pub fn of(rig: &'a Rig, primary: &str, name: &'static str, arguments: &[&str]) -> Self {
        Self::with_certificates(rig, primary, name, "replicate", arguments)
    }

    /// Starts a replica that shows the certificate of `identity` to its primary.
    ///
    /// # Panics
    /// If it does not start.
    pub fn with_certificates(
        rig: &'a Rig,
        primary: &str,
        name: &'static str,
        identity: &str,
        arguments: &[&str],
    ) -> Self {
        let log = rig.path(&format!("{name}.log"));
        let listen = ("imaged", "127.0.0.1:0");
        let server = Server::start(&Arc::default(), listen, StatusPages::Shown, &log, |command| {
            command.arg("--data-dir").arg(rig.path(name));
            command.arg("--tls-dir").arg(rig.path("pki/imaged"));
            command.args(["--primary", primary]);
            command.arg("--primary-tls-dir").arg(rig.path("pki").join(identity)).args(arguments);
        });
        Self::running(rig, name, server.unwrap())
    }

    /// Wraps a replica that runs.
    pub fn running(rig: &'a Rig, name: &'static str, server: Server) -> Self {
        Self { rig, name, server }
    }

    /// Runs publish-cli against this server, as `publish`.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.rig.command("publish");
        command.env("IMPRINT_IMAGED", &self.server.address).arg("--json").args(arguments);
        command.output().unwrap()
    }

    /// Returns the record of an image here; `None` if there is no such image.
    ///
    /// # Panics
    /// If the server does not answer.
    pub fn record(&self, image: &str) -> Option<Value> {
        let output = self.run(&["image", "show", image]);
        match output.status.code() {
            Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
            Some(3) => None,
            _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        }
    }

    /// Waits until what is here of an image satisfies a condition.
    ///
    /// # Panics
    /// If it never does.
    pub fn wait(&self, image: &str, condition: impl Fn(Option<&Value>) -> bool) {
        let deadline = Instant::now() + FOLLOWED_WITHIN;
        while !condition(self.record(image).as_ref()) {
            assert!(Instant::now() < deadline, "{image}: {}", self.log());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Waits until the log has these words.
    ///
    /// # Panics
    /// If they do not come.
    pub fn wait_for_log(&self, words: &str) {
        let deadline = Instant::now() + FOLLOWED_WITHIN;
        while !self.log().contains(words) {
            assert!(Instant::now() < deadline, "no '{words}': {}", self.log());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Returns the log of all runs.
    ///
    /// # Panics
    /// If there is none.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.rig.path(&format!("{}.log", self.name))).unwrap()
    }

    /// Checks that an image here is whole, and the same as at the primary.
    ///
    /// # Panics
    /// If it is not.
    pub fn assert_whole(&self, image: &str) {
        let verified = self.run(&["image", "verify", image]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        let at_primary = self.rig.json(&["image", "show", image]);
        assert_eq!(self.record(image).unwrap()["manifest"], at_primary["manifest"]);
    }
}

/// Adds a tree as an image to the rig's imaged.
///
/// # Panics
/// If that fails.
pub fn add(rig: &Rig, tree: &Path, image: &str) {
    rig.json(&["image", "add", image, text(tree)]);
}
