//! Real Debian root filesystems, made once and kept with what cargo builds.

use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::image::run;

/// Makes a Debian root filesystem with debootstrap, or finds the one made before.
///
/// # Panics
/// With what debootstrap printed, when it fails.
pub fn debian() -> PathBuf {
    let folder =
        crate::program("imaged").parent().map(|path| path.join("rootfs")).expect("a folder");
    let done = folder.join("debian-12");
    if !done.is_dir() {
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).expect("a folder");
        let making = folder.join("making");
        let mut command = Command::new("debootstrap");
        command.args(["--variant=minbase", "bookworm"]).arg(&making);
        command.args(mirror());
        run(&mut command);
        std::fs::rename(&making, &done).expect("a rename");
    }
    done
}

/// Copies a tree with everything in it.
pub fn copy(from: &Path, to: &Path) {
    run(Command::new("cp").args(["-a", "--"]).arg(from).arg(to));
}

/// Makes a later revision: packages are removed and installed by dpkg itself, as a build would.
pub fn next_revision(tree: &Path) {
    let archives = tree.join("var/cache/apt/archives");
    let packages: Vec<PathBuf> = std::fs::read_dir(&archives)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    let script = "dpkg --remove --force-depends --force-remove-essential --force-remove-protected \
                  login mount && dpkg --purge --force-depends --force-remove-essential \
                  --force-remove-protected login && touch /etc/revision-2 && \
                  cp -a /usr/share/doc /usr/share/doc-copied && ldconfig";
    run(Command::new("chroot").arg(tree).args(["/bin/sh", "-c", script]));
    // What apt had kept of the packages goes too.
    for package in packages.iter().filter(|path| path.extension().is_some_and(|e| e == "deb")) {
        std::fs::remove_file(package).ok();
    }
}

/// The mirror that this machine's apt uses.
fn mirror() -> Option<String> {
    let text = std::fs::read_to_string("/etc/apt/sources.list.d/debian.sources")
        .or_else(|_| std::fs::read_to_string("/etc/apt/sources.list"))
        .unwrap_or_default();
    let uri = text.lines().find_map(|line| line.strip_prefix("URIs:")?.split_whitespace().next());
    let word = || {
        text.lines()
            .filter(|line| line.starts_with("deb "))
            .find_map(|line| line.split_whitespace().find(|word| word.contains("://")))
    };
    uri.or_else(word).map(str::to_owned)
}
