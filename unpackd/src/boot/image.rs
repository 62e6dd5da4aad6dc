//! Which kernels and boot loaders an image has: looked up in its manifest, nothing is run.

use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::manifest::{Inode, NodeId};
use wire::version;

use crate::filesystem::Filesystem;

/// Kernels that are offered in a menu: more than any distribution keeps.
const KERNELS_MAX: usize = 16;

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

    /// What GRUB calls its UEFI platform.
    pub(super) fn efi_platform(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-efi",
            Self::Arm64 => "arm64-efi",
        }
    }

    /// How UEFI abbreviates it in names of files.
    pub(super) fn efi_suffix(self) -> &'static str {
        match self {
            Self::X86_64 => "x64",
            Self::Arm64 => "aa64",
        }
    }
}

/// A kernel and what it is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Its version, as in the names of its files.
    pub version: String,
    /// Its path from the root, without a slash before it.
    pub path: String,
    /// The path of its initial RAM disk.
    pub initrd: Option<String>,
}

/// A program or binary of the image, by path and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// Its path from the root.
    pub path: String,
    /// Its content.
    pub digest: Digest,
    /// Its length.
    pub len: u64,
}

/// Where GRUB's core is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// The folder of the platform.
    pub folder: String,
    /// Modules to build in, of those that the image has.
    pub names: Vec<String>,
}

/// The way to boot on machines without UEFI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bios {
    /// GRUB's first sector.
    pub first: Binary,
    /// What its core is made from.
    pub core: Modules,
}

/// Binaries for UEFI that an image brings: a loader, and what starts it and keeps keys, if there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prebuilt {
    /// GRUB.
    pub grub: Binary,
    /// The shim that Secure Boot starts.
    pub shim: Option<Binary>,
    /// The shim's key manager.
    pub mok: Option<Binary>,
}

/// The way to boot on machines with UEFI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Efi {
    /// Binaries that the image brings.
    Prebuilt(Box<Prebuilt>),
    /// One that the image's own tool makes.
    Made(Modules),
}

/// What an image brings to boot with.
#[derive(Clone, Debug)]
pub struct Loaders {
    /// For which processor.
    pub arch: Arch,
    /// Kernels, newest first.
    pub kernels: Vec<Kernel>,
    /// GRUB's tool, where something is to be made.
    pub mkimage: Option<Binary>,
    /// The way to boot on machines without UEFI.
    pub bios: Option<Bios>,
    /// The way to boot on machines with it.
    pub efi: Option<Efi>,
    /// Where GRUB's configuration is: `boot/grub` or `boot/grub2`.
    pub prefix: &'static str,
    /// A digest of everything that loaders are made from.
    pub inputs: Digest,
}

impl Loaders {
    /// Returns how a cloud's machines may boot it: "legacy-bios", "uefi" or "uefi-preferred".
    pub fn boot_mode(&self) -> &'static str {
        match (&self.bios, &self.efi) {
            (Some(_), Some(_)) => "uefi-preferred",
            (Some(_), None) => "legacy-bios",
            _ => "uefi",
        }
    }

    /// Files that are copied as they are.
    pub(super) fn binaries(&self) -> impl Iterator<Item = &Binary> {
        let prebuilt = match &self.efi {
            Some(Efi::Prebuilt(prebuilt)) => Some(&**prebuilt),
            _ => None,
        };
        let efi = prebuilt
            .into_iter()
            .flat_map(|Prebuilt { grub, shim, mok }| std::iter::once(grub).chain(shim).chain(mok));
        self.bios.iter().map(|bios| &bios.first).chain(efi)
    }
}

/// Finds what an image brings; the error says what it lacks.
pub(super) fn find(image: &Manifest, filesystem: Filesystem) -> Result<Loaders, String> {
    let image = Image(image);
    let kernels = image.kernels()?;
    let mkimage = ["usr/bin/grub-mkimage", "usr/bin/grub2-mkimage"]
        .into_iter()
        .find_map(|path| image.binary(path));
    let arch = image.arch().ok_or(
        "it has no boot loader: install grub-pc-bin and grub-efi-amd64-bin, or grub-efi-arm64-bin",
    )?;
    let can_make = mkimage.is_some();
    let bios = (arch == Arch::X86_64 && can_make).then(|| image.bios(filesystem)).flatten();
    let made = || image.modules(arch.efi_platform(), filesystem, &["efi_gop"]).map(Efi::Made);
    let efi = image.prebuilt(arch).or_else(|| if can_make { made() } else { None });
    if bios.is_none() && efi.is_none() {
        return Err(
            "it has GRUB's modules but no grub-mkimage to make a boot loader of them: install \
             grub-common"
                .to_owned(),
        );
    }
    let is_grub2 = mkimage.as_ref().is_some_and(|tool| tool.path.contains("grub2-"));
    let prefix = if is_grub2 { "boot/grub2" } else { "boot/grub" };
    let inputs = image.inputs(mkimage.as_ref(), bios.as_ref(), efi.as_ref());
    Ok(Loaders { arch, kernels, mkimage, bios, efi, prefix, inputs })
}

/// An image's manifest, asked by path. Symbolic links are not followed: what boots must be where
/// it says.
struct Image<'a>(&'a Manifest);

impl<'a> Image<'a> {
    fn file(&self, path: &str) -> Option<Inode<'a>> {
        let inode = self.0.node_inode(self.0.lookup(path.as_bytes())?);
        inode.is_regular().then_some(inode)
    }

    fn binary(&self, path: &str) -> Option<Binary> {
        let inode = self.file(path)?;
        Some(Binary { path: path.to_owned(), digest: inode.digest()?, len: inode.size() })
    }

    fn folder(&self, path: &str) -> Option<Inode<'a>> {
        let inode = self.0.node_inode(self.0.lookup(path.as_bytes())?);
        inode.is_directory().then_some(inode)
    }

    /// The names in a folder that are text, with their nodes.
    fn names(&self, folder: &str) -> Vec<(&'a str, NodeId)> {
        let Some(folder) = self.folder(folder) else { return Vec::new() };
        let nodes = self.0.children(folder.index());
        nodes
            .filter_map(|node| Some((std::str::from_utf8(self.0.name(node)).ok()?, node)))
            .collect()
    }

    fn kernels(&self) -> Result<Vec<Kernel>, String> {
        if self.0.lookup(b"boot").is_some() && self.folder("boot").is_none() {
            return Err("its /boot is no directory".to_owned());
        }
        let names = self.names("boot");
        let has = |name: &str| {
            let found = names.iter().find(|(other, _)| *other == name);
            found.is_some_and(|(_, node)| self.0.node_inode(*node).is_regular())
        };
        let mut kernels: Vec<Kernel> = names
            .iter()
            .filter_map(|(name, _)| Some((*name, name.strip_prefix("vmlinuz-")?)))
            // Names go into GRUB's script as they are.
            .filter(|(name, version)| has(name) && version.chars().all(is_plain))
            .map(|(name, version)| {
                let initrds = [
                    format!("initrd.img-{version}"),
                    format!("initramfs-{version}.img"),
                    format!("initrd-{version}"),
                ];
                let initrd = initrds.into_iter().find(|name| has(name));
                Kernel {
                    version: version.to_owned(),
                    path: format!("boot/{name}"),
                    initrd: initrd.map(|name| format!("boot/{name}")),
                }
            })
            .collect();
        if kernels.is_empty() {
            return Err("it has no kernel: there is no /boot/vmlinuz-VERSION".to_owned());
        }
        kernels.sort_by(|a, b| version::compare(&b.version, &a.version));
        kernels.truncate(KERNELS_MAX);
        Ok(kernels)
    }

    /// The processor that its boot loaders are for.
    fn arch(&self) -> Option<Arch> {
        let has = |platform: &str| self.folder(&format!("usr/lib/grub/{platform}")).is_some();
        if has("i386-pc") || has("x86_64-efi") || self.prebuilt(Arch::X86_64).is_some() {
            return Some(Arch::X86_64);
        }
        (has("arm64-efi") || self.prebuilt(Arch::Arm64).is_some()).then_some(Arch::Arm64)
    }

    /// The modules to build into a core, of those that the image has; `None` where one is missing
    /// without which nothing boots.
    fn modules(&self, platform: &str, filesystem: Filesystem, console: &[&str]) -> Option<Modules> {
        let folder = format!("usr/lib/grub/{platform}");
        let filesystem = match filesystem {
            Filesystem::Ext4 => "ext2",
            Filesystem::Xfs => "xfs",
        };
        let needed = ["part_gpt", filesystem, "normal", "configfile", "linux", "search", "test"];
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
        let has = |name: &&str| self.file(&format!("{folder}/{name}.mod")).is_some();
        if !needed.iter().all(has) {
            return None;
        }
        let wished = wished.iter().chain(console).filter(|name| has(name));
        let names = needed.iter().chain(wished).map(|name| (*name).to_owned()).collect();
        Some(Modules { folder, names })
    }

    fn bios(&self, filesystem: Filesystem) -> Option<Bios> {
        let core = self.modules("i386-pc", filesystem, &["biosdisk"])?;
        let first = self.binary(&format!("{}/boot.img", core.folder))?;
        Some(Bios { first, core })
    }

    /// Binaries for UEFI as distributions sign and ship them.
    fn prebuilt(&self, arch: Arch) -> Option<Efi> {
        let (platform, suffix) = (arch.efi_platform(), arch.efi_suffix());
        let prebuilt = |grub, shim, mok| Efi::Prebuilt(Box::new(Prebuilt { grub, shim, mok }));
        let signed = format!("usr/lib/grub/{platform}-signed/grub{suffix}.efi.signed");
        let unsigned = format!("usr/lib/grub/{platform}/monolithic/grub{suffix}.efi");
        if let Some(grub) = self.binary(&signed) {
            let shim = self.binary(&format!("usr/lib/shim/shim{suffix}.efi.signed"));
            let mok = self.binary(&format!("usr/lib/shim/mm{suffix}.efi.signed"));
            return Some(prebuilt(grub, shim, mok));
        }
        if let Some(grub) = self.binary(&unsigned) {
            return Some(prebuilt(grub, None, None));
        }
        // Where other distributions put what they ship: beside where it will be mounted.
        for (vendor, _) in self.names("boot/efi/EFI") {
            let at = |name: &str| self.binary(&format!("boot/efi/EFI/{vendor}/{name}{suffix}.efi"));
            if let Some(grub) = at("grub") {
                return Some(prebuilt(grub, at("shim"), at("mm")));
            }
        }
        None
    }

    /// A digest of whatever decides what loaders become.
    fn inputs(&self, mkimage: Option<&Binary>, bios: Option<&Bios>, efi: Option<&Efi>) -> Digest {
        let mut hasher = Algorithm::Sha256.hasher();
        let mut add = |path: &str, digest: Option<Digest>| {
            hasher.update(path.as_bytes());
            hasher.update(&[0]);
            hasher.update(digest.as_ref().map_or(&[][..], |digest| digest.hash()));
        };
        let made = match efi {
            Some(Efi::Made(modules)) => Some(modules),
            _ => None,
        };
        for modules in bios.map(|bios| &bios.core).into_iter().chain(made) {
            for (name, node) in self.names(&modules.folder) {
                add(name, self.0.node_inode(node).digest());
            }
            add(&modules.names.join(" "), mkimage.map(|tool| tool.digest));
        }
        if let Some(Efi::Prebuilt(prebuilt)) = efi {
            let Prebuilt { grub, shim, mok } = &**prebuilt;
            for binary in std::iter::once(grub).chain(shim).chain(mok) {
                add(&binary.path, Some(binary.digest));
            }
        }
        hasher.finish()
    }
}

/// Whether a character means nothing to GRUB's script language.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-._~".contains(character)
}
