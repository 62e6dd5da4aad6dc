//! Whether an image boots, judged from its files alone: one judgement for its record, its findings, the
//! volumes that it is patched onto and what is published of them.
//!
//! ```text
//! files      an image's files by path, links followed inside it
//! kernel     which files are kernels, and what each is started with
//! header     what a kernel's first bytes say
//! initrd     the initial RAM disk of a kernel
//! builtin    which drivers a kernel has built in
//! arch       the processor that kernels and loaders are for
//! offer      which of these kernels a menu offers, and in which order
//! loader     which boot loaders there are, or can be made
//! fstab      which lines of the image's table stay, and which keep a machine from coming up
//! arguments  what the image itself tells its kernels
//! notes      what there is to say of settings that are left out
//! ```
//!
//! Nothing is run, and of each file only the beginning is read. What remains to be seen is whether the
//! image's own `grub-mkimage`, where it is needed, does what it should: a patch finds out.

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
pub use kernel::Kernel;
pub use loader::{Binary, Bios, Efi, Loaders, Modules, Prebuilt};

/// Where the EFI system partition is mounted.
pub const ESP_MOUNT: &str = "boot/efi";

/// The table of filesystems.
pub const FSTAB: &str = "etc/fstab";

/// The longest text of an image's that is read: tables of filesystems, names of releases.
pub const TEXT_LEN_MAX: u64 = 64 * 1024;

/// Reads the beginning of a file's content, up to a length: less only where the file is shorter.
pub type Head<'a, E> = dyn Fn(Inode<'_>, u64) -> Result<Vec<u8>, E> + 'a;

/// A file that seems to be something to boot with, and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its path from the root.
    pub path: String,
    /// Why it is not.
    pub problem: String,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Kernels that can be started, newest first.
    pub kernels: Vec<Kernel>,
    /// What the image boots with, or why it does not boot.
    pub loaders: Result<Loaders, String>,
    /// Files that were passed over.
    pub passed_over: Vec<PassedOver>,
}

/// Judges an image on a filesystem.
///
/// # Errors
/// Errors of reading the image's files.
pub fn judge<E>(
    image: &Manifest,
    filesystem: Filesystem,
    head: &Head<'_, E>,
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

/// Says which feature of the filesystem the image's kernel cannot mount, if the image lists any.
fn unsupported_feature<E>(
    files: &Files<'_, E>,
    filesystem: Filesystem,
) -> Result<Option<String>, E> {
    const LIST_LEN_MAX: u64 = 1024;
    let features = filesystem.facts().features;
    if features.is_empty() {
        return Ok(None);
    }
    // A list of names, as mke2fs has them.
    let path = format!("boot/{}.unsupported-features", filesystem.name());
    let there = files.inode(&path);
    if there.is_some_and(|inode| !inode.is_regular() || inode.size() > LIST_LEN_MAX) {
        return Ok(Some(format!("its /{path} is no file of {LIST_LEN_MAX} bytes or less")));
    }
    let list = files.text(&path, LIST_LEN_MAX)?.unwrap_or_default();
    let mut names = list.split(|c: char| c.is_whitespace() || c == ',');
    let is_ours = |name: &&str| *name != "none" && features.split(',').any(|f| f == *name);
    Ok(names.find(is_ours).map(|name| {
        let kind = filesystem.name();
        format!("its /{path} lists {name}, which {kind} volumes have: use --fs xfs")
    }))
}

/// Checks that what makes the image boot has its places: folders on the way are folders, and nothing but
/// a file is replaced. A link may lead anywhere, so none is written through and none replaced.
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

/// Fills in what an image's record says of booting: on ext4, or on xfs where that is all that it boots from.
///
/// # Errors
/// Errors of reading the image's files.
pub fn tell(store: &Store, image: &Manifest, facts: &mut ImageFacts) -> Result<(), StoreError> {
    let head = |inode: Inode<'_>, len: u64| store.load_head(inode, len);
    let verdict = judge(image, Filesystem::Ext4, &head)?;
    facts.kernels = verdict.kernels.iter().map(|kernel| kernel.version.clone()).collect();
    (facts.boot_modes, facts.boot_problem) = match verdict.loaders {
        Ok(loaders) => (modes(&loaders), String::new()),
        Err(problem) => match judge(image, Filesystem::Xfs, &head)?.loaders {
            Ok(loaders) => (modes(&loaders), format!("not from ext4: {problem}")),
            Err(_) => (Vec::new(), problem),
        },
    };
    Ok(())
}

/// The word for each firmware that an image boots with.
fn modes(loaders: &Loaders) -> Vec<String> {
    let ways = [("bios", loaders.bios.is_some()), ("uefi", loaders.efi.is_some())];
    ways.into_iter().filter(|(_, has)| *has).map(|(mode, _)| mode.to_owned()).collect()
}

/// A digest of nothing but what loaders are made from, for [`Loaders::inputs`].
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
