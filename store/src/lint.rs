//! Finds content that should not ship in an image: secrets and state of the build machine, caches,
//! settings that stop a machine from booting, an initial RAM disk without the drivers for a
//! machine's disk. Also finds content that volumes cannot hold ([`find_unheld`]).
//!
//! Rules match paths, and content where a path is not enough. A finding is advice: it is kept with
//! the image. The image is refused only if the caller asks for that.

pub mod initrd;

use diskfs::Filesystem;
use wire::Manifest;
use wire::manifest::{Inode, NodeId};
use wire::proto::LintFinding;

use crate::boot::{self, Files, Kernel, PassedOver};
use crate::finding::Findings;
use crate::{Store, StoreError};

/// Limit on the length of a file that is searched for a key or an identity, in bytes: keys are
/// shorter.
const KEY_LEN_MAX: u64 = 64 * 1024;

/// Limit on the length of an initial RAM disk that is opened, in bytes.
const INITRD_LEN_MAX: u64 = 256 << 20;

const HOST_KEY: &str = "host-key";
const PRIVATE_KEY: &str = "private-key";
const RANDOM_SEED: &str = "random-seed";
const SHELL_HISTORY: &str = "shell-history";

/// Rules whose findings are secrets: anyone who has the image can read them.
pub const SECRETS: [&str; 4] = [HOST_KEY, PRIVATE_KEY, RANDOM_SEED, SHELL_HISTORY];

/// A rule on paths: a folder, the names in it that match, and the problem with them.
struct Rule {
    name: &'static str,
    folder: &'static str,
    is_meant: fn(&str) -> bool,
    problem: &'static str,
}

const RULES: [Rule; 9] = [
    Rule {
        name: HOST_KEY,
        folder: "etc/ssh",
        is_meant: |name| name.starts_with("ssh_host_") && name.ends_with("_key"),
        problem: "every machine made from the image has this host key: remove it, so that each machine makes its own",
    },
    Rule {
        name: SHELL_HISTORY,
        folder: "root",
        is_meant: is_history,
        problem: "commands that were typed while the image was built ship with it: remove the file",
    },
    Rule {
        name: "cloud-init-state",
        folder: "var/lib/cloud",
        is_meant: |name| ["instance", "instances", "data", "sem"].contains(&name),
        problem: "cloud-init believes that it ran on this machine already: run `cloud-init clean` in the image",
    },
    Rule {
        name: "package-cache",
        folder: "var/cache/apt/archives",
        is_meant: |name| name.ends_with(".deb"),
        problem: "packages that are installed already ship a second time: run `apt-get clean` in the image",
    },
    Rule {
        name: "package-cache",
        folder: "var/lib/apt/lists",
        is_meant: |name| name.contains("_dists_"),
        problem: "lists of packages age with the image: remove /var/lib/apt/lists/*",
    },
    Rule {
        name: "package-cache",
        folder: "var/cache/dnf",
        is_meant: |_| true,
        problem: "lists and packages of dnf ship with the image",
    },
    Rule {
        name: "package-cache",
        folder: "var/cache/yum",
        is_meant: |_| true,
        problem: "lists and packages of yum ship with the image",
    },
    Rule {
        name: RANDOM_SEED,
        folder: "var/lib/systemd",
        is_meant: |name| name == "random-seed",
        problem: "every machine made from the image begins with this seed: remove it",
    },
    Rule {
        name: "machine-id",
        folder: "var/lib/dbus",
        is_meant: |name| name == "machine-id",
        problem: "every machine made of the image has this identity: make it a link to /etc/machine-id",
    },
];

fn is_history(name: &str) -> bool {
    name.starts_with('.')
        && (name.ends_with("_history") || name == ".lesshst" || name == ".viminfo")
}

/// Returns findings on what should not ship, what may stop a boot, and what a volume cannot hold.
///
/// # Errors
/// Errors of reading the image's files.
pub fn lint(store: &Store, image: &Manifest) -> Result<Vec<LintFinding>, StoreError> {
    let mut lint = Lint { store, image: PathLookup(image), findings: Findings::default() };
    for rule in &RULES {
        lint.rule(rule.name, rule.folder, rule.is_meant, rule.problem);
    }
    for (home, _) in lint.image.names("home") {
        let home = format!("home/{home}");
        lint.rule(SHELL_HISTORY, &home, is_history, RULES[1].problem);
    }
    lint.machine_id()?;
    lint.private_keys()?;
    lint.boot()?;
    find_unheld(image, &mut lint.findings);
    Ok(lint.findings.into_vec())
}

/// A manifest with lookups by path, which follow no links.
struct PathLookup<'a>(&'a Manifest);

impl<'a> PathLookup<'a> {
    fn inode(&self, path: &str) -> Option<Inode<'a>> {
        Some(self.0.node_inode(self.0.lookup(path.as_bytes())?))
    }

    /// Returns the names in a folder, with their nodes. Skips names that are not UTF-8.
    fn names(&self, folder: &str) -> Vec<(&'a str, NodeId)> {
        let Some(inode) = self.inode(folder).filter(|inode| inode.is_directory()) else {
            return Vec::new();
        };
        let nodes = self.0.children(inode.index());
        nodes
            .filter_map(|node| Some((std::str::from_utf8(self.0.name(node)).ok()?, node)))
            .collect()
    }
}

struct Lint<'a> {
    store: &'a Store,
    image: PathLookup<'a>,
    findings: Findings,
}

impl Lint<'_> {
    fn add(&mut self, rule: &str, path: String, problem: &str) {
        self.findings.add(rule, path.trim_start_matches('/').as_bytes(), problem);
    }

    /// Adds a finding for each non-empty file or folder in `folder` whose name matches.
    fn rule(&mut self, rule: &str, folder: &str, is_meant: fn(&str) -> bool, problem: &str) {
        for (name, node) in self.image.names(folder) {
            let inode = self.image.0.node_inode(node);
            let is_full = (inode.is_regular() || inode.is_directory()) && inode.size() > 0;
            if is_full && is_meant(name) {
                self.add(rule, format!("/{folder}/{name}"), problem);
            }
        }
    }

    /// Reads a whole file; returns an empty vector if the path is no regular file, or if it is
    /// longer than `limit`.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, StoreError> {
        let inode =
            self.image.inode(path).filter(|inode| inode.is_regular() && inode.size() <= limit);
        match inode {
            Some(inode) => self.store.load_head(inode, inode.size()),
            None => Ok(Vec::new()),
        }
    }

    fn machine_id(&mut self) -> Result<(), StoreError> {
        let id = self.read("etc/machine-id", KEY_LEN_MAX)?;
        let id = String::from_utf8_lossy(&id).trim().to_owned();
        if !id.is_empty() && id != "uninitialized" {
            let problem = "every machine made of the image has this identity: empty the file";
            self.add("machine-id", "/etc/machine-id".to_owned(), problem);
        }
        Ok(())
    }

    /// Finds private keys in the places where people and services keep them.
    fn private_keys(&mut self) -> Result<(), StoreError> {
        const MARK: &str = "PRIVATE KEY-----";
        let is_host_key = |path: &str| path.starts_with("etc/ssh/ssh_host_");
        let mut found = Vec::new();
        for index in 0..self.image.0.inode_count() {
            let inode = self.image.0.inode(index);
            if !inode.is_regular() || inode.size() == 0 || inode.size() > KEY_LEN_MAX {
                continue;
            }
            let Ok(path) = String::from_utf8(self.image.0.path(inode.first_node())) else {
                continue;
            };
            let is_place = ["root/", "home/", "etc/", "srv/", "opt/", "var/lib/"]
                .iter()
                .any(|place| path.starts_with(place));
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_named = name.starts_with("id_")
                || [".pem", ".key", ".p8", "_rsa", "_ed25519", "_ecdsa"]
                    .iter()
                    .any(|end| name.ends_with(end));
            if is_place && is_named && !is_host_key(&path) {
                found.push(path);
            }
        }
        for path in found {
            let content = self.read(&path, KEY_LEN_MAX)?;
            if String::from_utf8_lossy(&content).contains(MARK) {
                self.add(PRIVATE_KEY, format!("/{path}"), "a private key ships with the image");
            }
        }
        Ok(())
    }

    /// Finds kernels that were passed over, and fstab lines that stop a boot; then checks the
    /// kernels' drivers.
    fn boot(&mut self) -> Result<(), StoreError> {
        let store = self.store;
        let head = |inode: Inode<'_>, len: u64| store.load_head(inode, len);
        let verdict = boot::judge(self.image.0, Filesystem::Ext4, &head)?;
        for PassedOver { path, problem } in &verdict.passed_over {
            self.add("kernel", format!("/{path}"), &format!("it is passed over: it {problem}"));
        }
        if !verdict.kernels.is_empty() {
            let table = boot::fstab::read(&Files::new(self.image.0, &head))?;
            for line in boot::fstab::lines(&table).filter(|line| line.needs_foreign_device()) {
                let (source, place) = (line.source, line.shown_place());
                let problem = format!(
                    "{source} for {place} is a device of another machine, and a machine without it does not boot: add nofail, or remove the line"
                );
                self.add("fstab-device", format!("/{}", boot::FSTAB), &problem);
            }
        }
        self.drivers(&verdict.kernels)
    }

    /// Finds initial RAM disks without a driver for EC2's disks or network, unless the driver is
    /// built into the kernel.
    fn drivers(&mut self, kernels: &[Kernel]) -> Result<(), StoreError> {
        for Kernel { version: release, initrd, .. } in kernels {
            let builtin =
                self.read(&format!("usr/lib/modules/{release}/modules.builtin"), 1 << 20)?;
            let older = self.read(&format!("lib/modules/{release}/modules.builtin"), 1 << 20)?;
            let builtin = String::from_utf8_lossy(&[builtin, older].concat()).into_owned();
            let Some(path) = initrd else { continue };
            let content = self.read(path, INITRD_LEN_MAX)?;
            let found = match content.is_empty() {
                true => Err("it is empty, too long or no file".to_owned()),
                false => initrd::names(&content),
            };
            let inside = match found {
                Ok(inside) => inside,
                Err(problem) => {
                    let problem = format!("its content cannot be checked: {problem}");
                    self.add("initrd", format!("/{path}"), &problem);
                    continue;
                }
            };
            for (driver, rule, what) in
                [("nvme", "nvme-driver", "its disk"), ("ena", "ena-driver", "its network")]
            {
                let is_driver = |name: &str| boot::has_driver_name(name, driver);
                if !builtin.lines().any(is_driver) && !inside.iter().any(|name| is_driver(name)) {
                    let problem = format!(
                        "it lacks {driver}.ko, without which a machine on EC2 does not find {what}"
                    );
                    self.add(rule, format!("/{path}"), &problem);
                }
            }
        }
        Ok(())
    }
}
/// Adds a finding for each inode that a volume's filesystem cannot hold, so that problems show when
/// the image is added, not only when a volume is patched.
pub fn find_unheld(image: &Manifest, findings: &mut Findings) {
    for filesystem in Filesystem::ALL {
        for index in 0..image.inode_count() {
            let inode = image.inode(index);
            if let Some(problem) = filesystem.problem(inode) {
                let name = filesystem.name();
                let problem = format!("no {name} volume can hold it: {problem}");
                findings.add(name, &image.path(inode.first_node()), &problem);
            }
        }
    }
}
