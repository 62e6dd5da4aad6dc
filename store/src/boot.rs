//! Judges whether an image boots, from the image's files alone. The image's record, its findings,
//! the boot set-up of volumes and the published disk image all use this one verdict.
//!
//! ```text
//! files      an image's files by path; links are followed inside the image
//! kernel     finds kernels, and the release and initial RAM disk of each
//! header     decodes the first bytes of a kernel
//! initrd     finds the initial RAM disk of a kernel
//! builtin    checks the drivers that are built into a kernel
//! arch       the processor of kernels and loaders
//! offer      chooses the kernels of the menu, and their order
//! loader     finds boot loaders, or the parts to make one
//! fstab      sorts the lines of the image's /etc/fstab
//! arguments  finds the image's own kernel arguments
//! notes      collects remarks on settings that are left out
//! ```
//!
//! No program of the image runs, and most files are read only at their beginning. If the image
//! needs its own `grub-mkimage`, the verdict cannot tell whether that program works: only patching
//! a volume shows it.

mod arch;
pub mod arguments;
mod builtin;
mod files;
pub mod fstab;
mod header;
mod initrd;
mod kernel;
mod loader;
mod notes;
mod offer;

use diskfs::Filesystem;
use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::proto::ImageFacts;

use crate::{Store, StoreError};
pub use arch::Arch;
pub(crate) use builtin::has_driver_name;
pub use files::Files;
pub use loader::{Binary, Bios, Efi, Loaders, Modules, PrebuiltLoader};
pub use offer::Kernel;

/// Mount point of the EFI system partition, without the leading slash.
pub const ESP_MOUNT: &str = "boot/efi";

/// Path of the image's table of filesystems, without the leading slash.
pub const FSTAB: &str = "etc/fstab";

/// Limit on the length of a text file that is read from an image, such as /etc/fstab; in bytes.
pub const TEXT_LEN_MAX: u64 = 64 * 1024;

/// Reads the given number of bytes from a file's beginning, or the whole file if it is shorter.
pub type ReadHead<'a, E> = dyn Fn(Inode<'_>, u64) -> Result<Vec<u8>, E> + 'a;

/// A file that looks like part of the boot chain but cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Path from the root, without the leading slash.
    pub path: String,
    /// The problem, in words that follow the path, for example `is empty`.
    pub problem: String,
}

/// What [`judge`] found: the image's kernels and boot loaders, and the files that cannot be used.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Kernels that can be started, newest first.
    pub kernels: Vec<Kernel>,
    /// The image's boot loaders, or the reason why it does not boot.
    pub loaders: Result<Loaders, String>,
    /// Kernels and initial RAM disks that were rejected, with the reasons.
    pub passed_over: Vec<PassedOver>,
}

/// Judges whether an image boots from a root partition with the given filesystem.
///
/// # Errors
/// Errors of reading the image's files.
pub fn judge<E>(
    image: &Manifest,
    filesystem: Filesystem,
    head: &ReadHead<'_, E>,
) -> Result<Verdict, E> {
    let files = Files::new(image, head);
    let arch = loader::arch(&files);
    let found = kernel::find(&files, arch, filesystem)?;
    let problem = match &found.problem {
        Some(problem) => Some(problem.clone()),
        None => unsupported_feature(&files, filesystem)?,
    };
    let loaders = match problem {
        Some(problem) => Err(problem),
        None => loader::find(&files, arch, found.kernels.clone(), filesystem)?,
    };
    let loaders = match loaders {
        Ok(loaders) => check_places(image, &loaders).map(|()| loaders),
        Err(problem) => Err(problem),
    };
    Ok(Verdict { kernels: found.kernels, loaders, passed_over: found.passed_over })
}

/// Returns the reason why the image's kernel cannot mount the volume's filesystem; `None` if there
/// is none. The image may have its own list of unsupported features. The list is a reason if it
/// names a feature of the filesystem, if it is too long, or if it is no regular file.
fn unsupported_feature<E>(
    files: &Files<'_, E>,
    filesystem: Filesystem,
) -> Result<Option<String>, E> {
    const LIST_LEN_MAX: u64 = 1024;
    let features = filesystem.facts().features;
    if features.is_empty() {
        return Ok(None);
    }
    // The list holds feature names as mke2fs spells them.
    let path = format!("boot/{}.unsupported-features", filesystem.name());
    let there = files.inode(&path);
    if there.is_some_and(|inode| !inode.is_regular() || inode.size() > LIST_LEN_MAX) {
        return Ok(Some(format!("its /{path} must be a file of at most {LIST_LEN_MAX} bytes")));
    }
    let list = files.text(&path, LIST_LEN_MAX)?.unwrap_or_default();
    let mut names = list.split(|c: char| c.is_whitespace() || c == ',');
    let is_ours = |name: &&str| *name != "none" && features.split(',').any(|f| f == *name);
    Ok(names.find(is_ours).map(|name| {
        let kind = filesystem.name();
        format!("its /{path} lists {name}, which {kind} volumes have: use another --fs")
    }))
}

/// Checks that boot set-up can write its files: every parent must be a folder, and an existing
/// target must be a regular file. A link may lead anywhere, so boot set-up never writes through a
/// link and never replaces one.
fn check_places(image: &Manifest, loaders: &Loaders) -> Result<(), String> {
    let menu = loaders.menu();
    for (path, is_file) in [(ESP_MOUNT, false), (FSTAB, true), (menu.as_str(), true)] {
        let cuts = path.match_indices('/').map(|(at, _)| &path[..at]);
        let last = (!is_file).then_some(path);
        for folder in cuts.chain(last) {
            let found = image.lookup(folder.as_bytes()).map(|node| image.node_inode(node));
            if found.is_some_and(|inode| !inode.is_directory()) {
                return Err(format!("its /{folder} is no directory"));
            }
        }
        let found = image.lookup(path.as_bytes()).map(|node| image.node_inode(node));
        if is_file && found.is_some_and(|inode| !inode.is_regular()) {
            return Err(format!("its /{path} is no file"));
        }
        if path == FSTAB && found.is_some_and(|inode| inode.size() > TEXT_LEN_MAX) {
            return Err(format!("its /{FSTAB} is longer than {TEXT_LEN_MAX} bytes"));
        }
    }
    Ok(())
}

/// Fills in the boot facts of an image's record. They assume a root on the usual filesystem, which is
/// the first of [`Filesystem::ALL`]. If the image cannot boot from that one, tries the others in order:
/// the first that works gives the boot modes, and the boot problem still names the usual one.
///
/// # Errors
/// Errors of reading the image's files.
pub fn fill_facts(
    store: &Store,
    image: &Manifest,
    facts: &mut ImageFacts,
) -> Result<(), StoreError> {
    let head = |inode: Inode<'_>, len: u64| store.load_head(inode, len);
    let [usual, others @ ..] = Filesystem::ALL;
    let verdict = judge(image, usual, &head)?;
    facts.kernels = verdict.kernels.iter().map(|kernel| kernel.version.clone()).collect();
    (facts.boot_modes, facts.boot_problem) = match verdict.loaders {
        Ok(loaders) => (modes(&loaders), String::new()),
        Err(problem) => (Vec::new(), problem),
    };
    if facts.boot_problem.is_empty() {
        return Ok(());
    }
    for other in others {
        if let Ok(loaders) = judge(image, other, &head)?.loaders {
            facts.boot_modes = modes(&loaders);
            facts.boot_problem =
                format!("it does not boot from {}: {}", usual.name(), facts.boot_problem);
            break;
        }
    }
    Ok(())
}

/// Returns the firmwares that the image boots with, as image records spell them.
fn modes(loaders: &Loaders) -> Vec<String> {
    let ways = [("bios", loaders.bios.is_some()), ("uefi", loaders.efi.is_some())];
    ways.into_iter().filter(|(_, has)| *has).map(|(mode, _)| mode.to_owned()).collect()
}

/// Digests the paths and contents that loaders are made from, for [`Loaders::inputs`].
fn inputs_of(parts: &[(&str, Option<Digest>)]) -> Digest {
    let mut hasher = wire::digest::Algorithm::Sha256.hasher();
    for (path, digest) in parts {
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(digest.as_ref().map_or(&[][..], |digest| digest.hash()));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
