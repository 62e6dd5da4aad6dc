//! Revisions of a real root filesystem: Debian with a few packages more each time.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use rig::debian;

/// Packages that each revision adds to the one before. The first revision has about 650 MiB, the second 2.5 % more, and
/// the third adds a debugger and an editor.
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
    run(&mut debian::debootstrap(tree, debian::RELEASE, &packages.replace(' ', ",")))
}

fn install(before: &Path, tree: &Path, packages: &str) -> anyhow::Result<()> {
    run(&mut debian::copy(before, tree))?;
    in_tree(tree, &format!("apt-get update -q; apt-get install -y -q {packages}"))
}

/// Installs one package into a tree and purges another with its automatically installed dependencies.
pub(crate) fn replace(tree: &Path, removed: &str, installed: &str) -> anyhow::Result<()> {
    let script = format!(
        "apt-get update -q; apt-get purge -y -q --autoremove {removed}; \
         apt-get install -y -q --no-install-recommends {installed}"
    );
    in_tree(tree, &script)?;
    clean(tree)
}

/// Runs a script in a tree. The script can use apt: the tree first gets this machine's apt sources and some device
/// nodes.
fn in_tree(tree: &Path, script: &str) -> anyhow::Result<()> {
    debian::use_apt_of_this_machine(tree)?;
    for node in ["null", "zero", "random", "urandom"] {
        run(&mut debian::copy(&Path::new("/dev").join(node), &tree.join("dev").join(node)))?;
    }
    run(&mut debian::script(tree, script, &[]))
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
