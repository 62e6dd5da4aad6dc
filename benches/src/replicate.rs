//! Measures replication: the time from an image's acknowledgement at the primary until replicas show it.
//!
//! `replicate TREE1 TREE2 [--rounds N] [--work-dir DIR]` takes two revisions of a root filesystem. Each round starts a
//! primary and replicas that have the first revision, adds the second, and waits for it at each replica. Replicas are
//! on the same machine: one, five at once, a chain of three; and the same with each replica
//! behind a link of its own, of 80 ms round trip and 100 Mbit/s.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "nothing here must survive a crash")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use benches::times::Times;
use clap::Parser;
use publisher::{Addition, Addresses, Client, Silent};
use rig::{Link, LinkSpeed, Processes, Server, StatusPages};
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use transfer::fetch::Remote;

/// The slow link: 80 ms for a round trip, 100 Mbit/s.
const SLOW: LinkSpeed = LinkSpeed { delay: Duration::from_millis(40), rate: 100_000_000 / 8 };

/// Time that a replica may take for anything.
const WAIT: Duration = Duration::from_secs(300);

/// Measures how long images take from a primary to its replicas.
#[derive(Debug, Parser)]
struct Args {
    /// The first and the second revision of a root filesystem.
    #[arg(num_args = 2, required = true)]
    trees: Vec<PathBuf>,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Folder for the servers' data.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
}

/// How replicas are connected.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    One,
    Slow,
    Five,
    Chain,
    /// As `Five` and `Chain`, each replica behind a slow link of its own.
    SlowFive,
    SlowChain,
}

impl Shape {
    const ALL: [Self; 6] =
        [Self::One, Self::Slow, Self::Five, Self::Chain, Self::SlowFive, Self::SlowChain];

    fn name(self) -> &'static str {
        match self {
            Self::One => "one replica",
            Self::Slow => "slow link",
            Self::Five => "five, the last",
            Self::Chain => "chain of three, the last",
            Self::SlowFive => "five slow links, the last",
            Self::SlowChain => "chain of slow links, the last",
        }
    }

    /// Stream of the images that only the replicas of this shape follow.
    fn stream(self) -> &'static str {
        match self {
            Self::One => "one/debian",
            Self::Slow => "slow/debian",
            Self::Five => "five/debian",
            Self::Chain => "chain/debian",
            Self::SlowFive => "slow-five/debian",
            Self::SlowChain => "slow-chain/debian",
        }
    }

    fn count(self) -> usize {
        match self {
            Self::One | Self::Slow => 1,
            Self::Five | Self::SlowFive => 5,
            Self::Chain | Self::SlowChain => 3,
        }
    }

    fn is_slow(self) -> bool {
        matches!(self, Self::Slow | Self::SlowFive | Self::SlowChain)
    }

    fn is_chain(self) -> bool {
        matches!(self, Self::Chain | Self::SlowChain)
    }
}

/// The servers of a round, in one folder.
struct Bench<'a> {
    folder: &'a Path,
    runtime: &'a Runtime,
    processes: Arc<Processes>,
    primary: Server,
}

impl<'a> Bench<'a> {
    fn start(folder: &'a Path, runtime: &'a Runtime) -> anyhow::Result<Self> {
        let processes = Arc::<Processes>::default();
        let mut command = std::process::Command::new(rig::program("imaged"));
        processes.run(command.args(["pki", "init"]).arg(folder.join("pki")))?;
        let primary = serve(folder, &processes, "primary", None)?;
        Ok(Self { folder, runtime, processes, primary })
    }

    fn remote(&self, address: &str) -> anyhow::Result<Remote> {
        let tls = TlsDir::load(&self.folder.join("pki/read"))?;
        let channel = self.runtime.block_on(rpc::client::connect(address, &tls))?;
        Ok(Remote::new(address.to_owned(), channel, self.runtime.handle().clone()))
    }

    /// Adds a revision at the primary; returns the time of the acknowledgement and the length of the new objects.
    fn add(&self, name: &str, tree: &Path) -> anyhow::Result<(Instant, u64)> {
        let tls = TlsDir::load(&self.folder.join("pki/publish"))?;
        let addresses =
            Addresses { imaged: Some(self.primary.address.clone()), ..Addresses::default() };
        let silent = Arc::new(Silent);
        let client = Client::new(addresses, tls, self.runtime.handle().clone(), silent);
        let added = publisher::add::add(&client, &Addition::new(name.parse()?, tree))?;
        Ok((Instant::now(), added.new_bytes))
    }

    /// Starts the replicas of a shape; returns them with the links that slow ones are behind.
    fn replicas(&self, shape: Shape) -> anyhow::Result<(Vec<Server>, Vec<Link>)> {
        let (mut servers, mut links): (Vec<Server>, Vec<Link>) = Default::default();
        for number in 0..shape.count() {
            let last = servers.last().filter(|_| shape.is_chain());
            let mut primary = last.map_or(&self.primary.address, |last| &last.address);
            if shape.is_slow() {
                links.push(Link::start(primary, SLOW)?);
                primary = links.last().map_or(primary, |link| &link.address);
            }
            let name = format!("{}-{number}", shape.stream().replace('/', "-"));
            let followed = Some((primary.as_str(), shape.stream()));
            servers.push(serve(self.folder, &self.processes, &name, followed)?);
        }
        Ok((servers, links))
    }

    /// Adds a revision and waits until every replica shows it; returns the longest wait.
    fn spread(&self, servers: &[Server], name: &str, tree: &Path) -> anyhow::Result<(f64, u64)> {
        let name_of_image = name.parse()?;
        let remotes = servers.iter().map(|server| self.remote(&server.address));
        let remotes = remotes.collect::<anyhow::Result<Vec<_>>>()?;
        std::thread::scope(|scope| {
            let waits: Vec<_> = remotes
                .iter()
                .map(|remote| {
                    scope.spawn(|| remote.wait_image(&name_of_image, WAIT).map(|_| Instant::now()))
                })
                .collect();
            let (added, bytes) = self.add(name, tree)?;
            let mut longest = 0.0_f64;
            for wait in waits {
                let seen = wait.join().map_err(|_| anyhow::anyhow!("a wait panicked"))??;
                longest = longest.max(seen.saturating_duration_since(added).as_secs_f64());
            }
            Ok((longest, bytes))
        })
    }
}

fn serve(
    folder: &Path,
    processes: &Arc<Processes>,
    name: &str,
    followed: Option<(&str, &str)>,
) -> anyhow::Result<Server> {
    let log = folder.join(format!("{name}.log"));
    let listen = ("imaged", "127.0.0.1:0");
    let server = Server::start(processes, listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(folder.join(name));
        command.arg("--tls-dir").arg(folder.join("pki/imaged"));
        if let Some((primary, stream)) = followed {
            command.args(["--primary", primary, "--include", stream]);
            command.arg("--primary-tls-dir").arg(folder.join("pki/replicate"));
        }
    });
    Ok(server?)
}

fn one_round(args: &Args, folder: &Path, times: &mut Times) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let bench = Bench::start(folder, &runtime)?;
    let [first, second] = [&args.trees[0], &args.trees[1]];
    for shape in Shape::ALL {
        let (servers, links) = bench.replicas(shape)?;
        let revision = |leaf: &str| format!("{}/{leaf}", shape.stream());
        let (first_wait, _) = bench.spread(&servers, &revision("1"), first)?;
        if shape == Shape::One {
            times.add("one replica, first revision", first_wait);
        }
        let received = || links.iter().map(Link::received).max().unwrap_or(0);
        let before = received();
        let (wait, new_bytes) = bench.spread(&servers, &revision("2"), second)?;
        times.add(shape.name(), wait);
        if shape == Shape::One {
            times.add("new objects, MB", new_bytes as f64 / 1e6);
        }
        if shape == Shape::Slow {
            times.add("slow link, MB on the wire", (received() - before) as f64 / 1e6);
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    ensure!(args.trees.iter().all(|tree| tree.is_dir()), "two trees are needed");
    let mut times = Times::default();
    for round in 1..=args.rounds {
        let folder =
            tempfile::Builder::new().prefix("imprint-replicate-").tempdir_in(&args.work_dir)?;
        one_round(&args, folder.path(), &mut times).with_context(|| format!("round {round}"))?;
    }
    times.print();
    let one = "one replica";
    let bandwidth = times.median("slow link, MB on the wire") / 12.5;
    let wire = times.ratio("slow link, MB on the wire", "new objects, MB");
    for (what, figure, limit) in [
        ("one replica, s", times.median(one), 1.0),
        ("slow link, s without the bytes' time", times.median("slow link") - bandwidth, 3.0),
        ("bytes on the wire / new objects", wire, 1.1),
        ("five, the last / one", times.ratio("five, the last", one), 1.5),
        ("chain of three, the last / one", times.ratio("chain of three, the last", one), 1.5),
        (
            "five slow links, the last / one",
            times.ratio(Shape::SlowFive.name(), Shape::Slow.name()),
            1.5,
        ),
        (
            "chain of slow links, the last / one",
            times.ratio(Shape::SlowChain.name(), Shape::Slow.name()),
            1.5,
        ),
    ] {
        let verdict = if figure <= limit { "met" } else { "MISSED" };
        println!("{what}: {figure:.2} (at most {limit}: {verdict})");
    }
    Ok(())
}
