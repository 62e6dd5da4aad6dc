//! Finds the initial RAM disk of a kernel.

use super::PassedOver;
use super::files::{Files, MODULES, is_plain};

/// Returns the path of a kernel's initial RAM disk: tries the names that distributions give to it.
/// Adds unusable files with such names to `passed_over`.
pub(super) fn initrd<E>(
    files: &Files<'_, E>,
    version: &str,
    releases: &[&str],
    passed_over: &mut Vec<PassedOver>,
) -> Option<String> {
    let mut names = Vec::new();
    for version in releases.iter().filter(|version| !version.is_empty()) {
        names.extend([
            // The names are, in this order, those of Debian; Fedora, Arch and Void; SUSE; Alpine
            // and Gentoo; Mageia; booster; genkernel.
            format!("boot/initrd.img-{version}"),
            format!("boot/initramfs-{version}.img"),
            format!("boot/initrd-{version}"),
            format!("boot/initramfs-{version}"),
            format!("boot/initrd-{version}.img"),
            format!("boot/booster-{version}.img"),
            format!("boot/initramfs-genkernel-x86_64-{version}"),
        ]);
        for folder in MODULES {
            let names_there = ["initramfs.img", "initrd", "initrd.img"];
            names.extend(names_there.map(|name| format!("{folder}/{version}/{name}")));
        }
    }
    if version.is_empty() {
        let bare = ["initrd.img", "initramfs.img", "initrd", "initramfs", "initrd.gz"];
        names.extend(bare.map(|name| format!("boot/{name}")));
    }
    for name in names {
        let there =
            name.rsplit_once('/').is_some_and(|(folder, name)| files.has_name(folder, name));
        match files.file(&name) {
            Some((real, _)) if real.chars().all(is_plain) => return Some(real),
            _ if there => passed_over.push(PassedOver {
                path: name,
                problem:
                    "is not a usable initial RAM disk: it is empty, or not a file, or a link that leads to no file"
                        .to_owned(),
            }),
            _ => {}
        }
    }
    None
}
