//! A rig for publishing to AWS: both daemons as processes, and the AWS simulator inside the test's process.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use awssim::config::{Account, Timing};
use awssim::{Config, Running, Sim};
use rig::simulator;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::Rig;

/// Ids of two accounts: `dev`, which publishes, and `prod`.
pub const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];

/// Time that a command run by [`Release::watched`] may take.
const WATCHED_MAX: Duration = Duration::from_secs(400);

/// Returns the name that the rig's configuration gives to an account: `dev`, `prod` or `team-ID`.
pub fn name_of(id: &str) -> String {
    match ACCOUNTS.iter().position(|known| *known == id) {
        Some(0) => "dev".to_owned(),
        Some(_) => "prod".to_owned(),
        None => format!("team-{id}"),
    }
}

/// The daemons and a running simulator.
#[derive(Debug)]
pub struct Release {
    /// The daemons; their folder also holds the simulator's state and the publisher's configuration.
    pub rig: Rig,
    /// The simulator. Tests set its faults and its clock, and look at its state.
    pub sim: Arc<Sim>,
    running: Option<Running>,
    runtime: Runtime,
}

/// Returns a configuration for the simulator, in which all waits are short.
pub fn soon(encryption_by_default: bool) -> Config {
    let account = Account { encryption_by_default, ..Account::default() };
    Config {
        timing: Timing {
            snapshot_ms: [100, 500],
            ami_ms: 100,
            visible_after_ms: 50,
            put_ms: [5, 25],
            call_ms: [1, 5],
            readable_ms: [0, 1000],
            in_use_ms: [0, 3000],
            listed_ms: 1000,
            parameter_ms: [500, 2000],
            parameter_gone_ms: 3000,
            token_s: 7 * 86_400,
        },
        accounts: ACCOUNTS.map(|id| (id.to_owned(), account.clone())).into(),
        ..Config::default()
    }
}

impl Release {
    /// Starts the daemons and the simulator, and writes a publisher's configuration with all accounts.
    ///
    /// # Panics
    /// If anything fails.
    pub fn start(config: Config) -> Self {
        let rig = Rig::start();
        let state = rig.path("awssim");
        std::fs::create_dir_all(&state).expect("a folder");
        let sim = Sim::open(config, &state).expect("a simulator");
        let runtime = Runtime::new().expect("a runtime");
        let listen = "127.0.0.1:0".parse().expect("an address");
        let running = runtime.block_on(Running::start(Arc::clone(&sim), listen, &state));
        let folder = rig.path(".config/imprint");
        std::fs::create_dir_all(&folder).expect("a folder");
        let accounts = sim.config().accounts.keys().map(|id| (name_of(id), id.clone()));
        let config = simulator::publisher_config(accounts) + "[aws.groups]\nall = [\"*/*\"]\n";
        std::fs::write(folder.join("config.toml"), config).expect("a configuration");
        Self { rig, sim, running: Some(running.expect("a server")), runtime }
    }

    /// Appends text to the publisher's configuration.
    ///
    /// # Panics
    /// If the file cannot be written.
    pub fn configure(&self, text: &str) {
        let path = self.rig.path(".config/imprint/config.toml");
        let all = std::fs::read_to_string(&path).expect("a configuration") + text;
        std::fs::write(path, all).expect("a configuration");
    }

    /// Returns the simulator's port.
    ///
    /// # Panics
    /// If the simulator ended.
    pub fn port(&self) -> u16 {
        self.running.as_ref().expect("a simulator").address.port()
    }

    /// Prepares a command of publish-cli that uses the simulator as AWS.
    ///
    /// # Panics
    /// If the simulator ended.
    pub fn command(&self) -> Command {
        let address = self.running.as_ref().expect("a simulator").address;
        let mut command = self.rig.command("publish");
        simulator::use_as_aws(&mut command, &address.to_string(), ACCOUNTS[0]);
        command
    }

    /// Runs a command; returns its exit code, its JSON document and its standard error. If the output is no JSON, the
    /// document is null.
    ///
    /// # Panics
    /// If the command cannot be run.
    pub fn run(&self, arguments: &[&str]) -> (i32, Value, String) {
        let output = self.command().arg("--json").args(arguments).output().expect("a run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code().unwrap_or(-1), document, said)
    }

    /// Runs a command; returns its exit code, its JSON document and its peak memory in KiB.
    ///
    /// # Panics
    /// If the command takes longer than 400 s, or prints no JSON.
    pub fn watched(&self, command: &mut Command) -> (Option<i32>, Value, u64) {
        let log = std::fs::File::create(self.rig.path("publish.log")).expect("a log");
        let mut child =
            command.stdout(Stdio::piped()).stderr(log).spawn().expect("a command that starts");
        let pid = child.id();
        let mut stdout = child.stdout.take().expect("a pipe");
        let reading = std::thread::spawn(move || {
            let mut text = Vec::new();
            stdout.read_to_end(&mut text).map(|_| text)
        });
        let (mut memory, deadline) = (0, Instant::now() + WATCHED_MAX);
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            memory = memory.max(peak_kib(pid));
            if Instant::now() > deadline {
                child.kill().ok();
                panic!("it does not end");
            }
            std::thread::park_timeout(Duration::from_millis(50));
        };
        let text = reading.join().expect("a reader").expect("what it says");
        let said = || std::fs::read_to_string(self.rig.path("publish.log")).unwrap_or_default();
        let document =
            serde_json::from_slice(&text).unwrap_or_else(|_| panic!("{status}: {}", said()));
        (status.code(), document, memory)
    }

    /// Runs a command that must succeed; returns its JSON document.
    ///
    /// # Panics
    /// If the command fails.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let (code, document, said) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}\n{document}");
        document
    }

    /// Publishes an image to targets; `more` are further arguments.
    ///
    /// # Panics
    /// If the command fails.
    pub fn publish(&self, image: &str, targets: &[&str], more: &[&str]) -> Value {
        self.json(
            &self.arguments(image, targets, more).iter().map(String::as_str).collect::<Vec<_>>(),
        )
    }

    /// Returns the arguments for publishing an image directly to targets.
    pub fn arguments(&self, image: &str, targets: &[&str], more: &[&str]) -> Vec<String> {
        let work = self.rig.path(".").display().to_string();
        let mut arguments: Vec<String> =
            ["publish", image, "--via", "direct", "--work-dir", &work].map(str::to_owned).into();
        for target in targets {
            arguments.extend(["--target".to_owned(), (*target).to_owned()]);
        }
        arguments.extend(more.iter().map(|text| (*text).to_owned()));
        arguments
    }

    /// Writes the bytes of a snapshot to a file `name`, as a volume made from the snapshot would show them. Returns the
    /// path of the file.
    ///
    /// # Panics
    /// If there is no such snapshot.
    pub fn read_back(&self, snapshot: &str, name: &str) -> PathBuf {
        let disk = self.sim.disk(snapshot).expect("a snapshot");
        let path = self.rig.path(name);
        std::fs::write(&path, disk).expect("a disk");
        path
    }

    /// Returns the ids of all snapshots and AMIs in all accounts, as `ACCOUNT/REGION/ID`.
    ///
    /// # Panics
    /// Never.
    pub fn left(&self) -> Vec<String> {
        let world = self.sim.world();
        let mut left = Vec::new();
        for (account, regions) in &world.places {
            for (region, place) in regions {
                left.extend(place.snapshots.keys().map(|id| format!("{account}/{region}/{id}")));
                left.extend(place.amis.keys().map(|id| format!("{account}/{region}/{id}")));
            }
        }
        left
    }
}

/// Longest time until a command reports an error.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

/// Runs a command that must end within 10 s; returns its exit code, its JSON document and its standard error.
///
/// # Panics
/// If the command takes longer, or a signal ended it.
pub fn ends_soon(command: &mut Command) -> (i32, Value, String) {
    let began = Instant::now();
    let output = command.output().expect("a run");
    let took = began.elapsed();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(took < TOLD_WITHIN, "{took:?}: {said}");
    let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().expect("an exit code"), document, said)
}

/// Returns the peak memory of a process in KiB; 0 if it has ended.
fn peak_kib(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

impl Drop for Release {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

/// Makes a small tree with files of noise. It also has a program of this machine, which shows the tree's architecture.
///
/// # Panics
/// If the tree cannot be made.
pub fn small_tree(path: &Path) {
    std::fs::create_dir_all(path.join("usr/bin")).expect("folders");
    std::fs::copy("/bin/true", path.join("usr/bin/true")).expect("a program");
    for number in 0..40 {
        let content = testkit::hostile::noise(300_000, number);
        std::fs::write(path.join(format!("file-{number}")), content).expect("a file");
    }
}

/// Makes a small disk image that does not boot: data, holes, and a length that ends within a block. Two blocks depend
/// on `seed`.
///
/// # Panics
/// If the image cannot be made.
pub fn small_disk(path: &Path, seed: u64) {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::create(path).expect("a disk");
    file.set_len((40 << 20) + 4096).expect("a length");
    for (at, len, seed) in [(0, 3 << 20, 1), (10 << 20, 4096, seed), (20 << 20, 5 << 20, 2)] {
        file.write_all_at(&testkit::hostile::noise(len, seed), at).expect("data");
    }
    file.write_all_at(&seed.to_le_bytes(), 40 << 20).expect("data");
}

/// Length of [`efi_disk`]; the last block is incomplete.
pub const EFI_DISK_LEN: u64 = 300 * (512 << 10) + 4096;

/// Makes a disk with a partition table, an EFI system partition, data, holes, and stored zeros.
///
/// # Panics
/// If the disk cannot be made.
pub fn efi_disk(path: &Path) {
    use std::io::Write;
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::create(path).expect("a disk");
    file.set_len(EFI_DISK_LEN).expect("a length");
    let table = "label: gpt\nstart=2048, size=65536, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B\n\
                 start=67584, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4\n";
    let mut command = Command::new("sfdisk");
    let command = command.arg("-q").arg(path).stdin(Stdio::piped());
    let mut child = command.spawn().expect("sfdisk");
    child.stdin.take().expect("a pipe").write_all(table.as_bytes()).expect("a table");
    assert!(child.wait().expect("an end").success());
    for (at, content) in [
        (2 << 20, testkit::hostile::noise(3 << 20, 1)),
        (64 << 20, vec![0; 2 << 20]),
        ((100 << 20) + 12345, testkit::hostile::noise(5 << 20, 2)),
        (EFI_DISK_LEN - 12, b"the very end".to_vec()),
    ] {
        file.write_all_at(&content, at).expect("data");
    }
    file.sync_all().expect("a durable disk");
}
