//! Finds kernels among an image's files: by names, and then by their first bytes.

use diskfs::Filesystem;
use wire::manifest::Inode;
use wire::version;

use super::PassedOver;
use super::arch::Arch;
use super::builtin::not_built_in;
use super::files::{Files, MODULES, is_plain};
use super::header::{HEAD_LEN, kernel};
use super::initrd::initrd;
use super::offer::{Kernel, Offer, choose};

/// Limit on files with a kernel's name that are examined, newest versions first: four for each
/// kernel that the menu can offer.
const CANDIDATES_MAX: usize = 64;

/// Prefixes of kernel names; a version follows.
const PREFIXES: [&str; 4] = ["vmlinuz-", "Image-", "kernel-", "bzImage-"];

/// Names without a version, used by distributions that keep one kernel.
const BARE: [&str; 3] = ["vmlinuz", "Image", "bzImage"];

/// Suffixes of files that are no kernels, although their names begin like those of kernels:
/// signatures, checksums, and leftovers of package managers.
const OTHER_ENDS: [&str; 22] = [
    ".sig",
    ".asc",
    ".gpg",
    ".p7s",
    ".p7c",
    ".hmac",
    ".md5",
    ".sha1",
    ".sha256",
    ".sha512",
    ".old",
    ".bak",
    ".backup",
    ".orig",
    ".save",
    ".tmp",
    ".new",
    ".rpmsave",
    ".rpmnew",
    ".rpmorig",
    ".disabled",
    "~",
];

#[derive(Debug, Default)]
pub(super) struct FoundKernels {
    pub kernels: Vec<Kernel>,
    pub passed_over: Vec<PassedOver>,
    /// The reason why no kernel can be started.
    pub problem: Option<String>,
}

/// A file that has the name of a kernel.
struct KernelFile {
    path: String,
    /// Version in the file's or its folder's name; may be empty.
    version: String,
    /// Whether the name alone marks the file as a kernel.
    is_named: bool,
}

/// Finds kernels that can be started. If `arch` is known, only kernels for that processor count.
pub(super) fn find<E>(
    files: &Files<'_, E>,
    arch: Option<Arch>,
    filesystem: Filesystem,
) -> Result<FoundKernels, E> {
    let mut found = FoundKernels::default();
    if files.has_name("", "boot") && !files.is_real_folder("boot") {
        found.problem = Some("its /boot is no directory".to_owned());
        return Ok(found);
    }
    let mut offers = Vec::new();
    let (candidates, left) = newest(candidates(files));
    if let Some(first) = left.first() {
        let problem = format!(
            "is one of {} files that look like older kernels: only the newest {CANDIDATES_MAX} are examined",
            left.len()
        );
        found.passed_over.push(PassedOver { path: first.path.clone(), problem });
    }
    for candidate in candidates {
        let judged = judge(files, &candidate, arch, filesystem, &mut found.passed_over)?;
        match judged {
            Ok(offer) => offers.push(offer),
            Err(problem) if candidate.is_named => {
                let KernelFile { path, .. } = candidate;
                found.problem.get_or_insert_with(|| {
                    format!("it has no kernel that can be started: its /{path} {problem}")
                });
                found.passed_over.push(PassedOver { path, problem });
            }
            Err(_) => {}
        }
    }
    found.kernels = choose(offers, &mut found.passed_over);
    if !found.kernels.is_empty() {
        found.problem = None;
    } else if found.problem.is_none() {
        found.problem = Some(
            "it has no kernel: there is no /boot/vmlinuz-VERSION, and no \
             /usr/lib/modules/VERSION/vmlinuz"
                .to_owned(),
        );
    }
    Ok(found)
}

/// Splits the candidates into those to examine, at most [`CANDIDATES_MAX`], and the rest.
/// Candidates without a version in their names are chosen first, and then the newest ones. The
/// chosen candidates keep their original order. The rest begins with its newest candidate.
fn newest(all: Vec<KernelFile>) -> (Vec<KernelFile>, Vec<KernelFile>) {
    let mut all: Vec<(usize, KernelFile)> = all.into_iter().enumerate().collect();
    all.sort_by(|(_, a), (_, b)| {
        let rank =
            |candidate: &KernelFile| (candidate.is_named, other_end(&candidate.path).is_some());
        rank(a).cmp(&rank(b)).then_with(|| version::compare(&b.version, &a.version))
    });
    let left = all.split_off(all.len().min(CANDIDATES_MAX));
    all.sort_by_key(|(place, _)| *place);
    let plain = |all: Vec<(usize, KernelFile)>| all.into_iter().map(|(_, c)| c).collect();
    (plain(all), plain(left))
}

/// Returns files with the names of kernels, those in /boot first.
fn candidates<E>(files: &Files<'_, E>) -> Vec<KernelFile> {
    let candidate = |path: String, version: &str, is_named| KernelFile {
        path,
        version: version.to_owned(),
        is_named,
    };
    let mut found = Vec::new();
    for (name, _) in files.names("boot") {
        if let Some(version) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
            found.push(candidate(format!("boot/{name}"), version, true));
        }
    }
    for name in BARE.into_iter().filter(|name| files.has_name("boot", name)) {
        found.push(candidate(format!("boot/{name}"), "", false));
    }
    for folder in MODULES {
        for (release, _) in files.names(folder) {
            for name in BARE {
                if files.has_name(&format!("{folder}/{release}"), name) {
                    found.push(candidate(format!("{folder}/{release}/{name}"), release, true));
                }
            }
        }
    }
    found
}

/// Returns the end of a path if that end shows that the file is no kernel, such as `.sig`.
fn other_end(path: &str) -> Option<&str> {
    let end = OTHER_ENDS.into_iter().find(|end| path.ends_with(end));
    end.or_else(|| path.find(".dpkg-").map(|at| &path[at..]))
}

/// Examines a candidate: returns it with its initial RAM disk, or the reason why it cannot be
/// started.
fn judge<E>(
    files: &Files<'_, E>,
    candidate: &KernelFile,
    arch: Option<Arch>,
    filesystem: Filesystem,
    passed_over: &mut Vec<PassedOver>,
) -> Result<Result<Offer, String>, E> {
    let KernelFile { path, version, is_named } = candidate;
    if let Some(end) = other_end(path) {
        return Ok(Err(format!("is no kernel's name: it ends in {end}")));
    }
    let Some((real, inode)) = files.file(path) else {
        return Ok(Err("is empty, or not a file, or a link that leads to no file".to_owned()));
    };
    // GRUB's script gets the names unquoted.
    if ![&real, version].into_iter().all(|name| name.chars().all(is_plain)) {
        return Ok(Err("has a name that GRUB's script cannot hold".to_owned()));
    }
    let (kernel_arch, release) = match kernel(&files.head(inode, HEAD_LEN)?, inode.size()) {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(arch) = arch.filter(|arch| *arch != kernel_arch) {
        let (is, other) = (kernel_arch.name(), arch.name());
        return Ok(Err(format!("is for {is}, and the image's boot loaders for {other}")));
    }
    let release = release.filter(|release| release.chars().all(is_plain));
    // An initial RAM disk named after the file comes before one named after the release.
    let releases: Vec<&str> =
        [version.as_str()].into_iter().chain(release.iter().map(String::as_str)).collect();
    let initrd = initrd(files, version, &releases, passed_over);
    if initrd.is_none()
        && let Some(problem) = not_built_in(files, &releases, filesystem)?
    {
        return Ok(Err(problem));
    }
    let name = version.clone();
    let version = release.unwrap_or_else(|| name.clone());
    let version = if version.is_empty() { "kernel".to_owned() } else { version };
    let kernel = Kernel { version, path: real, initrd };
    let (path, digest) = (path.clone(), inode.digest());
    Ok(Ok(Offer { kernel, path, name, is_named: *is_named, digest }))
}

impl<E> Files<'_, E> {
    /// Returns whether a path is a folder itself, and not a link to one. Boot set-up writes into
    /// the folder, and it must not follow a link there.
    fn is_real_folder(&self, path: &str) -> bool {
        self.unfollowed(path).is_some_and(|inode: Inode<'_>| inode.is_directory())
    }
}
