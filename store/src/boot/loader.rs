//! Finds the boot loaders that an image ships, or the parts to make them from.

use diskfs::Filesystem;
use wire::digest::Digest;

use super::arch::Arch;
use super::files::Files;
use super::inputs_of;
use super::offer::Kernel;

/// Bytes that are read from a UEFI program's beginning to recognise its processor.
const HEAD_LEN: u64 = 4096;

/// A program in the image, such as a boot loader or `grub-mkimage`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// Path from the root with all links resolved.
    pub path: String,
    /// Digest of the content, from the image's manifest.
    pub digest: Digest,
    /// Length in bytes.
    pub len: u64,
}

/// The modules that GRUB's core image is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Folder of the GRUB platform, such as `usr/lib/grub/i386-pc`.
    pub folder: String,
    /// Names of the modules to build in. Optional modules that the image lacks are left out.
    pub names: Vec<String>,
}

/// Boot loader for machines without UEFI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bios {
    /// GRUB's boot sector, `boot.img`, which loads the core image.
    pub first: Binary,
    /// Modules from which the image's own `grub-mkimage` makes the core image.
    pub core: Modules,
}

/// UEFI binaries that an image ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrebuiltLoader {
    /// GRUB as a UEFI program, the signed one if the image ships it.
    pub grub: Binary,
    /// The shim that Secure Boot starts; `None` if the image ships none.
    pub shim: Option<Binary>,
    /// The shim's key manager; `None` if the image ships none.
    pub mok: Option<Binary>,
}

/// Boot loader for machines with UEFI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Efi {
    /// The image ships the binaries.
    Prebuilt(Box<PrebuiltLoader>),
    /// The image's own `grub-mkimage` makes a loader from these modules.
    Made(Modules),
}

/// Everything that an image boots with.
#[derive(Clone, Debug)]
pub struct Loaders {
    /// Processor of kernels and loaders.
    pub arch: Arch,
    /// Kernels to offer, newest first.
    pub kernels: Vec<Kernel>,
    /// GRUB's `grub-mkimage`; used only if a loader must be made.
    pub mkimage: Option<Binary>,
    /// Boot loader for machines without UEFI; `None` if the image lacks one.
    pub bios: Option<Bios>,
    /// Boot loader for machines with UEFI; `None` if the image lacks one.
    pub efi: Option<Efi>,
    /// Folder of GRUB's configuration: `boot/grub` or `boot/grub2`.
    pub prefix: &'static str,
    /// Digest of all paths and contents that the loaders depend on; unchanged inputs need no new
    /// loaders.
    pub inputs: Digest,
}

impl Loaders {
    /// Returns EC2's boot mode: "legacy-bios", "uefi" or "uefi-preferred".
    pub fn boot_mode(&self) -> &'static str {
        match (&self.bios, &self.efi) {
            (Some(_), Some(_)) => "uefi-preferred",
            (Some(_), None) => "legacy-bios",
            _ => "uefi",
        }
    }

    /// Returns the path of GRUB's menu, from the root.
    pub fn menu(&self) -> String {
        format!("{}/grub.cfg", self.prefix)
    }

    /// Returns the image's binaries that boot set-up installs, as opposed to those that it makes.
    pub fn binaries(&self) -> impl Iterator<Item = &Binary> {
        let efi = self.prebuilt().into_iter().flat_map(PrebuiltLoader::all);
        self.bios.iter().map(|bios| &bios.first).chain(efi)
    }

    fn prebuilt(&self) -> Option<&PrebuiltLoader> {
        match &self.efi {
            Some(Efi::Prebuilt(prebuilt)) => Some(&**prebuilt),
            _ => None,
        }
    }
}

impl PrebuiltLoader {
    fn all(&self) -> impl Iterator<Item = &Binary> {
        std::iter::once(&self.grub).chain(&self.shim).chain(&self.mok)
    }
}

/// Finds the boot loaders of an image, or the reason why it has none.
pub(super) fn find<E>(
    files: &Files<'_, E>,
    arch: Option<Arch>,
    kernels: Vec<Kernel>,
    filesystem: Filesystem,
) -> Result<Result<Loaders, String>, E> {
    let mkimage = ["usr/bin/grub-mkimage", "usr/bin/grub2-mkimage"]
        .into_iter()
        .find_map(|path| Some((path, binary(files, path)?)));
    let Some(arch) = arch else {
        return Ok(Err("it has no boot loader: install grub-pc-bin and grub-efi-amd64-bin, or \
                       grub-efi-arm64-bin"
            .to_owned()));
    };
    let can_make = mkimage.is_some();
    let bios = (arch == Arch::X86_64 && can_make).then(|| bios(files, filesystem)).flatten();
    let made = || modules(files, arch.efi_platform(), filesystem, &["efi_gop"]).map(Efi::Made);
    let efi = prebuilt(files, arch).map(|found| Efi::Prebuilt(Box::new(found)));
    let efi = efi.or_else(|| if can_make { made() } else { None });
    if let Some(Efi::Prebuilt(prebuilt)) = &efi {
        for binary in prebuilt.all() {
            let Some(inode) = files.inode(&binary.path) else { continue };
            if !arch.runs(&files.head(inode, HEAD_LEN)?) {
                let (path, arch) = (&binary.path, arch.name());
                return Ok(Err(format!("its boot loader /{path} is no program for {arch}")));
            }
        }
    }
    if bios.is_none() && efi.is_none() {
        return Ok(Err(
            "it has GRUB's modules but no grub-mkimage to make a boot loader of them: \
                       install grub-common"
                .to_owned(),
        ));
    }
    let is_grub2 = mkimage.as_ref().is_some_and(|(path, _)| path.contains("grub2-"));
    let prefix = if is_grub2 { "boot/grub2" } else { "boot/grub" };
    let mkimage = mkimage.map(|(_, tool)| tool);
    let inputs = inputs(files, mkimage.as_ref(), bios.as_ref(), efi.as_ref());
    Ok(Ok(Loaders { arch, kernels, mkimage, bios, efi, prefix, inputs }))
}

fn binary<E>(files: &Files<'_, E>, path: &str) -> Option<Binary> {
    let (path, inode) = files.file(path)?;
    Some(Binary { path, digest: inode.digest()?, len: inode.size() })
}

/// Returns the processor that an image's boot loaders are for; `None` if the image has none.
pub(super) fn arch<E>(files: &Files<'_, E>) -> Option<Arch> {
    let has = |platform: &str| files.folder(&format!("usr/lib/grub/{platform}")).is_some();
    if has("i386-pc") || has("x86_64-efi") || prebuilt(files, Arch::X86_64).is_some() {
        return Some(Arch::X86_64);
    }
    (has("arm64-efi") || prebuilt(files, Arch::Arm64).is_some()).then_some(Arch::Arm64)
}

/// Returns the modules to build into a core image; `None` if the image lacks one that every boot
/// needs.
fn modules<E>(
    files: &Files<'_, E>,
    platform: &str,
    filesystem: Filesystem,
    console: &[&str],
) -> Option<Modules> {
    let folder = format!("usr/lib/grub/{platform}");
    let driver = filesystem.facts().grub_module;
    let needed = ["part_gpt", driver, "normal", "configfile", "linux", "search", "test"];
    let wished = [
        "search_fs_uuid",
        "search_fs_file",
        "serial",
        "terminal",
        "echo",
        "minicmd",
        "gzio",
        "halt",
        "reboot",
        "ls",
        "cat",
    ];
    let has = |name: &&str| files.file(&format!("{folder}/{name}.mod")).is_some();
    if !needed.iter().all(has) {
        return None;
    }
    let wished = wished.iter().chain(console).filter(|name| has(name));
    let names = needed.iter().chain(wished).map(|name| (*name).to_owned()).collect();
    Some(Modules { folder, names })
}

fn bios<E>(files: &Files<'_, E>, filesystem: Filesystem) -> Option<Bios> {
    let core = modules(files, "i386-pc", filesystem, &["biosdisk"])?;
    let first = binary(files, &format!("{}/boot.img", core.folder))?;
    Some(Bios { first, core })
}

/// Finds UEFI binaries where distributions ship them, signed ones first.
fn prebuilt<E>(files: &Files<'_, E>, arch: Arch) -> Option<PrebuiltLoader> {
    let (platform, suffix) = (arch.efi_platform(), arch.efi_suffix());
    let signed = format!("usr/lib/grub/{platform}-signed/grub{suffix}.efi.signed");
    let unsigned = format!("usr/lib/grub/{platform}/monolithic/grub{suffix}.efi");
    if let Some(grub) = binary(files, &signed) {
        let shim = binary(files, &format!("usr/lib/shim/shim{suffix}.efi.signed"));
        let mok = binary(files, &format!("usr/lib/shim/mm{suffix}.efi.signed"));
        return Some(PrebuiltLoader { grub, shim, mok });
    }
    if let Some(grub) = binary(files, &unsigned) {
        return Some(PrebuiltLoader { grub, shim: None, mok: None });
    }
    // Other distributions ship UEFI binaries below the mount point of the EFI system partition.
    for (vendor, _) in files.names("boot/efi/EFI") {
        let at = |name: &str| binary(files, &format!("boot/efi/EFI/{vendor}/{name}{suffix}.efi"));
        if let Some(grub) = at("grub") {
            return Some(PrebuiltLoader { grub, shim: at("shim"), mok: at("mm") });
        }
    }
    None
}

/// Digests everything that decides the loaders' bytes.
fn inputs<E>(
    files: &Files<'_, E>,
    mkimage: Option<&Binary>,
    bios: Option<&Bios>,
    efi: Option<&Efi>,
) -> Digest {
    let mut parts: Vec<(String, Option<Digest>)> = Vec::new();
    let made = match efi {
        Some(Efi::Made(modules)) => Some(modules),
        _ => None,
    };
    for modules in bios.map(|bios| &bios.core).into_iter().chain(made) {
        for (name, node) in files.names(&modules.folder) {
            parts.push((name.to_owned(), files.digest(node)));
        }
        parts.push((modules.names.join(" "), mkimage.map(|tool| tool.digest)));
    }
    if let Some(Efi::Prebuilt(prebuilt)) = efi {
        parts.extend(prebuilt.all().map(|binary| (binary.path.clone(), Some(binary.digest))));
    }
    let parts: Vec<_> = parts.iter().map(|(path, digest)| (path.as_str(), *digest)).collect();
    inputs_of(&parts)
}
