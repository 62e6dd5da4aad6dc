//! Makes root filesystems for quickstart, and changes one by installing a package.

use std::path::Path;
use std::process::Command;

use super::workplace::Workplace;

/// Debian release that debootstrap installs.
const RELEASE: &str = "bookworm";

/// Packages that a root filesystem needs to boot with and without UEFI.
const BOOT_PACKAGES: &str = "linux-image-cloud-amd64,systemd-sysv,grub-pc-bin,grub-efi-amd64-bin";

/// Makes a Debian root filesystem from the mirror that this machine's apt uses.
pub(super) fn make(workplace: &Workplace, tree: &Path, boots: bool) -> anyhow::Result<()> {
    let mut command = Command::new("debootstrap");
    command.arg("--variant=minbase");
    if boots {
        command.arg(format!("--include={BOOT_PACKAGES}"));
    }
    command.arg(RELEASE).arg(tree);
    if let Some(mirror) = mirror() {
        command.arg(mirror);
    }
    workplace.run(&mut command)
}

/// Copies a tree with all metadata (`cp -a`).
pub(super) fn copy(workplace: &Workplace, source: &Path, tree: &Path) -> anyhow::Result<()> {
    workplace.run(Command::new("cp").args(["-a", "--"]).arg(source).arg(tree))
}

/// Installs a package into the tree from this machine's apt sources. A tree without apt gets a new file instead.
pub(super) fn change(workplace: &Workplace, tree: &Path, package: &str) -> anyhow::Result<()> {
    if !tree.join("usr/bin/apt-get").exists() {
        std::fs::create_dir_all(tree.join("etc"))?;
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(tree.join("etc/imprint-quickstart"))?;
        return Ok(std::io::Write::write_all(&mut &file, b"revision 2\n")?);
    }
    // Copy this machine's name resolution and apt sources, so that the package is found. The files stay in the tree, as
    // they would after a real build.
    for name in ["etc/resolv.conf", "etc/apt/sources.list"] {
        let (from, to) = (Path::new("/").join(name), tree.join(name));
        if from.exists() && !to.is_symlink() {
            std::fs::copy(from, to)?;
        }
    }
    for folder in ["etc/apt/sources.list.d", "etc/apt/apt.conf.d"] {
        let Ok(entries) = std::fs::read_dir(Path::new("/").join(folder)) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), tree.join(folder).join(entry.file_name()))?;
            }
        }
    }
    let script = "apt-get update -q && apt-get install -y -q --no-install-recommends \"$1\" && apt-get clean";
    workplace.run(
        Command::new("chroot")
            .arg(tree)
            .args(["/bin/sh", "-c", script, "sh", package])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
    )
}

/// Returns the first mirror in this machine's apt sources, in deb822 or one-line format.
fn mirror() -> Option<String> {
    let deb822 = std::fs::read_to_string("/etc/apt/sources.list.d/debian.sources").ok();
    let from_deb822 = deb822.as_deref().and_then(|text| {
        text.lines().find_map(|line| line.strip_prefix("URIs:")?.split_whitespace().next())
    });
    let list = std::fs::read_to_string("/etc/apt/sources.list").ok();
    let from_list = list.as_deref().and_then(|text| {
        text.lines()
            .filter(|line| line.starts_with("deb "))
            .find_map(|line| line.split_whitespace().find(|word| word.contains("://")))
    });
    from_deb822.or(from_list).map(str::to_owned)
}
