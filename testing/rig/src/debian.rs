//! Debian root filesystems: prepares the commands that make, copy and change them. Callers run the commands.

use std::path::Path;
use std::process::Command;

use crate::error::RigError;

/// Name of the Debian release that most root filesystems have.
pub const RELEASE: &str = "bookworm";

/// Packages that a Debian for amd64 needs to boot with BIOS and UEFI, separated by commas.
pub const BOOT_PACKAGES: &str =
    "linux-image-cloud-amd64,systemd-sysv,grub-pc-bin,grub-efi-amd64-bin";

/// Prepares a debootstrap command that makes a Debian of the given release in `tree`. The command also installs
/// `packages`, which commas separate. It uses the mirror of this machine's apt.
pub fn debootstrap(tree: &Path, release: &str, packages: &str) -> Command {
    let mut command = Command::new("debootstrap");
    command.arg("--variant=minbase");
    if !packages.is_empty() {
        command.arg(format!("--include={packages}"));
    }
    command.arg(release).arg(tree).args(mirror());
    command
}

/// Prepares a command that copies a tree, with all metadata, to a path that does not exist yet.
pub fn copy(from: &Path, to: &Path) -> Command {
    let mut command = Command::new("cp");
    command.args(["-a", "--"]).arg(from).arg(to);
    command
}

/// Prepares a command that runs a shell script inside a tree (chroot). The script gets the arguments as `$1`, `$2` and
/// so on.
pub fn script(tree: &Path, script: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("chroot");
    command.arg(tree).args(["/bin/sh", "-ec", script, "sh"]).args(arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

/// Prepares a command that installs one package into a tree. Call [`use_apt_of_this_machine`] for the tree first.
pub fn install(tree: &Path, package: &str) -> Command {
    let text =
        "apt-get update -q; apt-get install -y -q --no-install-recommends \"$1\"; apt-get clean";
    script(tree, text, &[package])
}

/// Copies this machine's name resolution and apt sources into a tree, so that its apt finds packages. The files stay in
/// the tree, as they would after a real build.
///
/// # Errors
/// If a file cannot be read or written.
pub fn use_apt_of_this_machine(tree: &Path) -> Result<(), RigError> {
    for name in ["etc/resolv.conf", "etc/apt/sources.list"] {
        let (from, to) = (Path::new("/").join(name), tree.join(name));
        if from.exists() && !to.is_symlink() {
            std::fs::copy(&from, &to).map_err(RigError::io(&to))?;
        }
    }
    for folder in ["etc/apt/sources.list.d", "etc/apt/apt.conf.d"] {
        let (from, to) = (Path::new("/").join(folder), tree.join(folder));
        let Ok(entries) = std::fs::read_dir(&from) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            let to = to.join(entry.file_name());
            std::fs::copy(entry.path(), &to).map_err(RigError::io(&to))?;
        }
    }
    Ok(())
}

/// Returns the first mirror in this machine's apt sources, in deb822 or one-line format.
pub fn mirror() -> Option<String> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let deb822 = read("/etc/apt/sources.list.d/debian.sources");
    let list = read("/etc/apt/sources.list");
    let uri = deb822.lines().find_map(|line| line.strip_prefix("URIs:")?.split_whitespace().next());
    let one_line = || {
        let mut lines = list.lines().filter(|line| line.starts_with("deb "));
        lines.find_map(|line| line.split_whitespace().find(|word| word.contains("://")))
    };
    uri.or_else(one_line).map(str::to_owned)
}
