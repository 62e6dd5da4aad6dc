//! Measures collections of garbage beside uploads and reads.
//!
//! `collect TREE [--revisions N] [--work-dir DIR]` makes revisions of a root filesystem, adds them to an imaged, and
//! removes a fifth. Four clients read single objects and four add small images, first without and then with
//! a collection. A replica that is made afterwards shows the space that the remaining images need.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "nothing here must survive a crash")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use benches::measure::run;
use clap::Parser;
use publisher::{Addition, Addresses, Client, Silent};
use rig::{Processes, Server, StatusPages};
use rpc::tls::TlsDir;
use store::{ImageContent, Store};
use testkit::random::Random;
use tokio::runtime::Runtime;
use transfer::fetch::Remote;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;

/// Clients that read, and clients that add.
const CLIENTS: u64 = 4;

/// Time for which reads are measured without a collection.
const QUIET: Duration = Duration::from_secs(20);

/// Files that change from one revision to the next, and in the image that a client adds.
const CHANGES: u64 = 200;
const CLIENT_CHANGES: u64 = 20;

/// Longest content that a changed file gets.
const CHANGE_LEN_MAX: u64 = 64 << 10;

/// Measures collections of garbage beside uploads and reads.
#[derive(Debug, Parser)]
struct Args {
    /// A root filesystem.
    tree: PathBuf,
    #[arg(long, default_value_t = 50)]
    revisions: u64,
    /// Folder for trees and data, with room for two copies of the tree.
    #[arg(long, default_value = "/dev/shm")]
    work_dir: PathBuf,
}

/// A tree whose files change at random.
struct ChangingTree {
    root: PathBuf,
    files: Vec<PathBuf>,
    random: Random,
}

impl ChangingTree {
    fn new(root: PathBuf, seed: u64) -> anyhow::Result<Self> {
        let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                match entry.file_type()? {
                    kind if kind.is_dir() => folders.push(entry.path()),
                    kind if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files.sort();
        Ok(Self { root, files, random: Random::new(seed) })
    }

    /// Writes new content to random files.
    fn change(&mut self, count: u64) -> anyhow::Result<()> {
        for _ in 0..count {
            let index = self.random.below(self.files.len() as u64) as usize;
            let len = self.random.below(CHANGE_LEN_MAX) as usize;
            let seed = self.random.below(u64::MAX);
            std::fs::write(&self.files[index], testkit::hostile::noise(len, seed))?;
        }
        Ok(())
    }
}

struct Bench {
    folder: PathBuf,
    runtime: Runtime,
    processes: Arc<Processes>,
    server: Server,
}

impl Bench {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        let processes = Arc::<Processes>::default();
        let mut command = Command::new(rig::program("imaged"));
        processes.run(command.args(["pki", "init"]).arg(folder.join("pki")))?;
        let server = serve(folder, &processes, "server", None)?;
        Ok(Self { folder: folder.to_owned(), runtime: Runtime::new()?, processes, server })
    }

    fn tls(&self, identity: &str) -> anyhow::Result<TlsDir> {
        Ok(TlsDir::load(&self.folder.join("pki").join(identity))?)
    }

    fn remote(&self, address: &str, identity: &str) -> anyhow::Result<Remote> {
        let channel = self.runtime.block_on(rpc::client::connect(address, &self.tls(identity)?))?;
        Ok(Remote::new(address.to_owned(), channel, self.runtime.handle().clone()))
    }

    fn add(&self, name: &str, tree: &Path) -> anyhow::Result<()> {
        let addresses =
            Addresses { imaged: Some(self.server.address.clone()), ..Addresses::default() };
        let (tls, silent) = (self.tls("publish")?, Arc::new(Silent));
        let client = Client::new(addresses, tls, self.runtime.handle().clone(), silent);
        publisher::add::add(&client, &Addition::new(name.parse()?, tree))?;
        Ok(())
    }

    fn publish_cli(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(rig::program("publish-cli"));
        command.args(["--imaged", &self.server.address, "--tls-dir"]);
        run(command.arg(self.folder.join("pki/publish")).args(arguments)).map(drop)
    }

    /// Returns the data objects of an image.
    fn objects(&self, name: &ImageName) -> anyhow::Result<Vec<Digest>> {
        let store = Store::open_read_only(&self.folder.join("server/store"))?;
        let manifest = store.image(name)?.manifest.parse()?;
        let content = ImageContent::load(&store, &manifest)?;
        Ok(content.data_objects().map(|(digest, _)| digest).collect())
    }

    /// Reads single objects and adds images until `work` ends; returns the times of all reads in seconds.
    fn under_load(
        &self,
        phase: &str,
        name: &ImageName,
        objects: &[Digest],
        work: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<f64>> {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let is_over = &is_over;
                    scope.spawn(move || self.read(client, name, objects, is_over))
                })
                .collect();
            let adders: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let is_over = &is_over;
                    scope.spawn(move || self.add_many(phase, client, is_over))
                })
                .collect();
            let worked = work();
            is_over.store(true, Ordering::Relaxed);
            for adder in adders {
                adder.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
            }
            let mut times = Vec::new();
            for reader in readers {
                times.extend(reader.join().map_err(|_| anyhow::anyhow!("a reader panicked"))??);
            }
            worked.map(|()| times)
        })
    }

    fn read(
        &self,
        client: u64,
        name: &ImageName,
        objects: &[Digest],
        is_over: &AtomicBool,
    ) -> anyhow::Result<Vec<f64>> {
        let remote = self.remote(&self.server.address, "read")?;
        let scratch = tempfile::tempdir_in(&self.folder)?;
        let mut random = Random::new(client + 1);
        let mut times = Vec::new();
        let store = Arc::new(Store::open_or_create(scratch.path(), Algorithm::Sha256)?);
        while !is_over.load(Ordering::Relaxed) {
            let digest = objects[random.below(objects.len() as u64) as usize];
            // A batch that is given up: nothing is kept here.
            let batch = store.begin()?;
            let began = Instant::now();
            remote.fetch(name, &[digest], &batch, &|_, _| {})?;
            times.push(began.elapsed().as_secs_f64());
            // As many clients read now and then, not as fast as they can.
            std::thread::park_timeout(Duration::from_millis(5));
        }
        Ok(times)
    }

    fn add_many(&self, phase: &str, client: u64, is_over: &AtomicBool) -> anyhow::Result<()> {
        let root = self.folder.join(format!("tree-{client}"));
        let mut tree = ChangingTree::new(root, client + 100)?;
        let mut count = 0;
        while !is_over.load(Ordering::Relaxed) {
            tree.change(CLIENT_CHANGES)?;
            self.add(&format!("client/{client}/{phase}-{count}"), &tree.root)?;
            count += 1;
            std::thread::park_timeout(Duration::from_millis(500));
        }
        Ok(())
    }
}

fn serve(
    folder: &Path,
    processes: &Arc<Processes>,
    name: &str,
    primary: Option<&str>,
) -> anyhow::Result<Server> {
    let log = folder.join(format!("{name}.log"));
    let listen = ("imaged", "127.0.0.1:0");
    let server = Server::start(processes, listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(folder.join(name));
        command.arg("--tls-dir").arg(folder.join("pki/imaged"));
        if let Some(primary) = primary {
            command.args(["--primary", primary]);
        }
    });
    Ok(server?)
}

fn packs_len(data: &Path) -> anyhow::Result<f64> {
    let mut len = 0;
    for pack in std::fs::read_dir(data.join("store/packs"))? {
        len += pack?.metadata()?.len();
    }
    Ok(len as f64)
}

/// Returns the p99 in milliseconds.
fn p99(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() * 99 / 100).copied().unwrap_or(f64::NAN) * 1000.0
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    ensure!(args.tree.is_dir(), "{} is no tree", args.tree.display());
    let folder = tempfile::Builder::new().prefix("imprint-collect-").tempdir_in(&args.work_dir)?;
    let bench = Bench::start(folder.path())?;
    let tree = folder.path().join("tree");
    run(&mut rig::debian::copy(&args.tree, &tree))?;
    for client in 0..CLIENTS {
        let to = folder.path().join(format!("tree-{client}"));
        run(&mut rig::debian::copy(&args.tree.join("usr/bin"), &to))?;
    }
    let mut tree = ChangingTree::new(tree, 1)?;
    for revision in 0..args.revisions {
        tree.change(CHANGES)?;
        let name = format!("base/debian/{revision}");
        bench.add(&name, &tree.root).context("adding a revision")?;
    }
    for revision in (0..args.revisions).filter(|revision| revision.is_multiple_of(5)) {
        bench.publish_cli(&["image", "rm", &format!("base/debian/{revision}"), "--yes"])?;
    }
    let name: ImageName = "base/debian/1".parse()?;
    let objects = bench.objects(&name)?;
    let before = packs_len(&folder.path().join("server"))?;
    let quiet = bench.under_load("quiet", &name, &objects, || {
        std::thread::park_timeout(QUIET);
        Ok(())
    })?;
    let admin = bench.remote(&bench.server.address, "admin")?;
    let began = Instant::now();
    let mut collected = 0.0;
    let busy = bench.under_load("gc", &name, &objects, || {
        while began.elapsed() < QUIET {
            let report = admin.collect_garbage(false, Duration::ZERO, &mut |_| {})?;
            if report.packs_dead + report.packs_rewritten > 0 {
                collected += report.bytes_freed as f64;
            }
        }
        Ok(())
    })?;
    admin.collect_garbage(false, Duration::ZERO, &mut |_| {})?;
    let after = packs_len(&folder.path().join("server"))?;
    let replica = serve(folder.path(), &bench.processes, "fresh", Some(&bench.server.address))?;
    let fresh = bench.remote(&replica.address, "read")?;
    let count = |remote: &Remote| -> anyhow::Result<usize> {
        Ok(remote.images(0, Duration::ZERO)?.images.len())
    };
    while count(&fresh)? < count(&bench.remote(&bench.server.address, "read")?)? {
        std::thread::park_timeout(Duration::from_millis(200));
    }
    let made_afresh = packs_len(&folder.path().join("fresh"))?;
    println!("reads without a collection: {}, p99 {:.2} ms", quiet.len(), p99(quiet.clone()));
    println!("reads beside collections:   {}, p99 {:.2} ms", busy.len(), p99(busy.clone()));
    println!(
        "packs before {:.1} MB, after {:.1} MB, of a fresh store {:.1} MB; freed {:.1} MB",
        before / 1e6,
        after / 1e6,
        made_afresh / 1e6,
        collected / 1e6
    );
    for (what, figure, limit) in [
        ("p99 of reads, beside collections / without", p99(busy) / p99(quiet), 2.0),
        ("space after / of a fresh store", after / made_afresh, 1.1),
    ] {
        let verdict = if figure <= limit { "met" } else { "MISSED" };
        println!("{what}: {figure:.2} (at most {limit}: {verdict})");
    }
    Ok(())
}
