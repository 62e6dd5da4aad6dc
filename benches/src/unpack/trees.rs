//! Revisions of a real root filesystem: Debian with a few packages more each time.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// Packages that each revision adds to the one before: about 650 MiB, then 2.5 % more, then a debugger and an editor.
const PACKAGES: [&str; 3] = [
    "linux-image-cloud-amd64 systemd-sysv build-essential python3 perl git",
    "nginx vim-tiny",
    "gdb vim",
];

/// Returns three revisions of Debian; makes the missing ones.
pub(crate) fn debian(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut trees: Vec<PathBuf> = Vec::new();
    for (index, packages) in PACKAGES.iter().enumerate() {
        let tree = folder.join(format!("debian-{}", index + 1));
        if !tree.exists() {
            crate::report::progress(&format!("making {}", tree.display()));
            let making = folder.join("making");
            if making.exists() {
                std::fs::remove_dir_all(&making)?;
            }
            match trees.last() {
                None => bootstrap(&making, packages)?,
                Some(before) => install(before, &making, packages)?,
            }
            clean(&making)?;
            std::fs::rename(&making, &tree)?;
        }
        trees.push(tree);
    }
    Ok(trees)
}

fn bootstrap(tree: &Path, packages: &str) -> anyhow::Result<()> {
    let mirror = mirror()?;
    let include = format!("--include={}", packages.replace(' ', ","));
    run(Command::new("debootstrap")
        .args(["--variant=minbase", &include, "bookworm"])
        .arg(tree)
        .arg(mirror))
}

/// Returns the first package mirror in the machine's own apt configuration that is not for security updates.
fn mirror() -> anyhow::Result<String> {
    let output = Command::new("apt-get").args(["indextargets", "--format", "$(SITE)"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = text.lines().find(|line| !line.contains("security"));
    first.map(str::to_owned).context("apt knows no mirror: run apt-get update")
}

fn install(before: &Path, tree: &Path, packages: &str) -> anyhow::Result<()> {
    run(Command::new("cp").arg("-a").arg(before).arg(tree))?;
    run(Command::new("cp").arg("/etc/resolv.conf").arg(tree.join("etc")))?;
    let script = format!(
        "cp -a /dev/null /dev/zero /dev/random /dev/urandom '{0}/dev/' && \
         cp /etc/apt/apt.conf.d/* '{0}/etc/apt/apt.conf.d/' 2>/dev/null; \
         DEBIAN_FRONTEND=noninteractive chroot '{0}' sh -c \
         'apt-get update -q && apt-get install -y -q {packages}' >/dev/null",
        tree.display()
    );
    run(Command::new("sh").args(["-c", &script]))
}

/// Installs one package into a tree and purges another with its automatically installed dependencies.
pub(crate) fn replace(tree: &Path, removed: &str, installed: &str) -> anyhow::Result<()> {
    run(Command::new("cp").arg("/etc/resolv.conf").arg(tree.join("etc")))?;
    let script = format!(
        "cp -a /dev/null /dev/zero /dev/random /dev/urandom '{0}/dev/' && \
         cp /etc/apt/apt.conf.d/* '{0}/etc/apt/apt.conf.d/' 2>/dev/null; \
         DEBIAN_FRONTEND=noninteractive chroot '{0}' sh -c 'apt-get update -q && \
         apt-get purge -y -q --autoremove {removed} && \
         apt-get install -y -q --no-install-recommends {installed}' >/dev/null",
        tree.display()
    );
    run(Command::new("sh").args(["-c", &script]))?;
    clean(tree)
}

/// Removes apt's lists, caches and logs, which no image ships, and device nodes, which not every tool can copy.
fn clean(tree: &Path) -> anyhow::Result<()> {
    for name in ["var/lib/apt/lists", "var/cache/apt", "var/log", "dev"] {
        let folder = tree.join(name);
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() { std::fs::remove_dir_all(path)? } else { std::fs::remove_file(path)? }
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default()
    );
    Ok(())
}
