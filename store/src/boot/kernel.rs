//! Which files are kernels: by what they begin with, and by a name that says nothing else.

use std::io::Read as _;

use wire::manifest::Inode;
use wire::version;

use super::files::Files;
use super::{PassedOver, RootFilesystem};

/// Kernels that are offered in a menu: more than any distribution keeps.
const KERNELS_MAX: usize = 16;

/// What is read of a file to tell a kernel: x86 kernels begin with up to 64 sectors of set-up code, in
/// which their release stands.
const HEAD_LEN: u64 = 64 * 1024;

/// The longest list of built-in modules that is read: Debian's has 15 KB.
const BUILTIN_LEN_MAX: u64 = 1 << 20;

/// How names of kernels begin; behind it stands a version.
const PREFIXES: [&str; 4] = ["vmlinuz-", "Image-", "kernel-", "bzImage-"];

/// Names without a version, as of distributions that keep one kernel.
const BARE: [&str; 3] = ["vmlinuz", "Image", "bzImage"];

/// How names end of what lies beside kernels: signatures, checksums, and what packages leave behind.
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

/// Where modules are, the one that counts first.
const MODULES: [&str; 2] = ["usr/lib/modules", "lib/modules"];

/// What a machine's processor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    /// 64-bit x86.
    X86_64,
    /// 64-bit ARM.
    Arm64,
}

impl Arch {
    /// Returns the name that image records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// Returns what GRUB calls its UEFI platform.
    pub fn efi_platform(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-efi",
            Self::Arm64 => "arm64-efi",
        }
    }

    /// Returns how UEFI abbreviates it in names of files.
    pub fn efi_suffix(self) -> &'static str {
        match self {
            Self::X86_64 => "x64",
            Self::Arm64 => "aa64",
        }
    }

    /// Returns whether a program for UEFI, of which `head` is the beginning, is one for this
    /// processor. *Source:* PE/COFF.
    pub fn runs(self, head: &[u8]) -> bool {
        let word = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
        let header = word(0x3c).map_or(0, usize::from);
        let machine = match self {
            Self::X86_64 => 0x8664,
            Self::Arm64 => 0xaa64,
        };
        head.starts_with(b"MZ")
            && head.get(header..header + 4) == Some(&b"PE\0\0"[..])
            && word(header + 4) == Some(machine)
    }
}

/// A kernel and what it is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Its release, as it says itself, or as in its name.
    pub version: String,
    /// The path from the root at which the file really is, without a slash before it.
    pub path: String,
    /// The path of its initial RAM disk.
    pub initrd: Option<String>,
}

/// What a search came to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub kernels: Vec<Kernel>,
    pub passed_over: Vec<PassedOver>,
    /// Why nothing can be started.
    pub problem: Option<String>,
}

/// A file that has the name of a kernel.
struct Candidate {
    path: String,
    /// What its name, or its folder's, says.
    version: String,
    /// Whether its name alone says that it is meant to be a kernel.
    is_named: bool,
}

/// Finds kernels that can be started on machines of an architecture, where that is known.
pub(super) fn find<E>(
    files: &Files<'_, E>,
    arch: Option<Arch>,
    filesystem: RootFilesystem,
) -> Result<Found, E> {
    let mut found = Found::default();
    if files.has_name("", "boot") && !files.is_real_folder("boot") {
        found.problem = Some("its /boot is no directory".to_owned());
        return Ok(found);
    }
    let mut seen: Vec<String> = Vec::new();
    for candidate in candidates(files) {
        let judged = judge(files, &candidate, arch, filesystem, &mut found.passed_over)?;
        match judged {
            // One kernel by two names is offered once, and so are copies of it.
            Ok(kernel) => {
                let is_known = found.kernels.iter().any(|known| known.version == kernel.version);
                if !is_known && !seen.contains(&kernel.path) {
                    seen.push(kernel.path.clone());
                    found.kernels.push(kernel);
                }
            }
            Err(problem) if candidate.is_named => {
                let Candidate { path, .. } = candidate;
                found.problem.get_or_insert_with(|| {
                    format!("it has no kernel that can be started: its /{path} {problem}")
                });
                found.passed_over.push(PassedOver { path, problem });
            }
            Err(_) => {}
        }
    }
    found.kernels.sort_by(|a, b| version::compare(&b.version, &a.version));
    found.kernels.truncate(KERNELS_MAX);
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

/// Files with the names of kernels: those in /boot first.
fn candidates<E>(files: &Files<'_, E>) -> Vec<Candidate> {
    let candidate = |path: String, version: &str, is_named| Candidate {
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

/// Says what a candidate is started with, or why it is no kernel that can be.
fn judge<E>(
    files: &Files<'_, E>,
    candidate: &Candidate,
    arch: Option<Arch>,
    filesystem: RootFilesystem,
    passed_over: &mut Vec<PassedOver>,
) -> Result<Result<Kernel, String>, E> {
    let Candidate { path, version, .. } = candidate;
    let end = OTHER_ENDS.iter().find(|end| path.ends_with(**end)).map(|end| (*end).to_owned());
    let end = end.or_else(|| path.find(".dpkg-").map(|at| path[at..].to_owned()));
    if let Some(end) = end {
        return Ok(Err(format!("is no kernel's name: it ends in {end}")));
    }
    let Some((real, inode)) = files.file(path) else {
        return Ok(Err("is empty, no file, or a link that leads to none".to_owned()));
    };
    // Names go into GRUB's script as they are.
    if ![&real, version].into_iter().all(|name| name.chars().all(is_plain)) {
        return Ok(Err("has a name that GRUB's script cannot hold".to_owned()));
    }
    let (kernel_arch, release) = match kernel(&files.head(inode, HEAD_LEN)?) {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(arch) = arch.filter(|arch| *arch != kernel_arch) {
        let (is, other) = (kernel_arch.name(), arch.name());
        return Ok(Err(format!("is for {is}, and the image's boot loaders for {other}")));
    }
    let release = release.filter(|release| release.chars().all(is_plain));
    let releases: Vec<&str> =
        release.iter().map(String::as_str).chain([version.as_str()]).collect();
    let initrd = initrd(files, version, &releases, passed_over);
    if initrd.is_none()
        && let Some(problem) = not_built_in(files, &releases, filesystem)?
    {
        return Ok(Err(problem));
    }
    let version = release.unwrap_or_else(|| version.clone());
    let version = if version.is_empty() { "kernel".to_owned() } else { version };
    Ok(Ok(Kernel { version, path: real, initrd }))
}

/// Tells a kernel by its beginning: for which processor it is, and its release where that stands there.
/// *Source:* Linux, Documentation/arch/x86/boot.rst, Documentation/arch/arm64/booting.rst.
fn kernel(head: &[u8]) -> Result<(Arch, Option<String>), String> {
    if head.starts_with(&[0x1f, 0x8b]) {
        // What GRUB unpacks as it reads.
        let mut inside = Vec::new();
        let unpacked = flate2::read::GzDecoder::new(head).take(HEAD_LEN);
        // The rest is beyond what was read, which is no error here.
        std::io::BufReader::new(unpacked).read_to_end(&mut inside).ok();
        if !inside.starts_with(&[0x1f, 0x8b]) {
            return kernel(&inside);
        }
    }
    let word = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
    if head.get(0x1fe..0x200) == Some(&[0x55, 0xaa]) && head.get(0x202..0x206) == Some(b"HdrS") {
        // Since 2.12 the header says whether the kernel has 64 bits.
        if word(0x206).is_some_and(|protocol| protocol >= 0x20c)
            && word(0x236).is_none_or(|flags| flags & 1 == 0)
        {
            return Err("is a kernel for 32-bit machines".to_owned());
        }
        return Ok((Arch::X86_64, release_of(head, word(0x20e))));
    }
    if head.get(0x38..0x3c) == Some(b"ARM\x64") || Arch::Arm64.runs(head) {
        return Ok((Arch::Arm64, None));
    }
    if head.starts_with(b"MZ") {
        return Err("is a program for UEFI, and no kernel that GRUB can start".to_owned());
    }
    Err("does not begin as a kernel does".to_owned())
}

/// The first word of the text that an x86 kernel's header leads to.
fn release_of(head: &[u8], at: Option<u16>) -> Option<String> {
    const RELEASE_LEN_MAX: usize = 64;
    let at = at.filter(|at| *at != 0)?;
    let text = head.get(0x200 + usize::from(at)..)?;
    let len = text.iter().take(RELEASE_LEN_MAX + 1).position(|byte| b" \0".contains(byte))?;
    let text = std::str::from_utf8(&text[..len]).ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Finds a kernel's initial RAM disk, by the names that distributions use.
fn initrd<E>(
    files: &Files<'_, E>,
    version: &str,
    releases: &[&str],
    passed_over: &mut Vec<PassedOver>,
) -> Option<String> {
    let mut names = Vec::new();
    for version in releases.iter().filter(|version| !version.is_empty()) {
        names.extend([
            // Debian; Fedora, Arch and Void; SUSE; Alpine and Gentoo; Mageia; booster.
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
                    "is an initial RAM disk that is empty, no file, or a link that leads to none"
                        .to_owned(),
            }),
            _ => {}
        }
    }
    None
}

/// Says which driver a kernel without an initial RAM disk lacks, if it does.
fn not_built_in<E>(
    files: &Files<'_, E>,
    releases: &[&str],
    filesystem: RootFilesystem,
) -> Result<Option<String>, E> {
    let lists = releases
        .iter()
        .flat_map(|release| MODULES.map(|folder| format!("{folder}/{release}/modules.builtin")));
    let mut list = None;
    for path in lists {
        list = match list {
            None => files.text(&path, BUILTIN_LEN_MAX)?,
            some => some,
        };
    }
    let Some(list) = list else {
        let problem = "has no initial RAM disk, and no modules.builtin says that it needs none";
        return Ok(Some(problem.to_owned()));
    };
    let lacks = |driver: &&str| !list.lines().any(|line| has_driver_name(line, driver));
    let missing = ["nvme", filesystem.name()].into_iter().find(lacks);
    Ok(missing
        .map(|driver| format!("has no initial RAM disk, and its driver {driver} is not built in")))
}

/// Returns whether a path is that of a kernel's driver, packed or not.
pub(crate) fn has_driver_name(path: &str, driver: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = name.strip_prefix(driver).and_then(|rest| rest.strip_prefix(".ko"));
    end.is_some_and(|end| ["", ".xz", ".zst", ".gz"].contains(&end))
}

/// Whether a character means nothing to GRUB's script language.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-._~/".contains(character)
}

impl<E> Files<'_, E> {
    /// Whether a folder is one itself: boot set-up writes into it.
    fn is_real_folder(&self, path: &str) -> bool {
        self.unfollowed(path).is_some_and(|inode: Inode<'_>| inode.is_directory())
    }
}
