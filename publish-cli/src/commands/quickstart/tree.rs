//! The root filesystem that quickstart publishes, and its second revision.

use std::path::Path;

use rig::{Processes, debian};

/// Makes a Debian root filesystem; with `boots`, it gets a kernel and boot loaders.
pub(super) fn make(processes: &Processes, tree: &Path, boots: bool) -> anyhow::Result<()> {
    let packages = if boots { debian::BOOT_PACKAGES } else { "" };
    Ok(processes.run(&mut debian::debootstrap(tree, debian::RELEASE, packages))?)
}

/// Installs a package from this machine's apt sources. A tree without apt gets a new file instead.
pub(super) fn change(processes: &Processes, tree: &Path, package: &str) -> anyhow::Result<()> {
    if tree.join("usr/bin/apt-get").exists() {
        debian::use_apt_of_this_machine(tree)?;
        return Ok(processes.run(&mut debian::install(tree, package))?);
    }
    std::fs::create_dir_all(tree.join("etc"))?;
    let path = tree.join("etc/imprint-quickstart");
    let file = std::fs::File::options().create(true).append(true).open(path)?;
    Ok(std::io::Write::write_all(&mut &file, b"revision 2\n")?)
}
